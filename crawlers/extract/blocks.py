"""iCalendar text cut into its components before a library reads it (RFC 5545 §3.4, §3.6).

So that one damaged or monstrous component costs itself and not the whole file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MOST_BLOCK = 200_000  # characters of one component
_START_YEAR = re.compile(r"^DTSTART[^:\n]*:(\d{4})", re.MULTILINE)
_REPEATS = re.compile(r"^(?:RRULE|RDATE|RECURRENCE-ID)[;:]", re.MULTILINE)


@dataclass(slots=True)
class Calendar:
    """The text of one VCALENDAR: of its own lines the one that names its zone; its zones; its events."""

    lines: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def text(self, events: list[str]) -> str:
        """A VCALENDAR with these events."""
        return "\r\n".join(["BEGIN:VCALENDAR", *self.lines, *self.zones, *events, "END:VCALENDAR", ""])


def split_calendars(text: str) -> list[Calendar]:
    """Every VCALENDAR in a text. Alarms are dropped; components without an end stand in `lost`."""
    found: list[Calendar] = []
    calendar = Calendar()
    block: list[str] = []
    name, depth, length = "", 0, 0
    for line in re.split(r"\r\n|\r|\n", text.lstrip("\ufeff")):
        head = line[:40].rstrip().upper()
        if not line.strip():
            continue
        if head == "BEGIN:VCALENDAR":
            if block:
                calendar.lost.append(block[0])
            calendar, block, depth = Calendar(), [], 0
            found.append(calendar)
        elif head in ("BEGIN:VEVENT", "BEGIN:VTIMEZONE"):
            if block:
                calendar.lost.append(_title(block))
            name, block, depth, length = head[6:], [line.strip()], 0, 0
        elif not block:
            if head.startswith("X-WR-TIMEZONE") and not calendar.lines and len(line) < 200:
                calendar.lines.append(line.strip())
        elif head == f"END:{name}" and depth <= 0:
            block.append(line.strip())
            _keep(calendar, name, block, length)
            block = []
        elif name == "VEVENT" and head.startswith(("BEGIN:", "END:")):
            depth += 1 if head.startswith("BEGIN:") else -1
        elif depth <= 0 or name == "VTIMEZONE":
            length += len(line)
            if length <= _MOST_BLOCK:
                block.append(line)
    if block:
        calendar.lost.append(_title(block))
    return found if found or not (calendar.events or calendar.lost) else [calendar]


def _keep(calendar: Calendar, name: str, block: list[str], length: int) -> None:
    if length > _MOST_BLOCK:
        calendar.lost.append(_title(block))
    elif name == "VEVENT":
        calendar.events.append("\r\n".join(block))
    else:
        calendar.zones.append("\r\n".join(block))


def _title(block: list[str]) -> str:
    """A line that tells a person which component it is."""
    return next((line for line in block if line.upper().startswith(("SUMMARY", "UID"))), block[0])[:150]


def trim(events: list[str], year: int, most: int) -> list[str]:
    """At most `most` events; single ones that began before the year before `year` go first."""
    if len(events) <= most:
        return events
    kept = [
        e
        for e in events
        if _REPEATS.search(e) or not (found := _START_YEAR.search(e)) or int(found[1]) >= year - 1
    ]
    return kept[:most]
