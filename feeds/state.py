"""What the last publication left behind, so that the next one renders only what changed.

A SQLite file beside the public folder, never in it: for each public file the key of what it was made
from, and the rendered pieces by the digest of the event that they show. It may be deleted at any
time. It is believed only where it fits: pieces belong to one version of code and configuration, and a
file counts as unchanged only with the size and time of change that were noted.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from feeds.info import SiteInfo

LAYOUT = "2"  # of the tables below
PAGE = 16_384  # bytes: a page of the database holds several pieces
LAST = "\U0010ffff"  # sorts behind all that a mark holds
# each shelf once, by a jump to the next one
SHELVES = """
WITH RECURSIVE name(n) AS (
    SELECT min(shelf) FROM shelves
    UNION ALL SELECT (SELECT min(shelf) FROM shelves WHERE shelf > n) FROM name WHERE n IS NOT NULL
) SELECT n FROM name WHERE n IS NOT NULL
"""
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, key TEXT NOT NULL, size INTEGER NOT NULL,
    changed INTEGER NOT NULL) WITHOUT ROWID;
DROP TABLE IF EXISTS pieces;
CREATE TABLE IF NOT EXISTS owners (owner TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shelves (shelf TEXT, mark TEXT, data BLOB NOT NULL, PRIMARY KEY (shelf, mark))
    WITHOUT ROWID;
"""


def state_path(public: Path) -> Path:
    """The state file of a public folder."""
    return public.parent / f".{public.name}.trek-state.sqlite"


@cache
def code_hash() -> str:
    """Changes with any line of this package: code, templates, words, style."""
    digest = hashlib.sha256()
    for item in _walk(files("feeds")):
        digest.update(item.name.encode())
        digest.update(item.read_bytes())
    return digest.hexdigest()


def _walk(folder: Traversable) -> Iterable[Traversable]:
    for item in sorted(folder.iterdir(), key=lambda i: i.name):
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _walk(item)
        else:
            yield item


def fingerprint(info: SiteInfo) -> str:
    """Equal for equal code and configuration."""
    return digest_of(LAYOUT, code_hash(), repr(info))


def digest_of(*parts: object) -> str:
    """A short hash of values by their text."""
    text = "\x1f".join(map(str, parts))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class State:
    """The state of one public folder; `files` is what it knew when it was opened, by name.

    `done` is the key of the last publication that came to its end, None after one that did not.
    Where the file cannot be read it begins anew; where none can be kept it lives in memory.
    """

    def __init__(self, public: Path, site: str, path: Path | None) -> None:
        self._root = f"{public}/"
        self._db = _open(path)
        self.done = self._meta("done")
        rows = self._db.execute("SELECT name, key, size, changed FROM files")
        self.files: dict[str, tuple[str, int, int]] = {row[0]: row[1:] for row in rows}
        if self._meta("site") != site:
            self.done = None
            self.files = {name: ("", size, at) for name, (_, size, at) in self.files.items()}
            self._db.execute("DELETE FROM shelves")
            self._db.execute("REPLACE INTO meta VALUES ('site', ?)", (site,))

    def _meta(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    # --- files ---

    def begin(self) -> None:
        """Before writing: a run that is killed half-way must not be taken for a finished one."""
        self._db.execute("DELETE FROM meta WHERE name = 'done'")
        self._db.commit()

    def finish(self, key: str, made: Mapping[str, str]) -> None:
        """Note the files of a finished publication, `made` by name with the key of each.

        What was written has been taken out of `files`; the rest is known already.
        """
        gone = [(name,) for name in self.files.keys() - made.keys()]
        self._db.executemany("DELETE FROM files WHERE name = ?", gone)
        fresh = [(n, k, *_look(self._root, n)) for n, k in made.items() if n not in self.files]
        self._db.executemany("REPLACE INTO files VALUES (?, ?, ?, ?)", fresh)
        self._db.execute("REPLACE INTO meta VALUES ('done', ?)", (key,))
        self._db.commit()

    def is_current(self, name: str, key: str) -> bool:
        """Whether the file was made from this and nobody touched it since."""
        known = self.files.get(name)
        return known is not None and key != "" and known[0] == key and self.is_untouched(name)

    def is_untouched(self, name: str) -> bool:
        """Whether the file is as it was left."""
        try:
            return _look(self._root, name) == self.files[name][1:]
        except (OSError, KeyError):
            return False

    # --- pieces ---

    def pieces(self, shelf: str) -> Iterator[tuple[str, bytes]]:
        """(mark, bytes) of each kept piece of a shelf."""
        yield from self._db.execute("SELECT mark, data FROM shelves WHERE shelf = ?", (shelf,))

    def keep(self, pieces: Iterable[tuple[str, str, bytes]]) -> None:
        """Keep freshly rendered pieces: (shelf, mark, bytes); a mark begins with its event's digest."""
        self._db.executemany("REPLACE INTO shelves VALUES (?, ?, ?)", sorted(pieces))

    def drop_pieces(self, alive: set[str]) -> None:
        """Forget the pieces of events that are no more as they were; `alive` are the digests of now."""
        known = {owner for (owner,) in self._db.execute("SELECT owner FROM owners")}
        shelves = [name for (name,) in self._db.execute(SHELVES)]
        gone = [(name, owner, owner + LAST) for name in shelves for owner in known - alive]
        self._db.executemany("DELETE FROM shelves WHERE shelf = ? AND mark >= ? AND mark < ?", gone)
        self._db.executemany("DELETE FROM owners WHERE owner = ?", [(owner,) for owner in known - alive])
        self._db.executemany("INSERT INTO owners VALUES (?)", [(owner,) for owner in alive - known])


def _look(root: str, name: str) -> tuple[int, int]:
    stat = os.stat(root + name)  # noqa: PTH116 - a region has a hundred thousand files, and Path is slow
    return stat.st_size, stat.st_mtime_ns


def _open(path: Path | None) -> sqlite3.Connection:
    """The database, made anew when it is damaged; in memory where no file is wanted or possible."""
    for attempt in (path, path, None):
        try:
            connection = sqlite3.connect(attempt or ":memory:")
            connection.execute(f"PRAGMA page_size = {PAGE}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(SCHEMA)
            connection.execute("SELECT name, key, size, changed FROM files LIMIT 1")
            return connection
        except (sqlite3.Error, OSError):
            if path:
                forget(path)
    raise AssertionError("a database in memory can always be opened")


def forget(path: Path) -> None:
    """Remove a state file; one that cannot be removed stays, and the state lives in memory."""
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + end).unlink(missing_ok=True)
