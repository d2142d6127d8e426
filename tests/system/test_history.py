"""Forty scripted weeks of one source, from what its page says to what a subscriber sees.

The script is `history/weeks.yaml`: each step changes what the source shows, says how its crawl ended,
and names what differs in the calendar afterwards; whatever it does not name must be as it was, byte
for byte, and what it does not name as news must not be announced. To extend it, add a step at the end.
Everything runs: normalise, decide, cluster, identity, publish, with the clock moved from step to step; in
the end the store is made anew from the inbox, and the feeds from nothing, and both must be what they were.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import icalendar
import pytest
from ruamel.yaml import YAML

from aggregator.config_loader import load_region
from aggregator.dedupe import Deduper
from aggregator.jobs import Summary, aggregate
from aggregator.ledger import Ledger
from aggregator.model import Outcome, RawEvent, RawOccurrence, RawPlace, Run
from aggregator.normalise.listing import Normaliser
from aggregator.rebuild import replay
from aggregator.refused import Wait, load_refused, refuse, unanswered, waiting
from aggregator.region import Region
from aggregator.rooms import Rooms
from aggregator.store import Store, open_store
from aggregator.tag.tagger import Tagger
from crawlers.inbox import InboxRun
from feeds.info import SiteInfo, read_info
from feeds.lint import lint_calendar
from feeds.publish import publish

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "config"
SCRIPT: dict[str, Any] = YAML(typ="safe").load((HERE / "history" / "weeks.yaml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = SCRIPT["steps"]
SOURCE = "historisch"


@dataclass
class Theatre:
    """The source, the store and the public folder, week after week."""

    folder: Path
    region: Region
    info: SiteInfo
    store: Store
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)  # what the source lists now, by key
    feed: dict[str, str] = field(default_factory=dict)  # what the calendar must say, by key
    uids: dict[str, str] = field(default_factory=dict)
    bytes: dict[str, bytes] = field(default_factory=dict)  # each VEVENT as it was, by key
    waits: list[str] = field(default_factory=list)  # titles of the dates that wait for a person
    told: dict[str, bytes] = field(default_factory=dict)  # each item of the feed of changes, by its id

    def step(self, step: dict[str, Any]) -> Summary:
        """A week: the source changes, is crawled, and the feeds are published."""
        for key, fields in (step.get("shows") or {}).items():
            if fields is None:
                del self.shown[key]
            else:
                self.shown[key] = self.shown.get(key, {}) | fields
        now = self.moment(step)
        self._crawl(step, now)
        refuse(self.folder / "data", self._meant(step.get("no")))
        agreed = (SOURCE,) if step.get("agreed") else tuple(w.name for w in self._meant(step.get("yes")))
        summary = self._aggregate(now, agreed)
        publish(self.store, self.info, self.folder / "public", now.date())
        return summary

    @staticmethod
    def moment(step: dict[str, Any]) -> datetime:
        """The step's Monday morning."""
        first = date.fromisoformat(SCRIPT["first"])
        day = first + timedelta(weeks=step["week"] - 1)
        return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)

    def _crawl(self, step: dict[str, Any], now: datetime) -> None:
        outcome = Outcome(step.get("outcome", "ok"))
        shown = self.shown if outcome is Outcome.OK else {}
        if "only" in step:
            shown = {key: self.shown[key] for key in step["only"]}
        shown = shown | dict(flood(step.get("adds")))
        inbox = InboxRun(self.folder / "data" / "inbox", SOURCE, f"{now:%Y%m%dT%H%M%SZ}-000001")
        for key, fields in shown.items():
            inbox.write(raw_event(key, fields, now))
        told = {"outcome": outcome, "complete": step.get("complete", outcome in (Outcome.OK, Outcome.EMPTY))}
        at = now.isoformat()
        inbox.finish(Run(inbox.folder.name, SOURCE, at, at, items=len(shown), pages=1, **told))

    @cached_property
    def rooms(self) -> Rooms:
        """The stages, as the main job has them; pure, so that one will do for all weeks."""
        return self.fresh_rooms()

    def fresh_rooms(self) -> Rooms:
        """The stages of a process that has just begun."""
        deduper = Deduper(self.region)
        return Rooms(Normaliser(self.region), deduper.cluster, deduper.merge, Tagger(self.region))

    def _aggregate(self, now: datetime, agreed: tuple[str, ...]) -> Summary:
        rooms, inbox = self.rooms, self.folder / "data" / "inbox"
        made = rooms.normaliser, rooms.cluster, rooms.merge, rooms.tagger
        return aggregate(inbox, self.store, *made, now, lambda line: None, rules="1", confirmed=agreed)

    def open_questions(self) -> list[Wait]:
        """The dates that nobody answered yet."""
        return unanswered(waiting({}, self.store.rejects()), load_refused(self.folder / "data"))

    def _meant(self, words: list[str] | None) -> list[Wait]:
        """The waiting dates of which each is told in these words."""
        found = [[w for w in self.open_questions() if some in w.said] for some in words or ()]
        assert all(len(waits) == 1 for waits in found), found
        return [waits[0] for waits in found]

    def announced(self) -> dict[str, bytes]:
        """The items of the region's feed of changes, by their ids, the oldest first."""
        data = (self.folder / "public" / "feeds" / "region" / "changed.rss").read_bytes()
        items = re.findall(rb"<item>.*?</item>", data, re.DOTALL)[::-1]
        return {i.partition(b'isPermaLink="false">')[2].partition(b"<")[0].decode(): i for i in items}

    def calendar(self, name: str = "region") -> dict[str, str]:
        """`TITLE | start | STATUS | sequence` of each event of a published calendar, by UID."""
        data = (self.folder / "public" / "agenda" / f"{name}.ics").read_bytes()
        assert lint_calendar(data) == []
        return {str(v["UID"]): line_of(v) for v in icalendar.Calendar.from_ical(data).walk("VEVENT")}

    def pieces(self) -> dict[str, bytes]:
        """The bytes of each VEVENT of the region's calendar, by UID."""
        data = (self.folder / "public" / "agenda" / "region.ics").read_bytes()
        blocks = [b.partition(b"END:VEVENT")[0] for b in data.split(b"BEGIN:VEVENT")[1:]]
        return {b.partition(b"\r\nUID:")[2].partition(b"\r\n")[0].decode(): b for b in blocks}


def flood(adds: dict[str, Any] | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Many events of this week alone, one a day."""
    for number in range(adds["count"] if adds else 0):
        day = date.fromisoformat(adds["first"]) + timedelta(days=number) if adds else date.min
        yield f"flood-{number}", {"title": f"Stuk nummer {number}", "when": f"{day}T20:00"}


def raw_event(key: str, fields: dict[str, Any], now: datetime) -> RawEvent:
    """What the source's page says of one event."""
    page = f"https://{SOURCE}.invalid/{key}"
    dates = fields["when"] if isinstance(fields["when"], list) else [fields["when"]]
    halves = [str(day).split("/") for day in dates]
    occurrences = tuple(RawOccurrence(start=h[0], end=h[1] if len(h) > 1 else None) for h in halves)
    return RawEvent(
        SOURCE,
        page,
        now.isoformat(),
        "json-ld",
        fields["title"],
        occurrences,
        source_key=key,
        url=page,
        place=RawPlace(
            name=fields.get("place", "De Klokzaal"), address="Markt 1", place=fields.get("town", "Hengelo")
        ),
        status=fields.get("status"),
        description=fields.get("text"),
        categories=("concert",),
    )


def line_of(vevent: Any) -> str:
    start = vevent.decoded("DTSTART")
    when = f"{start:%Y-%m-%d %H:%M}" if isinstance(start, datetime) else f"{start:%Y-%m-%d}"
    return f"{vevent['SUMMARY']} | {when} | {vevent['STATUS']} | {vevent['SEQUENCE']}"


@contextmanager
def make_theatre(folder: Path) -> Iterator[Theatre]:
    """A region of one municipality with one source, and an empty store."""
    config = folder / "config"
    config.mkdir(parents=True)
    for file in CONFIG.glob("*.yaml"):
        shutil.copy(file, config)
    path = config / "sources" / "hengelo" / f"{SOURCE}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"name: De Klok\nstart_urls: [https://{SOURCE}.invalid/]\ntier: venue\nrights: open\n")
    region = load_region(config)
    info = replace(read_info(region), languages=("nl",), municipalities={"hengelo": "Hengelo"}, pillars={})
    (folder / "data").mkdir()
    store = open_store(f"sqlite:///{folder / 'data' / 'trek.sqlite'}")
    try:
        yield Theatre(folder, region, info, store)
    finally:
        store.close()


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with make_theatre(tmp_path_factory.mktemp("history") / "theatre") as found:
        yield found


def test_forty_weeks(theatre: Theatre) -> None:
    """One test, because each week stands on the one before."""
    for step in STEPS:
        try:
            check_week(theatre, step)
        except Exception as error:
            error.add_note(f"in week {step['week']}: {step['why']}")
            raise
    check_from_nothing(theatre)


def check_week(theatre: Theatre, step: dict[str, Any]) -> None:
    """The week happens, and the calendars say what the step says."""
    summary = theatre.step(step)
    assert bool(summary.held) is bool(step.get("held")), summary.held
    theatre.waits = step.get("waits", theatre.waits)
    assert sorted(w.said.split("'")[1] for w in theatre.open_questions()) == theatre.waits
    told = step.get("feed") or {}
    theatre.feed = {k: v for k, v in (theatre.feed | told).items() if v is not None}
    found = theatre.calendar()
    lines = dict.fromkeys(theatre.feed.values())
    for uid, line in found.items():  # a new key takes the UID of the line that nobody else says
        if uid not in theatre.uids.values():
            fresh = [k for k, v in theatre.feed.items() if k not in theatre.uids and v == line]
            assert fresh, f"unexpected: {line}"
            theatre.uids[fresh[0]] = uid
    assert {theatre.uids.get(k, k): v for k, v in theatre.feed.items()} == found, list(lines)
    pieces = theatre.pieces()
    for key, before in theatre.bytes.items():
        if key in theatre.feed and key not in told:
            assert pieces[theatre.uids[key]] == before, f"{key} was rewritten without reason"
    theatre.bytes = {key: pieces[theatre.uids[key]] for key in theatre.feed}
    kept = theatre.calendar("region.keep")
    assert {u: line.replace("CANCELLED", "CONFIRMED") for u, line in found.items()} == kept
    spans = {u for u in found if b"DTSTART;VALUE=DATE" in pieces[u]}
    assert theatre.calendar("region.no-exhibitions").keys() == found.keys() - spans
    check_news(theatre, step.get("news") or [])
    for word in step.get("says") or ():
        data = (theatre.folder / "public" / "agenda" / "region.ics").read_bytes()
        assert word in data.replace(b"\r\n ", b"").decode().partition("BEGIN:VTIMEZONE")[0]


def check_news(theatre: Theatre, wanted: list[str]) -> None:
    """Exactly this was announced; what was told before is still told in the same bytes, for thirty days."""
    now = theatre.announced()
    titles = [
        re.findall(rb"<title>.*? \xc2\xb7 (.*?)( \xe2\x80\x94 .*)?</title>", item)[0][0]
        for item in now.values()
    ]
    fresh = [title.decode() for key, title in zip(now, titles, strict=True) if key not in theatre.told]
    assert fresh == wanted
    for key, before in theatre.told.items():
        if key in now and now[key] != before:
            assert b"daarna opnieuw gewijzigd" in now[key], f"{key} was rewritten without reason"
    theatre.told |= now


def test_there_are_forty_weeks() -> None:
    assert len({step["week"] for step in STEPS}) >= 40
    assert [step["week"] for step in STEPS] == sorted(step["week"] for step in STEPS)


def check_from_nothing(theatre: Theatre) -> None:
    """After the last week: what was kept up week by week equals what is made at once, from the inbox."""
    cold, data, now = theatre.folder / "cold", theatre.folder / "data", theatre.moment(STEPS[-1])
    (data / "refused.json").unlink()  # what it did is in the ledger
    anew = open_store(f"sqlite:///{data / 'anew.sqlite'}")
    with closing(anew):
        ledger = Ledger(data / "inbox", fresh=True)
        done = replay(data / "inbox", anew, theatre.fresh_rooms(), now, lambda line: None, "1", ledger)
        assert (done.runs, done.missing) == (len(STEPS), 0)
        assert list(anew.events(hidden=True)) == list(theatre.store.events(hidden=True))
        publish(anew, theatre.info, cold, now.date())
    public = theatre.folder / "public"
    for path in cold.rglob("*.*"):
        if path.is_file():
            assert (public / path.relative_to(cold)).read_bytes() == path.read_bytes(), path
