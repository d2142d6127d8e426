"""The page of one event that tells its day in running text: `… op dinsdag 10 november om 19.45 uur in …`."""

from __future__ import annotations

import re

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms.asides import is_aside
from crawlers.platforms.dateish import DATE, MONTHS, TIME, WEEKDAYS, days_in, year_in
from crawlers.platforms.dom import absolute, attr, classes, find, text_of, words
from crawlers.platforms.links import is_event_path
from crawlers.platforms.make import make_event, make_place
from crawlers.platforms.news import is_article
from crawlers.platforms.spots import is_skipped
from crawlers.platforms.titles import is_name
from crawlers.platforms.where import at_house

_OCCASION = re.compile(
    r"concert|lezing|voorstelling|optreden|workshop|cursus|film|expositie|tentoonstelling|festival|avond|middag|markt"
    r"|tocht|wandeling|excursie|toneel|cabaret|feest|quiz|bingo|kermis|parade|optocht|rondleiding|vortrag|konzert"
    r"|ausstellung|lesung|führung|talk|tour|exhibition|performance|opening|presentatie|proeverij|uitvoering",
    re.I,
)
_MOMENT = re.compile(
    rf"(?:(?:{WEEKDAYS})\.?,?\s+)?{DATE.pattern}(?:\s(?:19|20)\d\d\b)?,?\s+(?:(?:om|vanaf|van|aanvang|start|begint"
    rf"|at|from|um|ab|is er|wordt er)\b[\s:]*)*{TIME.pattern}(?:\s?(?:uur|uhr)\b)?"
    rf"(?:\s*(?:-|–|tot|to|bis|until)\s*{TIME.pattern}(?:\s?(?:uur|uhr)\b)?)?",
    re.I,
)
_TOLD = re.compile(rf"\b(?:{MONTHS}|\d{{1,2}}-\d{{1,2}}-\d{{4}})\b", re.I)
_DAY = re.compile(rf"(?:(?:{WEEKDAYS})\.?,?\s+)?{DATE.pattern}(?:\s(?:19|20)\d\d\b)?", re.I)
_ENTRY = re.compile(r"\b(?:toegang|entree|kaarten|inloop|welkom|aanvang|eintritt|admission|tickets)\b", re.I)
_MOST = 1500  # characters of a paragraph


def read_prose(page: Page, source: Source | None) -> tuple[RawEvent, ...]:
    """The event of a page that tells of one day to come, with its time, under a heading that names it."""
    headings = find(page.tree, "h1, h2, h3")
    heading = next((h for h in headings if is_name(words(h)) and not is_skipped(h)), None)
    title = words(heading)
    if heading is None or is_article(page):
        return ()
    told = [text for p in find(page.tree, "p, li, td, div") if (text := _paragraph(p))]
    found = [(m[0], text[m.end() :]) for text in told for m in _MOMENT.finditer(text)]
    found = found or [one for text in told if (one := _apart(text))]
    moments = [(when, rest) for when, rest in found if _TOLD.search(when)]
    days = {frozenset(days_in(when)) for when, _ in moments}
    if not _names_occasion(page, title, any(_ENTRY.search(text) for text in told)):
        return ()
    if len(days) != 1 or not _is_to_come(page, moments[0][0]):
        return ()
    when, rest = max(moments, key=lambda pair: len(pair[0]))
    house = at_house(rest)
    event = make_event(
        page,
        source,
        "layout",
        title,
        occurrences=(RawOccurrence(text=when),),
        url=absolute(page.url, attr(page.tree, "link[rel=canonical]", "href")) or page.url,
        image=absolute(page.url, attr(page.tree, "meta[property='og:image']", "content")),
        place=make_place(name=house) if house else None,
    )
    return (event,)


def _apart(text: str) -> tuple[str, str] | None:
    """A day and, in the next sentence, its time, in a text that prints one day and says who may come."""
    days, clock = list(_DAY.finditer(text)), TIME.search(text)
    if len(days) != 1 or clock is None or not 0 < clock.start() - days[0].end() < 120:
        return None
    if not _ENTRY.search(text):
        return None
    return f"{days[0][0]} {clock[0]}", text[clock.end() :]


def _paragraph(node: object) -> str:
    """The words of an element that holds a paragraph of its own; nothing of menus, deadlines, frames."""
    if is_skipped(node) or any(inner is not node for inner in find(node, "p, div, ul, table, h1, h2, h3")):
        return ""
    text = words(node)
    return text if len(text) <= _MOST and DATE.search(text) and not is_aside(node, text) else ""


def _names_occasion(page: Page, title: str, entry: bool) -> bool:
    """Whether the page is one event's: by its heading or address, with that heading in its title."""
    body = next(iter(find(page.tree, "body")), None)
    post = body is not None and bool({"single-post", "blog"} & classes(body))
    head = text_of(page.tree, "title")
    named = head is None or title.casefold() in head.casefold()
    occasion = _OCCASION.search(title) is not None or is_event_path(page.url) or entry
    return named and occasion and not (post and not _OCCASION.search(title))


def _is_to_come(page: Page, when: str) -> bool:
    """Whether a day printed with its year lies ahead; without a year whatever season is ahead."""
    year, days = year_in(when), days_in(when)
    today = page.seen.date()
    if year is None:
        return bool(days)
    return all((year, month, day) >= (today.year, today.month, today.day) for day, month in days)
