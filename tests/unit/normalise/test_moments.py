"""Stamps and words of occurrences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.model import AllDay, Occurrence, RawOccurrence, Status, Timed
from aggregator.normalise import moments
from aggregator.normalise.moments import Window, read_moments
from aggregator.normalise.when import When, WhenOccurrence

ZONE = ZoneInfo("Europe/Amsterdam")
WINDOW = Window(datetime(2026, 10, 9, 12, tzinfo=ZONE), datetime(2026, 12, 1, tzinfo=ZONE))


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=ZONE)


def _one(**fields: Any) -> Occurrence:
    found = read_moments([RawOccurrence(**fields)], WINDOW)
    assert len(found.occurrences) == 1, found
    return found.occurrences[0]


STAMPS: list[tuple[dict[str, Any], Timed | AllDay]] = [
    ({"start": "2026-10-17T20:30"}, Timed(_at(17, 20, 30))),
    ({"start": "2026-10-17T20:30", "end": "2026-10-17T22:00"}, Timed(_at(17, 20, 30), _at(17, 22))),
    ({"start": "2026-10-17T18:30:00Z"}, Timed(_at(17, 20, 30))),
    ({"start": "2026-10-17T20:30:00Z", "local_z": True}, Timed(_at(17, 20, 30))),
    ({"start": "2026-10-17T19:30", "zone": "Europe/London"}, Timed(_at(17, 20, 30))),
    ({"start": "2026-10-17T20:00", "duration": "PT2H"}, Timed(_at(17, 20), _at(17, 22))),
    ({"start": "2026-10-24T23:00", "duration": "PT6H"}, Timed(_at(24, 23), _at(25, 4))),
    ({"start": "2026-10-17"}, AllDay(date(2026, 10, 17))),
    ({"start": "2026-10-17", "end": "2026-10-17"}, AllDay(date(2026, 10, 17))),
    ({"start": "2026-10-17", "end": "2026-10-19"}, AllDay(date(2026, 10, 17), date(2026, 10, 19))),
    ({"start": "20261017", "end": "20261018", "end_exclusive": True}, AllDay(date(2026, 10, 17))),
    (
        {"start": "20261017", "end": "20261019", "end_exclusive": True},
        AllDay(date(2026, 10, 17), date(2026, 10, 18)),
    ),
    ({"start": "2026-10-17T00:00", "end": "2026-10-17T23:59"}, AllDay(date(2026, 10, 17))),
    ({"start": "2026-10-17T00:00:00+02:00", "end": "2026-10-17T23:59:59+02:00"}, AllDay(date(2026, 10, 17))),
    ({"start": "2026-10-17T00:00"}, AllDay(date(2026, 10, 17))),
    ({"start": "2026-10-17T00:00", "end": "2026-10-18T00:00"}, AllDay(date(2026, 10, 17))),
    ({"start": "2026-10-17T00:00", "end": "2026-10-17T04:00"}, Timed(_at(17, 0), _at(17, 4))),
    ({"start": "2026-10-17T20:00", "end": "2026-10-17"}, Timed(_at(17, 20))),
    ({"end": "2026-10-31"}, AllDay(None, date(2026, 10, 31))),
]


@pytest.mark.parametrize(("fields", "when"), STAMPS)
def test_stamps(fields: dict[str, Any], when: Timed | AllDay) -> None:
    assert _one(**fields).when == when


@pytest.mark.parametrize(
    ("start", "end"), [("2026-10-17T20:00", "2026-10-17T19:00"), ("2026-10-17", "2026-10-12")]
)
def test_end_before_start_is_left_out_and_told(start: str, end: str) -> None:
    found = read_moments([RawOccurrence(start=start, end=end)], WINDOW)
    when = found.occurrences[0].when
    assert (when.end if isinstance(when, Timed) else when.last) is None
    assert found.warnings == ("end-before-start",)


def test_doors() -> None:
    assert _one(start="2026-10-17T20:30", door="20:00").doors == _at(17, 20)
    assert _one(start="2026-10-17T20:30", door="2026-10-17T19:30").doors == _at(17, 19, 30)
    assert _one(start="2026-10-17T20:30", door="23:00").doors is None  # after the start: no doors time
    assert _one(start="2026-10-17", door="20:00").doors is None


def test_recurrence_keeps_length_and_doors() -> None:
    raw = RawOccurrence(
        start="2026-10-13T19:00",
        end="2026-10-13T21:00",
        door="18:30",
        rrule="FREQ=WEEKLY;COUNT=3",
        exdates=("20261020T190000",),
    )
    found = read_moments([raw], WINDOW).occurrences
    assert [o.when for o in found] == [
        Timed(_at(13, 19), _at(13, 21)),
        Timed(_at(27, 19), _at(27, 21)),
    ]
    assert [o.doors for o in found] == [_at(13, 18, 30), _at(27, 18, 30)]


@pytest.mark.parametrize(
    ("raws", "problem"),
    [
        ([], "no-date"),
        ([RawOccurrence()], "no-date"),
        ([RawOccurrence(text="datum volgt")], "unreadable-date"),
        ([RawOccurrence(start="2020-01-01", rrule="FREQ=DAILY;COUNT=3")], "recurrence-over"),
        ([RawOccurrence(start="0001-01-01T00:00:00")], "unreadable-date"),
    ],
)
def test_problems(raws: list[RawOccurrence], problem: str) -> None:
    assert read_moments(raws, WINDOW).problem == problem


def test_unreadable_recurrence_keeps_the_first() -> None:
    found = read_moments([RawOccurrence(start="2026-10-17", rrule="elke week")], WINDOW)
    assert [o.when for o in found.occurrences] == [AllDay(date(2026, 10, 17))]
    assert found.warnings == ("unreadable-recurrence",)


def test_equal_occurrences_are_given_once_in_time_order() -> None:
    found = read_moments(
        [
            RawOccurrence(start="2026-10-18T20:00"),
            RawOccurrence(start="2026-10-17T20:00"),
            RawOccurrence(start="2026-10-17T20:00", end="2026-10-17T22:00", status="SoldOut"),
            RawOccurrence(start="2026-10-17"),
        ],
        WINDOW,
    ).occurrences
    assert [o.when for o in found] == [Timed(_at(17, 20), _at(17, 22)), Timed(_at(18, 20))]
    assert found[0].status is Status.SOLD_OUT


class TestWords:
    """Words beside stamps; the reader of words is replaced, its own tests are elsewhere."""

    @pytest.fixture
    def say(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        def say(*occurrences: WhenOccurrence, flags: tuple[str, ...] = (), hours: str | None = None) -> None:
            answer = When(tuple(occurrences), flags, hours)
            monkeypatch.setattr(moments, "parse_when", lambda text, today: answer)

        return say

    def test_words_alone(self, say: Any) -> None:
        start, end = datetime(2026, 10, 17, 20, 30), datetime(2026, 10, 17, 22)  # noqa: DTZ001
        say(WhenOccurrence(start, end, time(20)), flags=("weekday-conflict",))
        found = read_moments([RawOccurrence(text="za 18 okt 20.30")], WINDOW)
        assert found.occurrences == (Occurrence(Timed(_at(17, 20, 30), _at(17, 22)), doors=_at(17, 20)),)
        assert found.warnings == ("weekday-conflict",)

    def test_hours_of_a_period(self, say: Any) -> None:
        say(WhenOccurrence(date(2026, 10, 17), date(2026, 12, 1)), hours="di t/m zo 11-17 uur")
        one = _one(text="17 okt t/m 1 dec, di t/m zo 11-17 uur")
        assert one == Occurrence(AllDay(date(2026, 10, 17), date(2026, 12, 1)), hours="di t/m zo 11-17 uur")

    def test_recurring_words(self, say: Any) -> None:
        say(WhenOccurrence(datetime(2026, 10, 13, 19), rrule="FREQ=WEEKLY;BYDAY=TU"))  # noqa: DTZ001
        found = read_moments([RawOccurrence(text="elke dinsdag 19 uur")], WINDOW).occurrences
        assert [o.when.start.day for o in found if isinstance(o.when, Timed)] == [13, 20, 27, 3, 10, 17, 24]

    def test_stamp_wins_over_another_day(self, say: Any) -> None:
        say(WhenOccurrence(datetime(2026, 10, 18, 20)))  # noqa: DTZ001
        found = read_moments([RawOccurrence(start="2026-10-17T20:00", text="zo 18 okt")], WINDOW)
        assert [o.when for o in found.occurrences] == [Timed(_at(17, 20))]
        assert found.warnings == ("date-conflict",)

    def test_stamp_wins_over_another_time(self, say: Any) -> None:
        say(WhenOccurrence(datetime(2026, 10, 17, 21)))  # noqa: DTZ001
        found = read_moments([RawOccurrence(start="2026-10-17T20:00", text="za 17 okt 21 uur")], WINDOW)
        assert [o.when for o in found.occurrences] == [Timed(_at(17, 20))]
        assert found.warnings == ("time-conflict",)

    def test_words_give_the_time_of_a_stamped_day(self, say: Any) -> None:
        say(WhenOccurrence(datetime(2026, 10, 17, 20, 30)))  # noqa: DTZ001
        assert _one(start="2026-10-17", text="za 17 okt 20.30").when == Timed(_at(17, 20, 30))

    def test_stamp_is_the_doors_time(self, say: Any) -> None:
        say(WhenOccurrence(datetime(2026, 10, 17, 20, 30), None, time(20)))  # noqa: DTZ001
        one = _one(start="2026-10-17T20:00", text="deur 20.00, aanvang 20.30")
        assert one == Occurrence(Timed(_at(17, 20, 30)), doors=_at(17, 20))

    def test_words_add_end_and_doors(self, say: Any) -> None:
        start, end = datetime(2026, 10, 17, 20), datetime(2026, 10, 17, 22)  # noqa: DTZ001
        say(WhenOccurrence(start, end, time(19, 30)))
        one = _one(start="2026-10-17T20:00", text="20-22 uur, zaal open 19.30")
        assert one == Occurrence(Timed(_at(17, 20), _at(17, 22)), doors=_at(17, 19, 30))

    def test_status_of_one_date_in_words(self, say: Any) -> None:
        say(WhenOccurrence(date(2026, 10, 17)), flags=("sold-out",))
        assert _one(text="za 17 okt uitverkocht").status is Status.SOLD_OUT

    def test_status_of_one_of_several_dates_is_not_given_to_all(self, say: Any) -> None:
        say(WhenOccurrence(date(2026, 10, 17)), WhenOccurrence(date(2026, 10, 18)), flags=("sold-out",))
        found = read_moments([RawOccurrence(text="za 17 okt (uitverkocht), zo 18 okt")], WINDOW)
        assert {o.status for o in found.occurrences} == {Status.SCHEDULED}


@pytest.mark.parametrize(
    ("start", "all_day"),
    [
        ("2026-12-05T00:00", True),
        ("2026-12-05T00:00:00+01:00", True),
        ("2026-12-05 00:00:00", True),
        ("20261205T000000", True),
        ("2026-12-04T23:00:00Z", False),
        ("2026-12-05T00:30", False),
    ],
)
def test_only_a_stamp_that_shows_midnight_has_no_time(start: str, all_day: bool) -> None:
    (occurrence,) = read_moments([RawOccurrence(start=start)], WINDOW).occurrences
    assert isinstance(occurrence.when, AllDay) is all_day


def test_a_window_further_than_ten_years_is_kept() -> None:
    far = replace(WINDOW, until=WINDOW.seen + timedelta(days=366 * 20))
    (occurrence,) = read_moments([RawOccurrence(start="2042-03-01T20:00")], far).occurrences
    assert isinstance(occurrence.when, Timed)
    assert occurrence.when.start.year == 2042
