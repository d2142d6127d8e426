"""Days of which the month stands above them: `Oktober 2026`, then `za 17`, `do 22`; month calendars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from crawlers.extract.outline import outline_of
from crawlers.platforms.dateish import MONTHS, WEEKDAYS, days_in, holds_date, spell_month, year_in
from crawlers.platforms.dom import clean, is_silent

_MONTH = re.compile(rf"^({MONTHS})\.?(?:\s+((?:19|20)\d\d))?$", re.I)
_MONTH_WORD = re.compile(rf"\s*{MONTHS}\.?(?:\s+(?:19|20)\d\d)?\s*$", re.I)
_DAY = re.compile(
    rf"^(?:(?:{WEEKDAYS})\.?,?\s+)?(?:[1-9]|0[1-9]|[12]\d|3[01])(?:e|de|ste|\.)?(?:\s+(?:{WEEKDAYS})\.?)?$",
    re.I,
)
_LONGEST = 24  # characters of a heading that is a month
_YEAR = re.compile(r"20\d\d")
_HEADS = ("h1", "h2", "h3", "h4", "h5", "h6", "th", "caption")
_NEAR = 3  # levels between the heading of a year and the part of the page that it heads
_PIECES = 2  # a weekday at most between a day and its month
_WHOLE = 27  # days of the shortest month that is printed whole, one less
_FEWEST = 2  # days under month headings; a single number is anything


def days_under_months(tree: HtmlElement, said: dict[HtmlElement, str | None]) -> dict[HtmlElement, str]:
    """Elements that print only a day, with that day and the month of the heading above them.

    Months side by side with no day between them are buttons to choose one: what follows is under none.
    """
    found: dict[HtmlElement, str] = {}
    runs: list[list[HtmlElement]] = []  # the days under each month
    if not any(
        len(text) <= _LONGEST * 2 and _MONTH_WORD.match(text) for _, text, _ in outline_of(tree).texts
    ):
        return found
    month, heading, fresh, day = "", None, False, None
    for node, text in _leaves(tree, said):
        if told := _MONTH.match(text):
            if day is not None and _completes(node, day):
                continue
            tabs = fresh and heading is not None and _beside(node, heading)
            month = "" if tabs else f"{told[1]} {told[2] or ''}".strip()
            heading, fresh = node, True
            runs.append([])
        elif month and _DAY.match(text):
            found[node] = clean(f"{text.rstrip('.')} {month}")
            runs[-1].append(node)
            fresh = False
        day = node if _DAY.match(text) else None
    for run in runs:
        found.update(_of_other_months(run, found))
    return found if len(found) >= _FEWEST else {}


def years_above(tree: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """Headings that print no more than a year, with it, in order."""
    return [
        (node, text.strip())
        for node, text, behind in outline_of(tree).texts
        if not behind
        and _YEAR.fullmatch(text.strip())
        and (node.tag in _HEADS or node.getparent().tag in _HEADS)
    ]


def year_for(spot: HtmlElement, years: list[tuple[HtmlElement, str]]) -> str:
    """The year of the last heading before an element, where both stand in one part of the page."""
    if not years:
        return ""
    place = outline_of(spot).place
    over = [(node, year) for node, year in years if place[node] < place[spot]]
    if not over:
        return ""
    node, year = over[-1]
    near = set(islice(node.iterancestors(), _NEAR))
    return year if any(around in near for around in spot.iterancestors()) else ""


def _of_other_months(run: list[HtmlElement], found: dict[HtmlElement, str]) -> dict[HtmlElement, str]:
    """The days before and behind a month that is printed whole, as on a wall calendar."""
    numbers = [int(n[0]) if (n := re.search(r"\d+", found[node])) else 0 for node in run]
    if len(run) < _WHOLE or 1 not in numbers:
        return {}
    first = numbers.index(1)
    last = next((i for i in range(first + 1, len(run)) if numbers[i] < numbers[i - 1]), len(run))
    if last - first < _WHOLE:
        return {}
    before = {node: _moved(found[node], -1) for node in run[:first]}
    return before | {node: _moved(found[node], 1) for node in run[last:]}


def _moved(text: str, step: int) -> str:
    """A day of the next month, or of the one before: `30 december 2026` as `30 jan 2027`."""
    (day, month), year = next(iter(days_in(text))), year_in(text)
    turned, number = divmod(month - 1 + step, 12)
    return clean(f"{day} {spell_month(number + 1)} {year + turned if year else ''}")


def _leaves(tree: HtmlElement, said: dict[HtmlElement, str | None]) -> Iterator[tuple[HtmlElement, str]]:
    """The outermost elements that print nothing but a month, or a day, in document order."""
    for node in outline_of(tree).nodes:
        if is_silent(node) or node.tag in ("html", "body"):
            continue
        text = said[node]
        if not text or len(text) > _LONGEST or not (_DAY.match(text) or _MONTH.match(text)):
            continue
        parent = node.getparent()
        if parent is None or (around := said[parent] or "") == text:
            continue
        if not holds_date(around):  # else the month stands beside the day
            yield node, text


def _completes(month: HtmlElement, day: HtmlElement) -> bool:
    """Whether a month belongs to the day right before it, and is no heading of days to come."""
    heads = month.tag in _HEADS and day.tag not in _HEADS
    return not heads and month in islice(day.itersiblings(), _PIECES)


def _beside(node: HtmlElement, other: HtmlElement) -> bool:
    """Whether two elements stand in one row: same parent, or parents that do."""
    mine, its = node.getparent(), other.getparent()
    if mine is None or its is None:
        return False
    return mine is its or (mine.tag == its.tag and mine.getparent() is its.getparent() and len(its) == 1)
