"""One view of the agenda as it stands in an address: a choice, and which days. Pure, no language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from aggregator.errors import UsageError
from feeds.card import weekend
from feeds.choice import Choice, parse_choice
from feeds.info import SiteInfo
from feeds.select import Agenda, Showing, Window
from feeds.urls import REGION

WHENS = ("today", "tomorrow", "weekend", "week")
WEEK = timedelta(days=6)
Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class View:
    """A choice, the days `first` to `last` (None: as far as the agenda goes), and how they were named.

    `when` is one of WHENS, a day in ISO form, or empty; `typed` what stood in the search box.
    """

    choice: Choice
    first: date
    last: date | None = None
    when: str = ""
    typed: str = ""

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The view as it stands in an address, without the language."""
        pairs = tuple(pair for pair in self.choice.query if pair[0] not in ("language", "words"))
        words = (("words", self.typed),) if self.typed else ()
        return (*words, *pairs, *((("when", self.when),) if self.when else ()))


def parse_view(pairs: Pairs, info: SiteInfo, today: date, language: str, path: str) -> View:
    """The view in a query: `when` (one of WHENS) or `date` (a day, which goes before it), else a choice.

    UsageError names the key or value that does not exist.
    """
    asked = {"when": "", "date": ""}
    typed, rest = [], []
    for key, value in pairs:
        if key in asked:
            asked[key] = value.strip()
        elif key != "language":
            rest.append((key, value))
            typed += [value.strip()] if key == "words" and value.strip() else []
    when = asked["date"] or asked["when"]
    choice = parse_choice([*rest, ("language", language)], info, path)
    first, last = _days(when, today, path)
    return View(choice, first, last, when, ", ".join(typed))


def _days(when: str, today: date, path: str) -> tuple[date, date | None]:
    if not when:
        return today, None
    if when == "weekend":
        return weekend(today)
    named = {"today": (0, 0), "tomorrow": (1, 1), "week": (0, WEEK.days)}
    if when in named:
        first, last = named[when]
        return today + timedelta(days=first), today + timedelta(days=last)
    try:
        day = date.fromisoformat(when)
    except ValueError:
        hint = f"known are {', '.join(WHENS)} and a day such as {today.isoformat()}"
        raise UsageError(f"{when[:40]!r} is no day", path, hint) from None
    return day, day


def shown(agenda: Agenda, view: View) -> list[Showing]:
    """The showings of a view from today on, by start, then UID."""
    span = Window(view.first, view.last or agenda.window.last)
    return [s for s in agenda.coming(REGION) if span.holds(s.when) and view.choice.takes(s)]
