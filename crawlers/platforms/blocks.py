"""What one block of a page says about its event: title, link, moment, place, price, state, picture."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms.dateish import (
    DATE,
    TIME,
    days_in,
    holds_date,
    holds_time,
    holds_year,
    is_stamp,
    spell_day,
    spell_ends,
    with_year,
)
from crawlers.platforms.dom import absolute, clean, find, image, lines, words
from crawlers.platforms.make import make_event, make_offers
from crawlers.platforms.news import is_news_path
from crawlers.platforms.spots import Spot
from crawlers.platforms.titles import headline, is_marked, is_name, leads, titles
from crawlers.platforms.where import read_where

_LABEL = (
    r"(?:zaal|deur(?:en)?|doors?|open(?:ing)?|aanvang|inloop|start(?:tijd)?|begin(?:t|tijd)?|hoofdact|show|music|muziek|from|tijd|tot|van|vanaf"
    r"|einde?|eindtijd|verwachte|einlass|beginn|time|tijden)"
)
_CLOCKS = re.compile(
    rf"(?:\b{_LABEL}\b[\s:.]*){{0,4}}{TIME.pattern}(?:\s?(?:uur|uhr))?(?:\s*(?:-|–|tot|/|to|bis)\s*(?:{TIME.pattern})(?:\s?(?:uur|uhr))?)?",
    re.I,
)
_MONEY = re.compile(
    r"(?:[€£]|\beur\b|\beuro\b)|\b(?:gratis|vrije? (?:entree|toegang|toegankelijk)|(?:toegang|entree) vrij"
    r"|free (?:entry|admission)|eintritt frei|freier eintritt)\b",
    re.I,
)
_ENDS = re.compile(r"(?:^|[\s_-])(?:end|eind|einde|tot|until)(?:$|[\s_-])", re.I)
_AMOUNT = re.compile(r"[€£]\s?\d+(?:[.,]\d\d?)?(?:,-|,–)?|\b\d+(?:[.,]\d\d)?\s?(?:euro?\b|,-)", re.I)
_ASIDE = re.compile(r"garderobe|parke|koffie|drankje|borrel|lid|leden|donat|verzend", re.I)
_STATE = re.compile(
    r"\b(?:uitverkocht|sold ?out|geannuleerd|afgelast|cancel(?:l)?ed|verplaatst(?: naar[^.]{0,40})?"
    r"|uitgesteld|postponed|wachtlijst|laatste (?:kaarten|tickets)|nieuwe datum|vervalt|gaat niet door"
    r"|vol(?:geboekt|zet)|(?<=toegang: )vol(?=$)|ausverkauft|abgesagt|verschoben)\b",
    re.I,
)
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
    naming = next((t for t in (*titles(block), *leads(block)) if t not in dated), None)
    if naming is None:  # the line that names it prints its day as well
        naming = next((t for t in (*titles(block), *leads(block)) if is_name(headline(words(t)))), None)
    title = words(naming) if naming is not None else block.get("title") or ""
    if naming is not None and (any(title == day for day in days) or not is_marked(naming)):
        title = next((name for line in lines(naming) if (name := headline(line))), title)
    url = _link(page, block, naming)
    printed = [day for day in days if holds_date(day)] or days  # a stamp's words may be a time alone
    when = _when(block, [_bare(day, title) for day in printed], url)
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


def when_of(day: str, around: HtmlElement, url: str | None, exclude: str = "") -> RawOccurrence | None:
    """The printed day, with the clock times that the block prints beside it."""
    if not holds_date(day):
        return None
    told = with_year(day, url)
    if not holds_time(told):
        told = clean(f"{told} {_without_day(clocks(around), told)}")
    return RawOccurrence(text=spell_ends(told))


def _without_day(said: str, day: str) -> str:
    """Clock times without what is the very day, printed with a dot: `21.06` of `vr 21-06`."""
    for found in re.finditer(r"\b0?(\d\d?)-0?(\d\d?)\b(?!-)", day):
        said = re.sub(rf"(?<!\d)0?{found[1]}\.0?{found[2]}(?!\d)", "", said)
    return said


def clocks(block: HtmlElement) -> str:
    """The clock times of a block's short lines with the words that say what each is, in order.

    Where some are labelled ("aanvang 20:30") the others count for nothing: they belong to
    something else on the page.
    """
    if pair := _paired(block):
        return pair
    unpriced = (spell_day(_AMOUNT.sub(" ", line)) for line in lines(block))
    near = " ".join(line for line in unpriced if len(line) <= 90 or _labelled(line))
    found = dict.fromkeys(clean(m[0]) for m in _CLOCKS.finditer(near)) if holds_time(near) else {}
    labelled = [clock for clock in found if not clock[0].isdigit()]
    return " ".join((labelled or list(found))[:4])


def _paired(block: HtmlElement) -> str | None:
    """Start and end where a block's only clock times are two `<time>` that say which is which."""
    told = [t for t in find(block, "time") if TIME.fullmatch(words(t))]
    if len(told) != 2 or told[0].getparent() is not told[1].getparent():
        return None
    start, end = told
    between = clean(start.tail) or next(
        (w for n in start.itersiblings() if n is not end and (w := words(n))), ""
    )
    named = _ENDS.search(end.get("class") or "") is not None
    if not (named if not between else between.lower() in ("-", "–", "—", "tot", "to", "bis")):
        return None
    return f"{words(start)} - {words(end)}"


def with_times(heading: HtmlElement, spot: Spot) -> HtmlElement:
    """The smallest element around a title and its date; a little more when that alone prints a time."""
    near = set(heading.iterancestors())
    around = next((a for a in spot.node.iterancestors() if a in near), heading)
    best = around
    for _ in range(3):
        if holds_time(words(best)[:2000]) or best.getparent() is None or best.tag in ("main", "body"):
            break
        best = best.getparent()
    return best if clocks(best) else around


def _labelled(line: str) -> bool:
    return len(line) <= 200 and re.search(rf"\b{_LABEL}\b\W*\d", line, re.I) is not None


def _when(block: HtmlElement, printed: list[str], url: str | None) -> tuple[RawOccurrence, ...]:
    """One occurrence a printed day with its own time; days without a time are one phrase together."""
    told: list[str] = []
    for text in printed:
        rest = [t for t in told if t not in text and not _says_less(t, text)]
        if len(rest) < len(told) or not any(text in t or _says_less(text, t) for t in told):
            told = [*rest, text]
    if not told:
        return ()
    if all(is_stamp(text) for text in told):
        return tuple(RawOccurrence(start=text) for text in told)
    stamped = _stamped(block, told)
    if stamped is not None:
        return (stamped,)
    if len(told) > 1 and all(holds_time(t) for t in told):
        return tuple(RawOccurrence(text=spell_ends(with_year(t, url))) for t in told)
    made = when_of(" ".join(told), block, url)
    return (made,) if made else ()


def fullest(occurrences: tuple[RawOccurrence, ...]) -> tuple[RawOccurrence, ...]:
    """Occurrences without those whose day another one prints with more beside it."""
    kept: list[RawOccurrence] = []
    for one in occurrences:
        said = one.text or ""
        if any(_says_less(said, o.text or "") for o in kept):
            continue
        kept = [o for o in kept if not _says_less(o.text or "", said)]
        kept.append(one)
    return tuple(kept)


def _says_less(text: str, other: str) -> bool:
    """Whether another text prints the same days, and more beside them."""
    if not days_in(text) or days_in(text) != days_in(other):
        return False
    mine, its = clock_times(text), clock_times(other)
    return mine <= its and holds_year(other) >= holds_year(text)


def clock_times(text: str) -> frozenset[str]:
    """The clock times of a text, written as they are."""
    return frozenset(m[0].replace(".", ":") for m in TIME.finditer(DATE.sub(" ", text)))


def _stamped(block: HtmlElement, told: list[str]) -> RawOccurrence | None:
    """`<time datetime>` with the very day that is printed; a time beside it in words or its own element."""
    stamps = [v for t in find(block, "time[datetime]") if is_stamp(v := (t.get("datetime") or "").strip())]
    if len(set(stamps)) != 1:
        return None
    day = stamps[0][:10]
    printed = " ".join(told)
    if not re.match(r"\d{4}-\d\d-\d\d$", day) or days_in(printed) != {(int(day[8:]), int(day[5:7]))}:
        return None
    if len(stamps[0]) > 10:
        return RawOccurrence(start=stamps[0], text=printed)
    clock = {
        c
        for t in find(block, "time[datetime]")
        if re.match(r"^\d\d:\d\d$", c := (t.get("datetime") or "").strip())
    }
    if len(clock) == 1:
        return RawOccurrence(start=f"{day}T{clock.pop()}", text=printed)
    beside = printed if holds_time(printed) else clean(f"{printed} {clocks(block)}")
    if not holds_time(beside):
        return RawOccurrence(start=day, text=printed)
    return RawOccurrence(text=beside if holds_year(beside) else f"{day} {beside}")


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
    return next(iter(calm or [url for url, _ in links]), None)


def _subtitle(block: HtmlElement, title: str) -> str | None:
    text = next(
        (w for n in find(block, "[class*='subtitle'], [class*='subtitel'], .subtitel") if (w := words(n))),
        None,
    )
    return text if text and text != title and len(text) <= 200 and not holds_date(text) else None
