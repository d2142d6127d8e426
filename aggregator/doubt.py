"""Dates that a person should look at before anyone sees them. Pure.

A start at midnight is mostly a time that nobody filled in, a date far ahead mostly a misread year, and a
date that comes back a year later mostly a page without a year that was read after the day had passed.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Listing, Occurrence, Reject, Timed

HELD = "held-date"  # the reason code of what waits for a person
FAR = timedelta(days=548)  # eighteen months
When = Timed | AllDay


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person answered about a source's doubtful dates: the marks with a yes and those with a no.

    With `rest` all else that the source says has a yes, its other dates and whatever it loses or gains.
    """

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    rest: bool = False


NONE = Answers()


def doubt(
    listing: Listing, known: Listing | None, now: datetime, answers: Answers = NONE
) -> tuple[Listing | None, list[Reject]]:
    """The listing without the dates that must wait for a person, and a reject for each of those.

    `known` is what we have of it: its dates were agreed with or never doubted. A date that would jump by
    a year stays where it was; a listing of which nothing is left is as it was before, or None.
    """
    before = {o.when: o for o in known.occurrences} if known else {}
    left = [when for when in before if when not in {o.when for o in listing.occurrences}]
    kept: list[Occurrence] = []
    rejects = []
    for occurrence in listing.occurrences:
        when = occurrence.when
        old = None if when in before else _year_before(when, left)
        reason, mark = None if when in before else _reason(when, old, now), mark_of(listing.key, when)
        if when not in before and mark in answers.no:
            reason = reason or f"was refused, {_said(when)}"
        elif answers.rest or mark in answers.yes:
            reason = None
        if reason is None:
            kept.append(occurrence)
            continue
        if old is not None:
            left.remove(old)
            kept.append(before[old])
        url = listing.url or listing.key
        rejects.append(Reject(listing.source_id, url, HELD, reason, listing.title, mark))
    if not rejects:
        return listing, []
    if not kept:
        kept = list(before.values())
    return (dataclasses.replace(listing, occurrences=tuple(kept)) if kept else None), rejects


def mark_of(key: str, when: When) -> str:
    """A short name of a date of a listing, the same as long as the source says this date."""
    return hashlib.sha256(f"{key}\0{_said(when)}".encode()).hexdigest()[:6]


def _year_before(when: When, left: Sequence[When]) -> When | None:
    """Which of the dates that are not said any more this is, a year on; that of the same hour first."""
    found = [old for old in left if _is_year_later(old, when)]
    return next((old for old in found if _said(old)[10:] == _said(when)[10:]), next(iter(found), None))


def _reason(when: When, old: When | None, now: datetime) -> str | None:
    """Why a date must wait; None when it need not."""
    if old is not None:
        return f"would jump by a year, from {_said(old)} to {_said(when)}"
    if isinstance(when, Timed) and when.start.astimezone(AMSTERDAM).time() == time(0):
        return f"starts at midnight, {_said(when)}: perhaps no time was filled in"
    begin = _days(when)[0]
    if begin is not None and begin > now.astimezone(AMSTERDAM).date() + FAR:
        return f"is more than eighteen months ahead, {_said(when)}"
    return None


def _is_year_later(old: When, new: When) -> bool:
    """Whether the new date is the old one, a year on: the same days of the year."""
    if type(old) is not type(new):
        return False
    pairs = [(a, b) for a, b in zip(_days(old), _days(new), strict=True) if a and b]
    return bool(pairs) and all(
        b.year == a.year + 1 and (b.month, b.day) == (a.month, a.day) for a, b in pairs
    )


def _days(when: When) -> tuple[date | None, date | None]:
    """First and last day; for a moment the day of its start alone."""
    if isinstance(when, AllDay):
        return when.first, when.last
    return when.start.astimezone(AMSTERDAM).date(), None


def _said(when: When) -> str:
    """`2026-12-12 20:00`, `2026-12-12`, `2026-12-12 to 2027-01-10`."""
    if isinstance(when, Timed):
        return f"{when.start.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
    return " to ".join(dict.fromkeys(_ends(when)))


def _ends(when: AllDay) -> Iterator[str]:
    for day in (when.first, when.last):
        if day is not None:
            yield day.isoformat()
