"""The region's place names, postcodes and points, indexed once for lookups of constant cost."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from aggregator.region import Region, Settlement

OUTSIDE = "outside"
_POSTCODE = re.compile(r"\b([1-9][0-9]{3})[ \u00a0]?([A-Z]{2})\b")
_PARENS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_BY_MUNICIPALITY = re.compile(r"\b(?:gem|gemeente)\b\.? ?", re.IGNORECASE)
_BESIDE = re.compile(r"^\s*(?:na|vlak)?bij\s+", re.IGNORECASE)  # "Haarle (bij Nijverdal)"
_AROUND = frozenset("centrum binnenstad noord oost zuid west omgeving omstreken stad dorp eo".split())
_CLEAR = 0.55  # how much nearer than any other place a point must be to settle it
_NEAR = 3.0  # km within which a known point speaks for its surroundings
_KM = 111.2  # of one degree of latitude


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Lower-case words without accents, marks and apostrophes; `&` is `en`, `St.` is `sint`."""
    text = text.replace("&", " en ").casefold()
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = re.sub(r"['’‘`´]", "", text)
    words = re.sub(r"[^\w]+|_", " ", text).split()
    return " ".join("sint" if w == "st" else w for w in words)


@dataclass(frozen=True, slots=True)
class Town:
    """What a place text says: a municipality id, `outside`, or None.

    `options` are the municipalities that it can mean while unsettled; `shaky` is True when the
    name also belongs to a place elsewhere, so that harder facts may overrule it.
    """

    municipality: str | None = None
    place: str | None = None
    options: tuple[str, ...] = ()
    shaky: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Hit:
    municipality: str
    name: str
    settlement: Settlement | None = None
    district: bool = False
    own: bool = True  # its own name, not another spelling of it

    @property
    def alone(self) -> bool:
        return self.settlement is None or self.settlement.alone or not self.own

    @property
    def shaky(self) -> bool:
        return self.settlement is not None and self.settlement.ambiguous is not None and self.own


class Gazetteer:
    """Looks up names, postcodes and coordinates of one region."""

    def __init__(self, region: Region) -> None:
        self.names = {m.id: m.name for m in region.municipalities.values()}
        self._towns: dict[str, list[_Hit]] = {}
        self._postcodes: dict[str, str] = {}
        self._boxes = {m.id: m.box for m in region.municipalities.values() if m.box}
        self._points: list[tuple[float, float, str]] = []
        for m in region.municipalities.values():
            for settlement in m.places:
                self._add(m.id, settlement.name, (settlement.name, *settlement.aliases), settlement)
                self._postcodes.update(dict.fromkeys(settlement.postcodes, m.id))
                if settlement.latitude is not None and settlement.longitude is not None:
                    self._points.append((settlement.latitude, settlement.longitude, m.id))
            self._add(m.id, m.name, (m.name, *m.aliases), None)  # after the village of the same name
            for district in m.districts:
                self._add(m.id, district, (district,), None, district=True)
            self._postcodes.update(dict.fromkeys(m.centres, m.id))
            self._points += [(lat, lon, m.id) for lat, lon in m.centres.values()]
        far = region.elsewhere
        self._points += [(lat, lon, OUTSIDE) for lat, lon in far.points.values()]
        self._areas = {code[:3] for code in self._postcodes}
        self._home, self._foreign = _folded(far.home), _folded(far.foreign)
        self._neighbours = _folded(far.neighbours)
        self._far = _folded((*far.places, *far.points)) - self._towns.keys()

    def _add(
        self,
        municipality: str,
        name: str,
        spellings: Iterable[str],
        settlement: Settlement | None,
        *,
        district: bool = False,
    ) -> None:
        for spelling in spellings:
            hits = self._towns.setdefault(fold(spelling), [])
            if not any(hit.municipality == municipality for hit in hits):
                hits.append(_Hit(municipality, name, settlement, district, spelling == name))

    # --- postcodes ---------------------------------------------------------------------------

    def postcode(self, text: str | None) -> tuple[str, str | None] | None:
        """The first Dutch postcode in a text, with its municipality, `outside`, or None if unsure."""
        found = _POSTCODE.search(text.upper()) if text else None
        if found is None or found[2] in ("SA", "SD", "SS"):
            return None
        return f"{found[1]} {found[2]}", self.area(found[1])

    def area(self, pc4: str) -> str | None:
        """The municipality of four digits; None for an unknown area beside known ones."""
        known = self._postcodes.get(pc4)
        if known is not None:
            return known
        return None if pc4[:3] in self._areas else OUTSIDE

    # --- names -------------------------------------------------------------------------------

    def is_town(self, folded: str) -> bool:
        """Whether these folded words are exactly a place of the region; districts do not count."""
        return any(not h.district for h in self._towns.get(folded, ()))

    def common_word(self, folded: str) -> bool:
        """Whether the place's name is also a common word or a surname."""
        return any(h.settlement is not None and h.settlement.word for h in self._towns.get(folded, ()))

    def is_far(self, folded: str) -> bool:
        """Whether these folded words are exactly a place outside the region."""
        return folded in self._far

    def is_wide(self, text: str) -> bool:
        """Whether a text names no more than the province or country that the region lies in."""
        return fold(text) in self._home

    def town(self, text: str | None) -> Town:
        """What a place field means, with its qualifiers: "Hengelo (Gld)", "Haarle, gem. Tubbergen"."""
        if not text or not text.strip():
            return Town()
        text = _POSTCODE.sub(" ", text)
        whole = fold(text)
        if whole in self._towns:
            return self._settle(self._towns[whole], frozenset(), text.strip())
        if whole in self._far:
            return Town(OUTSIDE, because=f"{text.strip()} lies outside the region")
        base, qualifiers = self._parts(text)
        beside = [hits for q in qualifiers if (hits := self._towns.get(f"{base} bij {q}"))]
        if beside:  # "Haarle (Raalte)" is the village called Haarle bij Raalte, not one of Raalte
            return self._settle(beside[0], frozenset(), text.strip())
        hits = self._towns.get(base)
        if any(q in self._foreign or q in self._neighbours for q in qualifiers):
            if hits and not any(h.shaky for h in hits):
                options = tuple(h.municipality for h in hits)
                return Town(
                    None, hits[0].name, options, True, f"{text.strip()} names places here and elsewhere"
                )
            return Town(OUTSIDE, because=f"{text.strip()} says that it lies elsewhere")
        if hits:
            return self._settle(hits, qualifiers, text.strip())
        if base in self._far:
            return Town(OUTSIDE, because=f"{text.strip()} lies outside the region")
        within = [self._towns[q] for q in qualifiers if q in self._towns]
        if len(within) == 1:  # "Centrum, Goor", "Universiteit Twente (Enschede)"
            return self._settle(within[0], qualifiers, text.strip())
        return self._several(text)

    def _parts(self, text: str) -> tuple[str, frozenset[str]]:
        """The folded name, and the folded words that say which place of that name it is."""
        inners = [_BESIDE.sub("", inner) for inner in _PARENS.findall(text)]
        qualifiers = [q for inner in inners for q in (inner, _BY_MUNICIPALITY.sub("", inner))]
        rest = _PARENS.sub(" ", text)
        base, *others = [p for p in re.split(r"[,;]|\bbij\b", rest) if p.strip()] or [""]
        qualifiers += [q for other in others for q in (other, _BY_MUNICIPALITY.sub("", other))]
        named = _BY_MUNICIPALITY.search(base)
        if named:
            after = base[named.end() :]
            base, qualifiers = (base[: named.start()].strip(" -") or after), [*qualifiers, after]
        folded, marks = fold(base), {fold(q) for q in qualifiers}
        words = folded.split()
        for cut in (1, 2):
            tail = " ".join(words[-cut:])
            marking = tail in self._home or tail in self._foreign or tail in _AROUND
            if folded not in self._towns and len(words) > cut and marking:
                folded = " ".join(words[:-cut])
                marks.add(tail)
                break
        return folded, frozenset(marks - {""})

    def _settle(self, hits: list[_Hit], qualifiers: frozenset[str], text: str) -> Town:
        wanted = {h.municipality for q in qualifiers for h in self._towns.get(q, ())}
        fit = [h for h in hits if h.municipality in wanted] or hits
        sure = bool(wanted & {h.municipality for h in hits}) or bool(qualifiers & self._home)
        only = len({h.municipality for h in fit}) == 1
        firm = fit if sure and (wanted or only) else [h for h in fit if h.alone]
        options = tuple(h.municipality for h in fit)
        if len({h.municipality for h in firm}) == 1:
            hit = firm[0]
            shaky = hit.shaky and not sure
            whole = fold(text) == fold(self.names[hit.municipality])
            because = f"place {text}" if whole else f"place {text} lies in {self.names[hit.municipality]}"
            return Town(hit.municipality, hit.name, options, shaky, because)
        places = {h.name for h in fit}
        because = f"{text} can be more than one place"
        return Town(None, places.pop() if len(places) == 1 else None, options, True, because)

    def _several(self, text: str) -> Town:
        """Two names in one field settle it when they lie in one municipality."""
        parts = [fold(p) for p in re.split(r"/|\ben\b|\+|&|-", _PARENS.sub(" ", text)) if p.strip()]
        found = [self._towns[p] for p in parts if p in self._towns]
        if len(parts) > 1 and all(p in self._far for p in parts):
            return Town(OUTSIDE, because=f"{text.strip()} lies outside the region")
        if not found:
            return Town(because=f"{text.strip()} is no known place")
        if len(found) == len(parts) or (len(found) == 1 and "-" not in text):
            common = set.intersection(*({h.municipality for h in hits} for hits in found))
            if len(common) == 1 and all(any(h.alone for h in hits) for hits in found):
                municipality = common.pop()
                return Town(municipality, None, (municipality,), because=f"both of {text.strip()} lie in it")
        options = tuple(dict.fromkeys(h.municipality for hits in found for h in hits))
        return Town(None, None, options, because=f"{text.strip()} names several places")

    # --- coordinates -------------------------------------------------------------------------

    def point(self, latitude: float, longitude: float) -> tuple[str | None, tuple[str, ...]]:
        """The municipality of a point or `outside`, None when it is close to a border; and the options."""
        inside = [
            m
            for m, (south, west, north, east) in self._boxes.items()
            if south - 0.005 <= latitude <= north + 0.005 and west - 0.005 <= longitude <= east + 0.005
        ]
        if not inside:
            return OUTSIDE, (OUTSIDE,)
        scale = math.cos(math.radians(latitude))
        nearest: dict[str, float] = {}
        for lat, lon, municipality in self._points:
            if municipality in inside or municipality == OUTSIDE:
                away = _KM * math.hypot(lat - latitude, (lon - longitude) * scale)
                nearest[municipality] = min(away, nearest.get(municipality, away))
        order = sorted(nearest, key=nearest.__getitem__)
        best = order[0]
        near = best == OUTSIDE or nearest[best] <= _NEAR
        if near and (len(order) == 1 or nearest[best] <= _CLEAR * nearest[order[1]]):
            return best, (best,)
        return None, tuple(m for m in order if nearest[m] <= 2 * nearest[best])


def _folded(names: Iterable[str]) -> set[str]:
    return {fold(name) for name in names} - {""}
