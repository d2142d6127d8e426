"""One job at a time on a data folder: a lock of the operating system, which no dead process can hold."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.errors import TrekError

_HELD: dict[Path, tuple[int, int]] = {}  # path: the holding thread, and how often it took it


class BusyError(TrekError):
    """Another job works on the same data folder. `path` names the lock."""

    def __init__(self, path: Path, holder: str) -> None:
        self.path = path
        who = f"process {holder}" if holder else "another process"
        super().__init__(f"{who} is at work here", str(path), "try again when it is done")


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Holds the lock for the length of a `with`; BusyError at once when another process or thread has it.

    The thread that holds it may take it again. The file stays behind; it says nothing by being there.
    """
    path, me = path.resolve(), threading.get_ident()
    holder, depth = _HELD.get(path, (me, 0))
    if holder != me:
        raise BusyError(path, str(os.getpid()))
    if depth:
        _HELD[path] = (me, depth + 1)
        try:
            yield
        finally:
            _HELD[path] = (me, depth)
        return
    with _locked(path):
        _HELD[path] = (me, 1)
        try:
            yield
        finally:
            del _HELD[path]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        hint = "make the data folder writable, or name another with --data"
        raise TrekError(f"the lock cannot be made ({error.strerror})", str(path), hint) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(path, os.read(descriptor, 20).decode("ascii", "ignore").strip()) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)  # the lock goes with it
