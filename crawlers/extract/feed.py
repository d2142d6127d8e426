"""RSS 0.9x/1.0/2.0 and Atom items that say when something happens.

Event dates come from the RSS event module (http://web.resource.org/rss/1.0/modules/event/), xCal,
Google Base, Google Data (`gd:when`) and like extensions, else from printed words in the title or at
the head of the description. The date of publication is never taken. lxml reads the XML:
feed libraries flatten exactly these extensions away.
"""

from __future__ import annotations

import re
from datetime import UTC

import lxml.etree
import lxml.html

from aggregator.model import RawEvent, RawOccurrence, RawOffer, RawPlace
from crawlers.extract.microdata import text_of
from crawlers.extract.page import Page, Problem
from crawlers.extract.values import absolute, clean_text, is_stamp, unescape

_STARTS = (
    "startdate",
    "dtstart",
    "start",
    "start_date",
    "starttime",
    "event_start",
    "eventdate",
    "event_date",
    "date_start",
)
_ENDS = ("enddate", "dtend", "end", "end_date", "endtime", "event_end", "date_end")
_PLACES = ("location", "where", "venue", "georss_featurename")
_MOST_ITEMS = 5000
# Namespaces and names whose dates are about the item, not about the event.
_ABOUT = frozenset(
    {"pubdate", "published", "updated", "date", "modified", "created", "lastbuilddate", "expiration_date"}
)
_PART = re.compile(r"\s+[—–|]\s+|\s+-\s+")
_MONTH = r"(?:jan|feb|m[aä]r|mrt|maart|apr|may|mei|mai|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zäé]*\.?"
_WHEN = re.compile(
    rf"\b(?:\d{{1,2}}\.?(?:e|st|nd|rd|th)?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}})\b|\b\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:20)?\d\d\b"
    r"|\b20\d\d-\d\d-\d\d\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\b(?:datum|wanneer|when|date|wann|tijdstip)\s*:\s*", re.IGNORECASE)
_LONGEST = 300
# "... 17 november in Losser": a town after the date, and nothing more.
_TOWN = re.compile(r"\d,?\s+(?:in|te)\s+([A-ZÀ-Þ][\w'’-]+(?:\s[A-ZÀ-Þ(][\w'’.()-]*){0,3})\s*\.?$")
_HEAD = 120  # characters at the head of a description in which its date must begin


def read_events(page: Page) -> tuple[list[RawEvent], list[Problem]]:
    """Every item that says when it happens; the others are Problems `no-date`."""
    root = parse_xml(page)
    if root is None:
        return [], [Problem("broken-feed", "the XML cannot be read at all")]
    items = [e for e in root.iter() if isinstance(e.tag, str) and _local(e) in ("item", "entry")][
        :_MOST_ITEMS
    ]
    events: list[RawEvent] = []
    problems: list[Problem] = []
    for item in items:
        event = _event(_fields(item), item, page)
        if event is None:
            problems.append(Problem("no-title", clean_text(text_of(item)[:100]) or "item"))
        elif not event.occurrences:
            problems.append(Problem("no-date", event.title[:200]))
        else:
            events.append(event)
    return events, problems


def parse_xml(page: Page) -> lxml.etree._Element | None:
    """The root of an XML document, mended where it is broken; entities from outside are never loaded."""
    parser = lxml.etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8",
    )
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", page.text.lstrip("\ufeff"))
    try:
        return lxml.etree.fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return None


def _fields(item: lxml.etree._Element) -> dict[str, list[str]]:
    """Texts by lower-case local name; a nested range (`g:event_date_range/g:start`) counts as direct."""
    fields: dict[str, list[str]] = {}
    for element in [*item, *(inner for child in item for inner in child if _local(child) in _RANGES)]:
        if not isinstance(element.tag, str) or len(fields) > 200:
            continue
        name = _local(element)
        text = element.text if not len(element) else text_of(element)
        for key, value in (("", text), *element.attrib.items()):
            local = key.rsplit("}", 1)[-1].lower()
            if value and str(value).strip():
                fields.setdefault(f"{name}@{local}" if local else name, []).append(str(value).strip())
    return fields


_RANGES = ("event_date_range", "event", "vevent", "event-info", "when")


def _event(fields: dict[str, list[str]], item: lxml.etree._Element, page: Page) -> RawEvent | None:
    """One item as an event, without occurrences when it does not say when."""
    title = clean_text(_plain(_one(fields, "title", "summary")))
    if title is None:
        return None
    description = _one(fields, "encoded", "content", "description", "summary")
    occurrences = _machine_dates(fields)
    where = clean_text(_plain(_one(fields, *_PLACES, "where@valuestring")))
    town = None
    if not occurrences:
        title, occurrences, printed = _printed_dates(title, _one(fields, "description", "summary", "content"))
        where = where or printed
        if not where and occurrences and (found := _TOWN.search(occurrences[0].text or "")):
            town = found[1].strip()
    link = _one(fields, "link@href") if "link" not in fields else _one(fields, "link")
    price, currency = _one(fields, "price", "cost"), _one(fields, "currency")
    image = _one(fields, "image_link", "thumbnail@url", "image") or _picture(fields)
    return RawEvent(
        source_id=page.source_id,
        page_url=page.url,
        seen_at=page.seen.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        method="rss",
        title=title,
        occurrences=occurrences,
        source_key=_one(fields, "guid", "id"),
        url=absolute(page.url, link),
        status=_one(fields, "eventstatus@value", "eventstatus"),
        place=_place(where, town, _point(fields, 0), _point(fields, 1)),
        offers=(RawOffer(price=price, currency=currency),) if price else (),
        description=description[:20_000] if description else None,
        image=absolute(page.url, image),
        organiser=clean_text(_one(fields, "organizer", "organiser")),
        categories=tuple(
            dict.fromkeys(
                t
                for n in ("category", "category@term", "type", "label")
                for v in fields.get(n, [])
                if (t := clean_text(v))
            )
        )[:30],
        modified=_one(fields, "updated", "modified"),
    )


def _place(
    name: str | None, town: str | None, latitude: str | None, longitude: str | None
) -> RawPlace | None:
    place = RawPlace(name=name, place=town, latitude=latitude, longitude=longitude)
    return None if place == RawPlace() else place


def _machine_dates(fields: dict[str, list[str]]) -> tuple[RawOccurrence, ...]:
    """Start and end from an event extension; an end alone is no event."""
    starts = next((v for n in _STARTS for v in (fields.get(n), fields.get(f"when@{n}")) if v), [])
    ends = next((v for n in _ENDS for v in (fields.get(n), fields.get(f"when@{n}")) if v), [])
    found = []
    for number, start in enumerate(starts[:500]):
        end = ends[number] if len(ends) == len(starts) else None
        if is_stamp(start):
            found.append(RawOccurrence(start=start, end=end if is_stamp(end) else None))
        else:
            found.append(RawOccurrence(text=start if not end or is_stamp(end) else f"{start} - {end}"))
    return tuple(found)


def _printed_dates(title: str, description: str | None) -> tuple[str, tuple[RawOccurrence, ...], str | None]:
    """Title, occurrence in words, place: of "Title — Fri Aug 21, 12 PM — Place" or a description's head."""
    parts = _PART.split(title)
    dated = [n for n, part in enumerate(parts) if _WHEN.search(part)]
    if len(dated) == 1 and len(parts) > 1 and dated[0] > 0:
        at = dated[0]
        left = title[: title.find(parts[at])].rstrip(" —–|-")
        return left or title, (RawOccurrence(text=parts[at]),), ", ".join(parts[at + 1 :]) or None
    if dated:
        return title, (RawOccurrence(text=title),), None
    words = clean_text(_plain(description)) or ""
    labelled = _LABEL.search(words)
    found = _WHEN.search(words, labelled.end() if labelled else 0)
    if found is None or found.start() - (labelled.end() if labelled else 0) > _HEAD:
        return title, (), None
    words = words[labelled.end() :] if labelled else words
    sentence = re.split(r"(?<=[a-zé\d])\.\s+(?=[A-ZÀ-Þ])", words, maxsplit=1)[0]
    text = (sentence if _WHEN.search(sentence) else words)[:_LONGEST]
    return title, (RawOccurrence(text=text),), None


def _plain(markup: str | None) -> str | None:
    """The words of a piece of HTML."""
    if markup is None or "<" not in unescape(markup):
        return markup
    try:
        return text_of(lxml.html.fragment_fromstring(unescape(markup)[:20_000], create_parent="div"))
    except (lxml.etree.ParserError, ValueError):
        return re.sub(r"<[^>]*>", " ", markup)


def _picture(fields: dict[str, list[str]]) -> str | None:
    """An enclosure or media content that is a picture."""
    for name in ("enclosure", "content"):
        urls, kinds = fields.get(f"{name}@url", []), fields.get(f"{name}@type", [])
        for url, kind in zip(urls, kinds, strict=False):
            if kind.startswith("image/"):
                return url
    return None


def _point(fields: dict[str, list[str]], part: int) -> str | None:
    """Latitude (0) or longitude (1) from geo:lat/geo:long or georss:point."""
    one = _one(fields, ("lat", "long")[part])
    both = (_one(fields, "point") or "").replace(",", " ").split()
    return one or (both[part] if len(both) == 2 else None)


def _one(fields: dict[str, list[str]], *names: str) -> str | None:
    return next((values[0] for name in names if (values := fields.get(name))), None)


def _local(element: lxml.etree._Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1].lower() if isinstance(tag, str) else ""
