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
ANYWHERE = "?"  # stands for the municipality where none is known, and for any house
NOWHERE = ""  # stands for the house where none is known

Key = tuple[object, ...]
Pair = tuple[int, int]


def keys(record: Record) -> tuple[list[Key], list[Key]]:
    """Blocks in which a record lies, and those in which it looks for others; whom it finds finds it too.

    Who is at a known place meets those of that place, and those of whom the place is not known.
    """
    times, houses, sure = record.times, _houses(record), record.spot.venue is not None
    days = sorted({*times.days, *(day for span in times.spans for day in span)})
    mutual: list[Key] = [("house", day, house) for day in days for house in houses]
    stems = {word[:STEM] for word in record.core}
    mutual += [("word", day, stem) for day in days for stem in sorted(stems)]
    lies, looks = list(mutual), list(mutual)
    for kind, known, moments in (
        ("minute", sure, [(day, minute) for day in times.days for minute in times.days[day]]),
        ("day", bool(houses), days),
    ):
        lies += [(kind, known, at) for at in moments]
        looks += [(kind, False, at) for at in moments]
        looks += [(kind, True, at) for at in moments if not known]
    near, far = _series(record, days, houses)
    return lies + near, looks + far


def _series(record: Record, days: Sequence[date], houses: Sequence[object]) -> tuple[list[Key], list[Key]]:
    """Blocks of the same words within some months; one with a notice of another date may be of any time."""
    periods = {_period(day) for day in days}
    around = {at + step for at in periods for step in (-1, 0, 1)}
    lies: list[Key] = []
    looks: list[Key] = []
    for name in _names(record):
        lies += [("again", name, house, at) for house in (*houses, ANYWHERE) for at in periods if houses]
        lies += [("again", name, NOWHERE, at) for at in periods if not houses]
        looks += [("again", name, h, at) for h in (*houses, NOWHERE) for at in around]
        looks += [("again", name, ANYWHERE, at) for at in around if not houses]
        lies.append(("ever", name))
        looks.append(("notice", name))
        if record.marks.postponed:
            lies.append(("notice", name))
            looks.append(("ever", name))
    return lies, looks


def _names(record: Record) -> list[str]:
    """What other dates of one event share: a telling word, or else all words of a formula or a place."""
    if record.telling:
        return sorted(record.telling)
    words = record.core or {word.text for word in record.title}
    return [" ".join(sorted(words))] if words else []


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
    looking = []
    for number, record in enumerate(records):
        lies, looks = keys(record)
        looking.append(looks)
        for key in lies:
            blocks[key].append(number)
    for number in range(len(records)) if around is None else sorted(around):
        met = {other for key in looking[number] if key in blocks for other in blocks[key]}
        for other in met:
            if other > number or (around is not None and other not in around and other != number):
                yield (number, other) if number < other else (other, number)


def filed(record: Record) -> list[int]:
    """The blocks in which a record lies, as numbers of 63 bits."""
    town = record.spot.municipality or ANYWHERE
    return sorted({_code(key, town) for key in keys(record)[0]})


def asked(record: Record, towns: Collection[str]) -> list[int]:
    """The blocks in which it looks for others; in all of these towns when its own is not known."""
    own = record.spot.municipality
    where = [own, ANYWHERE] if own else [*towns, ANYWHERE]
    return sorted({_code(key, town) for key in keys(record)[1] for town in where})


def _code(key: Key, town: str) -> int:
    text = f"{town}\n{key!r}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest()) >> 1
