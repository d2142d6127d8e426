"""Events that have no element of their own: a heading that names one, and the lines under it that date it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import islice

from lxml.html import Element, HtmlElement

from aggregator.model import RawEvent
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.extract.values import printable
from crawlers.platforms import blocks
from crawlers.platforms.dateish import holds_date
from crawlers.platforms.dom import is_silent, words
from crawlers.platforms.make import collect
from crawlers.platforms.news import is_past
from crawlers.platforms.spots import Spot
from crawlers.platforms.titles import is_name

_TAGS = ("h2", "h3", "h4", "h5")
_FEWEST = 2  # headings with a date under them
_SHARE = 0.6  # of a page's headings of one kind that must have one
_UP = 3  # levels between a date and the element that holds its heading
_MOST = 25  # elements under one heading


def read_sections(page: Page, source: Source | None, spots: list[Spot]) -> tuple[RawEvent, ...]:
    """One event a heading with a date under it, where most headings beside it have one; else none."""
    parents = dict.fromkeys(around for s in spots for around in islice(s.node.iterancestors(), _UP))
    found: list[RawEvent] = []
    for parent in parents:
        sections = list(_sections(parent))
        dated = [(nodes, days) for nodes in sections if (days := _days(nodes, spots))]
        if len(dated) >= _FEWEST and len(dated) >= _SHARE * len(sections):
            ahead = [pair for pair in dated if not all(is_past(day, page.seen.date()) for day in pair[1])]
            dated = ahead or dated  # thanks for what has been, among what is to come
            events = (blocks.read_block(page, source, join_nodes(nodes), days) for nodes, days in dated)
            found += [event for event in events if event is not None]
    return collect(found)


def _sections(parent: HtmlElement) -> Iterator[list[HtmlElement]]:
    """The runs of elements that begin with a heading of the commonest kind in an element."""
    kinds = [child.tag for child in parent if child.tag in _TAGS]
    if not kinds:
        return
    kind = max(dict.fromkeys(kinds), key=kinds.count)
    run: list[HtmlElement] = []
    for child in parent:
        if is_silent(child):
            continue
        if child.tag == kind or (child.tag in _TAGS and child.tag < kind):
            if run:
                yield run
            run = [child] if child.tag == kind and is_name(words(child)) else []
        elif run and len(run) < _MOST:
            run.append(child)
    if run:
        yield run


def _days(nodes: list[HtmlElement], spots: list[Spot]) -> list[str]:
    """The days printed under a heading; none where the heading is itself a date."""
    if holds_date(words(nodes[0])):
        return []
    inside = {node for top in nodes[1:] for node in top.iter()}
    return [spot.text for spot in spots if spot.node in inside]


def with_text(node: HtmlElement) -> HtmlElement:
    """A heading with what stands under it, up to the next heading; anything else as it is."""
    if node.tag not in _TAGS:
        return node
    under: list[HtmlElement] = []
    for after in node.itersiblings():
        if after.tag in ("h1", *_TAGS) or len(under) >= _MOST:
            break
        if not is_silent(after):
            under.append(after)
    return join_nodes([node, *under]) if under else node


def split_lines(node: HtmlElement) -> list[HtmlElement]:
    """Copies of the lines of a paragraph, which a `br` ends, each in an element."""
    rows: list[HtmlElement] = [Element("div")]
    rows[0].text = printable(node.text or "")
    for child in node:
        if child.tag == "br":
            rows.append(Element("div"))
            rows[-1].text = printable(child.tail or "")
        else:
            rows[-1].append(deepcopy(child))
    return [row for row in rows if words(row)]


def join_nodes(nodes: list[HtmlElement]) -> HtmlElement:
    """A copy of the elements of a section in one element."""
    section: HtmlElement = Element("div")
    section.extend([deepcopy(node) for node in nodes])
    return section
