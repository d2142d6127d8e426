"""One news item in one language, as plain values: what RSS, Atom and JSON Feed all print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from aggregator.model import AllDay, Event, Status, Timed
from feeds.card import (
    EXCERPT,
    Voice,
    description_of,
    image_of,
    loud_title,
    short_place,
    short_when,
    title_of,
    when_line,
)
from feeds.formats.change import change_line, change_word
from feeds.info import SiteInfo
from feeds.news import Entry
from feeds.select import Showing, begin
from feeds.text import one_line, shorten, web_address
from feeds.words import Words

MOST_DATES = 12  # listed in one item


@dataclass(frozen=True, slots=True)
class Item:
    """`summary` is plain text on one line, `html` our own escaped markup; times aware."""

    id: str
    title: str
    url: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    categories: tuple[tuple[str, str], ...] = ()  # (term, label)
    start: str = ""
    end: str | None = None
    location: str = ""
    organiser: str = ""
    point: tuple[float, float] | None = None
    image: tuple[str, str] | None = None
    source: str | None = None
    origin: tuple[str, str] | None = None  # name and feed of where it was read, when that has a feed
    status: str = ""
    price: str = ""
    featured: bool = False  # by an editor of its municipality
    enclosures: tuple[tuple[str, int, str], ...] = ()  # (address, true size in bytes, media type)


def build_item(entry: Entry, voice: Voice) -> Item:
    """The item of an entry in the voice's language."""
    lead, event, info = entry.showings[0], entry.event, voice.info
    place = event.place
    known = place.latitude is not None and place.longitude is not None
    lines, card = _lines(entry, voice), voice.card(event)
    return Item(
        id=voice.urls.tag(entry.id) if "#" not in entry.id else _tag(entry.id, voice),
        title=_title(entry, voice),
        url=voice.urls.absolute(voice.urls.event(voice.language, event.uid)),
        summary=_summary(entry, lines, voice),
        html=_html(entry, lines, voice),
        published=entry.published,
        updated=entry.updated,
        categories=card.categories,
        start=_iso(lead.when),
        end=_iso_end(lead.when),
        location=card.address,
        organiser=one_line(event.organiser),
        point=(round(place.latitude or 0, 6), round(place.longitude or 0, 6)) if known else None,
        image=image_of(event, info),
        source=card.links[0][1] if card.links else None,
        origin=_origin(event, info),
        status=lead.status.value,
        price=card.price,
        featured=event.featured,
    )


def _origin(event: Event, info: SiteInfo) -> tuple[str, str] | None:
    found = (info.sources.get(source_id) for source_id, _ in event.sources[:1])
    return next(((one_line(s.name), url) for s in found if s and (url := web_address(s.feed))), None)


def _tag(ident: str, voice: Voice) -> str:
    uid, _, mark = ident.partition("#")
    return f"{voice.urls.tag(uid)}#{mark}"


def _iso(when: Timed | AllDay) -> str:
    start = begin(when)
    return start.date().isoformat() if isinstance(when, AllDay) else start.isoformat(timespec="minutes")


def _iso_end(when: Timed | AllDay) -> str | None:
    if isinstance(when, AllDay):
        return when.last.isoformat() if when.last else None
    return when.end.astimezone(begin(when).tzinfo).isoformat(timespec="minutes") if when.end else None


def _title(entry: Entry, voice: Voice) -> str:
    """Date first, as readers sort by what they see: `za 5 dec 20:00 · Orgelconcert — Kerk, Enschede`."""
    lead, words = entry.showings[0], voice.words
    name, moment = loud_title(lead, words), lead.when
    if entry.changes:
        name = f"{change_word(entry.changes[0], words).upper()}: {title_of(entry.event)}"
        moment = entry.changes[0].when or lead.when
    place = short_place(entry.event, voice.info)
    when = short_when(moment, words, entry.published.date())
    return words(f"feed.item{'_place' if place else ''}", when=when, title=name, place=place)


def _lines(entry: Entry, voice: Voice) -> list[tuple[str, str]]:
    """(label, value) of the facts, those that are known; the label may be empty."""
    event, words, card = entry.event, voice.words, voice.card(entry.event)
    said = {c.occurrence: c.when for c in entry.changes}  # its time stands in the line of the change
    left = [s for s in entry.showings if said.get(s.occurrence.uid) != s.when]
    lines = [("", change_line(change, event, voice)) for change in entry.changes[:MOST_DATES]]
    lines.append(("", one_line(event.subtitle)))
    for number, showing in enumerate(left[:MOST_DATES]):
        lines.append(("" if number else words("event.when"), _when(showing, words)))
    if (more := len(left) - MOST_DATES) > 0:
        lines.append(("", words.count("feed.more_dates", more)))
    lines.append((words("event.where"), card.address))
    lines.append((words("event.price"), card.price))
    lines.append((words("event.organiser"), one_line(event.organiser)))
    return [(label, value) for label, value in lines if value]


def _when(showing: Showing, words: Words) -> str:
    line = when_line(showing, words)
    if showing.status is Status.SCHEDULED:
        return line
    return f"{line} ({words(f'status.{showing.status.value}')})"


def _summary(entry: Entry, lines: list[tuple[str, str]], voice: Voice) -> str:
    """The facts and the short text on one line, so that nobody needs to open a page."""
    text = one_line(description_of(entry.event, voice.info, most=EXCERPT))
    return shorten(one_line(" · ".join([*(value for _, value in lines), *([text] if text else [])])), 700)


def _html(entry: Entry, lines: list[tuple[str, str]], voice: Voice) -> str:
    """Paragraphs and links with absolute addresses; every word escaped, no script, no style."""
    event, words, card = entry.event, voice.words, voice.card(entry.event)
    parts = []
    image = image_of(event, voice.info)
    if image:
        credit = f"<br><small>{escape(words('event.credit', name=image[1]))}</small>" if image[1] else ""
        parts.append(f'<p><img src="{escape(image[0])}" alt="">{credit}</p>')
    facts = (f"<b>{escape(label)}</b> {escape(value)}" if label else escape(value) for label, value in lines)
    parts.append(f"<p>{'<br>'.join(facts)}</p>")
    parts += [f"<p>{escape(p)}</p>" for p in card.text.split("\n\n") if p]
    links = [(words("event.source_line") + f": {name}", url) for name, url in card.links]
    if tickets := web_address(event.ticket_url):
        links.insert(0, (words("event.tickets"), tickets))
    if links:
        anchors = (f'<a href="{escape(url)}">{escape(name)}</a>' for name, url in links)
        parts.append(f"<p>{' · '.join(anchors)}</p>")
    return "".join(parts)
