"""One file that holds all that cannot be made again: the store, the inbox and the configuration."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.errors import TrekError, UsageError
from aggregator.intake import is_at_work

SCHEMA = 1
STORE = "trek.sqlite"
# Small files of the data folder.
BESIDE = ("region", "sample-port", "base.sqlite", "alarms.json", "proposals.jsonl", "left.json")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds: rows of the store, files of inbox and configuration, and its own size."""

    file: Path
    rows: int
    files: int
    bytes: int


def backup(database: str, data: Path, config: Path, file: Path, now: datetime) -> Kept:
    """Writes the backup, whole or not at all; may run beside a job.

    The store is copied as it is at one moment, whatever database it is in; crawls that are still at
    work are left out. `file` is replaced; when it is a folder the backup gets a name by its moment.
    TrekError when it cannot be written, StoreError when the store cannot be read.
    """
    from aggregator.store.copying import copy_database

    if file.is_dir():
        file = file / f"trek-{now:%Y%m%dT%H%M%SZ}.tar.gz"
    with _clear(file), tempfile.TemporaryDirectory(prefix=".trek-backup-", dir=file.parent) as name:
        folder = Path(name)
        counts = copy_database(database, f"sqlite:///{folder / STORE}")
        part = folder / "backup.tar.gz"
        about = {"schema": SCHEMA, "made": now.isoformat(), "rows": counts, "sha256": _hash(folder / STORE)}
        with tarfile.open(part, "w:gz", compresslevel=6) as tar:
            _add_bytes(tar, "backup.json", json.dumps(about, indent=1).encode(), now)
            tar.add(folder / STORE, STORE)
            files = sum(_add(tar, path, name) for path, name in _files(data, config, now))
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)
    return Kept(file, sum(counts.values()), files, file.stat().st_size)


def drop_old(folder: Path, keep: int) -> list[Path]:
    """Removes all but the newest `keep` backups that were named by their moment; which."""
    old = sorted(folder.glob("trek-*T*Z.tar.gz"))[: -keep or None]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def restore(file: Path, data: Path, database: str, now: datetime) -> Mapping[str, Any]:
    """Puts a backup into an empty data folder and an empty database; what it says of itself.

    The configuration comes to `<data>/restored-config`, for a person to compare. The store comes last, so
    that a restore that was broken off is never taken for a whole one. UsageError when the data folder
    holds anything of Trek, TrekError when the file is damaged.
    """
    from aggregator.store.copying import copy_database

    held = [n for n in (STORE, "inbox", "region") if (data / n).exists()]
    if held:
        what = f"holds data already ({', '.join(held)})"
        raise UsageError(what, str(data), "name an empty folder with --data; nothing was restored")
    with _clear(data), tempfile.TemporaryDirectory(prefix=".trek-restore-", dir=data.parent) as name:
        folder = Path(name)
        about = _unpack(file, folder)
        data.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(data / "restored-config", ignore_errors=True)
        for part in sorted(folder.iterdir(), key=lambda p: p.name == "region"):
            if part.name == "config":
                part.rename(data / "restored-config")
            elif part.name not in (STORE, "backup.json"):
                part.rename(data / part.name)
        if database == f"sqlite:///{data / STORE}":
            (folder / STORE).rename(data / STORE)
        else:
            copy_database(f"sqlite:///{folder / STORE}", database)
    return about


def _unpack(file: Path, folder: Path) -> Mapping[str, Any]:
    """The archive's files below a folder, and what it says of itself; TrekError when it is not whole."""
    hint = "take an older backup; nothing was restored"
    try:
        with tarfile.open(file, "r:gz") as tar:
            _extract(tar, folder)
        about = json.loads((folder / "backup.json").read_bytes())
        schema, digest = int(about["schema"]), about["sha256"]
    except FileNotFoundError as error:
        what = "there is no such file" if not file.exists() else "is no backup of Trek"
        raise TrekError(what, str(file), "name a file that trek backup wrote") from error
    except (tarfile.TarError, zlib.error, EOFError, ValueError, KeyError, TypeError) as error:
        raise TrekError(f"is damaged or no backup of Trek ({error})", str(file), hint) from error
    if schema > SCHEMA:
        what = f"was written by a newer Trek (schema {schema}; this one reads {SCHEMA})"
        raise TrekError(what, str(file), "install the newer Trek")
    if _hash(folder / STORE) != digest:
        raise TrekError("its store is not the one that was backed up", str(file), hint)
    return dict(about)


def _extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Regular files below the folder, as a backup holds; TarError for anything else.

    Not `extractall` with its filter, which Debian 12's Python 3.11.2 does not have.
    """
    for member in tar:
        target = folder / member.name
        if not member.isfile() or not target.resolve().is_relative_to(folder.resolve()):
            raise tarfile.TarError(f"holds {member.name!r}, which is no file of a backup")
        target.parent.mkdir(parents=True, exist_ok=True)
        source = tar.extractfile(member)
        assert source is not None, "a regular file"
        with source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
        os.utime(target, (member.mtime, member.mtime))


def _files(data: Path, config: Path, now: datetime) -> Iterator[tuple[Path, str]]:
    """What is kept beside the store, and under which name."""
    for name in BESIDE:
        yield data / name, name
    yield data / "inbox" / ".ledger.jsonl", "inbox/.ledger.jsonl"
    for run in sorted((data / "inbox").glob("*/*")):
        if run.is_dir() and not is_at_work(run, now):
            for path in sorted(run.iterdir()):
                if not path.name.startswith("."):
                    yield path, f"inbox/{run.parent.name}/{run.name}/{path.name}"
    for path in sorted(config.rglob("*.yaml")):
        yield path, f"config/{path.relative_to(config)}"


def _add(tar: tarfile.TarFile, path: Path, name: str) -> bool:
    """Adds a file as it is now; False when it is not there (any more)."""
    try:
        data, moment = path.read_bytes(), path.stat().st_mtime
    except (FileNotFoundError, IsADirectoryError):
        return False
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), moment, 0o644
    tar.addfile(info, io.BytesIO(data))
    return True


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes, now: datetime) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), now.timestamp(), 0o644
    tar.addfile(info, io.BytesIO(data))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _clear(path: Path) -> Iterator[None]:
    """Turns what the file system refuses into one clear line; what a killed process left goes first."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for pattern in (".trek-backup-*", ".trek-restore-*"):
            for left in path.parent.glob(pattern):
                if left.is_dir() and _is_stale(left):
                    shutil.rmtree(left, ignore_errors=True)
        yield
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise TrekError(what, str(path), "free space, or name a place that may be written") from error


def _is_stale(folder: Path) -> bool:
    """Whether the process that made a folder is a day gone: another may be at work beside us."""
    newest = max((p.stat().st_mtime for p in (folder, *folder.iterdir())), default=0.0)
    from aggregator.clock import wall

    return wall().timestamp() - newest > 86_400
