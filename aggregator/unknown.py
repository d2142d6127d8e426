"""Names of places that no venue of the region bears, with their counts: for a person to add. Pure."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.model import Listing, Place
from aggregator.normalise.gazetteer import OUTSIDE, fold
from aggregator.normalise.venuebook import is_room
from aggregator.region import Region, Venue

EXAMPLES = 3
ALIKE = 0.84  # of two names, from which one may be another spelling
_VAGUE = re.compile(
    r"\b(?:diverse|meerdere|verschillende|online|nader te bepalen|n\.?t\.?b|onbekend|locatie volgt)\b"
)
_KINDS = (
    ("library", r"\b(?:bibliotheek|bieb)\b"),
    ("museum", r"museum"),
    ("church", r"kerk\b|basiliek|kapel\b|synagoge"),
    ("kulturhus", r"kulturhus"),
    ("open-air theatre", r"openluchttheater"),
    ("theatre", r"theater|schouwburg"),
    ("village hall", r"dorpshuis"),
    ("community centre", r"buurthuis|wijkcentrum|trefpunt|parochiehuis|gemeenschapshuis"),
    ("square", r"plein\b|markt\b"),
    ("park", r"park\b"),
    ("mill", r"molen\b"),
    ("café", r"\bcafe\b|kroeg|bar\b"),
    ("gallery", r"galerie"),
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that listings give and no venue bears.

    `municipality` is None when nobody knows it; `towns` and `sources` are the commonest first; `examples`
    are titles with their addresses; `alike` is a known venue that it may be another name of.
    """

    name: str
    municipality: str | None
    count: int
    towns: tuple[str, ...]
    sources: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]
    entry: str
    alike: str | None = None

    @property
    def file(self) -> str | None:
        """The file that the entry belongs in."""
        return f"venues/{self.municipality}.yaml" if self.municipality else None


def unknown_venues(region: Region, listings: Iterable[Listing], home: str | None = None) -> list[Unknown]:
    """Unknown names of places inside the region or of no known municipality, the commonest first.

    Rooms ("Grote zaal") and vague words ("diverse locaties") are no names. `home` leaves those of a
    municipality.
    """
    groups: defaultdict[tuple[str, str | None], list[Listing]] = defaultdict(list)
    for listing in listings:
        place = listing.place
        if _is_name(place) and home in (None, place.municipality):
            groups[fold(place.name or ""), place.municipality].append(listing)
    taken = set(region.venues)
    found = [_unknown(region, group, taken) for _, group in sorted(groups.items(), key=lambda g: str(g[0]))]
    return sorted(found, key=lambda u: (-u.count, u.name.casefold(), u.municipality or ""))


def _is_name(place: Place) -> bool:
    name = fold(place.name or "")
    if not name or place.venue or place.municipality == OUTSIDE:
        return False
    town = name in (fold(place.place or ""), place.municipality)
    return not town and not is_room(place.name or "") and not _VAGUE.search(name)


def _unknown(region: Region, group: Sequence[Listing], taken: set[str]) -> Unknown:
    places = [listing.place for listing in group]
    name = _most(p.name for p in places) or ""
    municipality = places[0].municipality
    pages = {listing.title: listing.url or "" for listing in sorted(group, key=lambda k: k.ref)}
    return Unknown(
        name,
        municipality,
        len(group),
        tuple(town for town, _ in Counter(p.place for p in places if p.place).most_common()),
        tuple(source for source, _ in Counter(listing.source_id for listing in group).most_common()),
        tuple(list(pages.items())[:EXAMPLES]),
        _entry(name, places, taken),
        _alike(region, name, municipality),
    )


def _most(values: Iterable[str | None]) -> str | None:
    """The commonest value; of equally common ones the first in the alphabet."""
    counts = Counter(v for v in values if v)
    return min(counts, key=lambda v: (-counts[v], v)) if counts else None


def _entry(name: str, places: Sequence[Place], taken: set[str]) -> str:
    """The lines of a venue file that would make the name known; what sources said is to be checked."""
    town = _most(p.place for p in places)
    lines = [f"  - id: {_id(name, town, taken)}", f"    name: {_quote(name)}"]
    lines.append(f"    place: {_quote(town)}" if town else "    place: ?")
    kind = next((kind for kind, words in _KINDS if re.search(words, fold(name))), None)
    lines += [f"    kind: {kind}"] if kind else []
    said = {"address": _most(p.address for p in places), "postcode": _most(p.postcode for p in places)}
    lines += [f"    {key}: {_quote(value)}" for key, value in said.items() if value]
    doubtful = [key for key, value in said.items() if value]
    lines += [f"    unverified: [{', '.join(doubtful)}]"] if doubtful else []
    return "\n".join(lines) + "\n"


def _id(name: str, town: str | None, taken: set[str]) -> str:
    """An id that no venue has, taken from now on."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60] or "plek"
    wanted = base if base not in taken else f"{base}-{re.sub(r'[^a-z0-9]+', '-', fold(town or 'elders'))}"
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    taken.add(found)
    return found


def _quote(text: str | None) -> str:
    plain = text or ""
    return plain if re.fullmatch(r"[^\W\d][\w .'/-]*", plain) else json.dumps(plain, ensure_ascii=False)


def _alike(region: Region, name: str, municipality: str | None) -> str | None:
    """A venue of the municipality that bears nearly this name, or all of it within a longer one."""
    key = fold(name)

    def likeness(venue: Venue) -> float:
        keys = [fold(n) for n in (venue.name, *venue.aliases, *venue.former)]
        within = any(len(k) > 5 and (f" {k} " in f" {key} " or f" {key} " in f" {k} ") for k in keys)
        ratio = max(difflib.SequenceMatcher(None, key, k).ratio() for k in keys)
        return max(ratio, 0.9 if within and len(key) > 5 else 0.0)

    own = [v for v in region.venues.values() if municipality in (None, v.municipality)]
    best = max(own, key=lambda v: (likeness(v), v.id), default=None)
    return best.id if best and likeness(best) >= ALIKE else None
