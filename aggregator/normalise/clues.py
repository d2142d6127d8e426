"""What a raw location says, each piece of evidence on its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.model import RawPlace
from aggregator.normalise.gazetteer import OUTSIDE, Gazetteer, Town, fold
from aggregator.normalise.venuebook import VenueBook, VenueMatch
from aggregator.region import WHOLE_REGION, Region, Source

_PARTS = re.compile(r"\s*[,;/|()\[\]]\s*|\s+[-–—@]\s+")
_AFTER_NUMBER = re.compile(r"\b\d+\s?[a-z]?(?:-\d+)?\s+([^\W\d][^\d,]*)$", re.IGNORECASE)
_NOBLE = frozenset({"van", "der", "den", "ten", "ter", "de"})  # before a surname
_HOUSES = re.compile(
    r"bibliotheek|dorpshuis|kulturhus|sport|kerk|school|museum|station|caf|theater|hotel|zaal|molen|plein",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clues:
    """What one location says, each piece of evidence on its own."""

    raw: RawPlace
    title: str | None
    source: Source | None
    postcode: tuple[str, str | None] | None
    town: Town
    venue: VenueMatch | None
    named: Town  # a town in the location's name
    point: tuple[float, float] | None
    area: tuple[str | None, tuple[str, ...]]  # of the point

    @property
    def home(self) -> str | None:
        """The source's own municipality; None for one of the whole region."""
        source = self.source
        return None if source is None or source.municipality == WHOLE_REGION else source.municipality

    def at_home(self, municipality: str) -> bool:
        """Whether the name holds a village that the source's municipality has too, unlike this one.

        "Dorpshuis Haarle" is then the one at home, whatever venue bears that name elsewhere.
        """
        return self.home != municipality and self.home in self.named.options and self.raw.place is None


class Witness:
    """Reads the evidence out of a location; its indexes are built once per region."""

    def __init__(self, region: Region) -> None:
        self.gazetteer = Gazetteer(region)
        self.book = VenueBook(region)

    def gather(self, raw: RawPlace, title: str | None, source: Source | None) -> Clues:
        book, atlas = self.book, self.gazetteer
        postcode = next(
            (p for t in (raw.postcode, raw.address, raw.place, raw.name) if (p := atlas.postcode(t))), None
        )
        digits = (raw.postcode or "").strip()
        if postcode is None and len(digits) == 4 and digits.isdecimal() and digits[0] != "0":
            postcode = digits, atlas.area(digits)
        town, printed = atlas.town(raw.place), raw.place
        if town.municipality is None and not town.options and raw.address:
            town, printed = self._town_of_address(raw.address) or (town, printed)
        venue = book.match(raw.name, printed)
        if venue is None and raw.place and town.municipality is None and not town.options:
            venue = book.match(raw.place)
        point = _point(raw)
        area = atlas.point(*point) if point else (None, ())
        return Clues(raw, title, source, postcode, town, venue, self._town_in_name(raw.name), point, area)

    def _town_of_address(self, address: str) -> tuple[Town, str] | None:
        """The town behind a street and number, and its words; a street called after a town is none."""
        parts = [p for p in re.split(r"[,;\n]", address) if p.strip()]
        if not parts:
            return None
        last = _AFTER_NUMBER.search(parts[-1].strip())
        for text in (*reversed(parts[1:]), *((last[1],) if last else ())):
            town = self.gazetteer.town(text)
            if town.municipality or town.options:
                return town, text
        return None

    def _town_in_name(self, name: str | None) -> Town:
        """The town that a location's name ends with or has as a part: "Metropool Almelo"."""
        if not name:
            return Town()
        parts = [p for p in _PARTS.split(name) if p.strip()]
        for part in parts:
            folded = fold(part)
            if self.gazetteer.is_town(folded) or (len(parts) > 1 and self.gazetteer.is_far(folded)):
                return self.gazetteer.town(part)
        for part in parts:
            words = part.split()
            for count in (3, 2, 1):
                tail = " ".join(words[-count:])
                if len(words) > count and tail[:1].isupper() and self.gazetteer.is_far(fold(tail)):
                    return Town(options=(OUTSIDE,), because=f"{name} may be in {tail}")
                if len(words) > count and tail[:1].isupper() and self.gazetteer.is_town(fold(tail)):
                    town = self.gazetteer.town(tail)
                    person = len(words) > count + 1 and words[-count - 1].casefold() in _NOBLE
                    house = _HOUSES.search(words[-count - 1])  # right before it: "Dorpshuis Enter"
                    doubt = person or (self.gazetteer.common_word(fold(tail)) and not house)
                    return Town() if doubt else town
        return Town()


def _point(raw: RawPlace) -> tuple[float, float] | None:
    """Coordinates in degrees; a swapped pair is turned round, zero and nonsense are none."""
    try:
        latitude = float((raw.latitude or "").strip().replace(",", "."))
        longitude = float((raw.longitude or "").strip().replace(",", "."))
    except ValueError:
        return None
    if 3 <= latitude <= 8 and 50 <= longitude <= 54:
        latitude, longitude = longitude, latitude
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude == 0 and longitude == 0):
        return None
    return latitude, longitude
