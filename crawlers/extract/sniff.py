"""Which syntax is in these bytes? Asked first, so that nothing slow runs for nothing."""

from __future__ import annotations

import re
from enum import StrEnum

from crawlers.extract.page import Page


class Kind(StrEnum):
    """What a document is as a whole."""

    HTML = "html"
    ICAL = "ical"
    FEED = "feed"
    XML = "xml"
    JSON = "json"
    OTHER = "other"


_HEAD = 4096
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_FEED_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]", re.IGNORECASE)
_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|div|span|p|ul|table|a|article)\b", re.I
)
_XML_SKIP = re.compile(
    rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?!\s+html)[^>\[]*(?:\[.*?\])?[^>]*>)*", re.S | re.I
)
_JSON_LD = re.compile(rb"ld\s*\+\s*json")
_RDFA = re.compile(rb"typeof\s*=")
_H_EVENT, _VEVENT = re.compile(rb"h-event"), re.compile(rb"vevent")  # quicker than `in` on a whole page
_MICROFORMAT = re.compile(rb"""class\s*=\s*["']?[^"'>]*\b(?:h-event|vevent)\b""")


def sniff_kind(page: Page) -> Kind:
    """The kind of document, from its bytes alone; the address and the header can lie."""
    head = page.body[: _HEAD * 4].lstrip()
    if head.startswith(_BOMS[1:]):
        head = page.text[:_HEAD].encode("utf-8", "replace")
    head = head.removeprefix(_BOMS[0]).lstrip()
    if head[:15].upper().startswith(b"BEGIN:VCALENDAR") or re.match(
        rb"BEGIN:V(?:CALENDAR|EVENT)\s*$", head, re.M | re.I
    ):
        return Kind.ICAL
    if head[:1] in b"{[" and head:
        return Kind.JSON
    if head.startswith(b"<"):
        return _sniff_markup(head)
    if _HTML_TAG.search(head):
        return Kind.HTML
    return Kind.ICAL if re.search(rb"^BEGIN:VCALENDAR\s*$", head, re.M | re.I) else Kind.OTHER


def _sniff_markup(head: bytes) -> Kind:
    """HTML, a feed or other XML: the first element decides, after what may stand before it."""
    skipped = _XML_SKIP.match(head)
    root = head[skipped.end() :] if skipped else head
    if _FEED_ROOT.match(root):
        return Kind.FEED
    if _HTML_TAG.match(root) or not head.startswith(b"<?xml"):
        return Kind.HTML
    return Kind.HTML if re.match(rb"<html", root, re.I) else Kind.XML


def has_json_ld(page: Page) -> bool:
    """Whether a JSON-LD script may be there."""
    named = b"json" in page.lower
    return named and (b"ld+json" in page.lower or _JSON_LD.search(page.lower) is not None)


def has_microdata(page: Page) -> bool:
    """Whether an `itemscope` is there."""
    return b"itemscope" in page.lower


def has_rdfa(page: Page) -> bool:
    """Whether a `typeof` attribute is there."""
    found = _RDFA.finditer(page.lower) if b"typeof" in page.lower else ()
    return any(page.lower[mark.start() - 1 : mark.start()].isspace() for mark in found)


def has_microformats(page: Page) -> bool:
    """Whether an h-event (microformats2) or a vevent (hCalendar) is there."""
    named = _H_EVENT.search(page.lower) or _VEVENT.search(page.lower)
    return named is not None and _MICROFORMAT.search(page.lower) is not None


def has_any(page: Page) -> bool:
    """Whether any structured syntax may be there."""
    return has_json_ld(page) or has_microdata(page) or has_rdfa(page) or has_microformats(page)
