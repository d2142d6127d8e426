"""Hand-made lists: cards without data attributes, plain text, labels, a city's and the region's agenda."""

from __future__ import annotations

from typing import Any

from crawlers.sample.markup.page import Body, Desk, Query, Style, page_of

CARDS = {
    "block": "article.voorstelling",
    "title": "h3",
    "subtitle": ".ondertitel",
    "url": "a::attr(href)",
    "when": ".wanneer",
    "hall": ".zaal",
    "place": ".locatie",
    "town": ".plaats",
    "price": ".prijs",
    "status": ".status",
    "description": ".intro",
    "category": ".genre",
}
TEXT = {
    "block": "ul.programma li",
    "title": "a",
    "subtitle": "small",
    "url": "a::attr(href)",
    "when": "b",
    "place": "i",
    "category": "abbr",
    "price": "span",
    "status": "em",
}
UIT = {
    "block": "div.event",
    "title": "h5",
    "url": "div.event::attr(href)",
    "when": ".when",
    "place": ".venue",
    "price": ".eventDetail.price",
    "status": ".state",
    "category": ".eventCat",
}
REGION = {
    "block": "div.agenda-item",
    "title": "h3 a",
    "url": "h3 a::attr(href)",
    "when": ".moment",
    "place": ".locatie",
    "town": ".plaats",
    "price": ".entree",
    "status": ".let-op",
    "category": ".rubriek",
    "description": ".kort",
}


def _list(
    template: str, start: str, settings: dict[str, Any], path: str = "/agenda/{slug}", ends: bool = True
) -> Style:
    """A list on one page."""

    def render(desk: Desk, query: Query) -> Body:
        return desk.html(template, entries=desk.entries)

    return Style(start, render, settings, path=path, ends=ends)


def render_region(desk: Desk, query: Query) -> Body:
    """Fifty items a page."""
    entries, page, pages = page_of(desk.entries, query, "pagina", 50)
    return desk.html("region.html", entries=entries, page=page, pages=pages)


STYLES = {
    "cards": _list(
        "cards.html", "/voorstellingen", {"platform": "html", "selectors": CARDS}, "/voorstelling/{slug}"
    ),
    "text": _list("text.html", "/programma", {"platform": "html", "selectors": TEXT}, ends=False),
    "plain": _list("text.html", "/programma", {}, ends=False),  # no selectors: the layout must be learned
    "labels": _list("labels.html", "/activiteiten", {"platform": "labels"}),
    "uit": _list("uit.html", "/agenda", {"platform": "html", "selectors": UIT}),
    "region": Style(
        "/agenda",
        render_region,
        {"platform": "html", "selectors": REGION, "paging": {"parameter": "pagina", "most": 12}},
        path="/agenda-item/{code}/{slug}/",
    ),
}
