"""The region's venues by every name they bear: official, alias, former, hall."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.normalise.gazetteer import fold
from aggregator.region import Region, Venue

_SPLIT = re.compile(r"\s*[,;/|()\[\]]\s*|\s+[-–—@:]\s+")
_ARTICLES = ("de ", "het ", "t ", "n ", "the ", "den ")
_ROOM = re.compile(
    r"(?:[\w-]+ )?(?!sport|gym|feest|dorps|kerk|open)\w*(?:zaal|foyer|balkon|kelder|zolder|studio|room|stage)"
    r"|(?:zaal|studio|foyer|hal) \w{1,2}|(?:theater|muziek|film)caf[eé]",
    re.IGNORECASE,
)
# What many houses call a room of theirs: the name of the room does not tell the house.
_PLAIN = re.compile(
    r"(?:de|het|grote?|kleine?|midden|boven|beneden|onder|voor|achter|nieuwe|oude|theater|film|muziek|concert|dans|"
    r"toneel|feest|dorps|raads?|expositie|vergader|sport|gym|zaal|foyer|balkon|kelder|zolder|studio|room|stage|main|"
    r"podium|hal|cafe|tuin|plein|atrium|auditorium)+|\w|\d{1,2}|i{1,3}"
)
_GROUNDS = frozenset({"square", "park"})  # open ground that a house may stand at
_BESIDE = frozenset("naast tegenover achter bij nabij rond rondom langs vanaf".split())
_LONGEST = 6  # words in a name


@dataclass(frozen=True, slots=True)
class VenueMatch:
    """Venues that a text names. `exact` when a whole part of the text is the name.

    `strong` when the name alone tells where it is: at least two words of its own.
    """

    venues: tuple[Venue, ...]
    exact: bool
    strong: bool
    hall: str | None = None

    @property
    def municipality(self) -> str | None:
        """The one municipality that all of them are in."""
        found = {v.municipality for v in self.venues}
        return found.pop() if len(found) == 1 else None


class VenueBook:
    """Finds venues in the words of a location."""

    def __init__(self, region: Region) -> None:
        self._names: dict[str, list[Venue]] = {}
        self._joined: dict[str, list[Venue]] = {}
        self._halls: dict[str, list[tuple[Venue, str]]] = {}
        self._addresses: dict[tuple[str, str], list[Venue]] = {}
        for venue in region.venues.values():
            for name in (venue.name, *venue.aliases, *venue.former):
                for key in _keys(name):
                    known = self._names.setdefault(key, [])
                    if venue not in known:
                        known.append(venue)
                    if len(key) > 8:  # "Wilmink Theater" is written as one word by others
                        self._joined.setdefault(key.replace(" ", ""), known)
            for hall in venue.halls:
                for key in _keys(hall):
                    self._halls.setdefault(key, []).append((venue, hall))
            if venue.address and any(c.isdigit() for c in venue.address):
                self._addresses.setdefault((venue.municipality, fold(venue.address)), []).append(venue)

    def match(self, text: str | None, town: str | None = None) -> VenueMatch | None:
        """Venues named by a text; `town` is the printed place, which completes a bare "Kulturhus"."""
        if not text:
            return None
        if found := self._exact(text, town):
            return found
        parts = [m for part in _SPLIT.split(text) if part.strip() and (m := self._exact(part, town))]
        if not parts:
            return self._inside(text)
        houses = [m for m in parts if not any(v.kind in _GROUNDS for v in m.venues)] or parts
        first = {v.id for v in houses[0].venues}
        if all(first & {v.id for v in m.venues} for m in houses):
            return houses[0]
        every = tuple({v.id: v for m in houses for v in m.venues}.values())
        return VenueMatch(every, True, all(m.strong for m in houses))

    def _exact(self, text: str, town: str | None) -> VenueMatch | None:
        """Venues whose name is exactly this text, or this text and the town's name."""
        key = fold(text)
        bare = _bare(key)
        found = self._names.get(key) or self._names.get(bare) or self._joined.get(key.replace(" ", ""))
        if found:
            return VenueMatch(tuple(found), True, _is_strong(key, found))
        named = (f"{bare} {fold(town)}", f"{key} {fold(town)}") if town else ()
        found = next((venues for name in named if (venues := self._names.get(name))), None)
        return VenueMatch(tuple(found), True, True) if found else None

    def _inside(self, text: str) -> VenueMatch | None:
        """The longest names that stand somewhere in a text."""
        words, at, found, strong = fold(text).split(), 0, [], False
        while at < len(words):
            for length in range(min(_LONGEST, len(words) - at), 0, -1):
                key = " ".join(words[at : at + length])
                venues = self._names.get(key, [])
                beside = at > 0 and words[at - 1] in _BESIDE
                if venues and not beside and (length > 1 or len(key) > 4):
                    found += [v for v in venues if v not in found]
                    strong = strong or _is_strong(key, venues)
                    at += length - 1
                    break
            at += 1
        return VenueMatch(tuple(found), False, strong) if found else None

    def hall(self, text: str | None) -> list[tuple[Venue, str]]:
        """Venues with a hall of exactly this name, and the hall's own spelling."""
        if not text:
            return []
        for part in (text, *_SPLIT.split(text)):
            key = fold(part)
            found = self._halls.get(key) or self._halls.get(_bare(key))
            if found:
                return found
        return []

    def house_of(self, text: str | None) -> list[Venue]:
        """Venues that a hall's own name tells: "Rabozaal"; not "Grote zaal", which any house may have."""
        found = self.hall(text)
        return [venue for venue, hall in found if not all(map(_PLAIN.fullmatch, fold(hall).split()))]

    def hall_of(self, venue: Venue, text: str | None) -> str | None:
        """The hall of a venue that a text names: a known one, else a part that is called a room."""
        for known, hall in self.hall(text):
            if known == venue:
                return hall
        names = {key for name in (venue.name, *venue.aliases, *venue.former) for key in _keys(name)}
        parts = [p for p in _SPLIT.split(text or "") if p and fold(p) not in names]
        return next((p for p in parts if is_room(p) and len(p) <= 40 and len(parts) < 4), None)

    def at_address(self, municipality: str, address: str | None) -> Venue | None:
        """The only venue at a street and number of a municipality."""
        first = fold(re.split(r"[,;]", address)[0]) if address else ""
        found = self._addresses.get((municipality, first), [])
        return found[0] if len(found) == 1 else None


def is_room(text: str) -> bool:
    """Whether a text is called like a room of a house: "Grote Zaal", "Foyer"; not "Zaal Jansen"."""
    return bool(_ROOM.fullmatch(text.strip()))


def _keys(name: str) -> set[str]:
    key = fold(name)
    return {key, _bare(key)} - {""}


def _bare(key: str) -> str:
    """A folded name without its leading article, unless nothing or a number is left."""
    for article in _ARTICLES:
        rest = key.removeprefix(article)
        if rest != key and len(rest) > 2 and not rest.isdigit():
            return rest
    return key


def _is_strong(key: str, venues: list[Venue]) -> bool:
    return len({v.municipality for v in venues}) == 1 and len(_bare(key).split()) > 1 and venues[0].alone
