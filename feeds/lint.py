"""A strict checker of iCalendar files (RFC 5545, RFC 7986): every fault, with its line.

The usual parsers take most faulty files without a word, while Google or Outlook then drop single
events or the whole file. This reads the bytes itself and shares no code with what writes them.
`lint_calendar(data)` gives the faults; an empty list means that none was found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from feeds.lint_values import check_value

MOST_OCTETS = 75
MOST_BYTES, MOST_EVENTS = 1_000_000, 1_000  # of which more makes Google drop the file
_NAME = re.compile(r"[A-Za-z0-9-]+")
# RFC 5545 §3.6: what a component must have, and what it may have at most once.
REQUIRED = {
    "VCALENDAR": ("PRODID", "VERSION"),
    "VEVENT": ("UID", "DTSTAMP", "DTSTART"),
    "VTIMEZONE": ("TZID",),
    "STANDARD": ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"),
    "DAYLIGHT": ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"),
}
ONCE = {
    "VCALENDAR": "PRODID VERSION CALSCALE METHOD UID LAST-MODIFIED URL REFRESH-INTERVAL SOURCE COLOR "
    "X-PUBLISHED-TTL X-WR-CALNAME X-WR-CALDESC X-WR-TIMEZONE",
    "VEVENT": "UID DTSTAMP DTSTART DTEND DURATION CLASS CREATED DESCRIPTION GEO LAST-MODIFIED LOCATION "
    "ORGANIZER PRIORITY SEQUENCE STATUS SUMMARY TRANSP URL RECURRENCE-ID RRULE COLOR",
    "VTIMEZONE": "TZID LAST-MODIFIED TZURL",
    "STANDARD": "DTSTART TZOFFSETFROM TZOFFSETTO RRULE",
    "DAYLIGHT": "DTSTART TZOFFSETFROM TZOFFSETTO RRULE",
}
INSIDE = {
    "VCALENDAR": (None,),
    "VEVENT": ("VCALENDAR",),
    "VTIMEZONE": ("VCALENDAR",),
    "STANDARD": ("VTIMEZONE",),
    "DAYLIGHT": ("VTIMEZONE",),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: line number (from 1, of the file), a code, and words for a person."""

    line: int
    code: str
    text: str


@dataclass(slots=True)
class Property:
    """A content line taken apart (§3.1): name and parameter names in capitals."""

    line: int
    name: str
    params: dict[str, list[str]]
    value: str


@dataclass(slots=True)
class Component:
    """A component with its properties and parts."""

    line: int
    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """The properties of a name."""
        return [p for p in self.properties if p.name == name]

    def value(self, name: str) -> str | None:
        """The first value of a name."""
        found = self.all(name)
        return found[0].value if found else None


def lint_calendar(data: bytes, *, published: bool = True) -> list[Fault]:
    """Faults in order of line; `published` adds the rules for a subscribed feed (no METHOD, refresh)."""
    faults: list[Fault] = list(_check_bytes(data))
    lines = _unfold(data)
    roots = _components(lines, faults)
    if len(roots) != 1 or roots[0].name != "VCALENDAR":
        faults.append(Fault(1, "stream", "the file must hold exactly one VCALENDAR"))
    for root in roots:
        _check_component(root, None, faults)
        _check_references(root, faults)
        if published:
            faults.extend(_check_published(root, len(data)))
    return sorted(faults, key=lambda f: (f.line, f.code))


def _check_bytes(data: bytes) -> Iterator[Fault]:
    """Line ends, folding, encoding and control characters (§3.1)."""
    if data.startswith(b"\xef\xbb\xbf"):
        yield Fault(1, "bom", "a byte order mark; several readers refuse the file")
    if not data.endswith(b"\r\n"):
        yield Fault(data.count(b"\n") + 1, "line-end", "the file does not end with CRLF")
    for number, line in enumerate(data.split(b"\n"), 1):
        bare = line.removesuffix(b"\r")
        if line and not line.endswith(b"\r") and number <= data.count(b"\n"):
            yield Fault(number, "line-end", "the line ends with LF alone; it must be CRLF")
        if b"\r" in bare:
            yield Fault(number, "line-end", "a CR inside the line")
        if len(bare) > MOST_OCTETS:
            yield Fault(number, "fold", f"{len(bare)} octets; at most {MOST_OCTETS}")
        if not bare and number <= data.count(b"\n"):
            yield Fault(number, "empty-line", "an empty line")
        if re.search(rb"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]", bare):
            yield Fault(number, "control", "a control character")
        try:
            bare.decode("utf-8")
        except UnicodeDecodeError:
            yield Fault(number, "utf-8", "no valid UTF-8, or a fold inside a character")


def _unfold(data: bytes) -> list[tuple[int, str]]:
    """Logical lines with the number of their first physical line."""
    lines: list[tuple[int, bytes]] = []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        line = raw.removesuffix(b"\r")
        if line[:1] in (b" ", b"\t") and lines:
            lines[-1] = (lines[-1][0], lines[-1][1] + line[1:])
        elif line:
            lines.append((number, line))
    return [(number, line.decode("utf-8", "replace")) for number, line in lines]


def parse_line(number: int, line: str) -> Property | None:
    """A content line taken apart, or None when it is none."""
    name = _NAME.match(line)
    if name is None:
        return None
    at, params = name.end(), {}
    while line[at : at + 1] == ";":
        match = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)').match(
            line, at
        )
        if match is None:
            return None
        params[match[1].upper()] = [v.strip('"') for v in re.findall(r'"[^"]*"|[^,]+', match[2])]
        at = match.end()
    if line[at : at + 1] != ":":
        return None
    return Property(number, name[0].upper(), params, line[at + 1 :])


def _components(lines: list[tuple[int, str]], faults: list[Fault]) -> list[Component]:
    """The tree of components; every BEGIN needs its END."""
    roots: list[Component] = []
    stack: list[Component] = []
    for number, line in lines:
        prop = parse_line(number, line)
        if prop is None:
            faults.append(Fault(number, "syntax", f"no content line: {line[:40]!r}"))
        elif prop.name == "BEGIN":
            component = Component(number, prop.value.upper())
            (stack[-1].parts if stack else roots).append(component)
            stack.append(component)
        elif prop.name == "END":
            if not stack or stack[-1].name != prop.value.upper():
                faults.append(Fault(number, "nesting", f"END:{prop.value} without its BEGIN"))
            if stack:
                stack.pop()
        elif stack:
            stack[-1].properties.append(prop)
        else:
            faults.append(Fault(number, "stream", f"{prop.name} outside a component"))
    faults += [Fault(c.line, "nesting", f"BEGIN:{c.name} without its END") for c in stack]
    return roots


def _check_component(component: Component, parent: str | None, faults: list[Fault]) -> None:
    name, line = component.name, component.line
    if name in INSIDE and parent not in INSIDE[name]:
        faults.append(Fault(line, "nesting", f"{name} inside {parent or 'nothing'}"))
    counts = Counter(p.name for p in component.properties)
    for wanted in REQUIRED.get(name, ()):
        if not counts[wanted]:
            faults.append(Fault(line, "required", f"{name} has no {wanted}"))
    for single in ONCE.get(name, "").split():
        if counts[single] > 1:
            faults.append(Fault(line, "once", f"{name} has {counts[single]} times {single}"))
    for prop in component.properties:
        faults += [Fault(prop.line, code, f"{prop.name}: {text}") for code, text in check_value(prop)]
    if name == "VEVENT":
        faults.extend(_check_event(component))
    if name == "VTIMEZONE" and not any(p.name in ("STANDARD", "DAYLIGHT") for p in component.parts):
        faults.append(Fault(line, "required", "VTIMEZONE has neither STANDARD nor DAYLIGHT"))
    if name == "VCALENDAR" and not component.parts:
        faults.append(Fault(line, "empty", "a VCALENDAR needs a component (§3.6)"))
    for part in component.parts:
        _check_component(part, name, faults)


def _kind(prop: Property) -> str:
    return "DATE" if "DATE" in prop.params.get("VALUE", []) else "DATE-TIME"


def _check_event(event: Component) -> Iterator[Fault]:
    """DTSTART, DTEND and DURATION together (§3.6.1), and the rule's end (§3.3.10)."""
    start, end = event.all("DTSTART"), event.all("DTEND")
    if end and event.all("DURATION"):
        yield Fault(end[0].line, "dtend", "DTEND and DURATION exclude each other")
    if start and end:
        if _kind(start[0]) != _kind(end[0]):
            yield Fault(end[0].line, "dtend", "DTEND has another value type than DTSTART")
        elif start[0].params.get("TZID") == end[0].params.get("TZID") and end[0].value <= start[0].value:
            yield Fault(end[0].line, "dtend", "DTEND is not later than DTSTART")
    for prop in (*start, *end, *event.all("RECURRENCE-ID"), *event.all("EXDATE"), *event.all("RDATE")):
        local = _kind(prop) == "DATE-TIME" and not prop.value.endswith("Z")
        if local and "TZID" not in prop.params:
            yield Fault(prop.line, "floating", f"{prop.name} is a local time without TZID")
    for prop in (*event.all("RECURRENCE-ID"), *event.all("EXDATE")):
        if start and _kind(prop) != _kind(start[0]):
            yield Fault(prop.line, "exdate", f"{prop.name} has another value type than DTSTART")
    for rule in event.all("RRULE"):
        parts = dict(p.split("=", 1) for p in rule.value.upper().split(";") if "=" in p)
        if "COUNT" in parts and "UNTIL" in parts:
            yield Fault(rule.line, "rrule", "COUNT and UNTIL exclude each other")
        if "UNTIL" in parts and start and ("T" in parts["UNTIL"]) != (_kind(start[0]) == "DATE-TIME"):
            yield Fault(rule.line, "rrule", "UNTIL has another value type than DTSTART")
        elif "UNTIL" in parts and "T" in parts["UNTIL"] and not parts["UNTIL"].endswith("Z"):
            yield Fault(rule.line, "rrule", "UNTIL must be in UTC")


def _check_references(root: Component, faults: list[Fault]) -> None:
    """Every TZID declared (§3.2.19) and once, every UID once unless a recurrence is replaced."""
    zones = Counter(z.value("TZID") for z in root.parts if z.name == "VTIMEZONE")
    for zone, count in zones.items():
        if count > 1:
            faults.append(Fault(root.line, "tzid", f"VTIMEZONE {zone} is declared {count} times"))
    seen: dict[tuple[str | None, str | None], int] = {}
    for event in (c for c in root.parts if c.name == "VEVENT"):
        key = (event.value("UID"), event.value("RECURRENCE-ID"))
        if key[0] is not None and key in seen:
            faults.append(Fault(event.line, "uid", f"UID {key[0]} was used in line {seen[key]}"))
        seen.setdefault(key, event.line)
        for prop in event.properties:
            for zone in prop.params.get("TZID", []):
                if zone not in zones:
                    faults.append(Fault(prop.line, "tzid", f"{zone} is not declared"))


def _check_published(root: Component, size: int) -> Iterator[Fault]:
    """What a subscribed feed must have besides."""
    events = [part for part in root.parts if part.name == "VEVENT"]
    if size >= MOST_BYTES or len(events) >= MOST_EVENTS:
        yield Fault(root.line, "size", f"{len(events)} events in {size} bytes; Google drops the file")
    for event in events:
        for organizer in event.all("ORGANIZER"):
            yield Fault(organizer.line, "organizer", "with an ORGANIZER Outlook shows a meeting")
        for alarm in event.parts:
            yield Fault(alarm.line, "alarm", f"a {alarm.name}: a public calendar wakes nobody")
    for method in root.all("METHOD"):
        yield Fault(method.line, "method", "a subscribed calendar has no METHOD")
    for zone in (c for c in root.parts if c.name == "VTIMEZONE"):
        for part in zone.parts:
            if part.all("RDATE") and not part.all("RRULE"):
                yield Fault(part.line, "zone", "Outlook ignores a zone of RDATE only")
