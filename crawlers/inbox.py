"""The inbox: what crawls leave behind for the aggregator, as files.

`<inbox>/<source>/<run>/items.jsonl` holds one RawEvent a line; `manifest.json` comes last, whole or
not at all. A folder without a manifest is a crawl that did not finish: it adds and changes, never
removes. While a crawl writes, `.running` names its process.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from aggregator.errors import InboxError
from aggregator.model import RawEvent, Run, to_plain

SCHEMA = 1


def new_run_id(now: datetime) -> str:
    """An id that sorts by time, to the microsecond: `20261124T053122Z-1f2e3d`."""
    moment = now.astimezone(UTC)
    return f"{moment:%Y%m%dT%H%M%SZ}-{moment.microsecond:05x}{secrets.randbelow(16):x}"


class InboxRun:
    """One crawl's folder, open for writing. `finish` makes it count as finished."""

    def __init__(self, inbox: Path, source_id: str, run_id: str) -> None:
        self.folder = inbox / source_id / run_id
        self.items = 0
        self._hash = hashlib.sha256()
        try:
            self.folder.mkdir(parents=True)
            (self.folder / ".running").write_text(str(os.getpid()))
            self._file = (self.folder / "items.jsonl").open("wb")
        except OSError as error:
            raise self.refused(error) from error

    def refused(self, error: OSError) -> InboxError:
        """One clear line for what the file system refused."""
        hint = "free space or name another folder with --data"
        return InboxError(f"cannot be written ({error.strerror})", str(self.folder), hint)

    def write(self, event: RawEvent) -> None:
        """Append one event."""
        line = json.dumps(to_plain(event), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        self._file.write(line)
        self._hash.update(line)
        self.items += 1

    def close(self) -> None:
        """Put the items safely on disk and end the run without a manifest (unfinished)."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        (self.folder / ".running").unlink(missing_ok=True)

    def finish(self, run: Run) -> None:
        """Write the manifest atomically; from then on the run is finished."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        plain = {"schema": SCHEMA, "sha256": self._hash.hexdigest(), **to_plain(run)}
        plain["complete"] = run.complete
        temporary = self.folder / ".manifest.tmp"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(plain, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / "manifest.json")
        (self.folder / ".running").unlink(missing_ok=True)
