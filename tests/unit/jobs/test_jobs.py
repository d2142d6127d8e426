"""From the inbox to events: once, again, after a crash, after a loss, and rebuilt from nothing."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from aggregator.model import Outcome, State
from aggregator.store import Store, open_store


def titles(store: Store, *, hidden: bool = False) -> list[str]:
    return sorted(e.title for e in store.events(hidden=hidden))


def test_runs_become_events(rooms: ModuleType, inbox: Path, store: Store) -> None:
    rooms.fill(inbox, "a", 0, [rooms.raw("a", "1", "Quiz", 9), rooms.raw("a", "2", "Jazz", 9)])
    rooms.fill(inbox, "b", 0, [rooms.raw("b", "x", "quiz", 9, 16), rooms.raw("b", "y", "besloten", 9)], 1)
    rooms.fill(inbox, "c", 0, [rooms.raw("c", "z", "No date at all")], 2)
    summary = rooms.work(inbox, store)
    assert (summary.runs, summary.listings, summary.events, summary.merges) == (3, 4, 3, 1)
    assert (summary.rejects, summary.changed, summary.held) == (1, 3, {})
    assert titles(store) == ["Jazz", "Quiz"]
    assert titles(store, hidden=True) == ["Jazz", "Quiz", "besloten"]
    quiz = next(e for e in store.events() if e.title == "Quiz")
    assert len(quiz.occurrences) == 2
    assert all(o.uid and o.created for o in quiz.occurrences)
    assert quiz.pillars


def test_nothing_is_done_twice(rooms: ModuleType, inbox: Path, store: Store) -> None:
    raws = [rooms.raw("a", "1", "Quiz", 9)]
    rooms.fill(inbox, "a", 0, raws)
    rooms.work(inbox, store)
    before, revision = rooms.content(store), store.revision()

    def untouched(*_: Any) -> Any:
        raise AssertionError("clustered without a need")

    again = rooms.aggregate(inbox, store, None, untouched, None, None, rooms.FIRST, print)
    assert (again.runs, again.changed, again.events) == (0, 0, 1)
    assert rooms.content(store) == before
    rooms.fill(inbox, "a", 1, raws)
    normaliser, tagger = rooms.Normaliser(), rooms.Tagger()
    same = rooms.aggregate(inbox, store, normaliser, untouched, None, tagger, rooms.FIRST, print)
    assert (same.runs, same.changed, store.revision()) == (1, 0, revision)


def test_only_what_changed_is_made_again(rooms: ModuleType, inbox: Path, store: Store) -> None:
    raws = [rooms.raw("a", str(n), f"Event {n}", 9) for n in range(20)]
    rooms.fill(inbox, "a", 0, raws)
    rooms.work(inbox, store)
    made = []

    def merge(listings: Any, links: Any) -> Any:
        made.append(listings)
        return rooms.merge(listings, links)

    rooms.fill(inbox, "a", 1, [*raws[:19], rooms.raw("a", "19", "Event 19", 10)])
    now = rooms.FIRST + rooms.timedelta(days=2)
    arguments = (rooms.Normaliser(), rooms.cluster, merge, rooms.Tagger(), now, print)
    assert rooms.aggregate(inbox, store, *arguments).changed == 1
    assert [len(m) for m in made] == [1]
    assert rooms.aggregate(inbox, store, *arguments, rules="other").changed == 0
    assert len(made) == 21
    assert not store.unclustered("other")


def test_a_listing_goes_after_two_complete_runs_and_comes_back(
    rooms: ModuleType, inbox: Path, store: Store
) -> None:
    quiz, jazz = rooms.raw("a", "1", "Quiz", 9), rooms.raw("a", "2", "Jazz", 9)
    seen: list[list[Any]] = [[quiz, jazz], [quiz], [quiz], [quiz, jazz]]
    expected = [["Jazz", "Quiz"], ["Jazz", "Quiz"], ["Quiz"], ["Jazz", "Quiz"]]
    uids = set()
    for day, (raws, shown) in enumerate(zip(seen, expected, strict=True)):
        rooms.fill(inbox, "a", day, raws)
        rooms.work(inbox, store, day + 1)
        assert titles(store) == shown
        uids |= {e.uid for e in store.events(hidden=True)}
    assert len(uids) == 2


def test_a_visit_that_finds_nothing_new_moves_no_date_of_checking(
    rooms: ModuleType, inbox: Path, store: Store
) -> None:
    """Else each file would have other bytes after each crawl; the day of the last change is true as well."""

    def checked() -> list[int]:
        (event,) = store.events()
        return [(o.checked - rooms.FIRST).days for o in event.occurrences if o.checked]

    steps: list[tuple[int, tuple[int, ...], list[int]]] = [
        (0, (50, 60), [0, 0]),
        (1, (50, 60), [0, 0]),
        (2, (50, 61), [0, 2]),  # one of the dates moved, and was read on that day
        (3, (50, 61), [0, 2]),
    ]
    for day, days, wanted in steps:
        rooms.fill(inbox, "a", day, [rooms.raw("a", "1", "Jazz", *days)])
        rooms.work(inbox, store, day + 1)
        assert checked() == wanted
    rooms.merge, plain = lambda told, links: replace(plain(told, links), subtitle="new rules"), rooms.merge
    try:
        rooms.work(inbox, store, 9, rules="other")
    finally:
        rooms.merge = plain
    assert checked() == [3, 3]  # what other rules made of it was last seen then, whatever day it is now


def test_a_held_run_is_told_and_can_be_agreed_with(rooms: ModuleType, inbox: Path, store: Store) -> None:
    raws = [rooms.raw("a", str(n), f"Event {n}", 90) for n in range(20)]
    rooms.fill(inbox, "a", 0, raws)
    told: list[str] = []
    for day in (1, 2):
        rooms.fill(inbox, "a", day, raws[:10])
        assert "10 of 20" in rooms.work(inbox, store, 9, told.append).held["a"]
    assert len(told) == 2
    assert len(titles(store)) == 20
    for day in (3, 4):
        rooms.fill(inbox, "a", day, raws[:10])
        assert rooms.work(inbox, store, 9, confirmed=["a"]).held == {}
    assert len(titles(store)) == 10


def test_an_entry_that_breaks_the_normaliser_is_rejected_alone(
    rooms: ModuleType, inbox: Path, store: Store
) -> None:
    rooms.fill(inbox, "a", 0, [rooms.raw("a", "1", "explode", 9), rooms.raw("a", "2", "Jazz", 9)])
    rooms.work(inbox, store)
    assert titles(store) == ["Jazz"]
    (reject,) = store.rejects()
    assert (reject.reason, reject.detail, reject.title) == ("unreadable", "KeyError: 'boom'", "explode")


def test_a_crashed_crawl_adds_and_never_removes(rooms: ModuleType, inbox: Path, store: Store) -> None:
    quiz, jazz, blues = (rooms.raw("a", k, t, 9) for k, t in (("1", "Quiz"), ("2", "Jazz"), ("3", "Blues")))
    rooms.fill(inbox, "a", 0, [quiz, jazz])
    for day in (1, 2, 3):
        rooms.fill(inbox, "a", day, [rooms.raw("a", "1", "Popquiz", 9), blues], manifest=False)
    told: list[str] = []
    rooms.work(inbox, store, 9, told.append)
    assert titles(store) == ["Blues", "Jazz", "Popquiz"]
    assert {s.state for s in store.listings()} == {State.LIVE}
    assert store.last_runs()["a"].outcome is Outcome.CRASHED
    assert len(told) == 3


def test_a_run_that_comes_late_takes_nothing_back(rooms: ModuleType, inbox: Path, store: Store) -> None:
    rooms.fill(inbox, "a", 5, [rooms.raw("a", "1", "New title", 9)])
    rooms.work(inbox, store)
    rooms.fill(inbox, "a", 3, [rooms.raw("a", "1", "Old title", 9), rooms.raw("a", "2", "Jazz", 9)])
    rooms.work(inbox, store)
    assert titles(store) == ["Jazz", "New title"]


def test_two_events_that_merge_and_part_again_keep_their_uids(
    rooms: ModuleType, inbox: Path, store: Store
) -> None:
    def day(number: int, title: str) -> None:
        rooms.fill(inbox, "a", number, [rooms.raw("a", "1", "Quiz", 90)])
        rooms.fill(inbox, "b", number, [rooms.raw("b", "2", title, 90)])
        rooms.work(inbox, store, number + 1)

    day(0, "Jazz")
    uids = {e.title: e.uid for e in store.events()}
    day(1, "Quiz")
    (one,) = store.events()
    assert (one.uid, one.aliases) == (uids["Quiz"], (uids["Jazz"],))
    assert store.event(uids["Jazz"]) == one
    day(2, "Jazz")
    assert {e.title: e.uid for e in store.events()} == uids
    assert all(e.aliases == () for e in store.events())


def test_a_uid_that_lives_again_is_no_alias_any_more(rooms: ModuleType, inbox: Path, store: Store) -> None:
    uids = {}
    for number, title in enumerate(["Jazz", "Quiz", None, None, "Jazz"]):
        rooms.fill(inbox, "a", number, [rooms.raw("a", "1", "Quiz", 90)])
        own = [rooms.raw("b", "2", title, 90)] if title else []
        rooms.fill(inbox, "b", number, [*own, rooms.raw("b", "3", "Blues", 90)])
        rooms.work(inbox, store, number + 1)
        if number == 0:
            uids = {e.title: e.uid for e in store.events()}
        if number == 3:
            assert [e.aliases for e in store.events() if e.title == "Quiz"] == [(uids["Jazz"],)]
    assert {e.title: e.uid for e in store.events()} == uids
    assert all(e.aliases == () for e in store.events())


def test_new_rules_reach_pages_that_are_not_modified(rooms: ModuleType, inbox: Path, store: Store) -> None:
    def work(normaliser: Any, rules: str) -> Any:
        now = rooms.FIRST + rooms.timedelta(days=9)
        return rooms.aggregate(
            inbox, store, normaliser, rooms.cluster, rooms.merge, rooms.Tagger(), now, print, rules=rules
        )

    class Loud(rooms.Normaliser):  # type: ignore[misc, name-defined]
        """Reads titles better, and takes an entry without a date for today's."""

        def _listing(self, raw: Any) -> Any:
            raw = rooms.replace(raw, title=raw.title.upper())
            return super()._listing(raw if raw.occurrences else rooms.raw("a", raw.source_key, raw.title, 9))

    rooms.fill(inbox, "a", 0, [rooms.raw("a", "old", "Withdrawn", 90), rooms.raw("a", "1", "Older", 90)])
    for day in (1, 2):
        rooms.fill(inbox, "a", day, [rooms.raw("a", "1", "Quiz", 90), rooms.raw("a", "2", "No date")])
    rooms.fill(inbox, "a", 3, [rooms.raw("a", "3", "Jazz", 90)], complete=False)
    rooms.fill(inbox, "a", 4, [], outcome=Outcome.NOT_MODIFIED)
    work(rooms.Normaliser(), "1")
    uids = {e.title.upper(): e.uid for e in store.events()}
    assert sorted(uids) == ["JAZZ", "QUIZ"]
    last_seen = [s.last_seen for s in store.listings()]
    work(Loud(), "1")
    assert titles(store) == ["Jazz", "Quiz"]
    assert work(Loud(), "2").changed == 3
    assert titles(store) == ["JAZZ", "NO DATE", "QUIZ"]
    assert uids.items() <= {e.title: e.uid for e in store.events()}.items()
    assert [s.last_seen for s in store.listings() if s.listing.key != "2"] == last_seen
    assert [s.state for s in store.listings() if s.listing.key == "old"] == [State.WITHDRAWN]
    assert list(store.rejects()) == []
    assert work(Loud(), "2").changed == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_store_can_be_rebuilt_from_the_inbox(rooms: ModuleType, tmp_path: Path, seed: int) -> None:
    whole, daily = tmp_path / "whole" / "inbox", tmp_path / "daily" / "inbox"
    rooms.history(whole, seed)
    kept = open_store(f"sqlite:///{tmp_path / 'kept.sqlite'}")
    for day in range(8):
        for source in "abc":
            name = rooms.run_id(day)
            target = daily / source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (whole / source / name).rename(target)
        rooms.work(daily, kept, day + 1)
    rebuilt = open_store(f"sqlite:///{tmp_path / 'rebuilt.sqlite'}")
    rooms.work(daily, rebuilt, 300)
    assert rooms.content(rebuilt) == rooms.content(kept)
    assert {e.uid for e in kept.events(hidden=True)}
    assert list(kept.edits())
    kept.close()
    rebuilt.close()


def test_a_job_killed_at_any_step_is_finished_by_the_next(rooms: ModuleType, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    rooms.history(inbox, seed=7, days=4)
    steps: list[int] = []
    with rooms.counted(steps.append):
        store = open_store(f"sqlite:///{tmp_path / 'undisturbed.sqlite'}")
        rooms.work(inbox, store)
    total, expected = len(steps), rooms.content(store)
    store.close()
    points = sorted(random.Random(2026).sample(range(1, total), 12))
    done = subprocess.run(
        [sys.executable, rooms.__file__, str(tmp_path), *map(str, points)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.split("\n")[:-1] == [f"{point} -9" for point in points]
    for point in points:
        store = open_store(f"sqlite:///{tmp_path / f'killed-{point}' / 'trek.sqlite'}")
        rooms.work(inbox, store)
        assert rooms.content(store) == expected, f"killed at step {point} of {total}"
        store.close()
