"""Downloader middlewares: the manners and the caution that every crawl has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.httpcache import RFC2616Policy
from scrapy.utils.httpobj import urlparse_cached

from aggregator.errors import AddressRefusedError
from crawlers.address import check_address

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

REQUESTS = "trek/requests"  # the statistic of what was asked of sites, robots.txt and redirects included
BYTES = "trek/bytes"  # the statistic of what came over the wire, heads and bodies
LONGEST_DELAY = 60.0  # seconds; a longer Crawl-delay is shortened, or a crawl would never end


class RefusedError(IgnoreRequest):
    """A request that is not made; `code` is the outcome that this gives the source."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail
        super().__init__(detail)


class AddressGuard:
    """Refuses private addresses, odd ports and schemes, also after a redirect and for robots.txt.

    It also makes one download slot per host and port, so that two sites on one machine do not
    wait for each other while each still gets one request at a time.
    """

    def __init__(self, allowed: list[str]) -> None:
        self.allowed = frozenset(allowed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's constructor."""
        return cls(crawler.settings.getlist("TREK_ALLOWED_ADDRESSES"))

    def process_request(self, request: Request) -> None:
        """Let the request pass, or raise RefusedError."""
        try:
            check_address(request.url, self.allowed)
        except AddressRefusedError as error:
            raise RefusedError("refused-address", str(error)) from None
        request.meta["download_slot"] = urlparse_cached(request).netloc


class Robots(RobotsTxtMiddleware):
    """robots.txt after RFC 9309: forbidden stays forbidden, a broken server means stay away.

    Scrapy reads an error page as "all allowed" (§2.3.1.4 wants the opposite for 5xx), and leaves
    Crawl-delay to its users.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._broken: dict[str, int] = {}
        crawler.signals.connect(self._slow_down, signal=signals.robots_parsed)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise RefusedError when the rules or the state of the server forbid the request."""
        netloc = urlparse_cached(request).netloc
        if status := self._broken.get(netloc):
            raise RefusedError("server-error", f"robots.txt of {netloc} answers {status}; nothing was read")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise RefusedError("robots", f"robots.txt of {netloc} forbids {request.url}") from None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:  # it could not answer: its rules are unknown
            self._broken[netloc] = response.status
            self._wait(response)
        if response.status >= 400:  # RFC 9309 §2.3.1.3: unavailable, no rules
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _wait(self, response: Response) -> None:
        """Note for how long a server that could not even give its rules asks to be left alone."""
        from crawlers.outcome import read_patience  # it knows our errors

        tally = getattr(self.crawler.spider, "tally", None)
        if tally is not None:
            tally.wait = max(tally.wait, read_patience(response))

    def _slow_down(self, robotparser: RobotParser, request: Request) -> None:
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        asked = getattr(robotparser, "crawl_delay", lambda _agent: None)(agent)
        if not asked or self.crawler.engine is None:
            return
        delay = min(float(asked), LONGEST_DELAY)
        downloader = self.crawler.engine.downloader
        key = urlparse_cached(request).netloc
        settings: dict[str, Any] = downloader.per_slot_settings.setdefault(key, {})
        settings.update(concurrency=1, delay=max(delay, downloader._delay), jitter=0)
        if slot := downloader.slots.get(key):
            slot.delay, slot.jitter = settings["delay"], 0


class Retry(RetryMiddleware):
    """Tries once more, but never where the site says when to come back."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The response, or the request once more."""
        return response if "Retry-After" in response.headers else super().process_response(request, response)


class AlwaysRevalidate(RFC2616Policy):
    """Asks the site every time (If-None-Match, If-Modified-Since), and believes only a 304.

    The interval of the source says how often to look; a guess from Last-Modified would hide new
    events, and Scrapy's "serve the old copy on a server error" would hide a broken site. Only a page
    of which its own list says that it is as it was (`kept`) is not asked for.
    """

    def is_cached_response_fresh(self, cachedresponse: Response, request: Request) -> bool:
        """Whether the copy is used without asking."""
        if request.meta.get("kept"):
            cachedresponse.flags.append("kept")
            return True
        self._set_conditional_validators(request, cachedresponse)
        return False

    def is_cached_response_valid(
        self, cachedresponse: Response, response: Response, request: Request
    ) -> bool:
        """Whether the site said that nothing changed."""
        return response.status == 304

    def should_cache_response(self, response: Response, request: Request) -> bool:
        """Only whole pages are kept; a stored redirect or error would outlive its cause."""
        return response.status == 200 and super().should_cache_response(response, request)


class Cache(HttpCacheMiddleware):
    """Scrapy's cache without its habit of answering from the cache when the network fails.

    It is the middleware next to the network, so it also counts what comes from there. A request with a
    `mark` is for a page of which a list was read: it is not made when that says that the page is as it was.
    """

    def process_request(self, request: Request) -> Request | Response | None:  # type: ignore[override]
        """The copy of a page that need not be asked for; else None, and the request goes out."""
        spider = self.crawler.spider
        memory, mark = getattr(spider, "memory", None), request.meta.get("mark")
        if memory is not None and mark is not None:
            now = spider.now  # type: ignore[union-attr]
            request.meta["kept"] = memory.is_current(request.url, mark, now)
            memory.used(request.url, now)
        answer = super().process_request(request)
        if answer is None:
            self.stats.inc_value(REQUESTS)
        return answer

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The response, or the copy that it confirms."""
        if "cached" not in response.flags:
            self.stats.inc_value(BYTES, len(response.body) + len(response.headers.to_string()))
        return super().process_response(request, response)

    def process_exception(self, request: Request, exception: Exception) -> None:  # type: ignore[override]
        """Let the failure be seen."""
        request.meta.pop("cached_response", None)
