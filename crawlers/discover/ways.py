"""The ways in which a site's events can be read, from what a look brought home: the best first."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from aggregator.model import RawEvent
from aggregator.region import Follow, Paging
from crawlers.discover.learn import Learned, as_source, learn_layout
from crawlers.discover.paging import learn_paging
from crawlers.discover.visit import Visit
from crawlers.extract.page import Page, Reading
from crawlers.platforms import PLATFORMS, read_any
from crawlers.platforms.links import follow_links
from crawlers.platforms.merge import same_title

Line = dict[str, Any]
Tell = Callable[[Sequence[RawEvent], Page], list[Line]]  # raw events as lines of `trek try page`

FIELDS = ("time", "end", "place", "town", "price", "image", "link")
_WEIGHT = {"time": 4, "place": 3, "link": 2, "end": 1, "town": 1, "price": 1, "image": 1}
_MARKUP = {"json-ld": "json-ld", "microdata": "microdata", "rdfa": "microdata", "h-event": "h-event"}
_TRIED = ("icalendar", "rss", "json", "state", "labels", "layout")
_FOLLOWING = ("auto", "json-ld", "microdata", "h-event", "html")  # that take `follow` from a file
_COSTS = 0.9  # what a page of its own for every event takes off: it is a request each
_MOST = 50  # events beyond which a way is not better for having more


@dataclass(frozen=True)
class Way:
    """One way to read a site: `platform` on `url`, found at `visit`.

    `lines` are its events that are not over, `samples` says that they are a few of `count`. `missing`
    counts the lines that lack a field. `learned` holds selectors, `follow` which links lead to events,
    `paging` how the list goes on where its own markup does not say so.
    """

    platform: str
    url: str
    how: str
    visit: Visit
    reading: Reading
    lines: tuple[Line, ...] = ()
    count: int = 0
    learned: Learned | None = None
    follow: Follow | None = None
    paging: Paging | None = None
    samples: bool = False
    past: int = 0

    @property
    def missing(self) -> dict[str, int]:
        """How many of the lines lack a field, for the fields that some lack."""
        lacks = {name: sum(not holds(line, name) for line in self.lines) for name in FIELDS}
        return {name: number for name, number in lacks.items() if number}

    @property
    def score(self) -> float:
        """How good the way is: how much its events say, and how many there are."""
        if not self.lines:
            return 0.0
        told = sum(_WEIGHT[n] for line in self.lines for n in FIELDS if holds(line, n))
        whole = told / (len(self.lines) * sum(_WEIGHT.values()))
        costs = _COSTS if self.follow or self.samples else 1.0
        return (0.3 + 0.7 * whole) * math.log2(1 + min(self.count, _MOST)) * costs


@dataclass
class Found:
    """All that a look found: ways from best to worst, and what was asked without use."""

    visits: tuple[Visit, ...]
    ways: list[Way] = field(default_factory=list)

    @property
    def start(self) -> Visit:
        """The visit to the address that was given."""
        return next((v for v in self.visits if v.kind == "page"), self.visits[0])


def find_ways(visits: Sequence[Visit], tell: Tell) -> Found:
    """Judge every page that was fetched; ways without an event that is still to come stand last."""
    found = Found(tuple(visits))
    details = [v for v in visits if v.kind == "event" and v.ok]
    for visit in visits:
        if visit.ok and visit.kind != "event":
            own = [v for v in details if v.origin == visit.url]
            found.ways += _ways_of(visit, own, tell)
    found.ways = _distinct(sorted(found.ways, key=lambda way: -way.score))
    return found


def holds(line: Line, name: str) -> bool:
    """Whether a line says something of a field."""
    where = line.get("location") or {}
    if name == "time":
        return not line.get("allDay")
    if name == "place":
        return bool(where.get("name") or where.get("address"))
    if name == "town":
        return bool(where.get("place") or where.get("municipality"))
    return bool(line.get({"link": "url"}.get(name, name)))


def _ways_of(visit: Visit, details: Sequence[Visit], tell: Tell) -> Iterator[Way]:
    page = visit.page
    reading = read_any(page)
    if reading.events:
        way = _listed(visit, page, reading, tell)
        if way is not None:
            yield way
            yield from _completed(way, details, tell)
    elif reading.follow:
        yield from _followed(visit, reading, details, tell)


def _listed(visit: Visit, page: Page, reading: Reading, tell: Tell) -> Way | None:
    """The way of a page that lists events itself."""
    lines, past = _to_come(tell(reading.events, page), page)
    if not lines and not past:
        return None
    platform, learned = name_platform(page, reading)
    how = _how(platform, reading, learned, visit)
    paging = None if reading.next else learn_paging(page)
    told = tuple(lines)
    return Way(platform, visit.url, how, visit, reading, told, len(told), learned, paging=paging, past=past)


def name_platform(page: Page, reading: Reading) -> tuple[str, Learned | None]:
    """The platform that reads a page as it was read, with learned selectors where those do it."""
    methods = {e.method for e in reading.events}
    for name in methods:
        if name.startswith("platform:") and name[9:] in PLATFORMS:
            return name[9:], None
    markup = {_MARKUP.get(m, "") for m in methods}
    if len(markup) == 1 and (name := markup.pop()):
        alone = PLATFORMS[name].read(page, as_source(page)).events
        auto = read_any(page, as_source(page)).events
        return (name if _alike(alone, auto) else "auto"), None
    titles = [e.title for e in reading.events]
    for name in _TRIED:
        if [e.title for e in PLATFORMS[name].read(page, as_source(page)).events] == titles:
            learned = learn_layout(page) if name == "layout" else None
            return ("html" if learned else name), learned
    return "auto", None


def _alike(events: Sequence[RawEvent], others: Sequence[RawEvent]) -> bool:
    """Whether two readings say the same, whoever is said to be the source."""
    return [replace(e, source_id="") for e in events] == [replace(e, source_id="") for e in others]


def _how(platform: str, reading: Reading, learned: Learned | None, visit: Visit) -> str:
    if learned:
        return f"{learned.note}, on {visit.why}"
    method = next(iter({e.method for e in reading.events}), platform).removeprefix("platform:")
    return f"{method}, on {visit.why}"


def _completed(way: Way, details: Sequence[Visit], tell: Tell) -> Iterator[Way]:
    """The same list with each event's own page, where the pages looked at say more than the list."""
    lines: list[Line] = []
    for visit in details:
        page = visit.page
        own = [line for line in tell(read_any(page).events, page) if line["url"] in (visit.url, page.url)]
        listed = [line for line in way.lines if line["url"] == visit.url]
        if not own or not listed or not same_title(own[0]["title"], listed[0]["title"]):
            return  # the list says it better
        if any(holds(listed[0], n) and not holds(own[0], n) for n in ("time", "place")):
            return
        lines += own
    fuller = {n for n in FIELDS if _share(lines, n) > _share(way.lines, n)}
    follow = _follow_of(way)
    if not fuller or follow is None or way.platform not in _FOLLOWING:
        return
    how = f"{way.how}; each event's own page says more ({', '.join(n for n in FIELDS if n in fuller)})"
    yield replace(way, how=how, lines=tuple(lines), follow=follow, samples=True)


def _follow_of(way: Way) -> Follow | None:
    """A pattern that chooses the list's own events among its links; None when there is no such one."""
    urls = [e.url for e in way.reading.events if e.url]
    pattern = common_pattern(urls)
    if pattern is None or len(urls) < len(way.reading.events):
        return None
    chosen = follow_links(way.visit.page, Follow(pattern=pattern))
    strangers = set(chosen) - set(urls)
    return Follow(pattern=pattern) if len(strangers) <= 0.2 * len(urls) else None


def common_pattern(urls: Sequence[str]) -> str | None:
    """A regular expression for addresses with the same host and first folders; None when they share none."""
    parts = [urlsplit(url) for url in urls]
    if not parts or len({p.netloc for p in parts}) != 1 or len(set(urls)) < 2:
        return None
    paths = [p.path.strip("/").split("/") for p in parts]
    shared = 0
    while all(len(p) > shared + 1 for p in paths) and len({p[shared] for p in paths}) == 1:
        shared += 1
    if not shared:
        return None
    deep = {len(p) - shared for p in paths}
    rest = "/".join(["[^/?#]+"] * deep.pop()) if len(deep) == 1 else "[^?#]+"
    folder = "/".join(re.escape(piece) for piece in paths[0][:shared])
    return rf"//{re.escape(parts[0].netloc)}/{folder}/{rest}/?$"


def _followed(visit: Visit, reading: Reading, details: Sequence[Visit], tell: Tell) -> Iterator[Way]:
    """The way of a page or sitemap that only names the pages of events."""
    lines: list[Line] = []
    past = 0
    for detail in details:
        page = detail.page
        new, over = _to_come(tell(read_any(page).events, page), page)
        lines, past = lines + new, past + over
    if not lines and not past:
        return
    platform = "sitemap" if visit.kind == "sitemap" else "auto"
    how = f"{len(reading.follow)} links to pages of events, on {visit.why}"
    count = round(len(reading.follow) * len(lines) / (len(lines) + past))  # the others are over as well
    yield Way(platform, visit.url, how, visit, reading, tuple(lines), count, samples=True, past=past)


def _to_come(lines: Sequence[Line], page: Page) -> tuple[list[Line], int]:
    """The lines that are not over when the page was seen, and how many are."""
    today = page.seen.date().isoformat()
    coming = [line for line in lines if str(line.get("end") or line.get("start") or "")[:10] >= today]
    return coming, len(lines) - len(coming)


def _share(lines: Sequence[Line], name: str) -> float:
    return sum(holds(line, name) for line in lines) / max(len(lines), 1)


def _distinct(ways: Sequence[Way]) -> list[Way]:
    """Ways that differ: the same events, read in the same way from two pages, are one."""
    kept: dict[object, Way] = {}
    for way in ways:
        shown = frozenset((line["title"], line["start"]) for line in way.lines)
        kept.setdefault((way.platform, shown, way.follow is None) if shown else way.url, way)
    return list(kept.values())
