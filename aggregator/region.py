"""What region this is: the models of `config/` and the `Region` that they make together.

`aggregator.config_loader` reads the files and checks all of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from aggregator.agent import check_user_agent
from aggregator.feed_settings import FeedSettings
from aggregator.fields import (
    Id,
    Interval,
    Language,
    Latitude,
    Longitude,
    Model,
    Point,
    Postcode4,
    Texts,
    WebAddress,
    Words,
    parse_interval,
)
from aggregator.model import Tier

WHOLE_REGION = "region"  # where sources stand that belong to no one municipality


class Settlement(Model):
    """A village, town or hamlet within a municipality.

    `ambiguous` says what else the name can mean; `alone` is False when the bare name in a page's
    place field does not settle that it is this one, `word` True when it is also a common word.
    """

    name: str
    aliases: tuple[str, ...] = ()
    postcodes: tuple[Postcode4, ...] = ()
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    ambiguous: str | None = None
    alone: bool = True
    word: bool = False


class Municipality(Model):
    """One of the region's municipalities; `code` is the CBS code (GM0164)."""

    id: Id
    name: str
    code: str
    website: str | None = None
    aliases: tuple[str, ...] = ()
    places: tuple[Settlement, ...] = ()
    districts: tuple[str, ...] = ()  # parts of a town that a page may print as a place
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    box: tuple[Latitude, Longitude, Latitude, Longitude] | None = None  # south, west, north, east
    centres: Mapping[Postcode4, Point] = Field(default_factory=dict)  # of its postcode areas


class Venue(Model):
    """A place where culture happens. `prior` is a pillar hint that the text may overrule.

    `alone` is False when the bare name does not tell that it is this one: "De Ster", "Concordia".
    """

    id: Id
    name: str
    municipality: Id
    place: str
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    halls: tuple[str, ...] = ()
    kind: str = "venue"
    alone: bool = True
    address: str | None = None
    postcode: str | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    website: str | None = None
    prior: tuple[Id, ...] = ()
    verified: bool = False
    unverified: tuple[str, ...] = ()  # fields known from memory only
    attribution: str | None = None


class Rights(Model):
    """What may be shown of a source beside the facts."""

    id: Id
    name: str
    description: Literal["none", "excerpt", "full"] = "none"
    image: bool = False
    credit: str | None = None


class Selectors(Model):
    """CSS selectors for a list of events in HTML; `::attr(x)` and `::text` as in parsel.

    `block` finds one element per event, the others are looked up inside it.
    """

    block: str
    title: str | None = None
    subtitle: str | None = None
    url: str | None = None
    start: str | None = None  # a machine stamp
    end: str | None = None
    when: str | None = None  # printed words
    time: str | None = None  # printed clock time, where it stands apart from the day
    place: str | None = None
    hall: str | None = None
    town: str | None = None
    address: str | None = None
    price: str | None = None
    status: str | None = None
    image: str | None = None
    description: str | None = None
    category: str | None = None
    key: str | None = None


class Paging(Model):
    """How a list goes on: a link to follow, or a number in the address."""

    next: str | None = None  # CSS selector of the link to the next page
    parameter: str | None = None  # query parameter that counts pages
    first: int = 1
    most: Annotated[int, Field(ge=1, le=200)] = 50


class Follow(Model):
    """Which links lead to pages with one event, and whether those pages replace the list's words."""

    links: str | None = None  # CSS selector of links on the list page
    pattern: str | None = None  # regular expression on addresses (sitemaps, link lists)
    most: Annotated[int, Field(ge=1, le=5000)] = 1000


class Source(Model):
    """One site, feed or API, as a file in `config/sources/<municipality>/<id>.yaml` says.

    `municipality` is the folder's name; `region` for a source of the whole region. `venue` is the
    venue that its events are at when the page says nothing else.
    """

    id: Id
    name: str
    municipality: Id
    start_urls: Annotated[tuple[WebAddress, ...], Field(min_length=1)]
    home: str | None = None
    platform: Id = "auto"
    tier: Tier
    venue: Id | None = None
    rights: Id = "facts"
    interval: Interval = "1d"  # 6h, 1d, 7d
    language: Language = "nl"
    zone: str = "Europe/Amsterdam"
    verified: bool = False
    enabled: bool = True
    selectors: Selectors | None = None
    paging: Paging | None = None
    follow: Follow | None = None
    mapping: Mapping[str, str] | None = None  # JMESPath per field, for platform `json`
    options: Mapping[str, str] = Field(default_factory=dict)  # of the platform
    delay: Annotated[float, Field(ge=1)] = 1.0  # seconds between requests; robots.txt may ask for more
    browser: bool = False
    contact: str | None = None
    note: str | None = None
    unverified: tuple[str, ...] = ()  # fields known from memory or by pattern only

    @property
    def every(self) -> timedelta:
        """The interval between crawls."""
        return parse_interval(self.interval)


class Pillar(Model):
    """One of the strategy's pillars, with its names per language."""

    id: Id
    name: Mapping[str, str]
    description: Mapping[str, str] = Field(default_factory=dict)


class Elsewhere(Model):
    """Names that tell a place of the region from one far away.

    `home` are the words that a page puts behind a place name for this region's province
    ("Hengelo (Ov)"), `foreign` the same for other provinces and countries. `neighbours` are other
    municipalities whose name a page may print behind a place ("Hengelo, gem. Bronckhorst").
    `places` are towns that lie outside the region for certain, `points` some of them round the
    region with their coordinates.
    """

    home: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    places: Words = ()
    points: Mapping[str, Point] = Field(default_factory=dict)


class RegionSettings(Model):
    """Who collects, and for whom: `region.yaml`."""

    id: Id
    name: Texts
    zone: str = "Europe/Amsterdam"
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("nl",)
    contact: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]  # who answers a site's owner
    # It too says how to reach us, and who we are.
    user_agent: Annotated[str, Field(min_length=8, pattern=r"@|https?://"), AfterValidator(check_user_agent)]
    attribution: tuple[str, ...] = ()  # shown wherever the region's facts are shown


@dataclass(frozen=True)
class Region:
    """All of `config/`, checked; every mapping goes by id, in the order of the files.

    `raw` holds what other rooms check themselves: the keys of `pillars.yaml` beside `pillars`
    under "pillars", each further file under its path without suffix ("corrections/hengelo");
    `folder` is where the files lie.
    """

    settings: RegionSettings
    feeds: FeedSettings
    municipalities: Mapping[str, Municipality]
    venues: Mapping[str, Venue]
    sources: Mapping[str, Source]
    pillars: Mapping[str, Pillar]
    rights: Mapping[str, Rights]
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    raw: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    def rights_of(self, source: Source) -> Rights:
        """What may be shown of a source."""
        return self.rights[source.rights]

    def sources_of(self, municipality: str) -> tuple[Source, ...]:
        """The sources in a municipality's folder (`region` for those of the whole region)."""
        return tuple(s for s in self.sources.values() if s.municipality == municipality)

    def venues_of(self, municipality: str) -> tuple[Venue, ...]:
        """The venues of a municipality."""
        return tuple(v for v in self.venues.values() if v.municipality == municipality)
