"""What a publication consists of: each file's name and how to render it, in the order of writing.

Event pages and listings first, feeds after the pages that they point to, lists and the front page
last, so that whoever follows a link finds the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.resources import files
from itertools import starmap
from typing import NamedTuple

from aggregator.model import Event
from feeds.card import Voice, source_links, title_of
from feeds.council import council_files, council_path, council_scopes
from feeds.keys import Keys
from feeds.lists import render_opml, render_robots, render_sitemap, render_style
from feeds.opendata.files import data_files
from feeds.pieces import Pieces, assemble_calendar, assemble_feed
from feeds.press.files import press_files
from feeds.scopes import scopes
from feeds.select import Agenda
from feeds.sight.files import sight_files
from feeds.site.day import AHEAD, DAY
from feeds.site.event import render_event
from feeds.site.files import STATIC, day_files, event_files, finding_files
from feeds.site.notices import (
    render_follow,
    render_merged,
    render_not_found,
    render_outside,
    render_withdrawn,
)
from feeds.site.pages import render_accent, render_home, render_listing
from feeds.state import digest_of
from feeds.urls import FORMATS, KINDS, REGION, Flavour, Urls

ALWAYS = ""  # the key of what is rendered in every publication
CONSTANT = "constant"  # of what depends on code and configuration alone


class Task(NamedTuple):
    """A file to write: its name below the public folder, and what gives its bytes.

    Equal keys of one name mean equal bytes, within one version of code and configuration.
    """

    name: str
    render: Callable[[], bytes]
    key: str = ALWAYS


def voices(agenda: Agenda, pieces: Pieces | None = None) -> list[Voice]:
    """One voice per language of the site, with what keeps lines; the first language has no prefix."""
    info = agenda.info
    urls = Urls(info.base_url, info.languages[0])
    return [Voice(info, urls, language, pieces) for language in info.languages]


def plan(agenda: Agenda, hidden: Iterable[Event], pieces: Pieces) -> list[list[Task]]:
    """Every file of the site, in stages that must be finished one after another.

    `hidden` are the events that are not shown.
    """
    tongues, hidden = voices(agenda, pieces), list(hidden)
    gone = [e for e in hidden if e.hidden == "withdrawn"]
    urls = tongues[0].urls
    keys = Keys(agenda, pieces)
    first = [Task(name, _static(name), CONSTANT) for name in STATIC]
    own = [home for home, page in agenda.info.pages.items() if page.accent]
    first += [Task(urls.file(urls.accent(m)), partial(render_accent, m, agenda.info), CONSTANT) for m in own]
    pages = [task for voice in tongues for task in _event_pages(agenda, gone, voice, keys)]
    listings = [task for voice in tongues for task in _listings(agenda, voice, keys)]
    listings += starmap(Task, day_files(agenda, tongues, keys))
    listings += starmap(Task, sight_files(agenda, tongues))
    listings += starmap(Task, council_files(hidden, agenda.today, tongues, pieces.owner))
    feeds = [list(_feeds(agenda, voice, keys)) for voice in tongues]
    last = [task for voice in tongues for task in _last(agenda, voice)]
    last += starmap(Task, finding_files(agenda, tongues, keys))
    sitemap = digest_of(agenda.today, *agenda.events)
    last.append(Task("sitemap.xml", lambda: render_sitemap(urls, _paths(agenda, tongues)), sitemap))
    last.append(Task("robots.txt", lambda: render_robots(urls), CONSTANT))
    return [first + pages, listings, *feeds, list(_files(agenda, tongues, pieces)), last]


def _static(name: str) -> Callable[[], bytes]:
    return lambda: (files("feeds") / "site" / "static" / name).read_bytes()


def _event_pages(agenda: Agenda, gone: list[Event], voice: Voice, keys: Keys) -> Iterator[Task]:
    urls, language, today = voice.urls, voice.language, agenda.today
    for event in agenda.events.values():
        path = urls.event(language, event.uid)
        render = partial(render_event, event, voice, today, agenda.seen)
        yield Task(urls.file(path), render, keys.event(event))
        yield from starmap(Task, event_files(event, voice, keys))
        for alias in event.aliases:
            old, title = urls.event(language, alias), title_of(event)
            yield Task(urls.file(old), _merged(voice, old, title, event.uid), digest_of(event.uid, title))
    for event in gone:
        path = urls.event(language, event.uid)
        yield Task(urls.file(path), _withdrawn(voice, path, event), keys.event(event))
    for event in agenda.away.values():
        path = urls.event(language, event.uid)
        page = partial(render_outside, voice, urls.bare(language, path), event)
        yield Task(urls.file(path), page, keys.event(event))


def _merged(voice: Voice, path: str, title: str, kept: str) -> Callable[[], bytes]:
    return lambda: render_merged(voice, voice.urls.bare(voice.language, path), title, kept)


def _withdrawn(voice: Voice, path: str, event: Event) -> Callable[[], bytes]:
    sources = tuple(source_links(event, voice.info))
    bare = voice.urls.bare(voice.language, path)
    return lambda: render_withdrawn(voice, bare, title_of(event), sources)


def _listings(agenda: Agenda, voice: Voice, keys: Keys) -> Iterator[Task]:
    urls = voice.urls
    for scope in scopes(agenda.info):
        if scope != REGION:
            path = urls.listing(voice.language, scope)
            yield Task(urls.file(path), partial(render_listing, agenda, scope, voice), keys.listing(scope))


def _feeds(agenda: Agenda, voice: Voice, keys: Keys) -> Iterator[Task]:
    urls, language, pieces = voice.urls, voice.language, keys.pieces
    for scope in agenda.followed():
        for flavour in Flavour:
            yield Task(
                urls.file(urls.calendar(language, scope, flavour)),
                partial(assemble_calendar, agenda, scope, voice, pieces, flavour),
                keys.calendar(scope, flavour),
            )
        for kind in KINDS:
            found, key = keys.entries(scope, kind)
            stale = agenda.stale_of(scope)
            for form in FORMATS:
                render = partial(assemble_feed, found, scope, kind, form, voice, pieces, stale)
                yield Task(urls.file(urls.feed(language, scope, kind, form)), render, key)


def _files(agenda: Agenda, tongues: list[Voice], pieces: Pieces) -> Iterator[Task]:
    """What newsrooms and programs take: press lists and open data."""
    found = list(data_files(agenda, tongues[0], pieces))
    found += [file for voice in tongues for file in press_files(agenda, voice, pieces.owner)]
    for name, render, about in found:
        yield Task(name, render, digest_of(*about))


def _last(agenda: Agenda, voice: Voice) -> Iterator[Task]:
    urls, language = voice.urls, voice.language
    quiet = digest_of(*sorted(scope.key for scope in agenda.quiet))
    yield Task(urls.file(urls.style(language)), lambda: render_style(voice), CONSTANT)
    yield Task(urls.file(urls.opml(language)), lambda: render_opml(voice, agenda.quiet), quiet)
    yield Task(urls.file(urls.not_found(language)), lambda: render_not_found(voice), CONSTANT)
    yield Task(urls.file(urls.follow(language)), lambda: render_follow(voice, agenda.quiet), quiet)
    yield Task(urls.file(urls.home(language)), lambda: render_home(agenda, voice))


def _paths(agenda: Agenda, tongues: list[Voice]) -> list[str]:
    """The pages that search engines should know."""
    found = []
    for voice in tongues:
        urls, language = voice.urls, voice.language
        found += [urls.listing(language, scope) for scope in scopes(agenda.info)]
        found += [
            page(language) for page in (urls.follow, urls.find, urls.make, urls.media, urls.trial, urls.sight)
        ]
        found += [council_path(urls, language, scope) for scope in council_scopes(agenda.info)]
        found += [urls.day(language, agenda.today + DAY * n) for n in range(AHEAD.days + 1)]
        found += [urls.event(language, uid) for uid in agenda.events]
    return found
