"""Fields of an event as a person knows them better than its sources: checked values, put in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from aggregator.clock import AMSTERDAM
from aggregator.dedupe.said import said
from aggregator.fields import Id, Model, WebAddress, Words
from aggregator.model import (
    AllDay,
    Event,
    EventOccurrence,
    Evidence,
    ListingRef,
    Occurrence,
    Place,
    Price,
    RawOffer,
    Status,
    Timed,
)
from aggregator.normalise.price import parse_price
from aggregator.region import Region

CORRECTION = "correction"  # stands for a source where a person said it
PLACE = ("venue", "municipality", "place", "address", "hall")
PLAIN = ("title", "subtitle", "description", "url", "ticket_url", "organiser", "performers")
_TIMED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?:/(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d)?")
_DAYS = re.compile(r"\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?")
HOW = "write 2026-12-05T20:00, 2026-12-05T20:00/22:30, 2026-12-05 or 2026-12-05/2027-01-10"


def read_moment(text: str) -> Timed | AllDay:
    """A local moment, with or without its end, or a day or span of days; ValueError says how to write it."""
    text = text.strip()
    if not (_TIMED.fullmatch(text) or _DAYS.fullmatch(text)):
        raise ValueError(f"{text!r} is no time; {HOW}")
    begin, _, end = text.partition("/")
    try:
        if "T" not in begin:
            first, last = date.fromisoformat(begin), date.fromisoformat(end) if end else None
            if last is not None and last < first:
                raise ValueError(f"{text!r} ends before it begins")
            return AllDay(first, last)
        start = datetime.fromisoformat(begin).replace(tzinfo=AMSTERDAM)
        full = end if "T" in end else f"{begin[:10]}T{end}"
        finish = datetime.fromisoformat(full).replace(tzinfo=AMSTERDAM) if end else None
    except ValueError as error:
        raise ValueError(str(error) if "ends before" in str(error) else f"{text!r}: {error}; {HOW}") from None
    if finish is not None and finish <= start:
        raise ValueError(f"{text!r} ends before it begins")
    return Timed(start, finish)


def read_price(text: str) -> Price:
    """`gratis`, `€ 12,50`, `€ 10 - 15`; ValueError when no amount is in it."""
    bare = re.fullmatch(r"[\d.,]+(?:\s*-\s*[\d.,]+)?", text.strip())
    found, _, _ = parse_price((RawOffer(text=f"€ {text}" if bare else text),), None)
    if found is None:
        raise ValueError(f"{text!r} is no price; write gratis, € 12,50 or € 10 - 15")
    return found


def _times(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _check_times(texts: tuple[str, ...]) -> tuple[str, ...]:
    if len({read_moment(text) for text in texts}) < len(texts):
        raise ValueError("one time is written twice")
    return texts


def _check_price(text: str) -> str:
    read_price(text)
    return text


Line = Annotated[str, Field(min_length=1, max_length=300)]


class Values(Model):
    """The right values; `times` are all of the event's times, local.

    `venue` is a venue's id, `municipality` a municipality's or `outside`.
    """

    title: Line | None = None
    subtitle: Line | None = None
    description: Annotated[str, Field(min_length=1, max_length=3000)] | None = None
    times: (
        Annotated[tuple[str, ...], BeforeValidator(_times), Field(min_length=1), AfterValidator(_check_times)]
        | None
    ) = None
    status: Status | None = None
    venue: Id | None = None
    municipality: Id | None = None
    place: Line | None = None
    address: Line | None = None
    hall: Line | None = None
    price: Annotated[str, AfterValidator(_check_price)] | None = None
    url: WebAddress | None = None
    ticket_url: WebAddress | None = None
    organiser: Line | None = None
    performers: Words | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The fields that are corrected, as written."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


def correct(event: Event, values: Values, region: Region, who: str) -> Event:
    """The event with the right values; each corrected field says that a person (`who`) said so."""
    given = values.given
    changes: dict[str, Any] = {name: given[name] for name in PLAIN if name in given}
    if "price" in given:
        changes["price"] = read_price(given["price"])
    if any(name in given for name in PLACE):
        changes["place"] = _placed(event.place, given, region)
    if "status" in given:
        changes["status"] = given["status"]
    if "times" in given or "status" in given:
        changes["occurrences"] = tuple(_occurrences(event, given))
    said_anew = [name for name in changes if name != "occurrences" or "times" in given]
    evidence = {**event.evidence, **{name: _overruled(event, name, who) for name in said_anew}}
    return replace(event, evidence=evidence, **changes)


def without(event: Event, names: tuple[str, ...]) -> Event:
    """The event without these fields."""
    blank: Mapping[str, Any] = {"performers": ()}
    changes: dict[str, Any] = {name: blank.get(name) for name in names}
    if "image" in names:
        changes["image_credit"] = None
    evidence = {name: one for name, one in event.evidence.items() if name not in changes}
    return replace(event, evidence=evidence, **changes)


def _overruled(event: Event, name: str, who: str) -> Evidence:
    """Evidence for a corrected field; what the sources said is kept."""
    before = event.evidence.get(name)
    if before is None:
        return Evidence(ListingRef(CORRECTION, who))
    value = getattr(event, name)
    shown = tuple(o.occurrence for o in value) if name == "occurrences" else value
    return Evidence(ListingRef(CORRECTION, who), ((before.chosen, said(shown)), *before.losers))


def _placed(old: Place, given: Mapping[str, Any], region: Region) -> Place:
    """The place with its corrected parts; a venue brings its own address, point and municipality."""
    new = old
    if venue := region.venues.get(given.get("venue", "")):
        new = Place(
            municipality=venue.municipality,
            venue=venue.id,
            name=venue.name,
            address=venue.address,
            postcode=venue.postcode,
            place=venue.place,
            latitude=venue.latitude,
            longitude=venue.longitude,
        )
    elif any(name in given for name in ("municipality", "place", "address")):
        new = replace(new, venue=None, postcode=None, latitude=None, longitude=None)  # of another spot
    parts = {name: given[name] for name in PLACE if name in given and name != "venue"}
    return replace(new, **parts, because=CORRECTION)


def _occurrences(event: Event, given: Mapping[str, Any]) -> Iterator[EventOccurrence]:
    """The moments as corrected; one that was known keeps its status, doors, hours and address."""
    known = {_start(o.occurrence): o.occurrence for o in event.occurrences}
    states = {o.occurrence.status for o in event.occurrences}
    usual = next(iter(states)) if len(states) == 1 else Status.SCHEDULED
    if "times" in given:
        made = [_known(known, read_moment(text), usual) for text in given["times"]]
    else:
        made = [o.occurrence for o in event.occurrences]
    for one in sorted(made, key=lambda o: (_day(o.when), str(_start(o)))):
        yield EventOccurrence("", replace(one, status=given.get("status", one.status)))


def _known(known: Mapping[object, Occurrence], when: Timed | AllDay, usual: Status) -> Occurrence:
    before = known.get(_start(Occurrence(when)))
    return replace(before, when=when) if before else Occurrence(when, usual)


def _start(occurrence: Occurrence) -> object:
    when = occurrence.when
    return when.start if isinstance(when, Timed) else (when.first, when.last)


def _day(when: Timed | AllDay) -> str:
    return when.start.astimezone(AMSTERDAM).isoformat() if isinstance(when, Timed) else str(when.first)
