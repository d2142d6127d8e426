"""Two readings of one page made one, where it is certain that they speak of the same event."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from aggregator.model import RawEvent, RawOccurrence
from crawlers.platforms.dateish import days_in

_FILLED = (
    "subtitle",
    "url",
    "status",
    "place",
    "offers",
    "free",
    "ticket_url",
    "description",
    "image",
    "organiser",
    "categories",
)


def complement(events: Iterable[RawEvent], others: Iterable[RawEvent]) -> tuple[RawEvent, ...]:
    """Events with their gaps filled from the one other reading that has the same address or title.

    Where two others could be meant nothing is taken. A stamped day gains the printed words, so that
    a time in them counts when it is of the same day.
    """
    rest = list(others)
    return tuple(_filled(event, _match(event, rest)) for event in events)


def same_title(a: str, b: str) -> bool:
    """Whether two titles are the same words, case and punctuation aside, or one begins with the other."""
    mine, its = _flat(a), _flat(b)
    return bool(mine and its) and (
        mine == its or (min(len(mine), len(its)) >= 5 and (mine.startswith(its) or its.startswith(mine)))
    )


def _match(event: RawEvent, others: list[RawEvent]) -> RawEvent | None:
    by_url = [o for o in others if event.url and o.url and _path(o.url) == _path(event.url)]
    found = [o for o in by_url if same_title(o.title, event.title)] or by_url
    found = found or [o for o in others if _flat(o.title) == _flat(event.title)]
    return found[0] if len(found) == 1 else None


def _filled(event: RawEvent, other: RawEvent | None) -> RawEvent:
    if other is None:
        return event
    gaps: dict[str, Any] = {
        name: value
        for name in _FILLED
        if getattr(event, name) in (None, (), "") and (value := getattr(other, name)) not in (None, (), "")
    }
    if len(event.occurrences) == 1 and len(other.occurrences) == 1:
        gaps["occurrences"] = (_joined(event.occurrences[0], other.occurrences[0]),)
    return replace(event, **gaps)


def _joined(mine: RawOccurrence, its: RawOccurrence) -> RawOccurrence:
    """Words, state and doors where one lacks them; a stamp only when the printed day is the same."""
    start = mine.start
    if not start and its.start and mine.text:
        day = its.start[:10]
        same = re.match(r"\d{4}-\d\d-\d\d$", day) and days_in(mine.text) == {(int(day[8:]), int(day[5:7]))}
        start = its.start if same else None
    return replace(
        mine,
        start=start,
        text=mine.text or its.text,
        status=mine.status or its.status,
        door=mine.door or its.door,
    )


def _path(url: str) -> tuple[str, str, str]:
    parts = urlsplit(urldefrag(url)[0])
    return (parts.hostname or "").removeprefix("www."), unquote(parts.path).rstrip("/").lower(), parts.query


def _flat(title: str) -> str:
    return "".join(c for c in title.casefold() if c.isalnum())
