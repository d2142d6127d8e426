"""h-event (microformats2) and its elder hCalendar (https://microformats.org/wiki/h-event).

mf2py reads both, but builds a slow tree of the whole page; it is given only the events' own pieces.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import Any, cast

import lxml.etree
import mf2py
from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence, RawOffer, RawPlace
from crawlers.extract.classic import Rules, modernise
from crawlers.extract.microdata import outermost, text_of
from crawlers.extract.page import Page, Problem, new_element
from crawlers.extract.soup import make_soup
from crawlers.extract.values import absolute, clean_text, is_stamp, printable

_ROOTS = frozenset({"h-event", "vevent"})
_NAMED = lxml.etree.XPath("descendant-or-self::*[contains(@class, 'h-event') or contains(@class, 'vevent')]")
_MARK = re.compile(
    r"(?:^|\s)(?:(?:h|p|u|dt|e)-[a-z]|(?:vevent|summary|dtstart|dtend|duration|location|url|description|category|"
    r"uid|status|geo|latitude|longitude|organizer|attendee|contact|photo|value|value-title|vcard|fn|org|adr|"
    r"street-address|extended-address|locality|region|postal-code|country-name|label|hcard|n)(?:\s|$))"
)
_KEPT = frozenset({"class", "href", "src", "title", "datetime", "value", "alt", "content", "id"})
_SILENT = frozenset({"script", "style", "template", "noscript"})
_INLINE = frozenset({"a", "abbr", "b", "em", "i", "small", "span", "strong", "sub", "sup", "time", "u"})
_ADDRESS = {
    "address": "street-address",
    "place": "locality",
    "postcode": "postal-code",
    "country": "country-name",
}
_BLANKS = re.compile(r"\s+")
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_MOST_MARKS = 3000  # elements of one page that mf2py is given
_MOST_MARKS_EACH = 150
_MOST_WORDS = 30_000
_DEEPEST = 100
_MOST_STEPS = 200_000


def read_events(page: Page, base: str) -> tuple[list[RawEvent], list[Problem]]:
    """Every h-event and hCalendar event of a page with a date."""
    pieces, problems = _pieces(page)
    events: list[RawEvent] = []
    for element in pieces:
        try:
            parsed = mf2py.parse(doc=make_soup(element), url=None)  # type: ignore[no-untyped-call]
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError) as error:
            problems.append(Problem("broken-h-event", f"{type(error).__name__}: {text_of(element)[:120]}"))
            continue
        for item in _items(parsed.get("items", [])):
            event = _event(item, page, base)
            if event is None:
                problems.append(Problem("no-title", text_of(element)[:120] or "h-event"))
            elif not event.occurrences:
                problems.append(Problem("no-date", event.title[:200]))
            else:
                events.append(replace(event, place=_address_in(element, event.place)))
    return events, problems


def _pieces(page: Page) -> tuple[list[HtmlElement], list[Problem]]:
    """The outermost event elements, pruned, up to a limit of size."""
    pieces: list[HtmlElement] = []
    problems: list[Problem] = []
    left = _MOST_MARKS
    for element in outermost(filter(_is_root, cast("list[HtmlElement]", _NAMED(page.tree)))):
        piece = prune(element)
        marks = _MOST_MARKS + 1 if piece is None else sum(1 for _ in piece.iter())
        if marks > _MOST_MARKS_EACH or piece is None:
            problems.append(Problem("too-large", "an h-event with more markup than one event can need"))
            continue
        left -= marks
        if left < 0:
            problems.append(Problem("too-large", "more h-event markup than one page can mean"))
            break
        pieces.append(piece)
    return pieces, problems


def _is_root(element: HtmlElement) -> bool:
    return not _ROOTS.isdisjoint(element.get("class", "").split())


def prune(element: HtmlElement) -> HtmlElement | None:
    """A copy with the elements alone that carry a microformat class, and the words; None when too large.

    mf2py copies each element many times over, so layout around the marks costs seconds. Classic names are
    put as those of microformats2.
    """
    top, inner = _copy(element, None, None)
    stack: list[tuple[HtmlElement, Rules | None]] = [(top, inner)]
    count, left = 0, _MOST_WORDS
    walk = lxml.etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for steps, (step, node) in enumerate(walk):
        target, rules = stack[-1]
        if step == "start":
            if node is not element:
                marked = _MARK.search(node.get("class") or "") is not None
                if marked:
                    target, rules = _copy(node, target, rules)
                stack.append((target, rules))
                count += marked
            if node.tag not in _SILENT:
                left = _append(target, node.text, left)
        else:
            if step == "end":
                stack.pop()
            if node is element or not stack:
                break
            left = _append(stack[-1][0], ("" if node.tag in _INLINE else " ") + (node.tail or ""), left)
        if count > _MOST_MARKS_EACH or len(stack) > _DEEPEST or steps > _MOST_STEPS:
            return None
    return top


def _copy(
    element: HtmlElement, target: HtmlElement | None, rules: Rules | None
) -> tuple[HtmlElement, Rules | None]:
    """The element alone, in `target` when given, and the rules for the names in it."""
    tag = str(element.tag) if _NAME.fullmatch(str(element.tag)) else "span"  # damaged markup
    held = {k: printable(v) for k, v in element.attrib.items() if k in _KEPT}
    names, inner, classic = modernise((held.get("class") or "").split(), rules)
    if "class" in held:
        held["class"] = " ".join(names)
    made = new_element(tag, held) if target is None else lxml.etree.SubElement(target, tag, held)
    if classic:  # a value of each kind, so that no name, picture or link is guessed where none is named
        lxml.etree.SubElement(made, "data", {"class": "p-classic u-classic", "value": ""})
    return made, inner


def _append(target: HtmlElement, text: str | None, left: int) -> int:
    """Adds words after what the element holds so far; gives back how many characters may still come."""
    if not text:
        return left
    words = " " if text.isspace() and left else printable(_BLANKS.sub(" ", text[:left]))
    if not words:
        return left
    if len(target):
        target[-1].tail = (target[-1].tail or "") + words
    else:
        target.text = (target.text or "") + words
    return left - len(words)


def _address_in(element: HtmlElement, place: RawPlace | None) -> RawPlace | None:
    """The place with the parts of a classic `adr` inside a card, which mf2py leaves as words."""
    if place is None or place.place or place.address:
        return place
    parts = {}
    for field, name in _ADDRESS.items():
        found = [e for e in element.iter() if {name, f"p-{name}"} & set((e.get("class") or "").split())]
        if len(found) == 1:
            parts[field] = clean_text(found[0].get("title") or text_of(found[0]))
    return replace(place, **parts)


def _items(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The event items among parsed ones, and those inside an event that is only a frame."""
    return [i for i in items if isinstance(i, dict) and "h-event" in i.get("type", [])]


def _event(item: dict[str, Any], page: Page, base: str) -> RawEvent | None:
    """One parsed item as an event; None without a title."""
    props: dict[str, list[Any]] = item.get("properties", {})
    title = _first(props, "name", "summary")
    if title is None:
        return None
    start, end = _stamp(_common(props.get("start", []))), _stamp(_first(props, "end"))
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
        point = next((g.get("properties", {}) for g in inner.get("geo", []) if isinstance(g, dict)), inner)
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
            latitude=_first(point, "latitude"),
            longitude=_first(point, "longitude"),
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


def _common(values: list[Any]) -> str | None:
    """The first of several starts; without its offset when they agree on the clock and not on the zone."""
    texts = [t for v in values if (t := _text(v))]
    clocks = {re.sub(r"(?:Z|[+-]\d\d:?\d\d)$", "", t)[:16] for t in texts}
    if len(clocks) == 1 and len({t[16:].removeprefix(":00") for t in texts}) > 1:
        return clocks.pop()
    return texts[0] if texts else None


def _stamp(text: str | None) -> str | None:
    """mf2py writes a blank between day and time where ISO 8601 has a T."""
    return re.sub(r"^(\d{4}-\d\d-\d\d)\s+(?=\d)", r"\1T", text) if text else None
