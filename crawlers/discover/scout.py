"""Looks at a site with the manners of every crawl: `python -m crawlers.discover.scout` reads a Mission.

robots.txt is obeyed, the address guard stands before every request and redirect, requests come one at
a time with a pause, and there are few of them. Each Visit is a line of JSON on standard output.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin

import scrapy
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.python.failure import Failure

from crawlers.discover.leads import Lead, read_leads, route_leads, sitemap_leads
from crawlers.discover.visit import Mission, Visit
from crawlers.extract.guard import read_guarded
from crawlers.extract.page import Page, Reading
from crawlers.outcome import classify_error, classify_status
from crawlers.platforms import read_any
from crawlers.settings import make_settings

_MOST = {"agenda": 5, "feed": 5, "rest": 3, "sitemap": 4, "event": 4}  # requests of each kind
_EACH = 2  # pages of single events looked at for each list
_FIRST = ("page", "rest", "agenda", "feed", "sitemap", "event")


class Scout(scrapy.Spider):
    """Fetches one address and what it leads to; reads only to know where to look next."""

    name = "scout"

    def __init__(self, mission: Mission, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mission = mission
        self._asked: set[str] = set()
        self._counts: dict[str, int] = {}
        self._sitemaps: tuple[str, ...] = ()
        self._number = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's constructor."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.heard_robots, signal=signals.robots_parsed)
        return spider

    def heard_robots(self, robotparser: RobotParser, request: scrapy.Request) -> None:
        """Note what robots.txt says: the sitemaps that it names, and the pause that it asks for."""
        rules = getattr(robotparser, "rp", None)
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._sitemaps += tuple(getattr(rules, "sitemaps", ()))
        pause = getattr(robotparser, "crawl_delay", lambda _agent: None)(agent)
        allowed = robotparser.allowed(request.url, agent)
        said = [f"allows {request.url}" if allowed else f"forbids {request.url}"]
        said += [f"asks for {pause:g} s between requests"] if pause else []
        said += [f"names {len(self._sitemaps)} sitemaps"] if self._sitemaps else []
        self._tell(Visit("robots", urljoin(request.url, "/robots.txt"), "rules", detail=", ".join(said)))

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The address given."""
        for request in self._ask([Lead("page", self.mission.url, "the address given")], ""):
            yield request

    def seen(self, response: Response, lead: Lead, origin: str) -> Iterator[scrapy.Request]:
        """Tell of a page, and ask for what it leads to."""
        if fault := classify_status(response.status, response.url):
            self._tell(Visit(lead.kind, response.url, lead.why, str(fault[0]), fault[1], origin))
            if response.status == 429:
                raise CloseSpider("the site asks us to slow down")
            return
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        self._number += 1
        file = Path(self.mission.folder) / f"{self._number:03}"
        file.write_bytes(response.body)
        visit = Visit(
            lead.kind, response.url, lead.why, origin=origin, file=str(file), content_type=kind,
            now=self.mission.now,
        )  # fmt: skip
        self._tell(visit)
        yield from self._go_on(visit, lead)

    def failed(self, failure: Failure) -> None:
        """Tell why there is no page."""
        request = failure.request  # type: ignore[attr-defined]
        lead, origin = request.cb_kwargs["lead"], request.cb_kwargs["origin"]
        error = failure.value or RuntimeError("no reason given")
        outcome, detail = classify_error(error, request.url)
        self._tell(Visit(lead.kind, request.url, lead.why, str(outcome), detail, origin))

    def _go_on(self, visit: Visit, lead: Lead) -> Iterator[scrapy.Request]:
        page = visit.page
        if lead.kind in ("page", "agenda"):
            reading = _read(page)
            leads = read_leads(page)
            if lead.kind == "agenda":  # from here only the feeds of this agenda, and one level of agendas
                leads = tuple(one for one in leads if one.kind == "feed" or not reading.events)
            yield from self._ask(leads, page.url)
            if lead.kind == "page":
                named = self._sitemaps or (urljoin(page.url, "/sitemap.xml"),)
                maps = [
                    Lead("sitemap", u, "named by robots.txt" if self._sitemaps else "usual") for u in named
                ]
                yield from self._ask(maps, page.url)
            yield from self._samples(reading, page)
        elif lead.kind == "sitemap":
            yield from self._ask(sitemap_leads(page), page.url)
            yield from self._samples(_read(page), page)
        elif lead.kind == "rest":
            yield from self._ask(route_leads(page), page.url)

    def _samples(self, reading: Reading, page: Page) -> Iterator[scrapy.Request]:
        """A few pages of single events: the list's own, to see what they tell beside it."""
        own = dict.fromkeys(e.url for e in reading.events if e.url and e.url != page.url)
        urls = [*reading.follow, *own][:_EACH]
        yield from self._ask([Lead("event", url, "the page of one event") for url in urls], page.url)

    def _ask(self, leads: Iterable[Lead], origin: str) -> Iterator[scrapy.Request]:
        for lead in leads:
            full = self._counts.get(lead.kind, 0) >= _MOST.get(lead.kind, 1)
            if lead.url in self._asked or full or len(self._asked) >= self.mission.most:
                continue
            self._asked.add(lead.url)
            self._counts[lead.kind] = self._counts.get(lead.kind, 0) + 1
            yield scrapy.Request(
                lead.url,
                self.seen,
                errback=self.failed,
                cb_kwargs={"lead": lead, "origin": origin},
                priority=-_FIRST.index(lead.kind),
            )

    def _tell(self, visit: Visit) -> None:
        sys.stdout.write(json.dumps(asdict(visit)) + "\n")
        sys.stdout.flush()


def _read(page: Page) -> Reading:
    try:
        return read_guarded(read_any, page)
    except Exception:  # a page that breaks a reader is told of later; the look goes on
        return Reading()


def scout(mission: Mission) -> None:
    """Look at the mission's address; visits are printed as they come."""
    settings = make_settings(mission.user_agent, Path(mission.folder) / "cache", mission.allowed, None)
    settings.setdict(
        {
            "CONCURRENT_REQUESTS": 1,
            "DOWNLOAD_DELAY": mission.delay,
            "CLOSESPIDER_TIMEOUT": 300,
            "RETRY_TIMES": 0,
            "LOG_ENABLED": False,
        }
    )
    process = AsyncCrawlerProcess(settings)
    process.crawl(Scout, mission=mission)
    process.start()


if __name__ == "__main__":
    scout(Mission.loads(sys.stdin.read()))
