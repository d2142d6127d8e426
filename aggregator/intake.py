"""Reads what crawls left in the inbox: finished runs, and what crashed ones still brought.

The inbox is `<source>/<run>/items.jsonl` with a `manifest.json` that came last. A run without one, or
whose items are not what the manifest says, adds and changes and never removes. Nothing is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator.errors import InboxError
from aggregator.model import Outcome, RawEvent, Run
from aggregator.plain import raw_from_plain, run_from_plain

SCHEMA = 1  # of the manifest
LONGEST = timedelta(hours=24)  # no crawl works longer, whatever process now has its number
RUN_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A run that lies in the inbox and is not in the store yet; its items are not read yet.

    `sha256` is what the manifest says of the items, None without a usable manifest.
    """

    run: Run
    folder: Path
    sha256: str | None = None

    @property
    def moment(self) -> datetime:
        """When the crawl began, aware UTC."""
        return run_moment(self.run.run_id)


def run_moment(run_id: str) -> datetime:
    """The moment that a run's id begins with, aware UTC."""
    return datetime.strptime(run_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def find_arrivals(
    inbox: Path, applied: Callable[[str], Mapping[str, bool]], now: datetime, report: Report
) -> list[Arrival]:
    """The runs to apply, oldest first. `applied` gives a source's applied runs (False: no manifest yet).

    A folder that cannot be used is told through `report`, in one line, and left as it is.
    """
    arrivals = []
    for source in _folders(inbox):
        known = applied(source.name)
        for folder in _folders(source):
            if known.get(folder.name):
                continue
            try:
                arrival = _look(folder, now, again=folder.name in known)
            except InboxError as error:
                report(str(error))
                continue
            if arrival:
                arrivals.append(arrival)
    return sorted(arrivals, key=lambda a: (a.run.run_id, a.run.source_id))


def arrival_at(folder: Path, now: datetime) -> Arrival | None:
    """The arrival in one run's folder; None while its crawl is at work. InboxError when it cannot be used."""
    return _look(folder, now, again=False)


def newest_finished(source: Path) -> str:
    """The id of the newest finished run in a source's folder; "" without one."""
    finished = (
        f.name for f in _folders(source) if RUN_ID.fullmatch(f.name) and (f / "manifest.json").exists()
    )
    return max(finished, default="")


def is_at_work(folder: Path, now: datetime) -> bool:
    """Whether a crawl is still filling this run's folder."""
    return not (folder / "manifest.json").exists() and _at_work(folder, now)


def recent_arrivals(source: Path, runs: Sequence[str], now: datetime, report: Report) -> list[Arrival]:
    """The applied runs (ids, oldest first) that tell what a source says now, oldest first.

    That is the last complete one that brought entries and what came after it; runs without entries
    and runs that are no more in the inbox are passed over.
    """
    found: list[Arrival] = []
    for run_id in reversed(runs):
        try:
            arrival = _look(source / run_id, now, again=False) if (source / run_id).is_dir() else None
        except InboxError as error:
            report(str(error))
            continue
        if arrival and (arrival.run.items or arrival.sha256 is None):
            found.append(arrival)
            if arrival.run.complete:
                break
    return found[::-1]


def read_items(arrival: Arrival, report: Report) -> tuple[Run, list[RawEvent]]:
    """The run and its raw events, in order.

    Each damaged line is told and skipped alone. The run counts as crashed when the file is not the one
    that the manifest speaks of, and as incomplete when a line was skipped.
    """
    path = arrival.folder / "items.jsonl"
    run, digest = arrival.run, hashlib.sha256()
    raws, damaged = [], 0
    for number, line in enumerate(_lines(path), 1):
        digest.update(line)
        try:
            raws.append(_parse_line(line, run.source_id))
        except (ValueError, RecursionError) as error:
            damaged += 1
            what = f"line {number} is damaged and was skipped ({_brief(error)})"
            report(str(InboxError(what, str(path), "the source's next crawl brings it again")))
    if arrival.sha256 is None:
        report(
            str(InboxError(run.detail, str(arrival.folder), "what it brought is used; nothing is removed"))
        )
        run = replace(run, items=len(raws))
    elif digest.hexdigest() != arrival.sha256:
        what = "the items are not those that the manifest speaks of"
        report(str(InboxError(what, str(path), "what can be read is used; nothing is removed")))
        run = replace(run, outcome=Outcome.CRASHED, complete=False, detail=what)
    if damaged:
        run = replace(run, complete=False)
    return run, raws


def _look(folder: Path, now: datetime, *, again: bool) -> Arrival | None:
    """The arrival in one run's folder; None while its crawl is at work, and for nothing new."""
    if not RUN_ID.fullmatch(folder.name):
        raise InboxError("is no run of a crawl", str(folder), "move it out of the inbox")
    source_id, run_id = folder.parent.name, folder.name
    try:
        plain = _manifest(folder)
        run = run_from_plain(plain)
    except FileNotFoundError:
        if again or _at_work(folder, now):
            return None
        return Arrival(_crashed(source_id, run_id, "the crawl ended without a manifest"), folder)
    except (ValueError, RecursionError) as error:
        run = _crashed(source_id, run_id, f"the manifest is damaged ({_brief(error)})")
        return Arrival(replace(run, finished=run.started), folder)
    if (run.source_id, run.run_id) != (source_id, run_id):
        run = _crashed(source_id, run_id, "the manifest is that of another run")
        return Arrival(replace(run, finished=run.started), folder)
    return Arrival(replace(run, finished=run.finished or run.started), folder, str(plain.get("sha256")))


def _crashed(source_id: str, run_id: str, detail: str) -> Run:
    """A run without a manifest (`finished` None)."""
    return Run(run_id, source_id, run_moment(run_id).isoformat(), None, Outcome.CRASHED, False, detail=detail)


def _manifest(folder: Path) -> Mapping[str, Any]:
    """The manifest; FileNotFoundError without one, ValueError for a damaged one."""
    path = folder / "manifest.json"
    try:
        plain = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise InboxError(f"cannot be read ({error.strerror})", str(path)) from error
    if not isinstance(plain, Mapping):
        raise ValueError("it is no object")
    if isinstance(plain.get("schema"), int) and plain["schema"] > SCHEMA:
        what = f"was written by a newer Trek (schema {plain['schema']}; this one reads {SCHEMA})"
        raise InboxError(what, str(path), "install the newer Trek; the run waits")
    return plain


def _at_work(folder: Path, now: datetime) -> bool:
    """Whether the crawl that fills this folder may still be running."""
    try:
        process = int((folder / ".running").read_text())
    except (OSError, ValueError):
        return False
    if process == os.getpid() or now - run_moment(folder.name) > LONGEST:
        return False  # its number was given to another
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _parse_line(line: bytes, source_id: str) -> RawEvent:
    raw = raw_from_plain(json.loads(line))
    if raw.source_id != source_id:
        raise ValueError(f"it is of source {raw.source_id!r}")
    return raw


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except FileNotFoundError:
        return
    except OSError as error:
        raise InboxError(f"cannot be read ({error.strerror})", str(path)) from error


def _folders(parent: Path) -> list[Path]:
    """The folders in a folder, by name; what begins with a dot is no business of ours."""
    try:
        with os.scandir(parent) as entries:
            names = [e.name for e in entries if not e.name.startswith(".") and e.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InboxError(f"cannot be read ({error.strerror})", str(parent)) from error
    return [parent / name for name in sorted(names)]


def _brief(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 120 else f"{text[:117]}..."
