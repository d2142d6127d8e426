"""What is said of one occurrence or event in one language: plain strings, the same in every format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from markupsafe import Markup

from aggregator.labels import name_label, read_ages
from aggregator.model import AllDay, Event, Status, Timed
from feeds.choice import SIGNS, Choice
from feeds.info import SiteInfo, SourceInfo
from feeds.select import Showing, days
from feeds.text import clean, one_line, shorten, web_address
from feeds.urls import REGION, Scope, Urls
from feeds.words import Words, load_words

MOST_NAME = 120  # characters of a choice in words
MOST_CARDS, MOST_LINES = 20_000, 8_000  # kept by one voice
MOST_TEXT = 600  # characters of a description in calendars and news
EXCERPT = 200  # characters, for sources that allow an excerpt
PREFIXED = (Status.CANCELLED, Status.POSTPONED, Status.SOLD_OUT, Status.MOVED_ONLINE)


@dataclass(frozen=True, slots=True)
class Card:
    """What calendars and news alike say of an event in one language, worked out once."""

    event: Event
    address: str
    price: str
    text: str
    links: list[tuple[str, str]]  # (name, address) of its sources
    categories: tuple[tuple[str, str], ...]  # (id, name)


class Keeper(Protocol):
    """Keeps rendered pieces from one run to the next: `feeds.pieces.Pieces`."""

    def showing(self, showing: Showing) -> str:
        """The mark of a showing: equal for equal data."""
        ...

    def keep(self, name: str, mark: str, render: Callable[[], bytes]) -> bytes:
        """The kept piece of a shelf, else a fresh one."""
        ...


@dataclass(frozen=True)
class Voice:
    """One language of one site: what every renderer is given."""

    info: SiteInfo
    urls: Urls
    language: str
    keeper: Keeper | None = field(default=None, repr=False, compare=False)
    _cards: dict[str, Card] = field(default_factory=dict, init=False, repr=False, compare=False)
    _lines: dict[object, Markup] = field(default_factory=dict, init=False, repr=False, compare=False)

    def card(self, event: Event) -> Card:
        """The card of an event, kept for the next format that asks."""
        known = self._cards.get(event.uid)
        if known is not None and known.event is event:
            return known
        if len(self._cards) >= MOST_CARDS:
            self._cards.clear()
        info = self.info
        card = self._cards[event.uid] = Card(
            event,
            address_line(event, info),
            self.words.price(event.price),
            description_of(event, info, most=MOST_TEXT),
            source_links(event, info),
            tuple(categories(event, self)),
        )
        return card

    def line(self, showing: Showing, today: date, look: str, render: Callable[[], str]) -> Markup:
        """The line of a showing on pages of a `look`, rendered once, as pages share most of their lines.

        Of the day a line takes the year alone, where it says how long a span still runs.
        """
        year = today.year if isinstance(showing.when, AllDay) else 0
        key = (showing, year, look)
        known = self._lines.get(key)
        if known is None:
            if len(self._lines) >= MOST_LINES:
                self._lines.clear()
            known = self._lines[key] = self._kept_line(f"{self.language}/{look}", showing, year, render)
        return known

    def _kept_line(self, shelf: str, showing: Showing, year: int, render: Callable[[], str]) -> Markup:
        if self.keeper is None:
            return Markup(render())
        mark = f"{self.keeper.showing(showing)} {year}"
        return Markup(self.keeper.keep(shelf, mark, lambda: render().encode()).decode())

    @property
    def words(self) -> Words:
        """The language's words."""
        return load_words(self.language)

    def scope_name(self, scope: Scope) -> str:
        """`Twente`, `Hengelo`, `Muziek in Hengelo`, `Metropool`."""
        info = self.info
        if scope.venue:
            return one_line(info.venues[scope.venue].name) if scope.venue in info.venues else scope.venue
        region = info.text(info.name, self.language)
        place = (
            info.municipalities.get(scope.municipality, scope.municipality) if scope.municipality else region
        )
        if scope.pillar:
            return self.words("feed.pillar_in", pillar=info.pillar(scope.pillar, self.language), name=place)
        return place

    def site_title(self) -> str:
        """The site's own name."""
        return one_line(self.info.text(self.info.title, self.language))

    def feed_title(self, scope: Scope, kind: str) -> str:
        """The name of a calendar (`kind` is `calendar`) or feed."""
        at = "_at" if scope.venue and kind != "calendar" else ""
        return self.words(f"feed.{kind}{at}", title=self.site_title(), scope=self.scope_name(scope))


def choice_name(choice: Choice, voice: Voice, *, short: bool = False) -> str:
    """`Cultuuragenda Twente: Muziek, Borne, Hengelo`; short: without the site's name."""
    info, language, words = voice.info, choice.language, voice.words
    names = [info.pillar(p, language) for p in info.pillars if p in choice.pillars]
    names += [info.text(info.genres[g], language) for g in info.genres if g in choice.genres]
    names += [name for m, name in info.municipalities.items() if m in choice.municipalities]
    names += [voice.scope_name(Scope(venue=venue)) for venue in sorted(choice.venues)]
    names += [f"“{phrase}”" for phrase in sorted(choice.words)]
    names += [words("choice.not", words=phrase) for phrase in sorted(choice.without)]
    names += [words(f"choice.{key}") for key in ("children", "free") if getattr(choice, key)]
    names += [words(f"choice.{sign}") for sign in SIGNS if sign in choice.signs]
    scope = shorten(", ".join(names), MOST_NAME) or voice.scope_name(REGION)
    return scope if short else words("feed.calendar", title=voice.site_title(), scope=scope)


def title_of(event: Event) -> str:
    """The event's title on one line."""
    return one_line(event.title)


def status_key(showing: Showing) -> str | None:
    """The status that must be said aloud, as the ending of a key; None when all is as planned."""
    return None if showing.status is Status.SCHEDULED else showing.status.value


def loud_title(showing: Showing, words: Words) -> str:
    """The title with its status in capitals before it: `AFGELAST: Orgelconcert`."""
    title = title_of(showing.event)
    return words(f"prefix.{showing.status.value}") + title if showing.status in PREFIXED else title


def place_name(event: Event) -> str:
    """`Grote Kerk, grote zaal`, or whatever part is known."""
    place = event.place
    name = one_line(place.name)
    hall = one_line(place.hall)
    return f"{name}, {hall}" if name and hall and hall.casefold() not in name.casefold() else name or hall


def town(event: Event, info: SiteInfo) -> str:
    """The village or town, else the municipality's name."""
    place = event.place
    return one_line(place.place) or info.municipalities.get(place.municipality or "", "")


def address_line(event: Event, info: SiteInfo) -> str:
    """One line: `Zaal, Straat 1, 7551 AB Hengelo`; no part twice."""
    place = event.place
    code, where = one_line(place.postcode), town(event, info)
    street = one_line(place.address)
    parts = [place_name(event)]
    if street and street.casefold() not in parts[0].casefold():
        parts.append(street)
    if where and where.casefold() not in street.casefold():
        parts.append(f"{code} {where}".strip())
    return ", ".join(p for p in parts if p)


def short_place(event: Event, info: SiteInfo) -> str:
    """`Grote Kerk, Enschede`."""
    name, where = one_line(event.place.name), town(event, info)
    return ", ".join(p for p in (name, where if where.casefold() not in name.casefold() else "") if p)


def when_line(showing: Showing, words: Words) -> str:
    """The moment in full, with doors."""
    line = words.when(showing.when)
    doors = showing.occurrence.occurrence.doors
    return f"{line}, {words('date.doors', time=words.clock(doors))}" if doors else line


def short_when(when: Timed | AllDay, words: Words, today: date | None = None) -> str:
    """`za 5 dec 20:00`; the year only when it is not the one of `today`."""
    first, last = days(when)
    year = today is not None and today.year not in (first.year, last.year)
    return words.when(when, short=True, year=year)


def source_of(event: Event, field: str, info: SiteInfo) -> SourceInfo | None:
    """The source that a field was taken from."""
    evidence = event.evidence.get(field)
    return info.sources.get(evidence.chosen.source_id) if evidence else None


def description_of(event: Event, info: SiteInfo, most: int = 1500) -> str:
    """The text, as far as the rights of the source that it came from allow; paragraphs by newline."""
    text = clean(event.description)
    source = source_of(event, "description", info)
    if source is not None and source.description == "none":
        return ""
    excerpt = source is not None and source.description == "excerpt"
    return shorten(text, min(most, EXCERPT) if excerpt else most)


def image_of(event: Event, info: SiteInfo) -> tuple[str, str] | None:
    """Address and credit of the image, where its source allows showing it."""
    url = web_address(event.image)
    source = source_of(event, "image", info)
    if url is None or (source is not None and not source.image):
        return None
    return url, one_line(event.image_credit or (source.credit if source else None))


def source_links(event: Event, info: SiteInfo) -> list[tuple[str, str]]:
    """(name, address) of each source page, the most trusted first, no address twice."""
    found: dict[str, str] = {}
    for source_id, address in event.sources:
        url = web_address(address)
        source = info.sources.get(source_id)
        if url:
            found.setdefault(url, one_line(source.name) if source else source_id)
    return [(name, url) for url, name in found.items()]


def pillar_ids(event: Event, info: SiteInfo) -> list[str]:
    """The event's pillars in the order of the config."""
    tags = {tag.tag for tag in event.pillars}
    return [pillar for pillar in info.pillars if pillar in tags]


def label_names(event: Event, voice: Voice) -> list[tuple[str, str]]:
    """(id, name) of genres and other labels in the order of the config, then ages; those with a name."""
    if not event.tags:
        return []
    found, named = {tag.tag for tag in event.tags}, voice.info.labels
    shown = [label for label in named if label in found]
    shown += sorted(label for label in found if read_ages((label,)))
    return [(label, name_label(named, label, voice.language)) for label in shown]


def kind_url(event: Event, info: SiteInfo) -> str | None:
    """The type of schema.org of its first genre that has one of its own: `https://schema.org/MusicEvent`."""
    kinds = (info.kinds.get(tag.tag) for tag in event.tags)
    kind = next((kind for kind in kinds if kind and kind != "Event"), None)
    return f"https://schema.org/{kind}" if kind else None


def age_range(event: Event) -> str | None:
    """Its ages as schema.org writes them: `8-12`, `8-`."""
    ages = read_ages(tag.tag for tag in event.tags)
    return f"{ages[0]}-{ages[1] or ''}" if ages else None


def categories(event: Event, voice: Voice) -> list[tuple[str, str]]:
    """(id, name) of its pillars, its other labels and its municipality, for feeds and calendars."""
    info = voice.info
    pillars = [(pillar, info.pillar(pillar, voice.language)) for pillar in pillar_ids(event, info)]
    home = event.place.municipality or ""
    place = [(home, info.municipalities[home])] if home in info.municipalities else []
    return [*pillars, *label_names(event, voice), *place]


def labels(event: Event, voice: Voice) -> list[str]:
    """The names of its categories."""
    return [name for _, name in categories(event, voice)]


def weekend(today: date) -> tuple[date, date]:
    """Saturday and Sunday of this week; on a Sunday just that day, so first <= last."""
    saturday = today + timedelta(days=5 - today.weekday()) if today.weekday() < 5 else today
    return saturday, today + timedelta(days=6 - today.weekday())
