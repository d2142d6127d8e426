"""What venues send in through their signed link: proposals that wait for an editor, and who opted out.

Two files in the data folder. A proposal changes nothing: an editor does, with `trek correct`. Who opted out
is not crawled, and what its own site alone told is withdrawn through the inbox, as `trek forget` does it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from aggregator.errors import TrekError, UsageError
from aggregator.region import Region

PROPOSALS, LEFT, SECRET = "proposals.jsonl", "left.json", "venue-links.secret"
MOST = 200  # proposals of one venue that wait


@dataclass(frozen=True, slots=True)
class Petition:
    """A proposal as it waits: `before` is what was shown, `after` what the venue says; `at` ISO 8601."""

    id: str
    at: str
    venue: str
    uid: str
    title: str
    field: str
    before: str
    after: str
    note: str = ""


def load_secret(data: Path) -> bytes:
    """The secret that signs links, made at the first use; only its owner may read the file."""
    path = data / SECRET
    try:
        data.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    except OSError as error:
        raise TrekError(f"cannot be written ({error.strerror})", str(path)) from error
    text = path.read_text("ascii").strip()
    if len(text) < 32:
        raise TrekError("is too short to sign links with", str(path), "remove it; Trek makes another")
    return text.encode()


def load_petitions(data: Path) -> list[Petition]:
    """The proposals that wait, in the order in which they came."""
    path = data / PROPOSALS
    if not path.is_file():
        return []
    return [Petition(**json.loads(line)) for line in path.read_text("utf-8").split("\n") if line]


def add_petition(data: Path, facts: Mapping[str, str], now: datetime) -> Petition:
    """Put a proposal on the list; one that waits already stays once. UsageError when too many wait."""
    with _held(data):
        waiting = load_petitions(data)
        own = [p for p in waiting if p.venue == facts["venue"]]
        for one in own:
            if {k: v for k, v in asdict(one).items() if k not in ("id", "at")} == dict(facts):
                return one
        if len(own) >= MOST:
            raise UsageError(f"{MOST} proposals of this venue wait already", facts["venue"], "write to us")
        made = Petition(secrets.token_hex(4), now.isoformat(timespec="seconds"), **facts)
        _save(data, [*waiting, made])
        return made


def tell_petitions(data: Path, region: Region, home: str | None, *, as_json: bool = False) -> Iterator[str]:
    """The proposals that wait, of one municipality when named, for an editor: before, after, what to type."""
    for one in load_petitions(data):
        venue = region.venues.get(one.venue)
        if home is None or (venue and venue.municipality == home):
            yield (
                json.dumps({"kind": "proposal", **asdict(one)}, ensure_ascii=False) if as_json else _tell(one)
            )


def _tell(one: Petition) -> str:
    lines = [
        f"{one.venue} ({one.at[:10]}): {one.title} [{one.uid}]",
        f"   {one.field}: {one.before or '-'}",
        f"   -> {one.after}",
        *([f"   {one.note}"] if one.note else []),
        f"   trek correct event {one.uid} --field NAME=VALUE --role podium --reason ...",
        f"   trek venue done {one.id}",
    ]
    return "\n".join(line.replace("\n", " ") for line in lines) + "\n"


def drop_petition(data: Path, mark: str) -> Petition:
    """Take a proposal off the list; UsageError when none has this id."""
    with _held(data):
        waiting = load_petitions(data)
        found = next((p for p in waiting if p.id == mark), None)
        if found is None:
            raise UsageError("no proposal has this id", mark, "see: trek review")
        _save(data, [p for p in waiting if p is not found])
        return found


def load_left(data: Path) -> dict[str, str]:
    """The venues that opted out, each with when."""
    path = data / LEFT
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}


def note_left(data: Path, venue: str, now: datetime, *, out: bool) -> None:
    """Remember that a venue opted out, or that it is back."""
    with _held(data):
        left = load_left(data)
        if out:
            left.setdefault(venue, now.isoformat(timespec="seconds"))
        else:
            left.pop(venue, None)
        _replace(data / LEFT, json.dumps(left, indent=1, sort_keys=True) + "\n")


def left_sources(data: Path, region: Region) -> list[str]:
    """The sources that speak for a venue that opted out: they are not read."""
    left = load_left(data)
    return [s.id for s in region.sources.values() if s.venue in left]


def _save(data: Path, waiting: list[Petition]) -> None:
    lines = (json.dumps(asdict(p), ensure_ascii=False) for p in waiting)
    _replace(data / PROPOSALS, "".join(f"{line}\n" for line in lines))


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.tmp")
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    part.replace(path)


@contextmanager
def _held(data: Path) -> Iterator[None]:
    """One writer at a time, the app and the command line alike."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "petitions.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # waits: each holds it for a moment only
        yield
