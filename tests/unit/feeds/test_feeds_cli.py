"""The two commands with plain arguments, and the region's own configuration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from aggregator.config_loader import load_region
from feeds.cli import addresses, describe, run_publish
from feeds.info import MOST_BYTES, MOST_EVENTS, read_info
from feeds.publish import Published
from tests.unit.feeds.feeds_world import Reader, world

REGION = load_region(Path(__file__).parents[3] / "config")
SMALL = replace(REGION, venues={})


def test_configuration_of_the_region_is_taken_over() -> None:
    info = read_info(REGION)
    assert len(info.municipalities) == 14
    assert list(info.pillars) == ["third-places", "muziek", "createch"]
    assert info.languages == ("nl", "en", "de")
    assert set(info.venues) == set(REGION.venues)
    assert info.most_events <= MOST_EVENTS
    assert info.most_bytes <= MOST_BYTES
    assert info.pillar("createch", "de") == "CREATECH"


def test_day_is_the_local_one(tmp_path: Path) -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # the 25th in the Netherlands
    done = run_publish(Reader(world()), SMALL, tmp_path / "public", now=lambda: late)
    assert "woensdag 25 november" in (tmp_path / "public" / "index.html").read_text()
    lines = describe(done)
    assert lines[0].startswith(f"{done.events} events")
    again = run_publish(Reader(world()), SMALL, tmp_path / "public", now=lambda: late)
    assert describe(again) == [f"nothing changed: {done.files} files are as they were"]


def test_what_was_cleaned_and_closed_is_told() -> None:
    lines = describe(Published(files=10, written=4, unchanged=6, closed=2, removed=1))
    assert "2 kept only to say" in lines[2]
    assert "1 half-written" in lines[3]


def test_addresses_to_open() -> None:
    assert addresses(REGION, "http://127.0.0.1:8080") == [
        "http://127.0.0.1:8080/",
        "http://127.0.0.1:8080/feeds/",
        "http://127.0.0.1:8080/agenda/region.ics",
    ]
