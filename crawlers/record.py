"""The Scrapy extension that writes a crawl to the inbox and says how it ended."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scrapy import signals
from scrapy.exceptions import CloseSpider

from aggregator.clock import now, wall
from aggregator.errors import InboxError
from aggregator.model import Outcome, RawEvent, Run
from crawlers.extract.guard import PAGE_TOO_LARGE, TOO_HEAVY
from crawlers.inbox import InboxRun, new_run_id
from crawlers.middleware import BYTES, REQUESTS
from crawlers.platforms.empty import PAGE_CHANGED
from crawlers.spiders.source import SourceSpider, Tally

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from scrapy.crawler import Crawler


_UNREAD = frozenset({PAGE_CHANGED, PAGE_TOO_LARGE, TOO_HEAVY, "reader-failed"})  # problems that cost events


class Recorder:
    """Writes each event as it is found; the manifest when the crawl has ended by itself."""

    def __init__(self, crawler: Crawler, inbox: Path, report: Callable[[Run], None]) -> None:
        self.crawler, self.inbox, self.report = crawler, inbox, report
        self.started = now()
        self.run: InboxRun | None = None
        self.fault = ""  # why the inbox takes nothing
        self.fields: Counter[str] = Counter()  # how many entries say what
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
        """Make the run's folder; a crawl that cannot leave anything behind ends before it asks for a page."""
        self.started = spider.now
        try:
            self.run = InboxRun(self.inbox, spider.source.id, new_run_id(wall()))
        except InboxError as error:
            self.fault = str(error)
            raise CloseSpider("inbox") from error

    def scraped(self, item: RawEvent) -> None:
        """Append an event."""
        if self.run is not None and not self.fault:
            try:
                self.run.write(item)
                self.fields.update(f"field:{name}" for name in told_fields(item))
            except OSError as error:
                self.fault = str(self.run.refused(error))

    def closed(self, spider: SourceSpider, reason: str) -> None:
        """Write the manifest, unless the crawl was broken off from outside."""
        run = self.run
        if run is not None and reason == "shutdown":
            run.close()
            return
        if reason == "finished":
            spider.settle(self.crawler.settings.getlist("TREK_ALLOWED_ADDRESSES"))
        if run is not None and not self.fault:
            try:
                told = self._conclude(spider, reason, run)
                run.finish(told)
                self.report(told)
                return
            except OSError as error:
                self.fault = str(run.refused(error))
        self.report(self._broken(spider, run.folder.name if run else ""))

    def _broken(self, spider: SourceSpider, run_id: str) -> Run:
        """A crawl of which the inbox could not keep what it brought."""
        started = self.started.isoformat()
        return Run(run_id, spider.source.id, started, None, Outcome.CRASHED, False, detail=self.fault)

    def _conclude(self, spider: SourceSpider, reason: str, run: InboxRun) -> Run:
        tally = spider.tally
        outcome, detail = judge(tally, run.items, reason)
        healthy = outcome in (Outcome.OK, Outcome.NOT_MODIFIED, Outcome.EMPTY)
        stats = self.crawler.stats.get_stats() if self.crawler.stats else {}
        counters = self.fields + Counter(problem.code for problem in tally.problems)
        if tally.gone:
            counters["gone"] = len(tally.gone)
        told = {"pages-left-out": tally.dropped, "kept": tally.kept, "differing": tally.differing}
        counters.update({name: count for name, count in told.items() if count})
        if tally.wait:
            counters["retry-after"] = tally.wait
        return Run(
            run_id=run.folder.name,
            source_id=spider.source.id,
            started=self.started.isoformat(),
            finished=now().isoformat(),
            outcome=outcome,
            complete=healthy and _is_whole(tally) and reason == "finished",
            items=run.items,
            pages=tally.pages,
            requests=cast("int", stats.get(REQUESTS, 0)),
            not_modified=tally.unchanged,
            bytes=cast("int", stats.get(BYTES, 0)),
            detail=detail,
            counters=dict(counters),
        )


def told_fields(event: RawEvent) -> list[str]:
    """The fields that an entry says something of, for the counters that show when a page changed."""
    times = event.occurrences
    told = {
        "title": bool(event.title),
        "start": any(t.start or t.text or t.rrule for t in times),
        "end": any(t.end or t.duration for t in times),
        "place": event.place is not None or any(t.place for t in times),
        "price": bool(event.offers) or event.free is not None,
        "image": bool(event.image),
        "description": bool(event.description),
        "url": bool(event.url),
        "key": bool(event.source_key),
    }
    return [name for name, there in told.items() if there]


def _is_whole(tally: Tally) -> bool:
    """Whether every page that should be read was read to its end, and looked as it should."""
    return not (tally.faults or tally.dropped or any(p.code in _UNREAD for p in tally.problems))


def judge(tally: Tally, items: int, reason: str) -> tuple[Outcome, str]:
    """How a crawl ended, and one line for a person that says what to do about it.

    A page that failed among pages that could be read leaves the outcome ok (the manifest says
    that the run is not complete); when nothing could be read the first fault is the outcome.
    """
    if tally.faults and (items == 0 or tally.pages == 0):
        return tally.faults[0]
    changed = next((p for p in tally.problems if p.code == PAGE_CHANGED), None)
    if changed and items == 0:
        return Outcome.PAGE_CHANGED, f"{changed.detail[:200]}; for new selectors: trek source renew"
    if items == 0 and tally.problems:
        first = tally.problems[0]
        return Outcome.UNREADABLE, f"nothing could be read: {first.code}, {first.detail[:200]}"
    if items == 0:
        return Outcome.EMPTY, "the page can be read and lists nothing; look whether it has changed"
    if tally.pages and tally.unchanged == tally.pages:
        return Outcome.NOT_MODIFIED, f"{tally.pages} pages unchanged"
    if tally.faults:
        return Outcome.OK, f"{len(tally.faults)} pages failed, first: {tally.faults[0][1]}"
    if changed:
        return Outcome.OK, f"a page looks different: {changed.detail[:200]}"
    if reason != "finished":
        return Outcome.OK, f"stopped early ({reason})"
    return Outcome.OK, ""
