"""Time zone names that no standard knows, as calendar programs write them, to IANA names."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import available_timezones

from icalendar.timezone import tzp

_TZID = re.compile(r'(;TZID=)("[^"\r\n]{1,200}"|[^":;\r\n]{1,200})', re.IGNORECASE)
# Zones that are named after a part of a country: their last word says too little.
_NO_CITY = re.compile(r"^(?:Etc|US|Canada|Brazil|Mexico|Chile)/|/(?:West|North|South|ACT|NSW|LHI)$")
_CENTRAL = re.compile(r"central europe|w\w*\.?[ -]europ|midden-?europe|mitteleurop", re.IGNORECASE)


def mend_zones(text: str, zones: str) -> str:
    """iCalendar lines with unknown TZIDs replaced; those that `zones` (VTIMEZONEs) define stay."""

    def mended(found: re.Match[str]) -> str:
        name = found[2].strip('" ')
        if f"TZID:{name}" in zones or is_known(name):
            return found[0]
        zone = guess_zone(name)
        return f"{found[1]}{zone}" if zone else found[0]

    return _TZID.sub(mended, text)


@lru_cache(maxsize=256)
def is_known(name: str) -> bool:
    """Whether icalendar finds the zone itself: IANA and Windows names."""
    try:
        return tzp.timezone(name) is not None
    except (ValueError, OSError):
        return False


@lru_cache(maxsize=256)
def guess_zone(name: str) -> str | None:
    """The IANA zone that a name means by an IANA name or a city in it; None when there is none.

    A mere offset ("UTC+1") is no zone: it is as often meant without summer time as with it, so its
    times stay the local ones that they are written as.
    """
    folded = name.casefold().replace(" ", "_")
    if "microsoft/utc" in folded:
        return "UTC"
    if _CENTRAL.search(name) and "/" not in name:
        return "Europe/Amsterdam"
    cities = _cities()
    parts = folded.split("/")
    for start in range(len(parts)):
        if zone := cities.get("/".join(parts[start:])):
            return zone
    words = re.findall(r"[^\W\d_]+", name.casefold())
    for size in (3, 2, 1):
        for start in range(len(words) - size + 1):
            if zone := cities.get("_".join(words[start : start + size])):
                return zone
    return None


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Zones by folded name and by city, those of Europe first."""
    found: dict[str, str] = {}
    names = sorted(n for n in available_timezones() if "/" in n and not _NO_CITY.search(n))
    for name in sorted(names, key=lambda n: not n.startswith("Europe/")):
        found.setdefault(name.casefold(), name)
        found.setdefault(name.rsplit("/", 1)[-1].casefold(), name)
    return found
