"""What changed on an event, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.journal import edits, merged
from aggregator.model import (
    Edit,
    Event,
    EventOccurrence,
    ListingRef,
    Occurrence,
    Place,
    Status,
    Timed,
    to_plain,
)

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=AMSTERDAM)


def moment(uid: str, days: int, **more: object) -> EventOccurrence:
    return EventOccurrence(uid, Occurrence(Timed(NOW + timedelta(days=days)), **more))  # type: ignore[arg-type]


ONE, TWO = moment("o1", 1), moment("o2", 8)
EVENT = Event("u", "Quiz", (ONE, TWO), Place("hengelo", because="name"), (ListingRef("s", "k"),))


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        ({}, []),
        ({"title": "Jazz"}, [("title", "Quiz", "Jazz", None)]),
        ({"status": Status.POSTPONED}, [("status", "scheduled", "postponed", None)]),
        (
            {"place": Place("borne")},
            [("place", {"municipality": "hengelo"}, {"municipality": "borne"}, None)],
        ),
        ({"place": Place("hengelo", because="postcode")}, []),
        ({"hidden": "private"}, [("hidden", None, "private", None)]),
        ({"links": (), "listings": (), "aliases": ("x",), "modified": NOW}, []),
        ({"occurrences": (ONE,)}, [("occurrence", to_plain(TWO.occurrence), None, "o2")]),
        (
            {"occurrences": (ONE, TWO, moment("o3", 9))},
            [("occurrence", None, to_plain(moment("", 9).occurrence), "o3")],
        ),
        (
            {"occurrences": (moment("o1", 2, status=Status.SOLD_OUT), TWO)},
            [
                ("when", to_plain(ONE.occurrence.when), to_plain(moment("", 2).occurrence.when), "o1"),
                ("status", "scheduled", "sold-out", "o1"),
            ],
        ),
    ],
)
def test_lines(change: dict[str, object], lines: list[tuple[str, object, object, str | None]]) -> None:
    after = replace(EVENT, **change)  # type: ignore[arg-type]
    assert list(edits(EVENT, after, NOW)) == [Edit("u", NOW, *line) for line in lines]


def test_a_first_appearance_and_an_end_in_another() -> None:
    assert list(edits(None, EVENT, NOW)) == [Edit("u", NOW, "event", None, "Quiz")]
    ended = Edit("u", NOW, "event", "Quiz", "merged into kept")
    place = Edit("u", NOW, "place", {"municipality": "hengelo"}, None)
    assert list(merged(EVENT, "kept", NOW)) == [ended, place]
    assert list(merged(replace(EVENT, hidden="private"), "kept", NOW)) == [ended]


def test_what_has_been_and_leaves_is_no_news() -> None:
    after = replace(EVENT, occurrences=(TWO,))
    assert list(edits(EVENT, after, NOW + timedelta(days=3))) == []
