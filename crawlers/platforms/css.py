"""HTML lists that a source describes with CSS selectors."""

from __future__ import annotations

from typing import ClassVar

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence, RawPlace
from aggregator.region import Selectors, Source
from crawlers.extract.page import Page, Problem, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import with_year
from crawlers.platforms.dom import absolute, clean, find, link, pick
from crawlers.platforms.empty import changed, says_nothing_on
from crawlers.platforms.links import follow_links, next_pages
from crawlers.platforms.make import collect, make_event, make_offers, make_place, zone_of
from crawlers.platforms.where import split_place

_FEWEST = 0.5  # of the blocks must be events; selectors are kept that read nine of ten


class Html(Platform):
    """One event a block, each field by its selector; a page without a block is read as a lone event.

    A start page without a block is no event's page: it says that its list is empty, or its markup has
    changed (problem `page-changed`), as it has where most of its blocks give no event.
    """

    name: ClassVar[str] = "html"

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Events of the blocks; those whose own page must be read stand in `follow` instead."""
        from crawlers.platforms.auto import read_any  # auto knows every platform, this one among them

        selectors = source.selectors if source else None
        if source is None or selectors is None:
            return read_any(page, source)
        blocks = find(page.tree, selectors.block)
        if not blocks and page.url in source.start_urls:
            empty = says_nothing_on(page.tree)
            return Reading(problems=() if empty else (changed(page, f"nothing matches {selectors.block!r}"),))
        if not blocks:
            return read_any(page, source)
        events: list[RawEvent] = []
        problems: list[Problem] = []
        for block in blocks:
            event = _event(page, source, selectors, block)
            if event is None:
                problems.append(Problem("no-title-or-date", clean(block.text_content())[:80]))
            else:
                events.append(event)
        if len(events) < _FEWEST * len(blocks):
            few = f"only {len(events)} of {len(blocks)} blocks have title and date"
            problems.insert(0, changed(page, few))
        followed = follow_links(page, source.follow) if source.follow else ()
        kept = collect(e for e in events if e.url not in followed)
        return Reading(kept, next_pages(page, source, len(blocks)), followed, tuple(problems))


def _event(page: Page, source: Source, s: Selectors, block: HtmlElement) -> RawEvent | None:
    title = pick(block, s.title)
    url = absolute(page.url, pick(block, s.url)) if s.url else link(page.url, block)
    start, words = pick(block, s.start), clean(f"{pick(block, s.when) or ''} {pick(block, s.time) or ''}")
    if not title or not (start or words):
        return None
    if words and not start:
        words = with_year(words, url)
    when = RawOccurrence(start=start, end=pick(block, s.end), text=words or None, zone=zone_of(source))
    return make_event(
        page,
        source,
        f"platform:{Html.name}",
        title,
        occurrences=(when,),
        source_key=pick(block, s.key),
        subtitle=pick(block, s.subtitle),
        url=url,
        status=pick(block, s.status),
        place=_place(s, block),
        offers=make_offers(pick(block, s.price)),
        description=pick(block, s.description),
        image=absolute(page.url, pick(block, s.image)),
        categories=tuple(c for c in (pick(block, s.category),) if c),
    )


def _place(s: Selectors, block: HtmlElement) -> RawPlace | None:
    """Hall and house; one line with house, street and town is taken apart where no selector tells them."""
    said = ", ".join(p for p in (pick(block, s.hall), pick(block, s.place)) if p)
    if s.address or s.town:
        return make_place(name=said, address=pick(block, s.address), place=pick(block, s.town))
    return split_place(said)
