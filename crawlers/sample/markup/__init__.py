"""How the sample's sites mark up what they tell: one small module per family of styles."""

from __future__ import annotations

from crawlers.sample import council
from crawlers.sample.markup import api, calendar, jsonld, lists, rss, semantic, systems
from crawlers.sample.markup.page import Style

STYLES: dict[str, Style] = {
    **jsonld.STYLES,
    **semantic.STYLES,
    **calendar.STYLES,
    **rss.STYLES,
    **systems.STYLES,
    **lists.STYLES,
    **api.STYLES,
    **council.STYLES,
}
