"""A page as it was fetched, and what a reader makes of it. Pure values: no network, no Scrapy."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, cast

import lxml.etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction
from w3lib.encoding import html_to_unicode

from aggregator.model import RawEvent
from crawlers.extract.limits import find_excess

HORIZON = timedelta(days=400)
_BLANK = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
_LOST = "\ufffd"  # stands in a text for what could not be decoded
LARGEST_PAGE = 16 * 1024 * 1024  # bytes; a parser needs a multiple of it in memory


class Page:
    """Bytes with the address they came from and the moment they were seen.

    `seen` is aware; recurrences are expanded from `seen` to `until` (400 days on, unless given).
    `text`, `tree` and `json` are made once, when first asked for.
    """

    def __init__(
        self,
        url: str,
        body: bytes,
        *,
        seen: datetime,
        content_type: str | None = None,
        source_id: str = "",
        until: datetime | None = None,
    ) -> None:
        self.url, self.body, self.content_type, self.source_id = url, body, content_type, source_id
        self.seen, self.until = seen, until or seen + HORIZON
        self.json_ld: tuple[list[Any], list[Problem]] | None = None  # kept by its reader

    @cached_property
    def excess(self) -> str | None:
        """What the page has too much of to be parsed; None where it can be."""
        return find_excess(self.body)

    @cached_property
    def lower(self) -> bytes:
        """The bytes in small letters, to look for names in."""
        return self.body.lower()

    @property
    def text(self) -> str:
        """The body as text; the encoding is taken from BOM, header, markup, then guessed."""
        return self._decoded[1]

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        return html_to_unicode(self.content_type or None, self.body, auto_detect_fun=_guess_encoding)

    @property
    def _utf8(self) -> bytes:
        """The text as UTF-8 without NULs: the body itself where that is what it is."""
        encoding, text = self._decoded
        if encoding == "utf-8" and b"\0" not in self.body and _LOST not in text:
            return self.body.removeprefix(BOM_UTF8)
        return text.replace("\0", "").encode("utf-8", "replace")

    @cached_property
    def tree(self) -> HtmlElement:
        """The body parsed as HTML; an empty document when nothing can be parsed, or too much."""
        odd = self.body.lstrip(_BLANK)[:1] != b"<"  # then what was counted is not what a parser minds
        excess = self.excess or (odd and find_excess(self.body, markup=True))
        return parse_html(b"" if excess else self._utf8, self.url)

    @cached_property
    def json(self) -> Any:
        """The body as JSON; None when it is no JSON, or too much."""
        try:
            return None if self.excess else json.loads(self.text)
        except (ValueError, RecursionError):
            return None


_CLASSES = lxml.etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)  # lxml.html's own lookup asks Python for each element what class it is

_PARSER = lxml.etree.HTMLParser(encoding="utf-8", huge_tree=False, collect_ids=False)
_PARSER.set_element_class_lookup(_CLASSES)


def parse_html(markup: str | bytes, url: str) -> HtmlElement:
    """A text, or UTF-8, without NULs parsed as HTML; an empty document when nothing can be parsed."""
    body = markup.encode("utf-8", "replace") if isinstance(markup, str) else markup
    try:
        tree = lxml.etree.fromstring(body, _PARSER, base_url=url)
    except (lxml.etree.LxmlError, ValueError):
        tree = None
    return tree if tree is not None else parse_html(b"<html><body></body></html>", url)


def new_element(tag: str, attributes: dict[str, str]) -> HtmlElement:
    """An element by itself, of the same class as those of a page."""
    return cast("HtmlElement", _PARSER.makeelement(tag, attributes))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something on a page that could not be read: code, and the words that show it."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: events, pages with more of the list, pages with one event, problems.

    `next` and `follow` are absolute addresses. An event whose list entry must be completed by its
    own page stands in `follow` and not in `events`. `marks` is, for pages to follow, what the list says
    of when they changed: equal marks mean that they are as they were. `held` is, for pages to follow, the
    event as the list prints it: it counts where its own page tells of none.
    """

    events: tuple[RawEvent, ...] = ()
    next: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, RawEvent] = field(default_factory=dict)


def _guess_encoding(body: bytes) -> str:
    """UTF-8 when the bytes are valid UTF-8, else windows-1252, which old Dutch sites use."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"
