"""Agendas written as plain text: a day and what is on it, line after line, row after row, under a month.

For agendas on which nothing stands out as a title. Read only where the lines show by themselves that they
are a programme: most dated lines name something, in order of day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import urlsplit

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms.asides import tells_aside
from crawlers.platforms.blocks import state_of
from crawlers.platforms.dateish import DATE, MONTHS, TIME, WEEKDAYS, days_in, holds_date, holds_time, year_in
from crawlers.platforms.dom import absolute, clean, find, text_of, words
from crawlers.platforms.flow import LONGEST, TRIM, Line, read_flow
from crawlers.platforms.make import collect, make_event, make_offers
from crawlers.platforms.news import is_article
from crawlers.platforms.titles import headline, is_name, leftover
from crawlers.platforms.where import split_place

_AGENDA = re.compile(
    r"\b(?:\w*agenda|\w*programma|programme|\w*kalender|calendar|activiteiten\w*|evenementen|events?|optredens"
    r"|concerten|voorstellingen|exposities|lezingen|veranstaltungen|termine)\b",
    re.I,
)
_MONTH = re.compile(rf"^({MONTHS})\.?(?:\s+((?:19|20)\d\d))?$", re.I)
_DAY_FIRST = re.compile(
    rf"^(?:({WEEKDAYS})\.?,?\s+)?([1-9]|0[1-9]|[12]\d|3[01])(?:e|de|ste)?\b(?![.:]\d\d|\s*(?:€|uur))", re.I
)
_MONEY = re.compile(r"€|\beuro\b|\bgratis\b|vrij(?:e)? (?:entree|toegang)|toegang vrij", re.I)
_CLOCK = re.compile(
    rf"(?:\b(?:om|van|vanaf|tot|aanvang|inloop|start|begin)\b[\s:.]*)*{TIME.pattern}(?:\s?(?:uur|uhr|u)\b)?"
    rf"(?:\s*(?:-|–|tot|to|bis)\s*{TIME.pattern}(?:\s?(?:uur|uhr|u)\b)?)?",
    re.I,
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LEAST = 3  # dated lines; fewer are no programme


@dataclass(frozen=True)
class Item:
    """A day as printed, with the year or month of its heading, and the lines that belong to it."""

    day: str
    rest: str
    lines: tuple[Line, ...]


def read_lines(page: Page, source: Source | None) -> tuple[RawEvent, ...]:
    """Events of a text agenda; none where the page is no agenda or its lines are no programme."""
    if is_article(page):
        return ()
    flow = list(read_flow(page.tree))
    whole = _programme(page, source, list(_items(flow)), is_agenda(page))
    if whole:
        return whole
    parts = (_programme(page, source, list(_items(part)), agenda) for part, agenda in _parts(flow))
    return collect(event for events in parts for event in events)


def _programme(page: Page, source: Source | None, items: list[Item], agenda: bool) -> tuple[RawEvent, ...]:
    """The events of dated lines that are a programme; none of other lines."""
    if not agenda and not _is_column(items):
        return ()
    events = [(item, event) for item in items if (event := _event(page, source, item))]
    if len(events) < _LEAST or len(events) < 0.8 * len(items) or not _in_order([i.day for i, _ in events]):
        return ()
    return collect(event for _, event in events)


def _parts(flow: list[Line]) -> Iterator[tuple[list[Line], bool]]:
    """The lines under each heading of a page, and whether the heading says that they are an agenda."""
    part: list[Line] = []
    agenda = False
    for line in flow:
        if line.block.tag in _HEADINGS and not holds_date(line.text) and not _MONTH.match(line.text):
            yield part, agenda
            part, agenda = [], _AGENDA.search(line.text) is not None
        else:
            part.append(line)
    yield part, agenda


def _is_column(items: list[Item]) -> bool:
    """Whether the dated lines are items of one list, each with a time: a programme, whatever it is called."""
    blocks = [item.lines[0].block for item in items]
    timed = all(holds_time(item.lines[0].text) for item in items)
    return timed and len({b.getparent() for b in blocks}) == 1 and {b.tag for b in blocks} in ({"li"}, {"tr"})


def is_agenda(page: Page) -> bool:
    """Whether a page calls itself an agenda: in its address, its title or its heading."""
    path = re.sub(r"[-_/.]", " ", urlsplit(page.url).path)
    heads = find(page.tree, "h1") or find(page.tree, "h2")[:1]
    said = (path, text_of(page.tree, "title") or "", *(words(h) for h in heads))
    return not is_article(page) and any(_AGENDA.search(text) for text in said)


def is_under_agenda(page: Page) -> bool:
    """Whether a page's address goes through an agenda: what it is called is then an event's name."""
    return any(
        _AGENDA.search(re.sub(r"[-_.]", " ", part)) for part in urlsplit(page.url).path.split("/")[:-1]
    )


def _event(page: Page, source: Source | None, item: Item) -> RawEvent | None:
    title = next((t for text in (item.rest, *(x.text for x in item.lines[1:])) if (t := _title(text))), None)
    if title is None:
        return None
    said = " | ".join(line.text for line in item.lines)
    clock = (
        ""
        if holds_time(item.day)
        else " ".join(dict.fromkeys(clean(m[0]) for m in _CLOCK.finditer(DATE.sub(" ", said))))
    )
    money = next(
        (part for part in said.split(" | ") if _MONEY.search(part) and re.search(r"\d|gratis|vrij", part)),
        None,
    )
    url = next((u for line in item.lines if (u := absolute(page.url, line.href))), None)
    when = RawOccurrence(text=clean(f"{item.day} {clock}"))
    where = next((line.where for line in item.lines if line.where), "")
    short = [part for part in said.split(" | ") if len(part) <= 80]
    return make_event(
        page,
        source,
        "layout",
        title,
        occurrences=(when,),
        url=url,
        place=split_place(where) if where else None,
        status=state_of(short),
        offers=make_offers(money),
    )


def _title(text: str) -> str | None:
    """The first piece of a line that names something, without day, time and price."""
    for piece in text.split(" | "):
        bare = TRIM.sub("", _CLOCK.sub(" ", DATE.sub(" ", piece)))
        name = TRIM.sub("", clean(re.sub(r"€\s?[\d.,-]+", " ", bare)))
        name = headline(name) or name
        if is_name(name) and leftover(name) >= 3 and len(name) <= LONGEST and not _MONEY.fullmatch(name):
            return name
    return None


def _items(lines: list[Line]) -> Iterator[Item]:
    """Dated lines, each with the undated lines after it and, in a block of its own, those before it."""
    month = ""
    dates = Counter(line.block for line in lines if holds_date(line.text) and not tells_aside(line.text))
    current: Item | None = None
    before: list[Line] = []
    for line in lines:
        heading = _MONTH.match(line.text)
        if heading:
            month, before = f"{heading[1]} {heading[2] or ''}".strip(), []
            continue
        found = None if tells_aside(line.text) else _day(line.text, month)
        if found is None:
            before.append(line)
            if current is not None and _belongs(line, current):
                current = replace(current, lines=(*current.lines, line))
            continue
        if current is not None:
            yield current
        own = [b for b in before if b.block is line.block and dates[line.block] == 1]
        current, before = Item(*found, (line, *own)), []
    if current is not None:
        yield current


def _belongs(line: Line, item: Item) -> bool:
    """Whether an undated line is of the item before it: in its block, or the next that names or times it."""
    if line.block is item.lines[-1].block:
        return len(item.lines) < 4
    timed = holds_time(item.lines[0].text)
    return len(item.lines) == 1 and (not _title(item.rest) or (not timed and holds_time(line.text)))


def _day(text: str, month: str) -> tuple[str, str] | None:
    """The day that a line begins with or holds, and the rest of the line; None without one."""
    if len(text) > LONGEST * 2:
        return None
    if found := DATE.search(text):
        lead = re.search(rf"(?:{WEEKDAYS})\.?,?\s*$", text[: found.start()], re.I)
        start = lead.start() if lead else found.start()
        tail = re.match(r"\s?(?:19|20)\d\d\b", text[found.end() :])
        end = found.end() + (tail.end() if tail else 0)
        return text[start:end], f"{text[:start]} | {text[end:]}"
    day = _DAY_FIRST.match(text) if month else None
    if day is None or (not day[1] and not re.match(r"\s*[|:–-]", text[day.end() :])):
        return None
    name, _, year = month.partition(" ")
    return clean(f"{day[1] or ''} {day[2]} {name} {year}"), text[day.end() :]


def _in_order(days: list[str]) -> bool:
    """Whether the days go on from line to line, a new year included; a few may be out of place."""
    told = [(year_in(day), min(((m, d) for d, m in days_in(day)), default=(0, 0))) for day in days]
    steps = list(pairwise(told))
    on = sum(
        a[1] <= b[1] or (a[0] or 0) < (b[0] or 0) or a[1][0] - b[1][0] >= 6 for a, b in steps
    )  # fmt: skip
    return on >= 0.8 * len(steps)
