"""A store that is rebuilt from the inbox is the store that was, to the byte; retention keeps it so."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from aggregator.jobs import Rooms
from aggregator.ledger import Applied, Clustered, Ledger, read_ledger
from aggregator.rebuild import BASE, Rebuilt, compare, replay
from aggregator.refused import load_refused, refuse, unanswered, waiting
from aggregator.retention import prune
from aggregator.store import Store, open_store


def silent(line: str) -> None:
    """Nobody listens."""


def store_at(path: Path) -> Store:
    return open_store(f"sqlite:///{path}")


def live(rooms: ModuleType, folder: Path, seed: int, days: range, per_day: int = 3) -> Store:
    """A store kept up as in life: several jobs a day, some of them late."""
    chance = random.Random(seed)
    inbox = folder / "inbox"
    store = store_at(folder / "trek.sqlite")
    for day in days:
        for hour in range(per_day):
            for source in "abc":
                if chance.random() < 0.7:
                    raws = [
                        rooms.raw(source, str(key), f"Event {chance.choice([key, key, key + 1])}", 40 + key)
                        for key in range(6)
                        if chance.random() < 0.85
                    ]
                    complete = chance.random() < 0.9
                    rooms.fill(inbox, source, day, raws, hour * 5, complete=complete)
            if chance.random() < 0.8:
                rooms.work(inbox, store, day + 1)
    rooms.work(inbox, store, days.stop)
    return store


def rebuild(
    rooms: ModuleType, folder: Path, path: Path, cluster: Any = None, rules: str = ""
) -> tuple[Store, Rebuilt]:
    store = store_at(path)
    stages = Rooms(rooms.Normaliser(), cluster or rooms.cluster, rooms.merge, rooms.Tagger())
    now = rooms.FIRST + timedelta(days=200)
    ledger = Ledger(folder / "inbox", fresh=True)
    return store, replay(folder / "inbox", store, stages, now, silent, rules, ledger)


@pytest.mark.parametrize("seed", range(3))
def test_a_rebuilt_store_is_the_store_that_was(rooms: ModuleType, tmp_path: Path, seed: int) -> None:
    store = live(rooms, tmp_path, seed, range(5))
    built, done = rebuild(rooms, tmp_path, tmp_path / "new.sqlite")
    assert rooms.content(built) == rooms.content(store)
    assert built.revision() == store.revision()
    assert (done.missing, done.aliases) == (0, 0)
    assert compare(store, built) == []


def test_the_order_of_the_steps_matters_or_the_ledger_would_be_idle(
    rooms: ModuleType, tmp_path: Path
) -> None:
    """Without a ledger a day's jobs cannot be told apart, and stamps come out otherwise."""
    store = live(rooms, tmp_path, 1, range(3))
    (tmp_path / "inbox" / ".ledger.jsonl").unlink()
    built = store_at(tmp_path / "new.sqlite")
    rooms.work(tmp_path / "inbox", built)
    assert rooms.content(built) != rooms.content(store)


def test_what_a_person_agreed_with_is_agreed_with_again(rooms: ModuleType, tmp_path: Path) -> None:
    inbox, store = tmp_path / "inbox", store_at(tmp_path / "trek.sqlite")
    rooms.fill(inbox, "a", 0, [rooms.raw("a", str(n), f"Event {n}", 50) for n in range(20)])
    rooms.work(inbox, store, 1)
    for day in (1, 2):
        rooms.fill(inbox, "a", day, [rooms.raw("a", "1", "Event 1", 50)])
        rooms.work(inbox, store, day + 1, confirmed=["a"])
    assert store.held() == {}
    assert len(list(store.events())) == 1
    built, _ = rebuild(rooms, tmp_path, tmp_path / "new.sqlite")
    assert rooms.content(built) == rooms.content(store)


def test_answers_about_single_dates_hold_and_are_given_again(rooms: ModuleType, tmp_path: Path) -> None:
    """One far date has a yes, one a no, which holds when the date is no longer far; the third is unsaid."""
    inbox, store = tmp_path / "inbox", store_at(tmp_path / "trek.sqlite")
    said = [rooms.raw("a", "1", "Jubileum", 50, 600, 610), rooms.raw("a", "2", "Feest", 700)]

    def shown() -> dict[str, list[int]]:
        return {
            e.title: [(o.occurrence.when.start - rooms.FIRST).days for o in e.occurrences]  # type: ignore[union-attr]
            for e in store.events()
        }

    rooms.fill(inbox, "a", 0, said)
    rooms.work(inbox, store, 1)
    late, later, far = (wait for wait in sorted(waiting({}, store.rejects()), key=lambda w: w.said[-20:]))
    assert shown() == {"Jubileum": [50]}
    refuse(tmp_path, [later])
    rooms.fill(inbox, "a", 1, said)
    rooms.work(inbox, store, 2, confirmed=[late.name])
    assert shown() == {"Jubileum": [50, 600]}
    rooms.fill(inbox, "a", 100, said)  # all three are within eighteen months but the last
    rooms.work(inbox, store, 101)
    assert shown() == {"Jubileum": [50, 600]}
    rooms.work(inbox, store, 102, rules="new")  # what is read again brings nothing in either
    assert shown() == {"Jubileum": [50, 600]}
    assert unanswered(waiting({}, store.rejects()), load_refused(tmp_path)) == [far]
    (tmp_path / "refused.json").unlink()
    built, _ = rebuild(rooms, tmp_path, tmp_path / "new.sqlite", rules="new")
    assert list(built.events()) == list(store.events())


def test_a_step_that_never_took_effect_does_not_count(rooms: ModuleType, tmp_path: Path) -> None:
    """Killed between the note and the commit; two runs later the step is done with more listings."""
    inbox, store = tmp_path / "inbox", store_at(tmp_path / "trek.sqlite")
    rooms.fill(inbox, "a", 0, [rooms.raw("a", "1", "Event 1", 50)])
    rooms.work(inbox, store, 1)
    rooms.fill(inbox, "a", 1, [rooms.raw("a", "1", "Event 1, corrected", 50)])
    early = rooms.FIRST + timedelta(days=1)
    Ledger(inbox).applied(Applied("a", rooms.run_id(1), early))
    Ledger(inbox).clustered(Clustered(early, store.revision()))  # and then the process was gone
    with (inbox / ".ledger.jsonl").open("ab") as file:
        file.write(b'{"clustered":"2026-11-0')
    rooms.fill(inbox, "b", 1, [rooms.raw("b", "1", "Event 1, corrected", 50)], 9)
    rooms.work(inbox, store, 3)
    built, _ = rebuild(rooms, tmp_path, tmp_path / "new.sqlite")
    assert rooms.content(built) == rooms.content(store)
    assert sum(isinstance(step, Clustered) for step in read_ledger(inbox)) == 2


def test_other_rules_never_let_a_published_uid_lead_nowhere(rooms: ModuleType, tmp_path: Path) -> None:
    """Two events that the rules of then merged; today's rules would never have made the second."""
    inbox, store = tmp_path / "inbox", store_at(tmp_path / "trek.sqlite")

    plain = rooms.cluster

    def apart(listings: Any) -> Any:
        return [replace(c, refs=(r,), links=()) for c in plain(listings) for r in c.refs]

    rooms.fill(inbox, "a", 0, [rooms.raw("a", "1", "Event", 50)])
    rooms.fill(inbox, "b", 0, [rooms.raw("b", "1", "Event", 50)])
    rooms.cluster = apart
    try:
        rooms.work(inbox, store, 1, rules="old")
    finally:
        rooms.cluster = plain
    before = {e.uid for e in store.events()}
    rooms.work(inbox, store, 2, rules="new")
    assert len(before) == 2
    assert len(list(store.events())) == 1
    built, done = rebuild(rooms, tmp_path, tmp_path / "new.sqlite", rules="new")
    assert done.aliases == 1
    assert all(built.event(uid) for uid in before)
    (event,) = built.events()
    assert {event.uid, *event.aliases} == before
    assert compare(store, built) == []


def test_a_uid_that_todays_rules_would_give_to_an_older_listing_stays(
    rooms: ModuleType, tmp_path: Path
) -> None:
    """Apart then, one now: rebuilt, the younger was never an event of its own, and no rule retired it."""
    inbox, store = tmp_path / "inbox", store_at(tmp_path / "trek.sqlite")
    plain = rooms.cluster

    def apart(listings: Any) -> Any:
        return [replace(c, refs=(r,), links=()) for c in plain(listings) for r in c.refs]

    rooms.fill(inbox, "a", 0, [rooms.raw("a", "1", "Event", 50)])
    rooms.fill(inbox, "b", 1, [rooms.raw("b", "1", "Event", 50)])
    rooms.cluster = apart
    try:
        rooms.work(inbox, store, 3, rules="old")
    finally:
        rooms.cluster = plain
    before = {e.uid for e in store.events()}
    built, done = rebuild(rooms, tmp_path, tmp_path / "new.sqlite", rules="new")
    (event,) = built.events()
    assert {event.uid, *event.aliases} == before
    assert done.aliases == 1
    assert compare(store, built) == []


def test_a_lost_run_is_told_and_what_it_alone_said_is_compared(rooms: ModuleType, tmp_path: Path) -> None:
    inbox, store = tmp_path / "inbox", store_at(tmp_path / "trek.sqlite")
    for source in "ab":
        rooms.fill(inbox, source, 0, [rooms.raw(source, "1", f"Event of {source}", 50)])
    rooms.work(inbox, store, 1)
    shutil.rmtree(inbox / "b" / rooms.run_id(0))
    built, done = rebuild(rooms, tmp_path, tmp_path / "new.sqlite")
    assert (done.runs, done.missing) == (1, 1)
    (line,) = compare(store, built)
    assert "Event of b" in line


def test_pruning_keeps_a_rebuild_exact(rooms: ModuleType, tmp_path: Path) -> None:
    store = live(rooms, tmp_path, 7, range(6))
    database = f"sqlite:///{tmp_path / 'trek.sqlite'}"
    now = rooms.FIRST + timedelta(days=9)
    gone = prune(tmp_path, database, store, now, silent, days=3)
    again = prune(tmp_path, database, store, now, silent, days=3)
    assert gone.runs > 5
    assert again.runs == 0
    for day in range(6, 9):
        rooms.fill(tmp_path / "inbox", "a", day, [rooms.raw("a", "1", f"Event {day}", 60)])
        rooms.work(tmp_path / "inbox", store, day + 1)
    shutil.copy(tmp_path / BASE, tmp_path / "new.sqlite")
    built, done = rebuild(rooms, tmp_path, tmp_path / "new.sqlite")
    assert done.missing == 0
    assert rooms.content(built) == rooms.content(store)


def test_pruning_leaves_what_a_source_says_now_however_old(rooms: ModuleType, tmp_path: Path) -> None:
    inbox, store = tmp_path / "inbox", store_at(tmp_path / "trek.sqlite")
    for day in range(3):
        rooms.fill(inbox, "a", day, [rooms.raw("a", "1", "Event", 50)])
    waiting = rooms.fill(inbox, "b", 0, [rooms.raw("b", "1", "Event", 50)])
    rooms.work(inbox, store, 3)
    later = rooms.fill(inbox, "c", 0, [rooms.raw("c", "1", "Not brought in yet", 50)])
    gone = prune(
        tmp_path, f"sqlite:///{tmp_path / 'trek.sqlite'}", store, rooms.FIRST + timedelta(days=300), silent
    )
    assert gone.runs == 2
    assert [p.name for p in (inbox / "a").iterdir()] == [rooms.run_id(2)]
    assert waiting.exists()
    assert later.exists()


def test_old_copies_of_pages_and_a_full_log_go(rooms: ModuleType, tmp_path: Path) -> None:
    import os

    store = store_at(tmp_path / "trek.sqlite")
    now = rooms.FIRST + timedelta(days=100)
    for name, age in (("old", 31), ("young", 29)):
        file = tmp_path / "httpcache" / f"{name}.sqlite"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"x" * 10)
        moment = (now - timedelta(days=age)).timestamp()
        os.utime(file, (moment, moment))
    (tmp_path / "crawl.log").write_bytes(b"x" * 5_000_001)
    gone = prune(tmp_path, f"sqlite:///{tmp_path / 'trek.sqlite'}", store, now, silent)
    assert (gone.pages, gone.bytes) == (1, 10)
    assert [p.name for p in (tmp_path / "httpcache").iterdir()] == ["young.sqlite"]
    assert not (tmp_path / "crawl.log").exists()
    assert (tmp_path / "crawl.log.1").stat().st_size == 5_000_001


def test_an_inbox_that_takes_no_note_brings_nothing_in(rooms: ModuleType, tmp_path: Path) -> None:
    inbox, store = tmp_path / "inbox", store_at(tmp_path / "trek.sqlite")
    rooms.fill(inbox, "a", 0, [rooms.raw("a", "1", "Event", 50)])
    (inbox / ".ledger.jsonl").mkdir()
    told: list[str] = []
    rooms.work(inbox, store, 1, told.append)
    assert "cannot be written" in told[0]
    assert list(store.listings()) == []
    (inbox / ".ledger.jsonl").rmdir()
    rooms.work(inbox, store, 1)
    assert len(list(store.events())) == 1
