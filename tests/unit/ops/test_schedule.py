"""When a source is due, with a clock that is moved; one scheduler, that ends in good order."""

from __future__ import annotations

import dataclasses
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.config_loader import load_region
from aggregator.errors import StoreError
from aggregator.model import Outcome, Run
from aggregator.region import Region, Source
from aggregator.schedule import due_sources, keep_working, next_due

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def run(source: Source, started: datetime | str, outcome: Outcome = Outcome.OK) -> Run:
    text = started if isinstance(started, str) else started.isoformat()
    return Run("r", source.id, text, text, outcome, True)


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(ROOT / "config")


def some_source(region: Region, interval: str = "1d") -> Source:
    source = next(s for s in region.sources.values() if s.enabled)
    return source.model_copy(update={"interval": interval})


def only(region: Region, source: Source) -> Region:
    return dataclasses.replace(region, sources={source.id: source})


@pytest.mark.parametrize(
    ("interval", "outcome", "after"),
    [
        ("1d", Outcome.OK, timedelta(days=1)),
        ("1d", Outcome.NOT_MODIFIED, timedelta(days=1)),
        ("1d", Outcome.EMPTY, timedelta(days=1)),
        ("1d", Outcome.DNS, timedelta(hours=6)),
        ("3h", Outcome.BLOCKED, timedelta(hours=3)),
        ("1d", Outcome.CRASHED, timedelta(hours=1)),
    ],
)
def test_the_next_time(region: Region, interval: str, outcome: Outcome, after: timedelta) -> None:
    source = some_source(region, interval)
    assert next_due(source, run(source, NOON, outcome), NOON) == NOON + after


def crawls(region: Region, source: Source, moments: Iterator[datetime]) -> list[datetime]:
    """When the source is crawled by a scheduler that looks at these moments."""
    here, last, found = only(region, source), None, []
    for now in moments:
        if due_sources(here, {source.id: last} if last else {}, now):
            last = run(source, now)
            found.append(now)
    return found


def ticks(first: datetime, last: datetime, minutes: int = 15) -> Iterator[datetime]:
    while first < last:
        yield first
        first += timedelta(minutes=minutes)


@pytest.mark.parametrize("day", [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)])
def test_when_the_clocks_change_nothing_is_skipped_and_nothing_comes_twice(
    region: Region, day: datetime
) -> None:
    """The night has 23 or 25 hours on the wall; a source of six hours is crawled every six hours."""
    offsets = {(day + timedelta(days=d)).astimezone(ZoneInfo("Europe/Amsterdam")).utcoffset() for d in (0, 2)}
    assert len(offsets) == 2
    found = crawls(region, some_source(region, "6h"), ticks(day, day + timedelta(days=2)))
    assert [b - a for a, b in itertools.pairwise(found)] == [timedelta(hours=6)] * 7


def test_a_clock_that_jumps_back_an_hour_makes_nobody_crawl_twice(region: Region) -> None:
    source = some_source(region, "6h")
    before = list(ticks(NOON, NOON + timedelta(hours=6, minutes=30)))
    after = list(ticks(NOON + timedelta(hours=5, minutes=30), NOON + timedelta(hours=14)))
    found = crawls(region, source, iter(before + after))
    assert found == [NOON, NOON + timedelta(hours=6), NOON + timedelta(hours=12)]


def test_a_clock_that_was_years_ahead_does_not_silence_a_source_for_years(region: Region) -> None:
    source = some_source(region)
    last = run(source, NOON + timedelta(days=1000))
    assert due_sources(only(region, source), {source.id: last}, NOON) == [source.id]


def test_after_a_stop_all_that_was_missed_is_caught_up_once(region: Region) -> None:
    source = some_source(region, "6h")
    moments = [NOON, *ticks(NOON + timedelta(days=3), NOON + timedelta(days=3, hours=5))]
    assert crawls(region, source, iter(moments)) == [NOON, NOON + timedelta(days=3)]


def test_a_run_whose_manifest_says_no_moment_is_no_run(region: Region) -> None:
    source = some_source(region)
    assert next_due(source, run(source, "yesterday"), NOON) is None


def test_a_daily_timer_does_not_miss_a_daily_source_by_a_second(region: Region) -> None:
    moments = [NOON + timedelta(days=d, seconds=-d) for d in range(5)]
    assert crawls(region, some_source(region), iter(moments)) == moments


def test_the_job_is_done_at_every_tick_whatever_went_wrong_before() -> None:
    told: list[str] = []
    errors: list[Exception | None] = [StoreError("locked", "db"), OSError(28, "No space left", "f"), None]
    calls = 0

    def job() -> None:
        nonlocal calls
        calls += 1
        if calls > len(errors):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
            raise AssertionError("the signal did not come")
        if error := errors[calls - 1]:
            raise error

    keep_working(job, told.append, timedelta(seconds=0.05))
    assert calls == 4
    assert told == ["db: locked", "f: No space left", "stopped; the next start goes on from here"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_signal_between_two_jobs_ends_it_too() -> None:
    code = (
        "from datetime import timedelta\n"
        "from aggregator.schedule import keep_working\n"
        "keep_working(lambda: print('worked', flush=True), print, timedelta(hours=1))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "worked\n"
        time.sleep(0.2)
        process.terminate()
        rest: Any = process.communicate(timeout=20)[0]
    assert process.returncode == 0
    assert rest == "stopped; the next start goes on from here\n"


def looks(source: Source, news: str) -> list[Run]:
    """Crawls of a source, oldest first: `1` brought news, `0` none, `-` was the first and `x` refused."""
    made = []
    for day, what in enumerate(news):
        outcome = Outcome.BLOCKED if what == "x" else Outcome.OK
        counters = {"news": int(what)} if what in "01" else {}
        began = NOON - timedelta(days=len(news) - 1 - day)
        made.append(dataclasses.replace(run(source, began, outcome), counters=counters))
    return made


@pytest.mark.parametrize(
    ("interval", "news", "after"),
    [
        ("1d", "-", timedelta(days=1)),
        ("1d", "-111", timedelta(days=1)),  # too few to tell
        ("1d", "-0000", timedelta(days=1)),  # never later than its own interval
        ("1d", "-1010", timedelta(hours=12)),
        ("1d", "-11110", timedelta(hours=6)),
        ("7d", "-11111111", timedelta(days=7) / 4),
        ("2h", "-11111111", timedelta(hours=2)),  # its file says oftener
        ("12h", "-11111111", timedelta(hours=6)),
        ("1d", "111111-00000000", timedelta(days=1)),  # busy once
        ("1d", "x", timedelta(days=1)),
        ("1d", "1xxx", timedelta(days=4)),
        ("1d", "x" * 20, timedelta(days=14)),
        ("30d", "xxx", timedelta(days=30)),
    ],
)
def test_a_busy_source_is_looked_at_oftener_and_one_that_refuses_less(
    region: Region, interval: str, news: str, after: timedelta
) -> None:
    source = some_source(region, interval)
    past = looks(source, news)
    assert next_due(source, past[-1], NOON, past) == NOON + after


@pytest.mark.parametrize(
    ("outcome", "seconds", "hours"), [(Outcome.OK, 3 * 86400, 72), (Outcome.BLOCKED, 60, 24)]
)
def test_a_site_that_says_when_to_come_back_is_left_alone_until_then(
    region: Region, outcome: Outcome, seconds: int, hours: int
) -> None:
    source = some_source(region)
    last = dataclasses.replace(run(source, NOON, outcome), counters={"retry-after": seconds})
    assert next_due(source, last, NOON) == NOON + timedelta(hours=hours)
    before, then = NOON + timedelta(hours=hours - 1), NOON + timedelta(hours=hours)
    assert due_sources(only(region, source), {source.id: last}, before) == []
    assert due_sources(only(region, source), {source.id: last}, then) == [source.id]
