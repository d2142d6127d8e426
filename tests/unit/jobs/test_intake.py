"""What lies in the inbox: finished, crashed, damaged, still being written, or no run at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from aggregator.intake import Arrival, find_arrivals, read_items, run_moment
from aggregator.model import Outcome, RawEvent, Run
from aggregator.store import Store


def find(rooms: ModuleType, inbox: Path, day: int = 1, **applied: bool) -> tuple[list[Arrival], list[str]]:
    told: list[str] = []
    known = {rooms.run_id(0): applied["known"]} if applied else {}
    return find_arrivals(inbox, lambda source: known, rooms.FIRST + timedelta(days=day), told.append), told


def read(arrival: Arrival) -> tuple[Run, list[RawEvent], list[str]]:
    told: list[str] = []
    return *read_items(arrival, told.append), told


def test_no_inbox_is_an_empty_one(rooms: ModuleType, inbox: Path) -> None:
    assert find(rooms, inbox) == ([], [])


def test_arrivals_come_in_order_of_time(rooms: ModuleType, inbox: Path) -> None:
    for source, day, hour in (("b", 0, 0), ("a", 1, 0), ("a", 0, 3)):
        rooms.fill(inbox, source, day, [], hour)
    (inbox / ".trash").mkdir()
    (inbox / "a" / "notes.txt").touch()
    arrivals, told = find(rooms, inbox)
    assert [a.run.source_id for a in arrivals] == ["b", "a", "a"]
    assert arrivals[0].moment == run_moment(rooms.run_id(0)) == rooms.FIRST
    assert told == []


def test_a_finished_run_is_read_as_it_was_written(rooms: ModuleType, inbox: Path) -> None:
    raws = [rooms.raw("a", "1", "Quiz caf\u00e9 \U0001f600", 9), rooms.raw("a", "2", "Jazz", 9)]
    rooms.fill(inbox, "a", 0, raws)
    ((arrival,), _) = find(rooms, inbox)
    run, items, told = read(arrival)
    assert (items, told, run.outcome, run.complete) == (raws, [], Outcome.OK, True)


def test_applied_runs_are_passed_over(rooms: ModuleType, inbox: Path) -> None:
    rooms.fill(inbox, "a", 0, [])
    assert find(rooms, inbox, known=True) == ([], [])


def test_a_crashed_run_is_read_once_and_again_when_its_manifest_comes(rooms: ModuleType, inbox: Path) -> None:
    folder = rooms.fill(inbox, "a", 0, [rooms.raw("a", "1", "Quiz", 9)], manifest=False)
    ((arrival,), _) = find(rooms, inbox)
    run, items, told = read(arrival)
    assert (run.outcome, run.complete, run.finished, run.items) == (Outcome.CRASHED, False, None, 1)
    assert len(items) == len(told) == 1
    assert "without a manifest" in told[0]
    assert find(rooms, inbox, known=False) == ([], [])
    body = (folder / "items.jsonl").read_bytes()
    for child in folder.iterdir():
        child.unlink()
    folder.rmdir()
    rooms.fill(inbox, "a", 0, items)
    assert (folder / "items.jsonl").read_bytes() == body
    ((again,), _) = find(rooms, inbox, known=False)
    assert again.run.finished is not None


def ended() -> str:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return str(process.pid)


@pytest.mark.parametrize(
    ("mark", "day", "waits"),
    [
        (lambda: "1", 0, True),
        (lambda: str(os.getppid()), 0, True),
        (lambda: "1", 2, False),  # no crawl takes so long
        (ended, 0, False),
        (lambda: str(os.getpid()), 0, False),  # that is us
        (lambda: "", 0, False),
        (lambda: "9" * 30, 0, False),
    ],
)
def test_a_crawl_at_work_is_waited_for(
    rooms: ModuleType, inbox: Path, mark: Callable[[], str], day: int, waits: bool
) -> None:
    folder = rooms.fill(inbox, "a", 0, [], manifest=False)
    (folder / ".running").write_text(mark())
    assert len(find(rooms, inbox, day)[0]) == (0 if waits else 1)


def test_a_damaged_line_is_skipped_alone(rooms: ModuleType, inbox: Path) -> None:
    raws = [rooms.raw("a", str(n), f"Event {n}", 9) for n in range(3)]
    folder = rooms.fill(inbox, "a", 0, raws, manifest=False)
    path = folder / "items.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    other = json.dumps({**json.loads(lines[0]), "source_id": "b"}).encode() + b"\n"
    deep = b"[" * 100_000 + b"\n"
    path.write_bytes(
        lines[0] + b"{broken\n" + b"\xff\xfe\n" + deep + lines[1] + b'{"title": 5}\n' + other + lines[2][:40]
    )
    ((arrival,), _) = find(rooms, inbox)
    run, items, told = read(arrival)
    assert items == raws[:2]
    assert not run.complete
    damaged = [t for t in told if "is damaged and was skipped" in t]
    assert [t.split(": line ")[1].split()[0] for t in damaged] == ["2", "3", "4", "6", "7", "8"]
    assert all("\n" not in t and len(t) < 500 for t in told)


def test_a_damaged_line_in_a_finished_run_makes_it_incomplete(rooms: ModuleType, inbox: Path) -> None:
    raws = [rooms.raw("a", "1", "Quiz", 9), RawEvent("b", "p", "", "json-ld", "of another source")]
    rooms.fill(inbox, "a", 0, raws)
    ((arrival,), _) = find(rooms, inbox)
    run, items, told = read(arrival)
    assert (run.outcome, run.complete, items, len(told)) == (Outcome.OK, False, raws[:1], 1)


def changed(folder: Path) -> None:
    with (folder / "items.jsonl").open("ab") as file:
        file.write(b"\n")


def rewritten(**fields: Any) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))

    return write


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (changed, "not those that the manifest speaks of"),
        (lambda folder: (folder / "items.jsonl").unlink(), "not those that the manifest speaks of"),
        (rewritten(sha256="0"), "not those that the manifest speaks of"),
        (rewritten(source_id="b"), "the manifest is that of another run"),
        (rewritten(outcome="splendid"), "the manifest is damaged"),
        (rewritten(complete="yes"), "the manifest is damaged"),
        (lambda folder: (folder / "manifest.json").write_bytes(b"{"), "the manifest is damaged"),
        (lambda folder: (folder / "manifest.json").write_bytes(b"[]"), "the manifest is damaged"),
    ],
)
def test_a_manifest_that_does_not_fit_counts_as_a_crash(
    rooms: ModuleType, inbox: Path, harm: Callable[[Path], object], words: str
) -> None:
    folder = rooms.fill(inbox, "a", 0, [rooms.raw("a", "1", "Quiz", 9)])
    harm(folder)
    ((arrival,), _) = find(rooms, inbox)
    run, items, told = read(arrival)
    assert (run.outcome, run.complete, run.source_id) == (Outcome.CRASHED, False, "a")
    assert run.finished is not None  # final: it is not looked at again
    assert any(words in line for line in told)
    assert len(items) == (0 if not (folder / "items.jsonl").exists() else 1)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (rewritten(schema=2), "written by a newer Trek"),
        (lambda folder: folder.rename(folder.with_name("yesterday")), "is no run of a crawl"),
    ],
)
def test_what_cannot_be_used_is_told_and_waits(
    rooms: ModuleType, inbox: Path, store: Store, harm: Callable[[Path], object], words: str
) -> None:
    harm(rooms.fill(inbox, "a", 0, [rooms.raw("a", "1", "Quiz", 9)]))
    rooms.fill(inbox, "b", 0, [rooms.raw("b", "1", "Jazz", 9)])
    told: list[str] = []
    assert rooms.work(inbox, store, report=told.append).runs == 1
    assert len(told) == 1
    assert words in told[0]
    assert store.applied_runs("a") == {}


def test_items_that_cannot_be_opened_keep_no_other_run(rooms: ModuleType, inbox: Path, store: Store) -> None:
    folder = rooms.fill(inbox, "a", 0, [])
    (folder / "items.jsonl").unlink()
    (folder / "items.jsonl").mkdir()
    rooms.fill(inbox, "b", 0, [rooms.raw("b", "1", "Jazz", 9)])
    told: list[str] = []
    rooms.work(inbox, store, report=told.append)
    assert [e.title for e in store.events()] == ["Jazz"]
    assert len(told) == 1
    assert "cannot be read" in told[0]
