"""Pages of sites that nobody made a reader for, as they come: by discovery and the layout alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import trek
from aggregator.config_loader import load_region
from aggregator.pages import PageReader
from aggregator.score.pages import score_pages
from aggregator.score.table import Row

ROOT = Path(__file__).parents[2]
LEAST = {
    "found": 0.97,
    "invented": 0.98,
    "title": 0.97,
    "start": 0.97,
    "end": 0.97,
    "place": 0.9,
    "url": 0.97,
}


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    reader = PageReader(load_region(ROOT / "config"), trek.read_page)
    scored = score_pages(ROOT / "tests" / "unseen", lambda *saved: list(reader.lines(*saved)))
    return {row.measure: row for row in scored if row.group == "all formats"}


@pytest.mark.parametrize("measure", LEAST)
def test_field(rows: dict[str, Row], measure: str) -> None:
    row = rows[measure]
    assert row.total >= 20
    assert row.share >= LEAST[measure], row.misses


def test_towns(rows: dict[str, Row]) -> None:
    """A town in a line of its own, which nothing calls a town, is left out rather than guessed."""
    assert rows["city"].share >= 0.88, rows["city"].misses


@pytest.mark.parametrize("measure", ["status", "price"])
def test_facts(rows: dict[str, Row], measure: str) -> None:
    assert rows[measure].share >= 0.95, rows[measure].misses
