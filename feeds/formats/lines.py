"""Content lines of iCalendar (RFC 5545 §3.1): escaped, folded, ended with CRLF.

Our own and not the icalendar package's, as that takes a millisecond for an event, and a region's
calendars hold tens of thousands; tests hold every byte against that package.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from aggregator.clock import AMSTERDAM

MOST = 74  # octets of a line before it is folded; the limit is 75


def escape(text: str) -> str:
    """A TEXT value (§3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(text: str) -> bytes:
    """Content lines, each ended with CRLF: none too long, none broken within a character or an escape."""
    data = text.encode("utf-8", "replace")
    lines = data.split(b"\r\n")
    return b"\r\n".join(line if len(line) <= MOST else _folded(line) for line in lines)


def _folded(line: bytes) -> bytes:
    parts, start, end = [], 0, MOST
    while end < len(line):
        while line[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        if line[end - 1] in b"\\^":
            end -= 1
        parts.append(line[start:end])
        start, end = end, end + MOST
    parts.append(line[start:])
    return b"\r\n ".join(parts)


def text_line(name: str, text: str) -> str:
    """`NAME:text`, not folded."""
    return f"{name}:{escape(text)}\r\n"


def stamp(moment: datetime) -> str:
    """A moment in UTC (§3.3.5, form 2)."""
    return f"{_digits(moment.astimezone(UTC))}Z"


def _digits(moment: datetime) -> str:
    bare = moment.replace(tzinfo=None, microsecond=0)  # without the search for an offset that is not printed
    return bare.isoformat().replace("-", "").replace(":", "")


def time_line(name: str, moment: datetime, *, utc: bool = False) -> str:
    """`DTSTART;TZID=Europe/Amsterdam:…` (form 3), or UTC for the hour that comes twice."""
    if utc:
        return f"{name}:{stamp(moment)}\r\n"
    return f"{name};TZID=Europe/Amsterdam:{_digits(moment.astimezone(AMSTERDAM))}\r\n"


def day_line(name: str, day: date) -> str:
    """`DTSTART;VALUE=DATE:…`."""
    return f"{name};VALUE=DATE:{day.isoformat().replace('-', '')}\r\n"
