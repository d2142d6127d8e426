"""The front page and the listing pages in one language: plain values into templates. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from feeds.card import Voice, weekend
from feeds.choice import Choice
from feeds.info import SiteInfo, TownInfo
from feeds.select import Agenda, Showing
from feeds.site.find import find_form
from feeds.site.frame import feed_links, render_page, same_path, subscribe_box
from feeds.site.rows import all_pillars, build_day, build_days, build_lines, build_row, count_of, laid, parted
from feeds.text import clean, one_line, web_address
from feeds.urls import REGION, Scope
from feeds.venue.widget import snippet
from feeds.view import View

MOST_ROWS = 150  # of one page; the rest is in the calendar
MOST_HOME = 40  # of one day on the front page
COMING = 14  # days that the front page links to
MOST_FEATURED = 12


def render_home(agenda: Agenda, voice: Voice) -> bytes:
    """The front page: today, this weekend, what is running, municipalities and pillars."""
    today = agenda.today
    here = agenda.coming(REGION, today + timedelta(days=7))
    running, fixed = parted(here, today)
    saturday, sunday = weekend(today)
    later = [saturday + timedelta(days=n) for n in range((sunday - saturday).days + 1)]
    return render_page(
        "home.html",
        voice,
        voice.site_title(),
        same_path(voice, voice.urls.home),
        "home",
        day=_day(fixed, today, voice, today),
        weekend=[_day(fixed, day, voice, today) for day in later if day > today],
        running=[build_row(s, voice, today) for s in running[:MOST_HOME]],
        municipalities=_municipalities(agenda, voice),
        blocks=_pillar_blocks(agenda, voice),
        box=subscribe_box(REGION, voice),
        alternates=feed_links(REGION, voice),
        description=voice.info.text(voice.info.description, voice.language),
        scripts=("search", "near"),
        day_links=_day_links(voice, today),
        near=_near(voice),
        **find_form(View(Choice(language=voice.language), today), voice),
    )


def _near(voice: Voice) -> list[tuple[str, str, str, str]]:
    """(id, name, address, what its link says) of each municipality."""
    names = voice.info.municipalities
    return [
        (m, name, _href(Scope(municipality=m), voice), voice.words("page.all_of", name=name))
        for m, name in names.items()
    ]


def _day_links(voice: Voice, today: date) -> list[tuple[str, str, str, str]]:
    """(weekday, number, the day in full, address) of the coming days."""
    urls, words = voice.urls, voice.words
    coming = [today + timedelta(days=n) for n in range(COMING)]
    return [
        (
            words.lists["date.days_short"][day.weekday()],
            str(day.day),
            words.day(day, year=False),
            urls.href(urls.day(voice.language, day)),
        )
        for day in coming
    ]


def _day(showings: Iterable[Showing], day: date, voice: Voice, today: date) -> Any:
    on_day = [s for s in showings if s.first <= day <= s.last]
    return build_day(day, build_lines(on_day[:MOST_HOME], voice, today), voice, today)


def _municipalities(agenda: Agenda, voice: Voice) -> list[tuple[str, str, int]]:
    urls, language = voice.urls, voice.language
    return [
        (
            name,
            urls.href(urls.listing(language, Scope(municipality=m))),
            count_of(agenda, Scope(municipality=m)),
        )
        for m, name in voice.info.municipalities.items()
    ]


def _pillar_blocks(agenda: Agenda, voice: Voice) -> list[tuple[Any, str, int]]:
    info = voice.info
    return [
        (mark, info.text(info.pillar_texts.get(p, {}), voice.language), count_of(agenda, Scope(pillar=p)))
        for p, mark in all_pillars(voice)
    ]


def render_listing(agenda: Agenda, scope: Scope, voice: Voice) -> bytes:
    """The page of a municipality, pillar, both or a venue: what is running, then day by day."""
    today = agenda.today
    running, fixed = laid(agenda, scope)
    venue = voice.info.venues.get(scope.venue or "")
    return render_page(
        "listing.html",
        voice,
        voice.scope_name(scope),
        same_path(voice, lambda code: voice.urls.listing(code, scope)),
        scope.pillar or "",
        name=voice.scope_name(scope),
        venue=venue,
        venue_site=web_address(venue.website) if venue else None,
        up=_up(scope, voice),
        split=_split(agenda, scope, voice),
        venues=_venues(agenda, scope, voice),
        featured=build_days(featured_of(agenda, scope), voice, today),
        **_own(scope, voice),
        pillar_number=list(voice.info.pillars).index(scope.pillar) + 1 if scope.pillar else 0,
        running=build_lines(running[:MOST_HOME], voice, today),
        days=build_days(fixed[:MOST_ROWS], voice, today),
        more=max(0, len(fixed) - MOST_ROWS),
        check=voice.urls.href(voice.urls.check(voice.language, scope.venue)) if venue and scope.venue else "",
        snippet="" if scope.pillar else snippet(scope, voice),
        scripts=() if scope.pillar else ("copy",),
        count=count_of(agenda, scope),
        box=None if scope in agenda.quiet else subscribe_box(scope, voice),
        alternates=[] if scope in agenda.quiet else feed_links(scope, voice),
        description=voice.words("feed.text", scope=voice.scope_name(scope)),
    )


def featured_of(agenda: Agenda, scope: Scope) -> list[Showing]:
    """The next date of each event that its municipality put first, those its page names before others."""
    if not scope.municipality:
        return []
    named = _town(scope, agenda.info).featured
    first: dict[str, Showing] = {}
    for showing in agenda.coming(scope):
        if (showing.event.featured or showing.event.uid in named) and not showing.off:
            first.setdefault(showing.event.uid, showing)
    order = [uid for uid in named if uid in first] + [uid for uid in first if uid not in named]
    return [first[uid] for uid in order[:MOST_FEATURED]]


def _town(scope: Scope, info: SiteInfo) -> TownInfo:
    """What a municipality's own file says of its pages."""
    return info.pages.get(scope.municipality or "", TownInfo())


def _own(scope: Scope, voice: Voice) -> dict[str, Any]:
    """A municipality's own words, on its page alone, and its colour, on its pillars' pages too."""
    town, urls = _town(scope, voice.info), voice.urls
    words = "" if scope.pillar else voice.info.text(town.words, voice.language)
    accent = urls.href(urls.accent(scope.municipality)) if town.accent and scope.municipality else ""
    return {"own_words": [p for p in clean(words).split("\n\n") if p], "accent": accent}


def render_accent(municipality: str, info: SiteInfo) -> bytes:
    """The style sheet that gives a municipality's pages its colour."""
    light, dark = info.pages[municipality].accent or ("", "")
    return (
        f":root {{ --accent: {light}; }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ --accent: {dark}; }} }}\n"
    ).encode()


def _up(scope: Scope, voice: Voice) -> tuple[str, str] | None:
    """The wider page: of a venue its municipality, of a pillar in a municipality that municipality."""
    municipality = scope.municipality if scope.pillar else None
    if scope.venue and scope.venue in voice.info.venues:
        municipality = voice.info.venues[scope.venue].municipality
    if municipality not in voice.info.municipalities:
        return None
    wider = Scope(municipality=municipality)
    return voice.scope_name(wider), voice.urls.href(voice.urls.listing(voice.language, wider))


def _split(agenda: Agenda, scope: Scope, voice: Voice) -> list[tuple[str, str, int, int]]:
    """(name, address, count, pillar number) of the narrower pages: by pillar, or by municipality."""
    info = voice.info
    if scope.venue or (scope.municipality and scope.pillar):
        return []
    if scope.municipality:
        parts = [
            (
                info.pillar(pillar, voice.language),
                Scope(municipality=scope.municipality, pillar=pillar),
                number,
            )
            for number, pillar in enumerate(info.pillars, 1)
        ]
    else:
        parts = [
            (name, Scope(municipality=municipality, pillar=scope.pillar), 0)
            for municipality, name in info.municipalities.items()
        ]
    return [(name, _href(part, voice), count_of(agenda, part), number) for name, part, number in parts]


def _venues(agenda: Agenda, scope: Scope, voice: Voice) -> list[tuple[str, str, int]]:
    """The venues of a municipality where something is on, by name."""
    if scope.pillar or not scope.municipality:
        return []
    own = [v for v, found in voice.info.venues.items() if found.municipality == scope.municipality]
    counted = ((one_line(voice.info.venues[v].name), Scope(venue=v)) for v in own)
    found = [(name, _href(part, voice), count_of(agenda, part)) for name, part in counted]
    return sorted((one for one in found if one[2]), key=lambda one: one[0].casefold())


def _href(scope: Scope, voice: Voice) -> str:
    return voice.urls.href(voice.urls.listing(voice.language, scope))
