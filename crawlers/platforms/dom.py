"""Words, links and elements of a page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast
from urllib.parse import urljoin, urlsplit

import lxml.etree
import lxml.html
from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from crawlers.extract.outline import outline_of
from crawlers.extract.remember import remembered
from crawlers.extract.select import Choice, parse_choices

INLINE = frozenset({"a", "abbr", "b", "em", "font", "i", "mark", "s", "small", "strong", "sub", "sup", "u"})
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "select", "textarea"})
_BORDER = "\0"  # no parsed text holds one
_KEPT = 20_000  # characters of an element's words that are kept


@lru_cache(maxsize=512)
def _compiled(css: str) -> tuple[tuple[Choice, ...] | None, CSSSelector | None]:
    """A selector as tests of single elements, else as lxml's; neither when it is no CSS."""
    try:
        choices = parse_choices(css)
        return choices, None if choices else CSSSelector(css, translator="html")
    except SelectorError:
        return None, None


def find(node: HtmlElement, css: str) -> list[HtmlElement]:
    """Elements that a CSS selector finds below a node; none when the selector is no CSS."""
    choices, selector = _compiled(css)
    if choices:
        return outline_of(node).find(node, choices)
    try:
        return cast("list[HtmlElement]", selector(node)) if selector else []
    except lxml.etree.XPathError:
        return []


def first(node: HtmlElement, css: str) -> HtmlElement | None:
    """The first element that a CSS selector finds, or None."""
    found = find(node, css)
    return found[0] if found else None


def words(node: HtmlElement | None) -> str:
    """What a reader sees in an element: blanks collapsed, neighbouring blocks kept apart."""
    if node is None:
        return ""
    memo = vars(node)
    said: str | None = memo.get("words")
    if said is None:
        said = memo["words"] = clean(_run(node).replace(_BORDER, " "))
    return said


def lines(node: HtmlElement | None) -> list[str]:
    """The words of an element, one string a block or `br`."""
    if node is None:
        return []
    memo = vars(node)
    said: list[str] | None = memo.get("lines")
    if said is None:
        said = memo["lines"] = [line for piece in _run(node).split(_BORDER) if (line := clean(piece))]
    return said


def text_of(node: HtmlElement, css: str) -> str | None:
    """The words of the first element found, or None when there is none or it is empty."""
    return words(first(node, css)) or None


def attr(node: HtmlElement, css: str, name: str) -> str | None:
    """An attribute of the first element found that has it."""
    for element in find(node, css):
        value: str | None = element.get(name)
        if value and value.strip():
            return value.strip()
    return None


def pick(node: HtmlElement, css: str | None) -> str | None:
    """Value of a selector as in parsel: `a::attr(href)`, `h2::text`, or the words of `h2`."""
    if not css:
        return None
    path, _, pseudo = css.partition("::")
    target = first(node, path.strip()) if path.strip() else node
    if target is None:
        return None
    if pseudo.startswith("attr(") and pseudo.endswith(")"):
        return (target.get(pseudo[5:-1]) or "").strip() or None
    if pseudo == "text":
        own = [target.text or "", *(child.tail or "" for child in target)]
        return clean(" ".join(own)) or None
    return words(target) or None


def fragment(html: str) -> HtmlElement:
    """A piece of HTML as an element tree; an empty `div` when there is nothing in it."""
    try:
        return cast(HtmlElement, lxml.html.fragment_fromstring(html.replace("\x00", ""), create_parent="div"))
    except (lxml.etree.ParserError, ValueError):
        return cast(HtmlElement, lxml.html.fragment_fromstring("<div></div>"))


def clean(text: str | None) -> str:
    """Text with every run of blanks made one blank."""
    return " ".join((text or "").replace("\u200b", " ").split())


@remembered
def absolute(base: str, href: str | None) -> str | None:
    """A link as an absolute http(s) address; None for `#`, `mailto:`, `javascript:` and nonsense."""
    if not href or not href.strip() or href.strip().startswith("#"):
        return None
    try:
        address = urljoin(base, href.strip().replace("\n", ""))
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def link(base: str, node: HtmlElement, css: str = "a") -> str | None:
    """The first usable link below a node, or of the node itself."""
    own = absolute(base, node.get("href")) if node.tag == "a" else None
    if own:
        return own
    return next((url for a in find(node, css) if (url := absolute(base, a.get("href")))), None)


def column_of(cell: HtmlElement) -> str:
    """The head of the column of a table that a cell is in; empty without one."""
    row = cell.getparent()
    table = next(cell.iterancestors("table"), None)
    head = next(table.iter("tr"), None) if table is not None else None
    if row is None or head is None or row is head or cell.tag not in ("td", "th"):
        return ""
    place = list(row).index(cell) + max(0, len(head) - len(row))  # what spans rows stands left, in one above
    return words(head[place]) if place < len(head) else ""


def image(base: str, node: HtmlElement) -> str | None:
    """The first real picture below a node: `src`, lazy `data-src`, or a background style."""
    for img in find(node, "img"):
        for name in ("data-src", "data-lazy-src", "src"):
            source = img.get(name) or ""
            if (
                source
                and not source.startswith("data:")
                and not re.search(r"spacer|placeholder|\.svg", source)
            ):
                return absolute(base, source)
    for element in find(node, "[style*='background']"):
        style = re.search(r"url\(['\"]?([^'\")]+)", element.get("style") or "")
        if style:
            return absolute(base, style[1])
    return None


def classes(node: HtmlElement) -> frozenset[str]:
    """The class names of an element."""
    memo = vars(node)
    named: frozenset[str] | None = memo.get("classes")
    if named is None:
        named = memo["classes"] = frozenset((node.get("class") or "").split())
    return named


def is_silent(node: HtmlElement) -> bool:
    """Whether an element prints nothing: a comment, a script, a style, a choice list."""
    return not isinstance(node.tag, str) or node.tag in _SILENT


def _run(node: HtmlElement) -> str:
    """The words of an element with a mark at each border of a block; inline elements do not break a run.

    Kept with the element, unless long: every element around it asks again. A parser nests no deeper than
    Python can go (libxml2: 255).
    """
    memo = vars(node)
    run: str | None = memo.get("run")
    if run is not None:
        return run
    if is_silent(node):
        memo["run"] = ""
        return ""
    if not len(node):
        run = node.text or ""
        if len(run) <= _KEPT:
            memo["run"] = run
        return run
    parts = [node.text or ""]
    for child in node:
        tag = child.tag
        if tag in INLINE:
            run = _run(child)
            apart = tag == "a" and run[:1].isdigit() and "".join(parts)[-1:].isdigit()
            parts += (" ", run) if apart else (run,)  # `19:00` and `21:30`, each a link
        elif isinstance(tag, str):
            parts += (_BORDER, _run(child), _BORDER)
        parts.append(child.tail or "")
    run = "".join(parts)
    if len(run) <= _KEPT:
        memo["run"] = run
    return run
