"""Does a text hold a date or a time? A cheap look at its words; what they mean is read elsewhere.

Dutch, German and English weekday and month names, and digits. Nothing here makes a date: the
words go on as printed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import unquote

from crawlers.extract.remember import remembered

MONTHS = (
    r"(?:jan(?:uari|uar|uary)?|jän(?:ner)?|feb(?:r(?:uari|uar|uary)?)?|mrt|mrz|maart|maa|mar|march|märz?|apr(?:il)?"
    r"|mei|mai|may|jun[iey]?|juin|jul[iy]?|aug(?:ust(?:us)?)?|sept?(?:ember)?|o[ck]t(?:ober)?"
    r"|nov(?:ember)?|de[cz](?:ember)?)"
)
WEEKDAYS = (
    r"(?:ma(?:andag)?|di(?:nsdag)?|wo(?:ensdag)?|do(?:nderdag)?|vr(?:ijdag)?|za(?:terdag)?|zo(?:ndag)?"
    r"|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:e|de|ste|st|nd|rd|th)?"
DATE = re.compile(
    rf"(?<![\w€])(?:{_DAY}\.?(?:\s?(?:of\s)?|-){MONTHS}\b\.?|{MONTHS}\b\.?\s?{_DAY}(?![\d:.]\d)\b(?!\+)"
    rf"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:{_YEAR}|\d\d)(?!\d)"
    rf"|{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?:{WEEKDAYS}|mo|mi|fr|sa|so)\.?,?\s(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])"
    rf"(?:[-/.](?:{_YEAR}|\d\d(?!\d)))?(?!\d)"
    r"|(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?=\s|$)"
    r"|(?:ma|di|wo|do|vr|za|zo)(?:[0-2]\d|3[01])(?:0\d|1[0-2])(?!\d)"
    # with a capital behind another word it is a name: `Lisa Morgen`
    r"|(?:(?-i:vandaag|morgen|vanavond|overmorgen|today|tomorrow|tonight|heute)"
    r"|(?<![^\W\d_]\s)(?:vandaag|morgen|vanavond|overmorgen|today|tomorrow|tonight|heute))(?!\w))",
    re.I,
)
TIME = re.compile(
    r"(?<![\d€.,:/])(?<!€ )(?:(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)?\s?(?:[ap]\.?m\b\.?)"  # before the bare 8:00
    r"|(?:[01]?\d|2[0-4])(?::[0-5]\d|\.(?:00|1[3-9]|[2-5]\d))(?!\d|[.:/]\d)"  # `20.30.` ends a sentence
    r"|(?:[01]?\d|2[0-4])\.[0-5]\d(?![\d.:/])"
    r"|(?:[01]?\d|2[0-4])\s?(?:uur|[uh][0-5]\d(?!\w)|u\b|Uhr|h\b))",  # `19u30`, as Belgium writes it
    re.I,
)
_DIGIT = re.compile(r"\d")
_LETTER_DIGIT = re.compile(r"[a-zA-Z]\d|\d[a-zA-Z]")
_WORDS = ("vandaag", "morgen", "vanavond", "today", "tomorrow", "tonight", "heute")
_HOLDS_YEAR = re.compile(rf"(?<!\d){_YEAR}(?!\d)|(?<=\s)['’]\d\d\b")
_URL_DATE = re.compile(
    rf"(?<!\d)(?:(?P<d>\d\d)-(?P<m>\d\d)-(?P<y>{_YEAR})|(?P<y2>{_YEAR})[-/](?P<m2>\d\d)[-/](?P<d2>\d\d))"
    r"(?:[-T](?P<h>[01]\d|2[0-3])[-:]?(?P<i>[0-5]\d))?(?!\d)"
)
_STAMP = re.compile(
    rf"^\s*{_YEAR}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])"
    r"(?:[T ]\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?\s*(?:Z|[+-]\d\d:?\d\d)?)?\s*$"
)
_RUN = re.compile(r"\d\s?(?:t/m|tot|bis|to|en|und|and|&|[-–])\s?\d", re.I)  # `9 t/m 12 okt`
_COMMON_YEAR = 2027  # any that is no leap year
_NUMBER_OF = {
    name: number
    for number, names in enumerate(
        (
            "jan", "feb", "mrt mrz maa mar mär", "apr", "mei mai may", "jun", "jul", "aug", "sep",
            "okt oct", "nov", "dec dez",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_SLASHED = re.compile(
    r"(?<![\d:.])((?:[01]?\d|2[0-3])[:.][0-5]\d)\s?/\s?((?:2[2-4]|0?[0-5])[:.][0-5]\d)(?![\d:.])"
)
_DOTTED = re.compile(
    rf"\b({WEEKDAYS})\.?,?\s(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])(?![\d.:]|\s?(?:uur|u\b))", re.I
)
_JOINED = re.compile(rf"\b({MONTHS})(\d)", re.I)
_STACKED = re.compile(rf"(?<!\w)({WEEKDAYS}|)\.?(\d\d?)({MONTHS})(?![^\W\d])", re.I)
_DAY_MONTH = re.compile(rf"(?<!\d)(\d\d?)\.?(?:\s?(?:of\s)?|-)({MONTHS})\b", re.I)
_MONTH_DAY = re.compile(rf"\b({MONTHS})\b\.?\s?(\d\d?)(?!\d)", re.I)
_NUMERIC = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])([-/.])(0?[1-9]|1[0-2])(?!\d)")


@remembered
def part_digits(text: str) -> str:
    """The text with blanks between day and month that a style sheet sets apart (`NOV7`, `vr30okt`)."""
    if not _LETTER_DIGIT.search(text):
        return text
    return _JOINED.sub(r"\1 \2", _STACKED.sub(r"\1 \2 \3", text))


def may_hold_date(text: str) -> bool:
    """Whether a digit or a word such as `morgen` is there: without, no date is. Very much cheaper."""
    return _DIGIT.search(text) is not None or any(word in text.lower() for word in _WORDS)


@remembered
def holds_date(text: str) -> bool:
    """Whether a day with a month, a numeric date or a word such as `morgen` stands in the text."""
    return may_hold_date(text) and DATE.search(text) is not None


@remembered
def holds_time(text: str) -> bool:
    """Whether a clock time stands in the text (20:30, 20.30, 20 uur, 8pm)."""
    return _DIGIT.search(text) is not None and TIME.search(text) is not None


def holds_year(text: str) -> bool:
    """Whether a year (2026, '26) stands in the text."""
    return _HOLDS_YEAR.search(text) is not None


def year_in(text: str) -> int | None:
    """The last year printed in full, or None."""
    years = re.findall(rf"(?<!\d){_YEAR}(?!\d)", text)
    return int(years[-1]) if years else None


def is_stamp(text: str) -> bool:
    """Whether the whole text is an ISO 8601 date or moment that a machine wrote."""
    return _STAMP.match(text) is not None


def days_in(text: str) -> set[tuple[int, int]]:
    """The (day, month) pairs printed in the text; numeric ones only where no month has its name."""
    named = {(int(d), _month(m)) for d, m in _DAY_MONTH.findall(text)}
    named |= {(int(d), _month(m)) for m, d in _MONTH_DAY.findall(_DAY_MONTH.sub(" ", text))}
    return named or {(int(d), int(m)) for d, _, m in _NUMERIC.findall(text)}


def date_in_url(url: str) -> tuple[str, str | None] | None:
    """The date that an address holds, as (`YYYY-MM-DD`, `HH:MM` or None); None without a date."""
    found = list(_URL_DATE.finditer(unquote(url)))
    if not found:
        return None
    parts = found[-1].groupdict()
    year, month, day = (parts[k] or parts[k + "2"] for k in "ymd")
    if not ("01" <= month <= "12" and "01" <= day <= "31"):
        return None
    clock = f"{parts['h']}:{parts['i']}" if parts["h"] else None
    return f"{year}-{month}-{day}", clock


def with_year(text: str, url: str | None) -> str:
    """The text with the year that the address gives, when the address names the very day printed.

    Unchanged when the text has a year, prints more than one day, or prints another day than the
    address: an address may be older than the date.
    """
    found = date_in_url(url) if url and not holds_year(text) else None
    if found is None:
        return text
    year, month, day = found[0].split("-")
    return put_year(text, year) if days_in(text) == {(int(day), int(month))} else text


def put_year(text: str, year: str) -> str:
    """The text with a year behind the first day that it prints."""
    for pattern in (_DAY_MONTH, _MONTH_DAY, _NUMERIC):
        if printed := pattern.search(text):
            gap = printed[2] if pattern is _NUMERIC else " "
            return f"{text[: printed.end()]}{gap}{year}{text[printed.end() :]}"
    return text


def next_day(text: str) -> str:
    """The day after the one that a text prints: `30 januari` of `vr 29 januari`; the text where unsure."""
    days, year = days_in(text), year_in(text)
    if len(days) != 1 or _RUN.search(text):
        return text
    day, month = days.pop()
    try:
        then = date(year or _COMMON_YEAR, month, day) + timedelta(days=1)
    except ValueError:
        return text
    if year is None and month == 2 and then.month == 3:
        return text  # whose year nobody says
    return f"{then.day} {spell_month(then.month)} {then.year if year else ''}".strip()


def spell_ends(text: str) -> str:
    """The text with `20:30 / 23:00` as `20:30 - 23:00`: what is at night after a slash is an end.

    Two performances on one day (`14:00 / 16:00`) stay as printed: none begins at ten in the evening.
    """
    return _SLASHED.sub(lambda m: f"{m[1]} - {m[2]}", text)


def spell_month(number: int) -> str | None:
    """The name of a month as dates print it; None where there is no such month."""
    return next((name for name, known in _NUMBER_OF.items() if known == number), None)


def spell_day(text: str) -> str:
    """The text with `za 17.10` as `za 17-10`: behind its weekday that is a day, none of the clock."""
    return _DOTTED.sub(r"\1 \2-\3", text)


def _month(name: str) -> int:
    return _NUMBER_OF.get(name.lower().rstrip(".")[:3], 0)
