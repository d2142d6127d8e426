"""What lies in the public folder and is made no more: an address that somebody may hold never dies.

A page says what became of its subject, a calendar or feed stays valid and is empty, so that a
subscriber sees an end and not yesterday's events for ever. Files that are not ours stay as they are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from feeds.card import Voice
from feeds.formats import ical
from feeds.pieces import FORMS, channel_of
from feeds.plan import Task
from feeds.press.feed import render_press_feed
from feeds.press.files import RENDER
from feeds.press.plain import render_csv
from feeds.press.rows import PressList, press_title
from feeds.press.word import render_note
from feeds.select import Agenda
from feeds.site.notices import render_ended, render_hidden, render_past
from feeds.site.picture import render_blank
from feeds.urls import FORMATS, KINDS, REGION, Flavour, Scope

CLOSED = "closed"  # the key of what depends on code and configuration alone
FOLDERS = ("agenda", "feeds", "evenement", "gemeente", "podium", "pijler", "dag", "raad", "pers")


def folders_of(voice: Voice) -> tuple[str, ...]:
    """The folders below the public one that hold a language's pages and feeds."""
    prefix = voice.urls.home(voice.language).lstrip("/")
    return tuple(prefix + folder for folder in FOLDERS)


def given_venues(public: Path) -> set[str]:
    """The venues whose calendar was ever published: its address stays, also while there is nothing in it."""
    folder = public / "agenda" / "venue"
    found = os.listdir(folder) if folder.is_dir() else []  # noqa: PTH208 - names alone
    return {name.partition(".")[0] for name in found if name.endswith(".ics")}


def close_leftovers(names: set[str], agenda: Agenda, voice: Voice) -> Iterator[Task]:
    """A task for each of these files of one language that the plan does not write."""
    prefix = voice.urls.home(voice.language).lstrip("/")
    for name in sorted(names):
        own = name.removeprefix(prefix)
        folder, _, rest = own.partition("/")
        if name.endswith("/index.html") and folder not in ("agenda", "feeds"):
            bare = "/" + own.removesuffix("index.html")
            render = {"evenement": render_hidden, "dag": render_past}.get(folder, render_ended)
            yield Task(name, lambda r=render, b=bare: r(voice, b), CLOSED)  # type: ignore[misc]
        elif folder == "evenement" and name.endswith(".png"):
            yield Task(name, lambda: render_blank(voice), CLOSED)
        elif folder in ("agenda", "evenement") and rest.endswith(".ics"):
            scope = read_scope(rest.removesuffix(".ics")) if folder == "agenda" else REGION
            yield Task(name, lambda s=scope, n=name: _ended_calendar(s, n, agenda, voice), CLOSED)  # type: ignore[misc]
        elif folder == "feeds" and "/" in rest:
            key, _, file = rest.rpartition("/")
            kind, _, form = file.partition(".")
            if kind in KINDS and form in FORMATS:
                scope = read_scope(key)
                yield Task(name, lambda s=scope, k=kind, f=form: _ended_feed(s, k, f, voice), CLOSED)  # type: ignore[misc]
        elif folder == "pers" and "/" in rest:
            key, _, file = rest.rpartition("/")
            if file.rpartition(".")[2] in (*RENDER, *FORMATS):
                scope = read_scope(key)
                yield Task(name, lambda s=scope, n=name: _ended_list(s, n, voice), CLOSED)  # type: ignore[misc]


def read_scope(key: str) -> Scope:
    """The scope that `Scope.key` gave; a calendar's flavour may stand behind it."""
    for flavour in Flavour:
        if flavour.value:
            key = key.removesuffix(f".{flavour.value}")
    first, _, second = key.partition("/")
    if first == "venue":
        return Scope(venue=second)
    if first == "pillar":
        return Scope(pillar=second)
    return Scope(municipality=None if first == "region" else first, pillar=second or None)


def _ended_calendar(scope: Scope, name: str, agenda: Agenda, voice: Voice) -> bytes:
    note = voice.words("gone.feed")
    return b"".join(ical.calendar_parts(scope, [], voice, agenda.today, path=f"/{name}", note=note))


def _ended_feed(scope: Scope, kind: str, form: str, voice: Voice) -> bytes:
    channel = channel_of(scope, kind, form, voice, [], note=voice.words("gone.feed"))
    data: bytes = FORMS[form].render_feed(channel, [])
    return data


def _ended_list(scope: Scope, name: str, voice: Voice) -> bytes:
    """A press list or its feed: valid, without events, saying so where its format has room for it."""
    form, title, note = name.rpartition(".")[2], press_title(scope, voice), voice.words("gone.feed")
    if form in FORMATS:
        style = voice.urls.href(voice.urls.style(voice.language))
        return render_press_feed([], scope, form, voice.urls.absolute(f"/{name}"), voice, style, note)
    if form == "docx":
        return render_note(title, note, voice)
    if form == "csv":
        return render_csv(PressList(title, date.min, date.min, (), (), ()), voice)
    return f"{title.upper()}\n\n{note}\n".encode()
