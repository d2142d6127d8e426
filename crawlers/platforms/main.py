"""The page of one event: a heading that the page is named after, and the day or days beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.outline import outline_of
from crawlers.extract.page import Page
from crawlers.platforms import blocks, moments
from crawlers.platforms.dateish import days_in, holds_time, holds_year
from crawlers.platforms.dom import absolute, attr, find, image, lines, text_of, words
from crawlers.platforms.featured import is_home, own_heading
from crawlers.platforms.links import is_event_path
from crawlers.platforms.make import make_event
from crawlers.platforms.news import is_dateline, is_past
from crawlers.platforms.own import find_around, flat, own_name, own_spots, slug_of
from crawlers.platforms.sections import join_nodes
from crawlers.platforms.spots import Spot, is_peer, is_skipped, shape
from crawlers.platforms.titles import BUTTON, is_name, leftover
from crawlers.platforms.where import read_where

_LIST_NAME = re.compile(
    r"^(?:(?:de|onze|alle|het|our|all)\s)?"
    r"(?:(?:deze|this|diese) (?:week|maand|month|woche)|(?:nu )?te (?:zien|doen)"
    r"|\w*agenda|\w*programma|programme|programm|speelschema|speeldata|optredens|termine|konzerte|exposities|events?|evenementen"
    r"|activiteiten|kalender|calendar|home|welkom|welcome|concerten|voorstellingen|what'?s on"
    r"|tentoonstellingen|lezingen|cursussen|workshops|films|excursies|rondleidingen|wandelingen|shows|exhibitions"
    r"|concerts|courses|ausstellungen|vorträge|lesungen|filmladder|concertserie|veranstaltungen|nieuws|news|overzicht"
    r"|zoekresultaten|(?:tickets|kaarten|info|informatie|(?:plan )?(?:je|uw|your) (?:bezoek|visit))$)\b",
    re.I,
)
_TOUR = re.compile(
    r"^(?:speel(?:lijst|data|tijden)|(?:upcoming )?dates|termine|aufführungen|tour(?:data|dates|lijst)?"
    r"|on tour|data)\b",
    re.I,
)
_ROW = 5  # levels between a date and the row of a list of performances
_BESIDE = 25
_SUBHEAD = 60  # letters beside the day and time in a heading under the title
_FAR = 120  # elements between a title and its date on the page of one event
_COLUMN = re.compile(
    r"^(?:locatie|zaal|plaats|waar|venue|ort|datum.*|data|date|dag|tijd|uur|aanvang|time|prijs|toegang|beschikbaar\w*"
    r"|tickets?|kaarten|)$",
    re.I,
)


def read_main(page: Page, source: Source | None, spots: list[Spot], every: list[Spot]) -> RawEvent | None:
    """The event of a page that is about one: a heading with a lone date near it; else None.

    `spots` are the lone dates, `every` all of them: where the address repeats the heading the page is that
    event's, whatever else it prints.
    """
    heading, title, tour = _main_heading(page)
    if heading is None or _LIST_NAME.match(title):
        return None
    own, spots = _own_dates(page, heading, title, spots, every)
    if not tour and not _names_page(page, title):
        near = _nearest(page, heading, spots)
        if near is None or not _is_playlist(near.node):
            return None
    spots, played = _played(page.tree, heading, spots)
    near = _nearest(page, heading, spots)
    if near is None or is_dateline(page, near.text) or (is_home(page) and own_heading(near) is not None):
        return None
    around = find_around(page, heading, near, spots, [s for s in every if s not in own])
    rows = _rows(near, spots)
    if len(rows) > 1 and not played and _are_events(rows, title):
        return None
    facts = blocks.facts(page, around, title, near.text)
    if len(rows) > 1:
        when = _performances(page, rows, title, near, heading)
        facts |= {"status": None}  # each performance has its own
        facts |= {"place": None} if any(o.place for o in when) else {}
    else:
        when = tuple(o for o in (moments.when_of(near.text, around, page.url),) if o)
    if not when:
        return None
    above = heading.getparent()
    return make_event(
        page,
        source,
        "layout",
        title,
        occurrences=moments.fullest(when),
        url=absolute(page.url, attr(page.tree, "link[rel=canonical]", "href")) or page.url,
        image=absolute(page.url, attr(page.tree, "meta[property='og:image']", "content"))
        or image(page.url, around),
        description=attr(page.tree, "meta[property='og:description'], meta[name=description]", "content"),
        subtitle=text_of(above, "h1 + h2, .subtitle") if above is not None else None,
        **facts,
    )


def _played(tree: HtmlElement, heading: HtmlElement, spots: list[Spot]) -> tuple[list[Spot], bool]:
    """The days under a heading `Speellijst` below the page's own, and True; all where there is none."""
    place = outline_of(tree).place
    heads = [h for h in find(tree, "h2, h3, h4") if place[h] > place[heading] and is_name(words(h))]
    for number, head in enumerate(heads):
        if _TOUR.match(words(head)):
            stop = place[heads[number + 1]] if number + 1 < len(heads) else len(place)
            under = [s for s in spots if place[head] < place[s.node] < stop]
            return (under, True) if under else (spots, False)
    return spots, False


def _only_clock(near: Spot, heading: HtmlElement) -> str:
    """The one clock time that a page prints around the days of its event."""
    beside = set(heading.iterancestors())
    around = next((a for a in near.node.iterancestors() if a in beside), near.node)
    for node in (around, *islice(around.iterancestors(), 2)):
        if clock := moments.told_clock(node):
            return clock
    return ""


def _main_heading(page: Page) -> tuple[HtmlElement | None, str, bool]:
    """What names the page's one event, its name, and whether the page says `Speellijst` above it.

    Its first heading; where that does not name the page, another that does; where none does and the address
    is an event's, the part of the page's title that the address or a line of the page repeats.
    """
    tree = page.tree
    heads = find(tree, "h1, h2.name, h2.title, h2[itemprop=name]")
    named = [h for h in heads if is_name(words(h)) and not _is_site_name(page, h)]
    if named and _TOUR.match(words(named[0])):
        lower = next((h for h in find(tree, "h2") if is_name(words(h))), None)
        return lower, words(lower), True
    if named and (_names_page(page, words(named[0])) or not is_event_path(page.url)):
        return named[0], words(named[0]), False
    other = next((h for h in find(tree, "h2, h3") if _names_page(page, words(h)) and not is_skipped(h)), None)
    if other is not None:
        return other, words(other), False
    parts = _title_parts(page) if is_event_path(page.url) else []
    for part in parts:
        leaf = next((e for e in tree.iter("span", "div", "p", "strong", "a") if words(e) == part), None)
        if leaf is not None and not is_skipped(leaf):
            return leaf, part, False
    slug = slug_of(page)
    if is_event_path(page.url) and len(slug) > 3:
        said = next((e for e in tree.iter("strong", "b", "a", "span", "p") if flat(words(e)) == slug), None)
        if said is not None and not is_skipped(said):
            return said, words(said), False
    part = own_name(page)
    heading = named[0] if named else next(iter(find(tree, "h2, h3")), _first_line(tree) if part else None)
    return (heading, part or words(heading), False) if heading is not None else (None, "", False)


def _own_dates(
    page: Page, heading: HtmlElement, title: str, spots: list[Spot], every: list[Spot]
) -> tuple[list[Spot], list[Spot]]:
    """Of all dates those of the page's own event, and of them those that may be its day."""
    if not is_event_path(page.url):
        return every, spots
    own = own_spots(page, every, heading)
    return own, own if flat(title) == slug_of(page) else [s for s in spots if s in own]


def _first_line(tree: HtmlElement) -> HtmlElement | None:
    """The first element that prints words of its own, menus left out."""
    leaves = (e for e in tree.iter("p", "span", "div", "strong") if len(e) == 0 and words(e))
    return next((leaf for leaf in leaves if not is_skipped(leaf)), None)


def _is_site_name(page: Page, heading: HtmlElement) -> bool:
    """Whether a heading says whose site it is: it leads to the first page, or the host is called so."""
    parts = urlsplit(page.url)
    links = [url for a in find(heading, "a[href]") if (url := absolute(page.url, a.get("href")))]
    if any(urlsplit(url).path in ("", "/") and urlsplit(url).netloc == parts.netloc for url in links):
        return True
    name = flat(words(heading))
    elsewhere = name not in flat(parts.path) and not is_home(page)
    return len(name) > 3 and elsewhere and name in flat(parts.netloc)


def _title_parts(page: Page) -> list[str]:
    """The parts of the page's title that may name its event: no list, no day."""
    said = (text_of(page.tree, "title"), attr(page.tree, "meta[property='og:title']", "content"))
    cut = [re.split(r"\s(?:[|–—•·-]|//)\s", text) for text in said if text]
    address = flat(unquote(urlsplit(page.url).path))
    parts = [p.strip() for told in cut for p in told if p is told[0] or flat(p) in address]
    return [p for p in dict.fromkeys(parts) if len(p) > 3 and is_name(p) and not _LIST_NAME.match(p)]


def _is_playlist(node: HtmlElement) -> bool:
    """Whether a day stands in a table of which every column is a place, a time or a way to get tickets."""
    table = next(node.iterancestors("table"), None)
    head = next(table.iter("tr"), None) if table is not None else None
    names = [words(cell) for cell in head if cell.tag == "th"] if head is not None else []
    return len(names) > 1 and all(_COLUMN.match(name) for name in names)


def _rows(near: Spot, spots: list[Spot]) -> list[tuple[Spot, HtmlElement]]:
    """The dates of a page's one event, each with its row; only the nearest where it stands alone."""
    node = near.node
    for _ in range(_ROW):
        parent = node.getparent()
        if parent is None or node.tag in ("main", "body"):
            break
        rows = {row: s for s in reversed(spots) if (row := _child_with(parent, s.node)) is not None}
        alike = {row: s for row, s in rows.items() if is_peer(row, node) and shape(s) == shape(near)}
        if len(alike) > 1:
            return [(alike[row], _with_terms(row)) for row in parent if row in alike]
        node = parent
    return [(near, near.node)]


def _with_terms(row: HtmlElement) -> HtmlElement:
    """A term with what stands under it as one element; any other row as it is."""
    told = [row]
    while row.tag == "dt" and (after := told[-1].getnext()) is not None and after.tag == "dd":
        told.append(after)
    return join_nodes(told) if len(told) > 1 else row


def _are_events(rows: list[tuple[Spot, HtmlElement]], title: str) -> bool:
    """Whether each row names something of its own, beside day, time, place and tickets."""
    named = [name for _, row in rows if (name := _own_name(row, title))]
    return len(set(named)) > len(rows) / 2


def _own_name(row: HtmlElement, title: str) -> str:
    place = read_where(row, title)
    parts = () if place is None else (place.name, place.address, place.postcode, place.place)
    told = [line for line in lines(row) if not BUTTON.match(line) and not blocks.state_of([line])]
    said = " ".join(told)
    for part in (title, *(p for p in parts if p)):
        said = said.replace(part, " ")
    return said if leftover(said) > 3 else ""


def _child_with(parent: HtmlElement, node: HtmlElement) -> HtmlElement | None:
    """The child of an element that holds a node, or is it."""
    while (above := node.getparent()) is not None:
        if above is parent:
            return node
        node = above
    return None


def _performances(
    page: Page, rows: list[tuple[Spot, HtmlElement]], title: str, near: Spot, heading: HtmlElement
) -> tuple[RawOccurrence, ...]:
    """The rows' performances; where none has a time, each at the one that the page prints around them."""
    when = tuple(o for spot, row in rows if (o := _performance(page, spot, row, title)))
    if not any(holds_time(o.text or "") for o in when) and (clock := _only_clock(near, heading)):
        return tuple(replace(o, text=f"{o.text} {clock}") for o in when)
    return when


def _performance(page: Page, spot: Spot, row: HtmlElement, title: str) -> RawOccurrence | None:
    """One row of several: its day, its times, its house or hall, and what it says of the tickets."""
    made = moments.when_of(spot.text, row, page.url)
    if made is None:
        return None
    return replace(made, status=blocks.state_of(lines(row)), place=read_where(row, title, spot.text))


def _names_page(page: Page, title: str) -> bool:
    """Whether the page bears the heading's name: in its title, its `og:title` or its address."""
    named = (
        text_of(page.tree, "title"),
        attr(page.tree, "meta[property='og:title']", "content"),
        unquote(urlsplit(page.url).path).replace("-", " "),
    )
    if not any(named[:2]) and any(words(h) == title for h in find(page.tree, "h1")[:1]):
        return len(find(page.tree, "h1")) == 1  # a page without a title has its heading
    return any(flat(title) in flat(name) for name in named if name)


def _nearest(page: Page, heading: HtmlElement, spots: list[Spot]) -> Spot | None:
    """The lone date nearest to the heading, counted in elements; one before it counts as farther away."""
    if not spots:
        return None
    place = {node: index for index, node in enumerate(page.tree.iter())}
    here = place[heading]
    around = (s for s in spots if heading not in s.node.iterancestors() and s.node is not heading)
    clear = [s for s in around if leftover(s.text) <= _room(s)]
    today = page.seen.date()
    clear = [s for s in clear if not (holds_year(s.text) and is_past(s.text, today))] or clear
    ranked = sorted(
        clear, key=lambda s: (abs(place[s.node] - here) * (1 if place[s.node] > here else 3), place[s.node])
    )
    if not ranked or abs(place[ranked[0].node] - here) > _FAR:
        return None
    same = [s for s in ranked if days_in(s.text) == days_in(ranked[0].text)]
    return max(same, key=lambda s: (holds_year(s.text), holds_time(s.text), len(s.text)))


def _room(spot: Spot) -> int:
    """How many letters may stand beside a day that is the page's: more in a heading with day and time."""
    return _SUBHEAD if spot.node.tag in ("h2", "h3") and holds_time(spot.text) else _BESIDE
