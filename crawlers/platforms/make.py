"""Raw events with their origin filled in, and values as strings."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aggregator.model import RawEvent, RawOccurrence, RawOffer, RawPlace
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms.dom import clean

_FILLED = ("subtitle", "place", "offers", "ticket_url", "description", "image", "categories")


def make_event(page: Page, source: Source | None, method: str, title: str, **fields: Any) -> RawEvent:
    """A RawEvent of this page; `source`, when given, names the source, else the page does."""
    return RawEvent(
        source_id=source.id if source else page.source_id,
        page_url=page.url,
        seen_at=page.seen.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        method=method,
        title=plain(title) or "",
        **fields,
    )


def zone_of(source: Source | None) -> str:
    """The time zone that holds for stamps without an offset."""
    return source.zone if source else "Europe/Amsterdam"


def make_place(**parts: str | None) -> RawPlace | None:
    """A RawPlace of the parts that say something; None when none does."""
    said = {name: value for name, text in parts.items() if (value := plain(text))}
    return RawPlace(**said) if said else None


def council_of(url: str | None, *hosts: str) -> str | None:
    """The municipality whose council's calendar is at `<municipality>.<host>`; None elsewhere."""
    name, _, host = (urlsplit(url or "").hostname or "").partition(".")
    return name.replace("-", " ").title() if host in hosts and name not in ("api", "www") else None


def council_window(now: datetime, source: Source) -> tuple[date, date]:
    """The days for which a council's calendar is asked: from yesterday, as far on as agendas are known.

    It ends with a month, so that the address stays the same for weeks.
    """
    today = now.astimezone(ZoneInfo(source.zone)).date()
    later = (today.replace(day=1) + timedelta(days=124)).replace(day=1)
    return today - timedelta(days=1), later - timedelta(days=1)


def make_offers(
    text: str | None, *, url: str | None = None, availability: str | None = None
) -> tuple[RawOffer, ...]:
    """One offer with a printed price; none when nothing is printed."""
    said = clean(text)
    return (RawOffer(text=said or None, url=url, availability=availability),) if said or availability else ()


def plain(value: Any) -> str | None:
    """A scalar as clean text with HTML entities resolved (twice, as `&amp;#039;` occurs); else None."""
    if value is None or isinstance(value, bool | dict | list):
        return None
    text = str(value)
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return clean(text) or None


def stamp(value: Any) -> str | None:
    """A machine time as a string; numbers are UNIX seconds or milliseconds, given back in UTC."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    if text.isdigit() and len(text) in (10, 13):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return text or None


def collect(events: Iterable[RawEvent]) -> tuple[RawEvent, ...]:
    """Events without those that a page prints twice: same key or address, title and times."""
    seen: dict[object, RawEvent] = {}
    for event in events:
        where = (event.source_key, event.url, event.title, event.occurrences)
        seen.setdefault(where, event)
    return tuple(seen.values())


def gather(events: Iterable[RawEvent]) -> tuple[RawEvent, ...]:
    """Events with the same key (else address) made one, with all its occurrences in the order printed.

    What the first did not say is taken from the others.
    """
    merged: dict[object, RawEvent] = {}
    for event in events:
        key = event.source_key or event.url or (event.title, event.occurrences)
        known = merged.get(key)
        if known is None:
            merged[key] = event
            continue
        gaps = {name: getattr(event, name) for name in _FILLED if not getattr(known, name)}
        fresh = tuple(o for o in event.occurrences if o not in known.occurrences)
        merged[key] = replace(known, **{**gaps, "occurrences": known.occurrences + fresh})
    return tuple(merged.values())


def occurrence(**parts: Any) -> tuple[RawOccurrence, ...]:
    """One occurrence as a tuple; empty when it has neither a stamp nor words."""
    return (RawOccurrence(**parts),) if parts.get("start") or parts.get("text") else ()
