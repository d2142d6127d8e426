"""Two listings, or three: one occurrence, one event on several dates, or two events."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from aggregator.answers import listing_from_line
from aggregator.config_loader import find_config, load_region
from aggregator.dedupe import Deduper
from aggregator.normalise.place import PlaceFinder
from aggregator.score.same import judge

REGION = load_region(find_config(None))
FINDER = PlaceFinder(REGION)
DEDUPER = Deduper(REGION)
SAME, EVENT, DIFFERENT = "same_occurrence", "same_event", "different"

STAGE = {"name": "Metropool", "place": "Hengelo"}
THEATRE = {"name": "Wilminktheater", "place": "Enschede"}
CHURCH = {"name": "Grote Kerk", "place": "Enschede"}


def line(title: str, start: str, place: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """A listing; a date without a clock time is all day, `to` its last day."""
    return {
        "source": "venue",
        "title": title,
        "start": start,
        "end": more.pop("to", None),
        "allDay": "T" not in start,
        "location": STAGE if place is None else place,
        **more,
    }


def verdict(*lines: dict[str, Any]) -> str:
    """The verdict on the first and the last; those between may hold them together."""
    named = [{**one, "id": str(number)} for number, one in enumerate(lines)]
    found = judge([listing_from_line(one, FINDER) for one in named], DEDUPER)
    assert found == judge([listing_from_line(one, FINDER) for one in reversed(named)], DEDUPER)
    return found.verdict("0", str(len(lines) - 1))


EVENING = "2027-03-06T20:00"
SHOW = line("Trio Wolkenveld – De Grindweg", EVENING)

ONE = {
    "act and show swapped": line("De Grindweg: Trio Wolkenveld", EVENING, source="b"),
    "sold out in front": line("UITVERKOCHT: Trio Wolkenveld – De Grindweg", EVENING, source="b"),
    "season behind": line("Trio Wolkenveld - De Grindweg | seizoen 26/27", EVENING, source="b"),
    "only the act": line("Trio Wolkenveld", EVENING, source="b"),
    "a slip": line("Trio Wolkenvedl – De Grindweg", EVENING, source="b"),
    "capitals": line("TRIO WOLKENVELD LIVE", EVENING, source="b"),
    "support in front": line("Rietorgel + Wolkenveld", EVENING, source="b"),
    "doors": line("Trio Wolkenveld", "2027-03-06T18:45", source="b"),
    "a clock two hours early": line("Trio Wolkenveld – De Grindweg", "2027-03-06T18:00", source="b"),
    "no time": line("Trio Wolkenveld – De Grindweg", "2027-03-06", source="b"),
    "a former name of the house": line(
        "Trio Wolkenveld", EVENING, {"name": "Poppodium Metropool", "place": "Hengelo (Ov.)"}, source="b"
    ),
    "only the town": line("Trio Wolkenveld – De Grindweg", EVENING, {"place": "Hengelo"}, source="b"),
    "the artist's own page": line("Hengelo, Metropool", EVENING, source="b"),
    "a headline": line(
        "Grindpad in geluid gevangen", EVENING, source="b", description="Van Trio Wolkenveld."
    ),
    "entered twice": line("Trio Wolkenveld (De Grindweg)", EVENING),
    "moved house": line(
        "Trio Wolkenveld",
        EVENING,
        {"name": "Rabotheater", "place": "Hengelo"},
        source="b",
        description="Het concert is verplaatst naar een andere locatie.",
    ),
}

MORE = {
    "matinee and evening": line("Trio Wolkenveld – De Grindweg", "2027-03-06T14:30"),
    "the next evening": line("Trio Wolkenveld – De Grindweg", "2027-03-07T20:00"),
    "an extra performance": line("Extra voorstelling: Trio Wolkenveld – De Grindweg", "2027-03-08T20:00"),
}

OTHER = {
    "another town on one evening": line(SHOW["title"], EVENING, THEATRE, source="b"),
    "another house of one town": line(
        SHOW["title"], EVENING, {"name": "Rabotheater", "place": "Hengelo"}, source="b"
    ),
    "last year": line(SHOW["title"], "2026-03-06T20:00", source="b"),
    "talk afterwards": line("Nagesprek Trio Wolkenveld – De Grindweg", "2027-03-06T21:30"),
    "introduction before": line("Inleiding bij De Grindweg", "2027-03-06T19:15"),
    "dinner before": line("Theaterdiner bij Wolkenveld", "2027-03-06T18:00"),
    "one house lists both": line("Rietorgel", EVENING),
    "another day, another act": line("Rietorgel", "2027-03-07T20:00", source="b"),
    "a tribute": line("Tribute to Trio Wolkenveld", "2027-03-12T20:00", source="b"),
}


@pytest.mark.parametrize("other", ONE.values(), ids=ONE)
def test_one_occurrence(other: dict[str, Any]) -> None:
    assert verdict(SHOW, other) == SAME


@pytest.mark.parametrize("other", MORE.values(), ids=MORE)
def test_one_event_on_other_dates(other: dict[str, Any]) -> None:
    assert verdict(SHOW, other) == EVENT


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
def test_two_events(other: dict[str, Any]) -> None:
    assert verdict(SHOW, other) == DIFFERENT


PAIRS = [
    # two parts, levels, ages, audiences of one series
    (line("Rietlezing deel 1", EVENING), line("Rietlezing deel 2", "2027-03-13T20:00"), DIFFERENT),
    (line("Pubquiz #7", EVENING), line("Pubquiz #8", "2027-04-03T20:00"), DIFFERENT),
    (line("Tango voor beginners", EVENING), line("Tango gevorderden", "2027-03-06T21:30"), DIFFERENT),
    (line("Kinderdisco", "2027-03-06T14:00"), line("Tienerdisco", "2027-03-06T19:00"), DIFFERENT),
    (
        line("Schoolvoorstelling: Beer en Kraai", "2027-03-05T10:00"),
        line("Beer en Kraai", "2027-03-06T14:00"),
        DIFFERENT,
    ),
    # one formula, another content
    (line("Workshop mandoline", EVENING), line("Workshop trombone", "2027-03-13T20:00"), DIFFERENT),
    # one activity again and again
    (line("Taalcafé", "2027-03-04T10:00"), line("Taalcafé", "2027-03-11T10:00"), EVENT),
    # an exhibition and what goes with it
    (
        line("Rietorgels", "2027-03-01", to="2027-06-01"),
        line("Opening Rietorgels", "2027-03-01T16:00"),
        DIFFERENT,
    ),
    (
        line("Rietorgels", "2027-03-01", to="2027-06-01"),
        line("Rietorgels: bouw een fluit (8+)", "2027-03-20T14:00"),
        DIFFERENT,
    ),
    (
        line("Rietorgels", "2027-03-01", to="2027-06-01"),
        line("Expositie Rietorgels", "2027-03-01", source="b"),
        SAME,
    ),
    # two choirs in one church's Christmas week, two houses of one name
    (
        line("Kerstconcert Koor Wolkenveld", "2027-12-18T20:00", CHURCH),
        line("Kerstconcert Koor Grindweg", "2027-12-19T20:00", CHURCH, source="b"),
        DIFFERENT,
    ),
    (
        line("Kerstconcert", "2027-12-18T20:00", CHURCH),
        line("Kerstconcert", "2027-12-18T20:00", {"name": "Grote Kerk", "place": "Almelo"}, source="b"),
        DIFFERENT,
    ),
    # a cancelled show and what comes in its place
    (
        line("AFGELAST: Trio Wolkenveld", EVENING, status="cancelled"),
        line("Rietorgel", EVENING, source="b", description="Ter vervanging van Trio Wolkenveld."),
        DIFFERENT,
    ),
    (
        line("AFGELAST: Trio Wolkenveld", EVENING, status="cancelled"),
        line(SHOW["title"], EVENING, source="b"),
        SAME,
    ),
    # a new date
    (
        line("Trio Wolkenveld", "2027-01-08T20:00"),
        line("Trio Wolkenveld", EVENING, source="b", description="Oorspronkelijk gepland op 8 januari."),
        EVENT,
    ),
    # private parties
    (line("Besloten feest", EVENING), line("Besloten feest", "2027-03-13T20:00"), DIFFERENT),
]


@pytest.mark.parametrize(
    ("a", "b", "expected"), PAIRS, ids=[f"{a['title']} | {b['title']}" for a, b, _ in PAIRS]
)
def test_pairs(a: dict[str, Any], b: dict[str, Any], expected: str) -> None:
    assert verdict(a, b) == expected


def test_a_third_listing_holds_two_unlike_titles_together() -> None:
    middle = line("Trio Wolkenveld: De Grindweg", EVENING, {"place": "Hengelo"}, source="c")
    away = line("De Grindweg", EVENING, {"place": "Hengelo"}, source="b")
    assert verdict(line("Trio Wolkenveld", EVENING), middle, away) == SAME


def test_no_chain_over_a_veto() -> None:
    """One listing that is like two others never joins them when those cannot be one."""
    vague = line("Wolkenveld en Rietorgel", EVENING, {"place": "Hengelo"}, source="b")
    assert verdict(line("Trio Wolkenveld", EVENING), vague, line("Rietorgel", EVENING)) == DIFFERENT


def test_a_run_belongs_to_the_event_but_is_no_occurrence() -> None:
    run = line("De Grindweg", "2027-03-06", to="2027-03-07", source="b")
    nights = [line("De Grindweg", f"2027-03-0{day}T20:00") for day in (6, 7)]
    assert verdict(run, *nights) == EVENT


def test_a_day_with_two_performances_is_no_occurrence() -> None:
    day = line("De Grindweg", "2027-03-06", source="b")
    assert verdict(day, line("De Grindweg", "2027-03-06T14:00"), line("De Grindweg", EVENING)) == EVENT


def test_a_series_goes_on_for_a_year_yet_one_evening_months_later_is_another() -> None:
    days = [date(2027, 1, 4) + timedelta(days=14 * n) for n in range(16)]
    weeks = [line("Taalcafé", f"{day}T10:00") for day in days]
    assert verdict(*weeks) == EVENT
    assert verdict(weeks[0], weeks[-1]) == DIFFERENT


def test_links_say_why() -> None:
    lines = [{**SHOW, "id": "1"}, {**ONE["doors"], "id": "2"}]
    (cluster,) = DEDUPER.cluster([listing_from_line(one, FINDER) for one in lines])
    (link,) = cluster.links
    assert link.because == "alike titles, on the same day, doors against start, at the same venue"
    assert 0.5 < link.score <= 1
