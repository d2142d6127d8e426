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
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
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
    "METAREFRESH_ENABLED": False,
    "COOKIES_ENABLED": False,
    "REFERER_ENABLED": False,
    "HTTPPROXY_ENABLED": False,  # a proxy resolves names out of the guard's sight
    "HTTPCACHE_ENABLED": True,
    "HTTPCACHE_STORAGE": "crawlers.memory.Storage",
    "HTTPCACHE_ALWAYS_STORE": True,  # a site's "no-store" still holds
    "HTTPCACHE_POLICY": "crawlers.middleware.AlwaysRevalidate",
    "DOWNLOADER_MIDDLEWARES": {
        "crawlers.middleware.AddressGuard": 20,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawlers.middleware.Robots": 100,
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
        "crawlers.middleware.Retry": 550,
        "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
        "crawlers.middleware.Cache": 900,
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # we have no credentials
        "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # Cache counts what the runs tell
    },
    "SPIDER_MIDDLEWARES": {
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # the spider judges statuses
        "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
        "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
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
