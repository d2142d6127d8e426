"""What fuzzing found worth keeping: for each target a file, an input a line, in base64.

libFuzzer keeps an input that reached code as no other did, in its shortest form, and drops the longer ones.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import sha1
from pathlib import Path

HERE = Path(__file__).parent
KEPT, FOUND = HERE / "kept", HERE / "found"
MOST = 150_000  # bytes of a target's inputs, the shortest first


def load_kept(name: str) -> list[bytes]:
    """The kept inputs of a target."""
    path = KEPT / f"{name}.txt"
    return [b64decode(line) for line in path.read_text().splitlines()] if path.exists() else []


def lay_out(name: str) -> Path:
    """A folder with a target's kept inputs as files, for libFuzzer to begin with and to add to."""
    (folder := FOUND / name).mkdir(parents=True, exist_ok=True)
    for data in load_kept(name):
        (folder / sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)
    return folder


def keep(name: str) -> int:
    """Keep what lies in a target's folder; how many inputs."""
    KEPT.mkdir(exist_ok=True)
    chosen, size = [], 0
    for data in sorted((path.read_bytes() for path in (FOUND / name).iterdir()), key=lambda d: (len(d), d)):
        size += len(data)
        if data and size <= MOST:
            chosen.append(data)
    (KEPT / f"{name}.txt").write_text("".join(f"{b64encode(data).decode()}\n" for data in chosen))
    return len(chosen)
