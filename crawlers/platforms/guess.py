"""Events in JSON of which nobody said where they are: objects with a title-like and a date-like key.

Careful rather than clever. A key that may also be a day of publication (`date`) counts only where
something else speaks of events; an object that names itself something else (`news`) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from aggregator.model import RawEvent, RawOccurrence, RawOffer, RawPlace
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms.dateish import holds_date, holds_time, is_stamp
from crawlers.platforms.dom import absolute
from crawlers.platforms.make import make_event, make_place, plain, stamp, zone_of
from crawlers.platforms.pluck import flag, objects, pluck, text

Row = dict[str, Any]
_MOST_NODES = 200_000
_MOST_EVENTS = 5_000
_TITLES = ("title", "name", "titel", "naam", "eventname", "eventtitle", "heading", "headline")
_STARTS = (
    "startdatetime", "datetimestart", "startdate", "start", "startson", "startsat", "startat", "starttime",
    "datestart", "begindate", "begindatum", "startdatum", "begin", "eventstart", "eventstartdate",
    "eventdate", "eventdatetime", "aanvang", "performancedate", "datetime",
)  # fmt: skip
_WEAK = ("date", "datum")
_ENDS = (
    "enddatetime", "datetimeend", "enddate", "end", "endson", "endsat", "endat", "endtime", "dateend",
    "einddatum", "eventend", "eventenddate", "eind",
)  # fmt: skip
_CLOCKS = ("time", "tijd", "starttime", "begintijd", "starttijd", "aanvang", "timestart")
_LINKS = ("url", "link", "permalink", "fullurl", "contenturl", "href", "absoluteurl", "detailurl", "weburl")
_PLACES = ("venue", "location", "locatie", "place", "locations", "venues", "podium", "zaal", "room", "hall")
_TIMES = (
    "dates",
    "occurrences",
    "shows",
    "performances",
    "instances",
    "sessions",
    "eventdates",
    "voorstellingen",
)
_KINDS = ("type", "object", "kind", "posttype", "contenttype")
_EVENTISH = re.compile(
    r"event|agenda|activit|voorstelling|concert|program|show|film|performance|festival", re.I
)
_IDLE = frozenset(
    {"publish", "published", "live", "active", "gepubliceerd", "1", "0", "true", "false", "on_sale"}
)


def guess_events(page: Page, source: Source | None, data: Any, method: str) -> Iterator[RawEvent]:
    """Events anywhere in a JSON value, outermost first, in the order given."""
    hint = _EVENTISH.search(page.url) is not None
    budget = [_MOST_NODES]
    for row, place, told in islice(_walk(data, None, hint, budget, 0), _MOST_EVENTS):
        event = _event(page, source, row, place, told, method)
        if event is not None:
            yield event


def _walk(
    value: Any, place: RawPlace | None, told: bool, budget: list[int], depth: int
) -> Iterator[tuple[Row, RawPlace | None, bool]]:
    """Objects that may be events, with the place that a parent names and whether events are spoken of."""
    budget[0] -= 1
    if budget[0] < 0 or depth > 24:
        return
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        named = _kind_key(rows)
        for item in value:
            if isinstance(item, dict) and named and "event" not in str(item.get(named)).lower():
                continue
            yield from _walk(item, place, told, budget, depth + 1)
    elif isinstance(value, dict):
        if _title(value) and _times(value, told):
            yield value, place, told
            return
        for key, child in value.items():
            inner = (
                (_place_of(child) or place) if _norm(key) in _PLACES and isinstance(child, dict) else place
            )
            yield from _walk(child, inner, told or _EVENTISH.search(str(key)) is not None, budget, depth + 1)


def _kind_key(rows: list[Row]) -> str | None:
    """The key by which a mixed list tells its events from other things; None when it does not."""
    for key in {k for row in rows for k in row if _norm(k) in _KINDS}:
        values = {str(row.get(key)).lower() for row in rows}
        if values & {"event", "events", "tribe_events"} and len(values) > 1:
            return key
    return None


def _event(
    page: Page, source: Source | None, row: Row, place: RawPlace | None, told: bool, method: str
) -> RawEvent | None:
    times = tuple(_times(row, told, zone_of(source)))
    title = _title(row)
    if not title or not times:
        return None
    image = _first(row, ("image", "imageurl", "thumbnail", "picture", "img", "poster", "asseturl"))
    return make_event(
        page,
        source,
        method,
        title,
        occurrences=times,
        source_key=text(row, "id", "uuid", "_id", "eventId", "event_id", "ID"),
        subtitle=text(row, "subtitle", "subtitel", "sub_title"),
        url=absolute(page.url, _scalar(_first(row, _LINKS))),
        status=_status(row),
        place=_own_place(row) or place,
        offers=_offers(row),
        free=True if any(flag(row, k) for k in ("is_free", "isFree", "free", "gratis")) else None,
        ticket_url=absolute(
            page.url, text(row, "ticket_url", "ticketUrl", "ticketLink", "checkout_url", "tickets_url")
        ),
        description=_scalar(
            _first(row, ("description", "omschrijving", "beschrijving", "content", "excerpt", "intro"))
        ),
        image=absolute(page.url, _scalar(image)),
        categories=_categories(row),
    )


# --- keys ---------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _norm(key: str) -> str:
    return re.sub(r"[^a-z]", "", key.lower())


def _first(row: Row, names: tuple[str, ...]) -> Any:
    """The value of the first of these keys (case and separators ignored) that has one."""
    known = {_norm(k): v for k, v in reversed(row.items())}
    return next((known[n] for n in names if known.get(n) not in (None, "", [], {})), None)


def _scalar(value: Any) -> str | None:
    """Text of a scalar, or of the object that wraps it (`{"rendered": …}`, `{"text": …, "html": …}`)."""
    if isinstance(value, dict):
        return text(value, "text", "rendered", "nl", "value", "original.url", "url", "src", "label")
    return plain(value)


def _title(row: Row) -> str | None:
    found = _scalar(_first(row, _TITLES))
    return found if found and not found.isdigit() and not is_stamp(found) else None


# --- times --------------------------------------------------------------------------------


def _times(row: Row, told: bool, zone: str = "") -> list[RawOccurrence]:
    own = _time(row, told, zone)
    if own is not None:
        return [own]
    parts = _first(row, _TIMES)
    return [o for part in objects(parts) if not _title(part) and (o := _time(part, True, zone))]


def _time(row: Row, told: bool, zone: str) -> RawOccurrence | None:
    value = _first(row, _STARTS)
    begin = _moment(value)
    if begin is None and told and not _is_post(row):
        value = _first(row, _WEAK)
        begin = _moment(value)
    if begin is None:
        return _split(row)
    end = _moment(_first(row, _ENDS))
    named = (
        text(value, "timezone", "timeZone") if isinstance(value, dict) else text(row, "timezone", "timeZone")
    )
    zone = named if named and "/" in named else zone
    if not is_stamp(begin):
        clock = _scalar(_first(row, _CLOCKS))
        words = begin if holds_time(begin) or not clock or not holds_time(clock) else f"{begin} {clock}"
        return RawOccurrence(text=words, zone=zone)
    if len(begin) == 10 and (clock := _clock(row)):
        begin = f"{begin}T{clock}"
    return RawOccurrence(start=begin, end=end if end and is_stamp(end) and end != begin else None, zone=zone)


def _moment(value: Any) -> str | None:
    """A stamp, or words with a date; objects such as `{local, utc, timezone}` by their local part."""
    if isinstance(value, dict):
        return next(
            (
                m
                for k in ("local", "dateTime", "iso", "datetime", "date", "utc")
                if (m := _moment(value.get(k)))
            ),
            None,
        )
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    made = stamp(int(value) if isinstance(value, float) else value)
    return made if made and len(made) <= 80 and (is_stamp(made) or holds_date(made)) else None


def _clock(row: Row) -> str | None:
    found = re.match(r"^\s*([01]?\d|2[0-3]):([0-5]\d)", _scalar(_first(row, _CLOCKS)) or "")
    return f"{int(found[1]):02}:{found[2]}" if found else None


def _split(row: Row) -> RawOccurrence | None:
    """A day, month and year that stand in three keys."""
    parts = [_scalar(_first(row, (name,))) for name in ("day", "month", "year")]
    joined = " ".join(p for p in parts if p)
    clock = _scalar(_first(row, ("time", "tijd")))
    if not all(parts[:2]) or not holds_date(joined):
        return None
    return RawOccurrence(text=f"{joined} {clock}" if clock and holds_time(clock) else joined)


def _is_post(row: Row) -> bool:
    """Whether the object is a news item or blog post: then `date` is its day of publication."""
    return bool({"date_gmt", "dategmt", "pubDate", "author", "comment_status"} & set(row))


# --- the rest -----------------------------------------------------------------------------


def _status(row: Row) -> str | None:
    for key in ("cancelled", "canceled", "is_cancelled", "isCancelled", "geannuleerd"):
        if flag(row, key):
            return "cancelled"
    for key in ("sold_out", "soldOut", "soldout", "uitverkocht", "is_sold_out", "isSoldOut"):
        if flag(row, key):
            return "soldout"
    said = text(row, "status.label", "eventStatus", "status_label", "status")
    return said if said and said.lower() not in _IDLE else None


def _own_place(row: Row) -> RawPlace | None:
    return _place_of(_first(row, _PLACES)) or make_place(
        name=text(row, "location_name", "locationName", "venue_name", "venueName"),
        place=text(row, "city", "plaats"),
    )


def _place_of(value: Any) -> RawPlace | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return make_place(name=plain(value))
    inner: Any = next((v for k in ("address", "location") if isinstance(v := value.get(k), dict)), value)
    return make_place(
        name=text(value, "name", "title", "venue", "naam", "addressTitle"),
        address=text(inner, "address_1", "street", "streetAddress", "addressLine1", "address"),
        place=text(inner, "city", "plaats", "addressLocality", "town") or text(value, "city"),
        postcode=text(inner, "postal_code", "postalCode", "zip", "zipcode", "postcode")
        or text(value, "postal_code"),
        latitude=text(inner, "latitude", "lat", "markerLat") or text(value, "latitude", "lat"),
        longitude=text(inner, "longitude", "lng", "lon", "markerLng") or text(value, "longitude", "lng"),
        country=text(inner, "country"),
    )


def _offers(row: Row) -> tuple[RawOffer, ...]:
    price = _first(row, ("price", "prijs", "ticketprice", "cost", "entree", "pricetext", "entreeprijs"))
    low, high = pluck(row, "minPrice"), pluck(row, "maxPrice")
    said = _scalar(price)
    if not said and not plain(low):
        return ()
    return (RawOffer(text=said, low=plain(low), high=plain(high), currency=text(row, "currency")),)


def _categories(row: Row) -> tuple[str, ...]:
    """Genres and tags as named; `private` beside them where the site marks it, for normalising to judge."""
    value = _first(row, ("categories", "genres", "genre", "category", "tags"))
    rows = value if isinstance(value, list) else [value]
    named = [n for v in rows if (n := text(v, "name", "title", "label") if isinstance(v, dict) else plain(v))]
    private = any(flag(row, key) for key in ("private", "isPrivate", "is_private", "besloten", "hidden"))
    return (*named, "private") if private else tuple(named)
