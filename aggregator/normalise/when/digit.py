"""What every production about digits needs: sizes, days that exist, offsets, years.

>>> valid(29, 2), valid(31, 6)
(True, False)
>>> from datetime import date
>>> two_digit_year(26, date(2026, 11, 23)), two_digit_year(45, date(2026, 11, 23))
(2026, None)
"""

from __future__ import annotations

from datetime import date

from aggregator.normalise.when.token import Token

CURRENCY = frozenset(("€", "$", "£", "eur", "euro", "eu"))
FIRST_YEAR, LAST_YEAR = 1000, 2100


def is_number(token: Token, size: int = 2) -> bool:
    """A run of at most `size` digits."""
    return token.number >= 0 and len(token.text) <= size


def valid(day: int, month: int) -> bool:
    """Whether there is such a day in some year."""
    return 1 <= month <= 12 and 1 <= day <= (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def read_offset(t: list[Token], j: int) -> tuple[int | None, int]:
    """Z, +02:00, +0200, -05, GMT after a time: minutes east of Greenwich and the token after it."""
    if t[j].text == "z" and t[j].gap == 0:
        return 0, j + 1
    if "zone" in t[j].means:
        return int(t[j].means["zone"]), j + 1
    if t[j].text not in ("+", "-") or t[j + 1].gap or t[j].gap == 2:
        return None, j
    hours = t[j + 1]
    sign = 1 if t[j].text == "+" else -1
    if len(hours.text) == 4 and hours.number >= 0:
        return sign * (hours.number // 100 * 60 + hours.number % 100), j + 2
    if len(hours.text) == 2 and hours.number <= 14 and hours.number >= 0:
        if t[j + 2].text == ":" and is_number(t[j + 3]):
            return sign * (hours.number * 60 + t[j + 3].number), j + 4
        if t[j].gap == 0 and t[j + 2].text != ":" and sign > 0:
            return sign * hours.number * 60, j + 2
    return None, j


def two_digit_year(number: int, today: date) -> int | None:
    """A year of two digits without an apostrophe, when it is this one or one of the next few."""
    year = 2000 + number
    return year if today.year - 1 <= year <= today.year + 2 else None
