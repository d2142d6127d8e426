"""What one VEVENT says, property by property (RFC 5545 §3.8), whatever is broken in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from icalendar.cal import Component
from icalendar.prop import vBroken

from aggregator.model import RawPlace
from crawlers.extract.values import absolute, clean_text


def end_of(component: Component, start: date | datetime) -> date | datetime | None:
    """DTEND, or DTSTART + DURATION; None when it is missing, of another kind or before the start."""
    end = moment_of(component, "DTEND")
    if end is None:
        said = component.get("DURATION")
        length = None if isinstance(said, vBroken) else getattr(said, "dt", None)
        if not isinstance(length, timedelta):
            return None
        try:
            end = start + length
        except OverflowError:
            return None
    if isinstance(end, datetime) != isinstance(start, datetime):
        return None
    if isinstance(end, datetime) and isinstance(start, datetime):
        if (end.tzinfo is None) != (start.tzinfo is None):
            return None
        return end if end >= start else None
    return end if end > start else None


def is_before(moment: date | datetime, until: datetime) -> bool:
    """Whether a moment lies before the end of the window; a floating one by the window's own clock."""
    if not isinstance(moment, datetime):
        return moment < until.date() or (moment == until.date() and until.time() != until.time().min)
    return moment < (until if moment.tzinfo else until.replace(tzinfo=None))


def moment_of(component: Component, name: str) -> date | datetime | None:
    """A date or datetime property; None when it is missing or broken."""
    value = component.get(name)
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, vBroken):
        return None
    moment = getattr(value, "dt", None)
    return moment if isinstance(moment, date) else None


def stamp_of(moment: date | datetime | None) -> str | None:
    """ISO 8601, without an offset for a floating time; None for None."""
    return moment.isoformat() if moment else None


def sequence_of(component: Component) -> int:
    """SEQUENCE; 0 when it is missing or no number."""
    try:
        return int(component.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0


def text_of(component: Component, name: str) -> str | None:
    """The first value of a property as text; None when it is missing or empty."""
    value: Any = component.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return str(value).strip() or None if value is not None else None


def place_of(component: Component) -> RawPlace | None:
    """LOCATION as written, with GEO."""
    name = clean_text(text_of(component, "LOCATION"))
    geo = component.get("GEO")
    geo = None if isinstance(geo, vBroken) else geo
    latitude, longitude = getattr(geo, "latitude", None), getattr(geo, "longitude", None)
    if name is None and latitude is None:
        return None
    point = (
        (str(latitude), str(longitude)) if latitude is not None and (latitude or longitude) else (None, None)
    )
    return RawPlace(name=name, latitude=point[0], longitude=point[1])


def image_of(component: Component) -> str | None:
    """IMAGE (RFC 7986 §5.10) or an ATTACH that is a picture."""
    for name in ("IMAGE", "ATTACH"):
        values = component.get(name) or []
        for value in values if isinstance(values, list) else [values]:
            kind = str(getattr(value, "params", {}).get("FMTTYPE") or "")
            if name == "IMAGE" or kind.startswith("image/"):
                return absolute("", str(value))
    return None


def categories_of(component: Component) -> tuple[str, ...]:
    """All CATEGORIES, each once, in order; at most 30."""
    values = component.get("CATEGORIES") or []
    names = [
        text
        for value in (values if isinstance(values, list) else [values])
        for cat in getattr(value, "cats", [value])
        if (text := clean_text(str(cat)))
    ]
    return tuple(dict.fromkeys(names))[:30]
