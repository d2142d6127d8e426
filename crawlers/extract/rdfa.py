"""RDFa Lite, and what old templates use beyond it (https://www.w3.org/TR/rdfa-lite/, HTML+RDFa 1.1).

Only schema.org's vocabulary is read, so a small reader is enough: `vocab`, `typeof`, `property`,
`resource`, `about`, `rel`, `content`.
"""

from __future__ import annotations

import re
from typing import Any, cast

import lxml.etree
from lxml.html import HtmlElement

from crawlers.extract.microdata import add_label, add_value, href_of, outermost, text_of
from crawlers.extract.values import Node

_OURS = re.compile(r"^(?:https?://(?:www\.)?(?:schema\.org|data-vocabulary\.org)/#?|(?:schema|s|v):)?(\w+)$")
_MARKED = lxml.etree.XPath("descendant-or-self::*[@typeof]")
_WORDS = frozenset({"name", "description", "summary", "startDate", "endDate", "doorTime", "streetAddress"})


def read_items(tree: HtmlElement) -> list[Node]:
    """The top-level typed resources of a page, nested ones inside them."""
    roots: list[Node] = []
    for top in outermost(filter(_typed, cast("list[HtmlElement]", _MARKED(tree)))):
        _read_resource(top, roots)
    return roots


def _read_resource(top: HtmlElement, roots: list[Node]) -> None:
    """Adds a typed element that stands in no other, and those in it that are none of its properties."""
    stack: list[tuple[Any, Node | None, list[str]]] = []
    for step, element in lxml.etree.iterwalk(top, events=("start", "end")):
        if step == "end":
            if stack and stack[-1][0] is element:
                stack.pop()
            continue
        around = stack[-1][1] if stack else None
        pending = stack[-1][2] if stack else []
        names = local_names(element.get("property"))
        relations = (
            local_names(element.get("rel")) if element.tag not in ("link", "a") or _typed(element) else []
        )
        if _typed(element):
            item: Node = {"@type": local_names(element.get("typeof"))}
            if key := element.get("resource") or element.get("about"):
                item["@id"] = key
            for name in names + relations + pending:
                if around is not None:
                    add_value(around, name, item)
            if around is None or not (names or relations or pending):
                roots.append(item)
            stack.append((element, item, []))
            continue
        if around is not None:
            for name in names:
                add_value(around, name, _value_of(element, name))
                add_label(around, name, element)
            if relations and not (element.get("resource") or element.get("href")):
                stack.append((element, around, relations))
            elif relations:
                for name in relations:
                    add_value(around, name, element.get("resource") or href_of(element))


def local_names(text: str | None) -> list[str]:
    """Schema.org terms in an attribute, without their prefix; terms of other vocabularies are left out."""
    return [found[1] for term in (text or "").split()[:20] if (found := _OURS.match(term))]


def _typed(element: HtmlElement) -> bool:
    return bool((element.get("typeof") or "").strip())


def _value_of(element: HtmlElement, name: str) -> str | None:
    """`content`, else `datetime`, else an address, else the words."""
    content = element.get("content")
    if content is not None:
        return str(content).strip() or None
    if element.get("datetime"):
        return str(element.get("datetime"))
    address = element.get("resource") or href_of(element)
    return (text_of(element) or address) if name in _WORDS or not address else address
