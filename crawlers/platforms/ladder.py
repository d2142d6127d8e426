"""Tables with a day above each column and a film or a room before each row: clock times in the cells."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms.dateish import TIME, holds_date
from crawlers.platforms.dom import absolute, clean, find, lines, words
from crawlers.platforms.make import collect, make_event
from crawlers.platforms.titles import is_name, leftover, titles
from crawlers.platforms.where import read_where

_FEWEST = 2  # days beside each other


def read_ladder(page: Page, source: Source | None) -> tuple[RawEvent, ...]:
    """One event a row with all its times; none of tables that are anything else."""
    return collect(event for table in find(page.tree, "table") for event in _rows(page, source, table))


def _rows(page: Page, source: Source | None, table: HtmlElement) -> Iterator[RawEvent]:
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in find(table, "tr")]
    days = [words(cell) for cell in rows[0]] if rows else []
    days = [day if holds_date(day) and leftover(day) <= 2 else "" for day in days]
    if sum(map(bool, days)) < _FEWEST:
        return
    for row in rows[1:]:
        when = tuple(
            RawOccurrence(text=clean(f"{day} {time[0]}"))
            for day, cell in zip(days, row, strict=False)
            if day and not leftover(words(cell))
            for time in TIME.finditer(words(cell))
        )
        naming = next((c for day, c in zip(days, row, strict=False) if not day and is_name(words(c))), None)
        if when and naming is not None:
            url = next((u for a in find(naming, "a[href]") if (u := absolute(page.url, a.get("href")))), None)
            title = next((words(t) for t in titles(naming)), lines(naming)[0])
            place = read_where(naming, title)
            yield make_event(page, source, "layout", title, occurrences=when, url=url, place=place)
