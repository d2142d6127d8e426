"""Turns the store's events into files below the public folder: the last stage, and the only writer."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aggregator.region import Region
from aggregator.store.protocol import EventReader
from feeds.changes import changes_since
from feeds.compress import lost_variants, write_variants
from feeds.disk import Folder
from feeds.hub import tell_hub
from feeds.info import SiteInfo, read_info
from feeds.leftovers import close_leftovers, folders_of, given_venues
from feeds.pieces import Pieces
from feeds.plan import Task, plan, voices
from feeds.seen import read_since
from feeds.select import Agenda, stale_sources
from feeds.sourcepages import publish_sources
from feeds.state import State, digest_of, fingerprint, forget, state_path

NO_FEEDS = ("data/", "evenement/", "zoek/")  # the folders whose files are not there to be followed
CIRCLES = 70_000  # new objects after which Python looks for circles among them
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did.

    `files` is how many the site has now, `written` how many of them got new bytes (`changed` names
    them), `closed` how many stay only to say that their subject ended, `removed` how many temporary
    files of a killed run were cleaned away. `skipped`: nothing had changed, so nothing was rendered.
    """

    files: int
    written: int = 0
    unchanged: int = 0
    closed: int = 0
    removed: int = 0
    events: int = 0
    occurrences: int = 0
    feeds: int = 0
    skipped: bool = False
    changed: tuple[str, ...] = ()


def publish(
    reader: EventReader,
    region: Region | SiteInfo,
    public: Path,
    today: date,
    report: Report = lambda line: None,
    *,
    base_url: str | None = None,
    left: Iterable[str] = (),
) -> Published:
    """Render everything that the store holds for this day and write what differs.

    Nothing is shown of the venues that `left`. Every file is replaced whole, feeds after the pages they
    point to, the front page last; a file with equal bytes is not touched. PublishError names the file that
    could not be written; what was written before it is whole, and the next run goes on.
    """
    info = region if isinstance(region, SiteInfo) else read_info(region)
    info = (info.at(base_url) if base_url else info).without(left)
    with _unhurried():
        try:
            done = _publish(reader, info, public, today, report, state_path(public))
        except sqlite3.DatabaseError:  # the state is damaged or finds no room: it goes, all is made again
            forget(state_path(public))
            done = _publish(reader, info, public, today, report, None)
        publish_sources(public, info, reader.last_runs())
    return done


@contextmanager
def _unhurried() -> Iterator[None]:
    """Python looks for circles among new objects a hundred times less often.

    A publication makes hundreds of thousands that stay until its end, and to look at them after every
    seven hundred takes a tenth of its time; circles are few, and are found all the same.
    """
    before = gc.get_threshold()
    gc.set_threshold(CIRCLES, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _publish(
    reader: EventReader, info: SiteInfo, public: Path, today: date, report: Report, kept: Path | None
) -> Published:
    with Folder(public) as folder:
        removed = folder.open()
        with closing(State(public, fingerprint(info), kept)) as state:
            marks, stale = reader.digests(), stale_sources(reader, info)
            seen = read_since(reader.last_runs(), reader)
            key = digest_of(reader.revision(), today, sorted(stale), seen, *sorted(marks.items()))
            if state.done == key and state.files and all(map(state.is_untouched, state.files)):
                count = len(state.files)
                stands = {name: (size, changed) for name, (_, size, changed) in state.files.items()}
                write_variants(public, lost_variants(public, stands))
                report(f"publish: nothing changed, {count} files as they were")
                return Published(count, unchanged=count, removed=removed, skipped=True)
            whole = state.done is not None
            state.begin()
            events, edits = list(reader.events(hidden=True)), reader.edits(changes_since(today))
            agenda = Agenda(events, info, today, edits, stale, seen, given_venues(public))
            pieces = Pieces(marks, state)
            hidden = (e for e in events if e.hidden is not None and e.place.venue not in info.left)
            stages = plan(agenda, hidden, pieces)
            ended = _closing(folder, stages, agenda, state.files if whole else None)
            _write(folder, [ended, *stages], pieces, state, report)
            names = [task.name for stage in (ended, *stages) for task in stage]
            write_variants(public, folder.written if whole else names)
            state.drop_pieces(set(marks.values()))
            state.finish(key, {task.name: task.key for stage in (ended, *stages) for task in stage})
    done = _summary(folder, agenda, stages, len(ended), removed)
    tell_hub(info, done.changed, report)
    report(f"publish: {done.files} files, {done.written} written, {done.unchanged} unchanged")
    return done


def _closing(
    folder: Folder, stages: list[list[Task]], agenda: Agenda, known: Iterable[str] | None
) -> list[Task]:
    """Tasks for the files of earlier publications that the plan no longer has.

    `known` are the files of the last publication, None when the folder has to be searched.
    """
    planned = {task.name for stage in stages for task in stage}
    gone = None if known is None else set(known) - planned
    found: list[Task] = []
    for voice in voices(agenda):
        own = folders_of(voice)
        if gone is None:
            left = folder.names(*own) - planned
        else:
            left = {name for name in gone if name.startswith(tuple(f"{f}/" for f in own))}
        found += close_leftovers(left, agenda, voice)
    return found


def _write(folder: Folder, stages: list[list[Task]], pieces: Pieces, state: State, report: Report) -> None:
    """Each stage is on the disk before the next begins; what is as it would become is passed over."""
    total = sum(len(stage) for stage in stages)
    step, number = max(1, total // 4), 0
    for stage in stages:
        for task in stage:
            if state.is_current(task.name, task.key):
                folder.unchanged += 1
            else:
                state.files.pop(task.name, None)
                folder.write(task.name, task.render())
            number += 1
            if number % step == 0 and number < total:
                report(f"publish: {number} of {total} files")
        folder.settle()
        pieces.settle()


def _summary(
    folder: Folder, agenda: Agenda, stages: list[list[Task]], closed: int, removed: int
) -> Published:
    tasks = [task for stage in stages for task in stage]
    kinds = (".ics", ".rss", ".atom", ".json")
    feeds = sum(t.name.endswith(kinds) and not any(part in t.name for part in NO_FEEDS) for t in tasks)
    return Published(
        files=len(tasks) + closed,
        written=len(folder.written),
        changed=tuple(folder.written),
        unchanged=folder.unchanged,
        closed=closed,
        removed=removed,
        events=len(agenda.events),
        occurrences=sum(len(event.occurrences) for event in agenda.events.values()),
        feeds=feeds,
    )
