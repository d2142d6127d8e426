"""One job at a time on a data folder: a lock of the operating system, which no dead process can hold."""

from __future__ import annotations

import fcntl
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from aggregator.errors import StoreError, TrekError

WRITER = 7_237_410_111  # advisory lock of whoever writes into a store, any number of our own
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


def libpq_address(database: str) -> str | None:
    """The address of a store as libpq reads it; None when it is not that of a PostgreSQL."""
    found = re.match(r"postgres(?:ql)?(?:\+psycopg)?://", database)
    return f"postgresql://{database[found.end() :]}" if found else None


@contextmanager
def alone_in(database: str) -> Iterator[None]:
    """Holds the right to write into a store that others on other machines may reach; BusyError.

    A SQLite store lies in a data folder, whose lock is enough.
    """
    address = libpq_address(database)
    with hold_database(address, WRITER) if address else nullcontext():
        yield


@contextmanager
def hold_database(address: str, number: int, *, wait: bool = False) -> Iterator[None]:
    """Holds a lock of the PostgreSQL at a libpq address for the length of a `with`, over all machines.

    It goes with the connection, so no dead process holds it. BusyError when another has it, unless `wait`;
    StoreError when the database cannot be reached.
    """
    import psycopg

    try:
        connection = psycopg.connect(address, autocommit=True, connect_timeout=30)
    except psycopg.Error as error:
        raise StoreError(f"the database cannot be used ({str(error).splitlines()[0]})") from error
    with connection:
        call = "SELECT pg_advisory_lock(%s)" if wait else "SELECT pg_try_advisory_lock(%s)"
        row = connection.execute(call, [number]).fetchone()
        if row == (False,):
            raise BusyError(Path("the database"), "")
        yield
