"""Is this line, as `trek try page` prints it, the event that a labelled file asks for? Field by field."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCAL = ZoneInfo("Europe/Amsterdam")
Line = Mapping[str, Any]
Wanted = Mapping[str, Any]


def fold(text: object) -> str:
    """Letters and digits only, in lower case without accents and entities."""
    plain = unicodedata.normalize("NFKD", html.unescape(html.unescape(str(text or ""))))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", kept.casefold()))


def fold_url(url: object) -> str:
    """An address without scheme, `www.`, fragment, closing slash and what tracks visitors, decoded."""
    text = unquote(html.unescape(html.unescape(str(url or ""))).strip())
    text = re.sub(r"^https?://(?:www\.)?", "", text, flags=re.I).split("#")[0]
    text = re.sub(r"(?<=[?&])(?:utm_\w+|fbclid|gclid)=[^&]*&?", "", text).rstrip("?&")
    return text.rstrip("/").casefold()


def zone_of(wanted: Wanted, zone: str | None) -> ZoneInfo | None:
    """The time zone of the wanted times: the event's own, else the file's; None when not known."""
    for name in (wanted.get("tz"), zone):
        if name:
            try:
                return ZoneInfo(str(name))
            except (ZoneInfoNotFoundError, ValueError):
                continue
    return None


def spellings(stamp: str, wanted: Wanted, zone: str | None) -> set[str]:
    """The ways to print a wanted time in Amsterdam.

    A day stays a day. Where the file knows the instant (`utc`), only that instant is right. Else the
    source may have meant a floating time, which is the same wall clock everywhere, or one in its zone.
    """
    if len(stamp) == 10:
        return {stamp}
    moment = datetime.fromisoformat(stamp[:16])
    start, instant = wanted.get("start"), wanted.get("utc")
    if instant and start and len(str(start)) > 10:
        exact = datetime.fromisoformat(str(instant).replace("Z", "")).replace(tzinfo=UTC)
        where = zone_of(wanted, zone)
        if stamp == start:
            return {_print(exact)}
        shift = datetime.fromisoformat(str(start)[:16]).replace(tzinfo=UTC) - exact
        by_zone = moment.replace(tzinfo=where) if where else (moment - shift).replace(tzinfo=UTC)
        return {_print(by_zone), _print((moment - shift).replace(tzinfo=UTC))}
    where = zone_of(wanted, zone)
    return {stamp[:16]} | ({_print(moment.replace(tzinfo=where))} if where else set())


def _print(moment: datetime) -> str:
    return moment.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M")


def is_title(line: Line, wanted: Wanted) -> bool:
    """Whether the title is one of those that are right."""
    return fold(line.get("title")) in {
        fold(t) for t in (wanted.get("title"), *(wanted.get("title_any") or ()))
    }


def is_start(line: Line, wanted: Wanted, zone: str | None) -> bool:
    """Whether the start is one of those that are right; a wanted time is not met by a day alone.

    A start that the file says is unknown (null) is right when nothing is said.
    """
    if "start" in wanted and wanted["start"] is None and line.get("start") is None:
        return True
    right = (wanted.get("start"), *(wanted.get("start_any") or ()))
    return str(line.get("start")) in {s for t in right if t for s in spellings(str(t), wanted, zone)}


def is_end(line: Line, wanted: Wanted, zone: str | None) -> bool:
    """Whether the end is right; an end that equals the start, or the same day, need not be said."""
    right = [*(wanted.get("end_any") or ()), *([wanted["end"]] if "end" in wanted else [])]
    end, start = line.get("end"), str(wanted.get("start"))
    if end is None:
        return any(t is None or t == start or _is_next_day(start, str(t), line) for t in right)
    return str(end) in {s for t in right if t for s in spellings(str(t), wanted, zone)} or (
        end == line.get("start") and any(t in (None, start) for t in right)
    )


def _is_next_day(start: str, end: str, line: Line) -> bool:
    """iCalendar writes one day as the day and the next; a line may leave that end out."""
    if line.get("method") != "icalendar" or len(start) != 10 or len(end) != 10:
        return False
    return datetime.fromisoformat(end) - datetime.fromisoformat(start) == timedelta(days=1)


def is_place(line: Line, wanted: Wanted) -> bool:
    """Whether the venue (or the location as written) stands in the line's location."""
    where = line.get("location") or {}
    said = [fold(where.get(k)) for k in ("name", "address", "place")]
    joined = " ".join(s for s in said if s)
    right = [wanted.get("venue"), wanted.get("location"), *(wanted.get("venue_any") or ())]
    return any(_stands_in(fold(r), joined) or (said[0] and _stands_in(said[0], fold(r))) for r in right if r)


def is_city(line: Line, wanted: Wanted) -> bool:
    """Whether the town stands in the line's location."""
    where = line.get("location") or {}
    joined = fold(" ".join(str(where.get(k) or "") for k in ("place", "municipality", "name", "address")))
    return _stands_in(fold(wanted["city"]), joined)


def _stands_in(part: str, whole: str) -> bool:
    return bool(part) and f" {part} " in f" {whole} "


def is_status(line: Line, wanted: Wanted) -> bool:
    """Whether the status is right; `sold_out` false means any other state."""
    said = line.get("status") or "scheduled"
    if wanted.get("status") in ("cancelled", "postponed", "rescheduled", "moved-online"):
        return bool(said == wanted["status"])
    if "sold_out" in wanted:
        return bool((said == "sold-out") == bool(wanted["sold_out"]))
    return bool(said == wanted["status"])


def is_price(line: Line, wanted: Wanted) -> bool:
    """Whether every amount that is asked for is right; free of charge may be said as 0 or as `free`."""
    price = line.get("price") or {}
    for key, name in (("min", "price_min"), ("max", "price_max")):
        right = wanted.get(name)
        if right is None:
            continue
        said = price.get(key)
        if said is None and right == 0 and price.get("free"):
            continue
        if said is None or abs(float(said) - float(right)) > 0.005:
            return False
    return "free" not in wanted or wanted["free"] is None or bool(price.get("free")) == bool(wanted["free"])


def is_url(line: Line, wanted: Wanted) -> bool:
    """Whether the address is right, whatever its spelling."""
    return fold_url(line.get("url")) == fold_url(wanted["url"])


def is_forbidden(line: Line, ban: Wanted) -> bool:
    """Whether a line is what a file says must not come out: all fields of the ban hold."""
    where = line.get("location") or {}
    tests = {
        "title": lambda v: fold(line.get("title")) == fold(v),
        "url": lambda v: fold_url(line.get("url")) == fold_url(v),
        "city": lambda v: fold(v) in (fold(where.get("place")), fold(where.get("municipality"))),
        "venue": lambda v: _stands_in(fold(v), fold(where.get("name"))),
        "start": lambda v: str(line.get("start")) == str(v),
    }
    known = {k: v for k, v in ban.items() if k in tests}
    return bool(known) and all(tests[k](v) for k, v in known.items())
