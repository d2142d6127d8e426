"""The strict calendar checker: a good file has no fault, and each seeded defect is found by its code."""

from __future__ import annotations

import pytest

from feeds.lint import lint_calendar, parse_line

GOOD = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Trek//Test//NL
REFRESH-INTERVAL;VALUE=DURATION:PT6H
SOURCE;VALUE=URI:https://agenda.example/agenda/region.ics
BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:a@agenda.example
DTSTAMP:20261101T120000Z
DTSTART;TZID=Europe/Amsterdam:20261205T200000
DTEND;TZID=Europe/Amsterdam:20261205T223000
SUMMARY:Bach\\, zonen\\; en meer \\\\ niets
CATEGORIES:Muziek,Hengelo\\, centrum
GEO:52.2658;6.7931
STATUS:CONFIRMED
TRANSP:TRANSPARENT
SEQUENCE:2
URL:https://agenda.example/evenement/a/
END:VEVENT
BEGIN:VEVENT
UID:b@agenda.example
DTSTAMP:20261101T120000Z
DTSTART;VALUE=DATE:20261205
DTEND;VALUE=DATE:20261206
END:VEVENT
END:VCALENDAR
"""


def as_bytes(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def codes(data: bytes) -> set[str]:
    return {fault.code for fault in lint_calendar(data)}


def test_good_file_has_no_fault() -> None:
    assert lint_calendar(as_bytes(GOOD)) == []


# (what is wrong, words to replace, replacement, code that must be told)
SEEDED = [
    ("no version", "VERSION:2.0\n", "", "required"),
    ("other version", "VERSION:2.0", "VERSION:1.0", "choice"),
    ("no prodid", "PRODID:-//Trek//Test//NL\n", "", "required"),
    ("two prodids", "VERSION:2.0\n", "VERSION:2.0\nPRODID:x\n", "once"),
    ("method", "VERSION:2.0\n", "VERSION:2.0\nMETHOD:PUBLISH\n", "method"),
    ("refresh without value", ";VALUE=DURATION:PT6H", ":PT6H", "value"),
    ("refresh no duration", "PT6H", "6H", "duration"),
    ("duration empty", "PT6H", "PT", "duration"),
    ("source without value", "SOURCE;VALUE=URI:", "SOURCE:", "value"),
    ("no uid", "UID:a@agenda.example\n", "", "required"),
    ("empty uid", "UID:a@agenda.example", "UID:", "required"),
    ("uid twice in file", "UID:b@agenda.example", "UID:a@agenda.example", "uid"),
    ("two uids", "UID:a@agenda.example\n", "UID:a@agenda.example\nUID:c\n", "once"),
    ("no dtstamp", "DTSTAMP:20261101T120000Z\nDTSTART;TZID", "DTSTART;TZID", "required"),
    ("dtstamp local", "DTSTAMP:20261101T120000Z\nDTSTART;T", "DTSTAMP:20261101T120000\nDTSTART;T", "utc"),
    ("no dtstart", "DTSTART;VALUE=DATE:20261205\n", "", "required"),
    ("two starts", "STATUS:CONFIRMED\n", "STATUS:CONFIRMED\nDTSTART:20261205T200000Z\n", "once"),
    ("end before start", "20261205T223000", "20261205T193000", "dtend"),
    ("end equals start", "20261205T223000", "20261205T200000", "dtend"),
    ("all-day end inclusive", "DTEND;VALUE=DATE:20261206", "DTEND;VALUE=DATE:20261205", "dtend"),
    ("end of other type", "DTEND;VALUE=DATE:20261206", "DTEND:20261206T000000Z", "dtend"),
    ("end and duration", "STATUS:CONFIRMED", "STATUS:CONFIRMED\nDURATION:PT2H", "dtend"),
    ("floating time", "DTSTART;TZID=Europe/Amsterdam:", "DTSTART:", "floating"),
    ("zone not declared", "DTSTART;TZID=Europe/Amsterdam", "DTSTART;TZID=Europe/Brussels", "tzid"),
    ("zone with utc", "20261205T200000", "20261205T200000Z", "tzid"),
    ("day with zone", "DTEND;VALUE=DATE:", "DTEND;VALUE=DATE;TZID=Europe/Amsterdam:", "tzid"),
    ("no such day", "DTSTART;VALUE=DATE:20261205", "DTSTART;VALUE=DATE:20261305", "date"),
    ("no such moment", "20261205T200000", "20261205T250000", "date"),
    ("day without value", "DTSTART;VALUE=DATE:20261205", "DTSTART:20261205", "date"),
    ("unknown value type", "DTSTART;VALUE=DATE:20261205", "DTSTART;VALUE=TEXT:20261205", "value"),
    ("bare comma", "Bach\\,", "Bach,", "escape"),
    ("bare semicolon", "zonen\\;", "zonen;", "escape"),
    ("odd backslash", "Bach\\,", "Bach\\x", "escape"),
    ("bad status", "STATUS:CONFIRMED", "STATUS:SOLDOUT", "choice"),
    ("bad transp", "TRANSPARENT", "FREE", "choice"),
    ("bad geo", "52.2658;6.7931", "52,2658;6,7931", "geo"),
    ("geo off earth", "52.2658;6.7931", "152.2658;6.7931", "geo"),
    ("sequence no number", "SEQUENCE:2", "SEQUENCE:two", "integer"),
    ("url no uri", "URL:https://agenda.example/evenement/a/", "URL:www agenda", "uri"),
    ("offset without sign", "TZOFFSETTO:+0100", "TZOFFSETTO:0100", "offset"),
    ("zone without parts", "BEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
     "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n", "", "required"),
    ("zone of dates only", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "RDATE:20261025T030000Z", "zone"),
    ("rule without freq", "RRULE:FREQ=YEARLY;BYMONTH=10", "RRULE:BYMONTH=10", "rrule"),
    ("count and until", "STATUS:CONFIRMED",
     "STATUS:CONFIRMED\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20261230T190000Z", "rrule"),
    ("until local", "STATUS:CONFIRMED", "STATUS:CONFIRMED\nRRULE:FREQ=DAILY;UNTIL=20261230T190000", "rrule"),
    ("until of other type", "STATUS:CONFIRMED", "STATUS:CONFIRMED\nRRULE:FREQ=DAILY;UNTIL=20261230", "rrule"),
    ("exdate floating", "STATUS:CONFIRMED", "STATUS:CONFIRMED\nEXDATE:20261206T200000", "floating"),
    ("exdate of other type", "STATUS:CONFIRMED", "STATUS:CONFIRMED\nEXDATE;VALUE=DATE:20261206", "exdate"),
    ("recurrence of other type", "STATUS:CONFIRMED", "STATUS:CONFIRMED\nRECURRENCE-ID;VALUE=DATE:20261206",
     "exdate"),
    ("organizer", "STATUS:CONFIRMED", "STATUS:CONFIRMED\nORGANIZER:mailto:a@b.example", "organizer"),
    ("alarm", "STATUS:CONFIRMED", "STATUS:CONFIRMED\nBEGIN:VALARM\nACTION:DISPLAY\nEND:VALARM", "alarm"),
    ("no end of event", "END:VEVENT\nEND:VCALENDAR", "END:VCALENDAR", "nesting"),
    ("event in event", "STATUS:CONFIRMED\n", "BEGIN:VEVENT\nEND:VEVENT\n", "nesting"),
    ("no content line", "STATUS:CONFIRMED", "STATUS CONFIRMED", "syntax"),
    ("outside", "BEGIN:VCALENDAR\n", "X-A:1\nBEGIN:VCALENDAR\n", "stream"),
    ("empty line", "STATUS:CONFIRMED\n", "STATUS:CONFIRMED\n\n", "empty-line"),
    ("too long", "SUMMARY:Bach", "SUMMARY:" + "é" * 40, "fold"),
    ("control", "SUMMARY:Bach", "SUMMARY:\x07Bach", "control"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code"), [s[1:] for s in SEEDED], ids=[s[0] for s in SEEDED])
def test_seeded_defect_is_told(old: str, new: str, code: str) -> None:
    broken = GOOD.replace(old, new, 1)
    assert broken != GOOD
    assert code in codes(as_bytes(broken))


RAW = [
    ("bare LF", as_bytes(GOOD).replace(b"\r\nSTATUS", b"\nSTATUS"), "line-end"),
    ("CR inside", as_bytes(GOOD).replace(b"Bach", b"Ba\rch"), "line-end"),
    ("no end of line at the end", as_bytes(GOOD).removesuffix(b"\r\n"), "line-end"),
    ("byte order mark", b"\xef\xbb\xbf" + as_bytes(GOOD), "bom"),
    ("latin-1", as_bytes(GOOD).replace(b"Bach", b"B\xe4ch"), "utf-8"),
    ("fold inside a character", as_bytes(GOOD).replace(b"Bach", b"B\xc3\r\n \xa4ch"), "utf-8"),
    ("two calendars", as_bytes(GOOD) * 2, "stream"),
    ("nothing", b"", "stream"),
    ("web page", b"<!doctype html>\r\n", "syntax"),
    ("no component", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n", "empty"),
]


@pytest.mark.parametrize(("data", "code"), [r[1:] for r in RAW], ids=[r[0] for r in RAW])
def test_seeded_bytes_are_told(data: bytes, code: str) -> None:
    assert code in codes(data)


def test_a_calendar_that_google_drops_is_told() -> None:
    event = GOOD[GOOD.rindex("BEGIN:VEVENT") : GOOD.rindex("END:VCALENDAR")]
    rest = [event.replace("UID:b", f"UID:{number}") for number in range(998)]
    for extra, told in ((rest[:-1], set()), (rest, {"size"})):
        text = GOOD.replace("END:VCALENDAR", "".join(extra) + "END:VCALENDAR")
        assert codes(as_bytes(text)) == told
    long = GOOD.replace("STATUS:CONFIRMED\n", "STATUS:CONFIRMED\n" + "COMMENT:x\n" * 100_000)
    assert codes(as_bytes(long)) == {"size"}


def test_fold_is_undone_before_reading() -> None:
    folded = as_bytes(GOOD).replace(b"SUMMARY:Bach", b"SUMM\r\n ARY:Ba\r\n\tch")
    assert lint_calendar(folded) == []


def test_fault_names_its_line() -> None:
    fault = next(f for f in lint_calendar(as_bytes(GOOD.replace("TRANSP:TRANSPARENT", "TRANSP:FREE"))))
    assert GOOD.split("\n")[fault.line - 1].startswith("TRANSP")


def test_quoted_parameter_may_hold_signs() -> None:
    prop = parse_line(1, 'ATTENDEE;CN="A; b: c, d";ROLE=X,Y:mailto:a@b.c')
    assert prop is not None
    assert prop.params == {"CN": ["A; b: c, d"], "ROLE": ["X", "Y"]}
    assert prop.value == "mailto:a@b.c"


def test_method_is_fine_outside_a_subscription() -> None:
    text = GOOD.replace("VERSION:2.0\n", "VERSION:2.0\nMETHOD:PUBLISH\n")
    assert lint_calendar(as_bytes(text), published=False) == []
