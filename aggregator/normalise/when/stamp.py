"""Machine stamps and durations: ISO 8601, iCalendar basic form, RFC 822, "PT2H", "127 min".

>>> parse_stamp("2026-07-04T18:00Z").isoformat()
'2026-07-04T20:00:00+02:00'
>>> parse_stamp("20261128T201500").isoformat()
'2026-11-28T20:15:00+01:00'
>>> parse_stamp("2026-11-28T20:15:00Z", local_z=True).isoformat()
'2026-11-28T20:15:00+01:00'
>>> parse_stamp("2026-10-14")
datetime.date(2026, 10, 14)
>>> parse_stamp("Sat, 12 Dec 2026 19:00:00 GMT").isoformat()
'2026-12-12T20:00:00+01:00'
>>> parse_stamp("za 28 nov") is None
True
>>> parse_duration("PT1H45M"), parse_duration("2 uur"), parse_duration("127 min.")
(datetime.timedelta(seconds=6300), datetime.timedelta(seconds=7200), datetime.timedelta(seconds=7620))
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from aggregator.normalise.when.clean import clean
from aggregator.normalise.when.clock import read_duration
from aggregator.normalise.when.item import Mark, Scan
from aggregator.normalise.when.token import PADDING, read_tokens

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

# ISO 8601 extended and basic, with blank or "T" between, fraction and offset optional.
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:(?:[Tt]|\s{1,3})(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?)?"
    r"\s?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?(?:\[[\w/+-]{1,40}\])?)?"
)
_ISO_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})(?:[.,](\d{1,3}))?H)?(?:(\d{1,6})M)?(?:(\d{1,7})(?:[.,]\d{1,6})?S)?)?",
    re.IGNORECASE,
)
_RFC822 = re.compile(r"(?:[A-Za-z]{3,9},?\s{1,3})?\d{1,2}[\s-][A-Za-z]{3,9}[\s-]\d{2,4}\s{1,3}\d\d:\d\d")
LONGEST = 100  # characters of a stamp; anything longer is prose


@lru_cache(maxsize=32)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown or unsafe name: the region's own
        return AMSTERDAM


def parse_stamp(
    text: str, zone: str = "Europe/Amsterdam", *, local_z: bool = False
) -> datetime | date | None:
    """The moment a machine stamp means: aware in Europe/Amsterdam, a `date` when it has no time, else None.

    `zone` is the IANA name that holds for a stamp without an offset; an unknown name is taken for
    Amsterdam. With `local_z` a `Z` is local time of `zone` (some sites print so); other offsets stay.
    Reads ISO 8601 (RFC 3339 profile and the basic form of RFC 5545 §3.3.5) and RFC 5322 §3.3 dates.
    """
    text = text.strip().strip("\"'")
    if not text or len(text) > LONGEST:
        return None
    match = _ISO.fullmatch(text)
    if match is not None:
        return _from_iso(match, zone, local_z)
    if _RFC822.match(text):
        return _from_rfc822(text, zone)
    return None


def _from_iso(match: re.Match[str], zone: str, local_z: bool) -> datetime | date | None:
    year, month, day, hour, minute, second, zed, sign, off_h, off_m = match.groups()
    try:
        first = date(int(year), int(month), int(day))
        if hour is None:
            return first
        h, m, s = int(hour), int(minute or 0), min(int(second or 0), 59)
        extra = timedelta(days=1) if h == 24 and m == 0 else timedelta()
        naive = datetime(first.year, first.month, first.day, h % 24 if extra else h, m, s) + extra  # noqa: DTZ001
        if sign:
            shift = timedelta(hours=int(off_h), minutes=int(off_m or 0))
            return _local((naive - shift if sign == "+" else naive + shift).replace(tzinfo=UTC))
        if zed and not local_z:
            return _local(naive.replace(tzinfo=UTC))
        return _local(naive.replace(tzinfo=_zone(zone)))
    except (ValueError, OverflowError):
        return None


def _from_rfc822(text: str, zone: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return _local(moment if moment.tzinfo else moment.replace(tzinfo=_zone(zone)))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _local(moment: datetime) -> datetime:
    return moment.astimezone(AMSTERDAM)


def parse_duration(text: str) -> timedelta | None:
    """How long "PT2H", "P1DT2H", "2 uur", "1 uur 45 min", "127 min." lasts, else None."""
    text = text.strip()[:LONGEST]
    match = _ISO_DURATION.fullmatch(text)
    if match is not None:
        return _from_iso_duration(match)
    return _from_words(text)


def _from_iso_duration(match: re.Match[str]) -> timedelta | None:
    sign, weeks, days, hours, fraction, minutes, seconds = match.groups()
    if sign == "-" or not any((weeks, days, hours, minutes, seconds)):
        return None
    part = float(f"0.{fraction}") if fraction else 0.0
    return timedelta(
        weeks=int(weeks or 0),
        days=int(days or 0),
        hours=int(hours or 0) + part,
        minutes=int(minutes or 0),
        seconds=int(seconds or 0),
    )


def _from_words(text: str) -> timedelta | None:
    """A text that is nothing but a duration in words, by the same grammar as printed dates."""
    tokens = read_tokens(clean(f"duur {text}").strip())
    scan = Scan(tokens, date(2000, 1, 1))
    end = read_duration(scan, 1)
    while end and tokens[end].text == ".":
        end += 1
    item = scan.items[0] if scan.items else None
    if not end or end < len(tokens) - PADDING or not isinstance(item, Mark):
        return None
    return timedelta(minutes=item.number)
