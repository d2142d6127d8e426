"""Which listings are compared at all: those that share a block, by what the two alone say.

Whether two meet never depends on a third: so one that comes or goes changes no other's comparisons, and
the few that a changed one meets can be asked of an index. A municipality's listings meet each other and
those of which no municipality is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b

from aggregator.dedupe.record import Record
from aggregator.dedupe.spot import Spot
from aggregator.dedupe.words import PLAIN, Title

STEM = 4  # letters of a word by which alike words meet
SPAN = 64  # days of a period; those of two periods side by side meet
ANYWHERE = "?"  # stands for the municipality where none is known, and for any house
NOWHERE = ""  # stands for the house where none is known
NOTICE, EVER = "notice", "ever"

Group = int | str | tuple[str, int]  # a day, a name, a name in a period
Key = int | str
Blocks = list[tuple[Group, Sequence[Key]]]  # the keys of blocks within a group
Pair = tuple[int, int]


def keys(record: Record) -> tuple[Blocks, Blocks]:
    """Blocks in which a record lies, and those in which it looks for others; whom it finds finds it too.

    Who is at a known place meets those of that place, and those of whom the place is not known.
    """
    times, houses, sure = record.times, _houses(record), record.spot.venue is not None
    days: dict[date, Collection[int | None]] = dict(times.days)
    for span in times.spans:
        for day in span:
            days.setdefault(day, ())
    lies: Blocks = []
    looks: Blocks = []
    mutual = (*houses, *_stems(record.title))
    for day, minutes in days.items():
        known = [_minute(minute, sure) for minute in minutes]
        other = [_minute(minute, not sure) for minute in minutes] if not sure else []
        open_ = [_minute(minute, False) for minute in minutes] if sure else known
        at = day.toordinal()
        lies.append((at, (*mutual, *known, _AT_PLACE if houses else _ANY_PLACE)))
        looks.append((at, (*mutual, *open_, *other, _ANY_PLACE, *(() if houses else (_AT_PLACE,)))))
    near, far = _series(record, {day.toordinal() // SPAN for day in days}, houses)
    return lies + near, looks + far


_AT_PLACE, _ANY_PLACE = "day at a place", "day"


def _minute(minute: int | None, sure: bool) -> int:
    """A number for a time at a known venue or at another place."""
    return 2 * (-1 if minute is None else minute) + sure


def _series(record: Record, periods: Collection[int], houses: tuple[str, ...]) -> tuple[Blocks, Blocks]:
    """Blocks of the same words within some months; one with a notice of another date may be of any time."""
    around = {at + step for at in periods for step in (-1, 0, 1)}
    own: Sequence[Key] = (*houses, ANYWHERE) if houses else (NOWHERE,)
    others: Sequence[Key] = (*houses, NOWHERE) if houses else (NOWHERE, ANYWHERE)
    late = record.marks.postponed
    lies: Blocks = []
    looks: Blocks = []
    for name in _names(record.title):
        lies += [((name, at), own) for at in periods]
        looks += [((name, at), others) for at in around]
        lies.append((name, (EVER, NOTICE) if late else (EVER,)))
        looks.append((name, (NOTICE, EVER) if late else (NOTICE,)))
    return lies, looks


@lru_cache(maxsize=20_000)
def _stems(title: Title) -> tuple[str, ...]:
    """The beginnings of the title's words."""
    return tuple(sorted({f"word {word[:STEM]}" for word in title.core}))


@lru_cache(maxsize=20_000)
def _names(title: Title) -> tuple[str, ...]:
    """What other dates of one event share: a telling word, or else all words of a formula or a place."""
    if title.telling:
        return tuple(sorted({w.text for w in title.telling}))
    words = title.core or title.texts
    return (" ".join(sorted(words)),) if words else ()


def _houses(record: Record) -> tuple[str, ...]:
    """Names of the place; the source, when that is all that is known of where it is."""
    known = _known_houses(record.spot)
    if not known and not record.spot.municipality:
        return (f"source {record.ref.source_id}",)
    return known


@lru_cache(maxsize=20_000)
def _known_houses(spot: Spot) -> tuple[str, ...]:
    names = sorted({f"name {w.text[:STEM]}" for w in spot.names if w.weight > PLAIN})
    venue = [f"venue {spot.venue}"] if spot.venue is not None else []
    house = [f"house {' '.join(spot.house)}"] if spot.house is not None else []
    return (*venue, *house, *names)


def pairs(records: Sequence[Record], around: Collection[int] | None = None) -> Iterator[Pair]:
    """Numbers of records that share a block, the smaller first, each pair once.

    The records are of one municipality or of none known; with `around` only pairs with one of those.
    """
    index: dict[Group, dict[Key, list[int]]] = {}
    looking: list[Blocks] = []
    for number, record in enumerate(records):
        lies, looks = keys(record)
        if around is None:  # whom it finds finds it too: so each looks among those before it
            for other in _met(index, looks):
                yield other, number
        else:
            looking.append(looks)
        for group, own in lies:
            blocks = index.get(group)
            if blocks is None:
                blocks = index[group] = {}
            for key in own:
                if key in blocks:
                    blocks[key].append(number)
                else:
                    blocks[key] = [number]
    for number in sorted(around or ()):
        for other in _met(index, looking[number]):
            if other > number or (around and other not in around and other != number):
                yield (number, other) if number < other else (other, number)


def _met(index: dict[Group, dict[Key, list[int]]], looks: Blocks) -> set[int]:
    met: set[int] = set()
    for group, wanted in looks:
        if blocks := index.get(group):
            for key in wanted:
                if key in blocks:
                    met.update(blocks[key])
    return met


def filed(record: Record) -> list[int]:
    """The blocks in which a record lies, as numbers of 63 bits."""
    town = record.spot.municipality or ANYWHERE
    return sorted({_code(group, key, town) for group, own in keys(record)[0] for key in own})


def asked(record: Record, towns: Collection[str]) -> list[int]:
    """The blocks in which it looks for others; in all of these towns when its own is not known."""
    own = record.spot.municipality
    where = [own, ANYWHERE] if own else [*towns, ANYWHERE]
    looks = keys(record)[1]
    return sorted({_code(group, key, town) for group, wanted in looks for key in wanted for town in where})


def _code(group: Group, key: Key, town: str) -> int:
    text = f"{town}\n{group!r}\n{key!r}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest()) >> 1
