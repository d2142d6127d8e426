"""The lines that a page prints, as people read them: a block each, a table's row each, typed lines each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import iterwalk
from lxml.html import Element, HtmlElement

from crawlers.platforms.asides import is_aside
from crawlers.platforms.dateish import DATE, holds_date
from crawlers.platforms.dom import INLINE, clean, find, is_silent, words
from crawlers.platforms.spots import skipped_nodes
from crawlers.platforms.where import PLACE_COLUMN

TRIM = re.compile(r"^[\s|:;,.\-–—•*]+|[\s|:;,\-–—•]+$")
_COLUMN = {
    "title": re.compile(
        r"^(?:wat|titel|activiteit|onderwerp|omschrijving|evenement|naam|event|title|programma)$", re.I
    ),
    "other": re.compile(
        r"^(?:tijd|tijden|aanvang|prijs|entree|kosten|toegang|time|price|uhrzeit|eintritt)$", re.I
    ),
}
_PLACE_COLUMN = 3
_MOST_LINES = 2_000  # a longer agenda has pages
LONGEST = 160  # characters of a line that announces something


@dataclass(frozen=True)
class Line:
    """One printed line: its words (cells of a row with bars between), its block, its first link.

    `where` is what a table's column of places holds.
    """

    text: str
    block: HtmlElement
    href: str | None
    where: str = ""


def read_flow(tree: HtmlElement) -> Iterator[Line]:
    """The page's lines, menus and footers left out; a table's row is one line, its title column first."""
    skipped = skipped_nodes(tree)
    run: list[str] = []
    href: str | None = None
    block = tree
    count = 0
    walk = iterwalk(tree, events=("start", "end"))
    for event, node in walk:
        silent = node in skipped or is_silent(node)
        if event == "start" and node.tag == "pre" and node.getparent() not in skipped:
            yield from (Line(TRIM.sub("", clean(line)), Element("p"), None) for line in _typed(node))
            walk.skip_subtree()
            continue
        if event == "start" and node.tag == "tr" and not silent and (row := _row(node)):
            yield row
            walk.skip_subtree()
            run, href, count = [], None, count + 1
            if count > _MOST_LINES:
                return
            continue
        breaks = node.tag not in INLINE and node.tag not in ("td", "th", "span", "time", "label")
        if breaks and run and (text := TRIM.sub("", clean("".join(run)))):
            yield Line(text, block, href)
            count += 1
        if breaks:
            run, href = [], None
            if count > _MOST_LINES:
                return
        if event == "start" and not silent:
            if breaks and node.tag != "br":
                block = node
            run.append(" | " if node.tag in ("td", "th") and run else " " if node.tag == "span" else "")
            run.append(node.text or "")
            href = href or (node.get("href") if node.tag == "a" else None)
        elif event == "end":
            if breaks and node.tag != "br":
                block = node.getparent() if node.getparent() is not None else tree
            if node.getparent() is not None and node.getparent() not in skipped:
                run.append(node.tail or "")


def _typed(node: HtmlElement) -> list[str]:
    """The lines of preformatted text that say something."""
    return [line for line in node.text_content().splitlines()[:_MOST_LINES] if line.strip(" =-_*")]


def _row(row: HtmlElement) -> Line | None:
    """A table's row as one line, its title column first; None where it is a frame for the page."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or find(row, "table, td div div") or len(words(row)) > 2 * LONGEST:
        return None
    if len(DATE.findall(words(row))) > 2 and find(row, "br, p, li"):
        return None
    table = next(row.iterancestors("table"), None)
    head = next(table.iter("tr"), None) if table is not None else None
    names = [words(cell) for cell in head if cell.tag in ("td", "th")] if head is not None else []
    if head is row and not any(holds_date(name) for name in names):
        return Line("", row, None)
    if any(is_aside(cell, words(cell)) for cell in cells if holds_date(words(cell))):
        return Line("", row, None)  # from when tickets are sold
    told = [(_rank(names[i] if i < len(names) else ""), words(cell)) for i, cell in enumerate(cells)]
    text = " | ".join(said for _, said in sorted(told, key=lambda pair: pair[0]) if said)
    where = next((said for rank, said in told if rank == _PLACE_COLUMN), "")
    return Line(text, row, next((a.get("href") for a in find(row, "a[href]")), None), where)


def _rank(column: str) -> int:
    """Where a column belongs by its heading: a title first, times and prices last, and then places."""
    if _COLUMN["title"].match(column):
        return 0
    if PLACE_COLUMN.match(column):
        return _PLACE_COLUMN
    return 2 if _COLUMN["other"].match(column) else 1
