"""schema.org nodes to RawEvents, shared by JSON-LD, microdata and RDFa (https://schema.org/Event)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from functools import lru_cache
from typing import Any

from aggregator.model import RawEvent, RawOccurrence, RawPlace
from crawlers.extract.page import Page, Problem
from crawlers.extract.place import place_of, read_offers, read_place
from crawlers.extract.schedule import read_schedule
from crawlers.extract.values import (
    LABEL,
    NESTED,
    Node,
    bare_name,
    clean_text,
    get_all,
    get_names,
    get_raw,
    get_text,
    get_url,
    is_stamp,
    mend_stamp,
    scalar,
    types_of,
)

_MOST_NODES = 200_000
_MOST_EVENTS = 3000
# Subtypes of Event whose name does not end in it, and those that one cannot visit.
_EVENTS = frozenset({"Festival", "Hackathon", "CourseInstance", "EventSeries"})
_NO_EVENTS = frozenset({"DeliveryEvent", "PublicationEvent", "BroadcastEvent", "OnDemandEvent"})
# Who can have an `event` without being the place of it.
_COMPANIES = frozenset(
    "Person MusicGroup PerformingGroup DanceGroup TheaterGroup Organization Corporation Brand NGO SportsTeam "
    "SportsOrganization EducationalOrganization GovernmentOrganization NewsMediaOrganization OnlineBusiness "
    "PoliticalParty Project WebSite WebPage CreativeWork".split()
)
_CHILDREN = ("subEvent", "subEvents", "hasPart")
# Below these an Event is context, not one more thing on the programme.
_CONTEXT = frozenset("superEvent superEvents isPartOf @context publication review recordedAt".split())
_WORKS = ("workPresented", "workPerformed", "workFeatured", "about")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a node inherits from those that it stands in."""

    event: Node | None = None
    place: RawPlace | None = None
    performer: str | None = None
    course: str | None = None


_NONE = Setting()
_ALONE = {"*": _NONE}  # nothing that stands in such a node inherits anything


def is_event(node: Node) -> bool:
    """Whether a node is an event that one can go to."""
    return _name_events(types_of(node))


@lru_cache(maxsize=1024)
def _name_events(types: tuple[str, ...]) -> bool:
    return any((t.endswith("Event") or t in _EVENTS) and t not in _NO_EVENTS for t in types)


def read_events(
    roots: list[Any], page: Page, method: str, base: str | None = None
) -> tuple[list[RawEvent], list[Problem]]:
    """Every event in these trees of nodes, in document order, and what was left out."""
    reader = _Reader(page, method, base or page.url)
    for node, setting in reader.walk(roots):
        if len(reader.events) + len(reader.problems) >= _MOST_EVENTS:
            reader.problems.append(Problem("too-large", f"more than {_MOST_EVENTS} events on one page"))
            break
        reader.add(node, setting)
    return reader.events, reader.problems


class _Reader:
    """Walks the nodes of one page once; without recursion, as nesting is the page's choice."""

    def __init__(self, page: Page, method: str, base: str) -> None:
        self.page, self.method, self.base = page, method, base
        self.events: list[RawEvent] = []
        self.problems: list[Problem] = []
        self.by_id: dict[str, Node] = {}
        self._runs_of: dict[int, list[Node]] = {}
        self._place_of: dict[int, RawPlace | None] = {}
        self.seen_at = page.seen.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def walk(self, roots: list[Any]) -> Iterator[tuple[Node, Setting]]:
        """Each event node once, with what it inherits."""
        self._index(roots)
        stack: list[tuple[Any, Setting]] = [(root, _NONE) for root in reversed(roots)]
        done: set[int] = set()
        while stack:
            value, setting = stack.pop()
            if isinstance(value, list):
                stack.extend((v, setting) for v in reversed(value))
                continue
            if not isinstance(value, dict) or id(value) in done:
                continue
            node = self._resolve(value)
            if id(node) in done:
                continue
            done.update((id(value), id(node)))
            event = is_event(node)
            if event:
                yield node, setting
                done.update(map(id, self._runs(node)))
            inside = [(bare_name(k), v) for k, v in reversed(node.items()) if isinstance(v, NESTED)]
            if inside:
                inner = self._inside(node, setting, event)
                stack.extend((v, inner.get(k, inner["*"])) for k, v in inside if k not in _CONTEXT)

    def _index(self, roots: list[Any]) -> None:
        """Notes every full node by its `@id`, so that references can be followed."""
        stack, left = list(roots), _MOST_NODES
        while stack and left:
            value = stack.pop()
            left -= 1
            if isinstance(value, list):
                stack.extend(value)
            elif isinstance(value, dict):
                key = value.get("@id")
                if isinstance(key, str) and len(value) > len(self.by_id.get(key, {"": 0})):
                    self.by_id[key] = value
                stack += [v for v in value.values() if isinstance(v, NESTED)]
        if stack:
            self.problems.append(
                Problem("too-large", f"more than {_MOST_NODES} nodes; the rest was not read")
            )

    def _resolve(self, node: Node) -> Node:
        """The full node where only a reference stands."""
        key = node.get("@id")
        return (
            self.by_id.get(key, node) if isinstance(key, str) and not node.keys() - {"@id", "@type"} else node
        )

    def _nodes(self, node: Node, *names: str) -> list[Any]:
        found = get_all(node, *names)
        if not (found and self.by_id):
            return found
        return [self._resolve(v) if isinstance(v, dict) else v for v in found]

    def _inside(self, node: Node, setting: Setting, event: bool) -> dict[str, Setting]:
        """What the children inherit: per property, `*` for all others."""
        if event:
            if not get_all(node, *_CHILDREN):
                return _ALONE
            child = replace(setting, event=node, place=self._place(node) or setting.place)
            return {"*": _NONE, **dict.fromkeys(_CHILDREN, child)}
        types = types_of(node)
        if "Course" in types:
            return {"*": replace(setting, course=get_text(node, "name"))}
        if not types:
            return {"*": setting}
        if not _COMPANIES.isdisjoint(types):
            here = Setting(performer=get_text(node, "name"))
            return {"*": _NONE, "event": here, "events": here}
        if get_all(node, "event", "events", "Event"):
            there = Setting(place=place_of(node))
            return {"*": _NONE, "event": there, "events": there, "Event": there}
        return _ALONE

    def _runs(self, node: Node) -> list[Node]:
        """Sub-events that are further performances of the event itself: same name or none."""
        found = self._runs_of.get(id(node))
        if found is None:
            children = [v for v in self._nodes(node, *_CHILDREN) if isinstance(v, dict) and is_event(v)]
            name = get_text(node, "name") if children else None
            found = [c for c in children if get_text(c, "name") in (None, name)]
            self._runs_of[id(node)] = found
        return found

    def _place(self, node: Node) -> RawPlace | None:
        if id(node) not in self._place_of:
            self._place_of[id(node)] = read_place(self._nodes(node, "location"))
        return self._place_of[id(node)]

    def add(self, node: Node, setting: Setting) -> None:
        """Makes the event of a node, or notes why there is none."""
        title = self._title(node, setting)
        if title is None:
            if get_all(node, "startDate", "description"):
                self.problems.append(
                    Problem("no-title", str(get_text(node, "url", "startDate") or "event")[:200])
                )
            return
        occurrences = self._occurrences(node)
        if not occurrences:
            if not get_all(node, *_CHILDREN) and len(node) > 2:
                self.problems.append(Problem("no-date", title[:200]))
            return
        self.events.append(self._event(node, setting, title, occurrences))

    def _title(self, node: Node, setting: Setting) -> str | None:
        return (
            get_text(node, "name", "headline", "summary")
            or setting.course
            or next((n for key in _WORKS for n in get_names(node, key)), None)
            or (get_text(setting.event, "name") if setting.event else None)
            or get_text(node, LABEL)
        )

    def _event(
        self, node: Node, setting: Setting, title: str, occurrences: tuple[RawOccurrence, ...]
    ) -> RawEvent:
        images = self._nodes(node, "image", "photo")
        picture: Node = next((v for v in images if isinstance(v, dict)), {})
        offers = read_offers({"offers": self._nodes(node, "offers", "offer")}, self.base)
        context = setting.event or {}
        performers = get_names(self._named(node, "performer", "performers", "actor"), "v")
        return RawEvent(
            source_id=self.page.source_id,
            page_url=self.page.url,
            seen_at=self.seen_at,
            method=self.method,
            title=title,
            occurrences=occurrences,
            subtitle=get_text(node, "alternativeHeadline", "alternateName"),
            url=get_url(node, self.base, "url", "mainEntityOfPage"),
            status=get_text(node, "eventStatus"),
            place=self._place(node) or setting.place,
            offers=offers,
            free=_read_truth(get_text(node, "isAccessibleForFree", "free")),
            ticket_url=next((o.url for o in offers if o.url), None),
            description=get_raw(node, "description", "summary"),
            image=get_url({"v": images or self._nodes(node, "thumbnailUrl")}, self.base, "v"),
            image_credit=get_text(picture, "creditText", "copyrightNotice")
            or next(iter(get_names(picture, "creator", "copyrightHolder")), None),
            organiser=next(iter(get_names(self._named(node, "organizer", "organiser"), "v")), None)
            or next(iter(get_names(context, "organizer")), None),
            performers=performers or ((setting.performer,) if setting.performer else ()),
            categories=_read_categories(node),
            types=types_of(node),
            language=get_text(node, "inLanguage") or next(iter(get_names(node, "inLanguage")), None),
            audience=get_text(node, "typicalAgeRange") or _audience(self._nodes(node, "audience")),
            modified=get_text(node, "dateModified"),
        )

    def _named(self, node: Node, *names: str) -> Node:
        return {"v": self._nodes(node, *names)}

    def _occurrences(self, node: Node) -> tuple[RawOccurrence, ...]:
        """The moments of an event: its schedules, else the performances below it, else its own dates."""
        start = get_text(node, "startDate")
        schedules = [v for v in self._nodes(node, "eventSchedule") if isinstance(v, dict)]
        found = [o for s in schedules[:200] if (o := read_schedule(s, start))]
        runs = self._runs(node)
        for run in [] if found else runs[:1000]:
            status, url = get_text(run, "eventStatus"), get_url(run, self.base, "url")
            found += [replace(o, status=o.status or status, url=o.url or url) for o in _own_dates(run)]
        found = found or _own_dates(node)
        return tuple(dict.fromkeys(found) if len(found) > 1 else found)


def _own_dates(node: Node) -> list[RawOccurrence]:
    """The node's startDate and endDate; several start dates are several occurrences."""
    starts = [t for v in get_all(node, "startDate") if (t := mend_stamp(clean_text(scalar(v))))]
    ends = [t for v in get_all(node, "endDate") if (t := mend_stamp(clean_text(scalar(v))))]
    door, duration = mend_stamp(get_text(node, "doorTime")), get_text(node, "duration")
    found = []
    for number, start in enumerate(starts[:1000]):
        if not is_stamp(start):
            found.append(RawOccurrence(text=start))
            continue
        clock = get_text(node, "startTime") if len(starts) == 1 else None
        if clock and re.fullmatch(r"\d{4}-\d\d-\d\d", start) and re.match(r"\d\d:\d\d", clock):
            start = f"{start}T{clock}"
        end = ends[number] if len(ends) == len(starts) else None
        end = end if is_stamp(end) else None
        found.append(RawOccurrence(start=start, end=end, door=door, duration=duration))
    return found


def _read_truth(text: str | None) -> bool | None:
    """`true`, `https://schema.org/True`, `1`, `yes`; None when nothing or something else is said."""
    word = (text or "").rsplit("/", 1)[-1].lower()
    return True if word in ("true", "yes", "1") else False if word in ("false", "no", "0") else None


def _read_categories(node: Node) -> tuple[str, ...]:
    """Genre, category and keywords; keywords may be one string with commas."""
    names = [*get_names(node, "genre"), *get_names(node, "category", "eventType")]
    for words in get_names(node, "keywords"):
        names += [w for part in words.split(",") if (w := part.strip())]
    return tuple(dict.fromkeys(names))[:30]


def _audience(values: list[Any]) -> str | None:
    for value in values:
        text = (
            get_text(value, "audienceType", "name") if isinstance(value, dict) else clean_text(scalar(value))
        )
        if text:
            return text
    return None
