"""What the published files need to know of the region: names, addresses, limits, and no rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urlsplit

from aggregator.feed_settings import PressDeadline
from aggregator.fields import Language
from aggregator.labels import read_codes, read_kinds, read_labels, read_reasons
from aggregator.region import Region
from aggregator.townpage import TownPage, load_pages
from feeds.fold import fold
from feeds.press.deadline import WEEKDAYS, Paper

MOST_EVENTS = 999  # of one calendar: Google drops files of about 1,100 events or 1 MB
MOST_BYTES = 900_000
FEED_NAMES = ("feed", "rss", "atom", "rss.xml", "atom.xml", "feed.xml")


@dataclass(frozen=True, slots=True)
class VenueInfo:
    """A venue as residents see it."""

    name: str
    municipality: str
    place: str
    address: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class TownInfo:
    """A municipality's own page: its words by language, colours for light and dark, events to put first."""

    words: Mapping[str, str] = field(default_factory=dict)
    accent: tuple[str, str] | None = None
    featured: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source as residents see it; `description` is what may be shown: none, excerpt or full."""

    name: str
    home: str | None = None
    description: str = "none"
    image: bool = False
    credit: str | None = None
    feed: str | None = None  # its own RSS or Atom feed, where we read one
    off: bool = False  # not read any more
    tier: str = ""  # organiser, venue, municipal, regional, seller or press
    municipality: str = ""  # whose folder it stands in; `region` for the whole
    venue: str | None = None  # the house that it speaks for


@dataclass(frozen=True)
class SiteInfo:
    """Everything about the region that a page or feed prints; texts go by language, then by id."""

    name: Mapping[str, str]
    title: Mapping[str, str]
    description: Mapping[str, str]
    base_url: str
    contact: str
    languages: tuple[str, ...] = ("nl",)
    attribution: tuple[str, ...] = ()
    municipalities: Mapping[str, str] = field(default_factory=dict)
    venues: Mapping[str, VenueInfo] = field(default_factory=dict)
    pillars: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pillar_texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sources: Mapping[str, SourceInfo] = field(default_factory=dict)
    days_past: int = 30
    days_future: int = 365
    most_events: int = MOST_EVENTS
    most_bytes: int = MOST_BYTES
    most_items: int = 100
    refresh: timedelta = timedelta(hours=6)
    hub: str | None = None
    papers: tuple[Paper, ...] = ()
    licence: str | None = None  # address of the licence of the open data
    genres: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # genres and all other labels
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # what the rules of labels say
    kinds: Mapping[str, str] = field(default_factory=dict)  # genre -> type of schema.org
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # genre -> codes of NDTRC
    aliases: Mapping[str, str] = field(default_factory=dict)  # another name of a place -> the place, folded
    towns: Mapping[str, str] = field(default_factory=dict)  # the places of each municipality -> its id
    pages: Mapping[str, TownInfo] = field(default_factory=dict)  # what municipalities say of their own page
    left: frozenset[str] = frozenset()  # venues that opted out: nothing of them is shown

    def text(self, texts: Mapping[str, str], language: str) -> str:
        """The text in this language, else in the region's first language, else any, else nothing."""
        return texts.get(language) or texts.get(self.languages[0]) or next(iter(texts.values()), "")

    def pillar(self, pillar: str, language: str) -> str:
        """A pillar's name in a language."""
        return self.text(self.pillars.get(pillar, {}), language) or pillar

    def without(self, left: Iterable[str]) -> SiteInfo:
        """The same site without the venues that opted out."""
        gone = frozenset(left)
        kept = {venue: found for venue, found in self.venues.items() if venue not in gone}
        return replace(self, venues=kept, left=gone) if gone else self

    def at(self, base_url: str) -> SiteInfo:
        """The same site under another address (the demo does not know its port beforehand)."""
        return replace(self, base_url=base_url)


def _paper(deadline: PressDeadline) -> Paper:
    return Paper(
        deadline.id,
        deadline.name,
        WEEKDAYS.index(deadline.day),
        deadline.at,
        deadline.municipality,
        deadline.ahead,
        deadline.start,
        deadline.days,
    )


def is_feed(url: str) -> bool:
    """Whether an address says that an RSS or Atom feed is there."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2].lower()
    return last in FEED_NAMES or last.endswith((".rss", ".atom"))


def _sources(region: Region) -> dict[str, SourceInfo]:
    found = {}
    for source in region.sources.values():
        rights = region.rights_of(source)
        found[source.id] = SourceInfo(
            source.name,
            source.home or source.start_urls[0],
            rights.description,
            rights.image,
            rights.credit,
            next(filter(is_feed, source.start_urls), None),
            off=not source.enabled,
            tier=source.tier.value,
            municipality=source.municipality,
            venue=source.venue,
        )
    return found


def _genres(region: Region) -> dict[str, dict[str, str]]:
    """The names of the genres that the region's own file lists; the tagger checks the file."""
    listed = (region.raw.get("genres") or {}).get("genres", ())
    return {str(genre["id"]): dict(genre["name"]) for genre in listed}


def _town(page: TownPage) -> TownInfo:
    accent = (page.accent.light, page.accent.dark) if page.accent else None
    return TownInfo(_texts(page.words), accent, page.featured)


def _aliases(region: Region) -> dict[str, str]:
    """Other names of places, those in dialect too, as they are searched."""
    places = [place for m in region.municipalities.values() for place in m.places]
    return {fold(alias): fold(place.name) for place in places for alias in place.aliases}


def _texts(texts: Mapping[Language, str] | Mapping[str, str]) -> dict[str, str]:
    return {str(language): text for language, text in texts.items()}


def read_info(region: Region) -> SiteInfo:
    """The part of a checked `Region` that publishing needs; limits never above what clients take."""
    settings, feeds = region.settings, region.feeds
    return SiteInfo(
        name=_texts(settings.name),
        title=_texts(feeds.title),
        description=_texts(feeds.description),
        base_url=feeds.base_url,
        contact=settings.contact,
        languages=tuple(settings.languages),
        attribution=settings.attribution,
        municipalities={m.id: m.name for m in region.municipalities.values()},
        venues={
            v.id: VenueInfo(v.name, v.municipality, v.place, v.address, v.website)
            for v in region.venues.values()
        },
        pillars={p.id: _texts(p.name) for p in region.pillars.values()},
        pillar_texts={p.id: _texts(p.description) for p in region.pillars.values()},
        sources=_sources(region),
        days_past=feeds.days_past,
        days_future=feeds.days_future,
        most_events=min(feeds.max_events, MOST_EVENTS),
        most_bytes=min(feeds.max_bytes, MOST_BYTES),
        most_items=feeds.max_items,
        refresh=feeds.refresh_every,
        hub=feeds.hub,
        papers=tuple(map(_paper, feeds.press)),
        licence=feeds.licence,
        genres=_genres(region),
        labels=read_labels(region),
        reasons=read_reasons(region),
        kinds=read_kinds(region),
        codes=read_codes(region),
        aliases=_aliases(region),
        towns={place.name: m.id for m in region.municipalities.values() for place in m.places},
        pages={home: _town(page) for home, page in load_pages(region).items()},
    )
