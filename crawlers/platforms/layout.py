"""First form of a learned layout: repeated blocks that each hold a date and a title, and pages of one event.

No selectors, no site rules. What a block prints goes on as words; nothing is made up that it does
not print. Where the page does not show clearly what belongs together, nothing is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import ClassVar

from lxml.html import HtmlElement

from aggregator.model import RawEvent
from aggregator.region import Source
from crawlers.extract.page import Page, Problem, Reading
from crawlers.platforms import blocks, moments
from crawlers.platforms.addresses import read_addresses, read_attributes
from crawlers.platforms.asides import is_end, without_archive
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import holds_year
from crawlers.platforms.days import Item, after_midnight, find_headed, split_days
from crawlers.platforms.featured import is_home, read_featured
from crawlers.platforms.ladder import read_ladder
from crawlers.platforms.lines import is_agenda, read_lines
from crawlers.platforms.links import next_pages
from crawlers.platforms.main import read_main
from crawlers.platforms.make import collect, gather, make_place
from crawlers.platforms.merge import same_title
from crawlers.platforms.news import is_article, is_only_past, is_past, without_past, without_reports
from crawlers.platforms.prose import read_prose
from crawlers.platforms.records import collect_records
from crawlers.platforms.sections import read_sections, with_text
from crawlers.platforms.spots import Spot, find_spots
from crawlers.platforms.sure import is_no_agenda, without_doubt
from crawlers.platforms.titles import has_lead, leftover

_CLOSED = re.compile(
    r"(?:^|[:–-]\s*)(?:gesloten|closed|geschlossen)\s*$"
    r"|\b(?:openingstijden|öffnungszeiten|opening (?:hours|times))\b",
    re.I,
)
_UNTIL = re.compile(r"\s*(?:t/m|tot|tot en met|until|till|to|bis|[-–—])\s*$", re.I)
_WORD = 5  # letters beside a date that are words of its own
_SENTENCE = 25  # letters beside a date that is no line of its own
_MOST_BYTES = 3_000_000  # of HTML; a list this long has pages


class Layout(Platform):
    """Any HTML page that prints dates."""

    name: ClassVar[str] = "layout"

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """The page's one event, when it is such a page; else the events of its repeated blocks."""
        if len(page.body) > _MOST_BYTES:
            return Reading(problems=(Problem("too-large", f"{len(page.body)} bytes of HTML"),))
        if is_no_agenda(page):
            return Reading(problems=(Problem("no-agenda", "a page that announces nothing, by its name"),))
        every = find_spots(page.tree)
        spots = without_archive(page.tree, every)
        if every and not spots:
            return Reading(
                problems=(Problem("only-past", f"{len(every)} days of what has been, or of hours"),)
            )
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
        main = None if is_article(page) or programme else read_main(page, source, lone, spots)
        if main is not None and _CLOSED.search(main.title):
            return Reading(problems=(Problem("closed", main.title),))
        if main is not None:
            return Reading((main,))
        plain, items = split_days(without_past(page, records))
        told = [*_events(page, source, plain), *_day_events(page, source, [*items, *headed])]
        if told or is_home(page) or is_agenda(page):
            told += read_featured(page, source, lone, alone=not told)
        kept = without_reports(page, told)
        if told and not kept:
            return Reading(problems=(Problem("only-past", f"{len(told)} reports of what has been"),))
        events = gather_days(without_doubt(page, kept))
        if all(record.tag == "p" for record in records):  # paragraphs: what they tell of stands above them
            events = read_sections(page, source, spots) or events
        events = events or read_sections(page, source, lone) or read_lines(page, source)
        events = events or _unmarked(page, source, spots) or read_prose(page, source)
        events = tuple(without_doubt(page, events))
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
        days = _days_of(_plain(spots, page.seen.date()))
        event = blocks.read_block(page, source, with_text(record), days, {s.node for s in spots})
        if event is not None:
            yield event


def _plain(spots: list[Spot], today: date) -> list[Spot]:
    """The days of a record that stand alone; all where none of them is to come, as on a card of news."""
    alone = [s for s in spots if leftover(s.text) <= _SENTENCE and not _tells_of_past(s, today)]
    return alone if any(not is_past(s.text, today) for s in alone) else spots


def _tells_of_past(spot: Spot, today: date) -> bool:
    """Whether words tell of a day, printed with its year, that is over."""
    return leftover(spot.text) > _WORD and holds_year(spot.text) and is_past(spot.text, today)


def _days_of(spots: list[Spot]) -> list[str]:
    """The days that a record prints; a start and what is labelled as its end are one."""
    days: list[str] = []
    before: Spot | None = None
    for spot in spots:
        if days and (is_end(spot.node, spot.text) or _goes_on(before, spot)):
            days[-1] = f"{days[-1]} - {spot.text}"
        else:
            days.append(spot.text)
        before = spot
    return days


def _goes_on(spot: Spot | None, other: Spot) -> bool:
    """Whether only `t/m` or a dash stands between two days."""
    return (
        spot is not None
        and spot.node.getnext() is other.node
        and _UNTIL.match(spot.node.tail or "") is not None
    )


def _day_events(page: Page, source: Source | None, items: list[Item]) -> Iterator[RawEvent]:
    for item, day, stage in after_midnight(items):
        event = blocks.read_block(page, source, item, [day])
        if event is not None:
            yield replace(event, place=event.place or make_place(name=stage))


def gather_days(events: list[RawEvent]) -> tuple[RawEvent, ...]:
    """Events once each: a block repeated in a carousel adds nothing; another day of one address does."""
    shared = _shared(events)
    events = [replace(e, url=None) if e.url in shared else e for e in events]
    often = Counter(e.url for e in events)
    told = gather(_with_states(e) if often[e.url] > 1 else e for e in events if e.url)
    kept = (replace(e, occurrences=moments.fullest(e.occurrences)) for e in told)
    return collect([*kept, *(e for e in events if not e.url)])


def _shared(events: list[RawEvent]) -> set[str]:
    """Addresses to which events of quite different names lead: a profile or a shop, the page of none."""
    named: dict[str, list[str]] = {}
    for event in events:
        if event.url and not any(same_title(event.title, name) for name in named.get(event.url, ())):
            named.setdefault(event.url, []).append(event.title)
    return {url for url, names in named.items() if len(names) > 1}


def _with_states(event: RawEvent) -> RawEvent:
    """An event of which each moment says itself that it is sold out: another day of its page may not be."""
    when = tuple(replace(o, status=o.status or event.status) for o in event.occurrences)
    return replace(event, status=None, occurrences=when)
