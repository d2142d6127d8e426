"""A page's layout as selectors: what the layout reader found in each block, said as CSS.

Nothing is kept that does not read the page as well as the layout reader did: the selectors are tried
on the page with the `html` platform, and the share of events that come out alike is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from aggregator.model import RawEvent, Tier
from aggregator.region import Selectors, Source
from crawlers.discover.paths import Value, block_path, field_path
from crawlers.extract.page import Page
from crawlers.platforms.css import Html
from crawlers.platforms.dateish import days_in, holds_date, holds_time
from crawlers.platforms.dom import absolute, clean, find, is_silent, pick, words
from crawlers.platforms.layout import find_records
from crawlers.platforms.make import plain
from crawlers.platforms.moments import clock_times
from crawlers.platforms.titles import leftover

ENOUGH = 0.9  # of the layout's events must come out alike
LEAST = 3  # blocks; fewer are no repetition
_SAMPLE = 60  # blocks that selectors are learned from; all are used to check them
_LONGEST = 140  # characters of a printed moment or price
_SPARE = 12  # letters beside a date that are no part of it
_LINKS = ("href", "src", "data-src", "data-lazy-src")


@dataclass(frozen=True)
class Learned:
    """Selectors with how well they read: `share` of the `events` that the layout reader found.

    `lacking` are fields that the layout reader found and that no selector could be learned for.
    """

    selectors: Selectors
    share: float
    events: int
    lacking: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """The words that go with the selectors into the source's file."""
        alike = round(self.share * self.events)
        less = f"; not learned: {', '.join(self.lacking)}" if self.lacking else ""
        return f"layout learned from {self.events} blocks, {alike} read alike ({self.share:.0%}){less}"


def learn_layout(page: Page) -> Learned | None:
    """Selectors for the page's repeated blocks; None when there are none or they read it less well."""
    told = list(find_records(page))
    if len(told) < LEAST:
        return None
    found = block_path(page.tree, [record for record, _ in told])
    if found is None:
        return None
    block, nodes = found
    inside = set(nodes)
    rows = [(record, event) for record, event in told if record in inside]
    selectors, lacking = _learn(page, block, rows[:_SAMPLE])
    if selectors is None:
        return None
    share = check_selectors(page, selectors, [event for _, event in told])
    return Learned(selectors, share, len(told), lacking) if share >= ENOUGH else None


def check_selectors(page: Page, selectors: Selectors, wanted: Sequence[RawEvent]) -> float:
    """The share of events that the selectors read alike: title, address, days, clock times, place."""
    read = Html().read(page, as_source(page, selectors=selectors)).events
    rest = {_gist(event) for event in read}
    alike = sum(_gist(event) in rest for event in wanted)
    return alike / max(len(wanted), len({(_gist(e)[:2]) for e in read}), 1)


def as_source(page: Page, selectors: Selectors | None = None) -> Source:
    """A source that begins at the page, to try a reading with."""
    return Source(
        id="tried",
        name="Tried",
        municipality="region",
        start_urls=(page.url,),
        tier=Tier.VENUE,
        platform="html" if selectors else "auto",
        selectors=selectors,
    )


@dataclass(frozen=True)
class Lesson:
    """How one field is learned: what the layout read, which elements print it, when two are the same."""

    wanted: Callable[[RawEvent], Value]
    accept: Callable[[str, str], bool] = lambda said, wanted: plain(said) == wanted
    same: Callable[[Value, Value], bool] = lambda told, wanted: plain(told) == wanted
    attribute: str = ""
    least: float = ENOUGH


def _learn(
    page: Page, block: str, rows: list[tuple[HtmlElement, RawEvent]]
) -> tuple[Selectors | None, tuple[str, ...]]:
    """Selectors of a block's fields, and the fields that were seen but not learned."""
    kept: dict[str, str] = {}
    lacking: list[str] = []
    for name, lessons in _LESSONS.items():
        asked = [lesson for lesson in lessons if any(lesson.wanted(e) is not None for _, e in rows)]
        taught = [path for lesson in asked if (path := _teach(page, lesson, rows))]
        if taught:
            kept[name] = taught[0]
        elif asked:
            lacking.append(name)
    if "when" not in kept:
        kept.update(_moment(page, rows))
    if "title" not in kept or not kept.keys() & {"when", "start"}:
        return None, ()
    known = (kept.keys() & {"start"} and {"when"}) or set()
    return Selectors(block=block, **kept), tuple(n for n in lacking if n not in known | kept.keys())


def _moment(page: Page, rows: list[tuple[HtmlElement, RawEvent]]) -> dict[str, str]:
    """Selectors of a day and a clock time in elements of their own; else of a line with other words in it."""
    day, clock = (_teach(page, lesson, rows) for lesson in (_DAY, _CLOCK))
    if day and (clock or not any(_clocks(event) for _, event in rows)):
        return {"when": day, "time": clock} if clock else {"when": day}
    told = _teach(page, _WORDY, rows) or day
    return {"when": told} if told else {}


def _teach(page: Page, lesson: Lesson, rows: list[tuple[HtmlElement, RawEvent]]) -> str | None:
    """The selector of one field, when there is one that is right often enough."""
    suffix = f"::attr({lesson.attribute})" if lesson.attribute else ""

    def tell(block: HtmlElement, path: str) -> Value:
        said = pick(block, path + suffix)
        return absolute(page.url, said) if lesson.attribute in _LINKS else said

    def nodes(block: HtmlElement, value: str) -> Iterator[HtmlElement]:
        if not lesson.attribute:
            inner = reversed(list(block.iter()))  # the smallest first: they win where others say the same
            yield from (n for n in inner if not is_silent(n) and lesson.accept(words(n), value))
            return
        for node in find(block, f"[{lesson.attribute}]"):
            said = node.get(lesson.attribute)
            if (absolute(page.url, said) if lesson.attribute in _LINKS else clean(said)) == value:
                yield node

    wanted = [(record, lesson.wanted(event)) for record, event in rows]
    found = field_path(wanted, nodes, tell, lesson.same)
    return found[0] + suffix if found and found[1] >= lesson.least else None


def _gist(event: RawEvent) -> tuple[object, ...]:
    """What must come out alike: title, address, days, clock times."""
    said = _said(event)
    return _flat(event.title), event.url, frozenset(_days(said)), clock_times(said)


def _flat(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _said(event: RawEvent) -> str:
    """The words of all moments, with the clock time of a stamp where the words have none."""
    return " ".join(_told(o.text, o.start) for o in event.occurrences)


def _told(text: str | None, start: str | None) -> str:
    if not text or not start:
        return text or start or ""
    return text if holds_time(text) or len(start) <= 10 else f"{text} {start[11:16]}"


def _days(said: str) -> set[tuple[int, int]]:
    stamps = re.findall(r"(?<!\d)\d{4}-(\d\d)-(\d\d)(?!\d)", said)
    return {(int(day), int(month)) for month, day in stamps} or days_in(said)


def _is_when(spare: int) -> Callable[[str, str], bool]:
    """Whether words print the wanted days and clock times, with at most so many other letters."""

    def accept(said: str, wanted: str) -> bool:
        return (
            len(said) <= _LONGEST
            and leftover(said) <= spare
            and _days(said) == _days(wanted)
            and clock_times(said) == clock_times(wanted)
        )

    return accept


def _is_day(said: str, wanted: str) -> bool:
    return len(said) <= _LONGEST and leftover(said) <= _SPARE and _days(said) == _days(wanted)


def _is_clock(said: str, wanted: str) -> bool:
    if len(said) > _LONGEST or holds_date(said) or not holds_time(said):
        return False
    return clock_times(said) == clock_times(wanted)


def _amounts(text: str) -> set[str]:
    found = re.findall(r"\d+(?:[.,]\d\d)?|gratis|vrij|free", text.lower())
    return {a.replace(",", ".").removesuffix(".00") for a in found}


def _is_price(said: str, wanted: str) -> bool:
    return len(said) <= _LONGEST and _amounts(said) == _amounts(wanted)


def _none(compare: Callable[[str, str], bool]) -> Callable[[Value, Value], bool]:
    """The comparison for values that may be lacking: nothing is the same as nothing."""

    def same(told: Value, wanted: Value) -> bool:
        return told is None if wanted is None else told is not None and compare(told, wanted)

    return same


def _price(event: RawEvent) -> Value:
    return event.offers[0].text if event.offers else None


def _place(event: RawEvent) -> Value:
    """A place as it was printed: its parts in the order in which pages print them."""
    where = event.place
    parts = () if where is None else (where.name, where.address, where.postcode, where.place)
    return ", ".join(part for part in parts if part) or None


def _is_place(said: str, wanted: str) -> bool:
    return _flat(said) == _flat(wanted)


def _start(event: RawEvent) -> Value:
    return event.occurrences[0].start if len(event.occurrences) == 1 else None


def _clocks(event: RawEvent) -> Value:
    said = _said(event)
    return said if clock_times(said) else None


def _picture(attribute: str) -> Lesson:
    return Lesson(lambda e: e.image, attribute=attribute)


_WHEN, _WORDY = (
    Lesson(_said, _is_when(spare), _none(_is_when(spare))) for spare in (_SPARE, 40)
)  # a line of the date alone; a line that also names the hall
_DAY = Lesson(_said, _is_day, _none(_is_day))
_CLOCK = Lesson(_clocks, _is_clock, _none(_is_clock))
_LESSONS: dict[str, tuple[Lesson, ...]] = {
    "title": (Lesson(lambda e: e.title),),
    "url": (Lesson(lambda e: e.url, attribute="href"),),
    "start": (Lesson(_start, attribute="datetime"), Lesson(_start, attribute="content")),
    "when": (_WHEN,),
    "subtitle": (Lesson(lambda e: e.subtitle),),
    "place": (Lesson(_place, _is_place, _none(_is_place)),),
    "price": (Lesson(_price, _is_price, _none(_is_price)),),
    "status": (
        Lesson(
            lambda e: e.status,
            lambda said, wanted: wanted in said and len(said) <= 60,
            _none(lambda told, wanted: wanted in told),
        ),
    ),
    "image": tuple(_picture(name) for name in ("data-src", "data-lazy-src", "src")),
}
