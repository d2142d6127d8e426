"""An event's own page in one language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from aggregator.model import Event, Timed
from feeds.card import Voice, address_line, description_of, label_names, pillar_ids, source_links, title_of
from feeds.seen import sources_of
from feeds.select import Showing, all_showings, begin, days
from feeds.site.day import has_page
from feeds.site.facts import build_checks, build_facts
from feeds.site.frame import feed_links, render_page, same_path, subscribe_box
from feeds.site.jsonld import render_jsonld
from feeds.site.rows import build_row, foreign, pillar_marks
from feeds.site.why import build_why
from feeds.text import one_line, web_address
from feeds.urls import SEEN, Scope

MAP = "https://www.openstreetmap.org"
MOST_FILES = 12  # dates of an event that have a calendar file of their own


def render_event(event: Event, voice: Voice, today: date, seen: Mapping[str, date] | None = None) -> bytes:
    """Every date, place, price, status, sources, and where each fact comes from.

    `seen` is a day since which each source was read; of an event that is over nothing is said of it.
    """
    showings = all_showings(event)
    coming = [s for s in showings if days(s.when)[1] >= today]
    lead, urls = coming[0] if coming else showings[-1] if showings else None, voice.urls
    return render_page(
        "event.html",
        voice,
        title_of(event),
        same_path(voice, lambda code: voice.urls.event(code, event.uid)),
        "",
        event_title=title_of(event),
        subtitle=one_line(event.subtitle),
        loud=_loud(coming or showings),
        dates=[_date(s, voice, today, own=n < MOST_FILES and len(coming) > 1) for n, s in enumerate(coming)],
        past=[_date(s, voice, today) for s in showings if s not in coming],
        marks=pillar_marks(lead, voice) if lead else (),
        add=urls.href(urls.event_file(voice.language, event.uid)) if coming else "",
        picture=urls.absolute(urls.picture(event.uid)),
        seen=urls.href(SEEN),
        checked=build_checks(event, voice),
        since=_since(event, voice, seen) if coming and seen else {},
        scripts=("seen",),
        jsonld=Markup(render_jsonld(event, voice)) if showings else "",
        box=subscribe_box(_nearest(event, voice), voice),
        alternates=feed_links(Scope(municipality=event.place.municipality), voice),
        description=_summary(lead, voice) if lead else "",
        **_about(event, voice),
    )


def _since(event: Event, voice: Voice, seen: Mapping[str, date]) -> dict[str, str]:
    """Since when each of its sources was read, in words, by id."""
    words = voice.words
    known = {source: seen[source] for source in sources_of(event) if source in seen}
    return {source: words("facts.seen_since", when=words.day(day)) for source, day in known.items()}


def _about(event: Event, voice: Voice) -> dict[str, Any]:
    """What does not depend on the day."""
    tickets = web_address(event.ticket_url)
    return {
        "address": address_line(event, voice.info),
        "map": _map(event, voice),
        "route": _route(event),
        "place_links": _place_links(event, voice),
        "price": voice.words.price(event.price),
        "tickets": (tickets, _host(tickets)) if tickets else None,
        "organiser": one_line(event.organiser),
        "performers": [one_line(p) for p in event.performers if one_line(p)],
        "paragraphs": [p for p in description_of(event, voice.info).split("\n\n") if p],
        "sources": _sources(event, voice),
        "facts": build_facts(event, voice),
        "labels": ", ".join(name for _, name in label_names(event, voice)),
        "why": build_why(event, voice),
        "lang": foreign(event, voice),
    }


def _sources(event: Event, voice: Voice) -> list[tuple[str, str]]:
    """One page of each source: links of one name to several pages would be no help."""
    found: dict[str, str] = {}
    for name, url in source_links(event, voice.info):
        found.setdefault(name, url)
    return list(found.items())


def _nearest(event: Event, voice: Voice) -> Scope:
    """What someone who likes this may want to follow: its venue, else its municipality."""
    if event.place.venue in voice.info.venues:
        return Scope(venue=event.place.venue)
    return Scope(municipality=event.place.municipality)


def _summary(showing: Showing, voice: Voice) -> str:
    place = address_line(showing.event, voice.info)
    return ". ".join(p for p in (voice.words.when(showing.when), place) if p)


def _loud(showings: list[Showing]) -> str:
    """The status of the whole: said in large letters when it is the same for all that is to come."""
    found = {s.status.value for s in showings}
    key = found.pop() if len(found) == 1 else "scheduled"
    return "" if key == "scheduled" else key


def _date(showing: Showing, voice: Voice, today: date, *, own: bool = False) -> dict[str, Any]:
    """One line of the dates; `own`: there is a calendar file of this date alone."""
    words, occurrence = voice.words, showing.occurrence
    urls, day = voice.urls, begin(showing.when).date()
    uid, paged = showing.event.uid, not showing.exhibition and has_page(day, today)
    previous = occurrence.previous if occurrence.previous != showing.when else None
    return {
        "row": build_row(showing, voice, today),
        "when": words.when(showing.when),
        "hours": one_line(occurrence.occurrence.hours),
        "was": words("event.was", when=words.when(previous)) if previous else "",
        "end_unknown": isinstance(showing.when, Timed) and showing.when.end is None,
        "start_unknown": days(showing.when)[0] == date.min,
        "day": urls.href(urls.day(voice.language, day)) if paged else "",
        "file": urls.href(urls.event_file(voice.language, uid, occurrence.uid)) if own else "",
    }


def _map(event: Event, voice: Voice) -> str | None:
    """A link to a map, followed only when somebody wants it; a search where the spot is not known."""
    spot = _spot(event)
    if spot:
        return f"{MAP}/?mlat={spot[0]}&mlon={spot[1]}#map=17/{spot[0]}/{spot[1]}"
    address = address_line(event, voice.info)
    return f"{MAP}/search?query={quote(address)}" if event.place.address else None


def _route(event: Event) -> str | None:
    """A link to the way there, from wherever somebody is."""
    spot = _spot(event)
    return f"{MAP}/directions?to={spot[0]}%2C{spot[1]}" if spot else None


def _spot(event: Event) -> tuple[str, str] | None:
    latitude, longitude = event.place.latitude, event.place.longitude
    return None if latitude is None or longitude is None else (f"{latitude:.6f}", f"{longitude:.6f}")


def _host(url: str) -> str:
    return url.split("/")[2].removeprefix("www.")


def _place_links(event: Event, voice: Voice) -> list[tuple[str, str]]:
    """The pages of its venue, its municipality, and its pillars there."""
    urls, words, language = voice.urls, voice.words, voice.language
    found = []
    if event.place.venue in voice.info.venues:
        found.append(("event.see_all_of", Scope(venue=event.place.venue)))
    municipality = event.place.municipality
    found.append(("page.all_of", Scope(municipality=municipality)))
    own = pillar_ids(event, voice.info)
    found += [("event.see_all_of", Scope(municipality=municipality, pillar=pillar)) for pillar in own]
    return [(words(key, name=voice.scope_name(s)), urls.href(urls.listing(language, s))) for key, s in found]
