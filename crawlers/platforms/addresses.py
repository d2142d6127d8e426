"""Lists that print no day: it stands in the address of each event (`/films/de-veerman/2026-10-17-20-15`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms import blocks
from crawlers.platforms.dateish import TIME, date_in_url, is_stamp
from crawlers.platforms.dom import absolute, find
from crawlers.platforms.make import collect
from crawlers.platforms.spots import is_skipped, skipped_nodes
from crawlers.platforms.titles import has_title

_DAY_NAME = re.compile(r"^data-(?:[\w-]*-)?(?:date|datum|day|start|startdate)$")
_TIME_NAME = re.compile(r"^data-(?:[\w-]*-)?(?:time|tijd|starttime)$")
_FEWEST = 2  # dated links to be a list
_DEEP = 6  # levels between a link and the card that names it


def read_attributes(page: Page, source: Source | None) -> tuple[RawEvent, ...]:
    """Events of blocks beside each other that keep their day in an attribute (`data-date="2026-10-16"`)."""
    kept: list[RawEvent] = []
    for block in page.tree.iter():
        held = dict(block.attrib.items()) if isinstance(block.tag, str) else {}
        days = [v for k, v in held.items() if _DAY_NAME.search(k) and is_stamp(v) and "-" in v]
        if len(days) != 1 or is_skipped(block):
            continue
        clock = next((v for k, v in held.items() if _TIME_NAME.search(k) and TIME.fullmatch(v)), "")
        event = blocks.read_block(page, source, block, [days[0]])
        if event is not None:
            start = f"{days[0]}T{clock}" if clock and len(days[0]) == 10 else days[0]
            kept.append(replace(event, occurrences=(RawOccurrence(start=start),)))
    today = page.seen.date().isoformat()
    ahead = all((e.occurrences[0].start or "")[:10] >= today for e in kept)  # else days of publication
    return collect(kept) if len(kept) >= _FEWEST and ahead else ()


def read_addresses(page: Page, source: Source | None) -> tuple[RawEvent, ...]:
    """Events of links whose address holds their day; none where one of those days is over.

    News keeps the day of publication in its addresses, so a list that looks back is no agenda.
    """
    skipped = skipped_nodes(page.tree)
    dated: list[tuple[HtmlElement, str]] = []
    for anchor in find(page.tree, "a[href]"):
        url = absolute(page.url, anchor.get("href"))
        found = date_in_url(url) if url else None
        if found and anchor not in skipped:
            dated.append((anchor, f"{found[0]}T{found[1]}" if found[1] else found[0]))
    today = page.seen.date().isoformat()
    if len({day for _, day in dated}) < _FEWEST or any(day[:10] < today for _, day in dated):
        return ()
    return collect(_events(page, source, dated))


def _events(page: Page, source: Source | None, dated: list[tuple[HtmlElement, str]]) -> Iterator[RawEvent]:
    cards = [(_card(anchor), day) for anchor, day in dated]
    for card, group in groupby(cards, key=lambda pair: pair[0]):
        event = blocks.read_block(page, source, card, [day for _, day in group]) if card is not None else None
        if event is not None:
            yield event


def _card(anchor: HtmlElement) -> HtmlElement | None:
    """The smallest element around a link that names something."""
    node: HtmlElement | None = anchor
    for _ in range(_DEEP):
        if node is None or node.tag in ("body", "main", "ul", "ol", "table"):
            return None
        if has_title(node):
            return node
        node = node.getparent()
    return None
