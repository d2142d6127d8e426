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


def fold(line: str) -> str:
    """A content line with CRLF, never broken within a character or an escape."""
    if len(line) <= MOST and line.isascii():
        return line + "\r\n"
    parts = []
    while line:
        end = _end(line)
        if end < len(line) and end > 1 and line[end - 1] in "\\^":
            end -= 1
        parts.append(line[:end])
        line = line[end:]
    return "\r\n ".join(parts) + "\r\n"


def _end(line: str) -> int:
    """How many characters fit, at least one."""
    head = line[:MOST]
    if head.isascii():
        return len(head)
    room = MOST
    for number, char in enumerate(head):
        room -= len(char.encode("utf-8", "replace"))
        if room < 0:
            return max(1, number)
    return len(head)


def text_line(name: str, text: str) -> str:
    """`NAME:text`."""
    return fold(f"{name}:{escape(text)}")


def stamp(moment: datetime) -> str:
    """A moment in UTC (§3.3.5, form 2)."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def time_line(name: str, moment: datetime, *, utc: bool = False) -> str:
    """`DTSTART;TZID=Europe/Amsterdam:…` (form 3), or UTC for the hour that comes twice."""
    if utc:
        return f"{name}:{stamp(moment)}\r\n"
    return f"{name};TZID=Europe/Amsterdam:{moment.astimezone(AMSTERDAM):%Y%m%dT%H%M%S}\r\n"


def day_line(name: str, day: date) -> str:
    """`DTSTART;VALUE=DATE:…`."""
    return f"{name};VALUE=DATE:{day:%Y%m%d}\r\n"
