"""Microdata as JSON-LD-like nodes (https://html.spec.whatwg.org/multipage/microdata.html).

Own reader, linear in the page's size: the known library compares all items with all properties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

import lxml.etree
from lxml.html import HtmlElement

from crawlers.extract.values import LABEL, Node, is_stamp, plain_names

_SOURCE = frozenset({"audio", "embed", "iframe", "img", "source", "track", "video"})
_LINK = frozenset({"a", "area", "link"})
# Properties whose value is an address; for all others a link's words are meant, whatever the standard says.
_ADDRESSES = frozenset(
    [
        "url",
        "sameAs",
        "image",
        "photo",
        "logo",
        "availability",
        "eventStatus",
        "eventAttendanceMode",
        "itemCondition",
        "additionalType",
        "hasMap",
        "map",
        "thumbnailUrl",
        "mainEntityOfPage",
        "contentUrl",
        "byDay",
        "location",
    ]
)
_SCOPED = lxml.etree.XPath("descendant-or-self::*[@itemscope]")
_MOST_WORDS = 20_000
_MOST_REFERRED = 20_000


def read_items(tree: HtmlElement) -> list[Node]:
    """The top-level items of a page, nested ones inside them; `itemref` is followed."""
    roots: list[Node] = []
    referring: list[tuple[Node, list[str]]] = []
    for top in outermost(cast("list[HtmlElement]", _SCOPED(tree))):
        found, named = _collect(top, None)
        roots += found
        referring += named
    left = _MOST_REFERRED
    done: set[int] = set()
    by_id: dict[str, HtmlElement] = {}
    if referring:
        for element in tree.iter():
            if isinstance(element.tag, str) and (key := element.get("id")):
                by_id.setdefault(key, element)
    for item, keys in referring:
        for key in keys:
            element = by_id.get(key)
            if element is None or left <= 0 or (id(item) in done and len(referring) > 1000):
                continue
            left -= sum(1 for _, _ in zip(element.iter(), range(left + 1), strict=False))
            _collect(element, item)
        done.add(id(item))
    return roots


def outermost(elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    """Those of some elements, given in document order, that stand in none of the others."""
    last: HtmlElement | None = None
    for element in elements:
        if last is None or last not in element.iterancestors():
            last = element
            yield element


def _collect(top: HtmlElement, into: Node | None) -> tuple[list[Node], list[tuple[Node, list[str]]]]:
    """Walks a subtree once; items that have no item around them are roots."""
    roots: list[Node] = []
    referring: list[tuple[Node, list[str]]] = []
    stack: list[tuple[Any, Node]] = [(None, into)] if into is not None else []
    for step, element in lxml.etree.iterwalk(top, events=("start", "end")):
        if step == "end":
            if stack and stack[-1][0] is element:
                stack.pop()
            continue
        names = plain_names(element.get("itemprop"))
        if element.get("itemscope") is None:
            for name in names if stack else ():
                add_value(stack[-1][1], name, _value_of(element, name))
                add_label(stack[-1][1], name, element)
            continue
        item: Node = {"@type": (element.get("itemtype") or "").split()}
        if element.get("itemid"):
            item["@id"] = element.get("itemid")
        if names and stack:
            for name in names:
                add_value(stack[-1][1], name, item)
        else:
            roots.append(item)
        if refs := (element.get("itemref") or "").split():
            referring.append((item, refs))
        stack.append((element, item))
    return roots, referring


def add_value(item: Node, name: str, value: Any) -> None:
    """Adds a value to a property, which becomes a list with the second."""
    if value in (None, ""):
        return
    held = item.get(name)
    if held is None:
        item[name] = value
    elif isinstance(held, list):
        held.append(value)
    else:
        item[name] = [held, value]


def add_label(item: Node, name: str, element: HtmlElement) -> None:
    """Keeps the words of the link that is an item's address: often the only place where its name stands."""
    if name == "url" and element.tag == "a" and LABEL not in item and (words := text_of(element)):
        item[LABEL] = words


def _value_of(element: HtmlElement, name: str) -> str | None:
    """The value of a property element; `content` on any element counts, as search engines read it."""
    content: str | None = element.get("content")
    if content is not None and (content.strip() or element.tag == "meta"):
        return content.strip() or None
    address = href_of(element)
    if element.tag in _SOURCE:
        alternative: str | None = element.get("alt")
        return address if name in _ADDRESSES else (alternative or address)
    if element.tag in _LINK and name in _ADDRESSES and name != "location":
        return address
    machine: str | None = element.get(
        {"data": "value", "meter": "value", "time": "datetime"}.get(element.tag, "-")
    )
    title: str | None = element.get("title")
    if name in ("startDate", "endDate") and is_stamp(title):  # the abbr pattern of the microformats
        return title
    return machine or text_of(element) or (address if element.tag in _LINK else None)


def href_of(element: HtmlElement) -> str | None:
    """The address that an element carries, as written."""
    raw: str | None = element.get("href") or element.get("src") or element.get("data")
    return (raw or "").strip() or None


def text_of(element: HtmlElement) -> str:
    """The words of an element without scripts and styles, to 20,000 characters."""
    found: list[str] = []
    length = 0
    for step, node in lxml.etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if step == "start":
            piece = None if node.tag in ("script", "style") else node.text
        else:
            piece = node.tail if node is not element else None
        if piece:
            found.append(piece[:_MOST_WORDS])
            length += len(piece)
        if step == "start" and node.tag == "br":
            found.append(" ")
        if length > _MOST_WORDS or len(found) > _MOST_WORDS // 4:
            break
    return " ".join("".join(found).split())[:_MOST_WORDS]
