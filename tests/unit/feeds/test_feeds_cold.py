"""What is kept up change by change equals what is made from nothing, byte for byte."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import brotli
import pytest

from aggregator import journal
from aggregator.errors import UsageError
from aggregator.model import (
    AllDay,
    Edit,
    Event,
    EventOccurrence,
    Occurrence,
    Outcome,
    Place,
    Run,
    Status,
    Timed,
    to_plain,
)
from feeds.choice import parse_choice
from feeds.combine import Combiner
from feeds.compress import CODINGS
from feeds.disk import Folder
from feeds.info import SiteInfo
from feeds.lint import lint_calendar
from feeds.publish import Published, publish
from feeds.state import state_path
from tests.unit.feeds.feeds_world import (
    INFO,
    MUSIC,
    SEEN,
    TODAY,
    Reader,
    at,
    event,
    occurrence,
    world,
    world_edits,
)

SMALL = replace(INFO, languages=("nl", "en"), most_events=12)
DUTCH = replace(SMALL, languages=("nl",))
LATER = SEEN + timedelta(days=4)
World = dict[str, Event]


def changed(world: World, uid: str, **fields: object) -> World:
    return world | {uid: replace(world[uid], modified=LATER, **fields)}  # type: ignore[arg-type]


def status_of(world: World, uid: str, status: Status) -> World:
    one = world[uid].occurrences[0]
    now = replace(
        one, occurrence=replace(one.occurrence, status=status), sequence=one.sequence + 1, modified=LATER
    )
    return changed(world, uid, occurrences=(now, *world[uid].occurrences[1:]))


def merged(world: World) -> World:
    """The open day becomes part of the organ concert."""
    gone = world["e-dag"]
    retired = tuple(replace(o, sequence=o.sequence + 1, modified=LATER) for o in gone.occurrences)
    left = {uid: e for uid, e in world.items() if uid != "e-dag"}
    return changed(left, "e-orgel", aliases=("e-dag",), retired=retired)


FRESH = event("e-nieuw", "Nieuw trio", occurrence("o-nieuw", Timed(at(26)), modified=LATER), pillars=MUSIC)
HOME = {e.uid: e for e in world()}
JOURNAL = {  # what the store notes beside
    "one moves to another municipality": [Edit("e-vol", LATER, "place", to_plain(HOME["e-vol"].place), {})],
    "one leaves the region": [
        Edit("e-cafe", LATER, "hidden", None, "outside"),
        Edit("e-cafe", LATER, "place", to_plain(HOME["e-cafe"].place), {}),
    ],
    "two become one": list(journal.merged(HOME["e-dag"], "e-orgel", LATER)),
}
STEPS: list[tuple[str, int, Callable[[World], World]]] = [
    ("an event is added", 0, lambda w: w | {"e-nieuw": FRESH}),
    ("a title changes", 0, lambda w: changed(w, "e-cafe", title="Repair café in Goor")),
    ("one is cancelled", 0, lambda w: status_of(w, "e-orgel", Status.CANCELLED)),
    ("the day changes", 1, lambda w: w),
    (
        "one moves to another municipality",
        1,
        lambda w: changed(w, "e-vol", place=Place("enschede", "ketelhal")),
    ),
    (
        "one leaves the region",
        1,
        lambda w: changed(w, "e-cafe", place=Place("outside", name="Schouwburg"), hidden="outside"),
    ),
    ("one is withdrawn", 1, lambda w: changed(w, "e-nacht", hidden="withdrawn")),
    ("one becomes private", 1, lambda w: changed(w, "e-af", hidden="private")),
    ("a week passes", 8, lambda w: w),
    ("two become one", 8, merged),
    ("the withdrawn one returns", 8, lambda w: changed(w, "e-nacht", hidden=None)),
    ("the new one is gone for good", 8, lambda w: {u: e for u, e in w.items() if u != "e-nieuw"}),
    ("the year turns", 40, lambda w: w),
]


def files(public: Path) -> dict[str, bytes]:
    found = (p for p in public.rglob("*") if p.is_file())
    return {p.relative_to(public).as_posix(): p.read_bytes() for p in found}


def test_each_step_equals_a_publication_from_nothing(tmp_path: Path) -> None:
    """In one language; that several stay apart is shown once, in test_feeds_publish."""
    public, now = tmp_path / "public", {e.uid: e for e in world()}
    publish(Reader(list(now.values())), DUTCH, public, TODAY)
    ever, lines = set(files(public)), world_edits()
    for number, (what, days, step) in enumerate(STEPS, 2):
        now = step(now)
        lines += JOURNAL.get(what, [])
        reader, day = Reader(list(now.values()), number, lines), TODAY + timedelta(days=days)
        done = publish(reader, DUTCH, public, day)
        cold = tmp_path / f"cold-{number}"
        publish(reader, DUTCH, cold, day)
        kept, made = files(public), files(cold)
        assert {n: kept[n] for n in made} == made, what
        assert set(kept) - set(made) <= ever, what  # pages and feeds that only say that they ended
        assert not done.skipped
        assert publish(reader, DUTCH, public, day).skipped, what
        ever |= set(kept)


def test_a_change_renders_and_writes_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = tmp_path / "public"
    publish(Reader(world()), SMALL, public, TODAY)
    asked: list[str] = []
    real = Folder.write
    monkeypatch.setattr(Folder, "write", lambda f, name, data: asked.append(name) or real(f, name, data))
    now = changed({e.uid: e for e in world()}, "e-verplaatst", subtitle="met muziek")
    publish(Reader(list(now.values()), 2), SMALL, public, TODAY)
    pages = [n for n in asked if "evenement/" in n]
    own = ("index.html", "agenda.ics", "beeld.png")
    assert pages == [f"evenement/e-verplaatst/{name}" for name in own] + [
        f"en/evenement/e-verplaatst/{name}" for name in own[:2]
    ]
    assert not [n for n in asked if ("hengelo" in n and "bron/" not in n) or "hof-van-twente" in n]


def vevents(public: Path, name: str) -> dict[str, str]:
    data = (public / "agenda" / f"{name}.ics").read_bytes()
    assert lint_calendar(data) == []
    blocks = data.decode().replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
    return {b.partition("\r\nUID:")[2].partition("\r\n")[0]: b for b in blocks}


def show(public: Path, events: list[Event], day: date = TODAY, info: SiteInfo = DUTCH) -> Published:
    return publish(Reader(events, revision=day.toordinal()), info, public, day)


def test_cancelled_is_said_for_thirty_days_and_kept_for_google(tmp_path: Path) -> None:
    off = occurrence("o", Timed(at(20, month=2, year=2027)), Status.CANCELLED, sequence=1)  # told on SEEN
    told, public = [event("e", "Jazz", off)], tmp_path / "public"
    show(public, told)
    assert "STATUS:CANCELLED" in vevents(public, "region")["o"]
    kept = vevents(public, "region.keep")["o"]
    assert "STATUS:CONFIRMED" in kept
    assert "SUMMARY:AFGELAST: Jazz" in kept
    show(public, told, (SEEN + timedelta(days=30)).date())
    assert "o" in vevents(public, "region")
    show(public, told, (SEEN + timedelta(days=32)).date())
    assert vevents(public, "region") == vevents(public, "region.keep") == {}


def test_merged_date_is_ended_under_its_own_uid(tmp_path: Path) -> None:
    public = tmp_path / "public"
    younger = EventOccurrence("o-jong", Occurrence(Timed(at(28))), 3, SEEN, LATER)
    show(public, [event("e", "Jazz", occurrence("o", Timed(at(28))), retired=(younger,))])
    found = vevents(public, "region")
    assert set(found) == {"o", "o-jong"}
    assert "STATUS:CANCELLED" in found["o-jong"]
    assert "SEQUENCE:3" in found["o-jong"]
    assert "SUMMARY:SAMENGEVOEGD: Jazz" in found["o-jong"]
    assert set(vevents(public, "region.keep")) == {"o"}  # kept CONFIRMED it would stand there twice
    show(public, [event("e", "Jazz", occurrence("o", Timed(at(28))), retired=(younger,)), FRESH])
    split = event("e-2", "Jazz twee", occurrence("o-jong", Timed(at(28))))
    show(public, [event("e", "Jazz", occurrence("o", Timed(at(28))), retired=(younger,)), split])
    assert "STATUS:CONFIRMED" in vevents(public, "region")["o-jong"]  # it lives again


def test_calendar_without_exhibitions(tmp_path: Path) -> None:
    public = tmp_path / "public"
    expo = occurrence("o-expo", AllDay(date(2026, 11, 1), date(2026, 12, 1)))
    day = occurrence("o-dag", AllDay(date(2026, 11, 28)))
    show(public, [event("e", "Expo", expo), event("f", "Open dag", day)])
    assert set(vevents(public, "region")) == {"o-expo", "o-dag"}
    assert set(vevents(public, "region.no-exhibitions")) == {"o-dag"}


def telling(public: Path) -> dict[str, set[bool]]:
    """By scope: whether its feeds say of themselves, and not in an item, that De Spil cannot be read."""
    found: dict[str, set[bool]] = {}
    for name, data in files(public).items():
        lead, _, rest = name.partition("/")
        if lead in ("agenda", "feeds") and name.endswith(tuple(READ)):
            head = re.split('BEGIN:VEVENT|<item>|<entry>|"items"', data.decode().replace("\r\n ", ""))[0]
            scope = rest.partition(".")[0] if lead == "agenda" else rest.rpartition("/")[0]
            found.setdefault(scope, set()).add("Let op: De Spil kunnen wij" in head)
    return found


def test_feeds_name_stale_sources_and_only_their_own(tmp_path: Path) -> None:
    public, elsewhere = tmp_path / "public", (("uit-hengelo", "https://uit.example/1"),)
    events = [e for e in world() if e.uid in ("e-orgel", "e-vol")]
    events += [replace(e, sources=elsewhere) for e in world() if e.place.municipality == "enschede"]
    reader = Reader(events)
    reader.newest = {"de-spil": Run("r", "de-spil", "", "", Outcome.DNS, False)}
    publish(reader, DUTCH, public, TODAY)
    told = telling(public)
    assert told["region"] == told["hengelo"] == told["pillar/muziek"] == told["venue/de-spil"] == {True}
    assert told["enschede"] == told["venue/ketelhal"] == told["enschede/third-places"] == {False}
    reader.newest = {"de-spil": Run("r2", "de-spil", "", "", Outcome.DNS, False)}
    assert publish(reader, DUTCH, public, TODAY).skipped  # it is as it was
    reader.newest = {}
    done = publish(reader, DUTCH, public, TODAY)
    assert set().union(*telling(public).values()) == {False}
    others = {name for name in done.changed if not name.endswith(tuple(READ))}
    assert {name.partition("/")[0] for name in others} == {"zicht", "pers", "media"}, (
        others
    )  # they tell it too
    assert {f"pers/{home}/week.txt" for home in ("region", "hengelo")} < others < set(done.changed)
    own = {name for name in done.changed if not name.startswith("zicht/")}
    assert not [name for name in own if "enschede" in name or "ketelhal" in name]


def check_calendar(data: bytes) -> None:
    if found := lint_calendar(data):
        raise ValueError(found)


READ: dict[str, Callable[[bytes], object]] = {
    "ics": check_calendar,
    "rss": ElementTree.fromstring,
    "atom": ElementTree.fromstring,
    "json": json.loads,
}


def is_whole(path: Path) -> bool:
    """Whether a reader of its format takes a feed, or its packed variant, from the first byte to the last."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return path.suffix in CODINGS  # a variant goes before its file is replaced; a feed is always there
    try:
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        elif path.suffix == ".br":
            data = brotli.decompress(data)
        READ[path.name.split(".")[-2 if path.suffix in CODINGS else -1]](data)
    except (ValueError, SyntaxError, OSError, EOFError, brotli.error):  # ParseError is a SyntaxError
        return False
    return bool(data)


def test_a_poller_never_sees_a_torn_file(tmp_path: Path) -> None:
    """Reads every feed in a loop, packed ones too, while publications run and some are killed half-way."""
    public = tmp_path / "public"
    show(public, world())
    names = sorted(p for kind in READ for end in ("", ".??") for p in public.rglob(f"*.{kind}{end}"))
    stop, wrong, rounds = threading.Event(), [], [0]

    def poll() -> None:
        while not stop.is_set():
            for path in names:
                if not is_whole(path):
                    wrong.append(path.name)
            rounds[0] += 1

    poller = threading.Thread(target=poll)
    poller.start()
    real = Folder.write
    try:
        for number in range(1, 7):
            now = changed({e.uid: e for e in world()}, "e-cafe", title=f"Repair café {number}" * number)
            calls = iter(range(10_000))

            def dying(folder: Folder, name: str, data: bytes, limit: int = 20 * number) -> None:
                if next(calls) == limit:  # noqa: B023
                    raise KeyboardInterrupt
                real(folder, name, data)

            Folder.write = dying if number % 2 else real  # type: ignore[method-assign]
            try:
                publish(Reader(list(now.values()), number), DUTCH, public, TODAY)
            except KeyboardInterrupt:
                assert number % 2
    finally:
        Folder.write = real  # type: ignore[method-assign]
        stop.set()
        poller.join()
    assert not wrong
    assert rounds[0] > 0


def test_state_of_another_version_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = tmp_path / "public"
    show(public, world())
    monkeypatch.setattr("feeds.state.code_hash", lambda: "another")
    done = show(public, world())
    assert not done.skipped
    assert done.written == 0
    assert state_path(public).is_file()


def test_combination_keeps_cancelled_and_skips_exhibitions() -> None:
    combiner = Combiner(lambda: Reader(world()), SMALL)

    def ask(*pairs: tuple[str, str]) -> str:
        data = combiner.calendar(parse_choice(pairs, SMALL), TODAY).body
        assert lint_calendar(data) == []
        return data.decode().replace("\r\n ", "")

    plain, kept = ask(), ask(("cancelled", "keep"))
    assert plain.count("STATUS:CANCELLED") == 1
    assert kept.count("STATUS:CANCELLED") == 0
    assert kept.count("SUMMARY:AFGELAST: ") == 1
    assert "UID:o-expo" in plain
    assert "UID:o-expo" not in ask(("exhibitions", "no"))
    assert "cancelled=keep" in kept.partition("SOURCE")[2].partition("\r\n")[0]
    with pytest.raises(UsageError, match="exhibitions"):
        ask(("exhibitions", "maybe"))
