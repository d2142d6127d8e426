"""Dates and times in the words that Dutch agendas print."""

from __future__ import annotations

from datetime import date, datetime

from crawlers.sample.model import Showing

__all__ = ["clock", "craft", "full", "hours", "iso", "labels_day", "line", "short", "uit"]

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
SHORT = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def short(day: date, year: bool = False) -> str:
    """`za 28 nov` or, with the year, `za 28 nov 2026`."""
    return f"{DAYS[day.weekday()][:2]} {day.day} {SHORT[day.month - 1]}" + (f" {day.year}" if year else "")


def full(day: date) -> str:
    """`zaterdag 28 november 2026`."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def clock(moment: datetime, dot: bool = True) -> str:
    """`20.15` or `20:15`."""
    return moment.strftime("%H.%M" if dot else "%H:%M")


def hours(showing: Showing, dot: bool = False) -> str:
    """`20:15 - 22:00 uur`, without the end when it is not known; empty for a stay."""
    if not isinstance(showing.start, datetime):
        return ""
    end = f" - {clock(showing.end, dot)}" if isinstance(showing.end, datetime) else ""
    return f"{clock(showing.start, dot)}{end} uur"


def line(showing: Showing) -> str:
    """`za 28 nov, 20.15 uur` or `za 28 nov t/m zo 7 mrt 2027`."""
    if isinstance(showing.start, datetime):
        return f"{short(showing.start)}, {clock(showing.start)} uur"
    return f"{short(showing.start, showing.start.year != showing.last.year)} t/m {short(showing.last, True)}"


def craft(showing: Showing) -> str:
    """`Za 17 okt. 2026 - 20:30 uur`; months carry a dot unless they are whole words."""
    if isinstance(showing.start, datetime):
        return f"{_craft_day(showing.start)} - {clock(showing.start, dot=False)} uur"
    return f"{_craft_day(showing.start)} t/m {_craft_day(showing.last)}"


def _craft_day(day: date) -> str:
    month = SHORT[day.month - 1]
    return (
        f"{DAYS[day.weekday()][:2].capitalize()} {day.day} {month}{'' if month == 'mei' else '.'} {day.year}"
    )


def period(first: Showing, last: Showing) -> str:
    """`Do 12 nov. t/m Za 14 nov. 2026`: a run of performances without times."""
    head = _craft_day(first.first)
    if first.first.year == last.first.year:
        head = head.rsplit(" ", 1)[0]
    return f"{head} t/m {_craft_day(last.first)}"


def labels_day(showing: Showing) -> str:
    """`Donderdag 6 maart`, or for a stay `6 maart 2027 t/m 9 mei 2027`."""
    if isinstance(showing.start, datetime):
        return full(showing.start).rsplit(" ", 1)[0].capitalize()
    return f"{full(showing.start).split(' ', 1)[1]} t/m {full(showing.last).split(' ', 1)[1]}"


def uit(showing: Showing, today: date) -> str:
    """`vandaag`, `morgen`, `01 aug`, `01 aug t/m 02 aug 2026`, or `t/m 07 aug` when it has begun."""
    first, last = showing.first, showing.last
    if showing.stay:
        end = f"{last.day:02} {SHORT[last.month - 1]} {last.year}"
        return (
            f"t/m {end}"
            if first < today
            else f"{first.day:02} {SHORT[first.month - 1]} {first.year} t/m {end}"
        )
    near = {0: "vandaag", 1: "morgen"}.get((first - today).days)
    return near or f"{DAYS[first.weekday()][:2]} {first.day:02} {SHORT[first.month - 1]}"


def iso(moment: date) -> str:
    """A machine stamp: with offset for a moment, the bare day for a day."""
    return moment.isoformat()
