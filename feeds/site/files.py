"""The files of the pages beside the listings: those of an event, of the days, and what helps to find them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from aggregator.model import Event
from feeds.card import Voice, title_of
from feeds.choice import Choice
from feeds.formats import ical
from feeds.keys import Keys
from feeds.select import Agenda, Showing
from feeds.site.day import DAY, has_page, render_day, showings_by_day
from feeds.site.event import MOST_FILES
from feeds.site.find import render_find
from feeds.site.index import render_index
from feeds.site.make import render_make
from feeds.site.media import Wanted, render_media
from feeds.site.picture import render_picture
from feeds.state import digest_of
from feeds.urls import Scope
from feeds.venue.trial import render_trial
from feeds.view import View

STATIC = (
    "trek.css",
    "favicon.svg",
    "favicon.ico",
    "newsreader.woff2",
    "fold.js",
    "search.js",
    "swap.js",
    "copy.js",
    "near.js",
    "seen.js",
    "widget.js",
)
File = tuple[str, Callable[[], bytes], str]


def event_files(event: Event, voice: Voice, keys: Keys) -> Iterator[File]:
    """(name, what renders it, key) of an event's calendar files, and in the first language its picture."""
    urls, language = voice.urls, voice.language
    coming = own_dates(event, keys.agenda)
    every = coming or keys.agenda.dates(event)
    if every:
        path = urls.event_file(language, event.uid)
        yield urls.file(path), partial(_calendar, every, voice, path), keys.event(event)
    for showing in coming[:MOST_FILES] if len(coming) > 1 else ():
        path = urls.event_file(language, event.uid, showing.occurrence.uid)
        yield urls.file(path), partial(_calendar, [showing], voice, path), keys.pieces.owner(event)
    if language == voice.info.languages[0]:
        path = urls.picture(event.uid)
        yield urls.file(path), partial(render_picture, event, voice), keys.pieces.owner(event)


def own_dates(event: Event, agenda: Agenda) -> list[Showing]:
    """The dates of an event that can still be put in a calendar."""
    return [s for s in agenda.dates(event) if s.last >= agenda.today]


def _calendar(showings: list[Showing], voice: Voice, path: str) -> bytes:
    event = showings[0].event
    scope = Scope(municipality=event.place.municipality)
    return b"".join(
        ical.calendar_parts(
            scope, showings, voice, showings[0].first, ical.render_vevent, path=path, name=title_of(event)
        )
    )


def day_files(agenda: Agenda, voices: list[Voice], keys: Keys) -> Iterator[File]:
    """The pages of the days round today."""
    for day, showings in showings_by_day(agenda).items():
        marks = (f"{keys.pieces.owner(s.event)} {s.occurrence.uid}" for s in showings)
        edges = (has_page(day - DAY, agenda.today), has_page(day + DAY, agenda.today))
        near = min(2, (day - agenda.today).days)
        key = digest_of(day, near if near >= 0 else "over", agenda.today.year, *edges, *marks)
        for voice in voices:
            path = voice.urls.day(voice.language, day)
            yield voice.urls.file(path), partial(render_day, day, showings, agenda, voice), key


def finding_files(agenda: Agenda, voices: list[Voice], keys: Keys) -> Iterator[File]:
    """The pages that ask a question, as they are before one is asked, and the index of the search."""
    everything = digest_of(agenda.today, *map(keys.pieces.owner, agenda.events.values()))
    for voice in voices:
        urls, language = voice.urls, voice.language
        choice = Choice(language=language)
        view = View(choice, agenda.today)
        yield urls.file(urls.find(language)), partial(render_find, agenda, view, voice), everything
        yield urls.file(urls.make(language)), partial(render_make, agenda, choice, voice), everything
        yield urls.file(urls.media(language)), partial(render_media, agenda, Wanted(choice), voice), ""
        yield urls.file(urls.trial(language)), partial(render_trial, voice, agenda.today), "constant"
    first = voices[0]
    yield first.urls.file(first.urls.index()), partial(render_index, agenda, first), everything
