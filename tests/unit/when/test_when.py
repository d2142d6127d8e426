"""The date reader as a whole: examples, limits, stamps, rules, explanations, and the labelled sets."""

from __future__ import annotations

import doctest
import os
import pkgutil
import time
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

import aggregator.normalise.when as when
from aggregator.normalise.when import (
    WhenOccurrence,
    expand_rrule,
    explain,
    parse_duration,
    parse_stamp,
    parse_when,
)
from aggregator.score.dates import score_dates
from aggregator.score.table import Row

TODAY = date(2026, 11, 23)
GOLD = Path(os.environ.get("TREK_GOLD", Path(__file__).parents[4] / "shared" / "gold"))
MODULES = [when.__name__, *(f"{when.__name__}.{m.name}" for m in pkgutil.iter_modules(when.__path__))]


@pytest.mark.parametrize("name", [*MODULES, "aggregator.score.dates", "aggregator.score.table"])
def test_examples_of_each_module_run(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0, f"{name} shows no example"
    assert result.failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "1" * 5000,
        "1 " * 5000,
        "," * 2000,
        "12, " * 2500,
        "Het koor zingt op zondag in de kerk, en daarna is er koffie. " * 165,
        "za 28 nov 2026, 20.15 uur Concert in de Waag. " * 217,
        "verkoop 3 mei " * 700,
        "vandaag 3 mei " * 700,
        "Pasen 3 mei " * 800,
        "was 3 mei 20.00 naar " * 470,
        "3 mei " * 1600 + "2027",
        "<a " * 3300,
        "&amp;" * 2000,
        "0-0" * 3300,
        "\n" * 10_000,
    ],
)
def test_time_grows_with_length_alone(text: str) -> None:
    """Ten times the bound that holds on a quiet machine, so that a busy one does not fail it."""
    parse_when("za 3 mei", TODAY)
    started = time.process_time()
    parse_when(text, TODAY)
    assert time.process_time() - started < 0.5


def test_twice_the_text_takes_about_twice_the_time() -> None:
    line = "za 28 nov 2026, 20.15 uur Concert in de Waag, kaartverkoop vanaf 1 oktober. "

    def seconds(count: int) -> float:
        spent = []
        for _ in range(5):
            started = time.process_time()
            parse_when(line * count, TODAY)
            spent.append(time.process_time() - started)
        return min(spent)

    seconds(50)
    assert seconds(800) < 16 * seconds(100)


ODD = ["", " ", "\x00", "\ud800", "31 juni 2027", "99.99", "00.00.0000", "tot", "za", "0 mei", "32 mei 2027"]


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_give_nothing(text: str) -> None:
    assert parse_when(text, TODAY).occurrences == ()


def test_at_the_ends_of_the_calendar() -> None:
    for today in (date.min, date.max):
        for text in (
            "za 3 mei",
            "morgen",
            "overmorgen",
            "elke zondag",
            "dit weekend",
            "Pasen",
            "3 mei t/m 2 mei",
            "za 28",
        ):
            parse_when(text, today)


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("wo 28 november 2026, 20.00 uur", ("weekday-conflict",)),
        ("za 28 november 2026, 20.00 uur", ()),
        ("28 november 2036", ("implausible-year",)),
        ("2026-11-28T00:00:00", ("midnight-start",)),
        ("za 28 nov 00.00 uur", ("midnight-start",)),
        ("AFGELAST: za 28 nov", ("cancelled",)),
        ("za 28 nov UITVERKOCHT", ("sold-out",)),
        ("za 28 nov is uitgesteld, nieuwe datum volgt", ("postponed",)),
        ("uitgesteld: niet 28 nov (was 28 november) maar 5 december", ("rescheduled",)),
        ("28 november, 5 december en nog 4 dagen", ("more-days",)),
    ],
)
def test_flags(text: str, flags: tuple[str, ...]) -> None:
    assert parse_when(text, TODAY).flags == flags


def test_opening_hours_are_kept_as_text() -> None:
    read = parse_when("Te zien 4 april t/m 13 september 2027, di t/m zo 11.00-17.00 uur", TODAY)
    assert read.hours == "di t/m zo 11.00-17.00 uur"
    assert read.occurrences == (WhenOccurrence(date(2027, 4, 4), date(2027, 9, 13)),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-04T20:00:00+02:00", "2026-07-04T20:00:00+02:00"),
        ("2026-07-04T18:00Z", "2026-07-04T20:00:00+02:00"),
        ("2026-10-14 20:15:00", "2026-10-14T20:15:00+02:00"),
        ("2026-10-14T20", "2026-10-14T20:00:00+02:00"),
        ("20261128T201500Z", "2026-11-28T21:15:00+01:00"),
        ("20261128", "2026-11-28"),
        ("2026-10-14T24:00", "2026-10-15T00:00:00+02:00"),
        ("2026-10-14T20:15:00.123+0200", "2026-10-14T20:15:00+02:00"),
        ("Sat, 28 Nov 2026 19:15:00 +0000", "2026-11-28T20:15:00+01:00"),
    ],
)
def test_stamps(text: str, expected: str) -> None:
    stamp = parse_stamp(text)
    assert stamp is not None
    assert stamp.isoformat() == expected


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13-01", "2026-02-30T10:00", "28 nov", "T20:00", "9" * 500, "2026-10-14T25:00", "now"],
)
def test_no_stamp(text: str) -> None:
    assert parse_stamp(text) is None


def test_stamp_zones() -> None:
    london = parse_stamp("2026-07-04T18:00", zone="Europe/London")
    assert london == datetime(2026, 7, 4, 17, tzinfo=UTC)
    assert parse_stamp("2026-07-04T18:00Z", local_z=True) == datetime(2026, 7, 4, 16, tzinfo=UTC)
    assert parse_stamp("2026-07-04T18:00", zone="../../etc/passwd") == datetime(2026, 7, 4, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("PT2H", 120),
        ("PT1H30M", 90),
        ("P1D", 1440),
        ("P1W", 10080),
        ("2 uur", 120),
        ("127 min", 127),
        ("1u45", 105),
        ("1 uur en 15 minuten", 75),
        ("anderhalf uur", 90),
        ("PT0.5H", 30),
    ],
)
def test_durations(text: str, minutes: int) -> None:
    assert parse_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "P", "PT", "-PT2H", "lang", "twee", "2026-10-14"])
def test_no_duration(text: str) -> None:
    assert parse_duration(text) is None


def test_rules_expand_to_single_occurrences() -> None:
    weekly = parse_when("elke dinsdag 19.30-21.00 uur", TODAY).occurrences[0]
    single = expand_rrule(weekly, date(2026, 12, 8))
    assert [str(one.start) for one in single] == [
        f"2026-{day} 19:30:00" for day in ("11-24", "12-01", "12-08")
    ]
    assert [str(one.end) for one in single] == [f"2026-{day} 21:00:00" for day in ("11-24", "12-01", "12-08")]
    assert all(one.rrule is None for one in single)
    once = WhenOccurrence(date(2026, 12, 1))
    assert expand_rrule(once, date(2027, 1, 1)) == [once]


def test_every_rule_read_starts_on_its_own_first_occurrence() -> None:
    for text in (
        "elke eerste zondag van de maand",
        "om de week op vrijdag 20.00 uur",
        "dagelijks behalve maandag",
        "jaarlijks op 6 januari",
        "elke zondag van april t/m oktober",
        "elke zaterdag t/m 19 december 11 uur",
    ):
        one = parse_when(text, TODAY).occurrences[0]
        assert one.day is not None
        assert expand_rrule(one, one.day)[0].start == one.start, text


def test_explain_names_each_word() -> None:
    text = explain("Kaartverkoop vanaf 1 oktober. Za 28 nov, zaal open 19.30, aanvang 20.15 uur", TODAY)
    assert "day 1 October (not an event date)" in text
    assert "doors 19:30" in text
    assert text.endswith("=> Saturday 28 November 2026, 20:15, doors 19:30")
    assert explain("tot ziens", TODAY).endswith("=> no event date")


def test_languages_are_data() -> None:
    same = {
        parse_when(text, TODAY).occurrences
        for text in (
            "zaterdag 5 december 2026, 20.30 uur, zaal open 19.30",
            "Samstag, 5. Dezember 2026, 20:30 Uhr, Einlass 19:30",
            "Saturday 5 December 2026, 8:30 pm, doors 7:30 pm",
        )
    }
    assert len(same) == 1


@pytest.mark.gold
@pytest.mark.skipif(
    not (GOLD / "dates.jsonl").exists(), reason="the labelled sets are not beside the checkout"
)
def test_labelled_sets() -> None:
    rows = score_dates(GOLD)
    worst = [row for row in rows if row.share < 0.95]
    assert worst == []
    totals = {(row.set, row.measure): row for row in rows if row.group == "all"}
    for row in totals.values():
        assert row.share >= 0.99, row
    assert all(row.share == 1.0 for row in rows if row.group == "negative")


def test_score_counts_and_names_misses(tmp_path: Path) -> None:
    line = (
        '{"id": "x1", "text": "za 28 nov 2026", "today": "2026-11-23", "group": "single", '
        '"expect": [{"start": "2026-11-29", "end": null, "doors": null, "rrule": null}]}'
    )
    (tmp_path / "dates.jsonl").write_text(line + "\n", "utf-8")
    rows = score_dates(tmp_path)
    assert rows[0] == Row("dates", "single", "exact", 0, 1, rows[0].misses)
    assert "x1" in rows[0].misses[0]
    assert "2026-11-28" in rows[0].misses[0]
    assert score_dates(tmp_path / "nowhere") == []
