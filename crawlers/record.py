"""The Scrapy extension that writes a crawl to the inbox and says how it ended."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scrapy import signals

from aggregator.clock import now, wall
from aggregator.model import Outcome, RawEvent, Run
from crawlers.inbox import InboxRun, new_run_id
from crawlers.spiders.source import SourceSpider, Tally

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from scrapy.crawler import Crawler


class Recorder:
    """Writes each event as it is found; the manifest when the crawl has ended by itself."""

    def __init__(self, crawler: Crawler, inbox: Path, report: Callable[[Run], None]) -> None:
        self.crawler, self.inbox, self.report = crawler, inbox, report
        self.started = now()
        for handler, signal in (
            (self.opened, signals.spider_opened),
            (self.scraped, signals.item_scraped),
            (self.closed, signals.spider_closed),
        ):
            crawler.signals.connect(handler, signal=signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's constructor; inbox and report come from the settings."""
        settings = crawler.settings
        return cls(crawler, Path(settings["TREK_INBOX"]), settings["TREK_REPORT"])

    def opened(self, spider: SourceSpider) -> None:
        """Make the run's folder."""
        self.started = spider.now
        self.run = InboxRun(self.inbox, spider.source.id, new_run_id(wall()))

    def scraped(self, item: RawEvent) -> None:
        """Append an event."""
        self.run.write(item)

    def closed(self, spider: SourceSpider, reason: str) -> None:
        """Write the manifest, unless the crawl was broken off from outside."""
        if reason == "shutdown":
            self.run.close()
            return
        if reason == "finished":
            spider.settle(self.crawler.settings.getlist("TREK_ALLOWED_ADDRESSES"))
        run = self._conclude(spider, reason)
        self.run.finish(run)
        self.report(run)

    def _conclude(self, spider: SourceSpider, reason: str) -> Run:
        tally = spider.tally
        outcome, detail = judge(tally, self.run.items, reason)
        healthy = outcome in (Outcome.OK, Outcome.NOT_MODIFIED, Outcome.EMPTY)
        stats = self.crawler.stats.get_stats() if self.crawler.stats else {}
        counters = Counter(problem.code for problem in tally.problems)
        if tally.gone:
            counters["gone"] = len(tally.gone)
        if tally.dropped:
            counters["pages-left-out"] = tally.dropped
        return Run(
            run_id=self.run.folder.name,
            source_id=spider.source.id,
            started=self.started.isoformat(),
            finished=now().isoformat(),
            outcome=outcome,
            complete=healthy and not tally.faults and not tally.dropped and reason == "finished",
            items=self.run.items,
            pages=tally.pages,
            requests=cast("int", stats.get("downloader/request_count", 0)),
            not_modified=tally.unchanged,
            bytes=tally.bytes,
            detail=detail,
            counters=dict(counters),
        )


def judge(tally: Tally, items: int, reason: str) -> tuple[Outcome, str]:
    """How a crawl ended, and one line for a person that says what to do about it.

    A page that failed among pages that could be read leaves the outcome ok (the manifest says
    that the run is not complete); when nothing could be read the first fault is the outcome.
    """
    if tally.faults and (items == 0 or tally.pages == 0):
        return tally.faults[0]
    if items == 0 and tally.problems:
        first = tally.problems[0]
        return Outcome.UNREADABLE, f"nothing could be read: {first.code}, {first.detail[:200]}"
    if items == 0:
        return Outcome.EMPTY, "the page can be read and lists nothing; look whether it has changed"
    if tally.pages and tally.unchanged == tally.pages:
        return Outcome.NOT_MODIFIED, f"{tally.pages} pages unchanged"
    if tally.faults:
        return Outcome.OK, f"{len(tally.faults)} pages failed, first: {tally.faults[0][1]}"
    if reason != "finished":
        return Outcome.OK, f"stopped early ({reason})"
    return Outcome.OK, ""
