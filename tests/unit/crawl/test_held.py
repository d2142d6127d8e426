"""A run of which the list prints only the period: its own page tells more, or the list's word stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from aggregator.clock import AMSTERDAM
from aggregator.model import RawEvent, Tier
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms import PLATFORMS, read_any
from crawlers.spiders.source import SourceSpider

LIST, RUN = "https://huis.example/agenda", "https://huis.example/agenda/spul"
ROWS = (
    "<li><h3><a href='/agenda/spul'>Wat een spul</a></h3><p>do 12 nov t/m za 14 nov 2026</p></li>"
    "<li><h3><a href='/agenda/kist'>Kist</a></h3><p>vr 6 nov 2026, 20:00</p></li>"
    "<li><h3><a href='/tentoonstelling/klei'>Klei</a></h3><p>1 nov t/m 20 dec 2026</p></li>"
)
OWN = "<h1>Wat een spul</h1><ul><li>do 12 nov 2026, 20:00</li><li>za 14 nov 2026, 15:00</li></ul>"


class Huis(SourceSpider):
    """A source whose site is known to nobody."""

    name = "huis"
    source = Source(
        id="huis", name="Huis", municipality="hengelo", start_urls=(LIST,), platform="auto", tier=Tier.VENUE
    )
    platform = PLATFORMS["auto"]
    now = datetime(2026, 10, 9, 12, tzinfo=AMSTERDAM)
    allowed_domains: ClassVar[list[str]] = ["huis.example"]


def answer(url: str, body: str, status: int = 200) -> HtmlResponse:
    html = f"<html><head><title>Wat een spul</title></head><body>{body}</body></html>"
    request = Request(url)
    return HtmlResponse(url, status, body=html.encode(), encoding="utf-8", request=request)


def crawl_list(spider: Huis) -> tuple[list[str], dict[str, Any]]:
    """Titles that the list gives at once, and what the request for the run's own page carries."""
    told = list(spider.read(answer(LIST, f"<ul>{ROWS}</ul>"), "list", LIST))
    (request,) = (one for one in told if isinstance(one, Request))
    return [one.title for one in told if isinstance(one, RawEvent)], request.cb_kwargs


@pytest.mark.parametrize(
    ("body", "status", "times"),
    [
        (OWN, 200, ["do 12 nov 2026, 20:00", "za 14 nov 2026, 15:00"]),
        ("<h1>Wat een spul</h1><p>Een klucht.</p>", 200, ["do 12 nov t/m za 14 nov 2026"]),
        ("", 503, ["do 12 nov t/m za 14 nov 2026"]),
        ("", 404, []),
    ],
    ids=["its page", "a page without days", "no answer", "gone"],
)
def test_run(body: str, status: int, times: list[str]) -> None:
    spider = Huis()
    titles, about = crawl_list(spider)
    assert titles == ["Kist", "Klei"]
    told = list(spider.read(answer(RUN, body, status), **about))
    assert [o.text for one in told if isinstance(one, RawEvent) for o in one.occurrences] == times


def test_no_room_for_its_page() -> None:
    spider = Huis()
    spider.tally.pages = 1000
    told = list(spider.read(answer(LIST, f"<ul>{ROWS}</ul>"), "list", LIST))
    assert sorted(one.title for one in told if isinstance(one, RawEvent)) == ["Kist", "Klei", "Wat een spul"]


def test_a_page_tried_alone_keeps_what_it_prints() -> None:
    page = Page(LIST, f"<ul>{ROWS}</ul>".encode(), seen=Huis.now)
    reading = read_any(page)
    assert [event.title for event in reading.events] == ["Wat een spul", "Kist", "Klei"]
    assert reading.follow == (RUN,)
