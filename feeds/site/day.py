"""The page of one day, and which days have one. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from feeds.card import Voice
from feeds.choice import Choice
from feeds.select import Agenda, Showing, days
from feeds.site.forms import choice_links
from feeds.site.frame import render_page, same_path, subscribe_box
from feeds.site.rows import build_day, build_lines
from feeds.urls import REGION

DAY = timedelta(days=1)
BEFORE, AHEAD = timedelta(days=14), timedelta(days=61)  # the days that have a page


def has_page(day: date, today: date) -> bool:
    """Whether a day has a page of its own."""
    return today - BEFORE <= day <= today + AHEAD


def showings_by_day(agenda: Agenda) -> dict[date, list[Showing]]:
    """The showings of each day that has a page, by start, then UID; without what is gone."""
    first, last = agenda.today - BEFORE, agenda.today + AHEAD
    found: dict[date, list[Showing]] = {first + timedelta(days=n): [] for n in range((last - first).days + 1)}
    for showing in agenda.showings(REGION):
        if not showing.gone:
            begin, end = days(showing.when)
            day = max(begin, first)
            while day <= min(end, last):
                found[day].append(showing)
                day += DAY
    return found


def render_day(day: date, showings: list[Showing], agenda: Agenda, voice: Voice) -> bytes:
    """Everything on a day: what has its hour first, then what runs for days."""
    words, urls, today = voice.words, voice.urls, agenda.today
    running = [s for s in showings if s.exhibition]
    fixed = build_lines((s for s in showings if not s.exhibition), voice, today)
    own = build_day(day, fixed, voice, today)
    around = [
        (words(key), urls.href(urls.day(voice.language, near)), words.day(near, year=near.year != today.year))
        for key, near in (("day.before", day - DAY), ("day.after", day + DAY))
        if has_page(near, today)
    ]
    heading = words.day(day, year=day.year != today.year)
    return render_page(
        "day.html",
        voice,
        heading,
        same_path(voice, lambda code: urls.day(code, day)),
        "",
        heading=heading,
        relative=own.relative,
        over=day < today,
        iso=own.iso,
        rows=own.rows,
        running=build_lines(running, voice, today),
        around=around,
        count=len({s.event.uid for s in showings}),
        box=subscribe_box(REGION, voice),
        alternates=choice_links(Choice(language=voice.language), voice),
        description=words("day.text", day=heading, name=voice.scope_name(REGION)),
    )
