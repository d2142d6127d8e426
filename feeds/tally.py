"""How many events each municipality has, by pillar and month: the measure of the region's strategy. Pure."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rich.table import Table

from aggregator.model import Event, Status
from feeds.card import Voice
from feeds.info import SiteInfo
from feeds.scopes import is_public
from feeds.select import OFF, Agenda, days

MONTHS = 12  # reported unless another number is asked for
ALL, NONE = "all", "none"  # what is counted beside the pillars: every event, those without a pillar
WHOLE = "region"  # stands for a municipality


@dataclass(frozen=True, slots=True)
class Tally:
    """The events of one municipality (or `region`) in one `month` (`2026-12`; the whole: `2026-12/2027-11`).

    `counts` are the events by pillar, and under `all` and `none`; one of two pillars counts for both.
    """

    municipality: str
    month: str
    counts: Mapping[str, int]

    def to_plain(self) -> dict[str, object]:
        """As a JSON object."""
        pillars = {name: count for name, count in self.counts.items() if name not in (ALL, NONE)}
        return {
            "municipality": self.municipality,
            "month": self.month,
            "events": self.counts[ALL],
            "pillars": pillars,
            "none": self.counts[NONE],
        }


def months_from(first: date, number: int = MONTHS) -> list[str]:
    """So many months from that of a day on: `2026-12`, `2027-01`."""
    start = first.year * 12 + first.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(start, start + number)]


def tally(events: Iterable[Event], info: SiteInfo, months: Sequence[str]) -> list[Tally]:
    """A line for every municipality and month, also where nothing is; then the whole time, then the region.

    An event counts once in each month in which one can go to it (an exhibition in every month that it
    is open), and once in the whole. What is hidden does not count, nor a date that is off.
    """
    period = f"{months[0]}/{months[-1]}"
    keys = (*info.pillars, ALL, NONE)
    sums: dict[tuple[str, str], Counter[str]] = {}
    start = int(months[0][:4]) * 12 + int(months[0][5:]) - 1
    for event in events:
        found = _months(event, start, len(months)) if is_public(event, info) else ()
        kinds = _kinds(event, info) if found else ()
        for month in (*(months[n] for n in found), period) if found else ():
            for place in (event.place.municipality or "", WHOLE):
                counts = sums.setdefault((place, month), Counter())
                for kind in kinds:
                    counts[kind] += 1
    return [
        Tally(place, month, {key: sums.get((place, month), Counter())[key] for key in keys})
        for place in (*info.municipalities, WHOLE)
        for month in (*months, period)
    ]


def tally_of(agenda: Agenda, months: Sequence[str]) -> list[Tally]:
    """`tally` of what an agenda holds, worked out once for all that tell it."""
    key = ("tally", *months)
    if key not in agenda.news:
        agenda.news[key] = tally(agenda.events.values(), agenda.info, months)
    found: list[Tally] = agenda.news[key]
    return found


def _kinds(event: Event, info: SiteInfo) -> list[str]:
    pillars = [tag.tag for tag in event.pillars if tag.tag in info.pillars]
    return [ALL, *(dict.fromkeys(pillars) or [NONE])]


def _months(event: Event, start: int, number: int) -> set[int]:
    """Which of `number` months from `start` (counted from the year 0) one can go to it in."""
    found: set[int] = set()
    for one in event.occurrences:
        own = one.occurrence
        if (own.status if own.status is not Status.SCHEDULED else event.status) not in OFF:
            first, last = (day.year * 12 + day.month - 1 - start for day in days(own.when))
            found.update(range(max(first, 0), min(last + 1, number)))
    return found


def render_csv(tallies: Iterable[Tally], info: SiteInfo) -> bytes:
    """RFC 4180, UTF-8: one line per municipality and month, a column per pillar."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("municipality", "month", "events", *info.pillars, NONE))
    for one in tallies:
        counts = [one.counts[key] for key in (ALL, *info.pillars, NONE)]
        writer.writerow((one.municipality, one.month, *counts))
    return out.getvalue().encode()


def render_table(tallies: Sequence[Tally], voice: Voice) -> Table:
    """For people: a line per municipality and pillar, a column per month, zero as a dot."""
    info, words = voice.info, voice.words
    names = words("date.months_short").split("|")
    months = list(dict.fromkeys(one.month for one in tallies))
    table = Table("", "", box=None, header_style="bold")
    for month in months[:-1]:
        table.add_column(f"{names[int(month[5:]) - 1]} {month[2:4]}", justify="right")
    table.add_column(words("report.total"), justify="right")
    by_place: dict[str, list[Tally]] = {}
    for one in tallies:
        by_place.setdefault(one.municipality, []).append(one)
    for place, row in by_place.items():
        called = info.municipalities.get(place) or info.text(info.name, voice.language)
        for key in (ALL, *info.pillars, NONE):
            what = words(f"report.{key}") if key in (ALL, NONE) else info.pillar(key, voice.language)
            figures = [str(one.counts[key]) if one.counts[key] else "·" for one in row]
            table.add_row(called if key == ALL else "", what, *figures, style="bold" if key == ALL else "")
    return table
