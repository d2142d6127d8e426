"""The order of the work: which run was brought in when, and when events were made of it.

`<inbox>/.ledger.jsonl` is appended to before each step, so that a store can be rebuilt by doing the
same steps again: `created`, `modified` and sequence numbers depend on where one clustering ended and the
next began. A step that was noted and then never committed is noted again under the same revision, and
only the last of equals counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.errors import InboxError

NAME = ".ledger.jsonl"
FRESH = ".ledger.rebuilding.jsonl"


@dataclass(frozen=True, slots=True)
class Applied:
    """A run was brought in at a moment; `confirmed` by a person although it lost or grew too much.

    `yes` and `no` are the marks of single dates to which a person agreed, and of those left out by a person.
    """

    source_id: str
    run_id: str
    at: datetime
    confirmed: bool = False
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clustered:
    """Events were made at a moment. `revision` is the store's before.

    `aliases` are UIDs that retired in it, `fresh` those that were given for the first time, `decisions`
    the marks of what people had decided by then.
    """

    at: datetime
    revision: int
    aliases: Mapping[str, str] = field(default_factory=dict)
    fresh: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()


Step = Applied | Clustered


class Ledger:
    """The ledger of an inbox, open for appending; InboxError when it cannot be written.

    It belongs to one store: a store that is rebuilt writes a new one beside it (`fresh`), which takes
    its place together with the store.
    """

    def __init__(self, inbox: Path, *, fresh: bool = False) -> None:
        self.inbox, self.fresh = inbox, fresh
        self.path = inbox / (FRESH if fresh else NAME)
        if fresh:
            self.path.unlink(missing_ok=True)

    def applied(self, step: Applied) -> None:
        """Note that a run is about to be brought in."""
        self._append(step)

    def clustered(self, step: Clustered) -> None:
        """Note that events are about to be saved."""
        self._append(step)

    def take_over(self) -> None:
        """Let a fresh ledger be the inbox's own from now on."""
        if self.path.exists():
            self.path.replace(self.inbox / NAME)

    def shorten(self, keep: Callable[[Step], bool]) -> None:
        """Leave only the steps that are to be kept, at once or not at all."""
        lines = [_line(step) for step in read_ledger(self.inbox) if keep(step)]
        part = self.path.with_name(f"{NAME}.tmp")
        try:
            with part.open("wb") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            raise InboxError(f"cannot be written ({error.strerror})", str(self.path)) from error

    def _append(self, step: Step) -> None:
        text = _line(step)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file:
                if file.seek(0, os.SEEK_END):
                    file.seek(-1, os.SEEK_END)
                    if file.read(1) != b"\n":  # a killed process left half a line
                        text = b"\n" + text
                file.write(text)
                file.flush()
                if not self.fresh:
                    os.fsync(file.fileno())
        except OSError as error:
            hint = "free space, or make the inbox writable; nothing was brought in"
            raise InboxError(f"cannot be written ({error.strerror})", str(self.path), hint) from error


def _line(step: Step) -> bytes:
    line: dict[str, Any]
    if isinstance(step, Applied):
        line = {"run": step.run_id, "source": step.source_id, "at": step.at.isoformat()}
        line |= {"confirmed": True} if step.confirmed else {}
        line |= {name: list(marks) for name, marks in (("yes", step.yes), ("no", step.no)) if marks}
    else:
        line = {"clustered": step.at.isoformat(), "revision": step.revision}
        line |= {"aliases": dict(step.aliases)} if step.aliases else {}
        line |= {"fresh": list(step.fresh)} if step.fresh else {}
        line |= {"decisions": list(step.decisions)} if step.decisions else {}
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def read_ledger(inbox: Path) -> list[Step]:
    """The steps that took effect, in order; damaged lines are passed over."""
    steps = list(_read(inbox / NAME))
    last = {step.revision: n for n, step in enumerate(steps) if isinstance(step, Clustered)}
    return [s for n, s in enumerate(steps) if isinstance(s, Applied) or last[s.revision] == n]


def published(steps: Sequence[Step]) -> set[str]:
    """Every UID that was ever given."""
    return {uid for s in steps if isinstance(s, Clustered) for uid in (*s.fresh, *s.aliases)}


def retired(steps: Sequence[Step]) -> dict[str, str]:
    """Every UID that was ever retired, with the one it was last merged into."""
    found: dict[str, str] = {}
    for step in steps:
        if isinstance(step, Clustered):
            found.update(step.aliases)
    return found


def _read(path: Path) -> Iterator[Step]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        raise InboxError(f"cannot be read ({error.strerror})", str(path)) from error
    for line in lines:
        try:
            plain = json.loads(line)
            if "clustered" in plain:
                at = datetime.fromisoformat(plain["clustered"])
                aliases, fresh = dict(plain.get("aliases", {})), tuple(plain.get("fresh", ()))
                held = tuple(plain.get("decisions", ()))
                yield Clustered(at, int(plain["revision"]), aliases, fresh, held)
            else:
                at = datetime.fromisoformat(plain["at"])
                yes, no = tuple(plain.get("yes", ())), tuple(plain.get("no", ()))
                yield Applied(plain["source"], plain["run"], at, plain.get("confirmed") is True, yes, no)
        except (ValueError, KeyError, TypeError):
            continue  # half a line: its step never took effect
