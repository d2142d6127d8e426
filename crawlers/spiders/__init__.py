"""Makes the spider of a source from its file in `config/sources/`.

A source that no platform can read has a module of its own here, named after its id
(`oude-fabriek` -> `oude_fabriek.py`), with a subclass of `SourceSpider` named `Spider`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

from aggregator.region import Source
from crawlers.platforms import platform_of
from crawlers.spiders.source import SourceSpider


def make_spider(source: Source, now: datetime) -> type[SourceSpider]:
    """The spider class of a source; its name is the source's id."""
    module = f"{__name__}.{source.id.replace('-', '_')}"
    base = import_module(module).Spider if find_spec(module) else SourceSpider
    platform = platform_of(source)
    hosts = {urlsplit(url).hostname or "" for url in platform.start(source, now)}
    members = {
        "name": source.id,
        "source": source,
        "platform": platform,
        "now": now.astimezone(UTC),
        "allowed_domains": sorted(host.removeprefix("www.") for host in hosts),
    }
    return type(f"{source.id.title().replace('-', '')}Spider", (base,), members)
