"""What the sample region is made of: venues, events, sites, and which site says what of which event.

Times are aware, in Europe/Amsterdam; a stay (exhibition) has dates, both ends inclusive.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from aggregator.model import Status, Tier

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class SampleVenue:
    """An invented venue in a real village. `pillar` facts are of events, never of venues."""

    id: str
    name: str
    kind: str
    municipality: str
    place: str
    street: str
    postcode: str
    latitude: float
    longitude: float
    halls: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    country: str = "NL"


@dataclass(frozen=True, slots=True)
class Showing:
    """One time at which one can be there. `number` is its place in the whole series, from 1."""

    number: int
    start: datetime | date
    end: datetime | date | None = None
    doors: datetime | None = None
    status: Status = Status.SCHEDULED
    previous: datetime | None = None

    @property
    def stay(self) -> bool:
        """Whether this is a span of days without clock times."""
        return not isinstance(self.start, datetime)

    @property
    def first(self) -> date:
        """The day on which it begins."""
        return self.start.date() if isinstance(self.start, datetime) else self.start

    @property
    def last(self) -> date:
        """The last day on which one can go."""
        if isinstance(self.start, datetime):
            return self.start.date()
        return self.end if isinstance(self.end, date) else self.start


@dataclass(frozen=True, slots=True)
class Cost:
    """What it costs; `free` with no amounts, or amounts in euros."""

    low: Decimal | None = None
    high: Decimal | None = None
    free: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A weekly series as iCalendar writes it: days left out, and one time moved to another hour."""

    skipped: tuple[datetime, ...] = ()
    moved: tuple[tuple[datetime, datetime], ...] = ()  # (the time by the rule, the real one)
    first: datetime | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """One event as it really is. `hidden` is the reason code of an event that nobody may be shown."""

    id: str
    genre: str
    act: str
    show: str
    venue: str
    showings: tuple[Showing, ...]
    category: str
    text: str
    pillars: tuple[str, ...] = ()
    culture: bool = True
    hidden: str | None = None
    cost: Cost = Cost()
    hall: str | None = None
    hours: str | None = None
    language: str = "nl"
    status: Status = Status.SCHEDULED
    rule: Rule | None = None

    @property
    def title(self) -> str:
        """The full name: act and show."""
        return f"{self.act} – {self.show}" if self.show else self.act


@dataclass(frozen=True, slots=True)
class SampleSource:
    """One site. `trait` is what real life does to it; `municipality` is `region` for a regional one."""

    id: str
    name: str
    municipality: str
    tier: Tier
    style: str
    port: int
    venue: str | None = None
    trait: str = ""

    @property
    def home(self) -> str:
        """The address of the site, without a closing slash."""
        return f"http://{HOST}:{self.port}"

    @property
    def readable(self) -> bool:
        """Whether a polite crawler gets to see its events."""
        return self.trait not in ("error", "empty", "forbidden")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one site says of one event, on one address. Showings are as this site tells them."""

    source: str
    event: str
    path: str
    title: str
    showings: tuple[Showing, ...]
    venue_name: str
    place: str
    street: str | None
    postcode: str | None
    category: str
    text: str
    cost: Cost
    subtitle: str = ""
    hall: str | None = None
    hours: str | None = None
    language: str = "nl"
    status: Status = Status.SCHEDULED
    stale: bool = False
    doors_as_start: bool = False
    rule: Rule | None = None
    event_number: int = 0

    @property
    def first(self) -> Showing:
        """The first time that is still to come."""
        return self.showings[0]

    def replace(self, **changes: object) -> Entry:
        """This entry with other values."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Programme:
    """Everything that goes on in the sample region from `today` on."""

    today: date
    venues: dict[str, SampleVenue]
    events: dict[str, SampleEvent]
    sources: dict[str, SampleSource]
    entries: tuple[Entry, ...]

    @cached_property
    def by_source(self) -> dict[str, tuple[Entry, ...]]:
        """The entries of each site, in the order of their first showing."""
        found: dict[str, list[Entry]] = {source: [] for source in self.sources}
        for entry in self.entries:
            found[entry.source].append(entry)
        order = {source: sorted(listed, key=_order) for source, listed in found.items()}
        return {source: tuple(listed) for source, listed in order.items()}

    def address(self, entry: Entry) -> str:
        """The absolute address of an entry's own page."""
        return self.sources[entry.source].home + entry.path


def _order(entry: Entry) -> tuple[str, str, str]:
    return entry.first.first.isoformat(), str(entry.first.start), entry.path
