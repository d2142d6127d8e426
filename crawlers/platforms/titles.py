"""What names an event: words that are no date, time, price or button, and where a block prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawlers.extract.remember import remembered
from crawlers.platforms.dateish import (
    DATE,
    MONTHS,
    TIME,
    WEEKDAYS,
    holds_date,
    holds_time,
    may_hold_date,
    part_digits,
)
from crawlers.platforms.dom import INLINE, clean, find, words

_FILLER = re.compile(
    r"\b(?:uur|uhr|van|tot|t/m|en|om|vanaf|op|datum|wanneer|aanvang|open|deur|zaal|met|tot|und|bis|from|to|at|date|when"
    r"|ma|di|wo|do|vr|za|zo|(?:maan|dins|woens|donder|vrij|zater|zon)dag|mon|tue|wed|thu|fri|sat|sun"
    rf"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mo|mi|fr|sa|so|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
    rf"|{MONTHS}|\d+)\b|[^\w]+",
    re.I,
)
BUTTON = re.compile(
    r"^(?:(?:koop|kopen|bestel(?:len)?|reserve(?:er|ren)|boek(?:en)?|buy|order)\b.*"
    r"|tickets?(?: .*)?|kaarten|info(?:rmatie)?(?:\s?(?:&|en|\+|/)\s?(?:tickets|kaarten))?"
    r"|(?:lees |bekijk |toon )?meer(?: .*)?|(?:lees|kijk) verder|(?:read )?more(?: .*)?|book(?: now)?"
    r"|weiterlesen|mehr (?:infos?|erfahren|lesen)|uitverkocht|sold out|wachtlijst|aanmelden"
    r"|inschrijven|website|details?|bekijk|gratis|delen|share|facebook(?:-event)?|nieuw|new|vorige|volgende"
    r"|(?:klik|click) (?:hier|here|op)\b.*|hier klicken.*|plattegrond|kaart|routebeschrijving|anfahrt"
    r"|flyer|pdf|downloads?|noch offen|(?:info )?volgt(?: (?:nog|later|binnenkort))?|t\.?b\.?a\.?|n\.n\.b\."
    r"|lageplan|sluiten|close|gesloten|closed|geschlossen|geopend|open)$",
    re.I,
)
_LOUD = re.compile(
    r"\b(?:font-(?:bold|semibold|heading|medium)|text-(?:lg|xl|\dxl)|fw-bold|bold|heading|headline)\b"
)
_HEADINGS = "h1, h2, h3, h4, h5, h6, summary"
_HEADED = ".h1, .h2, .h3, .h4, .h5, .h6"  # Bootstrap's classes for what looks like a heading
_TITLED = ", ".join(f"[class*='{w}']:not([class*='sub'])" for w in ("title", "titel", "name", "naam"))
_TITLED += ", [class~='kop'], [class*='headline']"
_FRONT = re.compile(r"https?://[^/]+/?$", re.I)  # a link to a site's first page names a house, no event
_OWN = re.compile(r"(?:^|[\s_-])(?:title|titel)(?:$|\s)", re.I)  # within a heading, beside who plays it
_LIGHT = frozenset({"br", "span", "img", "svg", "time"})
_TAGGED = re.compile(
    r"(?:^|[\s_-])(?:tags?|labels?|lbl|badges?|categor\w*|genres?|kicker|venue|location|locatie|place|price|prijs"
    r"|status|date|datum|time|tijd|meta|teaser__info|btn|button)(?:$|[\s_-])",
    re.I,
)
_BEFORE = re.compile(
    r"(?:^|[\s(])(?:van|von|vom|in|im|bei|bij|met|mit|with|by|at|op|auf|via|zie|see|siehe|door|durch|naar|zur|zum)\s+$",
    re.I,
)
_BOLD = 100  # characters of bold words that name something
_TRIM = re.compile(r"^[\s|:;,.\-–—•·*]+|[\s|:;,.\-–—•·*]+$")
_CLOCK = (
    rf"(?:\b(?:om|van|vanaf|tot|aanvang|inloop|start|begin|zaal open|ab|um|from|at)\b[\s:.]*)*{TIME.pattern}"
    rf"(?:\s?(?:uur|uhr)\b)?(?:\s*(?:-|–|tot|to|bis)\s*{TIME.pattern}(?:\s?(?:uur|uhr)\b)?)?"
)
_CUTS = re.compile(
    rf"(?:\b(?:{WEEKDAYS})\.?,?\s+)?{DATE.pattern}(?:\s(?:19|20)\d\d\b)?|{_CLOCK}|(?<=[\w)]{{4}})[.!?]\s+(?=[A-Z])|\s\|\s",
    re.I,
)
_FACT = re.compile(
    r"(?:€|£|entree|toegang|eintritt|prijs|kosten|locatie|waar|aanvang|gratis|free|deuren|zaal open"
    r")(?!\w)|.*(?:€|£)\s?\d",
    re.I,
)


def has_title(node: HtmlElement) -> bool:
    """Whether something in an element could be the name of an event."""
    return next(titles(node), None) is not None


def titles(node: HtmlElement) -> Iterator[HtmlElement]:
    """Elements that may hold the title, the likeliest first: headings, title classes, links, bold words."""
    named = (e for css in (_HEADINGS, _HEADED) for e in find(node, css) if is_name(words(e)))
    for heading in sorted(named, key=_level):
        yield from (
            e for e in heading.iter("span") if _OWN.search(e.get("class") or "") and is_name(words(e))
        )
        yield from _linked(heading)
        yield heading
    for titled in find(node, _TITLED):
        yield from _linked(titled)
        yield from (b for b in find(titled, "b, strong") if is_name(words(b)))  # with the place under it
        yield from (e for e in (titled,) if is_name(words(e)))
    yield from (e for e in find(node, "dt") if is_name(words(e)) and not holds_date(words(e)))
    anchors = [e for e in ([node] if node.tag == "a" else []) + find(node, "a") if is_name(words(e))]
    anchors = [_whole(a, node) for a in anchors if not _is_told(a)]
    houses = [a for a in anchors if _FRONT.match(a.get("href") or "")]
    bold = [e for e in find(node, "strong, b") if is_name(words(e)) and not holds_date(words(e))]
    if houses:
        yield from (b for b in bold if not any(a in houses for a in (*b.iterancestors(), *b.iter())))
    anchors = [a for a in anchors if a not in houses] + houses
    yield from (a for a in anchors if not holds_date(words(a)) and not _is_card(a))
    for anchor in anchors:  # a whole card is one link: the first of its words that are a name alone
        leaves = [
            e for e in anchor.iter("span", "div", "p", "strong", "b") if len(e) == 0 and is_name(words(e))
        ]
        pictured = {clean(img.get("alt")) for img in anchor.iter("img")}
        yield from sorted(leaves, key=lambda e: _loudness(e, pictured), reverse=True)
    bold = [e for e in [*find(node, "strong, b"), *anchors] if is_name(words(e))]
    yield from sorted(bold, key=lambda e: holds_date(words(e)))


def _level(heading: HtmlElement) -> str:
    """How high a heading stands: a line above the title is set in a lower one."""
    return heading.tag if heading.tag in ("h1", "h2", "h3", "h4", "h5", "h6") else "h7"


def _linked(titled: HtmlElement) -> Iterator[HtmlElement]:
    """The link that a title begins with, where a badge or a line in small stands behind it."""
    alone = len(titled) > 1 and not clean(titled.text) and not any(clean(child.tail) for child in titled)
    if alone and titled[0].tag == "a" and is_name(words(titled[0])):
        yield titled[0]


def _is_told(anchor: HtmlElement) -> bool:
    """Whether a link stands in a sentence, behind a preposition: `met werk van <a>`."""
    before = anchor.getprevious()
    parent = anchor.getparent()
    lead = before.tail if before is not None else parent.text if parent is not None else ""
    return parent is not None and parent.tag not in ("b", "strong") and _BEFORE.search(lead or "") is not None


def _whole(anchor: HtmlElement, node: HtmlElement) -> HtmlElement:
    """The bold words that a link is only a part of; else the link."""
    around = anchor.getparent()
    if around is None or around is node or around.tag not in ("b", "strong"):
        return anchor
    said = words(around)
    return around if said != words(anchor) and len(said) <= _BOLD and not holds_date(said) else anchor


def _is_card(anchor: HtmlElement) -> bool:
    """Whether a link holds several lines: a whole card."""
    return sum(child.tag in ("div", "p") and bool(words(child)) for child in anchor) > 1


def _loudness(leaf: HtmlElement, pictured: set[str]) -> tuple[bool, bool, bool, bool]:
    """How much a leaf of a card looks like its title: named by the picture, set bold, without day."""
    said = words(leaf)
    loud = leaf.tag in ("strong", "b") or _LOUD.search(leaf.get("class") or "") is not None
    fact = _TAGGED.search(leaf.get("class") or "") is not None or not headline(said)
    return said in pictured, loud, not holds_date(said), not fact


def leads(node: HtmlElement) -> Iterator[HtmlElement]:
    """Lines of an element without marked title that name something, in order: no date, time, price or tag."""
    for leaf in [node, *node.iterdescendants("li", "p", "div", "span", "td", "dd", "em", "i", "u", "font")]:
        if any(child.tag not in INLINE and child.tag not in _LIGHT for child in leaf):
            continue
        said = words(leaf)
        if _TAGGED.search(leaf.get("class") or ""):
            continue
        if is_name(said) and leftover(headline(said)) >= 3:
            yield leaf


def has_lead(node: HtmlElement) -> bool:
    """Whether a line in an element names something, though nothing sets it apart."""
    return next(leads(node), None) is not None


def is_marked(node: HtmlElement) -> bool:
    """Whether an element is set apart as a name: a heading, bold, a link, a class that says so."""
    return node.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "a", "b", "strong") or node in find(
        node.getparent() if node.getparent() is not None else node, f"{_HEADED}, {_TITLED}"
    )


def headline(text: str) -> str:
    """What a line names, without the day and the times that it prints and what it tells after that.

    >>> headline("16.00 uur: Orgelconcert. Toegang vrij")
    'Orgelconcert'
    """
    parts = [_TRIM.sub("", part) for part in _CUTS.split(text) if not part.rstrip().endswith(":")]
    return next((part for part in parts if is_name(part) and not _FACT.match(part)), "")


@remembered
def is_name(text: str) -> bool:
    """Whether a text can be a title: a letter, no button, more than a date with its time."""
    if (
        not 2 <= len(text) <= 200
        or BUTTON.match(text)
        or (text[0] == "(" and text.find(")") == len(text) - 1)
    ):
        return False
    if not re.search(r"[^\W\d_]", text):
        return False
    return leftover(text) >= (2 if holds_date(text) or holds_time(text) else 1)


@remembered
def leftover(text: str) -> int:
    """How many letters stay when dates, times, weekdays and the words between them are taken away."""
    text = part_digits(text)
    bare = DATE.sub(" ", text) if may_hold_date(text) else text
    return len(_FILLER.sub("", TIME.sub(" ", bare) if holds_time(bare) else bare))
