"""Crawls sources in this process: `python -m crawlers.run` reads a job on standard input.

A crawl is a process of its own, because a Twisted reactor cannot be started twice and because a
crawl that hangs or grows must be ended without its caller. The job and the answer are JSON.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor

from aggregator.clock import wall
from aggregator.config_loader import load_region
from aggregator.model import Outcome, Run, to_plain
from aggregator.region import Region, Source
from crawlers.inbox import InboxRun, new_run_id
from crawlers.platforms import platform_of
from crawlers.settings import HOUSE, make_settings, source_settings
from crawlers.spiders import make_spider
from crawlers.spiders.source import Tally

AT_ONCE = 24  # sites crawled side by side
MEMORY = 4 * 1024**3  # bytes of address space; Scrapy ends a crawl well before
LARGEST_FILE = 2 * 1024**3  # bytes
PR_SET_PDEATHSIG = 1  # of Linux: the signal that we get when our parent dies


@dataclass(frozen=True)
class Job:
    """What to crawl and where to leave it; paths are absolute, `now` is ISO 8601."""

    config: str
    sources: tuple[str, ...]
    inbox: str
    cache: str
    now: str
    log: str | None = None
    allowed: tuple[str, ...] = ()
    timeout: float = 30  # seconds for one page
    memory: int = MEMORY
    processor: int = 3600  # seconds of computing, of the whole process

    def dumps(self) -> str:
        """The job as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> Job:
        """The job from JSON."""
        plain: dict[str, Any] = json.loads(text)
        plain["sources"], plain["allowed"] = tuple(plain["sources"]), tuple(plain["allowed"])
        return cls(**plain)


def crawl(job: Job, report: Callable[[Run], None], region: Region | None = None) -> None:
    """Crawl the job's sources; `report` is called with each run as it ends. Exits the process.

    `region` spares reading the configuration where the caller has it.

    Sources on one host are crawled one after another, so that a host never gets two requests at
    once; hosts are crawled side by side.
    """
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor, task  # after the reactor is chosen
    from twisted.internet.defer import Deferred

    region = region or load_region(Path(job.config))
    settings = make_settings(
        region.settings.user_agent, Path(job.cache), job.allowed, Path(job.log) if job.log else None
    )
    settings.setdict(
        {
            "EXTENSIONS": {**HOUSE["EXTENSIONS"], "crawlers.record.Recorder": 100},
            "TREK_INBOX": job.inbox,
            "TREK_REPORT": report,
            "DOWNLOAD_TIMEOUT": job.timeout,
        }
    )
    configure_logging(settings)
    logging.getLogger().setLevel(settings["LOG_LEVEL"])  # Scrapy makes two records a page for nobody
    _install_resolver(settings, reactor)

    def main(_reactor: object) -> Deferred[None]:
        return Deferred.fromFuture(asyncio.ensure_future(_crawl_all(region, job, settings)))

    task.react(main)


async def _crawl_all(region: Region, job: Job, settings: Settings) -> None:
    runner = AsyncCrawlerRunner(settings)
    now = datetime.fromisoformat(job.now)
    free = asyncio.Semaphore(AT_ONCE)

    async def crawl_host(sources: Sequence[Source]) -> None:
        async with free:
            shut: Tally | None = None  # of the source at which this host asked to be left alone
            for source in sources:
                if shut is not None:
                    settings["TREK_REPORT"](leave_alone(source, shut, Path(job.inbox), now))
                    continue
                spider = make_spider(source, now)
                spider.custom_settings = {**(spider.custom_settings or {}), **source_settings(source)}
                crawler = Crawler(spider, settings)  # it makes a copy
                await runner.crawl(crawler)
                tally = getattr(crawler.spider, "tally", None)
                shut = tally if tally and tally.refused else None

    groups = by_host([region.sources[name] for name in job.sources], now).values()
    results = await asyncio.gather(*(crawl_host(group) for group in groups), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def leave_alone(source: Source, shut: Tally, inbox: Path, now: datetime) -> Run:
    """The run of a source that was not asked for anything, because its host just refused another of ours."""
    detail = f"not asked, because its host refused another source: {shut.faults[-1][1]}"
    counters = {"retry-after": shut.wait} if shut.wait else {}
    told = InboxRun(inbox, source.id, new_run_id(wall()))
    moment = now.astimezone(UTC).isoformat()
    run = Run(
        told.folder.name, source.id, moment, moment, Outcome.BLOCKED, False, detail=detail, counters=counters
    )
    told.finish(run)
    return run


def by_host(sources: Sequence[Source], now: datetime) -> dict[str, list[Source]]:
    """The sources by the host that they ask, as `example.org:8080`."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        begin = platform_of(source).start(source, now)[0]
        groups.setdefault(urlsplit(begin).netloc.removeprefix("www."), []).append(source)
    return groups


def _install_resolver(settings: Settings, reactor: Any) -> None:
    from crawlers.resolver import PublicResolver

    PublicResolver(
        reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT")
    ).install_on_reactor()


def limit_self(job: Job) -> None:
    """Bound what this process may take, and let it end in good order when its parent is gone.

    Whatever a site sends: the machine stays usable, no file fills the disk, and no crawl goes on that
    nobody listens to (two of them would ask a site twice).
    """
    wanted = (
        (resource.RLIMIT_AS, job.memory),
        (resource.RLIMIT_CPU, job.processor),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wanted:
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> None:
    """Read a job, crawl it, print each run as a line of JSON."""
    job = Job.loads(sys.stdin.read())
    limit_self(job)

    def report(run: Run) -> None:
        sys.stdout.write(json.dumps({**to_plain(run), "complete": run.complete}) + "\n")
        sys.stdout.flush()

    crawl(job, report)


if __name__ == "__main__":
    main()
