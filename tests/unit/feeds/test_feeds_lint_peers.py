"""Thirty-four defects seeded into a published calendar: ours tells each, the usual parsers few.

The defects are those that make calendar programs drop or misplace events (RFC 5545, RFC 7986); a parser
catches one when it raises or counts a mistake. `python -m tests.unit.feeds.test_feeds_lint_peers` prints the
table, with ical.js and node-ical where they are installed.
"""

from __future__ import annotations

import base64
import ctypes
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import icalendar
import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

from feeds.lint import lint_calendar
from feeds.pieces import Pieces, assemble_calendar
from feeds.select import Agenda
from feeds.urls import REGION
from tests.unit.feeds.feeds_world import INFO, TODAY, voice, world
from tests.unit.feeds.test_feeds_libical import load_libical, read

NODE = Path(__file__).parents[2] / "browser"
SCRIPT = """
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";
const tries = {
  "ical.js": (text) => {
    const root = new ICAL.Component(ICAL.parse(text));
    for (const one of root.getAllSubcomponents("vevent")) {
      const event = new ICAL.Event(one);
      event.startDate.toJSDate();
      event.endDate.toJSDate();
    }
  },
  "node-ical": (text) => nodeIcal.sync.parseICS(text),
};
const texts = JSON.parse(readFileSync(0, "utf8")).map((one) => Buffer.from(one, "base64").toString("utf8"));
const found = {};
for (const [name, parse] of Object.entries(tries)) {
  found[name] = texts.map((text) => { try { parse(text); return false; } catch { return true; } });
}
console.log(JSON.stringify(found));
"""


@cache
def calendar() -> bytes:
    return assemble_calendar(Agenda(world(), INFO, TODAY), REGION, voice(), Pieces())


@dataclass(frozen=True)
class Swap:
    """Puts other bytes in place of some, once."""

    old: bytes
    new: bytes

    def __call__(self, data: bytes) -> bytes:
        assert self.old in data, self.old
        return data.replace(self.old, self.new, 1)


START = b"DTSTART;TZID=Europe/Amsterdam:20261128T200000"
END = b"DTEND;TZID=Europe/Amsterdam:20261128T223000"
SPAN = b"DTEND;VALUE=DATE:20261129"  # of the open day on the 28th
STAMP = b"DTSTAMP:20261120T063000Z\r\n"
RULE = b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"


def crowd(data: bytes) -> bytes:
    """A thousand events more, each with a UID of its own."""
    event = data[data.index(b"BEGIN:VEVENT") : data.index(b"END:VEVENT") + 12]
    more = (event.replace(b"UID:", b"UID:%d-" % number) for number in range(1100))
    return data.replace(b"END:VCALENDAR", b"".join(more) + b"END:VCALENDAR")


DEFECTS: dict[str, Callable[[bytes], bytes]] = {
    "lines end with LF alone": lambda d: d.replace(b"\r\n", b"\n"),
    "no end of line after the last": lambda d: d.removesuffix(b"\r\n"),
    "a line of 200 octets": lambda d: d.replace(b"\r\n ", b""),
    "a fold within a character": Swap("Poëzie".encode(), b"Po\xc3\r\n \xabzie"),
    "a byte order mark": lambda d: b"\xef\xbb\xbf" + d,
    "Latin-1": Swap("Poëzie".encode(), b"Po\xebzie"),
    "a control character": Swap(b"SUMMARY:Open dag", b"SUMMARY:Open\x07dag"),
    "an unescaped comma": Swap(b"De Spil\\, grote zaal", b"De Spil, grote zaal"),
    "an unescaped semicolon": Swap(b"zonen\\; een", b"zonen; een"),
    "a bare newline in a text": Swap(b"SUMMARY:Open dag", b"SUMMARY:Open\r\ndag"),
    "a METHOD in a subscription": Swap(b"VERSION:2.0\r\n", b"VERSION:2.0\r\nMETHOD:PUBLISH\r\n"),
    "no VERSION": Swap(b"VERSION:2.0\r\n", b""),
    "two PRODIDs": Swap(b"VERSION:2.0\r\n", b"VERSION:2.0\r\nPRODID:x\r\n"),
    "REFRESH-INTERVAL without its VALUE": Swap(b";VALUE=DURATION:", b":"),
    "no component": lambda d: d[: d.index(b"BEGIN:VTIMEZONE")] + b"END:VCALENDAR\r\n",
    "a zone that is not declared": Swap(b"TZID:Europe/Amsterdam", b"TZID:Europe/Brussels"),
    "a zone of dates alone": Swap(RULE, b"RDATE:20261025T030000"),
    "a floating time": Swap(START, START.replace(b";TZID=Europe/Amsterdam", b"")),
    "no UID": Swap(b"UID:o-orgel\r\n", b""),
    "a UID twice": Swap(b"UID:o-orgel\r\n", b"UID:o-dag\r\n"),
    "no DTSTAMP": Swap(STAMP, b""),
    "a DTSTAMP that is not UTC": Swap(STAMP, STAMP.replace(b"Z", b"")),
    "an all-day end that is inclusive": Swap(SPAN, b"DTEND;VALUE=DATE:20261128"),
    "an end before its start": Swap(END, END.replace(b"2230", b"1930")),
    "an end of another type": Swap(END, b"DTEND;VALUE=DATE:20261129"),
    "an end and a duration": Swap(END, END + b"\r\nDURATION:PT2H"),
    "COUNT and UNTIL": Swap(END, END + b"\r\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20261230T190000Z"),
    "UNTIL in local time": Swap(END, END + b"\r\nRRULE:FREQ=DAILY;UNTIL=20261230T190000"),
    "an EXDATE of another type": Swap(
        END, END + b"\r\nRRULE:FREQ=DAILY;COUNT=9\r\nEXDATE;VALUE=DATE:20261201"
    ),
    "a STATUS of our own": Swap(b"STATUS:CONFIRMED", b"STATUS:SOLD-OUT"),
    "a GEO with decimal commas": Swap(b"GEO:52.2658;6.7931", b"GEO:52,2658;6,7931"),
    "a GEO off the earth": Swap(b"GEO:52.2658;6.7931", b"GEO:152.2658;6.7931"),
    "a URL that is none": Swap(b"\r\nURL:https://agenda.example/ev", b"\r\nURL:www.agenda.example ev"),
    "more events than Google reads": crowd,
}


def by_icalendar(data: bytes) -> bool:
    root = icalendar.Calendar.from_ical(data)
    return any(component.errors for component in root.walk())


def by_vobject(data: bytes) -> bool:
    vobject.readOne(data.decode()).validate()
    return False


def by_ical(data: bytes) -> bool:
    IcsCalendarStream.calendar_from_ics(data.decode())
    return False


def by_libical(library: ctypes.CDLL, data: bytes) -> bool:
    return read(library, data)[0] > 0


def catches(parser: Callable[[bytes], bool], data: bytes) -> bool:
    """Whether a parser raises or counts a mistake."""
    try:
        return parser(data)
    except Exception:
        return True


def parsers() -> dict[str, Callable[[bytes], bool]]:
    """The parsers that can be had here."""
    found = {"icalendar": by_icalendar, "vobject": by_vobject, "ical": by_ical}
    library = load_libical()
    return found | ({"libical": partial(by_libical, library)} if library else {})


def test_there_are_thirty_four_and_the_calendar_is_sound_without_them() -> None:
    assert len(DEFECTS) == 34
    assert lint_calendar(calendar()) == []
    assert [name for name, parser in parsers().items() if catches(parser, calendar())] == []


@pytest.mark.parametrize("name", DEFECTS)
def test_ours_tells_each(name: str) -> None:
    broken = DEFECTS[name](calendar())
    assert broken != calendar()
    assert lint_calendar(broken)


@pytest.mark.filterwarnings("ignore")  # some parsers warn, which stops nobody
def test_no_usual_parser_does() -> None:
    """Why the linter is ours: were one of them as strict, ours would have to go."""
    few = [make(calendar()) for make in DEFECTS.values() if make is not crowd]
    for name, parser in parsers().items():
        caught = sum(catches(parser, data) for data in few)
        assert 0 < caught < len(few) / 2, f"{name} catches {caught} of {len(few)}"


def main() -> None:
    """The table: a row per defect, a column per parser."""
    files = [make(calendar()) for make in DEFECTS.values()]
    found = {"ours": [bool(lint_calendar(data)) for data in files]}
    found |= {name: [catches(parser, data) for data in files] for name, parser in parsers().items()}
    if (NODE / "node_modules" / "ical.js").is_dir():
        given = json.dumps([base64.b64encode(data).decode() for data in files])
        command = ["node", "--input-type=module", "-e", SCRIPT]
        done = subprocess.run(command, cwd=NODE, input=given, capture_output=True, text=True, check=True)
        found |= json.loads(done.stdout.splitlines()[-1])
    print(f"{'':38}" + "  ".join(found))
    for row, name in enumerate(DEFECTS):
        marks = (f"{'x' if seen[row] else '.':<{len(who)}}" for who, seen in found.items())
        print(f"{name:38}" + "  ".join(marks))
    print(f"{'together':38}" + "  ".join(f"{sum(seen):<{len(who)}}" for who, seen in found.items()))


if __name__ == "__main__":
    main()
