"""First form of a learned layout: repeated blocks that each hold a date and a title, and pages of one event.

No selectors, no site rules. What a block prints goes on as words; nothing is made up that it does
not print. Where the page does not show clearly what belongs together, nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.page import Page, Problem, Reading
from crawlers.platforms import blocks, moments
from crawlers.platforms.addresses import read_addresses, read_attributes
from crawlers.platforms.asides import is_end
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import days_in, holds_time, holds_year
from crawlers.platforms.days import Item, find_headed, split_days
from crawlers.platforms.dom import absolute, attr, find, image, lines, text_of, words
from crawlers.platforms.featured import is_home, own_heading, read_featured
from crawlers.platforms.ladder import read_ladder
from crawlers.platforms.lines import read_lines
from crawlers.platforms.links import next_pages
from crawlers.platforms.make import collect, gather, make_event, make_place
from crawlers.platforms.news import is_article, is_dateline, is_only_past, without_past
from crawlers.platforms.prose import read_prose
from crawlers.platforms.records import collect_records
from crawlers.platforms.sections import read_sections
from crawlers.platforms.spots import Spot, find_spots, is_peer, shape
from crawlers.platforms.titles import BUTTON, has_lead, is_name, leftover
from crawlers.platforms.where import read_where

_LIST_NAME = re.compile(
    r"^(?:(?:de|onze|alle|het|our|all)\s)?(?:\w*agenda|\w*programma|programme|programm|speelschema|speeldata|optredens|termine|konzerte|exposities|events?|evenementen"
    r"|activiteiten|kalender|calendar|home|welkom|welcome|concerten|voorstellingen|what'?s on"
    r"|tentoonstellingen|lezingen|cursussen|workshops|films|excursies|rondleidingen|wandelingen|shows|exhibitions"
    r"|concerts|courses|ausstellungen|vorträge|lesungen|filmladder|concertserie|veranstaltungen|nieuws|news|overzicht"
    r"|zoekresultaten)\b",
    re.I,
)
_TOUR = re.compile(r"^(?:speel(?:lijst|data)|tour(?:data|dates|lijst)?|on tour|data)\b", re.I)
_CLOSED = re.compile(r"(?:^|[:–-]\s*)(?:gesloten|closed|geschlossen)\s*$", re.I)
_ROW = 5  # levels between a date and the row of a list of performances
_FAR = 120  # elements between a title and its date on the page of one event
_MOST_BYTES = 3_000_000  # of HTML; a list this long has pages
METHOD = "layout"


class Layout(Platform):
    """Any HTML page that prints dates."""

    name: ClassVar[str] = "layout"

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """The page's one event, when it is such a page; else the events of its repeated blocks."""
        if len(page.body) > _MOST_BYTES:
            return Reading(problems=(Problem("too-large", f"{len(page.body)} bytes of HTML"),))
        spots = find_spots(page.tree)
        if not spots:
            listed = read_attributes(page, source) or read_lines(page, source) or read_addresses(page, source)
            return Reading(listed or read_prose(page, source))
        if ladder := read_ladder(page, source):
            return Reading(ladder)
        records = collect_records(spots)
        inside = {s for group in records.values() for s in group}
        lone = [s for s in spots if s not in inside]
        headed = find_headed(lone, spots)
        programme = len({day for _, day, _ in headed}) > 1 and not records
        main = None if is_article(page) or programme else read_main(page, source, lone)
        if main is not None and _CLOSED.search(main.title):
            return Reading(problems=(Problem("closed", main.title),))
        if main is not None:
            return Reading((main,))
        plain, items = split_days(without_past(page, records))
        told = [*_events(page, source, plain), *_day_events(page, source, [*items, *headed])]
        if told or is_home(page):
            told += read_featured(page, source, lone)
        events = gather_days(told)
        if all(record.tag == "p" for record in records):  # paragraphs: what they tell of stands above them
            events = read_sections(page, source, spots) or events
        events = events or read_sections(page, source, lone) or read_lines(page, source)
        events = events or _unmarked(page, source, spots) or read_prose(page, source)
        if is_only_past(page, events):
            if listed := read_lines(page, source):
                return Reading(listed)
            return Reading(problems=(Problem("only-past", f"{len(events)} dated items, all of them over"),))
        return Reading(events, next_pages(page, source, len(events)))


def _unmarked(page: Page, source: Source | None, spots: list[Spot]) -> tuple[RawEvent, ...]:
    """Events of repeated blocks in which nothing is set apart as a title: the first line that names one."""
    return gather_days(list(_events(page, source, collect_records(spots, has_lead))))


def find_records(page: Page) -> Iterator[tuple[HtmlElement, RawEvent]]:
    """The page's repeated blocks with the event that each prints, for learning them as selectors."""
    records, _ = split_days(collect_records(find_spots(page.tree)))
    for record, spots in records.items():
        for event in _events(page, None, {record: spots}):
            yield record, event


def _events(page: Page, source: Source | None, records: dict[HtmlElement, list[Spot]]) -> Iterator[RawEvent]:
    for record, spots in records.items():
        event = blocks.read_block(page, source, record, _days_of(spots), {s.node for s in spots})
        if event is not None:
            yield event


def _days_of(spots: list[Spot]) -> list[str]:
    """The days that a record prints; a start and what is labelled as its end are one."""
    days: list[str] = []
    for spot in spots:
        if days and is_end(spot.node, spot.text):
            days[-1] = f"{days[-1]} - {spot.text}"
        else:
            days.append(spot.text)
    return days


def _day_events(page: Page, source: Source | None, items: list[Item]) -> Iterator[RawEvent]:
    for item, day, stage in items:
        event = blocks.read_block(page, source, item, [day])
        if event is not None:
            yield replace(event, place=event.place or make_place(name=stage))


def gather_days(events: list[RawEvent]) -> tuple[RawEvent, ...]:
    """Events once each: a block repeated in a carousel adds nothing; another day of one address does."""
    told = gather(e for e in events if e.url)
    kept = (replace(e, occurrences=moments.fullest(e.occurrences)) for e in told)
    return collect([*kept, *(e for e in events if not e.url)])


def read_main(page: Page, source: Source | None, spots: list[Spot]) -> RawEvent | None:
    """The event of a page that is about one: a heading with a lone date near it; else None."""
    heading, tour = _main_heading(page.tree)
    if heading is None or _LIST_NAME.match(words(heading)):
        return None
    if not tour and not _names_page(page, words(heading)):
        return None
    near = _nearest(page.tree, heading, spots)
    if near is None or is_dateline(page, near.text) or (is_home(page) and own_heading(near) is not None):
        return None
    title = words(heading)
    around = moments.with_times(heading, near)
    rows = _rows(near, spots)
    if len(rows) > 1 and _are_events(rows, title):
        return None
    if len(rows) > 1:
        when = tuple(o for s, row in rows if (o := _performance(page, s, row, title)))
    else:
        when = tuple(o for o in (moments.when_of(near.text, around, page.url),) if o)
    if not when:
        return None
    facts = blocks.facts(page, around, title, near.text)
    if len(rows) > 1:
        facts |= {"status": None, "place": None}  # each performance has its own
    return make_event(
        page,
        source,
        METHOD,
        title,
        occurrences=moments.fullest(when),
        url=absolute(page.url, attr(page.tree, "link[rel=canonical]", "href")) or page.url,
        image=absolute(page.url, attr(page.tree, "meta[property='og:image']", "content"))
        or image(page.url, around),
        description=attr(page.tree, "meta[property='og:description'], meta[name=description]", "content"),
        subtitle=text_of(heading.getparent(), "h1 + h2, .subtitle")
        if heading.getparent() is not None
        else None,
        **facts,
    )


def _main_heading(tree: HtmlElement) -> tuple[HtmlElement | None, bool]:
    """What names the page's one event: its first heading, or the one below where that says `Speellijst`."""
    named = [h for h in find(tree, "h1, h2.name, h2.title, h2[itemprop=name]") if is_name(words(h))]
    if named and _TOUR.match(words(named[0])):
        return next((h for h in find(tree, "h2") if is_name(words(h))), None), True
    return (named[0] if named else None), False


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
            return [(alike[row], row) for row in parent if row in alike]
        node = parent
    return [(near, near.node)]


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
    return any(_flat(title) in _flat(name) for name in named if name)


def _flat(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _nearest(tree: HtmlElement, heading: HtmlElement, spots: list[Spot]) -> Spot | None:
    """The lone date nearest to the heading, counted in elements; one before it counts as farther away."""
    if not spots:
        return None
    place = {node: index for index, node in enumerate(tree.iter())}
    here = place[heading]
    clear = [
        s
        for s in spots
        if leftover(s.text) <= 25 and heading not in s.node.iterancestors() and s.node is not heading
    ]
    ranked = sorted(
        clear, key=lambda s: (abs(place[s.node] - here) * (1 if place[s.node] > here else 3), place[s.node])
    )
    if not ranked or abs(place[ranked[0].node] - here) > _FAR:
        return None
    same = [s for s in ranked if days_in(s.text) == days_in(ranked[0].text)]
    return max(same, key=lambda s: (holds_year(s.text), holds_time(s.text), len(s.text)))
