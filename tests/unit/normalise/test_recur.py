"""Expansion of recurrence rules."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from aggregator.normalise.recur import expand_starts

ZONE = ZoneInfo("Europe/Amsterdam")
UNTIL = datetime(2026, 12, 1, tzinfo=ZONE)


def _starts(rule: str, start: datetime | date, **more: object) -> list[str]:
    found = expand_starts(rule, start, date(2026, 10, 9), UNTIL, zone=ZONE, **more)  # type: ignore[arg-type]
    return [s.isoformat() for s in found]


def test_wall_clock_stays_over_the_end_of_summer_time() -> None:
    start = datetime(2026, 10, 6, 19, tzinfo=ZONE)
    assert _starts("FREQ=WEEKLY;BYDAY=TU;COUNT=4", start) == [
        "2026-10-13T19:00:00+02:00",
        "2026-10-20T19:00:00+02:00",
        "2026-10-27T19:00:00+01:00",
    ]


def test_skipped_starts_and_days() -> None:
    start = datetime(2026, 10, 13, 19, tzinfo=ZONE)
    skip = [datetime(2026, 10, 20, 17, tzinfo=UTC), date(2026, 10, 27)]
    found = _starts("RRULE:FREQ=WEEKLY;UNTIL=20261103T180000Z", start, skip=skip)
    assert found == ["2026-10-13T19:00:00+02:00", "2026-11-03T19:00:00+01:00"]


def test_days() -> None:
    assert _starts("FREQ=DAILY;UNTIL=20261011", date(2026, 10, 1)) == [
        "2026-10-09",
        "2026-10-10",
        "2026-10-11",
    ]
    assert _starts("FREQ=DAILY;UNTIL=20200101", date(2019, 10, 1)) == []


def test_window_ends_a_rule_without_end() -> None:
    assert _starts("FREQ=MONTHLY;BYMONTHDAY=1", date(2026, 1, 1))[-1] == "2026-11-01"


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=SOMETIMES", "iedere dinsdag", "FREQ=DAILY\nRRULE:FREQ=WEEKLY", ""],
)
def test_unreadable_rules(rule: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        _starts(rule, date(2026, 10, 1))
