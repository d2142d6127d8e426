"""Agendas that print a day once, above all that is on that day: day groups and day headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawlers.platforms.dateish import TIME, holds_date, holds_time, next_day
from crawlers.platforms.dom import clean, find, is_silent, words
from crawlers.platforms.sections import join_nodes, split_lines
from crawlers.platforms.spots import Spot, is_peer, spread
from crawlers.platforms.titles import has_lead, has_title, is_name, leftover, titles
from crawlers.platforms.where import is_house_name

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_DAWN, _EVENING = 5, 18  # hours before and from which it is night and evening
_HOUR = re.compile(r"(\d+)(?!.*[ap]\.?m)", re.I)
_NAMING = ("dt", *_HEADINGS)

Item = tuple[HtmlElement, str, str]  # the element of one event, the day and the stage printed above it


def split_days(records: dict[HtmlElement, list[Spot]]) -> tuple[dict[HtmlElement, list[Spot]], list[Item]]:
    """Records that are events, and the events of those that are a whole day with several in it."""
    plain: dict[HtmlElement, list[Spot]] = {}
    items: list[Item] = []
    for record, spots in records.items():
        found = find_items(record) if len({s.text for s in spots}) == 1 else []
        if found and not _is_told(record, found):
            items += [(item, spots[0].text, _stage(item, record)) for item in found]
        else:
            plain[record] = spots
    return plain, items


def _is_told(record: HtmlElement, items: list[HtmlElement]) -> bool:
    """Whether a record is one event under a heading of its own, of which paragraphs tell more."""
    heads = (h for h in find(record, ", ".join(_HEADINGS)) if is_name(words(h)) and not holds_date(words(h)))
    return items[0].tag == "p" and any(not is_house_name(words(head)) for head in heads)


def find_items(record: HtmlElement) -> list[HtmlElement]:
    """Two or more elements of one kind in a record, each with a title and a time and without a date."""
    for container in record.iter():
        if is_silent(container):
            continue
        children = [c for c in container if not is_silent(c) and is_item(c)]
        if len(children) >= 2 and all(is_peer(children[0], c) for c in children[1:]):
            return _slots(children) or children
    return []


def _slots(stages: list[HtmlElement]) -> list[HtmlElement]:
    """What is on in each of several rooms beside each other; empty where the elements are events."""
    if not all(is_house_name(words(next(titles(stage), None))) for stage in stages):
        return []
    inner = next((found for stage in stages if (found := find_items(stage))), None)
    if inner is None:
        return []
    alike = (node for stage in stages for node in stage.iter() if node.tag == inner[0].tag)
    return [node for node in alike if is_item(node) and is_peer(inner[0], node)]


def _stage(item: HtmlElement, record: HtmlElement) -> str:
    """The room whose name stands as a heading above an item, within the day that holds it."""
    node: HtmlElement | None = item
    while node is not None and node is not record:
        for before in node.itersiblings(preceding=True):
            if before.tag in _HEADINGS and is_house_name(words(before)):
                return words(before)
        node = node.getparent()
    return ""


def find_headed(spots: list[Spot], every: list[Spot]) -> list[Item]:
    """Events under a heading that is nothing but a day, up to the next such heading.

    `spots` are those that no record holds, `every` all of the page: what prints a day of its own is
    under no heading.
    """
    held = spread(every)
    headings = {_heading(s): s.text if leftover(s.text) <= 2 else "" for s in spots}
    parents = dict.fromkeys(p for heading in headings if (p := heading.getparent()) is not None)
    found = [(parent, list(_under(parent, held, headings))) for parent in parents]
    rows = [(parent, items[0][1], items[0][2]) for parent, items in found if len(items) == 1]
    if len(rows) == len([items for _, items in found if items]) and all(
        is_peer(rows[0][0], row) for row, _, _ in rows[1:]
    ):
        found = [(row, [(row, day, stage)]) for row, day, stage in rows]  # a row with its day in a box
    items = [item for _, items in found for item in items]
    return items if len(items) >= 2 else []


def after_midnight(items: list[Item]) -> Iterator[Item]:
    """Items with the next day where one begins at night behind one of the evening of the same day."""
    evening = ""  # the day of which an item in the evening has been
    for item, day, stage in items:
        clock = TIME.search(words(item))
        hour = _HOUR.match(clock[0]) if clock else None
        began = int(hour[1]) if hour else _DAWN
        yield item, next_day(day) if began < _DAWN and evening == day else day, stage
        if began >= _EVENING:
            evening = day


def is_item(node: HtmlElement) -> bool:
    """Whether an element names something, at a time, on a day that stands elsewhere."""
    said = words(node)
    return (
        len(said) < 1000 and holds_time(said) and not holds_date(said) and (has_title(node) or has_lead(node))
    )


def _timed_lines(node: HtmlElement) -> list[HtmlElement]:
    """The lines of a paragraph of which each begins with a time; none of another paragraph."""
    rows = split_lines(node) if node.tag in ("p", "div", "td") else []
    alike = len(rows) > 1 and all(TIME.match(words(row)) and is_item(row) for row in rows)
    return rows if alike else []


def _is_named(node: HtmlElement) -> bool:
    """Whether an element names something, under a heading that says day and time of it."""
    said = words(node)
    return len(said) < 1000 and not holds_date(said) and (has_title(node) or has_lead(node))


def _heading(spot: Spot) -> HtmlElement:
    """The outermost element that prints nothing but the spot's day."""
    node = spot.node
    while (parent := node.getparent()) is not None and len(parent) == 1:
        if clean(parent.text) or clean(node.tail):
            break
        node = parent
    return node


def _under(parent: HtmlElement, held: set[HtmlElement], headings: dict[HtmlElement, str]) -> Iterator[Item]:
    day = ""
    for child in parent:
        if is_silent(child):
            continue
        if child in headings:
            day = headings[child]
        elif child in held:
            day = ""  # it prints a day of its own
        elif day and holds_time(day) and _is_named(child):
            yield child, day, ""
            day = ""  # what comes after tells more of it
        elif day and is_item(child):
            found = find_items(child) or _timed_lines(child)
            before = child.getprevious()
            if not found and before is not None and before.tag in _NAMING and before not in headings:
                child = join_nodes([before, child])
            yield from ((item, day, _stage(item, child)) for item in (found or [child]))
        elif day:
            items = find_items(child) or _timed_lines(child)
            yield from ((item, day, _stage(item, child)) for item in items)
