"""What `trek try` answers: labelled-set lines in, plain values out (`CONTRACTS` of the commands).

Each function takes one decoded line and gives the answer as JSON-ready values; a line that is no
valid input raises ValueError with what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from aggregator.clock import AMSTERDAM
from aggregator.model import (
    AllDay,
    Listing,
    ListingRef,
    Occurrence,
    Place,
    Price,
    RawPlace,
    Status,
    Tier,
    Timed,
)

if TYPE_CHECKING:
    from aggregator.dedupe import Deduper
    from aggregator.normalise.place import PlaceFinder
    from aggregator.region import Source
    from aggregator.tag.tagger import Tagger

_NO_SOURCES: Mapping[str, Source] = {}


def answer_when(line: Mapping[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """Occurrences in a printed text: `{"id","occurrences":[{"start","end","doors","rrule"}]}`."""
    from aggregator.normalise.when.reader import read_when

    when = read_when(_text(line, "text"), _day(line, "today"), words=explain)
    answer: dict[str, Any] = {
        "id": line.get("id"),
        "occurrences": [
            {
                "start": _moment(o.start),
                "end": _moment(o.end),
                "doors": f"{o.doors:%H:%M}" if o.doors else None,
                "rrule": o.rrule,
            }
            for o in when.occurrences
        ],
    }
    if when.flags:
        answer["flags"] = list(when.flags)
    if explain:
        answer["words"] = [{"text": word.text, "read_as": word.read_as} for word in when.words]
    return answer


def answer_place(finder: PlaceFinder, line: Mapping[str, Any]) -> dict[str, Any]:
    """Where a location is: `{"id","municipality","venue","because"}`."""
    place = finder.find(raw_place(line.get("location")), _words(line, "title"), None)
    return {
        "id": line.get("id"),
        "municipality": place.municipality,
        "venue": place.venue,
        "because": place.because,
    }


def answer_pillars(tagger: Tagger, line: Mapping[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """Event, culture and pillars of a text, each pillar with its rule and words.

    `explain` adds what the rules say in Dutch and English, and every rule that spoke for or against.
    """
    where = raw_place(line.get("location"))
    reading = tagger.read(
        _text(line, "title"),
        _words(line, "description") or "",
        where.name if where else None,
        categories=_list(line, "categories"),
        types=_list(line, "types"),
    )
    answer: dict[str, Any] = {
        "id": line.get("id"),
        "event": reading.event,
        "culture": reading.culture,
        "pillars": [{"pillar": t.tag, "rule": t.rule, "because": t.because} for t in reading.pillars],
        "tags": [{"tag": t.tag, "rule": t.rule, "because": t.because} for t in reading.tags],
    }
    if reading.because:
        answer["because"] = reading.because
    if explain:
        rules = [tag.rule for tag in (*reading.pillars, *reading.tags)]
        answer["reasons"] = {
            rule: {lang: tagger.reason(rule, lang) for lang in ("nl", "en", "de")} for rule in rules
        }
        answer["evidence"] = list(reading.reasons)
    return answer


def answer_same(
    lines: Sequence[Mapping[str, Any]], deduper: Deduper, finder: PlaceFinder, *, explain: bool = False
) -> list[dict[str, Any]]:
    """Event and occurrence of each listing: equal `event` is the same event."""
    listings = _apart([listing_from_line(line, finder, deduper.region.sources) for line in lines])
    once = list({listing.ref: listing for listing in listings}.values())
    clusters = deduper.cluster(once)
    events = {ref: number for number, found in enumerate(clusters, 1) for ref in found.refs}
    occurrences = deduper.label(once, clusters)
    answers = []
    for line, listing in zip(lines, listings, strict=True):
        number = events[listing.ref]
        answer = {"id": line.get("id"), "event": f"e{number}", "occurrence": occurrences.get(listing.ref)}
        if explain:
            links = [k for k in clusters[number - 1].links if listing.ref in (k.a, k.b)]
            answer["because"] = [f"{k.a.key} = {k.b.key}: {k.because} ({k.score})" for k in links]
        answers.append(answer)
    return answers


def answer_page(listing: Listing, method: str, *, exclusive: bool = False) -> Iterator[dict[str, Any]]:
    """One line per occurrence of a listing, as `trek try page` prints them.

    `exclusive` gives the end of an all-day span as iCalendar writes it, the day after the last.
    """
    for occurrence in listing.occurrences:
        start, end = _span(occurrence.when, exclusive=exclusive)
        yield {
            "title": listing.title,
            "start": start,
            "end": end,
            "allDay": isinstance(occurrence.when, AllDay),
            "status": _status(listing, occurrence).value,
            "doors": f"{occurrence.doors.astimezone(AMSTERDAM):%H:%M}" if occurrence.doors else None,
            "location": _location(listing.place),
            "price": _price(listing.price),
            "url": occurrence.url or listing.url,
            "image": listing.image,
            "method": method,
            "warnings": list(listing.warnings),
        }


def raw_place(location: object) -> RawPlace | None:
    """A location of a line as raw strings."""
    if location is None:
        return None
    if not isinstance(location, dict):
        raise ValueError("location must be an object with name, address, place, postcode")
    parts = {k: location.get(k) for k in ("name", "address", "place", "postcode", "latitude", "longitude")}
    for name, value in parts.items():
        if not isinstance(value, str | int | float | None) or isinstance(value, bool):
            raise ValueError(f"location.{name} must be text")
    return RawPlace(**{k: None if v is None else str(v) for k, v in parts.items()})


def listing_from_line(
    line: Mapping[str, Any], finder: PlaceFinder, sources: Mapping[str, Source] = _NO_SOURCES
) -> Listing:
    """A listing as the labelled sets write it; a source that the region knows tells its tier and home."""
    source = sources.get(_text(line, "source"))
    return Listing(
        source_id=_text(line, "source"),
        key=_text(line, "id"),
        tier=source.tier if source else Tier.REGIONAL,
        title=_text(line, "title"),
        occurrences=_occurrences(
            _text(line, "start"), _words(line, "end"), all_day=line.get("allDay") is True
        ),
        place=finder.find(raw_place(line.get("location")), _text(line, "title"), source),
        url=_words(line, "url"),
        description=_words(line, "description"),
        price=Price(free=True) if line.get("price") == "gratis" else None,
        status=_status_word(_words(line, "status")),
    )


def _apart(listings: list[Listing]) -> list[Listing]:
    """The same with a key of its own for each line that says something else under one id.

    A line that says again what another said is that listing once more.
    """
    known: dict[ListingRef, dict[str, int]] = {}
    apart = []
    for listing in listings:
        said = known.setdefault(listing.ref, {})
        again = said.setdefault(listing.content_hash, len(said))
        apart.append(replace(listing, key=f"{listing.key}#{again}") if again else listing)
    return apart


def _status_word(word: str | None) -> Status:
    """A status as sources spell it: `sold-out`, `soldout`, `cancelled`."""
    plain = (word or "scheduled").replace("-", "")
    return next((s for s in Status if s.value.replace("-", "") == plain), Status.SCHEDULED)


def _occurrences(start: str, end: str | None, *, all_day: bool) -> tuple[Occurrence, ...]:
    for name, value in (("start", start), ("end", end)):
        if value is not None and not _is_stamp(value):
            raise ValueError(f"{name} must be a local time (2026-10-09T20:00) or a day, not {value!r}")
    if all_day:
        last = date.fromisoformat(end[:10]) if end else None
        return (Occurrence(AllDay(date.fromisoformat(start[:10]), last)),)
    begin = datetime.fromisoformat(start).replace(tzinfo=AMSTERDAM)
    finish = datetime.fromisoformat(end).replace(tzinfo=AMSTERDAM) if end and "T" in end else None
    return (Occurrence(Timed(begin, finish if finish and finish > begin else None)),)


def _is_stamp(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _text(line: Mapping[str, Any], key: str) -> str:
    value = line.get(key)
    if value is None:
        raise ValueError(f"{key} is missing")
    if not isinstance(value, str):
        raise ValueError(f"{key} must be text")
    return value


def _words(line: Mapping[str, Any], key: str) -> str | None:
    return None if line.get(key) is None else _text(line, key)


def _list(line: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = line.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{key} must be a list of texts")
    return tuple(value)


def _day(line: Mapping[str, Any], key: str) -> date:
    value = _text(line, key)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{key} must be a day (2026-10-09), not {value!r}") from None


def _moment(value: datetime | date | time | None) -> str | None:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if value else None


def _span(when: Timed | AllDay, *, exclusive: bool) -> tuple[str | None, str | None]:
    if isinstance(when, Timed):
        end = when.end.astimezone(AMSTERDAM) if when.end else None
        return _moment(when.start.astimezone(AMSTERDAM)), _moment(end)
    last = when.last + timedelta(days=1) if exclusive and when.last else when.last
    return _moment(when.first), _moment(last)


def _status(listing: Listing, occurrence: Occurrence) -> Status:
    return listing.status if occurrence.status is Status.SCHEDULED else occurrence.status


def _location(place: Place) -> dict[str, str | None]:
    return {
        "name": place.name,
        "address": place.address,
        "place": place.place,
        "municipality": place.municipality,
        "venue": place.venue,
    }


def _price(price: Price | None) -> dict[str, Any] | None:
    if price is None:
        return None
    return {
        "min": float(price.min) if price.min is not None else None,
        "max": float(price.max) if price.max is not None else None,
        "currency": price.currency,
        "free": price.free,
    }
