"""feedgen with its faults mended, behind one seam: RSS 2.0 and Atom 1.0 (RFC 4287) around rendered items.

What feedgen 1.0 gets wrong and this module sets right: entries come out in reverse; `updated` and
`lastBuildDate` are now; the hub's link replaces the site's in RSS and gets no `atom:link`; entry
links lose their rel and type in older releases; `type="CDATA"` reaches Atom; control characters
raise; titles get entities that validators flag. feedgen makes what a feed says of itself; its items
are pieces that `entry` writes, and a feed is its head, the pieces, its tail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.text import clean

ATOM = "http://www.w3.org/2005/Atom"
EV = "http://purl.org/rss/1.0/modules/event/"
GEO = "http://www.georss.org/georss"
MEDIA = "http://search.yahoo.com/mrss/"
GENERATOR = "Trek"


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself. `updated` comes from the data."""

    title: str
    description: str
    home: str
    address: str
    language: str
    updated: datetime
    author: str
    contact: str
    minutes: int
    hub: str | None = None
    style: str | None = None  # address of the style sheet that makes a browser show it readably


class _Namespaces(BaseExtension):
    """Declares the namespaces at the root and writes the channel's links."""

    hub: str | None = None

    def extend_ns(self) -> dict[str, str]:
        return {"ev": EV, "georss": GEO, "media": MEDIA}  # beside feedgen's own two

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        if self.hub:
            channel = feed[0]
            link = etree.SubElement(channel, f"{{{ATOM}}}link", href=self.hub, rel="hub")
            own = channel.find(f"{{{ATOM}}}link[@rel='self']")
            if own is not None:
                own.addnext(link)
        return feed


def _generator(channel: Channel) -> Any:
    feed: Any = FeedGenerator()  # type: ignore[no-untyped-call]
    feed.register_extension("trek", _Namespaces, atom=True, rss=True)
    feed.trek.hub = channel.hub
    feed.id(channel.address)
    feed.title(clean(channel.title))
    feed.description(clean(channel.description))
    feed.link(href=channel.home, rel="alternate", type="text/html")
    feed.language(channel.language)
    feed.updated(channel.updated)
    feed.lastBuildDate(channel.updated)
    feed.generator(GENERATOR)
    feed.docs("https://www.rssboard.org/rss-specification")
    feed.author(name=channel.author, email=channel.contact)
    feed.ttl(channel.minutes)
    return feed


def _plain_titles(tree: etree._Element) -> bytes:
    """Serialised, with `&` and `<` in titles as hexadecimal entities, the form that validators accept."""
    marks = {"&": "\ue000", "<": "\ue001"}
    for title in tree.iter("title"):
        text = title.text or ""
        for sign, mark in marks.items():
            text = text.replace(mark, "").replace(sign, mark)
        title.text = text
    data = etree.tostring(tree, encoding="UTF-8", xml_declaration=False)
    return data.replace("\ue000".encode(), b"&#x26;").replace("\ue001".encode(), b"&#x3C;")


def render_rss_feed(channel: Channel, pieces: list[bytes]) -> bytes:
    """A whole RSS document."""
    feed = _generator(channel)
    feed.link(href=channel.address, rel="self", type="application/rss+xml")
    feed.link(href=channel.home, rel="alternate")  # the last link is RSS's `<link>`: the site, not the hub
    return _wrap(_plain_titles(feed._create_rss()[0]), b"</channel></rss>", channel, pieces)


def render_atom_feed(channel: Channel, pieces: list[bytes]) -> bytes:
    """A whole Atom document."""
    feed = _generator(channel)
    feed.link(href=channel.address, rel="self", type="application/atom+xml")
    if channel.hub:
        feed.link(href=channel.hub, rel="hub")
    return _wrap(_plain_titles(feed._create_atom()[0]), b"</feed>", channel, pieces)


def _wrap(shell: bytes, tail: bytes, channel: Channel, pieces: list[bytes]) -> bytes:
    head = shell.removesuffix(tail)
    if head == shell:
        raise ValueError("feedgen wrote another ending than expected")
    lines = [b'<?xml version="1.0" encoding="UTF-8"?>']
    if channel.style:  # CSS and not XSLT, which browsers are dropping
        lines.append(f'<?xml-stylesheet type="text/css" href={quoteattr(channel.style)}?>'.encode())
    return b"\n".join([*lines, head, *pieces, tail]) + b"\n"
