"""Hand-made lists: cards without data attributes, plain text, labels, a city's and the region's agenda."""

from __future__ import annotations

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
LABELS = {"block": "div.activiteit", "title": "h3", "url": "a::attr(href)"}
UIT = {
    "block": "div.event",
    "title": "h5",
    "url": "div.event::attr(href)",
    "when": ".when",
    "place": ".venue",
    "price": ".eventDetail.price",
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


def _list(template: str, size: int = 500, name: str = "page") -> Style:
    def render(desk: Desk, query: Query) -> Body:
        entries, page, pages = page_of(desk.entries, query, name, size)
        return desk.html(template, entries=entries, page=page, pages=pages)

    settings = _SETTINGS[template] | ({"paging": {"parameter": name, "most": 12}} if size < 500 else {})
    return Style(_STARTS.get(template, "/agenda"), render, settings)


_SETTINGS = {
    "cards.html": {"platform": "html", "selectors": CARDS},
    "text.html": {"platform": "html", "selectors": TEXT},
    "labels.html": {"platform": "labels", "selectors": LABELS},
    "uit.html": {"platform": "html", "selectors": UIT},
    "region.html": {"platform": "html", "selectors": REGION},
}
_STARTS = {"cards.html": "/voorstellingen", "text.html": "/programma", "labels.html": "/activiteiten"}
STYLES = {
    "cards": _list("cards.html"),
    "text": _list("text.html"),
    "labels": _list("labels.html"),
    "uit": _list("uit.html"),
    "region": _list("region.html", 50, "pagina"),
}
