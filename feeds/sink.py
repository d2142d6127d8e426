"""Sends what is published in a folder to S3-compatible storage: only objects that changed, index last.

The folder stays the one place where files are made; the bucket is its copy. What the bucket holds is
kept in it, in one object that is written after all others, so a killed run only sends some again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from aggregator.errors import PublishError
from feeds.compress import CODINGS
from feeds.static import FRESH, headers_for

if TYPE_CHECKING:
    from obstore.store import ObjectStore

LEDGER = ".trek-objects.json"
Note = list[int | str]
EXTRA = "install Trek with its extra `s3`"


class Sink(Protocol):
    """Takes files by name; equal bytes need not be put again."""

    def get(self, name: str) -> bytes | None:
        """An object's bytes; None when there is none."""
        ...

    def put(self, name: str, data: bytes, attributes: Mapping[str, str]) -> None:
        """Store an object whole."""
        ...


class ObjectSink:
    """A bucket, or a part of it, through obstore."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def get(self, name: str) -> bytes | None:
        """An object's bytes; None when there is none."""
        try:
            return bytes(self._store.get(name).bytes())
        except FileNotFoundError:
            return None

    def put(self, name: str, data: bytes, attributes: Mapping[str, str]) -> None:
        """Store an object whole."""
        self._store.put(name, data, attributes=dict(attributes))


def open_sink(address: str, **options: Any) -> ObjectSink:
    """The bucket of `s3://bucket/prefix`; PublishError when the extra is missing or the address is wrong.

    Endpoint, region and keys come from the environment, as obstore reads it (AWS_ENDPOINT, ...).
    """
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise PublishError("publishing to storage needs obstore", address, EXTRA) from error
    try:
        return ObjectSink(S3Store.from_url(address, **options))
    except Exception as error:
        raise PublishError(
            f"no storage can be opened: {error}", address, "write s3://bucket/prefix"
        ) from error


def bucket_of(public: Path) -> str | None:
    """The bucket's address where somebody named one as the public folder (a path loses a slash)."""
    text = public.as_posix()
    return f"s3://{text.removeprefix('s3:').lstrip('/')}" if text.startswith("s3:/") else None


def in_order(public: Path) -> list[str]:
    """Every public file, in the order in which a reader may meet them: the front pages last."""
    found = (p.relative_to(public) for p in public.rglob("*") if p.is_file())
    names = [path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts)]
    return sorted(names, key=lambda name: (_turn(name), name))


def _turn(name: str) -> int:
    """Pages of events before those that list them, then feeds, then what leads to all of it."""
    if name == "index.html":
        return 4
    if name.endswith("index.html") and name.count("/") < 2:
        return 3
    if "evenement/" in name or name.endswith((".css", ".svg", ".js", ".woff2", ".ico")):
        return 0
    return 1 if name.endswith(".html") else 2


def attributes_of(name: str) -> dict[str, str]:
    """Content type and cache header of a public file."""
    kind = headers_for(Path(name).suffix, f"/{name}")["content-type"]
    return {"Content-Type": kind, "Cache-Control": FRESH}


def send(public: Path, names: Iterable[str], sink: Sink) -> int:
    """Put each of these files whose bytes the sink does not have, in order; how many were put.

    Only files that changed since the last call are read: their hashes are noted beside the folder.
    Compressed variants stay behind, as storage does not choose between them. PublishError names
    the object that could not be stored.
    """
    known, noted = _ledger(sink), _notes(public)
    made: dict[str, str] = {}
    stands: dict[str, Note] = {}
    sent = 0
    for name in names:
        if name.endswith(tuple(CODINGS)):
            continue
        file = public / name
        stand, note = file.stat(), noted.get(name)
        if note is None or note[:2] != [stand.st_size, stand.st_mtime_ns]:
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            note = [stand.st_size, stand.st_mtime_ns, digest]
        stands[name], made[name] = note, str(note[2])
        if known.get(name) != made[name]:
            _put(sink, name, file.read_bytes())
            sent += 1
    if made != known:
        _put(sink, LEDGER, json.dumps(made, sort_keys=True).encode())
    if stands != noted:
        with contextlib.suppress(OSError):  # without notes the next call reads all again
            _notes_path(public).write_text(json.dumps(stands), encoding="utf-8")
    return sent


def _notes_path(public: Path) -> Path:
    return public.parent / f".{public.name}.trek-sent.json"


def _notes(public: Path) -> dict[str, Note]:
    """Size, time of change and hash of each file as it was last read; nothing where that cannot be told."""
    try:
        found = json.loads(_notes_path(public).read_bytes())
    except (OSError, ValueError):
        return {}
    whole = isinstance(found, dict) and all(isinstance(n, list) and len(n) == 3 for n in found.values())
    return found if whole else {}


def _ledger(sink: Sink) -> dict[str, str]:
    try:
        kept = sink.get(LEDGER)
        found = json.loads(kept) if kept else {}
    except ValueError:
        return {}
    except Exception as error:
        raise _failed(LEDGER, error) from error
    return found if isinstance(found, dict) else {}


def _put(sink: Sink, name: str, data: bytes) -> None:
    try:
        sink.put(name, data, attributes_of(name))
    except Exception as error:
        raise _failed(name, error) from error


def _failed(name: str, error: Exception) -> PublishError:
    first = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return PublishError(f"storage refuses: {first}", name, "check address and keys, then publish again")
