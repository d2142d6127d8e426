"""What people decided: `config/corrections/<municipality>.yaml` (`region.yaml` for all), before any rule.

    corrections:
      - about: {url: "https://..."}  # or uid:, listing: "source (key)", title: with on: and venue: to be sure
        set: [createch]              # pillars that it has
        unset: [muziek]              # pillars that it has not
        hide: true                   # or show: true, when a rule hides it wrongly
        date: 2026-11-24             # when and by whom it was decided, and why, for the next person
        role: redactie
        reason: Het gaat om lichtkunst.
        until: 2027-06-01            # no longer holds from this day on; may be left out
        example: true                # `trek tag learn` may learn from it

Entries with `merge:` or `split:` in the same files are of the sameness rules and are passed over here. A file
touches only events of its own municipality.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ValidationError, model_validator

from aggregator.errors import ConfigError, ConfigMistakesError
from aggregator.model import AllDay, Event, Tag
from aggregator.region import WHOLE_REGION, Id, Model, Region

FOLDER = "corrections/"
RULE = "correction"  # the rule of a tag, and the reason code of an event, that a person decided
NOT_OURS = ("merge", "split")
OVERRULED = ("not-culture", "not-an-event", "private")  # what `show` may undo


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _truth(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
Truth = Annotated[bool, BeforeValidator(_truth)]


class About(Model):
    """Which event is meant: all that is given must hold."""

    uid: str | None = None
    url: str | None = None
    listing: str | None = None  # "source (key)", as `trek explain` prints it
    title: str | None = None
    on: Day | None = None
    venue: Id | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.uid or self.url or self.listing or self.title):
            raise ValueError("name an event by uid:, url:, listing: or title:")
        return self

    def fits(self, event: Event) -> bool:
        """Whether an event is the one that is meant."""
        listings = {f"{ref.source_id} ({ref.key})" for ref in event.listings}
        urls = {event.url, *(url for _, url in event.sources)}
        return (
            (self.uid is None or self.uid in (event.uid, *event.aliases))
            and (self.url is None or self.url in urls)
            and (self.listing is None or self.listing in listings)
            and (self.title is None or self.title.casefold() == event.title.casefold())
            and (self.venue is None or self.venue == event.place.venue)
            and (self.on is None or any(_is_on(o.occurrence.when, self.on) for o in event.occurrences))
        )


def _is_on(when: Any, day: date) -> bool:
    if isinstance(when, AllDay):
        first = when.first or when.last
        return first is not None and first <= day <= (when.last or first)
    return bool(when.start.date() == day)


class Decision(Model):
    """One decision of a person about the labels of one event."""

    about: About
    date: Day
    role: str
    reason: str
    until: Day | None = None
    set: tuple[Id, ...] = ()
    unset: tuple[Id, ...] = ()
    hide: Truth = False
    show: Truth = False
    example: Truth = False

    @model_validator(mode="after")
    def _decides_something(self) -> Self:
        if not (self.set or self.unset or self.hide or self.show):
            raise ValueError("decide something with set:, unset:, hide: or show:")
        if self.hide and self.show:
            raise ValueError("hide: or show:, not both")
        return self

    @property
    def because(self) -> str:
        """Who decided it, when and why."""
        return f"{self.reason} ({self.role}, {self.date.isoformat()})"


@dataclass(frozen=True, slots=True)
class Placed:
    """A decision with the file that it stands in and the municipality that it is for."""

    decision: Decision
    file: str
    home: str

    def fits(self, event: Event) -> bool:
        """Whether it is about this event, and this event is of its municipality."""
        own = self.home in (WHOLE_REGION, event.place.municipality)
        return own and self.decision.about.fits(event)


class Corrections:
    """All decisions of a region that hold `today`; ConfigMistakesError with every mistake in the files."""

    def __init__(self, region: Region, today: date | None = None) -> None:
        known = set(region.pillars)
        all_of_them = sorted(_load(region, known), key=lambda one: one.decision.date)
        self._ended = [p for p in all_of_them if today and p.decision.until and p.decision.until <= today]
        self._placed = [p for p in all_of_them if p not in self._ended]

    def of(self, event: Event) -> list[Decision]:
        """The decisions about an event, the earliest first."""
        return [placed.decision for placed in self._placed if placed.fits(event)]

    def apply(self, event: Event, could: tuple[Tag, ...] = ()) -> Event:
        """The tagged event as people want it; `could` are the pillars it would have if it were shown."""
        for decision in self.of(event):
            if decision.hide:
                event = replace(event, hidden=RULE, hidden_because=decision.because, pillars=())
            elif decision.show and event.hidden in (*OVERRULED, RULE):
                hidden = _by_place(event)
                event = replace(
                    event, hidden=hidden, hidden_because=event.place.because if hidden else "", pillars=could
                )
            kept = [t for t in event.pillars if t.tag not in (*decision.unset, *decision.set)]
            if event.hidden is None:
                kept += [Tag(pillar, RULE, decision.because) for pillar in decision.set]
            event = replace(event, pillars=tuple(sorted(kept, key=lambda t: t.tag)))
        return event

    def report(self, events: Iterable[Event]) -> list[str]:
        """A line for each decision that has ended or is about none of the events, with what to do."""
        seen = tuple(events)
        idle = [p for p in self._placed if not any(p.fits(event) for event in seen)]
        return [
            *(f"{p.file}: {_short(p)} has ended on {p.decision.until}; take it out" for p in self._ended),
            *(f"{p.file}: {_short(p)} is about no event; check it or take it out" for p in idle),
        ]

    def examples(self, events: Iterable[Event]) -> Iterator[dict[str, Any]]:
        """The events that a decision offers as examples, as lines of `config/examples.jsonl`."""
        for event in events:
            if any(decision.example for decision in self.of(event)):
                yield {
                    "title": event.title,
                    "description": event.description,
                    "pillars": [tag.tag for tag in event.pillars],
                    "event": event.hidden != "not-an-event",
                    "culture": event.hidden not in ("not-culture", RULE),
                }


def _by_place(event: Event) -> str | None:
    """Why its place alone keeps an event out, which no decision about tags can change."""
    return {None: "no-municipality", "outside": "outside"}.get(event.place.municipality)


def _short(placed: Placed) -> str:
    about = placed.decision.about
    return (
        f"the decision of {placed.decision.date} on {about.title or about.url or about.uid or about.listing}"
    )


def _load(region: Region, pillars: set[str]) -> list[Placed]:
    placed, mistakes = [], []
    for name, raw in region.raw.items():
        if not name.startswith(FOLDER):
            continue
        file, home = f"{name}.yaml", name.removeprefix(FOLDER)
        if home != WHOLE_REGION and home not in region.municipalities:
            mistakes.append(
                ConfigError(f"no municipality is called {home}", file, "", "check the file's name")
            )
        for number, entry in enumerate(_entries(raw)):
            wrong, decision = _read(entry, file, f"corrections.{number}", pillars)
            mistakes += wrong
            if decision:
                placed.append(Placed(decision, file, home))
    if mistakes:
        raise ConfigMistakesError(tuple(mistakes))
    return placed


def _entries(raw: Any) -> list[Any]:
    entries = raw.get("corrections") if isinstance(raw, Mapping) else None
    return [e for e in entries or () if not (isinstance(e, Mapping) and any(key in e for key in NOT_OURS))]


def _read(entry: Any, file: str, where: str, pillars: set[str]) -> tuple[list[ConfigError], Decision | None]:
    try:
        decision = Decision.model_validate(entry)
    except ValidationError as error:
        return [
            ConfigError(str(e["msg"]), file, ".".join((where, *(str(part) for part in e["loc"]))))
            for e in error.errors()
        ], None
    unknown = sorted({*decision.set, *decision.unset} - pillars)
    hint = f"write one of {', '.join(sorted(pillars))}"
    return [ConfigError(f"no pillar is called {name}", file, where, hint) for name in unknown], decision
