"""The words of the house, as frozen dataclasses: what each stage takes and gives.

Standard library only. Strings in a `RawEvent` are as the page printed them; real dates,
numbers and places begin at `Listing`. Aware datetimes everywhere from there on, in the
region's own time zone; a day without a time is a `date`, never midnight.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """State of an event or of one occurrence (schema.org `EventStatusType`, plus sold out)."""

    SCHEDULED = "scheduled"
    RESCHEDULED = "rescheduled"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    MOVED_ONLINE = "moved-online"
    SOLD_OUT = "sold-out"


class Tier(StrEnum):
    """Kind of source, in the order in which a field is believed when listings disagree."""

    ORGANISER = "organiser"
    VENUE = "venue"
    MUNICIPAL = "municipal"
    REGIONAL = "regional"
    SELLER = "seller"
    PRESS = "press"


# --- what a page said: strings ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RawPlace:
    """A location as written; every part may be missing."""

    name: str | None = None
    address: str | None = None
    place: str | None = None
    postcode: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class RawOccurrence:
    """One moment or span as written: machine stamps, or printed words in `text`, or both.

    `start`, `end`, `door` are machine stamps (ISO 8601 or iCalendar basic form) exactly as the
    source gave them. `end_exclusive` says that an all-day `end` is the day after the last
    (RFC 5545 §3.6.1). `zone` is an IANA name that holds for stamps without an offset.
    `local_z` says that this source's `Z` is in truth local time. `rrule` is an RFC 5545 rule
    that still has to be expanded; `exdates` are the starts that it skips.
    """

    start: str | None = None
    end: str | None = None
    door: str | None = None
    duration: str | None = None
    text: str | None = None
    status: str | None = None
    rrule: str | None = None
    exdates: tuple[str, ...] = ()
    zone: str | None = None
    end_exclusive: bool = False
    local_z: bool = False
    url: str | None = None
    place: RawPlace | None = None


@dataclass(frozen=True, slots=True)
class RawOffer:
    """A price as written: an amount or a sentence ("vvk € 10 / dk € 12", "gratis")."""

    text: str | None = None
    price: str | None = None
    low: str | None = None
    high: str | None = None
    currency: str | None = None
    availability: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class RawEvent:
    """What one page or feed said about one event, as strings, with where and when it was seen.

    `method` is how it was read: `json-ld`, `microdata`, `rdfa`, `h-event`, `icalendar`, `rss`,
    `platform:<name>` or `layout`. `source_key` is the source's own permanent id, when it has one.
    `page_url` is the page that was read, `url` the event's own page. `seen_at` is ISO 8601 UTC.
    """

    source_id: str
    page_url: str
    seen_at: str
    method: str
    title: str
    occurrences: tuple[RawOccurrence, ...] = ()
    source_key: str | None = None
    subtitle: str | None = None
    url: str | None = None
    status: str | None = None
    place: RawPlace | None = None
    offers: tuple[RawOffer, ...] = ()
    free: bool | None = None
    ticket_url: str | None = None
    description: str | None = None
    image: str | None = None
    image_credit: str | None = None
    organiser: str | None = None
    performers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    language: str | None = None
    audience: str | None = None
    modified: str | None = None


# --- one source's claim: real values ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timed:
    """A moment: aware start and, when known, aware end later than the start."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise ValueError("a Timed needs aware datetimes")


@dataclass(frozen=True, slots=True)
class AllDay:
    """A day or a span of days without a clock time.

    Both ends inclusive. `first` is None when only the end is known ("t/m 12 januari"); `last`
    is None for one day or when the end was not said ("vanaf 12 januari").
    """

    first: date | None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first is None and self.last is None:
            raise ValueError("an AllDay needs a first or a last day")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which one can be there, with its own status and, when printed, doors time."""

    when: Timed | AllDay
    status: Status = Status.SCHEDULED
    doors: datetime | None = None
    hours: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is. `municipality` is a municipality id, `outside`, or None when unknown."""

    municipality: str | None = None
    venue: str | None = None
    name: str | None = None
    hall: str | None = None
    address: str | None = None
    postcode: str | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """Amounts in `currency` (ISO 4217); `free` True, False or None when not said."""

    min: Decimal | None = None
    max: Decimal | None = None
    currency: str = "EUR"
    free: bool | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field came from: how it was read, on which page, and the words there."""

    method: str
    page_url: str
    raw: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One source's claim about one event.

    Identity is (`source_id`, `key`): the source's own id, else the canonical URL; never the
    title, never the start. `warnings` are codes such as `weekday-conflict`, shown to the venue.
    """

    source_id: str
    key: str
    tier: Tier
    title: str
    occurrences: tuple[Occurrence, ...]
    place: Place = Place()
    subtitle: str | None = None
    url: str | None = None
    ticket_url: str | None = None
    price: Price | None = None
    status: Status = Status.SCHEDULED
    description: str | None = None
    image: str | None = None
    image_credit: str | None = None
    organiser: str | None = None
    performers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    language: str | None = None
    rights: str = "facts"
    warnings: tuple[str, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def ref(self) -> ListingRef:
        """The identity of this listing."""
        return ListingRef(self.source_id, self.key)

    @property
    def content_hash(self) -> str:
        """Hash of what the listing claims; skips empty fields, identity and origins."""
        return content_hash(self, leave_out=("source_id", "key", "origins"))


@dataclass(frozen=True, slots=True, order=True)
class ListingRef:
    """Identity of a listing; sorts by source, then key."""

    source_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A raw event that did not become a listing: reason code, the words that show it, where.

    `mark` is the short name of a date that waits for a person, by which it is answered.
    """

    source_id: str
    page_url: str
    reason: str
    detail: str
    title: str | None = None
    mark: str = ""


# --- one crawl of one source --------------------------------------------------------------


class Outcome(StrEnum):
    """How a crawl of one source ended."""

    OK = "ok"
    NOT_MODIFIED = "not-modified"
    EMPTY = "empty"
    PAGE_CHANGED = "page-changed"
    ROBOTS = "robots"
    BLOCKED = "blocked"
    NOT_FOUND = "not-found"
    SERVER_ERROR = "server-error"
    DNS = "dns"
    TLS = "tls"
    UNREACHABLE = "unreachable"
    TOO_LARGE = "too-large"
    REFUSED_ADDRESS = "refused-address"
    UNREADABLE = "unreadable"
    CRASHED = "crashed"
    FORGOTTEN = "forgotten"  # no crawl: a person took the source out, and its events with it


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of one source, as its manifest in the inbox says.

    Times are ISO 8601 UTC. `complete` is True only when every page that should be read was
    read without an error; only such a run may say that something is gone. `items` is the
    number of raw events. `detail` is one line for a person: what, where and what to do.
    """

    run_id: str
    source_id: str
    started: str
    finished: str | None
    outcome: Outcome
    complete: bool
    items: int = 0
    pages: int = 0
    requests: int = 0
    not_modified: int = 0
    bytes: int = 0
    detail: str = ""
    counters: Mapping[str, int] = field(default_factory=dict)


# --- what the store holds about a listing -------------------------------------------------


class State(StrEnum):
    """Our own words for whether a listing is still at its source."""

    LIVE = "live"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class StoredListing:
    """A listing with its life so far; times are aware UTC.

    `content_hash` is the listing's own, kept so that it need not be computed again.
    """

    listing: Listing
    state: State
    first_seen: datetime
    last_seen: datetime
    changed_at: datetime
    missed_runs: int = 0
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """What the store knows of a listing without reading what it says."""

    state: State
    first_seen: datetime
    content_hash: str


@dataclass(frozen=True, slots=True)
class Kin:
    """With which others a listing was last found to hang together (`part`), and its hash then."""

    part: str
    content_hash: str


class Change(StrEnum):
    """What one run did to one listing."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Intent:
    """What should happen to one listing, and why. `listing` is None when it was not seen."""

    change: Change
    ref: ListingRef
    reason: str
    listing: Listing | None = None
    state: State = State.LIVE
    missed_runs: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The intents of one run; `held` names why nothing was removed when a person must look.

    `doubts` are the single dates that wait for a person; all else of the run holds.
    """

    intents: tuple[Intent, ...]
    held: str | None = None
    doubts: tuple[Reject, ...] = ()


# --- what the public sees -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which listing a field was taken from, and what the others said (ref, words)."""

    chosen: ListingRef
    losers: tuple[tuple[ListingRef, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Two listings held to be the same event, with the reason in plain words and a score 0..1."""

    a: ListingRef
    b: ListingRef
    score: float
    because: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Listings held to be one event: sorted identities, and the links that hold them together."""

    refs: tuple[ListingRef, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """A pillar (or another label) with the rule and the words that gave it."""

    tag: str
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision of a person that an event follows: its kind (`merge`, `correct`, `hide`, ...), who and why.

    `mark` tells the decision from all others.
    """

    kind: str
    reason: str
    role: str
    date: date
    mark: str


@dataclass(frozen=True, slots=True)
class EventOccurrence:
    """One occurrence of an event with its own permanent UID.

    `sequence` rises when time, place or status change (RFC 5545 §3.8.7.4); `modified` is the
    last change of any published field, aware UTC. `checked` is when, at that change, a source of it had
    last been seen: later visits that find it as it was do not move it, or no file would stay as it is.
    """

    uid: str
    occurrence: Occurrence
    sequence: int = 0
    created: datetime | None = None
    modified: datetime | None = None
    previous: Timed | AllDay | None = None
    checked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One real-world event: what the public sees, and why.

    `hidden` is None for a published event, else the reason code why it is kept out of the
    feeds (`private`, `not-culture`, `not-an-event`, `outside`, `no-municipality`, `withdrawn`, ...).
    `aliases` are the UIDs of events that were merged into this one, `retired` their dates whose
    own UIDs ended with that (`modified` is when). `featured` puts it first on its municipality's page;
    `rulings` are the decisions of people about it.
    """

    uid: str
    title: str
    occurrences: tuple[EventOccurrence, ...]
    place: Place
    listings: tuple[ListingRef, ...]
    subtitle: str | None = None
    status: Status = Status.SCHEDULED
    url: str | None = None
    ticket_url: str | None = None
    price: Price | None = None
    description: str | None = None
    image: str | None = None
    image_credit: str | None = None
    organiser: str | None = None
    performers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    types: tuple[str, ...] = ()  # schema.org types, as the sources say
    language: str | None = None
    sources: tuple[tuple[str, str], ...] = ()  # (source_id, url), the most trusted first
    pillars: tuple[Tag, ...] = ()
    tags: tuple[Tag, ...] = ()
    hidden: str | None = None
    hidden_because: str = ""
    featured: bool = False
    rulings: tuple[Ruling, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    aliases: tuple[str, ...] = ()
    retired: tuple[EventOccurrence, ...] = ()
    created: datetime | None = None
    modified: datetime | None = None

    @property
    def public_hash(self) -> str:
        """Hash of what the public sees; equal hashes mean that nothing has to be rendered again."""
        return content_hash(self, leave_out=("evidence", "links", "rulings", "created", "modified"))


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one field of an event: the journal's line.

    `field` is the field's name, `event` (appeared or was merged away) or, with the UID of an
    `occurrence`, `occurrence` (added, removed) or a field of it. `old` and `new` are plain values
    as `to_plain` gives them, None for nothing. `at` is aware UTC.
    """

    uid: str
    at: datetime
    field: str
    old: Any = None
    new: Any = None
    occurrence: str | None = None


# --- hashing and (de)serialising ----------------------------------------------------------


def to_plain(value: Any) -> Any:
    """Dataclasses, dates, decimals and enums as JSON-ready values; empty fields are left out."""
    if type(value) in _PLAIN:
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain_record(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [to_plain(v) for v in value]
    return value


_PLAIN = frozenset((str, int, float, bool, type(None)))
_NAMES: dict[type, tuple[str, ...]] = {}  # the fields of each dataclass met so far


def _plain_record(value: Any) -> dict[str, Any]:
    """A loop without detours: every listing and event goes through it several times."""
    kind = type(value)
    names = _NAMES.get(kind) or _NAMES.setdefault(kind, tuple(f.name for f in dataclasses.fields(kind)))
    plain: dict[str, Any] = {}
    for name in names:
        field_value = getattr(value, name)
        if type(field_value) not in _PLAIN:
            field_value = to_plain(field_value)
        if field_value or isinstance(field_value, int | float):
            plain[name] = field_value
    if kind is Timed or kind is AllDay:
        plain["type"] = kind.__name__
    return plain


def content_hash(value: Any, leave_out: tuple[str, ...] = ()) -> str:
    """Hex SHA-256 of a dataclass's non-empty fields, independent of field order and defaults."""
    plain = to_plain(value)
    for name in leave_out:
        plain.pop(name, None)
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
