"""RSS 2.0 feeds (rssboard.org/rss-specification, RSS Best Practices Profile)."""

from __future__ import annotations

from feeds.formats.entry import render_rss_item
from feeds.formats.mended import Channel, render_rss_feed

MIME = "application/rss+xml"

render_item = render_rss_item


def render_feed(channel: Channel, pieces: list[bytes]) -> bytes:
    """A whole document, UTF-8, of items in the order given; no items is valid too."""
    return render_rss_feed(channel, pieces)
