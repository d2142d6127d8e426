"""The way from crawls on other machines to the inbox: a bucket of S3-compatible storage.

A crawl's run is put into it file by file, its manifest last, and fetched in the same order; what was
fetched and brought into the store is removed. So the wall stands: no run counts as finished before it is
whole on the machine that gathers, and a killed worker's run is put or fetched again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aggregator.errors import InboxError
from aggregator.intake import RUN_ID

if TYPE_CHECKING:
    from obstore.store import ObjectStore

ITEMS, MANIFEST = "items.jsonl", "manifest.json"
EXTRA = "install Trek with its extra `s3`"
HINT = "check address and keys; the next job tries again"


class Slot:
    """A bucket, or a part of it, as `<source>/<run>/items.jsonl` and `manifest.json`."""

    def __init__(self, store: ObjectStore, address: str) -> None:
        self._store, self.address = store, address

    def put(self, folder: Path) -> None:
        """Put a finished run; InboxError when it cannot be put."""
        name = f"{folder.parent.name}/{folder.name}"
        try:
            for file in (ITEMS, MANIFEST):
                self._store.put(f"{name}/{file}", (folder / file).read_bytes())
        except Exception as error:
            raise InboxError(
                f"the run cannot be put ({_first(error)})", f"{self.address}/{name}", HINT
            ) from error

    def send(self, source: Path) -> None:
        """Put each finished run of a source's folder and empty the folder; InboxError.

        Only for a folder that no crawl fills now: what is unfinished there was broken off, and is made anew.
        """
        for folder in sorted(source.iterdir()) if source.is_dir() else ():
            if (folder / MANIFEST).exists():
                self.put(folder)
            shutil.rmtree(folder)

    def newest(self, source_id: str) -> str:
        """The id of a source's newest finished run that lies here; "" without one."""
        return max((run for _, run in self.finished(source_id)), default="")

    def finished(self, source_id: str = "") -> list[tuple[str, str]]:
        """Source and run id of each finished run that lies here, oldest first; InboxError."""
        try:
            batches: Iterator[Any] = iter(self._store.list(source_id or None))
            paths = [str(entry["path"]).split("/") for batch in batches for entry in batch]
        except Exception as error:
            raise InboxError(f"cannot be read ({_first(error)})", self.address, HINT) from error
        runs = [(p[0], p[1]) for p in paths if len(p) == 3 and p[2] == MANIFEST and RUN_ID.fullmatch(p[1])]
        return sorted(runs, key=lambda run: (run[1], run[0]))

    def fetch(self, inbox: Path) -> list[tuple[str, str]]:
        """Bring every finished run into the inbox; which ones lie here. InboxError when one cannot be."""
        runs = self.finished()
        for source_id, run_id in runs:
            folder = inbox / source_id / run_id
            if not (folder / MANIFEST).exists():
                self._fetch(folder)
        return runs

    def remove(self, runs: Sequence[tuple[str, str]]) -> None:
        """Remove runs that are in the store; the manifest last, which tells of what else there is."""
        try:
            for source_id, run_id in runs:
                for file in (ITEMS, MANIFEST):
                    self._store.delete(f"{source_id}/{run_id}/{file}")
        except Exception as error:
            raise InboxError(f"cannot be tidied ({_first(error)})", self.address, HINT) from error

    def _fetch(self, folder: Path) -> None:
        name = f"{folder.parent.name}/{folder.name}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file in (ITEMS, MANIFEST):
                part = folder / f".{file}.tmp"
                with part.open("wb") as target:
                    target.write(self._store.get(f"{name}/{file}").bytes())
                    target.flush()
                    os.fsync(target.fileno())
                part.replace(folder / file)
        except Exception as error:
            raise InboxError(
                f"cannot be fetched ({_first(error)})", f"{self.address}/{name}", HINT
            ) from error


def open_slot(address: str, **options: Any) -> Slot:
    """The bucket of `s3://bucket/prefix`; InboxError when the extra is missing or the address is wrong.

    Endpoint, region and keys come from the environment, as obstore reads it (AWS_ENDPOINT, ...).
    """
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise InboxError("an inbox in storage needs obstore", address, EXTRA) from error
    try:
        return Slot(S3Store.from_url(address, **options), address.rstrip("/"))
    except Exception as error:
        raise InboxError(
            f"no storage can be opened ({_first(error)})", address, "write s3://bucket/prefix"
        ) from error


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
