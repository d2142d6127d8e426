"""Publishing: all feeds of the region from nothing beside the plain libraries, and after a change of 1 %.

`feeds-cold` builds every calendar and feed of every scope in the main language, in memory. The peer
builds the same calendars with icalendar and the same RSS and Atom feeds with feedgen, each feed from
its events, as one would without pieces; it is so slow that each of the runs builds one fifth of the
scopes, and its time is the sum of the five; it makes no JSON Feed, we do:
`ratio` counts ours with it, `ratio_same` without, as then both make the same feeds. `feeds-change`
publishes whole to a folder, pages, pictures, press lists and compressed variants too: from nothing, then
after one event in a hundred changed, drawn at random (`percent`), so that more than half of all feeds and
nearly all lists change with them: `written` of `files`, and these larger than most. A crawl of a day changes
its events by source: `percent_venues` is after as many changed at as few venues as hold them.
`serve-combination` is one free combination from kept pieces. All is the processor's
time, of every thread, so that a busy machine changes little.
"""

from __future__ import annotations

import gc
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import icalendar
from feedgen.feed import FeedGenerator

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import load_region
from aggregator.model import (
    AllDay,
    Edit,
    Event,
    EventOccurrence,
    ListingRef,
    Occurrence,
    Place,
    Price,
    Run,
    Status,
    Tag,
    Timed,
    content_hash,
)
from feeds.card import Voice, address_line, labels, loud_title
from feeds.combine import Choice, Combiner
from feeds.cut import cut
from feeds.formats.ical import _describe
from feeds.formats.item import build_item
from feeds.info import SiteInfo, read_info
from feeds.keys import Keys
from feeds.news import entries
from feeds.pieces import Pieces, channel_of
from feeds.plan import _feeds, voices
from feeds.publish import publish
from feeds.scopes import scopes
from feeds.select import Agenda, Showing, begin
from feeds.urls import KINDS, Flavour, Scope

SIZE = 20_000
RUNS = 5
SAME = (".ics", ".rss", ".atom")  # what the peer makes too
ALL = (*SAME, ".json")
TODAY = date(2026, 11, 24)
SEEN = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
CONFIG = Path(__file__).parents[2] / "config"
TEXT = "Een avond met muziek, verhalen en beelden uit de streek; na afloop is de bar open. "


def make_events(size: int, info: SiteInfo) -> list[Event]:
    """Events at the region's venues in the coming months; one in twenty an exhibition, few cancelled."""
    dice = random.Random(7)
    venues = sorted(info.venues.items())
    found = []
    for number in range(size):
        ident, venue = dice.choice(venues)
        town = (venue.address, None, venue.place, 52.3, 6.7)
        start = datetime(2026, 11, 24, 20, 0, tzinfo=AMSTERDAM) + timedelta(days=dice.randrange(-20, 200))
        when: Timed | AllDay = Timed(start, start + timedelta(hours=2))
        if number % 20 == 0:
            when = AllDay(start.date(), start.date() + timedelta(days=60))
        status = Status.CANCELLED if dice.random() < 0.03 else Status.SCHEDULED
        created = SEEN + timedelta(minutes=number)
        found.append(
            Event(
                f"e{number:05d}",
                f"Avond nummer {number} & zonen",
                (EventOccurrence(f"o{number:05d}", Occurrence(when, status), 0, created, created),),
                Place(venue.municipality, ident, venue.name, None, *town),
                (ListingRef("bron", str(number)),),
                subtitle="Met gasten",
                price=Price(Decimal(12), Decimal(15)),
                ticket_url=f"https://kaarten.example/{number}",
                description=TEXT * 4,
                sources=(("bron", f"https://bron.example/{number}"),),
                pillars=tuple(Tag(p, "r", "w") for p in info.pillars if dice.random() < 0.35),
                created=created,
                modified=created,
            )
        )
    return found


class Shelf:
    """An `EventReader` over a list."""

    def __init__(self, events: list[Event], revision: int = 1) -> None:
        self._events, self._revision = {e.uid: e for e in events}, revision
        self._digests = {e.uid: content_hash(e) for e in events}

    def change(self, events: list[Event]) -> None:
        self._revision += 1
        for event in events:
            self._events[event.uid], self._digests[event.uid] = event, content_hash(event)

    def revision(self) -> int:
        return self._revision

    def digests(self) -> dict[str, str]:
        return self._digests

    def events(self, *, hidden: bool = False) -> Iterator[Event]:
        return iter(self._events.values())

    def edits(self, since: datetime | None = None, uid: str | None = None) -> Iterator[Edit]:
        return iter(())

    def last_runs(self) -> dict[str, Run]:
        return {}

    def held(self) -> dict[str, str]:
        return {}

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


# --- the peer -----------------------------------------------------------------------------


def plain_calendar(showings: list[Showing], name: str, voice: Voice) -> bytes:
    """A calendar as one writes it with icalendar."""
    calendar = icalendar.Calendar()
    for key, value in (("prodid", "-//Plain//NL"), ("version", "2.0"), ("x-wr-calname", name)):
        calendar.add(key, value)
    for showing in showings:
        vevent, stamp = icalendar.Event(), showing.changed
        vevent.add("uid", showing.occurrence.uid)
        vevent.add("dtstamp", stamp)
        vevent.add("last-modified", stamp)
        vevent.add("sequence", showing.occurrence.sequence)
        when = showing.when
        if isinstance(when, AllDay):
            vevent.add("dtstart", begin(when).date())
            vevent.add("dtend", (when.last or begin(when).date()) + timedelta(days=1))
        else:
            vevent.add("dtstart", when.start)
            vevent.add("dtend", when.end)
        vevent.add("summary", loud_title(showing, voice.words))
        vevent.add("status", "CANCELLED" if showing.off else "CONFIRMED")
        vevent.add("location", address_line(showing.event, voice.info))
        vevent.add("geo", (showing.event.place.latitude, showing.event.place.longitude))
        vevent.add("description", _describe(showing, voice))
        vevent.add("url", voice.urls.absolute(voice.urls.event(voice.language, showing.event.uid)))
        vevent.add("categories", labels(showing.event, voice))
        calendar.add_component(vevent)
    return bytes(calendar.to_ical())


def plain_feeds(agenda: Agenda, scope: Scope, kind: str, voice: Voice) -> tuple[bytes, bytes]:
    """RSS and Atom as one writes them with feedgen: one generator gives both."""
    found = entries(agenda, scope, kind)
    channel = channel_of(scope, kind, "rss", voice, found)
    feed: Any = FeedGenerator()  # type: ignore[no-untyped-call]
    feed.id(channel.address)
    feed.title(channel.title)
    feed.description(channel.description)
    feed.link(href=channel.home, rel="alternate")
    feed.updated(channel.updated)
    for entry in found:
        item = build_item(entry, voice)
        one = feed.add_entry(order="append")
        one.id(item.id)
        one.title(item.title)
        one.link(href=item.url)
        one.published(item.published)
        one.updated(item.updated)
        one.summary(item.summary)
        one.content(item.html, type="html")
        for term, label in item.categories:
            one.category(term=term, label=label)
    return feed.rss_str(), feed.atom_str()


def build_plainly(agenda: Agenda, some: list[Scope], voice: Voice) -> None:
    """The feeds of some scopes, each from its events."""
    for scope in some:
        for flavour in Flavour:
            showings = cut(agenda.showings(scope, flavour), agenda.info.most_events, agenda.today).kept
            plain_calendar(showings, voice.feed_title(scope, "calendar"), voice)
        for kind in KINDS:
            plain_feeds(agenda, scope, kind, voice)


def build_ours(agenda: Agenda, marks: dict[str, str], voice: Voice, kinds: tuple[str, ...]) -> None:
    """Every calendar and feed of a language with these endings."""
    pieces = Pieces(marks)
    for task in _feeds(agenda, voice, Keys(agenda, pieces)):
        if task.name.endswith(kinds):
            task.render()


# --- the measurements ---------------------------------------------------------------------


def timed(work: Callable[[], object]) -> float:
    """Seconds of the processor that the work takes, of all threads."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def measure_cold(events: list[Event], info: SiteInfo) -> dict[str, Any]:
    """Ours, the median of five; the peer's five fifths together."""
    own = replace(info, languages=info.languages[:1])
    marks = Shelf(events).digests()
    every = list(scopes(own))
    ours, same, peer = [], [], []
    for run in range(RUNS):
        for kinds, spent in ((ALL, ours), (SAME, same)):
            agenda = Agenda(events, own, TODAY)
            voice = voices(agenda)[0]
            spent.append(timed(lambda a=agenda, v=voice, k=kinds: build_ours(a, marks, v, k)))  # type: ignore[misc]
        fifth = every[run::RUNS]
        peer.append(timed(lambda a=agenda, v=voice, f=fifth: build_plainly(a, f, v)))  # type: ignore[misc]
    line = _line("feeds-cold", statistics.median(ours), sum(peer), "s", "icalendar and feedgen", len(events))
    return line | {"ratio_same": round(sum(peer) / statistics.median(same), 1)}


def measure_change(events: list[Event], info: SiteInfo) -> dict[str, Any]:
    """A whole publication from nothing, then five after a change of one event in a hundred each, twice."""
    folder = Path(tempfile.mkdtemp(prefix="trek-bench-"))
    shelf, dice, written = Shelf(events), random.Random(11), []

    def publish_all() -> None:
        written.append(publish(shelf, info, folder / "public", TODAY).written)

    def change(some: list[Event], run: int) -> float:
        at = SEEN + timedelta(days=20, minutes=run)
        shelf.change([replace(e, title=f"{e.title}, keer {run}", modified=at) for e in some])
        return timed(publish_all)

    try:
        cold, size = timed(publish_all), len(events) // 100
        spent = statistics.median(change(dice.sample(events, size), run) for run in range(RUNS))
        line = _line("feeds-change", spent, cold, "s", "the same from nothing", len(events))
        line |= {"percent": round(100 * spent / cold, 1), "files": written[0]}
        line["written"] = statistics.median(written[1:])
        by_venue = sorted(events, key=lambda e: e.place.venue or "")
        starts = [dice.randrange(len(events) - size) for _ in range(RUNS)]
        near = statistics.median(
            change(by_venue[first : first + size], RUNS + run) for run, first in enumerate(starts)
        )
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return line | {"percent_venues": round(100 * near / cold, 1), "memory_mb": memory}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure_combination(events: list[Event], info: SiteInfo) -> dict[str, Any]:
    """Choices of a municipality and a pillar after the whole region, in milliseconds; peer: icalendar."""
    combiner = Combiner(lambda: Shelf(events), info)
    combiner.calendar(Choice(), TODAY)
    agenda, ours, peer = Agenda(events, info, TODAY), [], []
    voice = voices(agenda)[0]
    names = sorted(info.municipalities)
    for number in range(RUNS):
        choice = Choice(frozenset((names[number], names[number + 1], names[number + 5])))
        combiner.calendar(replace(choice, pillars=frozenset(list(info.pillars)[:1])), TODAY)
        wide = replace(choice, pillars=frozenset(list(info.pillars)[:2]))
        combiner.calendar(replace(wide, language="en"), TODAY)
        combiner.calendar(wide, TODAY)
        again = replace(wide, venues=frozenset(info.venues))  # the same events under another address
        ours.append(timed(lambda c=again: combiner.calendar(c, TODAY)) * 1000)  # type: ignore[misc]

        def plainly(chosen: Choice = again) -> bytes:
            found = [s for s in agenda.showings(Scope()) if chosen.takes(s)]
            return plain_calendar(cut(found, info.most_events, TODAY).kept, "x", voice)

        peer.append(timed(plainly) * 1000)
    ours_ms, peer_ms = statistics.median(ours), statistics.median(peer)
    return _line("serve-combination", ours_ms, peer_ms, "ms", "icalendar", len(events))


def _line(name: str, ours: float, peer: float, unit: str, peer_name: str, size: int) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours, 3),
        "peer": round(peer, 3),
        "ratio": round(peer / ours, 1),
        "unit": unit,
        "peer_name": peer_name,
        "size": size,
    }


def measure(size: int = SIZE) -> Iterator[dict[str, Any]]:
    """The lines for `make bench`."""
    info = read_info(load_region(CONFIG))
    events = make_events(size, info)
    yield measure_change(events, info)
    yield measure_cold(events, info)
    yield measure_combination(events, info)


if __name__ == "__main__":
    import sys

    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE):
        print(line)
