"""Scrapy's settings for every crawl. Each is set on purpose; none can be loosened by a source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from aggregator.region import Source
from crawlers.extract.page import LARGEST_PAGE

HOUSE: dict[str, Any] = {  # the same for every process
    "BOT_NAME": "trek",
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_MAXSIZE": LARGEST_PAGE,
    "DOWNLOAD_WARNSIZE": LARGEST_PAGE // 2,
    "DOWNLOAD_TIMEOUT": 30,
    "DNS_TIMEOUT": 15,
    "TWISTED_DNS_RESOLVER": "crawlers.resolver.PublicResolver",
    "CONCURRENT_REQUESTS": 4,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY_JITTER": 0,
    "RETRY_TIMES": 1,
    "RETRY_HTTP_CODES": [500, 502, 503, 504, 408],
    "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
    "REDIRECT_MAX_TIMES": 6,
    "HTTPCACHE_ENABLED": True,
    "HTTPCACHE_STORAGE": "crawlers.memory.Storage",
    "HTTPCACHE_ALWAYS_STORE": True,  # a site's "no-store" still holds
    "HTTPCACHE_POLICY": "crawlers.middleware.AlwaysRevalidate",
    # Scrapy's own lists (_BASE) load also what is switched off, and every crawl is a process that would do so
    # anew. So each list is here whole: no telnet, remote control, cookies, passwords, nor proxies, which
    # resolve names out of the guard's sight; and no addresses but those of the web (file:, ftp:, s3:).
    "EXTENSIONS_BASE": {},
    "EXTENSIONS": {
        "scrapy.extensions.memusage.MemoryUsage": 0,
        "scrapy.extensions.closespider.CloseSpider": 0,
    },
    "DOWNLOAD_HANDLERS_BASE": {},
    "DOWNLOAD_HANDLERS": dict.fromkeys(
        ("http", "https"), "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"
    ),
    "DOWNLOADER_MIDDLEWARES_BASE": {},
    "DOWNLOADER_MIDDLEWARES": {
        "crawlers.middleware.AddressGuard": 20,
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": 50,
        "crawlers.middleware.Robots": 100,
        "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
        "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
        "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
        "crawlers.middleware.Retry": 550,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
        "crawlers.middleware.Cache": 900,
    },
    "SPIDER_MIDDLEWARES_BASE": {},
    "SPIDER_MIDDLEWARES": {  # the spider judges statuses itself
        "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": 800,
    },
    "CONCURRENT_ITEMS": 1,  # into one file; Scrapy starts so many tasks for each page
    "WARN_ON_GENERATOR_RETURN_VALUE": False,  # it reads the spider's source again for each page
    "MEMUSAGE_ENABLED": True,
    "MEMUSAGE_LIMIT_MB": 2048,
    "CLOSESPIDER_TIMEOUT": 1800,
    "LOG_LEVEL": "WARNING",
}


def make_settings(user_agent: str, cache: Path, allowed: Sequence[str], log: Path | None) -> Settings:
    """Settings that all crawls of a process share.

    `allowed` are `host:port` pairs exempt from the address guard; `log` is where Scrapy writes.
    """
    own = {
        "USER_AGENT": user_agent,
        "ROBOTSTXT_USER_AGENT": robot_name(user_agent),
        "HTTPCACHE_DIR": str(cache.resolve()),
        "LOG_FILE": str(log) if log else None,
        "LOG_INSTALL_ROOT_HANDLER": log is not None,
        "TREK_ALLOWED_ADDRESSES": list(allowed),
    }
    return Settings(HOUSE | own)


def robot_name(user_agent: str) -> str:
    """The name by which robots.txt may address us: the product of the user agent (RFC 9309 §2.2.1)."""
    return user_agent.split("/", 1)[0].split(" ", 1)[0]


def source_settings(source: Source) -> dict[str, object]:
    """What a source's own file may change: only to be slower."""
    return {"DOWNLOAD_DELAY": source.delay}
