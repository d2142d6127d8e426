"""h-event (microformats2) and its elder hCalendar (https://microformats.org/wiki/h-event).

mf2py reads both, but builds a slow tree of the whole page; it is given only the events' own pieces.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import Any

import lxml.etree
import mf2py
from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence, RawOffer, RawPlace
from crawlers.extract.page import Page, Problem
from crawlers.extract.values import absolute, clean_text, is_stamp

_ROOTS = frozenset({"h-event", "vevent"})
_MOST_BYTES = 400_000  # mf2py reads about 1 MB in 3 s
_MOST_EVENTS = 500
_DEEPEST = 100


def read_events(page: Page, base: str) -> tuple[list[RawEvent], list[Problem]]:
    """Every h-event and hCalendar event of a page with a date."""
    pieces, problems = _pieces(page)
    events: list[RawEvent] = []
    for piece in pieces:
        try:
            parsed = mf2py.parse(  # type: ignore[no-untyped-call]
                doc=piece, url=None, html_parser="lxml"
            )
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError) as error:
            problems.append(Problem("broken-h-event", f"{type(error).__name__}: {piece[:120]}"))
            continue
        for item in _items(parsed.get("items", [])):
            event = _event(item, page, base)
            if event is None:
                problems.append(Problem("no-title", clean_text(piece[:120]) or "h-event"))
            elif not event.occurrences:
                problems.append(Problem("no-date", event.title[:200]))
            else:
                events.append(event)
    return events, problems


def _pieces(page: Page) -> tuple[list[str], list[Problem]]:
    """The outermost event elements as HTML, up to a limit of size."""
    pieces: list[str] = []
    problems: list[Problem] = []
    left, inside = _MOST_BYTES, None
    for step, element in lxml.etree.iterwalk(page.tree, events=("start", "end")):
        if step == "end":
            inside = None if element is inside else inside
        elif inside is None and _ROOTS & set((element.get("class") or "").split()):
            inside = element
            piece = _serialise(element)
            if piece is None or len(piece) > left or len(pieces) >= _MOST_EVENTS:
                problems.append(
                    Problem("too-large", "more h-event markup than one page can mean; the rest was not read")
                )
                break
            left -= len(piece)
            pieces.append(piece)
    return pieces, problems


def _serialise(element: HtmlElement) -> str | None:
    """The element's HTML, absolute in its own depth; None when it nests too deeply for mf2py."""
    depth = deepest = 0
    for step, _ in lxml.etree.iterwalk(element, events=("start", "end")):
        depth += 1 if step == "start" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        return None
    return lxml.etree.tostring(element, encoding="unicode", method="html", with_tail=False)


def _items(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The event items among parsed ones, and those inside an event that is only a frame."""
    return [i for i in items if isinstance(i, dict) and "h-event" in i.get("type", [])]


def _event(item: dict[str, Any], page: Page, base: str) -> RawEvent | None:
    """One parsed item as an event; None without a title."""
    props: dict[str, list[Any]] = item.get("properties", {})
    title = _first(props, "name", "summary")
    if title is None:
        return None
    start, end = _stamp(_first(props, "start")), _stamp(_first(props, "end"))
    occurrences: tuple[RawOccurrence, ...] = ()
    if start and is_stamp(start):
        occurrences = (
            RawOccurrence(
                start=start, end=end if is_stamp(end) else None, duration=_first(props, "duration")
            ),
        )
    elif start:
        occurrences = (RawOccurrence(text=start),)
    price = _first(props, "price")
    return RawEvent(
        source_id=page.source_id,
        page_url=page.url,
        seen_at=page.seen.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        method="h-event",
        title=title,
        occurrences=occurrences,
        source_key=_first(props, "uid"),
        url=next((u for v in props.get("url", []) if (u := absolute(base, _text(v)))), None),
        status=_first(props, "status"),
        place=_place(props),
        offers=(RawOffer(text=price),) if price else (),
        description=_first(props, "description", "content")
        or (_first(props, "summary") if "name" in props else None),
        image=next((u for v in props.get("photo", []) if (u := absolute(base, _text(v)))), None),
        organiser=_first(props, "organizer"),
        performers=tuple(t for v in props.get("performer", []) if (t := _text(v)))[:50],
        categories=tuple(dict.fromkeys(t for v in props.get("category", []) if (t := _text(v))))[:30],
    )


def _place(props: dict[str, list[Any]]) -> RawPlace | None:
    """The location: words, an h-card, or an h-adr; with the point when there is one."""
    place = RawPlace()
    for value in props.get("location", [])[:5]:
        inner = value.get("properties", {}) if isinstance(value, dict) else {}
        nested = next((a.get("properties", {}) for a in inner.get("adr", []) if isinstance(a, dict)), inner)
        if not inner:
            place = replace(place, name=place.name or _text(value))
            continue
        place = RawPlace(
            name=_first(inner, "name", "org")
            if inner.get("adr") or "h-adr" not in value.get("type", [])
            else None,
            address=_first(nested, "street-address"),
            place=_first(nested, "locality"),
            postcode=_first(nested, "postal-code"),
            country=_first(nested, "country-name"),
            latitude=_first(inner, "latitude"),
            longitude=_first(inner, "longitude"),
        )
        break
    geo: dict[str, list[Any]] = next(
        (g.get("properties", {}) for g in props.get("geo", []) if isinstance(g, dict)), {}
    )
    place = replace(
        place,
        latitude=place.latitude or _first(geo, "latitude") or _first(props, "latitude"),
        longitude=place.longitude or _first(geo, "longitude") or _first(props, "longitude"),
    )
    return None if place == RawPlace() else place


def _first(props: dict[str, list[Any]], *names: str) -> str | None:
    """The first text of the first property that has one."""
    return next((t for name in names for v in props.get(name, []) if (t := _text(v))), None)


def _text(value: Any) -> str | None:
    """The words of a value: a string, an embedded item's value or name, a picture's address."""
    if isinstance(value, dict):
        value = value.get("value") or next(iter(value.get("properties", {}).get("name", [])), None)
    return clean_text(value) if isinstance(value, str) else None


def _stamp(text: str | None) -> str | None:
    """mf2py writes a blank between day and time where ISO 8601 has a T."""
    return re.sub(r"^(\d{4}-\d\d-\d\d)\s+(?=\d)", r"\1T", text) if text else None
