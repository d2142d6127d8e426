"""The one writer of public files: whole or not at all, and only when the bytes differ."""

from __future__ import annotations

import contextlib
import errno
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from aggregator.errors import PublishError

MARK = ".trek-"
TEMPORARY = ".trek-tmp"  # the folder in which files are written before they take their place
VARIANTS = (".br", ".gz")  # endings of the smaller forms beside a file, the smallest first: `feeds.compress`
WRITERS = 8
MOST_PENDING = 128  # files in memory that wait for the disk
HINTS = {
    errno.EACCES: "give the user that runs trek the right to write there",
    errno.EPERM: "give the user that runs trek the right to write there",
    errno.EROFS: "the file system is read-only; choose another --public",
    errno.ENOSPC: "the disk is full; make room and run trek publish again",
    errno.EFBIG: "no file may become so large here; lift the limit and run trek publish again",
    errno.EDQUOT: "the quota is used up; make room and run trek publish again",
    errno.ENOTDIR: "a file is in the way; choose another --public",
    errno.EEXIST: "a file is in the way; choose another --public",
    errno.EISDIR: "a folder is in the way; move it and run trek publish again",
}


def failed(error: OSError, path: Path) -> PublishError:
    """One clear line for what the file system refused."""
    hint = HINTS.get(error.errno or 0, "nothing was left half-written; run trek publish again")
    return PublishError(f"cannot be written: {error.strerror or error}", str(path), hint)


class Folder:
    """A public folder. `written` holds the files that got new bytes in this run, by name below `root`.

    A file is written in a corner of the folder, flushed to the disk and moved over the old one, so that a
    reader or a killed run sees the old or the new file and never a part. An unchanged file is left
    alone, its time of change too, so ETag and Last-Modified stay true. Several files are flushed at
    the same time, as waiting for the disk is most of the work: `settle` waits for all of them.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.written: list[str] = []
        self.unchanged = 0
        self._number = 0
        self._pool = ThreadPoolExecutor(WRITERS)
        self._pending: list[tuple[str, Future[None]]] = []

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def open(self) -> int:
        """Make the folder, prove that it can be written, clean up after killed runs; how many were left."""
        desk = self.root / TEMPORARY
        try:
            desk.mkdir(parents=True, exist_ok=True)
            leftovers = list(desk.iterdir())
            for path in leftovers:
                path.unlink()
            probe = desk / "probe"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise failed(error, self.root) from error
        return len(leftovers)

    def write(self, name: str, data: bytes) -> None:
        """Put `data` at `name` unless it is there; PublishError, now or at `settle`, when it fails."""
        path = f"{self.root}/{name}"
        if _holds(path, data):
            self.unchanged += 1
            return
        self._pending.append((name, self._pool.submit(_replace, path, data, self._desk())))
        if len(self._pending) >= MOST_PENDING:
            self.settle()

    def _desk(self) -> str:
        """A place for the next file until it is whole."""
        self._number += 1
        return f"{self.root}/{TEMPORARY}/{self._number}"

    def settle(self) -> None:
        """Wait until all that was given is on the disk; PublishError names the first that failed."""
        pending, self._pending = self._pending, []
        errors = []
        for name, future in pending:
            try:
                future.result()
                self.written.append(name)
            except PublishError as error:
                errors.append(error)
        if errors:
            raise errors[0]

    def names(self, *folders: str) -> set[str]:
        """Every file below these folders, as `name` in `write`."""
        found: set[str] = set()
        for folder in folders:
            base = self.root / folder
            found |= {p.relative_to(self.root).as_posix() for p in base.rglob("*") if p.is_file()}
        return {name for name in found if not Path(name).name.startswith(MARK)}


# Text for paths from here on, as a `Path` costs more than most of what is done with it.
# ruff: noqa: PTH103, PTH105, PTH108, PTH116, PTH120, PTH123


def _holds(path: str, data: bytes) -> bool:
    """Whether a file has these bytes; it is read only when it has as many."""
    try:
        if os.stat(path).st_size != len(data):
            return False
        with open(path, "rb") as file:
            return file.read() == data
    except OSError:
        return False  # missing or unreadable: writing tells


def _replace(path: str, data: bytes, desk: str) -> None:
    """Write one public file; its smaller forms go first, so that none is ever of other bytes than it."""
    for suffix in VARIANTS:
        with contextlib.suppress(OSError):  # most have none; a folder that is no folder: writing tells
            os.unlink(path + suffix)
    put(path, data, desk)


def put(path: str, data: bytes, desk: str, moment: int | None = None) -> None:
    """Write one file whole or not at all; `desk` is a name on the same file system.

    `moment` (ns) is the time of change that it shall bear, None for now.
    """
    try:
        with open(desk, "wb", buffering=0) as file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            if moment is not None:
                os.utime(file.fileno(), ns=(moment, moment))
            os.fsync(file.fileno())
        try:
            os.replace(desk, path)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.replace(desk, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(desk)
        raise failed(error, Path(path)) from error
