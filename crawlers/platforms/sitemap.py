"""Sitemaps (sitemaps.org 0.9) and sitemap indexes: addresses to follow, newest first."""

from __future__ import annotations

import zlib
from typing import ClassVar

import lxml.etree

from aggregator.region import Source
from crawlers.extract.page import Page, Problem, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dom import absolute
from crawlers.platforms.links import compile_pattern, is_event_path

_MOST_BYTES = 60_000_000  # the protocol allows 50 MB unpacked


class Sitemap(Platform):
    """`urlset` gives the pages to follow, `sitemapindex` the sitemaps to read next.

    `Follow.pattern` chooses among the addresses; without it those that read like an event's page.
    """

    name: ClassVar[str] = "sitemap"

    def recognises(self, page: Page) -> bool:
        """An XML document whose root is one of the protocol's two."""
        head = page.body.lstrip()[:1500]
        return head.startswith(b"<") and (b"<urlset" in head or b"<sitemapindex" in head)

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Pages to follow, the last changed first; a page that is no sitemap is one event's own page."""
        from crawlers.platforms.auto import read_any  # auto knows every platform, this one among them

        body = _unpacked(page.body)
        if body is None:
            return Reading(problems=(Problem("unreadable-sitemap", page.url),))
        head = body.lstrip()[:1500]
        if b"<urlset" not in head and b"<sitemapindex" not in head:
            return read_any(page, source)
        parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
        try:
            root = lxml.etree.fromstring(body.strip(), parser)
        except (lxml.etree.XMLSyntaxError, ValueError):
            root = None
        if root is None:
            return Reading(problems=(Problem("unreadable-sitemap", page.url),))
        if lxml.etree.QName(root).localname == "sitemapindex":
            return Reading(next=tuple(url for url, _ in _entries(page, root, "sitemap")))
        chosen = _chosen(_entries(page, root, "url"), source)
        return Reading(follow=tuple(chosen), marks={url: day for url, day in chosen.items() if day})


def _unpacked(body: bytes) -> bytes | None:
    """The document, unpacked when it is gzip; None when that fails or grows without end."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(body, _MOST_BYTES)
    except zlib.error:
        return None
    return unpacked if len(unpacked) < _MOST_BYTES else None


def _entries(page: Page, root: lxml.etree._Element, tag: str) -> list[tuple[str, str]]:
    """(address, lastmod or "") of every entry, each address once."""
    found: dict[str, str] = {}
    for entry in root.iterchildren(f"{{*}}{tag}"):
        url = absolute(page.url, entry.findtext("{*}loc"))
        if url:
            found.setdefault(url, (entry.findtext("{*}lastmod") or "").strip())
    return list(found.items())


def _chosen(entries: list[tuple[str, str]], source: Source | None) -> dict[str, str]:
    follow = source.follow if source else None
    pattern = compile_pattern(follow.pattern if follow else None)
    wanted = [(u, m) for u, m in entries if (pattern.search(u) if pattern else is_event_path(u))]
    wanted.sort(key=lambda entry: entry[1], reverse=True)  # stable: without lastmod the order stays
    return dict(wanted[: follow.most if follow else 1000])
