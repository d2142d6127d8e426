"""How a decision is written: one entry under `corrections:` in `config/corrections/<municipality>.yaml`.

- merge: [metropool (quiz-42), "https://uitinhengelo.example/quiz"]   # two or more are one event
- split: [metropool (quiz-42), "https://uitinhengelo.example/quiz"]   # these are not one event
- about: {uid: 2f1e6a9c-0b1d-5c1e-8f3a-1c2d3e4f5a6b}  # or url:, listing: or title:; more to be sure
  correct: {title: Popquiz, times: ["2026-12-05T20:00"]}
  without: [image]        # leave these fields out
  set: [createch]         # pillars that it has
  unset: [muziek]         # pillars that it has not
  hide: true              # or show: true, when a rule hides it wrongly
  feature: true           # first on its municipality's page
  date: 2026-11-24        # when, by whom and why it was decided: of every entry
  role: redactie
  reason: Het gaat om lichtkunst.
  until: 2027-06-01       # no longer holds from this day on; may be left out
  example: true           # `trek tag learn` may learn from it
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from aggregator.correct.field import Values
from aggregator.fields import Id, Model
from aggregator.identity import event_uid
from aggregator.model import AllDay, Event, ListingRef, Ruling
from aggregator.normalise.key import url_key

KINDS = ("uid", "listing", "url", "title")  # of what an event can be found by
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LISTING = re.compile(r"([a-z0-9-]+) \((.+)\)")


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _truth(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _role(value: str) -> str:
    if "@" in value:
        raise ValueError(f"{value!r} names a person; write what they are: redactie, podium, organisator")
    return value


Day = Annotated[date, BeforeValidator(_day)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Role = Annotated[str, Field(min_length=2, max_length=60), AfterValidator(_role)]
Reason = Annotated[str, Field(min_length=3, max_length=400)]
Removable = Literal[
    "subtitle", "description", "image", "price", "ticket_url", "url", "organiser", "performers"
]


@dataclass(frozen=True, slots=True)
class Ref:
    """An event or listing as an editor names it; each part may be None.

    A web address that holds a UID is an event's own page, or a source's page that looks alike.
    """

    text: str
    uid: str | None = None
    url: str | None = None
    listing: ListingRef | None = None

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """What it can be found by (`keys_of`)."""
        parts = (("uid", self.uid), ("url", self.url), ("listing", self.listing and name_of(self.listing)))
        return tuple((kind, value) for kind, value in parts if value)


def read_ref(text: str) -> Ref:
    """`source (key)`, a UID, or a web address; ValueError with what to write for anything else."""
    text = text.strip()
    found = _LISTING.fullmatch(text)
    if found:
        return Ref(text, listing=ListingRef(found[1], found[2]))
    uid, url = _UUID.search(text), url_key(text)
    if url or (uid and uid[0] == text):
        return Ref(text, uid[0].lower() if uid else None, url)
    raise ValueError(f"{text!r} names no event; write a UID, a web address, or source (key)")


def _refs(texts: tuple[str, ...]) -> tuple[str, ...]:
    if len({read_ref(text) for text in texts}) < 2:
        raise ValueError("name at least two events or listings")
    return texts


Refs = Annotated[tuple[str, ...], AfterValidator(_refs)]


class About(Model):
    """Which event is meant: all that is given must hold. `listing` is `source (key)`."""

    uid: str | None = None
    url: str | None = None
    listing: str | None = None
    title: str | None = None
    on: Day | None = None
    venue: Id | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.uid or self.url or self.listing or self.title):
            raise ValueError("name an event by uid:, url:, listing: or title:")
        if self.listing and not _LISTING.fullmatch(self.listing):
            raise ValueError(
                f"listing: {self.listing!r} is none; write source (key), as trek explain prints it"
            )
        return self

    def fits(self, event: Event) -> bool:
        """Whether an event is the one that is meant: by its present facts, and by UIDs old and new."""
        return (
            (self.uid is None or self.uid.lower() in uids_of(event))
            and (self.url is None or _key(self.url) in urls_of(event))
            and (self.listing is None or self.listing in map(name_of, event.listings))
            and (self.title is None or self.title.casefold() == event.title.casefold())
            and (self.venue is None or self.venue == event.place.venue)
            and (self.on is None or any(_is_on(o.occurrence.when, self.on) for o in event.occurrences))
        )

    @property
    def text(self) -> str:
        """The event in few words."""
        return self.title or self.url or self.uid or self.listing or ""

    @property
    def key(self) -> tuple[str, str]:
        """What it can be found by at once: a kind and a value."""
        if self.uid:
            return "uid", self.uid.lower()
        if self.listing:
            return "listing", self.listing
        if self.url:
            return "url", _key(self.url)
        return "title", (self.title or "").casefold()


def keys_of(event: Event, kinds: Collection[str] = KINDS) -> Iterator[tuple[str, str]]:
    """All that an event can be found by (`About.key`); only of these kinds, as some take time."""
    if "uid" in kinds:
        yield from (("uid", uid) for uid in uids_of(event))
    if "listing" in kinds:
        yield from (("listing", name_of(ref)) for ref in event.listings)
    if "url" in kinds:
        yield from (("url", url) for url in urls_of(event))
    if "title" in kinds:
        yield "title", event.title.casefold()


def uids_of(event: Event) -> set[str]:
    """Every UID that the event ever had, or would have had alone: of each listing that founds one."""
    return {event.uid, *event.aliases, *map(event_uid, event.listings)}


def urls_of(event: Event) -> set[str]:
    """The addresses of an event's pages at its sources, without what changes while the page stays."""
    return {_key(url) for url in (event.url, *(url for _, url in event.sources)) if url}


def name_of(ref: ListingRef) -> str:
    """A listing as `trek explain` prints it and a decision names it."""
    return f"{ref.source_id} ({ref.key})"


def _key(url: str) -> str:
    return url_key(url) or url


def _is_on(when: Any, day: date) -> bool:
    if isinstance(when, AllDay):
        first = when.first or when.last
        return first is not None and first <= day <= (when.last or first)
    return bool(when.start.date() == day)


class Decision(Model):
    """One decision: either `merge`, or `split`, or something `about` one event."""

    merge: Refs = ()
    split: Refs = ()
    about: About | None = None
    correct: Values | None = None
    without: tuple[Removable, ...] = ()
    set: tuple[Id, ...] = ()
    unset: tuple[Id, ...] = ()
    hide: Truth = False
    show: Truth = False
    feature: Truth = False
    example: Truth = False
    date: Day
    role: Role
    reason: Reason
    until: Day | None = None

    @model_validator(mode="after")
    def _decides_one_thing(self) -> Self:
        deeds = self.kinds
        if not deeds:
            raise ValueError(
                "decide something with set:, unset:, hide:, show:, correct:, without: or feature:"
            )
        if len(deeds) > 1 and {"merge", "split"} & set(deeds):
            raise ValueError("merge: and split: stand alone; write another entry for the rest")
        if deeds[0] in ("merge", "split"):
            if self.about or self.example:
                raise ValueError(f"{deeds[0]}: names its events itself; take about: and example: out")
        elif self.about is None:
            raise ValueError("name an event by about: {uid: ...}, {url: ...}, {listing: ...} or {title: ...}")
        if self.hide and self.show:
            raise ValueError("hide: or show:, not both")
        if self.until and self.until <= self.date:
            raise ValueError(f"until: {self.until} is not after date: {self.date}")
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it decides, by the names of its keys."""
        names = ("merge", "split", "correct", "without", "set", "unset", "hide", "show", "feature")
        return tuple(name for name in names if getattr(self, name))

    @property
    def because(self) -> str:
        """Who decided it, when and why."""
        return f"{self.reason} ({self.role}, {self.date.isoformat()})"

    def rulings(self, mark: str) -> tuple[Ruling, ...]:
        """Its deeds as an event remembers them."""
        return tuple(Ruling(kind, self.reason, self.role, self.date, mark) for kind in self.kinds)

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The events or listings that a merge or split names."""
        return tuple(map(read_ref, (*self.merge, *self.split)))

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """What the events that it may be about can be found by (`keys_of`)."""
        return (self.about.key,) if self.about else tuple(key for ref in self.refs for key in ref.keys)

    @property
    def text(self) -> str:
        """What it is about, in few words."""
        return self.about.text if self.about else " + ".join(self.merge or self.split)
