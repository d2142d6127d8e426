"""Which listings are compared at all: those that share a block, by what the two alone say.

Whether two meet never depends on a third: so one that comes or goes changes no other's comparisons, and
the few that a changed one meets can be asked of an index. A municipality's listings meet each other and
those of which no municipality is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from hashlib import blake2b

from aggregator.dedupe.record import PLAIN, Record

STEM = 4  # letters of a word by which alike words meet
SPAN = 64  # days of a period; those of two periods side by side meet
ANYWHERE = "?"  # stands for the municipality where none is known

Key = tuple[object, ...]
Pair = tuple[int, int]


def keys(record: Record) -> tuple[list[Key], list[Key]]:
    """Blocks in which a record lies, and beside those the ones in which it looks for others."""
    times, houses = record.times, _houses(record)
    days = sorted({*times.days, *(day for span in times.spans for day in span)})
    lies: list[Key] = [("house", day, house) for day in days for house in houses]
    stems = {word[:STEM] for word in record.core}
    lies += [("word", day, stem) for day in days for stem in sorted(stems)]
    lies += [("minute", day, minute) for day in times.days for minute in times.days[day]]
    looks: list[Key] = [("astray", day) for day in days]
    if houses:
        lies += [("day", day) for day in days]
    else:
        lies += looks
        looks = [("day", day) for day in days]
    near, far = _series(record, days, houses)
    return lies + near, looks + far


def _series(record: Record, days: Sequence[date], houses: Sequence[object]) -> tuple[list[Key], list[Key]]:
    """Blocks of the same words within some months; one with a notice of another date may be of any time."""
    periods = sorted({_period(day) for day in days})
    lies: list[Key] = []
    looks: list[Key] = []
    for name in _titles(record, houses):
        lies += [("again", name, at) for at in periods]
        looks += [("again", name, at + step) for at in periods for step in (-1, 1)]
        lies.append(("ever", name))
        looks.append(("notice", name))
        if record.marks.postponed:
            lies.append(("notice", name))
            looks.append(("ever", name))
    return lies, looks


def _titles(record: Record, houses: Sequence[object]) -> list[object]:
    """What other dates of one event share: a telling word, or all words of a formula and the house."""
    if telling := sorted(record.telling):
        return list(telling)
    words = " ".join(sorted(record.core))
    return [(words, house) for house in houses or ("",)] if words else []


def _houses(record: Record) -> list[object]:
    spot = record.spot
    names = {w.text[:STEM] for w in spot.names if w.weight > PLAIN}
    houses: list[object] = [at for at in (spot.venue, spot.house, *sorted(names)) if at is not None]
    if not houses and not spot.municipality:
        return [("source", record.ref.source_id)]  # all that is known of where it is
    return houses


def _period(day: date) -> int:
    return day.toordinal() // SPAN


def pairs(records: Sequence[Record], around: Collection[int] | None = None) -> Iterator[Pair]:
    """Numbers of records that share a block, the smaller first, each pair once.

    The records are of one municipality or of none known; with `around` only pairs with one of those.
    """
    blocks: defaultdict[Key, list[int]] = defaultdict(list)
    looking: defaultdict[Key, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        lies, looks = keys(record)
        for key in lies:
            blocks[key].append(number)
        for key in looks:
            looking[key].append(number)
    met: defaultdict[int, set[int]] = defaultdict(set)
    for key, members in blocks.items():
        if key[0] != "ever":
            for at, number in enumerate(members):
                met[number].update(members[at + 1 :])
        for number in looking.get(key, ()):
            for other in members:
                met[min(number, other)].add(max(number, other))
    for number in sorted(met):
        for other in met[number]:
            if other != number and (around is None or number in around or other in around):
                yield number, other


def codes(record: Record, towns: Collection[str]) -> tuple[list[int], list[int]]:
    """The blocks of a record as numbers of 63 bits: where it lies, and where it looks for others.

    `towns` are the municipalities in which one of none may be.
    """
    own = record.spot.municipality or ANYWHERE
    lies, looks = keys(record)
    others = [own, ANYWHERE] if own != ANYWHERE else [*towns, ANYWHERE]
    asked = {_code(key, town) for key in (*lies, *looks) for town in dict.fromkeys(others)}
    return sorted({_code(key, own) for key in lies}), sorted(asked)


def _code(key: Key, town: str) -> int:
    text = f"{town}\n{key!r}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest()) >> 1
