"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), with the event's own fields under `_agenda`."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from feeds.formats.item import Item
from feeds.formats.mended import Channel

MIME = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"
ON_ONE_LINE = json.JSONEncoder(ensure_ascii=False).encode  # ten times as fast as indented


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def render_item(item: Item) -> bytes:
    """One item as a JSON object."""
    agenda = _present(
        {
            "start": item.start,
            "end": item.end,
            "tz": "Europe/Amsterdam" if item.start else None,
            "location": item.location,
            "geo": list(item.point) if item.point else None,
            "price": item.price,
            "status": item.status,
            "featured": item.featured or None,
        }
    )
    fields = {
        "id": item.id,
        "url": item.url,
        "external_url": item.source,
        "title": item.title,
        "content_html": item.html,
        "summary": item.summary,
        "image": item.image[0] if item.image else None,
        "date_published": item.published.astimezone(UTC).isoformat(timespec="seconds"),
        "date_modified": item.updated.astimezone(UTC).isoformat(timespec="seconds"),
        "tags": [label for _, label in item.categories],
        "attachments": [
            {"url": url, "mime_type": kind, "size_in_bytes": size} for url, size, kind in item.enclosures
        ],
        "_agenda": agenda,
    }
    return ON_ONE_LINE(_present(fields)).encode()


def render_feed(channel: Channel, pieces: list[bytes]) -> bytes:
    """A whole document of items in the order given; `items` is there also when empty."""
    fields = {
        "version": VERSION,
        "title": channel.title,
        "description": channel.description,
        "home_page_url": channel.home,
        "feed_url": channel.address,
        "language": channel.language,
        "authors": [{"name": channel.author, "url": channel.home}],
        "hubs": [{"type": "WebSub", "url": channel.hub}] if channel.hub else None,
    }
    head = _bytes(_present(fields)).removesuffix(b"\n}")
    return head + b',\n "items": [' + b",\n".join(pieces) + b"]\n}\n"
