"""Readers of content systems that many sites share. `platform_of` finds the one of a source."""

from __future__ import annotations

from aggregator.errors import ConfigError
from aggregator.region import Source
from crawlers.platforms.auto import RECOGNISED, Auto, read_any
from crawlers.platforms.base import Platform
from crawlers.platforms.css import Html
from crawlers.platforms.labels import Labels
from crawlers.platforms.layout import Layout
from crawlers.platforms.mapping import Json, check_mapping
from crawlers.platforms.standard import HEvent, Icalendar, Microdata, Rss, Standard
from crawlers.platforms.state import State

__all__ = ["PLATFORMS", "Platform", "check_mapping", "platform_of", "read_any"]

PLATFORMS: dict[str, Platform] = {
    platform.name: platform
    for platform in (
        Auto(), Standard(), Microdata(), HEvent(), Icalendar(), Rss(), Json(), Html(),
        *RECOGNISED, State(), Labels(), Layout(),
    )
}  # fmt: skip


def platform_of(source: Source) -> Platform:
    """The reader of a source; ConfigError when its `platform` is none that exists."""
    platform = PLATFORMS.get(source.platform)
    if platform is None:
        raise ConfigError(
            f"unknown platform {source.platform!r}",
            f"config/sources/{source.municipality}/{source.id}.yaml",
            "platform",
            f"use one of {', '.join(sorted(PLATFORMS))}",
        )
    return platform
