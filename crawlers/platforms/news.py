"""Dates that are no event's: the day of a news item, the day on which a page was published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from aggregator.model import RawEvent
from crawlers.extract.page import Page
from crawlers.platforms.dateish import days_in, is_stamp, year_in
from crawlers.platforms.dom import attr, text_of
from crawlers.platforms.links import is_event_path
from crawlers.platforms.spots import Spot

_PATH = re.compile(r"/(?:nieuws|news|blogs?|actueel|pers|press|berichten?)(?:/|$)", re.I)
_HINT = re.compile(
    r"agenda|event|evenement|programm|voorstelling|activiteit|concert|kalender|calendar|uittips|cursus", re.I
)
_REPORT = re.compile(
    r"(?:terugblik|(?:jaar)?verslag|jaaroverzicht|jahres(?:bericht|rückblick)|annual report"
    r"|fotoverslag|foto'?s|recensie|impressie|nabeschouwing|review|rückblick|bericht)\b",
    re.I,
)
_SEASON = timedelta(days=120)  # so long a list of a season keeps what has been
_LATELY = 120  # days for which news prints no year
_ARTICLE = (b'"NewsArticle"', b'"BlogPosting"', b"schema.org/NewsArticle", b"schema.org/BlogPosting")


def is_news_path(url: str | None) -> bool:
    """Whether an address says that it is a news item."""
    return _PATH.search(urlsplit(url or "").path) is not None


def is_article(page: Page) -> bool:
    """Whether a page is a news item or blog post by its address or its own markup."""
    marked = any(mark in page.body for mark in _ARTICLE)
    return is_news_path(page.url) or (marked and not is_event_path(page.url))


def is_dateline(page: Page, text: str) -> bool:
    """Whether a printed day is the day on which the page says that it was published."""
    meta = attr(page.tree, "meta[property='article:published_time'], meta[name='date']", "content") or ""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", meta)
    if found is None or year_in(text) not in (None, int(found[1])):
        return False
    return days_in(text) == {(int(found[3]), int(found[2]))}


def is_only_past(page: Page, events: Iterable[RawEvent]) -> bool:
    """Whether every event lies behind the day on which the page was seen, and nothing speaks of an agenda.

    A list of news prints days too, all of them over; an agenda's archive says that it is one.
    """
    told = [(e.url, o) for e in events for o in e.occurrences]
    hints = (
        urlsplit(page.url).path,
        text_of(page.tree, "h1") or "",
        *(urlsplit(u or "").path.rpartition("/")[0] for u, _ in told),  # the last part is what it is called
    )
    if any(_HINT.search(hint) for hint in hints):
        return False
    today = page.seen.date()
    return bool(told) and all(is_past(o.start or o.text or "", today) for _, o in told)


def without_reports(page: Page, events: Iterable[RawEvent]) -> list[RawEvent]:
    """Events without those that look back: over and called `Terugblik` or the like, or long over.

    A list that leads from what is to come into what was, years ago, is an archive from there on.
    """
    told = list(events)
    today = page.seen.date()
    ahead = any(not is_past(o.start or o.text or "", today) for e in told for o in e.occurrences)
    long_ago = today - _SEASON
    return [e for e in told if not _looks_back(e, today, long_ago if ahead else None)]


def _looks_back(event: RawEvent, today: date, long_ago: date | None) -> bool:
    said = [o.start or o.text or "" for o in event.occurrences]
    if _REPORT.match(event.title) and all(is_past(text, today) for text in said):
        return True
    return long_ago is not None and all(
        (year_in(text) is not None or is_stamp(text)) and is_past(text, long_ago) for text in said
    )


def without_past(page: Page, records: dict[HtmlElement, list[Spot]]) -> dict[HtmlElement, list[Spot]]:
    """Records without the lists of which every day is over, where another list looks ahead.

    A page of what is on prints its news, its reports and its archive beside that.
    """
    groups: dict[HtmlElement | None, list[HtmlElement]] = {}
    for record in records:
        groups.setdefault(record.getparent(), []).append(record)
    today = page.seen.date()
    over = [
        group
        for group in groups.values()
        if all(is_past(s.text, today) for r in group for s in records[r] if days_in(s.text))
    ]
    if len(over) == len(groups):
        return records
    gone = {record for group in over for record in group}
    return {record: spots for record, spots in records.items() if record not in gone}


def is_past(text: str, today: date) -> bool:
    """Whether every day printed lies before today; of days without a year, in the last months."""
    year, days = year_in(text), days_in(text)
    stamp = re.match(r"(\d{4})-(\d\d)-(\d\d)", text)
    if stamp:
        return (int(stamp[1]), int(stamp[2]), int(stamp[3])) < (today.year, today.month, today.day)
    if not days:
        return False
    if year is None:  # without a year: the days behind today, as news prints them
        return all(_was_lately(day, month, today) for day, month in days)
    return all((year, month, day) < (today.year, today.month, today.day) for day, month in days)


def _was_lately(day: int, month: int, today: date) -> bool:
    """Whether a day of the year lies in the four months before today."""
    try:
        then = date(today.year, month, day)
    except ValueError:
        return False
    then = then.replace(year=today.year - 1) if then > today and (month, day) != (2, 29) else then
    return 0 < (today - then).days <= _LATELY
