"""Days set as a block of their own: day, weekday, month and year apart, or `16/10` in a `.date`."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawlers.extract.outline import outline_of
from crawlers.platforms.dateish import MONTHS, WEEKDAYS, holds_date, spell_month
from crawlers.platforms.dom import find, is_silent, words

_LONGEST = 30  # characters of a box that holds no more than a day
_UP = 3  # levels between a day's number and its box
_NUMBERS = re.compile(r"\s*\d\d?\.?(?:\s?[-/.]\s?\d\d?)?\s*$")
_BREAK = re.compile(r"[\s/.,|'’–-]+")
_NAME = re.compile(rf"{MONTHS}$", re.I)
_WEEKDAY = re.compile(rf"(?:{WEEKDAYS}|mo|mi|fr|sa|so)\.?$", re.I)
_YEAR = re.compile(r"20\d\d$")
_DAY_CLASS = re.compile(r"(?:^|[\s_-])(?:day|dag|tag|daynumber|number)(?:$|[\s_-])", re.I)
_MONTH_CLASS = re.compile(r"(?:^|[\s_-])(?:months?|maand|monat|mth|mm)(?:$|[\s_-])", re.I)
_DATE_CLASS = re.compile(r"(?:^|[\s_-])(?:date|datum|when|wanneer)(?:$|[\s_-])", re.I)
_TIME_CLASS = re.compile(r"(?:^|[\s_-])(?:time|tijd|zeit|price|prijs)(?:$|[\s_-])", re.I)


def days_in_boxes(tree: HtmlElement, said: dict[HtmlElement, str | None]) -> dict[HtmlElement, str]:
    """Elements that print a day in pieces, with the day as a line (`16 oktober 2026`).

    A month that is a number counts only where class names say that it is a month, or that the two numbers
    are a date.
    """
    found: dict[HtmlElement, str] = {}
    for node, text, behind in outline_of(tree).texts:
        if behind or not _NUMBERS.match(text) or is_silent(node):
            continue
        if box := _box(node, said):
            found.setdefault(*box)
        elif day := _beside(node, text):
            found.setdefault(node, day)
    return found


def _box(node: HtmlElement, said: dict[HtmlElement, str | None]) -> tuple[HtmlElement, str] | None:
    """The smallest element around a number that prints a whole day in pieces, with that day."""
    box: HtmlElement | None = node
    for _ in range(_UP):
        told = said[box] if box is not None else None
        if box is None or not told or len(told) > _LONGEST or holds_date(told):
            return None
        if day := _day_of(box, told):
            return box, day
        box = box.getparent()
    return None


def _day_of(box: HtmlElement, told: str) -> str | None:
    """The day of a box that holds nothing else; None where a piece is no part of a date."""
    pieces = [p for p in _BREAK.split(told) if p]
    names = [p for p in pieces if _NAME.match(p)]
    years = [p for p in pieces if _YEAR.match(p)]
    numbers = [p for p in pieces if p.isdigit() and len(p) <= 2]
    rest = [p for p in pieces if not _WEEKDAY.match(p) and p not in (*names, *years, *numbers)]
    if rest or len(names) > 1 or len(years) > 1:
        return None
    if len(names) == len(numbers) == 1:
        return _spelled(numbers[0], names[0], years)
    if names or len(numbers) != 2:
        return None
    month = next(
        (w for n in find(box, "[class]") if _MONTH_CLASS.search(n.get("class")) and (w := words(n))), ""
    )
    if month in numbers:
        numbers.remove(month)
        return _spelled(numbers[0], month, years)
    dated = _DATE_CLASS.search(box.get("class") or "") or box.tag == "time"
    if not dated or _TIME_CLASS.search(box.get("class") or ""):
        return None
    return _spelled(numbers[0], numbers[1], years)


def _beside(node: HtmlElement, text: str) -> str | None:
    """The day of an element called `day` with one called `month` behind it, among other things."""
    month = node.getnext()
    if month is None or not isinstance(month.tag, str) or not _DAY_CLASS.search(node.get("class") or ""):
        return None
    if not _MONTH_CLASS.search(month.get("class") or ""):
        return None
    return _spelled(text.strip(" ."), words(month).rstrip("."), [])


def _spelled(day: str, month: str, years: list[str]) -> str | None:
    name = spell_month(int(month)) if month.isdigit() else month if _NAME.match(month) else None
    if name is None or not day.isdigit() or not 1 <= int(day) <= 31:
        return None
    return " ".join((day, name, *years))
