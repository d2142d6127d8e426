"""The files of the press lists: the coming week for each scope, each paper's list, and their feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from aggregator.model import Event
from feeds.card import Voice
from feeds.info import SiteInfo
from feeds.press.deadline import Edition, edition_of
from feeds.press.feed import FORMS, Carried, render_press_feed
from feeds.press.plain import render_csv, render_text
from feeds.press.rows import PressList, press_list, within
from feeds.press.word import render_docx
from feeds.select import Agenda
from feeds.urls import REGION, Scope

WEEK = timedelta(days=6)
RENDER: dict[str, Callable[[PressList, Voice], bytes]] = {
    "docx": render_docx,
    "txt": render_text,
    "csv": render_csv,
}
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
    "csv": "text/csv",
}
File = tuple[str, Callable[[], bytes], tuple[object, ...]]
Owner = Callable[[Event], str]


def press_scopes(info: SiteInfo) -> Iterator[Scope]:
    """The region and each municipality."""
    yield REGION
    for municipality in info.municipalities:
        yield Scope(municipality=municipality)


def press_path(voice: Voice, scope: Scope, name: str) -> str:
    """The path of a press file: `/pers/hengelo/week.txt`."""
    return f"{voice.urls.home(voice.language)}pers/{scope.key}/{name}"


def press_files(agenda: Agenda, voice: Voice, owner: Owner) -> Iterator[File]:
    """(name, what renders it, what its bytes depend on) of each press file in a language."""
    for scope in press_scopes(agenda.info):
        part = _Part(agenda, scope, voice, owner)
        yield from part.lists("week", agenda.today, agenda.today + WEEK)
        editions = [
            edition_of(paper, agenda.today)
            for paper in agenda.info.papers
            if paper.municipality in (None, scope.municipality)
        ]
        for edition in editions:
            yield from part.lists(edition.paper.id, edition.first, edition.last)
        yield from part.feeds(editions)


class _Part:
    """The files of one scope in one language; a list and each of its forms are made once."""

    def __init__(self, agenda: Agenda, scope: Scope, voice: Voice, owner: Owner) -> None:
        self.agenda, self.scope, self.voice, self.owner = agenda, scope, voice, owner
        self.stale = agenda.stale_of(scope)
        self._made: dict[tuple[object, ...], bytes] = {}
        self._lists: dict[tuple[date, date], PressList] = {}

    def lists(self, name: str, first: date, last: date) -> Iterator[File]:
        about = self._about(first, last)
        for kind in RENDER:
            path = press_path(self.voice, self.scope, f"{name}.{kind}")
            yield self.voice.urls.file(path), partial(self._render, kind, first, last), about

    def feeds(self, editions: list[Edition]) -> Iterator[File]:
        about = tuple((e.id, *self._about(e.first, e.last)) for e in editions) + tuple(self.stale)
        for form in FORMS:
            path = press_path(self.voice, self.scope, f"pers.{form}")
            yield self.voice.urls.file(path), partial(self._feed, editions, form, path), about

    def _about(self, first: date, last: date) -> tuple[object, ...]:
        found = within(self.agenda, self.scope, first, last)
        marks = tuple(f"{self.owner(s.event)} {s.occurrence.uid}" for s in found)
        return (first, last, *self.stale, *marks)

    def _list(self, first: date, last: date) -> PressList:
        days = (first, last)
        if days not in self._lists:
            found = within(self.agenda, self.scope, first, last)
            self._lists[days] = press_list(found, self.scope, self.voice, first, last, self.stale)
        return self._lists[days]

    def _render(self, kind: str, first: date, last: date) -> bytes:
        key = (kind, first, last)
        if key not in self._made:
            self._made[key] = RENDER[kind](self._list(first, last), self.voice)
        return self._made[key]

    def _feed(self, editions: list[Edition], form: str, path: str) -> bytes:
        urls, found = self.voice.urls, []
        style = urls.href(urls.style(self.voice.language))
        for edition in editions:
            files = []
            for kind in RENDER:
                own = urls.absolute(press_path(self.voice, self.scope, f"{edition.paper.id}.{kind}"))
                size = len(self._render(kind, edition.first, edition.last))
                files.append((own, size, MIME[kind]))
            found.append(Carried(edition, self._list(edition.first, edition.last), tuple(files)))
        return render_press_feed(
            found, self.scope, form, urls.absolute(path), self.voice, style, stale=self.stale
        )
