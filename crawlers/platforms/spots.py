"""Where a page prints dates: the smallest elements whose words hold one, and the record around each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawlers.extract.outline import outline_of
from crawlers.platforms.asides import is_aside
from crawlers.platforms.boxes import days_in_boxes
from crawlers.platforms.dateish import (
    holds_date,
    holds_year,
    is_stamp,
    may_hold_date,
    part_digits,
    put_year,
    spell_day,
)
from crawlers.platforms.dom import classes, is_silent, words
from crawlers.platforms.months import days_under_months, year_for, years_above
from crawlers.platforms.titles import BUTTON, has_title, is_name, leftover

_SHORT = 140  # a printed date is no paragraph
_LONG = 2000  # characters with the blanks between them
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DEEP = 16  # levels between a date and the record that it belongs to
_MOST = 2000  # dates on one page; no agenda prints more
_SKIPPED = frozenset({"head", "nav", "footer", "button", "option", "datalist", "code", "pre", "title"})
_SKIPPED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|breadcrumbs?|footer|navbar|nav|menu|copyright|comments?|posted|byline"
    r"|published|newsletter)(?:$|[\s_-])",
    re.I,
)


@dataclass(frozen=True, eq=False)
class Spot:
    """An element that prints a date, with its words; `core` is the smallest one in it that holds the day.

    `headed` where it prints a bare day, whose month is that of the heading above it.
    """

    node: HtmlElement
    text: str
    core: HtmlElement
    headed: bool = False


def find_spots(tree: HtmlElement) -> list[Spot]:
    """The smallest elements that hold a date, in document order; menus, footers and paragraphs left out."""
    said = ShortWords()
    holding: set[HtmlElement] = set()
    for node in _hinting(tree):
        at: HtmlElement | None = node
        while at is not None and at not in holding and (text := said[at]) is not None:
            if holds_date(text) and not is_skipped(at):
                holding.add(at)
            at = at.getparent()
    for node in tree.iter("time"):  # a machine's stamp where the words alone are no date
        stamp = (node.get("datetime") or "").strip()
        if is_stamp(stamp) and not holds_date(said[node] or ""):
            any(said[around] is None for around in node.iterancestors())  # read before it says something else
            said[node] = stamp
            if holds_date(stamp) and not is_skipped(node):
                holding.add(node)
    boxed = days_in_boxes(tree, said)
    said.update(boxed)
    holding.update(node for node in boxed if not is_skipped(node))
    headed = days_under_months(tree, said)
    said.update(headed)
    holding.update(node for node, text in headed.items() if holds_date(text) and not is_skipped(node))
    place = outline_of(tree).place
    smallest = (n for n in holding if not any(child in holding for child in n))
    smallest = (n for n in smallest if not is_aside(n, said[n] or ""))
    spots: dict[HtmlElement, Spot] = {}
    years = years_above(tree)
    for node in sorted(smallest, key=place.__getitem__):
        grown = _grown(node, said)
        text = spell_day(said[grown] or "")
        if years and not holds_year(text) and (year := year_for(grown, years)):
            text = put_year(text, year)
        spots.setdefault(grown, Spot(grown, text, node, node in headed))
    return list(spots.values())[:_MOST]


def _hinting(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Elements in whose own words a date may be; those around them may hold one that these begin."""
    return (node for node, text, _ in outline_of(tree).texts if may_hold_date(text))


def find_record(
    spot: Spot, peers: Peers, named: dict[HtmlElement, bool], ask: Callable[[HtmlElement], bool] = has_title
) -> HtmlElement | None:
    """The smallest element around a spot with a title in it and siblings of its kind that hold such dates.

    `ask` says whether an element holds a title; `named` remembers it for the other spots of the page.
    """
    node = spot.node
    for _ in range(_DEEP):
        parent = node.getparent()
        if parent is None or parent.tag == "html":
            return None
        if node.tag == "dt" and (told := node.getnext()) is not None and told.tag == "dd" and ask(told):
            return None  # what the term dates stands behind it: the list is no event
        if peers.has_peer(node, parent) or (spot.headed and node.tag == "td" and peers.count(parent) > 1):
            if node not in named:
                named[node] = ask(node)
            if named[node] or spot.headed:  # an empty day of a month's calendar is no part of the next
                return node if named[node] else None
        node = parent
    return None


class Peers:
    """Which elements have a sibling of their kind that holds a date too; each parent is looked at once."""

    def __init__(self, spots: list[Spot]) -> None:
        self._held = spread(spots)
        self._kinds: dict[HtmlElement, Counter[tuple[object, ...]]] = {}

    def has_peer(self, node: HtmlElement, parent: HtmlElement) -> bool:
        """Whether another child of the parent is of the node's kind."""
        kinds = self._kinds.get(parent)
        if kinds is None:
            kinds = Counter(kind for child in parent if child in self._held for kind in _kinds(child))
            self._kinds[parent] = kinds
        return any(kinds[kind] > 1 for kind in _kinds(node))

    def count(self, parent: HtmlElement) -> int:
        """How many children of an element hold a date."""
        return sum(child in self._held for child in parent)


def _kinds(node: HtmlElement) -> list[tuple[object, ...]]:
    """What makes two siblings of one kind: the tag, and a class in common when they have any.

    Items of a list, rows and articles are of one kind whatever their class (`li.first` beside `li.item`).
    """
    names = classes(node)
    if node.tag in ("li", "tr", "article") or not names:
        return [(node.tag,)]
    return [(node.tag, name) for name in names]


def is_peer(node: HtmlElement, other: HtmlElement) -> bool:
    """Whether two siblings are of one kind."""
    return bool(set(_kinds(node)) & set(_kinds(other)))


def shape(spot: Spot) -> tuple[object, ...]:
    """What the dates of one list have in common: the element's tag and its classes without numbers."""
    if spot.headed:  # the days of a wall calendar, those of other months included
        return ("headed",)
    return spot.core.tag, frozenset(re.sub(r"\d+", "", name) for name in classes(spot.core))


def spread(spots: list[Spot]) -> set[HtmlElement]:
    """Every element that holds one of the spots."""
    held: set[HtmlElement] = set()
    for spot in spots:
        node: HtmlElement | None = spot.node
        while node is not None and node not in held:
            held.add(node)
            node = node.getparent()
    return held


class ShortWords(dict[HtmlElement, str | None]):
    """Words of each element that is asked for; None where there are more than a date needs."""

    def __missing__(self, node: HtmlElement) -> str | None:
        self[node] = said = self._read(node)
        return said

    def _read(self, node: HtmlElement) -> str | None:
        said = words(node)
        return part_digits(said) if len(said) <= _SHORT else None


def is_skipped(node: HtmlElement) -> bool:
    """Whether an element is in a menu, a footer or another part that prints no event."""
    memo = vars(node)
    skipped: bool | None = memo.get("skipped")
    if skipped is None:
        news = "type-post" in classes(node)  # WordPress' own mark of a news item
        plain = node.tag == "button" and holds_date(words(node)) and not BUTTON.match(words(node))
        skipped = news or (node.tag in _SKIPPED and not plain) or is_silent(node) or _is_margin(node)
        parent = node.getparent()
        skipped = skipped or (parent is not None and is_skipped(parent))
        memo["skipped"] = skipped
    return skipped


def skipped_nodes(tree: HtmlElement) -> set[HtmlElement]:
    """Elements of menus and footers, with all that is in them."""
    return {node for node in outline_of(tree).nodes if is_skipped(node)}


def _is_margin(node: HtmlElement) -> bool:
    """Whether the class names call an element a menu or a footer, and not also the page's main part."""
    names = node.get("class") or ""
    if node.tag in ("body", "html", "main") or not _SKIPPED_CLASS.search(names):
        return False
    return re.search(r"main|content|wrapper", names, re.I) is None


def _grown(node: HtmlElement, said: ShortWords) -> HtmlElement:
    """The element with what belongs to its date: a time beside it, the other end of a period."""
    while (parent := node.getparent()) is not None and node.tag not in ("li", "dd", "td", "tr", "article"):
        text = said[parent]
        if not text or leftover(text) > max(3, leftover(said[node] or "")):
            return node
        if any(is_name(words(child)) for child in parent if child.tag in _HEADINGS):
            return node  # a title of few letters
        node = parent
    return node
