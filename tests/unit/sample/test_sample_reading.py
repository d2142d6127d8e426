"""What the crawler's readers make of the sample's pages: nothing missed, nothing invented."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import find_config, load_region
from aggregator.model import RawEvent
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms import platform_of
from crawlers.sample.config import write_config
from crawlers.sample.site import Site
from crawlers.sample.sites import SampleRegion
from crawlers.sample.truth import truth

TODAY = date(2026, 11, 25)
SEEN = datetime(2026, 11, 25, 12, tzinfo=AMSTERDAM)
MOST_REQUESTS = 45


def read_site(source: Source, site: Site) -> Iterator[list[RawEvent]]:
    """The events of each page in turn, following what the reader names."""
    platform = platform_of(source)
    waiting = list(platform.start(source, SEEN))
    known = set(waiting)
    while waiting:
        url = waiting.pop(0)
        parts = urlsplit(url)
        answer = site.answer(parts.path, dict(parse_qsl(parts.query)))
        assert answer.status == 200, url
        body = answer.body
        page = Page(url, body.data, seen=SEEN, content_type=body.kind, source_id=source.id)
        reading = platform.read(page, source)
        yield list(reading.events)
        fresh = [u for u in (*reading.next, *reading.follow) if u not in known]
        known.update(fresh)
        waiting += fresh


@pytest.fixture(scope="module")
def region() -> SampleRegion:
    return SampleRegion(TODAY)


@pytest.fixture(scope="module")
def pages(region: SampleRegion, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[RawEvent]]]:
    folder: Path = tmp_path_factory.mktemp("sample-config")
    config = load_region(write_config(folder, find_config(None), region.programme.sources))
    sources = region.programme.sources.values()  # a council's meetings are no entries: test_sample_council
    readable = [s for s in sources if s.trait not in ("error", "forbidden") and s.style != "council"]
    return {s.id: list(read_site(config.sources[s.id], region.sites[s.id])) for s in readable}


def test_every_readable_listing_is_read_and_no_other(
    region: SampleRegion, pages: dict[str, list[list[RawEvent]]]
) -> None:
    known = truth(region.programme)
    expected: dict[str, set[str]] = defaultdict(set)
    for row in known.listings:
        if row.readable and known.events[row.event].hidden != "not-an-event":
            expected[row.source].add(row.url)
    for name, read in pages.items():
        assert {event.url for page in read for event in page} == expected[name], name


def test_no_site_needs_many_requests(pages: dict[str, list[list[RawEvent]]]) -> None:
    assert {name: len(read) for name, read in pages.items() if len(read) > MOST_REQUESTS} == {}


def test_titles_are_read_as_printed(region: SampleRegion, pages: dict[str, list[list[RawEvent]]]) -> None:
    titles = {(row.source, row.url): row.title for row in truth(region.programme).listings}
    for name, read in pages.items():
        for event in (event for page in read for event in page):
            words = f"{event.title} {event.subtitle}".replace("’", "'")
            assert titles[(name, str(event.url))].replace("’", "'") in words, (name, event.url)
