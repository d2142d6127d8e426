"""What the last publication was made of, so that nothing is rendered when nothing changed.

Kept beside the public folder, never in it. It is believed only when every file that it names is
there with the same size and time of change; else everything is rendered again and compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from feeds.info import SiteInfo


def state_path(public: Path) -> Path:
    """The state file of a public folder."""
    return public.parent / f".{public.name}.trek-state.json"


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


def key_of(revision: int, digest: str, info: SiteInfo, today: date) -> str:
    """Equal keys mean equal files: same revision and events, config, day and code."""
    parts = (str(revision), digest, repr(info), today.isoformat(), code_hash())
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _look(public: Path, names: Iterable[str]) -> dict[str, list[int]]:
    found = {}
    for name in names:
        stat = (public / name).stat()
        found[name] = [stat.st_size, stat.st_mtime_ns]
    return found


def unchanged(public: Path, key: str) -> int | None:
    """How many files there are when all of them are as the last publication of this key left them."""
    try:
        state = json.loads(state_path(public).read_text(encoding="utf-8"))
        files_then = state["files"]
        if state["key"] != key or not files_then or _look(public, files_then) != files_then:
            return None
        return len(files_then)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # no state, or none that can be read: publish


def remember(public: Path, key: str, names: Iterable[str]) -> None:
    """Keep the state; a folder that takes none only costs the next run its shortcut."""
    path = state_path(public)
    try:
        text = json.dumps({"key": key, "files": _look(public, names)})
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError:
        path.unlink(missing_ok=True)


def forget(public: Path) -> None:
    """Before writing: a run that is killed half-way must not be taken for a finished one."""
    try:
        state_path(public).unlink(missing_ok=True)
    except OSError:
        return  # it cannot be believed then either: the files' times will differ
