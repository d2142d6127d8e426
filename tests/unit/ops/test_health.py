"""What the operator is told of a source, against its own history."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from aggregator.alarm import find_causes
from aggregator.bulletin import plain_health, render_metrics, render_text, render_verify
from aggregator.config_loader import load_region
from aggregator.health import Silence, State, examine, examine_source, lost_fields, silence_of
from aggregator.model import Outcome, Run
from aggregator.region import Region, Source
from crawlers.record import told_fields
from feeds.info import read_info
from feeds.statuspage import publish_status, render_chart

ROOT = Path(__file__).parents[3]
FIRST = datetime(2026, 6, 1, 5, 0, tzinfo=UTC)


def runs(*items: int | Outcome, source: str = "s", fields: Sequence[dict[str, int]] = ()) -> list[Run]:
    """A run a day: so many entries, or how it failed."""
    made = []
    for day, one in enumerate(items):
        started = (FIRST + timedelta(days=day)).isoformat()
        outcome = one if isinstance(one, Outcome) else Outcome.OK if one else Outcome.EMPTY
        count = 0 if isinstance(one, Outcome) else one
        counters = {f"field:{k}": n for k, n in (fields[day] if fields else {}).items()}
        made.append(
            Run(f"r{day}", source, started, started, outcome, True, items=int(count), counters=counters)
        )
    return made


@pytest.fixture(scope="module")
def region() -> Region:
    """The real region with every source switched on and none verified."""
    real = load_region(ROOT / "config")
    update = {"enabled": True, "verified": False}
    sources = {name: s.model_copy(update=update) for name, s in real.sources.items()}
    return dataclasses.replace(real, sources=sources)


@pytest.fixture(scope="module")
def source(region: Region) -> Source:
    one = next(s for s in region.sources.values() if s.enabled)
    return one.model_copy(update={"id": "s", "interval": "1d", "verified": False})


@pytest.mark.parametrize(
    ("items", "silence"),
    [
        ((40, 41, 39), Silence.NONE),
        ((40, 41, 0), Silence.NEW),
        ((40, 30, 20, 12, 5, 2, 0), Silence.QUIET),  # the season ran out
        ((40, 30, 20, 12, 5, 2, 0, 0, 0), Silence.QUIET),
        ((0, 0), Silence.NONE),  # it never said a word
        ((40, Outcome.DNS), Silence.NONE),  # nobody heard it
        ((40, 0, Outcome.DNS), Silence.NEW),
        ((40, 0, 38), Silence.NONE),
        ((2, 0), Silence.NEW),  # too short a history to know its ways
    ],
)
def test_newly_silent_is_not_quiet_in_august(items: tuple[int, ...], silence: Silence) -> None:
    assert silence_of(runs(*items)) is silence


def test_a_house_that_was_closed_in_this_season_last_year_is_quiet() -> None:
    summer = [0 if 45 <= day <= 90 or day >= 420 else 40 for day in range(425)]
    assert silence_of(runs(*summer)) is Silence.QUIET
    assert silence_of(runs(*[40 if day < 420 else 0 for day in range(425)])) is Silence.NEW


def test_a_field_that_is_no_longer_said_is_told() -> None:
    full, bare = {"title": 20, "image": 19, "price": 4}, {"title": 20, "image": 2, "price": 3}
    assert lost_fields(runs(*[20] * 6, fields=[full] * 5 + [bare])) == ("image",)
    assert lost_fields(runs(*[20] * 6, fields=[full] * 6)) == ()
    assert lost_fields(runs(*[20] * 3, fields=[full, full, bare])) == ()  # too short a history
    assert lost_fields(runs(*[20] * 6)) == ()  # crawled before fields were counted


@pytest.mark.parametrize(
    ("items", "state", "words"),
    [
        ((20, 21), State.FINE, ""),
        ((20, 20, 0), State.TROUBLED, "did until now"),
        ((20, 10, 4, 2, 0), State.QUIET, "ran out"),
        ((0, 0), State.TROUBLED, "never listed anything"),
        ((20, Outcome.DNS, Outcome.DNS), State.TROUBLED, "dns"),
        ((), State.NEVER, ""),
    ],
)
def test_a_source_is_told_with_what_to_do(
    source: Source, items: tuple[int, ...], state: State, words: str
) -> None:
    history = runs(*items)
    now = FIRST + timedelta(days=len(items))
    health = examine_source(source, history, now)
    assert health.state is state
    assert words in health.problem
    assert bool(health.remedy) == bool(health.problem)
    assert health.command == "trek crawl --source s"


def test_failing_runs_are_counted_and_dated(source: Source) -> None:
    health = examine_source(source, runs(20, Outcome.DNS, Outcome.TLS), FIRST + timedelta(days=3))
    assert (health.failing, health.since) == (2, FIRST + timedelta(days=1))
    assert health.last_good == FIRST
    assert health.chart == ((20, Outcome.OK), (0, Outcome.DNS), (0, Outcome.TLS))


def test_overdue_and_held_and_disabled(source: Source) -> None:
    late = examine_source(source, runs(20), FIRST + timedelta(days=3))
    assert (late.stale, late.cause) == (True, "stale")
    held = examine_source(source, runs(20), FIRST, "would lose 30 of 40")
    assert held.cause == "held"
    assert "trek hold accept s" in held.remedy
    off = examine_source(source.model_copy(update={"enabled": False}), runs(20), FIRST)
    assert off.state is State.DISABLED


@pytest.mark.parametrize(
    ("items", "state", "words"),
    [
        ((20, 20), State.QUIET, "as a person decided: would lose 30 of 40"),
        ((20, 0), State.QUIET, "as a person decided"),  # that it lists nothing is what was looked at
        ((20, Outcome.DNS), State.TROUBLED, "dns"),  # what is new is told all the same
        ((20, Outcome.PAGE_CHANGED), State.TROUBLED, "page-changed"),
    ],
)
def test_what_a_person_refused_is_no_trouble_any_more(
    source: Source, items: tuple[int, ...], state: State, words: str
) -> None:
    now, held = FIRST + timedelta(days=len(items)), "would lose 30 of 40"
    health = examine_source(source, runs(*items), now, held, refused=True)
    assert health.state is state
    assert words in health.problem
    assert find_causes([health, health], now) == [] or state is State.TROUBLED
    assert examine_source(source, runs(*items), now, held).cause == "held"


def test_the_report_puts_trouble_first(region: Region) -> None:
    fine, bad = list(region.sources)[:2]
    history = [*runs(20, 20, source=fine), *runs(20, Outcome.DNS, source=bad)]
    healths = examine(region, history, FIRST + timedelta(days=1, hours=1))
    lines = render_text(healths).splitlines()
    assert lines[0].startswith(f"{len(region.sources)} sources: 1 fine, 1 troubled")
    assert lines[1].startswith(f"! {bad}: dns")
    assert f"trek crawl --source {bad}" in lines[1]


def test_metrics_are_in_the_text_format(region: Region) -> None:
    name = next(iter(region.sources))
    counts = {"title": 20, "image": 10}
    healths = examine(region, runs(20, source=name, fields=[counts]), FIRST + timedelta(hours=1))
    text = render_metrics(healths, FIRST)
    line = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+]+')
    assert all(line.fullmatch(x) for x in text.splitlines() if not x.startswith("#"))
    assert text.endswith("\n")
    assert re.search(rf'trek_source_field_coverage{{source="{name}",.*field="image"}} 0.5\n', text)
    assert re.search(rf'trek_source_up{{source="{name}",[^}}]*}} 1\n', text)
    helps = re.findall(r"# HELP (\S+)", text)
    assert len(helps) == len(set(helps))


def test_the_first_weeks_report_puts_the_easiest_fix_first(region: Region) -> None:
    ids = [s.id for s in region.sources.values() if s.enabled and not s.verified][:4]
    outcomes = (Outcome.BLOCKED, Outcome.NOT_FOUND, 25, Outcome.UNREADABLE)
    history = [r for i, o in zip(ids, outcomes, strict=True) for r in runs(o, source=i)]
    text = render_verify(examine(region, history, FIRST + timedelta(hours=1)))
    places = [text.index(f"  {i}:") for i in (ids[2], ids[1], ids[3], ids[0])]
    assert places == sorted(places)
    assert ": 1 work, " in text.splitlines()[0]


def test_the_status_page_is_whole_and_escapes_what_sources_say(region: Region, tmp_path: Path) -> None:
    name, other = list(region.sources)[:2]
    bad = [
        Run("r", name, FIRST.isoformat(), None, Outcome.UNREADABLE, False, detail="<script>alert(1)</script>")
    ]
    counts = {"title": 20}
    healths = examine(region, [*bad, *runs(20, source=other, fields=[counts])], FIRST + timedelta(hours=1))
    plain = plain_health(healths, FIRST)
    alarms = [{"key": "a:b & c", "problem": "x < y", "remedy": "do & it", "since": FIRST.isoformat()}]
    public = tmp_path / "public"
    written = publish_status(public, read_info(region), plain, render_metrics(healths, FIRST), alarms)
    assert sorted(written) == [
        "status/alarms.atom",
        "status/index.html",
        "status/metrics.prom",
        "status/status.json",
    ]
    page = (public / "status" / "index.html").read_text()
    assert "<script>" not in page
    assert "alert(1)" in page
    assert "title 100 %" in page
    assert page.count("<svg") == 2
    assert json.loads((public / "status" / "status.json").read_text())["counts"]["troubled"] == 1
    feed = etree.fromstring((public / "status" / "alarms.atom").read_bytes())
    assert feed.findtext(".//{*}entry/{*}title") == "x < y"
    assert publish_status(public, read_info(region), plain, render_metrics(healths, FIRST), alarms) == []


def test_a_chart_shows_every_run_and_says_so_in_words() -> None:
    chart = render_chart([{"items": 4, "outcome": "ok"}, {"items": 0, "outcome": "dns"}], 'The "Barn"')
    svg = etree.fromstring(str(chart))
    assert len(svg) == 2
    assert svg.get("aria-label") == 'The "Barn": the last 2 runs, at most 4 entries, 1 failed'


def test_the_fields_that_an_entry_says() -> None:
    from aggregator.model import RawEvent, RawOccurrence, RawOffer, RawPlace

    bare = RawEvent("s", "u", "", "json-ld", "Quiz")
    assert told_fields(bare) == ["title"]
    full = RawEvent(
        *("s", "u", "", "json-ld", "Quiz"),
        occurrences=(RawOccurrence(text="za 5 dec", end="2026-12-05", place=RawPlace("Zaal")),),
        offers=(RawOffer(text="gratis"),),
        image="i",
        url="u",
        description="d",
        source_key="7",
    )
    assert len(told_fields(full)) == 9
