"""The readers of standard formats on the labelled pages, through to the lines that people see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.answers import answer_page
from aggregator.config_loader import load_region
from aggregator.model import Listing
from aggregator.normalise.listing import Normaliser
from aggregator.score.pages import score_pages
from aggregator.score.table import Table
from crawlers.extract import Page, read_page

ROOT = Path(__file__).parents[2]
STANDARD = frozenset({"jsonld", "microdata", "rdfa", "hcalendar", "h-event", "ical"})


def make_read(
    normaliser: Normaliser,
) -> Callable[[bytes, str, datetime, datetime | None], list[dict[str, Any]]]:
    """A `read` that knows the standard formats alone: no platform, no layout."""

    def read(body: bytes, url: str, seen: datetime, until: datetime | None) -> list[dict[str, Any]]:
        page = Page(url, body, seen=seen, until=until)
        reading = read_page(page)
        methods = {e.method for e in reading.events}
        listings = normaliser.listings(reading.events, seen, until or seen + timedelta(days=400))
        return [
            line
            for listing in listings
            if isinstance(listing, Listing)
            for line in answer_page(listing, next(iter(methods)), exclusive=methods == {"icalendar"})
        ]

    return read


@pytest.fixture(scope="module")
def table(gold: Path) -> Table:
    read = make_read(Normaliser(load_region(ROOT / "config")))
    return Table(tuple(score_pages(gold, read)))


def share(table: Table, group: str, measure: str) -> float:
    (row,) = [r for r in table.rows if (r.group, r.measure) == (group, measure)]
    return row.share


@pytest.mark.gold
@pytest.mark.parametrize("group", sorted(STANDARD))
def test_no_event_is_read_wrongly(table: Table, group: str) -> None:
    measures = {"title", "start", "end", "place", "status", "url", "invented"}
    rows = [r for r in table.rows if r.group == group and r.measure in measures]
    # What is short of all: a start at midnight that is taken for a day, places of a system's own reader.
    least = 0.97 if group == "jsonld" else 1.0
    assert len(rows) >= 4
    assert all(r.share >= least for r in rows), table.render()


@pytest.mark.gold
@pytest.mark.parametrize("group", sorted(STANDARD))
def test_events_are_found(table: Table, group: str) -> None:
    # Missing in iCalendar: what is private, and what is further off than Trek believes a date.
    assert share(table, group, "found") >= (0.98 if group in ("ical", "jsonld") else 1.0), table.render()
