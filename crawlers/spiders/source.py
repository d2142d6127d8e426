"""The spider of every source: it fetches what the source's platform asks for, and reads nothing itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator.model import Outcome, RawEvent, to_plain
from aggregator.region import Source
from crawlers.extract.guard import read_guarded
from crawlers.extract.page import Page, Problem, Reading
from crawlers.marks import read_marks
from crawlers.memory import Memory, page_key
from crawlers.outcome import classify_error, classify_loss, classify_status, read_patience
from crawlers.platforms.base import Platform

MOST_FAULTS = 5  # after so many failed pages in a row a site is left alone
MOST_REFUSALS = 2  # the same when it refuses us; at once when it refuses a list or asks us to wait


@dataclass
class Tally:
    """What one crawl met, for its manifest."""

    pages: int = 0
    unchanged: int = 0
    kept: int = 0  # pages that were not asked for, because a list says that they are as they were
    differing: int = 0  # pages that said something else than at the crawl before
    lists: int = 0
    dropped: int = 0
    wait: int = 0  # seconds for which the site asks to be left alone
    refused: bool = False  # the site does not want us: it is left alone
    faults: list[tuple[Outcome, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class SourceSpider(scrapy.Spider):
    """Base of the spiders that `make_spider` builds from a source's file.

    An odd source that no platform can read gets a subclass in `crawlers/spiders/`.
    """

    source: ClassVar[Source]
    platform: ClassVar[Platform]
    now: ClassVar[datetime]
    allowed_domains: ClassVar[list[str]]
    memory: Memory | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tally = Tally()
        self._row = 0
        self._asked: set[str] = set()
        self._open: dict[str, str] = {}  # address asked for: where it has led to

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's constructor."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.led_to, signal=signals.request_scheduled)
        return spider

    def led_to(self, request: scrapy.Request) -> None:
        """Note where an address redirects to: Scrapy drops some of those without a word."""
        if (asked := request.cb_kwargs.get("asked")) in self._open:
            self._open[asked] = request.url

    def settle(self, allowed: Collection[str]) -> None:
        """Count as faults the pages that were asked for and never came."""
        for asked, led_to in self._open.items():
            self.tally.faults.append(classify_loss(asked, led_to, self.allowed_domains, allowed))

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Requests for the first pages of the source."""
        for url in self.platform.start(self.source, self.now):
            yield self._request(url, "list")

    def read(
        self, response: Response, kind: str, asked: str, held: RawEvent | None = None
    ) -> Iterator[RawEvent | scrapy.Request]:
        """Events on a page, then requests for where the list goes on.

        `held` is the event as its list prints it, for a page that tells of none.
        """
        self._open.pop(asked, None)
        if fault := classify_status(response.status, response.url):
            if held and fault[0] is not Outcome.NOT_FOUND:
                yield self._named(held)
            self.tally.wait = max(self.tally.wait, read_patience(response))
            self._fault(fault, kind, response.url)
            return
        self._row = 0
        self.tally.pages += 1
        self.tally.unchanged += "cached" in response.flags
        self.tally.kept += "kept" in response.flags
        page, reading = self._read_page(response)
        self.tally.problems.extend(reading.problems)
        if self.memory is not None and "kept" not in response.flags:
            mark = str(response.meta.get("mark", ""))
            self.tally.differing += self.memory.note(response.url, mark, _sum(reading), self.now)
        events = reading.events or ((held,) if held else ())
        yield from map(self._named, events)
        yield from self._go_on(page, reading)

    def failed(self, failure: Failure) -> Iterator[RawEvent]:
        """Note what a request raised; the event is what its list printed of it, where it did."""
        request = failure.request  # type: ignore[attr-defined]
        error = failure.value or RuntimeError("no reason given")
        self._open.pop(request.cb_kwargs["asked"], None)
        if held := request.cb_kwargs.get("held"):
            yield self._named(held)
        self._fault(classify_error(error, request.url), request.cb_kwargs["kind"], request.url)

    def _named(self, event: RawEvent) -> RawEvent:
        """The event, with the type that its source's file says all of its entries are of."""
        kind = self.source.options.get("type")
        return replace(event, types=(*event.types, kind)) if kind else event

    def _read_page(self, response: Response) -> tuple[Page, Reading]:
        """The page, and what is read in it. A page that was kept was seen when it was last asked for."""
        header = response.headers.get("Content-Type") or b""
        kept = self.memory.trace(response.url) if self.memory and "kept" in response.flags else None
        page = Page(
            response.url,
            response.body,
            seen=kept.checked if kept else self.now,
            content_type=header.decode("latin-1"),
            source_id=self.source.id,
        )
        try:
            return page, read_guarded(lambda whole: self.platform.read(whole, self.source), page)
        except Exception as error:  # one page that a reader cannot take must not end the crawl
            self.logger.exception("%s could not be read", response.url)
            return page, Reading(problems=(Problem("reader-failed", f"{response.url}: {error!r}"),))

    def _go_on(self, page: Page, reading: Reading) -> Iterator[RawEvent | scrapy.Request]:
        most_lists = self.source.paging.most if self.source.paging else 50
        most_pages = self.source.follow.most if self.source.follow else 1000
        yield from self._requests(reading.next, "list", most_lists - self.tally.lists)
        marks = read_marks(page, reading)
        for request in self._requests(reading.follow, "event", most_pages - self.tally.pages, marks):
            if held := reading.held.get(request.cb_kwargs["asked"]):
                request.cb_kwargs["held"] = held
            yield request
        unasked = (e for url, e in reading.held.items() if page_key(url) not in self._asked)
        yield from map(self._named, unasked)  # there is no room for their pages

    def _requests(
        self, urls: Iterable[str], kind: str, room: int, marks: Mapping[str, str] | None = None
    ) -> Iterator[scrapy.Request]:
        fresh = {page_key(url): url for url in urls}
        fresh = {key: url for key, url in fresh.items() if key not in self._asked}
        for number, url in enumerate(fresh.values()):
            if number >= room:
                self.tally.dropped += 1
                continue
            yield self._request(url, kind, (marks or {}).get(url, ""))

    def _request(self, url: str, kind: str, mark: str = "") -> scrapy.Request:
        self.tally.lists += kind == "list"
        self._open[url] = url
        self._asked.add(page_key(url))
        meta = {"mark": mark} if kind == "event" else {}
        about = {"kind": kind, "asked": url}
        return scrapy.Request(url, self.read, errback=self.failed, cb_kwargs=about, meta=meta)

    def _fault(self, fault: tuple[Outcome, str], kind: str, url: str) -> None:
        if fault[0] is Outcome.NOT_FOUND and kind == "event":
            self.tally.gone.append(url)
            return
        self.tally.faults.append(fault)
        self._row += 1
        blocked = fault[0] is Outcome.BLOCKED
        self.tally.refused = self.tally.wait > 0 or (
            blocked and (kind == "list" or self._row >= MOST_REFUSALS)
        )
        if self.tally.refused:
            raise CloseSpider("the site wants to be left alone")
        if self._row >= MOST_FAULTS:
            raise CloseSpider("too many failed pages in a row")


def _sum(reading: Reading) -> str:
    """A hash of what was read, whenever and wherever: equal sums mean that the page says the same."""
    said = [to_plain(event) for event in reading.events]
    for event in said:
        event.pop("seen_at", None)
    told = json.dumps([said, reading.next, reading.follow], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
