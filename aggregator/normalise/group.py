"""Which raw events of one run are one event, and which share an address by accident.

An address is not an occurrence, and not always an event: one address may carry all dates of a
recurring event, and one page may announce many events. Both must come out right before identity
is given, or events overwrite each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from aggregator.model import RawEvent, RawOccurrence, RawPlace
from aggregator.normalise.status import split_status
from aggregator.normalise.text import TITLE_MAX, clean_line, slug

Key = Callable[[RawEvent], tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Named:
    """A raw event with the key of its listing; `weak` when the key hangs on words that may be corrected."""

    raw: RawEvent
    key: str
    weak: bool = False


def name_events(raws: Iterable[RawEvent], key: Key) -> list[Named]:
    """Raw events with the keys of the listings that they make, each key once.

    Raw events with one key and one title are united; with several titles or places each gets its own key.
    """
    groups: dict[str, list[Named]] = {}
    for raw in raws:
        for named in part_by_place(raw, key):
            groups.setdefault(named.key, []).append(named)
    united: list[Named] = []
    for group in groups.values():
        first = group[0]
        if len(group) == 1:
            united.append(first)
        elif first.raw.source_key:
            united.append(replace(first, raw=_join([n.raw for n in group])))
        else:
            united += _tell_apart(first, [n.raw for n in group])
    return united


def part_by_place(raw: RawEvent, key: Key) -> list[Named]:
    """A raw event, and beside it one for each other place at which some of its occurrences are.

    A theatre's page may list the other houses of a tour; those dates are true, but not here.
    """
    name, weak = key(raw)
    places: dict[RawPlace | None, list[RawOccurrence]] = {}
    for occurrence in raw.occurrences:
        own = occurrence.place in (None, RawPlace(), raw.place)
        places.setdefault(None if own else occurrence.place, []).append(occurrence)
    if not places or (len(places) == 1 and None in places):
        return [Named(raw, name, weak)]
    parts = []
    for place, occurrences in places.items():
        part = replace(raw, occurrences=tuple(occurrences), place=place or raw.place)
        alone = place is None or len(places) == 1
        parts.append(Named(part, name if alone else f"{name}@{_where(place)}", weak))
    return parts


def _tell_apart(first: Named, group: list[RawEvent]) -> list[Named]:
    """The events behind one address: by title, and within a title by place where each names another."""
    titles: dict[str, list[RawEvent]] = {}
    for raw in group:
        titles.setdefault(slug(_title(raw)), []).append(raw)
    found: list[Named] = []
    for title, same in titles.items():
        places: dict[str, list[RawEvent]] = {}
        for raw in same:
            places.setdefault(_where(raw.place), []).append(raw)
        apart = len(places) > 1 and "" not in places
        by_title = len(titles) > 1 and not first.key.endswith(f"#{title}")
        key = first.key + (f"#{title}" if by_title else "")
        for where, here in places.items() if apart else [("", same)]:
            weak = first.weak or by_title or apart
            found.append(Named(_join(here), f"{key}@{where}" if apart else key, weak))
    return found


def _join(group: list[RawEvent]) -> RawEvent:
    """One raw event with all occurrences; the first fills a field, a status stays with its own dates."""
    if len(group) == 1:
        return group[0]
    filled = {}
    for name in RawEvent.__dataclass_fields__:
        values = (getattr(raw, name) for raw in group)
        filled[name] = next((v for v in values if v not in (None, "", ())), getattr(group[0], name))
    filled["occurrences"] = tuple(dict.fromkeys(o for raw in group for o in _own_status(raw)))
    filled["title"] = _title(group[0])
    filled["status"] = group[0].status if len({raw.status for raw in group}) == 1 else None
    return RawEvent(**filled)


def _own_status(raw: RawEvent) -> list[RawOccurrence]:
    _, _, words = split_status(clean_line(raw.title, TITLE_MAX) or "")
    said = raw.status or words or None
    return [replace(o, status=o.status or said, url=o.url or raw.url) for o in raw.occurrences]


def _title(raw: RawEvent) -> str:
    return split_status(clean_line(raw.title, TITLE_MAX) or "")[0]


def _where(place: RawPlace | None) -> str:
    said = place and (place.name or place.address or place.place)
    return slug(said) if said else ""
