"""The files beside pages and feeds: OPML, sitemap, robots.txt. Pure; no date that the data do not hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from importlib.resources import files
from xml.etree import ElementTree as ET

from feeds.card import Voice
from feeds.council import council_path, council_scopes
from feeds.press.files import press_path, press_scopes
from feeds.scopes import scopes
from feeds.text import one_line
from feeds.urls import KINDS, Scope, Urls

MOST_ADDRESSES = 50_000  # of one sitemap (sitemaps.org)


def _document(root: ET.Element) -> bytes:
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text + b"\n"


def _outline(folder: ET.Element, title: str, address: str, page: str) -> None:
    ET.SubElement(folder, "outline", type="rss", text=title, title=title, xmlUrl=address, htmlUrl=page)


def render_opml(voice: Voice, quiet: Collection[Scope] = ()) -> bytes:
    """OPML 2.0 of every RSS feed of a language: a folder per scope, press lists too, and one of councils.

    `quiet` are the scopes without feeds.
    """
    root = ET.Element("opml", version="2.0")
    head = ET.SubElement(root, "head")
    ET.SubElement(head, "title").text = voice.site_title()
    ET.SubElement(head, "ownerEmail").text = voice.info.contact
    body = ET.SubElement(root, "body")
    urls, language = voice.urls, voice.language
    press = set(press_scopes(voice.info))
    for scope in (s for s in scopes(voice.info) if s not in quiet):
        name = one_line(voice.scope_name(scope))
        folder = ET.SubElement(body, "outline", text=name)
        page = urls.absolute(urls.listing(language, scope))
        for kind in KINDS:
            address = urls.absolute(urls.feed(language, scope, kind, "rss"))
            _outline(folder, voice.feed_title(scope, kind), address, page)
        if scope in press:
            title = voice.words("press.feed", title=voice.site_title(), scope=voice.scope_name(scope))
            _outline(folder, title, urls.absolute(press_path(voice, scope, "pers.rss")), page)
    folder = ET.SubElement(body, "outline", text=voice.words("council.link"))
    for scope in council_scopes(voice.info):
        title = voice.words("council.title", name=voice.scope_name(scope))
        address, page = (urls.absolute(council_path(urls, language, scope, f)) for f in ("rss", ""))
        _outline(folder, title, address, page)
    return _document(root)


def render_style(voice: Voice) -> bytes:
    """The style sheet of feeds: a browser shows them readably, with a word on what a feed is."""
    text = (files("feeds") / "site" / "static" / "feed.css").read_text(encoding="utf-8")
    said = voice.words("feed.explained").replace("\\", "").replace('"', "'")
    return text.replace("EXPLAINED", f'"{said}"').encode()


def render_sitemap(urls: Urls, paths: Iterable[str]) -> bytes:
    """The pages for search engines, in the order given."""
    root = ET.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for path in list(paths)[:MOST_ADDRESSES]:
        ET.SubElement(ET.SubElement(root, "url"), "loc").text = urls.absolute(path)
    return _document(root)


def render_robots(urls: Urls) -> bytes:
    """Everything may be read; Google's calendar reader asks this file first."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {urls.absolute('/sitemap.xml')}\n".encode()
