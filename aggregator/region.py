"""What region this is: the models of `config/`, and the loader that checks all of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from aggregator.model import Tier

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class Model(BaseModel):
    """Frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Settlement(Model):
    """A village, town or hamlet within a municipality."""

    name: str
    aliases: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()  # PC4
    latitude: float | None = None
    longitude: float | None = None
    ambiguous: str | None = None


class Municipality(Model):
    """One of the region's municipalities; `code` is the CBS code (GM0164)."""

    id: Id
    name: str
    code: str
    website: str | None = None
    aliases: tuple[str, ...] = ()
    places: tuple[Settlement, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


class Venue(Model):
    """A place where culture happens. `prior` is a pillar hint that the text may overrule."""

    id: Id
    name: str
    municipality: Id
    place: str
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    halls: tuple[str, ...] = ()
    kind: str = "venue"
    address: str | None = None
    postcode: str | None = None
    latitude: float | None = None
    longitude: float | None = None
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
    start_urls: Annotated[tuple[str, ...], Field(min_length=1)]
    home: str | None = None
    platform: Id = "auto"
    tier: Tier
    venue: Id | None = None
    rights: Id = "facts"
    interval: str = "1d"  # 6h, 1d, 7d
    language: Literal["nl", "en", "de"] = "nl"
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

    @property
    def every(self) -> timedelta:
        """The interval between crawls."""
        return parse_interval(self.interval)


class Pillar(Model):
    """One of the strategy's pillars, with its names per language."""

    id: Id
    name: Mapping[str, str]
    description: Mapping[str, str] = Field(default_factory=dict)


def parse_interval(text: str) -> timedelta:
    """`6h`, `1d`, `2w` as a timedelta; ValueError otherwise."""
    units = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
    if not text or text[-1] not in units or not text[:-1].isdigit() or int(text[:-1]) == 0:
        raise ValueError(f"{text!r} is no interval; write 6h, 1d or 2w")
    return timedelta(**{units[text[-1]]: int(text[:-1])})
