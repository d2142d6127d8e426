"""The real moments of an event, out of what its listings say."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.dedupe.moments import resolve
from aggregator.model import AllDay, Listing, Occurrence, Status, Tier, Timed


def at(text: str, status: Status = Status.SCHEDULED) -> Occurrence:
    """`09T20:00`, `09T20:00-22:00`, `09` or `09/11`, all in January 2027."""
    if "T" in text:
        start, _, end = text.partition("-")
        return Occurrence(Timed(clock(start), clock(f"{start[:2]}T{end}") if end else None), status)
    first, _, last = text.partition("/")
    return Occurrence(AllDay(day(first), day(last)), status)


def clock(text: str) -> datetime:
    return datetime.fromisoformat(f"2027-01-{text}").replace(tzinfo=AMSTERDAM)


def day(text: str) -> date | None:
    return date(2027, 1, int(text)) if text else None


def listing(source: str, *moments: str | Occurrence, key: str = "1") -> Listing:
    told = tuple(at(m) if isinstance(m, str) else m for m in moments)
    return Listing(source, key, Tier.VENUE, "De Grindweg", told)


def times(*listings: Listing) -> list[str]:
    shown = []
    for occurrence in resolve(listings).occurrences:
        when = occurrence.when
        if isinstance(when, Timed):
            shown.append(f"{when.start:%dT%H:%M}" + (f"-{when.end:%H:%M}" if when.end else ""))
        else:
            parts = [f"{d:%d}" if d else "" for d in (when.first, when.last) if d or when.first is None]
            shown.append("/".join(parts))
    return shown


CASES = [
    ("the same", [listing("a", "09T20:00"), listing("b", "09T20:00")], ["09T20:00"]),
    ("doors", [listing("a", "09T20:00"), listing("b", "09T19:00")], ["09T20:00"]),
    ("a clock two hours off", [listing("a", "09T20:00"), listing("b", "09T18:00")], ["09T20:00"]),
    ("no time", [listing("a", "09"), listing("b", "09T20:00")], ["09T20:00"]),
    ("an end from another", [listing("a", "09T20:00"), listing("b", "09T20:00-22:00")], ["09T20:00-22:00"]),
    (
        "matinee and evening",
        [listing("a", "09T14:00", "09T20:00"), listing("b", "09T20:00")],
        ["09T14:00", "09T20:00"],
    ),
    (
        "one source tells two near each other",
        [listing("a", "09T13:30", "09T15:00"), listing("b", "09T15:00")],
        ["09T13:30", "09T15:00"],
    ),
    (
        "no time on a day with two",
        [listing("a", "09T14:00", "09T20:00"), listing("b", "09")],
        ["09T14:00", "09T20:00"],
    ),
    (
        "a run and all its evenings",
        [listing("a", "09T20:00", "10T20:00"), listing("b", "09/10")],
        ["09T20:00", "10T20:00"],
    ),
    (
        "a run that goes on after the evenings known",
        [listing("a", "09T20:00"), listing("b", "09/12")],
        ["09/12", "09T20:00"],
    ),
    ("a stay and its first day", [listing("a", "09"), listing("b", "09/20")], ["09/20"]),
    ("a stay without its beginning", [listing("a", "/20"), listing("b", "09/20")], ["/20"]),
    (
        "three agree against one two hours off",
        [
            listing("a", "09T18:00"),
            listing("b", "09T20:00"),
            listing("c", "09T20:00"),
            listing("d", "09T20:00"),
        ],
        ["09T20:00"],
    ),
]


@pytest.mark.parametrize(("listings", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_moments(listings: list[Listing], expected: list[str]) -> None:
    assert times(*listings) == expected


def test_index_names_the_moment_of_each_listing() -> None:
    both, day_only = listing("a", "09T14:00", "09T20:00"), listing("b", "09")
    door = listing("c", "09T19:30")
    index = resolve([both, day_only, door]).index
    assert index[both.ref, 0] == 0
    assert index[both.ref, 1] == index[door.ref, 0] == 1
    assert index[day_only.ref, 0] is None


def test_each_moment_has_its_own_status() -> None:
    house = listing("a", at("09T20:00", Status.CANCELLED), "10T20:00")
    late = listing("b", "09T20:00", at("10T20:00", Status.SOLD_OUT))
    assert [o.status for o in resolve([house, late]).occurrences] == [Status.CANCELLED, Status.SOLD_OUT]
