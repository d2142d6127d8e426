"""The one writer of public files: whole or not at all, and only when the bytes differ."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path

from aggregator.errors import PublishError

MARK = ".trek-"
TEMPORARY = ".tmp"
HINTS = {
    errno.EACCES: "give the user that runs trek the right to write there",
    errno.EPERM: "give the user that runs trek the right to write there",
    errno.EROFS: "the file system is read-only; choose another --public",
    errno.ENOSPC: "the disk is full; make room and run trek publish again",
    errno.EDQUOT: "the quota is used up; make room and run trek publish again",
    errno.ENOTDIR: "a file is in the way; choose another --public",
    errno.EEXIST: "a file is in the way; choose another --public",
    errno.EISDIR: "a folder is in the way; move it and run trek publish again",
}


def failed(error: OSError, path: Path) -> PublishError:
    """One clear line for what the file system refused."""
    hint = HINTS.get(error.errno or 0, "nothing was left half-written; run trek publish again")
    return PublishError(f"cannot be written: {error.strerror or error}", str(path), hint)


@dataclass
class Folder:
    """A public folder. `written` holds the files that got new bytes in this run, by name below `root`.

    A file is written beside its place, flushed to the disk and moved over the old one, so that a
    reader or a killed run sees the old or the new file and never a part. An unchanged file is left
    alone, its time of change too, so ETag and Last-Modified stay true.
    """

    root: Path
    written: list[str] = field(default_factory=list)
    unchanged: int = 0

    def open(self) -> int:
        """Make the folder, prove that it can be written, clean up after killed runs; how many were left."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            leftovers = [p for p in self.root.rglob(f"{MARK}*{TEMPORARY}") if p.is_file()]
            for path in leftovers:
                path.unlink()
            probe = self.root / f"{MARK}probe{TEMPORARY}"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise failed(error, self.root) from error
        return len(leftovers)

    def write(self, name: str, data: bytes) -> bool:
        """Put `data` at `name`; False when it was there already. PublishError when it cannot be."""
        path = self.root / name
        try:
            if path.read_bytes() == data:
                self.unchanged += 1
                return False
        except OSError:
            pass  # missing or unreadable: writing tells
        temporary = path.with_name(f"{MARK}{path.name}{TEMPORARY}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True) if temporary.parent.is_dir() else None
            raise failed(error, path) from error
        self.written.append(name)
        return True

    def names(self, *folders: str) -> set[str]:
        """Every file below these folders, as `name` in `write`."""
        found: set[str] = set()
        for folder in folders:
            base = self.root / folder
            found |= {p.relative_to(self.root).as_posix() for p in base.rglob("*") if p.is_file()}
        return {name for name in found if not Path(name).name.startswith(MARK)}
