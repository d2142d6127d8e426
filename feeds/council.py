"""Culture on the council's agenda: meetings with the points that touch culture, for local media.

They are no culture and stand in no calendar or feed of it: a page and a feed of their own for the region and
each municipality, `/raad/hengelo/` and `/raad/hengelo/cultuur.rss`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from html import escape
from types import ModuleType

from aggregator.model import Event
from feeds.card import Voice
from feeds.formats import atom, jsonfeed, rss
from feeds.formats.item import Item
from feeds.formats.mended import Channel
from feeds.info import SiteInfo
from feeds.news import EPOCH, created_of, updated_of
from feeds.select import Showing, all_showings, days
from feeds.site.frame import Alternate, render_page, same_path
from feeds.state import digest_of
from feeds.text import one_line, web_address
from feeds.urls import MIME, REGION, Scope, Urls

HIDDEN = "council"  # why such a meeting is in no calendar, and the tag of each of its points
FORMS: dict[str, ModuleType] = {"rss": rss, "atom": atom, "json": jsonfeed}
PAST = timedelta(days=14)  # so long a meeting stays in the feed
File = tuple[str, Callable[[], bytes], str]


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting on one day, in words: `points` are those on its agenda that touch culture."""

    uid: str
    day: date
    when: str
    title: str
    municipality: str
    points: tuple[str, ...]
    place: str
    url: str | None
    off: bool


def council_path(urls: Urls, language: str, scope: Scope, form: str = "") -> str:
    """The path of the page, or with `form` (rss, atom, json) of the feed."""
    home = f"{urls.home(language)}raad/"
    if form:
        return f"{home}{scope.key}/cultuur.{form}"
    return home if scope == REGION else f"{home}{scope.key}/"


def council_scopes(info: SiteInfo) -> Iterator[Scope]:
    """The region and each municipality."""
    yield REGION
    for municipality in info.municipalities:
        yield Scope(municipality=municipality)


def council_files(
    hidden: Iterable[Event], today: date, voices: list[Voice], owner: Callable[[Event], str]
) -> Iterator[File]:
    """(name, what renders it, key) of every page and feed; `owner` tells whether a meeting is as it was."""
    info = voices[0].info
    known = [e for e in hidden if e.hidden == HIDDEN and e.place.municipality in info.municipalities]
    for scope in council_scopes(info):
        events = [e for e in known if scope.municipality in (None, e.place.municipality)]
        key = digest_of(HIDDEN, today, *map(owner, events))
        for voice in voices:
            urls, language = voice.urls, voice.language
            page = council_path(urls, language, scope)
            yield urls.file(page), partial(render_council, events, today, scope, voice), key
            for form in FORMS:
                path = council_path(urls, language, scope, form)
                yield urls.file(path), partial(render_council_feed, events, today, scope, form, voice), key


def meetings(events: Iterable[Event], voice: Voice, first: date) -> list[Meeting]:
    """The meetings from a day on, by start, then UID."""
    found = [s for e in events for s in all_showings(e) if days(s.when)[0] >= first]
    return [_meeting(s, voice) for s in sorted(found, key=lambda s: s.order)]


def _meeting(showing: Showing, voice: Voice) -> Meeting:
    event = showing.event
    return Meeting(
        uid=event.uid,
        day=days(showing.when)[0],
        when=voice.words.when(showing.when),
        title=one_line(event.title),
        municipality=voice.info.municipalities[event.place.municipality or ""],
        points=tuple(one_line(tag.because) for tag in event.tags if tag.tag == HIDDEN),
        place=one_line(event.place.name or ""),
        url=web_address(event.url),
        off=showing.off,
    )


def render_council(events: list[Event], today: date, scope: Scope, voice: Voice) -> bytes:
    """The page of a scope: what is to come, in order of time."""
    urls, language, words = voice.urls, voice.language, voice.words
    name = voice.scope_name(scope)
    heading = words("council.title", name=name)
    others = [] if scope != REGION else [s for s in council_scopes(voice.info) if s != REGION]
    alternates = []
    for form in FORMS:
        path = council_path(urls, language, scope, form)
        alternates.append(Alternate(MIME[form], heading, path, urls.href(path)))
    return render_page(
        "council.html",
        voice,
        heading,
        same_path(voice, lambda code: council_path(urls, code, scope)),
        "council",
        heading=heading,
        meetings=meetings(events, voice, today),
        feeds=[(form.upper(), urls.href(council_path(urls, language, scope, form))) for form in FORMS],
        others=[(voice.scope_name(s), urls.href(council_path(urls, language, s))) for s in others],
        alternates=alternates,
        description=words("council.text", name=name),
    )


def render_council_feed(events: list[Event], today: date, scope: Scope, form: str, voice: Voice) -> bytes:
    """The feed of a scope; valid also without any meeting."""
    by_uid = {event.uid: event for event in events}
    items = [_item(m, by_uid[m.uid], voice) for m in meetings(events, voice, today - PAST)]
    items.sort(key=lambda item: item.published, reverse=True)
    info, urls, words = voice.info, voice.urls, voice.words
    name = voice.scope_name(scope)
    channel = Channel(
        title=words("council.title", name=name),
        description=words("council.text", name=name),
        home=urls.absolute(council_path(urls, voice.language, scope)),
        address=urls.absolute(council_path(urls, voice.language, scope, form)),
        language=voice.language,
        updated=max((item.updated for item in items), default=EPOCH),
        author=voice.site_title(),
        contact=info.contact,
        minutes=int(info.refresh.total_seconds() // 60),
        hub=info.hub,
        style=urls.href(urls.style(voice.language)),
    )
    kind = FORMS[form]
    data: bytes = kind.render_feed(channel, [kind.render_item(item) for item in items[: info.most_items]])
    return data


def _item(meeting: Meeting, event: Event, voice: Voice) -> Item:
    urls, words = voice.urls, voice.words
    off = f"{words('status.cancelled')}: " if meeting.off else ""
    first = meeting.points[0] if meeting.points else meeting.title
    points = "".join(f"<li>{escape(point)}</li>" for point in meeting.points)
    where = ", ".join(part for part in (meeting.title, meeting.municipality, meeting.place) if part)
    page = council_path(urls, voice.language, Scope(municipality=event.place.municipality))
    return Item(
        id=f"{urls.tag(event.uid)}:raad:{meeting.day}",
        title=f"{off}{meeting.municipality}: {first}",
        url=meeting.url or urls.absolute(page),
        summary=f"{meeting.when}. {where}. {'; '.join(meeting.points)}",
        html=f"<p>{escape(meeting.when)}<br>{escape(where)}</p><ul>{points}</ul>",
        published=created_of(event),
        updated=updated_of(event),
    )
