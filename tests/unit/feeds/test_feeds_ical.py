"""Calendars: what stands in a VEVENT, limits, and that four independent readers agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

from aggregator.model import AllDay, Evidence, ListingRef, Status, Timed
from feeds.formats.ical import calendar_parts, render_vevent
from feeds.lint import lint_calendar
from feeds.pieces import Pieces, assemble_calendar
from feeds.scopes import scopes
from feeds.select import Agenda, Showing
from feeds.urls import REGION, Scope
from tests.unit.feeds.feeds_world import INFO, SEEN, TODAY, at, event, occurrence, voice, world


def region(language: str = "nl") -> bytes:
    return assemble_calendar(Agenda(world(), INFO, TODAY), REGION, voice(language), Pieces())


def vevents(data: bytes) -> dict[str, icalendar.Event]:
    return {str(e["UID"]): e for e in icalendar.Calendar.from_ical(data).walk("VEVENT")}


def one(
    when: Timed | AllDay, status: Status = Status.SCHEDULED, language: str = "nl", **fields: object
) -> str:
    found = event("e", "Titel", occurrence("o", when, status), **fields)
    showing = Showing(found, found.occurrences[0])
    return render_vevent(showing, voice(language)).decode().replace("\r\n ", "")


@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_every_calendar_passes_the_linter_and_three_readers(language: str) -> None:
    agenda, pieces = Agenda(world(), INFO, TODAY), Pieces()
    for scope in scopes(INFO):
        data = assemble_calendar(agenda, scope, voice(language), pieces)
        assert lint_calendar(data) == []
        expected = {s.occurrence.uid for s in agenda.showings(scope)}
        assert set(vevents(data)) == expected
        assert {e.uid for e in IcsCalendarStream.calendar_from_ics(data.decode()).events} == expected
        other = vobject.readOne(data.decode())
        assert {e.uid.value for e in other.contents.get("vevent", [])} == expected


def test_readers_agree_on_times() -> None:
    ours = {s.occurrence.uid: s.when for s in Agenda(world(), INFO, TODAY).showings(REGION)}
    data = region()
    by_ical = {e.uid: e for e in IcsCalendarStream.calendar_from_ics(data.decode()).events}
    by_vobject = {e.uid.value: e for e in vobject.readOne(data.decode()).vevent_list}
    for uid, found in vevents(data).items():
        when = ours[uid]
        if isinstance(when, AllDay):
            first, last = when.first or when.last, when.last or when.first
            assert first is not None
            assert last is not None
            assert found.decoded("DTSTART") == by_ical[uid].dtstart == by_vobject[uid].dtstart.value == first
            assert found.decoded("DTEND") == by_ical[uid].dtend == last + timedelta(days=1)
        else:
            assert (
                found.decoded("DTSTART")
                == by_ical[uid].dtstart
                == by_vobject[uid].dtstart.value
                == when.start
            )
            assert ("DTEND" in found) == (when.end is not None)
            assert when.end is None or found.decoded("DTEND") == by_ical[uid].dtend == when.end


def test_head_of_a_calendar() -> None:
    calendar = icalendar.Calendar.from_ical(region())
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Cultuuragenda Twente: Twente"
    assert "METHOD" not in calendar
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert b"X-PUBLISHED-TTL:PT6H\r\n" in region()
    assert calendar.decoded("LAST-MODIFIED") == SEEN + timedelta(days=3)
    assert b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in region()


def test_stamp_is_the_last_change_and_never_now() -> None:
    found = vevents(region())["o-af"]
    assert found.decoded("DTSTAMP") == found.decoded("LAST-MODIFIED") == SEEN + timedelta(days=3)
    assert b"DTSTAMP:20261123T063000Z\r\n" in region()
    assert found["SEQUENCE"] == 1
    assert region() == region()


@pytest.mark.parametrize(
    ("language", "prefix"), [("nl", "AFGELAST: "), ("en", "CANCELLED: "), ("de", "ABGESAGT: ")]
)
def test_cancelled_is_said_twice(language: str, prefix: str) -> None:
    found = vevents(region(language))["o-af"]
    assert found["STATUS"] == "CANCELLED"
    assert found["SUMMARY"] == f"{prefix}Jazz in de kelder"


def test_sold_out_and_moved_are_no_cancellation() -> None:
    found = vevents(region())
    assert found["o-vol-1"]["STATUS"] == "CONFIRMED"
    assert found["o-vol-1"]["SUMMARY"] == "UITVERKOCHT: Bandavond"
    assert found["o-vol-2"]["SUMMARY"] == "Bandavond"
    moved = found["o-verplaatst"]
    assert moved["STATUS"] == "CONFIRMED"
    assert "Was: woensdag 25 november 2026, 20:00–22:00 uur" in moved["DESCRIPTION"]


def test_postponed_is_off() -> None:
    text = one(Timed(at(1)), Status.POSTPONED)
    assert "STATUS:CANCELLED" in text
    assert "SUMMARY:UITGESTELD: Titel" in text


def test_all_day_end_is_the_day_after_and_blocks_nobody() -> None:
    text = one(AllDay(date(2026, 12, 5)))
    assert "DTSTART;VALUE=DATE:20261205\r\n" in text
    assert "DTEND;VALUE=DATE:20261206\r\n" in text
    assert "TRANSP:TRANSPARENT" in text


def test_span_without_first_day_says_so() -> None:
    text = one(AllDay(None, date(2026, 12, 12)))
    assert "DTSTART;VALUE=DATE:20261212" in text
    assert "SUMMARY:Titel (t/m 12 december)" in text
    assert "Begindatum niet door de bron gemeld" in text


def test_unknown_end_is_left_out() -> None:
    assert "DTEND" not in one(Timed(at(1)))
    assert "DTEND" not in one(Timed(at(1), at(1)))


def test_hour_that_comes_twice_is_told_in_utc() -> None:
    start = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 summer time
    text = one(Timed(start, start + timedelta(minutes=40)))  # 02:10 winter time
    assert "DTSTART:20261025T003000Z" in text
    assert "DTEND:20261025T011000Z" in text


def test_facts_in_the_description_and_place() -> None:
    found = vevents(region())["o-orgel"]
    lines = str(found["DESCRIPTION"]).split("\n")
    assert lines[:3] == ["Met het koor van de stad", "Zaal open: 19:30 uur", "Prijs: €\xa012,50"]
    assert "Kaarten: https://kaarten.example/orgel?x=1&y=2" in lines
    assert "Bron: De Spil https://despil.example/agenda/e-orgel" in lines
    assert found["LOCATION"] == "De Spil, grote zaal, Markt 1, 7551 AB Hengelo"
    assert found["URL"] == "https://agenda.example/evenement/e-orgel/"
    assert found.categories == ["Muziek", "Hengelo"]
    assert b"GEO:52.2658;6.7931\r\n" in region()


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("nl", "Nagekeken bij de bron op 21 november 2026; sindsdien geen wijziging gezien."),
        ("en", "Checked at the source on 21 November 2026; no change seen since."),
        ("de", "An der Quelle geprüft am 21. November 2026; seither keine Änderung gesehen."),
    ],
)
def test_the_day_on_which_the_source_was_checked(language: str, line: str) -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # after midnight in Twente
    found = event("e", "Titel", replace(occurrence("o", Timed(at(28))), checked=late))
    data = render_vevent(Showing(found, found.occurrences[0]), voice(language))
    lines = str(icalendar.Event.from_ical(data)["DESCRIPTION"]).split("\n")
    assert lines[lines.index(line) - 1].endswith("https://despil.example/agenda/e")
    assert "bron op" not in one(Timed(at(28)))  # nobody knows when


def test_opening_hours_of_an_exhibition() -> None:
    assert "Openingstijden: di t/m zo 11-17 uur" in vevents(region())["o-expo"]["DESCRIPTION"]


def test_hostile_text_stays_text() -> None:
    text = one(Timed(at(1)), description="a\r\nATTENDEE:mailto:x\x00\x07\u202e;b", subtitle="c\nEND:VEVENT")
    assert "\r\nATTENDEE" not in text
    assert "c END:VEVENT" in text
    assert "\x07" not in text
    assert "\u202e" not in text


def test_script_address_is_no_ticket_link() -> None:
    assert "javascript" not in one(Timed(at(1)), ticket_url="javascript:alert(1)")


def test_empty_calendar_is_valid() -> None:
    data = assemble_calendar(Agenda([], INFO, TODAY), Scope(venue="ketelhal"), voice(), Pieces())
    assert lint_calendar(data) == []
    assert b"BEGIN:VTIMEZONE" in data


def many(count: int, text: str = "") -> bytes:
    dates = (occurrence(f"o{n:04}", Timed(at(25) + timedelta(hours=n))) for n in range(count))
    agenda = Agenda([event("e", "Reeks", *dates, description=text)], INFO, TODAY)
    return b"".join(calendar_parts(REGION, agenda.showings(REGION), voice(), TODAY))


def test_limit_of_events_is_kept_and_told() -> None:
    data = many(1200)
    assert data.count(b"BEGIN:VEVENT") == 999
    note = str(icalendar.Calendar.from_ical(data)["DESCRIPTION"])
    assert "201 data zijn weggelaten; deze agenda loopt tot en met 6 januari 2027." in note
    assert lint_calendar(data) == []


def test_limit_of_bytes_is_kept_and_told() -> None:
    data = many(990, "woorden " * 70)
    assert len(data) <= 900_000
    assert 700 < data.count(b"BEGIN:VEVENT") < 990
    assert b"weggelaten" in data.replace(b"\r\n ", b"")


def test_uid_stands_once_in_a_file() -> None:
    twice = [
        event("e-1", "A", occurrence("o", Timed(at(28)))),
        event("e-2", "B", occurrence("o", Timed(at(28)))),
    ]
    data = assemble_calendar(Agenda(twice, INFO, TODAY), REGION, voice(), Pieces())
    assert data.count(b"BEGIN:VEVENT") == 1


def test_rights_of_the_source_are_kept() -> None:
    base = replace(world()[0], description="Woord " * 100)
    for source, most in (("strikt", 0), ("uit-hengelo", 200), ("de-spil", 600)):
        shown = replace(base, evidence={"description": Evidence(ListingRef(source, "1"))})
        text = render_vevent(Showing(shown, shown.occurrences[0]), voice()).decode()
        assert most - 60 <= text.replace("\r\n ", "").count("Woord") * 6 <= most
