"""Where an event is: which municipality, which venue, which hall, and why.

Evidence in the order in which it is believed: postcode, venue whose name says it all, place name,
coordinates, other venue names, a town in the location's name, the source's own home. Contradicting
evidence of equal weight settles nothing: an event without a municipality is better than a wrong one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.model import Place, RawPlace, Tier
from aggregator.normalise.clues import Clues, Witness
from aggregator.normalise.gazetteer import OUTSIDE, fold
from aggregator.normalise.venuebook import is_room
from aggregator.region import Region, Source, Venue

_HERE = frozenset({"nl", "nld", "nederland", "netherlands", "the netherlands", "niederlande", "holland"})
_IN_TITLE = re.compile(r"\b(?:in|te)\s+((?:[A-Z'][\w'-]+\s?){1,3})")
_REMEMBERED = 20_000  # answers, as a season repeats a few hundred locations
_VARIOUS = re.compile(
    r"\b(?:diverse|meerdere|verschillende|onbekend|nader te bepalen|volgt)\b|\bonline\b|\bn\.?t\.?b\b", re.I
)


@dataclass(frozen=True, slots=True)
class _Verdict:
    municipality: str | None
    because: str
    venue: Venue | None = None
    town: str | None = None


class PlaceFinder:
    """Finds the municipality and venue of a raw location; indexes are built once per region."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._known: dict[tuple[RawPlace, str | None, str | None], Place] = {}
        self._witness = Witness(region)
        self._gazetteer, self._book = self._witness.gazetteer, self._witness.book

    def find(self, raw: RawPlace | None, title: str | None = None, source: Source | None = None) -> Place:
        """The place with its municipality id, `outside` or None, and the reason in plain words."""
        raw = raw or RawPlace()
        if raw.name or raw.place:
            title = None  # what stands there outranks the title, and more listings share the answer
        key = (raw, title, source.id if source else None)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            clues = self._witness.gather(raw, title, source)
            found = self._known[key] = self._place(clues, self._decide(clues))
        return found

    # --- deciding ----------------------------------------------------------------------------

    def _decide(self, clues: Clues) -> _Verdict:
        for step in (
            self._by_country,
            self._by_postcode,
            self._by_strong_venue,
            self._by_town,
            self._by_point,
            self._by_venue,
            self._by_name,
            self._by_hall,
            self._by_home,
            self._by_title,
        ):
            verdict = step(clues)
            if verdict is not None:
                return verdict
        name = clues.raw.name or clues.raw.address
        unknown = f"{name} is not known well enough" if name else "nothing tells where it is"
        return _Verdict(None, clues.town.because or unknown)

    def _by_country(self, clues: Clues) -> _Verdict | None:
        country = fold(clues.raw.country or "")
        if (
            country
            and country not in _HERE
            and not (clues.postcode and clues.postcode[1] not in (None, OUTSIDE))
        ):
            return _Verdict(OUTSIDE, f"country {clues.raw.country}")
        return None

    def _by_postcode(self, clues: Clues) -> _Verdict | None:
        if clues.postcode is None or clues.postcode[1] is None:
            return None
        code, municipality = clues.postcode
        told = clues.town.municipality
        if self._is_chain(clues, municipality):
            return None
        if municipality == OUTSIDE:
            if told not in (None, OUTSIDE) and not clues.town.shaky:
                return _Verdict(
                    None, f"postcode {code} and {clues.raw.place or clues.raw.address} contradict"
                )
            return _Verdict(OUTSIDE, f"postcode {code} lies outside the region")
        name = self._gazetteer.names[municipality] if municipality else ""
        town = clues.town.place if municipality in clues.town.options else None
        return _Verdict(
            municipality, f"postcode {code} lies in {name}", self._venue_in(clues, municipality), town
        )

    def _is_chain(self, clues: Clues, municipality: str | None) -> bool:
        """Whether the house and its town agree against the postcode: chains print one for all houses."""
        told, match = clues.town.municipality, clues.venue
        if match is None or municipality in {v.municipality for v in match.venues}:
            return match is not None and len(match.venues) > 1 and told not in (None, municipality)
        named = match.exact and match.strong and clues.named.municipality == match.municipality
        return named or (told is not None and told == match.municipality and not clues.town.shaky)

    def _by_strong_venue(self, clues: Clues) -> _Verdict | None:
        match = clues.venue
        if (
            match is None
            or match.municipality is None
            or not match.strong
            or clues.at_home(match.municipality)
        ):
            return None
        venue = match.venues[0] if len(match.venues) == 1 else None
        told = clues.town.municipality
        if told not in (None, match.municipality):
            name = f" {fold(clues.raw.name or '')} "
            printed = f"{fold(clues.raw.place or clues.raw.address or '')} "
            own_town = any(
                f" {town} " in name and not printed.startswith(f"{town} ")  # Hengelo (Gld) is not ours
                for town in (fold(v.place) for v in match.venues)
            )
            if not match.exact or (told == OUTSIDE and not own_town):
                return None
        return _Verdict(match.municipality, f"venue {match.venues[0].name}", venue)

    def _by_town(self, clues: Clues) -> _Verdict | None:
        town = clues.town
        if town.municipality == OUTSIDE:
            return _Verdict(OUTSIDE, town.because)
        if town.municipality is not None:
            if town.shaky and clues.area[0] == OUTSIDE:
                return _Verdict(OUTSIDE, f"{town.because}, but the coordinates lie elsewhere")
            venue = self._venue_in(clues, town.municipality)
            return _Verdict(town.municipality, town.because, venue, town.place)
        for name, options in (("coordinates", clues.area[1]), ("venue", self._venue_options(clues))):
            fit = set(options) & set(town.options)
            if len(fit) == 1:
                municipality = fit.pop()
                because = (
                    f"place {clues.raw.place}; the {name} can only be {self._gazetteer.names[municipality]}"
                )
                return _Verdict(municipality, because, self._venue_in(clues, municipality), town.place)
        return None

    def _venue_options(self, clues: Clues) -> tuple[str, ...]:
        return tuple(v.municipality for v in clues.venue.venues) if clues.venue else ()

    def _by_point(self, clues: Clues) -> _Verdict | None:
        municipality = clues.area[0]
        if municipality is None or clues.point is None:
            return None
        at = f"coordinates {clues.point[0]:.4f}, {clues.point[1]:.4f}"
        if municipality == OUTSIDE:
            return _Verdict(OUTSIDE, f"{at} lie outside the region")
        because = f"{at} lie in {self._gazetteer.names[municipality]}"
        return _Verdict(municipality, because, self._venue_in(clues, municipality))

    def _by_venue(self, clues: Clues) -> _Verdict | None:
        """A venue by a name that is unique here, when the text names no other town."""
        match = clues.venue
        if match is None or self._unknown_place(clues):
            return None
        towns = {v.municipality for v in match.venues}
        right = {m for m in towns if self._allowed(clues, m) and not clues.at_home(m)}
        options = [v for v in match.venues if v.municipality in right]
        near = [v for v in options if v.municipality in (clues.named.municipality, clues.home)]
        for venues, sure in ((near, True), (options, match.exact and all(v.alone for v in options))):
            if venues and sure and len({v.municipality for v in venues}) == 1:
                venue = venues[0] if len(venues) == 1 else None
                return _Verdict(venues[0].municipality, f"venue {venues[0].name}", venue)
        return None

    def _by_name(self, clues: Clues) -> _Verdict | None:
        named = clues.named
        if named.municipality is None or self._unknown_place(clues):
            return None
        if named.municipality == OUTSIDE:
            return _Verdict(OUTSIDE, f"{clues.raw.name}: {named.because}")
        because = f"{clues.raw.name}: {named.because}"
        return _Verdict(named.municipality, because, self._venue_in(clues, named.municipality), named.place)

    def _by_hall(self, clues: Clues) -> _Verdict | None:
        """The one house that has a hall of this name, when nothing else is said."""
        houses = self._book.house_of(clues.raw.name)
        said = clues.town.options or clues.named.options or clues.named.municipality or clues.venue
        if len(houses) != 1 or said or clues.point is not None or self._unknown_place(clues):
            return None
        return _Verdict(
            houses[0].municipality, f"the hall {clues.raw.name} is in {houses[0].name}", houses[0]
        )

    def _by_home(self, clues: Clues) -> _Verdict | None:
        """The source's own municipality and venue, when the text leaves that open."""
        source, town = clues.source, clues.town
        if source is None or self._unknown_place(clues) or OUTSIDE in clues.named.options:
            return None
        if town.options:
            return self._by_ambiguity(clues, source)
        home = clues.home
        name = clues.raw.name or clues.raw.place
        if home is None or (name and _VARIOUS.search(name)) or clues.point is not None:
            return None
        venue = self._region.venues.get(source.venue) if source.venue else None
        if not name or (venue is not None and (self._book.hall_of(venue, name) or is_room(name))):
            home = venue.municipality if venue else home
            where = f"at {venue.name}" if venue else "there"
            return _Verdict(home, f"the source {source.name} is {where}", venue)
        if source.tier in (Tier.VENUE, Tier.MUNICIPAL):
            return _Verdict(home, f"{name} is unknown; the source {source.name} is there")
        return None

    def _by_ambiguity(self, clues: Clues, source: Source) -> _Verdict | None:
        """A name that several places bear means the one near the source that prints it."""
        town, home = clues.town, clues.home
        options = set(town.options)
        near = home if home in options else next(iter(options)) if len(options) == 1 else None
        far = source.tier is Tier.SELLER or (source.tier is Tier.PRESS and home is None)
        if near is None or clues.area[0] == OUTSIDE or far:
            return None
        because = f"{clues.raw.place}, as the source {source.name} of this region means it"
        return _Verdict(near, because, self._venue_in(clues, near), town.place)

    def _by_title(self, clues: Clues) -> _Verdict | None:
        """A town or venue in the title, when the location says nothing and no home says otherwise."""
        if not clues.title or clues.raw.place or clues.raw.name or clues.point:
            return None
        match = self._book.match(clues.title)
        if match and match.strong and match.municipality and self._allowed(clues, match.municipality):
            venue = match.venues[0] if len(match.venues) == 1 else None
            return _Verdict(match.municipality, f"the title names {match.venues[0].name}", venue)
        for found in _IN_TITLE.finditer(clues.title):
            words = found[1].split()
            for count in range(len(words), 0, -1):
                text = " ".join(words[:count])
                town = self._gazetteer.town(text)
                known = self._gazetteer.is_town(fold(text)) or town.municipality == OUTSIDE
                if known and town.municipality and not town.shaky:
                    return _Verdict(town.municipality, f"the title: {town.because}", None, town.place)
        return None

    # --- parts -------------------------------------------------------------------------------

    def _unknown_place(self, clues: Clues) -> bool:
        """Whether the text names a place that the region does not know: then nothing weaker counts."""
        place, town = clues.raw.place, clues.town
        known = town.municipality or town.options or (clues.venue and not clues.raw.name)
        if not place or not place.strip() or known:
            return False
        return not _VARIOUS.search(place) and not self._gazetteer.is_wide(place)

    def _allowed(self, clues: Clues, municipality: str) -> bool:
        return not clues.town.options or municipality in clues.town.options

    def _venue_in(self, clues: Clues, municipality: str | None) -> Venue | None:
        """The one venue that the location names in a municipality."""
        found = [v for v in clues.venue.venues if v.municipality == municipality] if clues.venue else []
        if not found:
            found = [v for v in self._book.house_of(clues.raw.name) if v.municipality == municipality]
        if len(found) > 1 and clues.town.place:
            found = [v for v in found if v.place == clues.town.place] or found
        if len(found) == 1:
            return found[0]
        address = self._book.at_address(municipality, clues.raw.address) if municipality else None
        return address if not found and not clues.raw.name else None

    def _place(self, clues: Clues, verdict: _Verdict) -> Place:
        raw, venue = clues.raw, verdict.venue
        latitude, longitude = (
            clues.point or (venue.latitude, venue.longitude) if venue else clues.point or (None, None)
        )
        return Place(
            municipality=verdict.municipality,
            venue=venue.id if venue else None,
            name=venue.name if venue else _text(raw.name),
            hall=self._book.hall_of(venue, raw.name) if venue else None,
            address=_text(raw.address) or (venue.address if venue else None),
            postcode=(clues.postcode[0] if clues.postcode else None) or (venue.postcode if venue else None),
            place=verdict.town or (venue.place if venue else None) or _text(raw.place),
            latitude=latitude,
            longitude=longitude,
            because=verdict.because,
        )


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None
