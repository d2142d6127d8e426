"""The words of each language, and how it spells days, times and prices."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO

import polib

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Price, Timed

LANGUAGES = ("nl", "en", "de")
LISTS = ("date.months", "date.months_short", "date.days", "date.days_short")  # divided by |
MOST_DAYS = 4_000  # in words, kept


class Words:
    """One language's words by key; calling it fills in the names: `w("page.all_of", name=x)`.

    `catalogue` is a gettext catalogue whose msgid is the key, so that no sentence stands in the code.
    """

    def __init__(self, language: str, catalogue: polib.POFile) -> None:
        self.language = language
        self._gettext = GNUTranslations(BytesIO(catalogue.to_binary()))
        self.keys = tuple(entry.msgid for entry in catalogue)
        self._texts = {key: self._gettext.gettext(key) for key in self.keys}
        self._days: dict[tuple[date, bool, bool], str] = {}  # every page and list names the same few
        self.lists = {key: self(key).split("|") for key in self.keys if key in LISTS}

    def __call__(self, key: str, **names: object) -> str:
        """The words of a key; KeyError when it does not exist, so that no gap goes unseen."""
        text = self._texts[key]
        return text.format(**names) if "{" in text or "}" in text else text

    def has(self, key: str) -> bool:
        """Whether there is a text for a key."""
        return key in self._texts

    def named(self, prefix: str, code: str) -> str:
        """The words of a code under a prefix; else those of the prefix, with the code in them."""
        key = f"{prefix}.{code}"
        return self(key) if self.has(key) else self(prefix, code=code)

    def count(self, key: str, n: int, **values: str) -> str:
        """The words for a number of things."""
        if key not in self._texts:
            raise KeyError(key)
        return self._gettext.ngettext(key, key, n).format(n=n, **values)

    # --- days and times ---

    def day(self, day: date, *, short: bool = False, year: bool = True) -> str:
        """`zaterdag 5 december 2026`, `za 5 dec`."""
        known = self._days.get((day, short, year))
        if known is None:
            if len(self._days) >= MOST_DAYS:
                self._days.clear()
            known = self._days[day, short, year] = self._day(day, short, year)
        return known

    def _day(self, day: date, short: bool, year: bool) -> str:
        size = "_short" if short else ""
        pattern = f"date.day{size}" + ("_year" if year else "")
        weekday = self.lists[f"date.days{size}"][day.weekday()]
        return self(pattern, weekday=weekday, day=day.day, month=self._month(day, short), year=day.year)

    def _month(self, day: date, short: bool = False) -> str:
        return self.lists["date.months_short" if short else "date.months"][day.month - 1]

    def plain_day(self, day: date, *, short: bool = False, year: bool = True) -> str:
        """`5 december 2026`, without the weekday."""
        pattern = "date.plain" if year else "date.plain_no_year"
        return self(pattern, day=day.day, month=self._month(day, short), year=day.year)

    def clock(self, moment: datetime) -> str:
        """`20:00`, local."""
        local = moment.astimezone(AMSTERDAM)
        return f"{local.hour:02}:{local.minute:02}"

    def hours(self, when: Timed) -> str:
        """`20:00–22:30 uur`; the start alone when the end is unknown or days away."""
        if when.end is None or not 0 < (when.end - when.start).total_seconds() < 86_400:
            return self("date.time", start=self.clock(when.start))
        return self("date.time_range", start=self.clock(when.start), end=self.clock(when.end))

    def span(self, first: date, last: date, *, short: bool = False, year: bool = True) -> str:
        """`5 t/m 12 december 2026`; the first day says no more than it has to."""
        begin = self.plain_day(first, short=short, year=year and first.year != last.year)
        if (first.year, first.month) == (last.year, last.month):
            begin = begin.replace(self._month(first, short), "").strip()
        return self("date.span", first=begin, last=self.plain_day(last, short=short, year=year))

    def when(self, when: Timed | AllDay, *, short: bool = False, year: bool = True) -> str:
        """Moment or span: `zaterdag 5 december 2026, 20:00–22:30 uur`; short: `za 5 dec 20:00`."""
        if isinstance(when, AllDay):
            return self._whole_days(when, short, year)
        day = self.day(when.start.astimezone(AMSTERDAM).date(), short=short, year=year)
        if short:
            return f"{day} {self('date.time_short', start=self.clock(when.start))}"
        if when.end is not None and (when.end - when.start).total_seconds() >= 86_400:
            last = when.end.astimezone(AMSTERDAM)
            end = f"{self.day(last.date(), year=year)}, {self('date.time', start=self.clock(last))}"
            return self("date.span", first=f"{day}, {self.hours(when)}", last=end)
        return f"{day}, {self.hours(when)}"

    def _whole_days(self, when: AllDay, short: bool, year: bool) -> str:
        if when.first is None:
            assert when.last is not None
            return self("date.until", last=self.plain_day(when.last, short=short, year=year))
        if when.last is None or when.last == when.first:
            return self.day(when.first, short=short, year=year)
        return self.span(when.first, when.last, short=short, year=year)

    # --- prices ---

    def money(self, amount: Decimal, currency: str) -> str:
        """`€ 12,50`, `€12.50`, `12,50 €`."""
        sign = {"EUR": "€"}.get(currency, currency)
        digits = f"{amount:.2f}" if amount % 1 else f"{int(amount)}"
        if self.language == "en":
            return f"{sign}{digits}" if len(sign) == 1 else f"{sign}\xa0{digits}"
        digits = digits.replace(".", ",")
        return f"{digits}\xa0{sign}" if self.language == "de" else f"{sign}\xa0{digits}"

    def price(self, price: Price | None) -> str:
        """The price in words, or nothing when no source gave one."""
        if price is None:
            return ""
        low, high = price.min, price.max
        if price.free or (low == 0 and not high):
            return self("price.free")
        if low is not None and high is not None and low != high:
            least, most = self.money(low, price.currency), self.money(high, price.currency)
            return self("price.range", min=least, max=most)
        if low is not None and high is None:
            return self("price.from", min=self.money(low, price.currency))
        if high is not None and low is None:
            return self("price.up", max=self.money(high, price.currency))
        return self("price.one", min=self.money(low, price.currency)) if low is not None else ""


@cache
def load_words(language: str) -> Words:
    """The words of `nl`, `en` or `de`, from the catalogue in `feeds/site/locale/`."""
    path = files("feeds") / "site" / "locale" / f"{language}.po"
    return Words(language, polib.pofile(path.read_text(encoding="utf-8")))
