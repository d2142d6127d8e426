"""Turns the store's events into files below the public folder: the last stage, and the only writer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aggregator.model import Event
from aggregator.region import Region
from aggregator.store.protocol import EventReader
from feeds.changes import changes_since
from feeds.disk import Folder
from feeds.info import SiteInfo, read_info
from feeds.leftovers import close_leftovers, folders_of
from feeds.pieces import Pieces
from feeds.plan import Task, plan, voices
from feeds.select import Agenda
from feeds.state import forget, key_of, remember, unchanged

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
) -> Published:
    """Render everything that the store holds for this day and write what differs.

    Every file is replaced whole, feeds after the pages they point to, the front page last; a file
    with equal bytes is not touched. PublishError names the file that could not be written; what was
    written before it is whole, and the next run goes on.
    """
    info = region if isinstance(region, SiteInfo) else read_info(region)
    info = info.at(base_url) if base_url else info
    with Folder(public) as folder:
        removed = folder.open()
        events = list(reader.events(hidden=True))
        key = key_of(reader.revision(), _digest(events), info, today)
        if (count := unchanged(public, key)) is not None:
            report(f"publish: nothing changed, {count} files as they were")
            return Published(count, unchanged=count, removed=removed, skipped=True)
        forget(public)
        agenda = Agenda(events, info, today, reader.edits(changes_since(today)))
        stages = plan(agenda, (e for e in events if e.hidden is not None), Pieces())
        closing = _closing(folder, stages, agenda)
        _write(folder, [closing, *stages], report)
    remember(public, key, (task.name for stage in (closing, *stages) for task in stage))
    done = _summary(folder, agenda, stages, len(closing), removed)
    report(f"publish: {done.files} files, {done.written} written, {done.unchanged} unchanged")
    return done


def _digest(events: list[Event]) -> str:
    """The events themselves, so that another store with the same revision is never mistaken for this one."""
    digest = hashlib.sha256()
    for event in events:
        digest.update(repr(event).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _closing(folder: Folder, stages: list[list[Task]], agenda: Agenda) -> list[Task]:
    """Tasks for the files of earlier publications that the plan no longer has."""
    planned = {task.name for stage in stages for task in stage}
    found: list[Task] = []
    for voice in voices(agenda):
        left = folder.names(*folders_of(voice)) - planned
        found += close_leftovers(left, agenda, voice)
    return found


def _write(folder: Folder, stages: list[list[Task]], report: Report) -> None:
    """Each stage is on the disk before the next begins."""
    total = sum(len(stage) for stage in stages)
    step, number = max(1, total // 4), 0
    for stage in stages:
        for task in stage:
            folder.write(task.name, task.render())
            number += 1
            if number % step == 0 and number < total:
                report(f"publish: {number} of {total} files")
        folder.settle()


def _summary(
    folder: Folder, agenda: Agenda, stages: list[list[Task]], closed: int, removed: int
) -> Published:
    tasks = [task for stage in stages for task in stage]
    feeds = sum(t.name.endswith((".ics", ".rss", ".atom", ".json")) for t in tasks)
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
