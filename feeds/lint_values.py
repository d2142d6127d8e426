"""The value of one property: its type (RFC 5545 §3.3), its escaping, its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Protocol

Complaint = tuple[str, str]  # code, words
TEXT = {
    "SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "NAME", "PRODID", "UID", "STATUS", "TRANSP",
    "CLASS", "X-WR-CALNAME", "X-WR-CALDESC", "TZNAME", "COLOR",
}  # fmt: skip
LISTS = {"CATEGORIES", "RESOURCES"}
UTC_ONLY = {"DTSTAMP", "CREATED", "LAST-MODIFIED"}
TIMES = {"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"}
CHOICES = {
    "STATUS": {"TENTATIVE", "CONFIRMED", "CANCELLED"},
    "TRANSP": {"OPAQUE", "TRANSPARENT"},
    "CALSCALE": {"GREGORIAN"},
    "VERSION": {"2.0"},
}
VALUE_NEEDED = {"REFRESH-INTERVAL": "DURATION", "SOURCE": "URI", "IMAGE": ("URI", "BINARY")}
KNOWN_VALUES = {
    "DTSTART": {"DATE", "DATE-TIME"},
    "DTEND": {"DATE", "DATE-TIME"},
    "EXDATE": {"DATE", "DATE-TIME"},
    "RDATE": {"DATE", "DATE-TIME", "PERIOD"},
    "RECURRENCE-ID": {"DATE", "DATE-TIME"},
}
_DURATION = re.compile(
    r"[+-]?P(?:\d+W|\d+D(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?|T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)"
)
_OFFSET = re.compile(r"[+-](?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]+")
_GEO = re.compile(r"[+-]?\d+(?:\.\d+)?;[+-]?\d+(?:\.\d+)?")


class Line(Protocol):
    """What is needed of a property."""

    name: str
    params: dict[str, list[str]]
    value: str


def check_value(prop: Line) -> Iterator[Complaint]:
    """Complaints about one property's value and parameters."""
    yield from _check_kind(prop)
    yield from _check_choice(prop)
    name, value = prop.name, prop.value
    if name in TEXT | LISTS:
        yield from _check_text(value, lists=name in LISTS)
    elif name in UTC_ONLY:
        if not is_moment(value) or not value.endswith("Z"):
            yield "utc", f"{value!r} is no UTC moment"
    elif name in TIMES:
        yield from _check_times(prop)
    elif name in ("DURATION", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        if not _DURATION.fullmatch(value):
            yield "duration", f"{value!r} is no duration"
    elif name in ("URL", "SOURCE", "TZURL"):
        if not _URI.fullmatch(value):
            yield "uri", f"{value!r} is no URI"
    elif name in ("TZOFFSETFROM", "TZOFFSETTO"):
        if not _OFFSET.fullmatch(value) or value in ("-0000", "-000000"):
            yield "offset", f"{value!r} is no offset with sign"
    elif name == "GEO":
        yield from _check_geo(value)
    elif name in ("SEQUENCE", "PRIORITY"):
        if not re.fullmatch(r"\d{1,10}", value):
            yield "integer", f"{value!r} is no number"
    elif name == "RRULE":
        yield from _check_rule(value)


def _check_kind(prop: Line) -> Iterator[Complaint]:
    """The VALUE parameter: needed without default in RFC 7986 §5.7, §5.8, §5.10."""
    given = prop.params.get("VALUE", [])
    needed = VALUE_NEEDED.get(prop.name)
    if needed is not None and not (len(given) == 1 and given[0] in needed):
        yield "value", f"needs VALUE={needed if isinstance(needed, str) else needed[0]}"
    allowed = KNOWN_VALUES.get(prop.name)
    if allowed and any(v not in allowed for v in given):
        yield "value", f"VALUE={given[0]} does not belong here"
    if "TZID" in prop.params and (prop.value.endswith("Z") or "DATE" in given):
        yield "tzid", "TZID stands with local times only"


def _check_choice(prop: Line) -> Iterator[Complaint]:
    choices = CHOICES.get(prop.name)
    if choices and prop.value not in choices:
        yield "choice", f"{prop.value!r} is none of {', '.join(sorted(choices))}"
    if prop.name in ("UID", "PRODID") and not prop.value.strip():
        yield "required", "is empty"


def _check_text(value: str, *, lists: bool) -> Iterator[Complaint]:
    """Backslash before `\\ ; , n N` only; a bare `;` never, a bare `,` in lists only (§3.3.11)."""
    bare = re.sub(r"\\[\\;,nN]", "", value)
    if "\\" in bare:
        yield "escape", "a backslash that escapes nothing"
    if ";" in bare:
        yield "escape", "a semicolon without backslash"
    if "," in bare and not lists:
        yield "escape", "a comma without backslash"


def is_moment(value: str) -> bool:
    """Whether it is a DATE-TIME that exists (§3.3.5)."""
    match = re.fullmatch(r"(\d{8}T\d{6})Z?", value)
    return match is not None and _exists(match[1], "%Y%m%dT%H%M%S")


def is_day(value: str) -> bool:
    """Whether it is a DATE that exists (§3.3.4)."""
    return re.fullmatch(r"\d{8}", value) is not None and _exists(value, "%Y%m%d")


def _exists(value: str, form: str) -> bool:
    try:
        found: date = datetime.strptime(value, form)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return found is not None


def _check_times(prop: Line) -> Iterator[Complaint]:
    days = "DATE" in prop.params.get("VALUE", [])
    values = prop.value.split(",") if prop.name in ("EXDATE", "RDATE") else [prop.value]
    for value in values:
        if days and not is_day(value):
            yield "date", f"{value!r} is no date"
        elif not days and not is_moment(value) and "/" not in value:
            yield "date", f"{value!r} is no moment"


def _check_geo(value: str) -> Iterator[Complaint]:
    if not _GEO.fullmatch(value):
        yield "geo", f"{value!r} is not `latitude;longitude`"
        return
    latitude, longitude = map(float, value.split(";"))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        yield "geo", f"{value!r} is not on earth"


def _check_rule(value: str) -> Iterator[Complaint]:
    parts = [part.partition("=") for part in value.split(";")]
    names = [name for name, _, _ in parts]
    if any(not sign or not text for _, sign, text in parts) or len(set(names)) != len(names):
        yield "rrule", f"{value!r} is no list of NAME=value, each once"
    elif {n: v for n, _, v in parts}.get("FREQ") not in (
        "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY",
    ):  # fmt: skip
        yield "rrule", "has no FREQ"
