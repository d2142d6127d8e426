"""What one block of a page says about its event: title, link, moment, place, price, state, picture."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from aggregator.model import RawEvent
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms.dateish import DATE, WEEKDAYS, holds_date
from crawlers.platforms.dom import absolute, clean, find, image, lines, words
from crawlers.platforms.make import make_event, make_offers
from crawlers.platforms.moments import moments_of
from crawlers.platforms.news import is_news_path
from crawlers.platforms.titles import headline, is_marked, is_name, leads, titles
from crawlers.platforms.where import is_place_line, read_where

_MONEY = re.compile(
    r"(?:[€£]|\beur\b|\beuro\b)|\b(?:gratis|vrije? (?:entree|toegang|toegankelijk)|(?:toegang|entree) vrij"
    r"|free (?:entry|admission)|eintritt frei|freier eintritt)\b",
    re.I,
)
_MOMENT_FIRST = re.compile(rf"(?:(?:{WEEKDAYS})\.?,?\s\d{{1,2}}\b|(?:[01]?\d|2[0-3])[:.][0-5]\d\b)", re.I)
_ASIDE = re.compile(r"garderobe|parke|koffie|drankje|borrel|lid|leden|donat|verzend", re.I)
_STATE = re.compile(
    r"\b(?:uitverkocht|sold ?out|geannuleerd|afgelast|cancel(?:l)?ed|verplaatst(?: naar[^.]{0,40})?"
    r"|uitgesteld|postponed|wachtlijst|laatste (?:kaarten|tickets)|nieuwe datum|vervalt|gaat niet door"
    r"|vol(?:geboekt|zet)|(?:(?<=toegang: )|(?<=is )|^)vol(?=[.!]?$)|ausverkauft|abgesagt|verschoben)\b",
    re.I,
)
_MOVED = re.compile(
    r"\b(?:(?:verplaatst|verzet|uitgesteld) naar|verschoben auf(?: den)?|(?:moved|postponed|rescheduled) to)"
    rf"\s((?:(?:{WEEKDAYS})\.?,?\s)?{DATE.pattern}(?:\s20\d\d\b)?)",
    re.I,
)
_SUBTITLED = "[class*='subtitle'], [class*='subtitel'], [class*='preTitle'], [class*='pretitle']"
_SHOP = re.compile(
    r"ticket|bestel|order|cart|winkel|reserv|stager|facebook\.com/sharer|twitter|whatsapp|mailto", re.I
)


def read_block(
    page: Page,
    source: Source | None,
    block: HtmlElement,
    days: list[str],
    dated: Collection[HtmlElement] = (),
) -> RawEvent | None:
    """The event of one repeated block; None when it has no title of its own.

    `days` are the printed dates that hold for it, `dated` the elements of the block that print them.
    """
    naming = _naming(block, dated)
    title = words(naming) if naming is not None else block.get("title") or ""
    if naming is not None and (any(title == day for day in days) or not is_marked(naming)):
        told = [name for line in lines(naming) if (name := headline(line))]
        title = next((name for name in told if not is_place_line(name)), told[0] if told else title)
    elif _MOMENT_FIRST.match(title):
        title = headline(title) or title
    title = _without_badge(title, naming)
    url = _link(page, block, naming)
    printed = [day for day in days if holds_date(day)] or days  # a stamp's words may be a time alone
    moved = next((m[1] for line in lines(block) if (m := _MOVED.search(line))), None)
    printed = [moved] if moved else [_bare(day, title) for day in printed]
    when = moments_of(block, printed, url)
    if not is_name(title) or not when or is_news_path(url):
        return None
    return make_event(
        page,
        source,
        "layout",
        title,
        occurrences=when,
        subtitle=_subtitle(block, title),
        url=url,
        image=image(page.url, block),
        **facts(page, block, title, " ".join(days)),
    )


def _naming(block: HtmlElement, dated: Collection[HtmlElement]) -> HtmlElement | None:
    """The element that names a block's event; where all print its day as well, the first that names more."""
    for found in (list(titles(block)), list(leads(block))):
        plain = next((t for t in found if t not in dated), None)
        named = next((t for t in found if is_name(headline(words(t)))), None)
        if plain is not None or named is not None:
            return plain if plain is not None else named
    return None


def _without_badge(title: str, naming: HtmlElement | None) -> str:
    """A title without the `Uitverkocht` that an element of its own sets behind it."""
    for node in naming.iterdescendants() if naming is not None else ():
        said = words(node)
        if said and title.endswith(f" {said}") and _STATE.fullmatch(said):
            return title[: -len(said)].rstrip()
    return title


def _bare(day: str, title: str) -> str:
    """A printed day without the title, which may hold digits; the whole where the title holds the day."""
    rest = clean(day.replace(title, " "))
    return rest if holds_date(rest) or not holds_date(day) else day


def facts(page: Page, block: HtmlElement, title: str, day: str) -> dict[str, Any]:
    """Place, price, state and ticket link as a block prints them."""
    short = [line for line in lines(block) if len(line) <= 80]
    return {
        "place": read_where(block, title, day),
        "offers": make_offers(_price(short)),
        "status": state_of(short),
        "ticket_url": next((u for a in find(block, "a[href]") if (u := _ticket(page, a))), None),
    }


def state_of(short: list[str]) -> str | None:
    """The first word for sold out, cancelled, moved or the like in a block's short lines."""
    return next((m[0] for line in short if (m := _STATE.search(line))), None)


def _price(short: list[str]) -> str:
    """The lines with amounts; without amounts the one that says that it is free."""
    money = [line for line in short if _MONEY.search(line) and not _is_extra(line)]
    amounts = [line for line in money if re.search(r"\d", line)]
    return " ".join(dict.fromkeys(amounts or money[:1]))[:200]


def _is_extra(line: str) -> bool:
    """Whether an amount is for something beside the ticket; members and others each pay for a ticket."""
    return _ASIDE.search(line) is not None and re.search(r"\bniet-?\s?le(?:den|zers)", line, re.I) is None


def _ticket(page: Page, anchor: HtmlElement) -> str | None:
    wanted = re.match(r"koop|bestel|tickets?|reserv|order", words(anchor), re.I)
    return absolute(page.url, anchor.get("href")) if wanted else None


def _link(page: Page, block: HtmlElement, naming: HtmlElement | None) -> str | None:
    """The link of the title, or around it; else the first of the block that sells nothing."""
    around = [naming, *naming.iterancestors(), *find(naming, "a[href]")] if naming is not None else []
    for node in around:
        if node.tag == "a" and (url := absolute(page.url, node.get("href"))):
            return url
        if node is block:
            continue
    links = [(url, words(a)) for a in find(block, "a[href]") if (url := absolute(page.url, a.get("href")))]
    calm = [
        url
        for url, text in links
        if not _SHOP.search(url) and not re.match(r"(?i)koop|bestel|tickets?$", text)
    ]
    host = urlsplit(page.url).netloc
    return next(iter(calm or [url for url, _ in links if urlsplit(url).netloc == host]), None)


def _subtitle(block: HtmlElement, title: str) -> str | None:
    text = next(
        (w for n in find(block, _SUBTITLED) if (w := words(n))),
        None,
    )
    return text if text and text != title and len(text) <= 200 and not holds_date(text) else None
