"""The real moments of one event, out of what its listings say.

Doors against start, a missing time and a clock that is off are one moment, unless one source tells
both; a run given as a range is told by its performances where they are dated apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import combinations

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Listing, ListingRef, Occurrence, Status, Timed

DOORS = 90  # minutes between doors and start
CLOCK = 120  # minutes that a clock is off when UTC is taken for local summer time
Entry = tuple[int, int]  # rank of the listing, position of its occurrence


@dataclass(frozen=True, slots=True)
class Resolved:
    """`occurrences` in order of time; `index` says which one each occurrence of a listing is.

    None in `index` is a run, or a day on which there are several.
    """

    occurrences: tuple[Occurrence, ...]
    index: Mapping[tuple[ListingRef, int], int | None]


def resolve(ranked: Sequence[Listing]) -> Resolved:
    """The moments that listings tell of together, the most trusted listing first."""
    return _finish(ranked, *_moments(ranked))


def sole_moments(ranked: Sequence[Listing]) -> list[int | None]:
    """For each listing which of the resolved moments it tells of; None of several, a run or an unsure day."""
    groups, stays, unsure = _moments(ranked)
    if len(groups) + len(stays) == 1 and not unsure:  # one moment for all needs no uniting
        return [0 if len(k.occurrences) == 1 else None for k in ranked]
    index = _finish(ranked, groups, stays, unsure).index
    return [index[k.ref, 0] if len(k.occurrences) == 1 else None for k in ranked]


def _moments(ranked: Sequence[Listing]) -> tuple[list[list[Entry]], list[list[Entry]], list[Entry]]:
    """Moments, stays, and the entries that are none of their own."""
    timed: defaultdict[date, defaultdict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    dated: defaultdict[date, list[Entry]] = defaultdict(list)
    spans: list[Entry] = []
    for rank, listing in enumerate(ranked):
        for position, occurrence in enumerate(listing.occurrences):
            when = occurrence.when
            if isinstance(when, Timed):
                day, minute = _local(when)
                timed[day][minute].append((rank, position))
            elif is_span(when):
                spans.append((rank, position))
            else:
                dated[when.first or when.last or date.max].append((rank, position))
    groups: list[list[Entry]] = []
    unsure: list[Entry] = []
    for day in sorted({*timed, *dated}):
        found = _of_day(timed.get(day, {}), ranked)
        if len(found) == 1:
            found[0] += dated.get(day, [])
        elif not found:
            found = [dated[day]]
        else:
            unsure += dated.get(day, [])
        groups += found
    if spans:
        stays, unsure = _stays(ranked, spans, groups, unsure)
        return groups, stays, unsure
    return groups, [], unsure


def is_span(when: Timed | AllDay) -> bool:
    """Whether this is a stay of several days, or one whose first day is not known."""
    return isinstance(when, AllDay) and (when.first is None or when.last not in (None, when.first))


def _of_day(minutes: Mapping[int, list[Entry]], ranked: Sequence[Listing]) -> list[list[Entry]]:
    """The moments of one day: times near each other are one, unless one source tells both."""
    if len(minutes) < 2:
        return [sorted(entries) for entries in minutes.values()]
    nodes = [([minute], list(entries)) for minute, entries in sorted(minutes.items())]
    while True:
        joins = [
            (_gap(a[0], b[0]), i, j)
            for (i, a), (j, b) in combinations(enumerate(nodes), 2)
            if _one_moment(a[0], b[0]) and not _told_apart(a[1], b[1], ranked)
        ]
        if not joins:
            return [sorted(entries) for _, entries in nodes]
        _, i, j = min(joins)
        nodes[i] = (sorted(nodes[i][0] + nodes[j][0]), nodes[i][1] + nodes[j][1])
        del nodes[j]


def _gap(a: Sequence[int], b: Sequence[int]) -> int:
    return min(abs(x - y) for x in a for y in b)


def _one_moment(a: Sequence[int], b: Sequence[int]) -> bool:
    wide = max(*a, *b) - min(*a, *b)
    return wide <= DOORS or (wide == CLOCK and _gap(a, b) in (60, CLOCK))


def _told_apart(a: Iterable[Entry], b: Iterable[Entry], ranked: Sequence[Listing]) -> bool:
    return bool({ranked[rank].source_id for rank, _ in a} & {ranked[rank].source_id for rank, _ in b})


def _stays(
    ranked: Sequence[Listing], spans: Sequence[Entry], groups: list[list[Entry]], unsure: list[Entry]
) -> tuple[list[list[Entry]], list[Entry]]:
    """Stays of several days, and the entries that are no moment of their own."""
    stays: list[list[Entry]] = []
    for entry in spans:
        when = _span(ranked, entry)
        home = next((stay for stay in stays if _same_stay(_span(ranked, stay[0]), when)), None)
        if home is None:
            stays.append([entry])
        else:
            home.append(entry)
    kept = []
    for stay in stays:
        inside = [g for g in groups if any(_within(_begin(ranked, g), _span(ranked, e)) for e in stay)]
        if _is_first_day(inside, stay, ranked):
            stay += inside[0]
            groups.remove(inside[0])
            kept.append(stay)
        elif inside:
            unsure = [*unsure, *stay]
            if not _told_whole(inside, stay, ranked):
                kept.append(stay)
        else:
            kept.append(stay)
    return kept, unsure


def _is_first_day(inside: list[list[Entry]], stay: list[Entry], ranked: Sequence[Listing]) -> bool:
    """Whether all that is dated inside a stay is its first day without a time: then it is the stay."""
    if len(inside) != 1:
        return False
    untimed = all(isinstance(_occurrence(ranked, e).when, AllDay) for e in inside[0])
    return untimed and any(_begin(ranked, inside[0]) == _span(ranked, e).first for e in stay)


def _told_whole(inside: list[list[Entry]], stay: list[Entry], ranked: Sequence[Listing]) -> bool:
    """Whether the dated performances reach the end of the run, so that the range adds nothing."""
    last = max(day for e in stay if (day := _span(ranked, e).last or _span(ranked, e).first))
    return max(_begin(ranked, g) for g in inside) >= last


def _same_stay(a: AllDay, b: AllDay) -> bool:
    """Whether two spans are one stay: the same first or last day, or either end not said."""
    if a.first and b.first and a.first != b.first:
        return a.last is not None and a.last == b.last
    return a.last is None or b.last is None or a.last == b.last or a.first == b.first


def _finish(
    ranked: Sequence[Listing], groups: list[list[Entry]], stays: list[list[Entry]], unsure: list[Entry]
) -> Resolved:
    made = [(_unite(ranked, sorted(group)), group) for group in (*groups, *stays)]
    made.sort(key=lambda pair: _order(pair[0]))
    index: dict[tuple[ListingRef, int], int | None] = {
        (ranked[rank].ref, position): number
        for number, (_, group) in enumerate(made)
        for rank, position in group
    }
    index |= {(ranked[rank].ref, position): None for rank, position in unsure}
    return Resolved(tuple(occurrence for occurrence, _ in made), index)


def _unite(ranked: Sequence[Listing], group: Sequence[Entry]) -> Occurrence:
    """One occurrence of all that was said of it: the most trusted first, gaps filled by the others."""
    said = [_occurrence(ranked, entry) for entry in group]
    kept = said[0]
    when = kept.when
    if isinstance(when, AllDay) and not is_span(when):
        when = next((o.when for o in said if isinstance(o.when, Timed) or is_span(o.when)), when)
    if isinstance(when, Timed):
        start = _agreed_start(ranked, group, when)
        end = next((e for o in said if isinstance(o.when, Timed) and (e := o.when.end) and e > start), None)
        when = Timed(start, when.end if when.end and when.end > start else end)
    elif is_span(when) and when.last is None:
        when = replace(when, last=next((o.when.last for o in said if is_span(o.when)), None))  # type: ignore
    doors = next((o.doors for o in said if o.doors), None)
    if isinstance(when, Timed) and doors and doors > when.start:
        doors = None
    status = kept.status
    if status is Status.SCHEDULED and any(o.status is Status.SOLD_OUT for o in said):
        status = Status.SOLD_OUT
    return Occurrence(
        when,
        status,
        doors,
        next((o.hours for o in said if o.hours), None),
        next((o.url for o in said if o.url), None),
    )


def _agreed_start(ranked: Sequence[Listing], group: Sequence[Entry], when: Timed) -> datetime:
    """The trusted start, unless it stands alone, an hour or two off, against several others that agree."""
    votes: defaultdict[datetime, set[str]] = defaultdict(set)
    for rank, position in group:
        other = ranked[rank].occurrences[position].when
        if isinstance(other, Timed):
            votes[other.start].add(ranked[rank].source_id)
    best = max(votes, key=lambda start: (len(votes[start]), start))
    off = abs(best - when.start)
    alone = len(votes[when.start]) == 1 and len(votes[best]) >= 3
    return best if alone and off == timedelta(minutes=CLOCK) else when.start


def _occurrence(ranked: Sequence[Listing], entry: Entry) -> Occurrence:
    return ranked[entry[0]].occurrences[entry[1]]


def _span(ranked: Sequence[Listing], entry: Entry) -> AllDay:
    when = _occurrence(ranked, entry).when
    return when if isinstance(when, AllDay) else AllDay(_local(when)[0])


def _begin(ranked: Sequence[Listing], group: Sequence[Entry]) -> date:
    when = _occurrence(ranked, group[0]).when
    return _local(when)[0] if isinstance(when, Timed) else when.first or when.last or date.max


def _within(day: date, span: AllDay) -> bool:
    return (span.first is None or span.first <= day) and (span.last is None or day <= span.last)


def _local(when: Timed) -> tuple[date, int]:
    local = when.start.astimezone(AMSTERDAM)
    return local.date(), local.hour * 60 + local.minute


def _order(occurrence: Occurrence) -> tuple[str, str]:
    when = occurrence.when
    if isinstance(when, Timed):
        return when.start.astimezone(AMSTERDAM).isoformat(), str(when.end)
    return str(when.first or when.last), str(when.last)
