"""Where a listing is, prepared for comparison, and how two such places agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from aggregator.dedupe.vocabulary import GENERAL
from aggregator.dedupe.words import Word, fold, found_in, split, weigh
from aggregator.model import Place
from aggregator.region import Region

_STREET = re.compile(r"([^\W\d][^\d,;]*?)\s+(\d{1,4})\s*(?:[a-z]\b)?")
_ROOM = re.compile(
    r"\b(?:zaal|podium|studio|foyer|kelder|hal|room|stage|balkon|zolder|tuin|buiten|binnen)\b|zaal\b"
)
OUTSIDE = "outside"  # the municipality of what is certainly elsewhere
REMEMBERED = 50_000  # places
_HOUSE = frozenset(
    "bibliotheek museum kerk podium schouwburg kulturhus theater filmtheater filmhuis park plein markt cafe "
    "zaal centrum poppodium cultureel cultuurhuis dorpshuis wijkcentrum buurthuis openluchttheater".split()
)
_SIDES = (("grote", "groot", "main"), ("kleine", "klein", "kelder", "small"))


# Kinds of house, and of open air, where two things may well be at once.
_MANY = frozenset(
    {"library", "museum", "cinema", "community centre", "kulturhus", "festival", "square", "park"}
    | {"nature centre", "makerspace", "estate", "village hall", "market", "creative breeding ground"}
)


class Where(StrEnum):
    """How the places of two listings agree, the surest first."""

    VENUE = "at the same venue"
    HOUSE = "at the same address"
    NAME = "at places of one name"
    TOLD = "at a place that the other's text names"
    TOWN = "in the same municipality"
    OPEN = "a place that is not known well"
    NOWHERE = "neither says where"
    UNLIKE = "at places with other names in one municipality"
    BESIDE = "at two venues of one building"
    OTHER = "at two venues"
    APART = "in two municipalities"
    VILLAGES = "in two villages"


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """`house` is street and number; `names` the telling words of its names, `town` those of its place.

    `calls` are the names without towns, a space at either end; `point` where a known venue is,
    `rooms` that it is a house with several; `room` is a hall that the venue is known to have. `said` are the
    words of `names`, `own` with those of its town, `line` in a line with a space at either end.
    """

    municipality: str | None
    venue: str | None
    house: tuple[str, str] | None
    names: tuple[Word, ...]
    village: str | None
    hall: str | None
    calls: frozenset[str]
    street: str
    point: tuple[float, float] | None
    town: frozenset[str]
    rooms: bool
    room: str | None
    said: frozenset[str]
    own: frozenset[str]
    line: str


class Agreement(NamedTuple):
    """How two places agree; `halls` that they are certainly two halls."""

    where: Where
    halls: bool


class Surveyor:
    """Makes spots; knows the other names of the region's venues and which names are towns."""

    def __init__(self, region: Region) -> None:
        self._venues = region.venues
        self._known: dict[Place, Spot] = {}
        self._wide = {m.id: fold(m.name) for m in region.municipalities.values()}
        self._towns = {w for m in region.municipalities.values() for w in split(m.name)}
        self._towns |= {w for m in region.municipalities.values() for s in m.places for w in split(s.name)}
        self._towns |= {"twente", "twents", "twentse", "overijssel", "nederland"}

    def spot(self, place: Place) -> Spot:
        """The spot of a place; the same places come again and again."""
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = self._survey(place)
            if len(self._known) > REMEMBERED:
                self._known.clear()
        return known

    def _survey(self, place: Place) -> Spot:
        venue = self._venues.get(place.venue or "")
        names = [place.name or ""]
        if venue:
            names += [venue.name, *venue.aliases, *venue.former]
        words = dict.fromkeys(w for name in names for w in split(name) if w not in self._towns)
        village = fold(place.place) if place.place else None
        telling = tuple(Word(w, weight) for w in words if (weight := _weight(w)))
        said = frozenset(w.text for w in telling)
        town = frozenset(split(f"{place.place or ''} {place.municipality or ''}"))
        return Spot(
            place.municipality,
            place.venue,
            _house(place.address or (venue.address if venue else None)),
            telling,
            None if village in (self._wide.get(place.municipality or ""), None) else village,
            _hall(place),
            frozenset(
                f" {self._call(name)} "
                for name in names
                if any(weigh(w) >= 0.5 for w in self._call(name).split())
            ),
            fold(venue.address or "").rstrip("0123456789 ") if venue else "",
            (venue.latitude, venue.longitude) if venue and venue.latitude and venue.longitude else None,
            town,
            venue is not None and (len(venue.halls) > 1 or venue.kind in _MANY),
            _room(place.hall, venue.halls) if venue else None,
            said,
            said | town,
            f" {' '.join(w.text for w in telling)} ",
        )

    def _call(self, name: str) -> str:
        return " ".join(w for w in split(name) if w not in self._towns)

    def is_town(self, word: str) -> bool:
        """Whether a word is the name of a town of the region, which tells little here."""
        return word in self._towns


@lru_cache(maxsize=100_000)
def compare_spots(a: Spot, b: Spot) -> Agreement:
    """How two places agree; the same two meet again and again."""
    return Agreement(_where(a, b), _other_hall(a, b))


def _where(a: Spot, b: Spot) -> Where:
    if a is b and a.venue:
        return Where.VENUE
    if a.municipality and b.municipality and a.municipality != b.municipality:
        return Where.APART
    if a.venue and a.venue == b.venue:
        return Where.VENUE
    if a.house and a.house == b.house:
        return Where.HOUSE
    shared = min(found_in(a.names, b.said), found_in(b.names, a.said))
    known = bool(a.municipality and b.municipality)
    if a.venue and b.venue:
        return Where.BESIDE if beside(a, b) else Where.OTHER
    if a.village and b.village and a.village != b.village and not _one_village(a.village, b.village):
        return Where.VILLAGES
    if shared >= 0.8:
        return Where.NAME
    if not known:
        nothing = not (a.names or b.names or a.municipality or b.municipality)
        return Where.NAME if shared >= 0.6 else Where.NOWHERE if nothing else Where.OPEN
    if a.municipality == OUTSIDE and not a.town & b.town:
        return Where.APART if a.town > {"outside"} and b.town > {"outside"} else Where.OPEN
    if _all_general(a) or _all_general(b):
        return Where.NAME if shared >= 0.3 and _all_general(a) and _all_general(b) else Where.TOWN
    return Where.UNLIKE


def _other_hall(a: Spot, b: Spot) -> bool:
    """Whether both name a hall and the halls are certainly two: great and small, 1 and 2."""
    if not a.hall or not b.hall or a.hall == b.hall:
        return False
    if a.venue == b.venue and a.room and b.room:
        return a.room != b.room
    x, y = split_hall(a.hall), split_hall(b.hall)
    return x is not None and y is not None and x != y


def split_hall(hall: str) -> str | None:
    """A hall as `first` or `second`, or its own number; None when its name does not tell."""
    for name, words in zip(("first", "second"), _SIDES, strict=True):
        if any(word in hall for word in words):
            return name
    number = re.search(r"\b(\d)\b", hall)
    return {"1": "first", "2": "second"}.get(number[1], number[1]) if number else None


def _room(hall: str | None, halls: Sequence[str]) -> str | None:
    """Which of a venue's own halls is meant."""
    said = fold(hall or "")
    return next((known for h in halls if (known := fold(h)) and known in said), None)


def beside(a: Spot, b: Spot) -> bool:
    """Whether two known venues stand in one street within a hundred metres."""
    if not a.point or not b.point or not a.street or a.street != b.street:
        return False
    return abs(a.point[0] - b.point[0]) < 0.0009 and abs(a.point[1] - b.point[1]) < 0.0014


def _one_village(a: str, b: str) -> bool:
    return a in b or b in a


def _weight(word: str) -> float:
    if word in _HOUSE or word in GENERAL:
        return 0.3
    return 0.0 if _ROOM.search(word) else weigh(word)


def _all_general(spot: Spot) -> bool:
    return all(w.weight <= 0.3 for w in spot.names)


def _hall(place: Place) -> str | None:
    """The hall, also when a room is all that the source wrote."""
    if place.hall or place.venue or not place.name:
        return fold(place.hall) if place.hall else None
    name = fold(place.name)
    return name if _ROOM.search(name) else None


def _house(address: str | None) -> tuple[str, str] | None:
    found = _STREET.search(fold(address)) if address else None
    return (re.sub(r"[^a-z]", "", found[1]), found[2]) if found else None
