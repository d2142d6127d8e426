"""Items of RSS and Atom are what feedgen and lxml write for the same fields, byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.formats.entry import render_atom_entry, render_rss_item
from feeds.formats.item import Item
from feeds.formats.mended import ATOM, EV, GEO, MEDIA
from feeds.text import one_line

NAMESPACES = {
    "ev": EV,
    "georss": GEO,
    "media": MEDIA,
    "atom": ATOM,
    "content": "http://purl.org/rss/1.0/modules/content/",
}


class Extra(BaseEntryExtension):
    """Fields that feedgen does not know, as its extensions write them: the event, the point, the image."""

    item: Item | None = None

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        item = self.item
        if item is None:
            return entry
        if item.enclosures and entry.tag == "item":  # RSS knows one
            url, size, kind = item.enclosures[0]
            etree.SubElement(entry, "enclosure", url=url, length=str(size), type=kind)
        fields = (("startdate", item.start), ("enddate", item.end), ("location", item.location))
        for name, value in (*fields, ("organizer", item.organiser)):
            if value:
                etree.SubElement(entry, f"{{{EV}}}{name}").text = value
        if item.point:
            etree.SubElement(entry, f"{{{GEO}}}point").text = f"{item.point[0]} {item.point[1]}"
        if item.origin and entry.tag == "item":
            etree.SubElement(entry, "source", url=item.origin[1]).text = item.origin[0]
        if item.image:
            media = etree.SubElement(entry, f"{{{MEDIA}}}content", url=item.image[0], medium="image")
            if item.image[1]:
                etree.SubElement(media, f"{{{MEDIA}}}credit").text = item.image[1]
        return entry

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        """The same fields, and the links with the rel and type that feedgen loses."""
        item = self.item
        if item is None:
            return entry
        for link in entry.findall("link"):
            entry.remove(link)
        etree.SubElement(entry, "link", href=item.url, rel="alternate", type="text/html")
        if item.source:
            etree.SubElement(entry, "link", href=item.source, rel="via", type="text/html")
        for url, size, kind in item.enclosures:
            etree.SubElement(entry, "link", href=url, rel="enclosure", length=str(size), type=kind)
        return self.extend_rss(entry)


def feedgen_entry(item: Item) -> Any:
    entry: Any = FeedEntry()  # type: ignore[no-untyped-call]
    entry.register_extension("trek", Extra)
    entry.trek.item = item
    entry.title(item.title)
    entry.link(href=item.url, rel="alternate", type="text/html")
    entry.guid(item.id, permalink=False)
    entry.published(item.published)
    entry.updated(item.updated)
    for term, label in item.categories:
        entry.category(term=term, label=label)
    entry.summary(item.summary)
    entry.content(item.html, type="html")
    return entry


def written(element: etree._Element) -> bytes:
    """The element within a root that declares the namespaces, titles in the form that validators accept."""
    root = etree.Element("root", nsmap=NAMESPACES)
    tag = element.tag
    root.append(element)
    marks = {"&": "\ue000", "<": "\ue001"}
    for title in root.iter("title"):
        text = title.text or ""
        for sign, mark in marks.items():
            text = text.replace(sign, mark)
        title.text = text
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    data = data.replace("\ue000".encode(), b"&#x26;").replace("\ue001".encode(), b"&#x3C;")
    return data[data.index(f"<{tag}>".encode()) : data.rindex(b"</root>")]


texts = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ue000\ue001"), max_size=40)
    | st.sampled_from(["<b>&amp;</b>", "]]>", "\"'&<>", "a\u2028b"])
).map(one_line)
filled = texts.filter(bool)
moments = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - the zone is drawn
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]),
)
items = st.builds(
    Item,
    id=filled,
    title=filled,
    url=filled,
    summary=filled,
    html=filled,
    published=moments,
    updated=moments,
    categories=st.lists(st.tuples(filled, filled), max_size=3).map(tuple),
    start=texts,
    end=st.none() | texts,
    location=texts,
    organiser=texts,
    point=st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    image=st.none() | st.tuples(filled, texts),
    source=st.none() | filled,
    origin=st.none() | st.tuples(filled, filled),
    enclosures=st.lists(st.tuples(filled, st.integers(0, 10**9), filled), max_size=2).map(tuple),
)


@given(items)
def test_rss_items_are_as_feedgen_writes_them(item: Item) -> None:
    assert render_rss_item(item) == written(feedgen_entry(item).rss_entry())


@given(items)
def test_atom_entries_are_as_feedgen_writes_them(item: Item) -> None:
    assert render_atom_entry(item) == written(feedgen_entry(item).atom_entry())
