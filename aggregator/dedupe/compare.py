"""Compares two records field by field. A veto ends it: a wrong merge hides a real event."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from aggregator.dedupe.record import Record
from aggregator.model import Link

DOORS = 90  # minutes between doors and start
SURE = 0.85
LIKELY = 0.7
NUMBER = re.compile(r"\b(?:deel|part|teil|nr\.?|#|aflevering|les)\s*(\d+|[ivx]+)\b|#(\d+)", re.IGNORECASE)
MOVED = re.compile(r"verplaatst|locatiewijziging|verhuisd|nieuwe locatie|verlegt|moved", re.IGNORECASE)
ASIDE = re.compile(
    r"\b(nagesprek|inleiding|nazit|workshop|rondleiding|opening|vernissage|diner|arrangement|camping|"
    r"abonnement|symposium|masterclass|meet\W?(?:&|and)\W?greet|signeersessie|generale|open repetitie|"
    r"kinderworkshop|met gids|schoolvoorstelling|tribute|beginners|gevorderden|kinderdisco|tienerdisco)\b",
    re.IGNORECASE,
)


def compare(a: Record, b: Record) -> Link | None:
    """A link when both tell of one event, with its reason; None when they differ or nothing says so."""
    if veto(a, b):
        return None
    when = agree_on_time(a, b)
    title = title_likeness(a, b)
    if when is None:
        if title < 0.95 or not same_venue(a, b) or not _near(a, b):
            return None
        return _link(a, b, title * 0.9, "same title at the same venue on other days")
    venue = same_venue(a, b)
    if title >= SURE or (title >= LIKELY and (venue or _known_town(a, b))):
        reason = "same title" if title >= 0.99 else "alike titles"
        where = "at the same venue" if venue else "in the same municipality"
        return _link(a, b, min(0.99, title + 0.05 * venue), f"{reason}, {when}, {where}")
    if (
        venue
        and when == "at the same moment"
        and a.listing.source_id != b.listing.source_id
        and a.words & b.words
    ):
        return _link(a, b, 0.75, "a shared name at the same venue and moment")
    return None


def veto(a: Record, b: Record) -> str | None:
    """Why these two cannot be one event, or None."""
    x, y = a.listing, b.listing
    if x.place.municipality and y.place.municipality and x.place.municipality != y.place.municipality:
        return "two municipalities"
    moved = MOVED.search(f"{x.title} {x.description} {y.title} {y.description}")
    if x.place.venue and y.place.venue and x.place.venue != y.place.venue and not moved:
        return "two venues"
    if _numbers(x.title) != _numbers(y.title):
        return "two parts of a series"
    if {m.lower() for m in ASIDE.findall(x.title)} != {m.lower() for m in ASIDE.findall(y.title)}:
        return "an event and a part beside it"
    if x.source_id == y.source_id and a.days & b.days and title_likeness(a, b) < SURE:
        return "one source lists both"
    return None


def agree_on_time(a: Record, b: Record) -> str | None:
    """How the times agree, in words; None when they do not."""
    best: str | None = None
    for day, minutes in a.moments:
        for other_day, other in b.moments:
            if day != other_day:
                continue
            if minutes is None or other is None:
                best = best or "on the same day"
            elif minutes == other:
                return "at the same moment"
            elif abs(minutes - other) <= DOORS or abs(minutes - other) == 120:
                best = f"on the same day, {abs(minutes - other)} minutes apart"
    if best:
        return best
    return "in the same days" if _spans_agree(a, b) else None


def title_likeness(a: Record, b: Record) -> float:
    """0..1 by shared telling words; 0 when none is shared."""
    if not a.words or not b.words:
        return 0.0
    score = float(fuzz.token_set_ratio(a.text, b.text)) / 100
    if a.words & b.words:
        return score
    return score if score >= 0.9 else 0.0


def same_venue(a: Record, b: Record) -> bool:
    """Whether both are certainly at one venue."""
    x, y = a.listing.place, b.listing.place
    if x.venue and y.venue:
        return x.venue == y.venue
    if not (x.name and y.name):
        return False
    return float(fuzz.token_set_ratio(x.name.casefold(), y.name.casefold())) >= 90


def _spans_agree(a: Record, b: Record) -> bool:
    for first, last in a.spans:
        if any(f <= last and first <= to for f, to in b.spans):
            return True
        if any(first <= day <= last for day in b.days):
            return True
    return any(first <= day <= last for first, last in b.spans for day in a.days)


def _near(a: Record, b: Record) -> bool:
    """Whether the days are within two months: a year later it is another edition."""
    return any(abs((x - y).days) <= 62 for x in a.days for y in b.days)


def _known_town(a: Record, b: Record) -> bool:
    x, y = a.listing.place.municipality, b.listing.place.municipality
    return x is not None and x == y


def _numbers(title: str) -> set[str]:
    return {(one or two).lower() for one, two in NUMBER.findall(title)}


def _link(a: Record, b: Record, score: float, because: str) -> Link:
    first, second = sorted((a.listing.ref, b.listing.ref))
    return Link(first, second, round(score, 3), because)
