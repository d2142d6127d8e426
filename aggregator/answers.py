"""What `trek try` answers: labelled-set lines in, plain values out (`CONTRACTS` of the commands).

Each function takes one decoded line and gives the answer as JSON-ready values; a line that is no
valid input raises ValueError with what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Listing, Occurrence, Place, Price, RawPlace, Status, Tier, Timed

if TYPE_CHECKING:
    from aggregator.dedupe import Deduper
    from aggregator.normalise.place import PlaceFinder
    from aggregator.region import Source
    from aggregator.tag.tagger import Tagger

_NO_SOURCES: Mapping[str, Source] = {}


def answer_when(line: Mapping[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """Occurrences in a printed text: `{"id","occurrences":[{"start","end","doors","rrule"}]}`."""
    from aggregator.normalise.when import parse_when

    today = date.fromisoformat(_text(line, "today"))
    when = parse_when(_text(line, "text"), today)
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
        answer["words"] = [str(word) for word in when.words]
    return answer


def answer_place(finder: PlaceFinder, line: Mapping[str, Any]) -> dict[str, Any]:
    """Where a location is: `{"id","municipality","venue","because"}`."""
    place = finder.find(raw_place(line.get("location")), line.get("title"), None)
    return {
        "id": line.get("id"),
        "municipality": place.municipality,
        "venue": place.venue,
        "because": place.because,
    }


def answer_pillars(tagger: Tagger, line: Mapping[str, Any]) -> dict[str, Any]:
    """Event, culture and pillars of a text, each pillar with its rule and words."""
    location = line.get("location") or {}
    categories = line.get("categories") or []
    if not isinstance(location, dict) or not isinstance(categories, list):
        raise ValueError("location must be an object and categories a list")
    reading = tagger.read(
        _text(line, "title"),
        line.get("description") or "",
        location.get("name"),
        location.get("place"),
        tuple(map(str, categories)),
    )
    answer: dict[str, Any] = {
        "id": line.get("id"),
        "event": reading.event,
        "culture": reading.culture,
        "pillars": [{"pillar": t.tag, "rule": t.rule, "because": t.because} for t in reading.pillars],
    }
    if reading.because:
        answer["because"] = reading.because
    return answer


def answer_same(
    lines: Sequence[Mapping[str, Any]], deduper: Deduper, finder: PlaceFinder, *, explain: bool = False
) -> list[dict[str, Any]]:
    """Event and occurrence of each listing: equal `event` is the same event."""
    listings = [listing_from_line(line, finder, deduper.region.sources) for line in lines]
    clusters = deduper.cluster(listings)
    events = {ref: number for number, found in enumerate(clusters, 1) for ref in found.refs}
    occurrences = deduper.label(listings, clusters)
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
    return RawPlace(**{k: None if v is None else str(v) for k, v in parts.items()})


def listing_from_line(
    line: Mapping[str, Any], finder: PlaceFinder, sources: Mapping[str, Source] = _NO_SOURCES
) -> Listing:
    """A listing as the labelled sets write it; a source that the region knows tells its tier and home."""
    all_day = bool(line.get("allDay"))
    price = line.get("price")
    source = sources.get(_text(line, "source"))
    return Listing(
        source_id=_text(line, "source"),
        key=_text(line, "id"),
        tier=source.tier if source else Tier.REGIONAL,
        title=_text(line, "title"),
        occurrences=_occurrences(_text(line, "start"), line.get("end"), all_day=all_day),
        place=finder.find(raw_place(line.get("location")), line.get("title"), source),
        url=line.get("url"),
        description=line.get("description"),
        price=Price(free=True) if price == "gratis" else None,
        status=_status_word(line.get("status")),
    )


def _status_word(word: str | None) -> Status:
    """A status as sources spell it: `sold-out`, `soldout`, `cancelled`."""
    plain = (word or "scheduled").replace("-", "")
    return next((s for s in Status if s.value.replace("-", "") == plain), Status.SCHEDULED)


def _occurrences(start: str, end: str | None, *, all_day: bool) -> tuple[Occurrence, ...]:
    if all_day:
        last = date.fromisoformat(end[:10]) if end else None
        return (Occurrence(AllDay(date.fromisoformat(start[:10]), last)),)
    begin = datetime.fromisoformat(start).replace(tzinfo=AMSTERDAM)
    finish = datetime.fromisoformat(end).replace(tzinfo=AMSTERDAM) if end and "T" in end else None
    return (Occurrence(Timed(begin, finish if finish and finish > begin else None)),)


def _text(line: Mapping[str, Any], key: str) -> str:
    value = line.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key} is missing or no text")
    return value


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
