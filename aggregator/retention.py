"""How long what is kept, and the command that carries it out; docs/operations.md says why.

An old run leaves the inbox only after the store that it was brought into was kept as the base of
every later rebuild. So a rebuild stays exact; what is given up is to read those old pages again
under new rules.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.errors import TrekError
from aggregator.intake import RUN_ID, Report, recent_arrivals, run_moment
from aggregator.ledger import Applied, Ledger, Step
from aggregator.rebuild import BASE
from aggregator.store.protocol import Store

INBOX_DAYS = 90  # what pages said, as read
CACHE_DAYS = 30  # copies of pages of a source that was not crawled any more
JOURNAL_DAYS = 400  # old values of changed fields
LOG_BYTES = 5_000_000  # of crawl.log; one older part is kept beside it


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went: runs of the inbox, files of the cache, lines of the journal, and bytes of files."""

    runs: int = 0
    pages: int = 0
    edits: int = 0
    bytes: int = 0


def prune(
    data: Path, database: str, store: Store, now: datetime, report: Report, days: int = INBOX_DAYS
) -> Pruned:
    """Removes what is older than it may be. The caller holds the data folder's lock.

    Of the inbox the last runs that tell what a source says now always stay, and all that is not in
    the store yet. Every step can be repeated, so a prune that was killed is made good by the next one.
    """
    old = _old_runs(data / "inbox", store, now, report, days)
    edits = store.forget_edits(now - timedelta(days=JOURNAL_DAYS))
    freed = 0
    if old:
        _keep_base(data, database)
        _shorten_ledger(data / "inbox", store)
        freed += sum(_remove(folder) for folder in old)
    pages, bytes_ = _prune_cache(data / "httpcache", now)
    _turn_log(data / "crawl.log")
    return Pruned(len(old), pages, edits, freed + bytes_)


def _old_runs(inbox: Path, store: Store, now: datetime, report: Report, days: int) -> list[Path]:
    """The folders of runs that are in the store, old, and no longer what their source says."""
    found = []
    for source in sorted(p for p in inbox.glob("*") if p.is_dir() and not p.name.startswith(".")):
        applied = store.applied_runs(source.name)
        needed = {a.run.run_id for a in recent_arrivals(source, list(applied), now, report)}
        for folder in sorted(source.iterdir()):
            known = folder.name in applied and RUN_ID.fullmatch(folder.name)
            if known and folder.name not in needed and now - run_moment(folder.name) > timedelta(days=days):
                found.append(folder)
    return found


def _keep_base(data: Path, database: str) -> None:
    """The store as it is now, as the base of every later rebuild."""
    from aggregator.store.copying import copy_database

    part = data / f".{BASE}.tmp"
    for left in data.glob(f".{BASE}.tmp*"):
        left.unlink()
    copy_database(database, f"sqlite:///{part}")
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(data / BASE)


def _shorten_ledger(inbox: Path, store: Store) -> None:
    """Only the steps that the base does not hold."""
    revision = store.revision()
    applied: dict[str, Mapping[str, bool]] = {}

    def keep(step: Step) -> bool:
        if not isinstance(step, Applied):
            return step.revision >= revision
        if step.source_id not in applied:
            applied[step.source_id] = store.applied_runs(step.source_id)
        return step.run_id not in applied[step.source_id]

    Ledger(inbox).shorten(keep)


def _remove(folder: Path) -> int:
    """Removes a run's folder; how many bytes it held."""
    size = sum(p.stat().st_size for p in folder.iterdir())
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise TrekError(
            f"cannot be removed ({error.strerror})", str(folder), "run it as its owner"
        ) from error
    return size


def _prune_cache(cache: Path, now: datetime) -> tuple[int, int]:
    """Removes what was remembered of sources that were not crawled in a month; how many and their bytes.

    A crawl itself forgets the pages that its source no longer names.
    """
    count = size = 0
    limit = (now - timedelta(days=CACHE_DAYS)).timestamp()
    for file in cache.glob("*.sqlite"):
        if file.stat().st_mtime < limit:
            size += file.stat().st_size
            file.unlink(missing_ok=True)
            count += 1
    return count, size


def _turn_log(log: Path) -> None:
    if log.is_file() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
