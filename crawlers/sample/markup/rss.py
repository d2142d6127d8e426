"""RSS 2.0 with the event module's dates; a news item without a date among the events."""

from __future__ import annotations

from email.utils import format_datetime

from crawlers.sample.markup.page import Body, Desk, Query, Style
from crawlers.sample.model import Entry, SampleSource


def render_feed(desk: Desk, query: Query) -> Body:
    """The feed: `ev:startdate` says when the event is, `pubDate` only when the item was written."""
    published = {entry.path: format_datetime(desk.since(entry)) for entry in desk.entries}
    page = desk.html("feed.xml", entries=desk.entries, published=published, guid=guid)
    return Body(page.data, "application/rss+xml; charset=utf-8")


def guid(source: SampleSource, entry: Entry) -> str | None:
    """The guid of an item."""
    return f"{source.id}-{entry.event_number}-{entry.first.number}"


STYLES = {"rss": Style("/feed/", render_feed, {"platform": "rss"}, path="/nieuws/{slug}/", key=guid)}
