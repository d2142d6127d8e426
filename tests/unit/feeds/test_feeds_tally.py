"""The region's events counted: each once a month, by pillar, with those that have none."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from aggregator.model import AllDay, Event, Place, Status, Tag, Timed
from feeds.tally import Tally, months_from, render_csv, render_table, tally
from tests.unit.feeds.feeds_world import BOTH, INFO, MUSIC, at, event, occurrence, voice

MONTHS = months_from(date(2026, 12, 24), 3)
CONCERT = event(
    "e1",
    "Concert",
    occurrence("o1", Timed(at(1, month=12))),
    occurrence("o2", Timed(at(2, month=12))),
    occurrence("o3", Timed(at(2, month=2, year=2027))),
    pillars=MUSIC,
)
SYNTHS = event("e2", "Synths", occurrence("o4", Timed(at(5, month=1, year=2027))), pillars=BOTH)
EXHIBITION = event(
    "e3", "Expo", occurrence("o5", AllDay(date(2026, 12, 20), date(2027, 4, 1))), place=Place("enschede")
)


def line(found: list[Tally], municipality: str, month: str) -> dict[str, int]:
    (one,) = [t for t in found if (t.municipality, t.month) == (municipality, month)]
    return dict(one.counts)


def test_months_run_on_over_the_year() -> None:
    assert MONTHS == ["2026-12", "2027-01", "2027-02"]
    assert len(months_from(date(2026, 1, 1))) == 12


def test_an_event_counts_once_a_month_and_for_each_of_its_pillars() -> None:
    found = tally([CONCERT, SYNTHS, EXHIBITION], INFO, MONTHS)
    nothing = {"third-places": 0, "muziek": 0, "createch": 0, "all": 0, "none": 0}
    assert line(found, "hengelo", "2026-12") == nothing | {"muziek": 1, "all": 1}
    assert line(found, "hengelo", "2027-01") == nothing | {"third-places": 1, "createch": 1, "all": 1}
    assert line(found, "enschede", "2027-02") == nothing | {"all": 1, "none": 1}
    assert line(found, "hengelo", "2026-12/2027-02") == {
        "third-places": 1, "muziek": 1, "createch": 1, "all": 2, "none": 0,
    }  # fmt: skip
    assert line(found, "hof-van-twente", "2027-01") == nothing
    assert line(found, "region", "2026-12")["all"] == 2
    assert len(found) == 4 * 4


@pytest.mark.parametrize(
    "gone",
    [
        replace(CONCERT, hidden="not-culture"),
        replace(CONCERT, place=Place("deventer")),
        replace(CONCERT, status=Status.CANCELLED),
    ],
    ids=["hidden", "elsewhere", "off"],
)
def test_what_nobody_can_go_to_is_not_counted(gone: Event) -> None:
    assert sum(one.counts["all"] for one in tally([gone], INFO, MONTHS)) == 0


def test_an_end_without_a_beginning_counts_until_its_end() -> None:
    open_start = event("e4", "Expo", occurrence("o6", AllDay(None, date(2027, 1, 9))))
    found = tally([open_start], INFO, MONTHS)
    assert [line(found, "hengelo", month)["all"] for month in MONTHS] == [1, 1, 0]


def test_a_pillar_that_the_region_does_not_have_is_none() -> None:
    odd = replace(CONCERT, pillars=(Tag("sport", "r", "w"),))
    assert line(tally([odd], INFO, MONTHS), "hengelo", "2026-12")["none"] == 1


def test_csv_has_a_column_per_pillar() -> None:
    data = render_csv(tally([CONCERT], INFO, MONTHS), INFO).decode()
    rows = list(csv.DictReader(io.StringIO(data, newline="")))
    assert list(rows[0]) == ["municipality", "month", "events", "third-places", "muziek", "createch", "none"]
    assert rows[0] == dict(zip(rows[0], ("hengelo", "2026-12", "1", "0", "1", "0", "0"), strict=True))
    assert rows[-1]["month"] == "2026-12/2027-02"


def test_json_names_the_pillars_apart() -> None:
    plain = tally([SYNTHS], INFO, MONTHS)[1].to_plain()
    assert plain == {
        "municipality": "hengelo",
        "month": "2027-01",
        "events": 1,
        "pillars": {"third-places": 1, "muziek": 0, "createch": 1},
        "none": 0,
    }


@pytest.mark.parametrize("language", INFO.languages)
def test_the_table_has_a_line_per_place_and_pillar(language: str) -> None:
    table = render_table(tally([CONCERT], INFO, MONTHS), voice(language))
    assert table.row_count == 4 * 5
    assert [str(c.header) for c in table.columns][2] == {"nl": "dec 26", "en": "Dec 26", "de": "Dez. 26"}[
        language
    ]
