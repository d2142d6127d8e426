"""The page that searches and filters: the form, and what a view shows. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from feeds.card import Voice, choice_name
from feeds.select import Agenda
from feeds.site.forms import (
    choice_box,
    choice_links,
    genre_options,
    municipality_options,
    pillar_options,
    sign_options,
)
from feeds.site.frame import render_page, same_path
from feeds.site.rows import build_days, build_lines, parted
from feeds.view import WHENS, View, shown

MOST_ROWS = 150  # of one view; the rest is in its calendar
MOST_RUNNING = 30


def render_find(agenda: Agenda, view: View, voice: Voice) -> bytes:
    """The page of a view; without a wish the whole agenda, which is a file."""
    choice, words, today = view.choice, voice.words, agenda.today
    found = shown(agenda, view)
    running, fixed = parted(found, today)
    name = choice_name(choice, voice, short=True)
    return render_page(
        "find.html",
        voice,
        words("find.title"),
        same_path(voice, lambda code: voice.urls.find(code, view.query)),
        "find",
        **find_form(view, voice),
        answer=view.query,
        name=name,
        when=_when(view, voice, today),
        count=len({s.event.uid for s in found}),
        running=build_lines(running[:MOST_RUNNING], voice, today),
        days=build_days(fixed[:MOST_ROWS], voice, today),
        more=max(0, len(fixed) - MOST_ROWS),
        box=choice_box(choice, voice, agenda.quiet),
        alternates=choice_links(choice, voice, agenda.quiet),
        description=words("find.text"),
        robots="noindex" if view.query else "",
        scripts=("search", "swap"),
    )


def find_form(view: View, voice: Voice) -> dict[str, Any]:
    """What the search form needs, on this page and on the front page: `ask`, and where it is answered."""
    choice, words = view.choice, voice.words
    ask = {
        "find": voice.urls.href(voice.urls.find(voice.language)),
        "index": voice.urls.href(voice.urls.index()),
        "root": voice.urls.href(voice.urls.home(voice.language)),
        "typed": view.typed,
        "whens": [(key, words(f"find.{key}"), key == view.when) for key in WHENS],
        "day_asked": view.when if view.when not in WHENS else "",
        "municipality_options": municipality_options(voice, choice),
        "pillar_options": pillar_options(voice, choice),
        "genre_options": genre_options(voice, choice),
        "sign_options": sign_options(voice, choice),
    }
    return {"ask": ask}


def _when(view: View, voice: Voice, today: date) -> str:
    """The days of a view in words."""
    words = voice.words
    if view.when in WHENS:
        return words(f"find.{view.when}")
    return (
        words.day(view.first, year=view.first.year != today.year) if view.when else words("find.from_today")
    )
