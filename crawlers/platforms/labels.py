"""Lists in label form: `Datum: Donderdag 6 maart  Tijd: 19:30-23:00 uur  Entree: Gratis`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import ClassVar
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.outline import outline_of
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import TIME, holds_date, holds_time
from crawlers.platforms.dom import INLINE, absolute, clean, find, is_silent, text_of, words
from crawlers.platforms.make import collect, gather, make_event, make_offers
from crawlers.platforms.own import own_name
from crawlers.platforms.titles import BUTTON, is_name
from crawlers.platforms.where import split_place

_NAMES = {
    "title": "titel|activiteit|evenement|onderwerp|title|event",
    "when": "datum|data|wanneer|date|dag|termin",
    "clock": "tijd|tijden|starttijd|begintijd|tijdstip|aanvang|hoe laat|time|uhrzeit|zeit",
    "place": "locatie|zaal|waar|plaats|location|where|ort",
    "price": "entree|kosten|toegang|prijs|prijzen|toegangsprijs|price|admission|eintritt",
    "status": "status",
}
_LABEL = re.compile(
    r"(?:^|(?<=\s))(?:"
    + "|".join(f"(?P<{key}>{names})" for key, names in _NAMES.items())
    + r"|(?P<other>[A-Z]\w{3,20}))\s*:\s*",
    re.I,
)
_ALONE = re.compile(r"^(?:" + "|".join(f"(?P<{key}>{names})" for key, names in _NAMES.items()) + r")$", re.I)
_ASIDE = re.compile(
    r"(?:praktische?|meer|extra|algemene|overige|tijdschema|timetable|line-?up|zeitplan)\b|(?:informatie|info|details?|gegevens|tickets|kaarten|wanneer)\b.{0,20}$",
    re.I,
)
# Of the names for "when", at the end of a run of text or before a colon; a pattern each, as letters that a
# pattern begins with are found very much faster.
_MARKS = tuple(re.compile(rf"{name}\s*[:\0]") for name in ("dat(?:um|a|e)", "wanneer", "dag", "termin"))


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MOST_TIMES = 3  # when doors open, when it begins and ends


@dataclass
class _Draft:
    """An event in the making: its heading, and what the labels under it said."""

    title: str
    url: str | None
    said: dict[str, str] = field(default_factory=dict)


class Labels(Platform):
    """A heading, then labels with their values on one line, on several, or in a definition list."""

    name: ClassVar[str] = "labels"

    def recognises(self, page: Page) -> bool:
        """Whether the page labels a date at all; only then is it worth reading for labels."""
        return any(mark.search(outline_of(page.tree).lower) for mark in _MARKS)

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """One event a label `Datum`, named by the heading before it."""
        events = collect(e for d in _drafts(page) if (e := _event(page, source, d)))
        if len(events) > 1 and {e.title for e in events} == {text_of(page.tree, "h1")}:
            return Reading()  # the page's own name: what each is called stands in no heading
        if name := own_name(page):  # a heading above the labels says what they are of, or of whom
            told = (replace(e, title=name, url=e.url or page.url) for e in events)
            events = gather(e for e in told if urlsplit(e.url or "").path == urlsplit(page.url).path)
        if len(events) == 1 and events[0].url is None and events[0].title == text_of(page.tree, "h1"):
            events = (replace(events[0], url=page.url),)
        return Reading(events)


def _event(page: Page, source: Source | None, draft: _Draft) -> RawEvent | None:
    day, clock = draft.said.get("when", ""), draft.said.get("clock", "")
    if not draft.title or not holds_date(day):
        return None
    several = len(TIME.findall(clock)) > _MOST_TIMES  # a start for each distance
    told = day if holds_time(day) or several or not holds_time(clock) else f"{day} {clock}"
    return make_event(
        page,
        source,
        "layout",
        draft.title,
        occurrences=(RawOccurrence(text=clean(told)),),
        url=draft.url,
        place=split_place(draft.said.get("place", "")),
        offers=make_offers(draft.said.get("price")),
        status=draft.said.get("status"),
    )


def _drafts(page: Page) -> Iterator[_Draft]:
    """The page's drafts: a heading opens one, labels fill it, a second `Datum` opens another."""
    walk = _Walk(page)
    for node, line in _lines(page.tree):
        yield from walk.take(node, line)
    if walk.draft.said:
        yield walk.draft


class _Walk:
    """Where a walk along the page's lines is: the draft that is being filled, the label that waits."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.draft = _Draft("", None)
        self.waiting: str | None = None
        self.lead: _Draft | None = None  # a linked or bold line since the last label, which may be a title

    def take(self, node: HtmlElement, line: str) -> Iterator[_Draft]:
        """Drafts that this line ends."""
        if node.tag in _HEADINGS and not _is_label(line):
            if not _ASIDE.match(line):  # else the event is named by the heading above it
                yield from self._open(line, node)
        elif self.draft.said and self.draft.url is None and BUTTON.match(line):
            self.draft.url = _link(self.page, node)
        elif alone := _ALONE.match(line.rstrip(" :")):
            self.waiting = alone.lastgroup
        elif self.waiting == "title":
            yield from self._open(line, node)
        elif self.waiting:
            yield from self._fill(self.waiting, line)
        elif pairs := list(_pairs(line)):
            for key, value in pairs:
                if key == "title" and value:
                    yield from self._open(value, node)
                elif key != "other" and value:
                    yield from self._fill(key, value)
                elif key != "other":
                    self.waiting = key
        elif node.tag in ("a", "b", "strong") and is_name(line) and not holds_date(line):
            self.lead = _Draft(line, _link(self.page, node) or absolute(self.page.url, node.get("href")))

    def _open(self, title: str, node: HtmlElement) -> Iterator[_Draft]:
        if self.draft.said:
            yield self.draft
        self.draft, self.waiting, self.lead = _Draft(title, _link(self.page, node)), None, None

    def _fill(self, key: str, value: str) -> Iterator[_Draft]:
        if key == "when" and (self.lead or "when" in self.draft.said):
            if self.draft.said:
                yield self.draft
            self.draft = self.lead or _Draft(self.draft.title, self.draft.url)
        self.draft.said.setdefault(key, value)
        self.waiting = self.lead = None


def _is_label(line: str) -> bool:
    """Whether a heading is one of the labels (`Datum: 6 maart`) and not a title with a colon in it."""
    found = _LABEL.match(line)
    return found is not None and found.lastgroup != "other"


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """(label, value) of every label on a line."""
    found = list(_LABEL.finditer(line)) if ":" in line else []
    for label, following in zip_longest(found, found[1:]):
        stop = following.start() if following else len(line)
        yield str(label.lastgroup), clean(line[label.end() : stop])


def _lines(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """(element, words) of every block that has no block in it, in document order."""
    for node in tree.iter():
        if is_silent(node) or node.tag in INLINE or node.tag in ("head", "title", "br", "html", "body"):
            continue
        if any(isinstance(c.tag, str) and c.tag not in INLINE and c.tag not in ("br", "span") for c in node):
            if own := clean(node.text):
                yield node, own
            yield from ((c, said) for c in node if c.tag in ("a", "b", "strong") and (said := words(c)))
            continue
        if (
            node.tag == "span"
            and node.getparent() is not None
            and node.getparent().tag not in ("div", "body", "section")
        ):
            continue
        if text := words(node):
            yield node, text


def _link(page: Page, heading: HtmlElement) -> str | None:
    parent = heading.getparent()
    around = [*find(heading, "a[href]"), *([parent] if parent is not None and parent.tag == "a" else [])]
    return next((u for a in around if (u := absolute(page.url, a.get("href")))), None)
