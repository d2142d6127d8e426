"""Decisions of people from the file that they are written in to the calendars that residents hold.

Two houses list what is one concert; the calendars are published day by day, read as a calendar program
reads them, and decisions come, end and are taken back.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from aggregator.config_loader import load_region
from aggregator.correct import Book, load_book
from aggregator.correct.report import report
from aggregator.dedupe import Deduper
from aggregator.jobs import aggregate
from aggregator.ledger import Ledger
from aggregator.model import Event, Occurrence, Outcome, RawEvent, RawOccurrence, RawPlace, Run
from aggregator.normalise.listing import Normaliser
from aggregator.rebuild import compare, replay
from aggregator.rooms import Rooms, rules_of
from aggregator.store import Store, open_store
from aggregator.tag.corrections import Corrections
from aggregator.tag.tagger import Tagger
from crawlers.inbox import InboxRun
from feeds.info import read_info
from feeds.lint import lint_calendar
from feeds.publish import publish

CONFIG = Path(__file__).parents[2] / "config"
FIRST = date(2026, 11, 24)
HOUSE, TOWN = "de-klok", "de-stad"
CONCERT = {"title": "Trio Wolkenveld", "when": "2027-01-16T20:00"}
EVENING = {"title": "Avond met snaren", "when": "2027-01-16T20:00", "place": "Zaal aan de Kade"}
OTHER = {"title": "Goochelshow", "when": "2027-01-17T14:00"}


class House:
    """The region and its rooms, which no decision changes."""

    def __init__(self, config: Path) -> None:
        self.region = load_region(config)
        self.deduper, self.normaliser = Deduper(self.region), Normaliser(self.region)
        self.tagger = Tagger(self.region)
        own = {"municipalities": {"hengelo": "Hengelo", "borne": "Borne"}}
        plain: Mapping[str, Any] = {
            "languages": ("nl",),
            "pillars": {},
            "venues": {},
            **own,
        }
        self.info = replace(read_info(self.region), **plain)


@dataclass
class Desk:
    """An editor's desk: a configuration, an inbox, a store and a public folder, day after day."""

    folder: Path
    store: Store
    house: House
    day: int = 0
    shown: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)  # by source and key

    def decide(self, text: str, home: str = "hengelo") -> None:
        """Write the file of a municipality's decisions; nothing takes it away."""
        path = self.folder / "corrections" / f"{home}.yaml"
        path.parent.mkdir(exist_ok=True)
        if text:
            path.write_text(f"corrections:\n{text}", encoding="utf-8")
        else:
            path.unlink()

    @property
    def today(self) -> date:
        return FIRST + timedelta(days=self.day)

    @property
    def now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 6, tzinfo=UTC)

    def book(self) -> Book:
        files = sorted(self.folder.glob("corrections/*.yaml"))
        raw = {**self.house.region.raw, **{f"corrections/{file.stem}": None for file in files}}
        return load_book(replace(self.house.region, raw=raw, folder=self.folder), self.today)

    def rooms(self) -> tuple[Rooms, str]:
        house, book = self.house, self.book()
        house.tagger.corrections = Corrections(book)
        deduper = house.deduper
        rooms = Rooms(house.normaliser, deduper.cluster, deduper.merge, house.tagger, book, deduper)
        return rooms, rules_of("1", book)

    def crawl(self) -> None:
        for number, (source, listings) in enumerate(sorted(self.shown.items())):
            inbox = InboxRun(self.inbox, source, f"{self.now:%Y%m%dT%H%M%SZ}-{number:06x}")
            for key, fields in listings.items():
                inbox.write(raw_event(source, key, fields, self.now))
            at = self.now.isoformat()
            told: Mapping[str, Any] = {"outcome": Outcome.OK, "complete": True, "items": len(listings)}
            inbox.finish(Run(inbox.folder.name, source, at, at, **told))

    @property
    def inbox(self) -> Path:
        return self.folder / "data" / "inbox"

    def publish(self, days: int = 1, *, crawl: bool = True) -> dict[str, str]:
        """So many days on: crawl, aggregate, publish; the region's calendar, by UID."""
        self.work(days, crawl=crawl)
        publish(self.store, self.house.info, self.folder / "public", self.today)
        return self.calendar("region")

    def work(self, days: int = 1, *, crawl: bool = True) -> list[Event]:
        """So many days on: crawl and aggregate; the events that are shown."""
        self.day += days
        if crawl:
            self.crawl()
        rooms, rules = self.rooms()
        stages = rooms.normaliser, rooms.cluster, rooms.merge, rooms.tagger
        more: dict[str, Any] = {"rules": rules, "decisions": rooms.decisions, "compares": rooms.compares}
        aggregate(self.inbox, self.store, *stages, self.now, lambda line: None, **more)
        return list(self.store.events())

    def calendar(self, name: str) -> dict[str, str]:
        """`TITLE | STATUS | sequence` of each event of a calendar, by UID."""
        data = (self.folder / "public" / "agenda" / f"{name}.ics").read_bytes()
        assert lint_calendar(data) == []
        found = icalendar.Calendar.from_ical(data).walk("VEVENT")
        return {str(v["UID"]): f"{v['SUMMARY']} | {v['STATUS']} | {v['SEQUENCE']}" for v in found}

    def page(self, uid: str) -> str:
        return (self.folder / "public" / "evenement" / uid / "index.html").read_text("utf-8")

    def event(self, title: str) -> Event:
        return next(e for e in self.store.events(hidden=True) if e.title == title)

    def idle(self) -> list[str]:
        return report(self.book(), self.store.events(hidden=True))


def raw_event(source: str, key: str, fields: Mapping[str, str], now: datetime) -> RawEvent:
    page = f"https://{source}.invalid/{key}"
    place = RawPlace(name=fields.get("place", "De Klokzaal"), place=fields.get("town", "Hengelo"))
    when = (RawOccurrence(start=fields["when"]),)
    more: Mapping[str, Any] = {"source_key": key, "url": page, "place": place, "categories": ("concert",)}
    return RawEvent(source, page, now.isoformat(), "json-ld", fields["title"], when, **more)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    config = tmp_path_factory.mktemp("house")
    for file in CONFIG.glob("*.yaml"):
        shutil.copy(file, config)
    for source in (HOUSE, TOWN):
        path = config / "sources" / "hengelo" / f"{source}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"name: {source}\nstart_urls: [https://{source}.invalid/]\ntier: venue\nrights: open\n"
        path.write_text(text, encoding="utf-8")
    return House(config)


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "data").mkdir()
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'trek.sqlite'}")
    made = Desk(tmp_path, store, house)
    made.shown = {HOUSE: {"1": CONCERT, "9": OTHER}, TOWN: {}}
    made.work()
    made.shown[TOWN] = {"a": EVENING}
    yield made
    store.close()


def entry(deed: str, **more: str) -> str:
    facts = {"date": "2026-11-24", "role": "redactie", "reason": "Zelf gebeld.", **more}
    return f"  - {deed}\n" + "".join(f"    {key}: {value}\n" for key, value in facts.items())


def dates(event: Event) -> list[tuple[str, Occurrence, int]]:
    return [(o.uid, o.occurrence, o.sequence) for o in event.occurrences]


MERGE = f'merge: ["{HOUSE} (1)", "https://{TOWN}.invalid/a"]'


def test_two_published_events_become_one_and_two_again(desk: Desk) -> None:
    """Nobody sees the concert twice: the younger UID is called off for thirty days, and lives again."""
    before = desk.publish()
    assert sorted(v.split(" | ")[0] for v in before.values()) == [
        "Avond met snaren",
        "Goochelshow",
        "Trio Wolkenveld",
    ]
    old, young = desk.event("Trio Wolkenveld"), desk.event("Avond met snaren")
    (kept,), (ended,) = old.occurrences, young.occurrences
    desk.decide(entry(MERGE))
    merged = desk.publish(crawl=False)
    assert merged[kept.uid] == "Trio Wolkenveld | CONFIRMED | 0"
    assert merged[ended.uid] == "SAMENGEVOEGD: Trio Wolkenveld | CANCELLED | 1"
    assert len(merged) == 3
    assert desk.calendar("hengelo") == merged
    assert ended.uid not in desk.calendar("region.keep")
    assert desk.store.event(young.uid) == desk.store.event(old.uid)
    assert f"/evenement/{old.uid}/" in desk.page(young.uid)
    assert "hetzelfde evenement" in desk.page(young.uid)
    assert [r.kind for r in desk.event("Trio Wolkenveld").rulings] == ["merge"]
    assert desk.idle() == []

    desk.decide("")
    apart = desk.publish()
    assert apart[kept.uid] == "Trio Wolkenveld | CONFIRMED | 0"
    assert apart[ended.uid] == "Avond met snaren | CONFIRMED | 2"
    assert desk.event("Avond met snaren").uid == young.uid
    assert desk.event("Trio Wolkenveld").retired == ()
    assert "Avond met snaren" in desk.page(young.uid)

    desk.decide(entry(MERGE))
    assert desk.publish()[ended.uid].endswith("| CANCELLED | 3")
    assert ended.uid in desk.publish(29)
    assert ended.uid not in desk.publish(2)
    assert "hetzelfde evenement" in desk.page(young.uid)


def test_a_split_parts_what_the_rules_joined(desk: Desk) -> None:
    desk.shown[TOWN] = {"a": CONCERT}
    assert len(desk.work()) == 2
    kept = desk.event("Trio Wolkenveld").uid
    desk.decide(entry(f'split: ["{HOUSE} (1)", "{TOWN} (a)"]'))
    assert len(desk.work(crawl=False)) == 3
    homes = {
        ref.source_id: uid for ref, uid in desk.store.memberships(active=True).items() if ref.key in "1a"
    }
    assert homes[HOUSE] == kept != homes[TOWN]


def test_a_decision_ends_on_its_day_and_is_told(desk: Desk) -> None:
    desk.work()
    desk.decide(entry(MERGE, until="2026-11-30"))
    assert (len(desk.work()), desk.idle()) == (2, [])
    assert len(desk.work(1)) == 2
    assert len(desk.work(2, crawl=False)) == 3
    (line,) = desk.idle()
    assert line.startswith("corrections/hengelo.yaml:2: ")
    assert "has ended on 2026-11-30" in line


def test_corrections_stand_against_every_later_crawl(desk: Desk) -> None:
    desk.work()
    deed = f'about: {{listing: "{HOUSE} (1)"}}'
    fix = '{title: Trio Wolkenveld plus, times: ["2027-01-16T20:30"], price: gratis}'
    desk.decide(entry(deed, correct=fix, feature="true"))
    desk.work()
    event = desk.event("Trio Wolkenveld plus")
    assert [o.occurrence.when.start.isoformat() for o in event.occurrences] == ["2027-01-16T20:30:00+01:00"]
    assert (event.featured, event.price and event.price.free) == (True, True)
    assert event.evidence["title"].losers[0][1] == "Trio Wolkenveld"
    (uid,) = [o.uid for o in event.occurrences]
    desk.shown[HOUSE]["1"] = {**CONCERT, "title": "Trio W.", "when": "2027-01-17T21:00"}
    assert desk.publish()[uid] == "Trio Wolkenveld plus | CONFIRMED | 1"
    assert desk.idle() == []
    assert desk.page(event.uid).count("2027-01-17T21:00") == 0
    listing = (desk.folder / "public" / "gemeente" / "hengelo" / "index.html").read_text("utf-8")
    assert "Uitgelicht" in listing
    desk.decide("")
    assert desk.publish()[uid] == "Trio W. | CONFIRMED | 2"


def test_another_municipality_is_not_touched(desk: Desk) -> None:
    before = desk.work()
    desk.decide(entry(MERGE) + entry(f'about: {{listing: "{HOUSE} (1)"}}', hide="true"), home="borne")
    assert desk.work() == before
    first, second = desk.idle()
    assert "is not carried out: an event is in hengelo; write it in corrections/region.yaml" in first
    assert "is about no event; such an event is in hengelo" in second
    desk.decide("", home="borne")
    desk.decide(entry(MERGE), home="region")
    assert len(desk.work()) == 2


def test_a_listing_that_goes_leaves_the_others_event_as_it_was(desk: Desk) -> None:
    """Also of a decided merge; and to do the work again changes nothing."""
    desk.work()
    before = {e.title: e for e in desk.store.events()}
    desk.decide(entry(MERGE))
    desk.work()
    merged = desk.event("Trio Wolkenveld")
    revision = desk.store.revision()
    assert desk.work() == desk.work(0, crawl=False)
    assert desk.store.revision() == revision
    desk.shown[TOWN] = {"zz": {**OTHER, "title": "Lezing"}}
    for _ in range(3):
        desk.work()
    after = {e.title: e for e in desk.store.events()}
    assert after["Goochelshow"] == before["Goochelshow"]
    alone, own = after["Trio Wolkenveld"], before["Trio Wolkenveld"]
    assert (alone.uid, dates(alone), alone.place) == (own.uid, dates(own), own.place)
    assert (alone.listings, alone.created) == (own.listings, own.created)
    assert alone.retired == merged.retired  # the younger stays called off: it was part of this one
    desk.shown[TOWN] = {"a": {**EVENING, "title": "Avond met strijkers"}}
    desk.work()
    assert len(desk.event("Trio Wolkenveld").listings) == 2


def test_what_is_gone_is_told(desk: Desk) -> None:
    desk.work()
    desk.decide(entry(MERGE) + entry(f'about: {{listing: "{TOWN} (zz)"}}', hide="true"))
    desk.work()
    desk.shown[TOWN] = {"b": OTHER}
    for _ in range(3):
        desk.work()
    gone, never = desk.idle()
    assert "https://de-stad.invalid/a is not there" in gone
    assert "de-stad (zz) is about no event" in never


def test_a_store_made_anew_has_the_same_events(desk: Desk, tmp_path: Path) -> None:
    desk.work()
    desk.decide(entry(MERGE, until="2026-12-01"))
    desk.work()
    fix = entry(f'about: {{listing: "{HOUSE} (9)"}}', correct="{hall: Kelder}")
    desk.decide(entry(MERGE, until="2026-12-01") + fix)
    desk.work()
    desk.work(10)
    rooms, rules = desk.rooms()
    fresh = open_store(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    ledger = Ledger(desk.inbox, fresh=True)
    replay(desk.inbox, fresh, rooms, desk.now, lambda line: None, rules, ledger)
    assert compare(desk.store, fresh) == []
    assert list(fresh.events(hidden=True)) == list(desk.store.events(hidden=True))
    assert fresh.rules() == desk.store.rules()
    fresh.close()
