"""How the times of two listings agree."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.dedupe.times import When, meet, read_times
from aggregator.model import AllDay, Occurrence, Timed


def at(text: str) -> Occurrence:
    """`2027-01-09T20:00`, `2027-01-09` or `2027-01-09/2027-01-11`."""
    if "T" in text:
        return Occurrence(Timed(datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)))
    first, _, last = text.partition("/")
    return Occurrence(
        AllDay(
            date.fromisoformat(first) if first else None,
            date.fromisoformat(last) if last else None,
        )
    )


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2027-01-09T20:00", "2027-01-09T20:00", When.MOMENT),
        ("2027-01-09", "2027-01-09", When.MOMENT),
        ("2027-01-09T20:00", "2027-01-09T19:15", When.DOORS),
        ("2027-01-09T20:00", "2027-01-09T18:30", When.DOORS),
        ("2027-01-09T20:00", "2027-01-09T18:00", When.CLOCK),
        ("2027-01-09T20:00", "2027-01-09T17:45", When.LATER),
        ("2027-01-09T20:00", "2027-01-09", When.DAY),
        ("2027-01-09/2027-01-12", "2027-01-09/2027-01-20", When.STAY),
        ("2027-01-08/2027-01-12", "2027-01-09/2027-01-12", When.STAY),
        ("2027-01-08/2027-01-12", "2027-01-10/2027-01-20", When.PART),
        ("2027-01-09/2027-01-12", "2027-01-09T20:00", When.BEGIN),
        ("2027-01-09/2027-01-12", "2027-01-10T20:00", When.WITHIN),
        ("/2027-01-12", "2027-01-10T20:00", When.WITHIN),
        ("2027-01-09T20:00", "2027-01-16T20:00", When.NEAR),
        ("2027-01-09T20:00", "2027-06-16T20:00", When.SEASON),
        ("2026-01-09T20:00", "2027-01-09T20:00", When.FAR),
    ],
)
def test_the_best_agreement(a: str, b: str, expected: When) -> None:
    one, other = read_times([at(a)]), read_times([at(b)])
    assert meet(one, other).when is meet(other, one).when is expected


def test_a_weekly_rhythm_is_seen() -> None:
    weekly = [read_times([at(f"2027-01-{day:02}T19:30")]) for day in (7, 14)]
    assert meet(*weekly).rhythm
    assert not meet(weekly[0], read_times([at("2027-01-15T19:30")])).rhythm


def test_one_shared_evening_of_many_is_a_part() -> None:
    many = read_times([at(f"2027-01-{day:02}T20:00") for day in range(1, 21)])
    assert meet(many, read_times([at("2027-01-05T20:00")])).when is When.PART


def test_an_hour_at_night_belongs_to_the_local_day() -> None:
    late = read_times([at("2027-07-10T00:30")])
    assert list(late.days) == [date(2027, 7, 10)]
