"""A value in words that need no language: for what the losing listings said of a field."""

from __future__ import annotations

from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Occurrence, Place, Price, Timed, to_plain

LONGEST = 200  # characters of a text, as more would be a copy
MOST = 8  # moments that are named


def said(value: Any) -> str:
    """A value as one line: moments, a place, an amount, a list of names, a text cut short."""
    if isinstance(value, Place):
        return _place(value)
    if isinstance(value, Price):
        return _price(value)
    if isinstance(value, tuple) and value and isinstance(value[0], Occurrence):
        words = [_moment(occurrence.when) for occurrence in value[:MOST]]
        return "; ".join([*words, "…"] if len(value) > MOST else words)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    text = "" if value is None else str(to_plain(value))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _moment(when: Timed | AllDay) -> str:
    if isinstance(when, AllDay):
        first, last = when.first or "…", when.last
        return f"{first} – {last}" if last and last != when.first else f"{first}"
    return f"{when.start.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"


def _place(place: Place) -> str:
    parts = (place.hall, place.name or place.venue, place.address, place.place, place.municipality)
    return ", ".join(dict.fromkeys(p for p in parts if p))


def _price(price: Price) -> str:
    if price.free:
        return f"0 {price.currency}"
    ends = [f"{amount:.2f}" for amount in (price.min, price.max) if amount is not None]
    return f"{' – '.join(dict.fromkeys(ends))} {price.currency}" if ends else ""
