"""The rules of the W3C feed validator and of the RSS profile, over every news feed that is published."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urlsplit

import pytest
from lxml import etree

from aggregator.model import Evidence, ListingRef
from feeds.news import entries
from feeds.pieces import Pieces, assemble_feed
from feeds.scopes import scopes
from feeds.select import Agenda
from feeds.urls import KINDS, Scope
from tests.unit.feeds.feeds_world import INFO, TODAY, voice, world, world_edits

SITE = replace(INFO, hub="https://hub.example/")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NS = {
    "a": "http://www.w3.org/2005/Atom",
    "c": "http://purl.org/rss/1.0/modules/content/",
    "m": "http://search.yahoo.com/mrss/",
    "ev": "http://purl.org/rss/1.0/modules/event/",
    "g": "http://www.georss.org/georss",
}
W3CDTF = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z))?")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@cache
def feeds(form: str) -> tuple[tuple[str, bytes], ...]:
    """(address, bytes) of every feed of a form, in every language."""
    shown = {"image": Evidence(ListingRef("de-spil", "1"))}
    image = "https://despil.example/a.jpg"
    changed = [
        replace(e, image=image, evidence={**e.evidence, **shown}) if e.uid == "e-orgel" else e
        for e in world()
    ]
    agenda, pieces = Agenda(changed, SITE, TODAY, world_edits()), Pieces()
    found = []
    for language in SITE.languages:
        tongue = voice(language, SITE)
        for scope in scopes(SITE):
            for kind in KINDS:
                address = tongue.urls.absolute(tongue.urls.feed(language, scope, kind, form))
                data = assemble_feed(entries(agenda, scope, kind), scope, kind, form, tongue, pieces)
                found.append((address, data))
    return tuple(found)


def trees(form: str) -> Iterator[tuple[str, etree._Element]]:
    return ((address, etree.fromstring(data)) for address, data in feeds(form))


def items() -> Iterator[etree._Element]:
    return (item for _, root in trees("rss") for item in root.iter("item"))


def is_absolute(url: str | None) -> bool:
    parts = urlsplit(url or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and (url or "").isascii()


def test_there_is_something_to_check() -> None:
    assert len(feeds("rss")) == len(feeds("atom")) == 3 * 18 * 3
    assert sum(1 for _ in items()) > 200


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_titles_are_plain_with_hexadecimal_entities(form: str) -> None:
    for _, data in feeds(form):
        for title in re.findall(rb"<title[^>]*>(.*?)</title>", data, re.S):
            assert not re.search(rb"&(?!#x26;|#x3C;)|<|&#x26;(amp|lt|gt|quot);", title), title


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_only_characters_of_xml_and_a_declared_encoding(form: str) -> None:
    for _, data in feeds(form):
        assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
        assert not ILLEGAL.search(data.decode())


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_one_self_link_that_is_the_address_and_one_hub(form: str) -> None:
    for address, root in trees(form):
        home = root[0] if form == "rss" else root
        links = home.findall("a:link", NS)
        assert [link.get("href") for link in links if link.get("rel") == "self"] == [address]
        assert [link.get("href") for link in links if link.get("rel") == "hub"] == ["https://hub.example/"]


def test_rss_channel_has_what_the_profile_asks() -> None:
    for _, root in trees("rss"):
        (channel,) = root
        counts = Counter(child.tag for child in channel if isinstance(child.tag, str))
        for name in ("title", "link", "description", "language", "lastBuildDate", "ttl", "generator"):
            assert counts[name] == 1, name
        assert is_absolute(channel.findtext("link"))
        dates = [parsedate_to_datetime(i.findtext("pubDate") or "") for i in channel.iter("item")]
        built = parsedate_to_datetime(channel.findtext("lastBuildDate") or "")
        assert built >= max(dates, default=built)
        assert built <= NOW


def test_every_item_has_one_of_each_and_a_date_that_was() -> None:
    for item in items():
        counts = Counter(etree.QName(child).localname for child in item)
        for name in ("title", "link", "description", "guid", "pubDate", "encoded"):
            assert counts[name] == 1, name
        assert counts["source"] <= 1
        assert counts["enclosure"] == 0  # its length would have to be true, and nobody told it
        date = item.findtext("pubDate") or ""
        assert re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000", date)
        assert parsedate_to_datetime(date) <= NOW


def test_content_comes_after_the_description() -> None:
    for item in items():
        names = [etree.QName(child).localname for child in item]
        assert names.index("description") < names.index("encoded")


def test_guids_are_permanent_names_no_two_alike_in_a_feed() -> None:
    for _, root in trees("rss"):
        guids = root.findall(".//guid")
        assert all(g.get("isPermaLink") == "false" and (g.text or "").startswith("urn:trek:") for g in guids)
        assert len({g.text for g in guids}) == len(guids)
    for _, root in trees("atom"):
        idents = [e.findtext("a:id", "", NS) for e in root.findall("a:entry", NS)]
        assert len(set(idents)) == len(idents)
        assert all(ident.startswith("urn:trek:") for ident in idents)


def test_every_address_is_absolute() -> None:
    for item in items():
        texts = [item.findtext("link"), *(s.get("url") for s in item.iter("source"))]
        texts += [m.get("url") for m in item.iterfind("m:content", NS)]
        inside = item.findtext("c:encoded", "", NS)
        texts += [html.unescape(url) for url in re.findall(r'(?:href|src)="([^"]*)"', inside)]
        assert all(map(is_absolute, texts)), texts
        assert not re.search(r"<(script|style|iframe|object|form)|\son\w+=", inside)
    for _, root in trees("atom"):
        assert all(is_absolute(link.get("href")) for link in root.iterfind(".//a:link", NS))


def test_atom_has_what_the_format_asks() -> None:
    for _, root in trees("atom"):
        assert root.findtext("a:author/a:name", namespaces=NS)
        for home in (root, *root.findall("a:entry", NS)):
            for name in ("id", "title", "updated"):
                assert len(home.findall(f"a:{name}", NS)) == 1
            kinds = [
                (link.get("type"), link.get("hreflang"))
                for link in home.findall("a:link", NS)
                if link.get("rel") == "alternate"
            ]
            assert len(kinds) == len(set(kinds)) == 1
        for entry in root.findall("a:entry", NS):
            updated = datetime.fromisoformat(entry.findtext("a:updated", "", NS))
            assert datetime.fromisoformat(entry.findtext("a:published", "", NS)) <= updated <= NOW
            assert {c.get("type") for c in entry.findall("a:content", NS)} == {"html"}


def test_an_item_can_be_used_without_opening_a_page() -> None:
    full = 0
    for item in items():
        assert W3CDTF.fullmatch(item.findtext("ev:startdate", "", NS))
        assert item.findtext("ev:location", "", NS)
        assert item.findtext("ev:location", "", NS) in (item.findtext("description") or "")
        point = item.findtext("g:point", "", NS)
        assert not point or re.fullmatch(r"-?\d+\.\d+ -?\d+\.\d+", point)
        assert item.findall("category")
        full += "12,50" in (item.findtext("description") or "") and item.find("m:content", NS) is not None
    assert full >= 3


def test_an_image_has_its_credit_and_the_feed_of_origin_is_named() -> None:
    orgel = [i for i in items() if "Orgel" in (i.findtext("title") or "")]
    assert orgel
    for item in orgel:
        media = item.find("m:content", NS)
        assert media is not None
        assert (media.get("medium"), media.findtext("m:credit", "", NS)) == ("image", "De Spil")
        source = item.find("source")
        assert source is not None
        assert (source.get("url"), source.text) == ("https://despil.example/feed", "De Spil")


def test_the_same_event_is_the_same_item_in_every_scope_and_language() -> None:
    by_title: dict[str, set[str]] = {}
    for item in items():
        by_title.setdefault(item.findtext("link") or "", set()).add(item.findtext("guid") or "")
    assert by_title["https://agenda.example/evenement/e-orgel/"] == {
        "urn:trek:e-orgel",
        "urn:trek:o-orgel#week",
    }
    assert Scope().key == "region"
