"""What waits for a person, and what a person said no to: that stays out, and is not asked about again.

A no to a single date holds for good; one to a whole run holds until the source would lose or gain more. It is
one small file beside the store. What a no did to a date is noted in the inbox's ledger, so a store made anew
from the inbox does not depend on this file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aggregator.doubt import HELD, Answers
from aggregator.errors import StoreError
from aggregator.model import Reject

NAME = "refused.json"
DATE = ":"  # between a source and the mark of one of its dates: `spil:a41c09`
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits: `name` is what a person answers to, a source or one of its dates.

    `said` is why, `page` where the date stands.
    """

    name: str
    said: str
    page: str = ""

    @property
    def source(self) -> str:
        """The source's id."""
        return self.name.partition(DATE)[0]


def waiting(held: Mapping[str, str], rejects: Iterable[Reject]) -> list[Wait]:
    """What waits for a person, by name: sources whose run is held, and each date that is."""
    found = {source: Wait(source, reason) for source, reason in held.items()}
    for reject in rejects:
        if reject.reason == HELD:
            name = f"{reject.source_id}{DATE}{reject.mark}"
            found[name] = Wait(name, f"{reject.title!r} {reject.detail}", reject.page_url)
    return [found[name] for name in sorted(found)]


def load_refused(data: Path) -> dict[str, str]:
    """What was refused, by name, in the words of then; StoreError when it cannot be read."""
    path = data / NAME
    try:
        found = json.loads(path.read_text("utf-8")) if path.exists() else {}
        if not all(isinstance(said, str) for said in found.values()):
            raise TypeError("not a name and a text each")
        return {str(name): said for name, said in found.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise StoreError(
            f"cannot be read: {error}", str(path), "remove it; what waits is told again"
        ) from error


def refuse(data: Path, found: Iterable[Wait]) -> None:
    """Note that these are refused."""
    _save(data, load_refused(data) | {wait.name: wait.said for wait in found})


def allow(data: Path, found: Iterable[Wait]) -> None:
    """Take back that any of these was refused."""
    known, names = load_refused(data), {wait.name for wait in found}
    if names & known.keys():
        _save(data, {name: said for name, said in known.items() if name not in names})


def _save(data: Path, known: Mapping[str, str]) -> None:
    """Whole or not at all."""
    desk = data / f".{NAME}.new"
    desk.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")
    desk.replace(data / NAME)


def unanswered(found: Iterable[Wait], refused: Mapping[str, str]) -> list[Wait]:
    """What still waits for an answer."""
    return [wait for wait in found if not _is_answered(wait, refused)]


def _is_answered(wait: Wait, refused: Mapping[str, str]) -> bool:
    """A run that would lose as much or less, as its events pass one by one, is not asked about again."""
    before = refused.get(wait.name)
    if before is None or DATE in wait.name:
        return before is not None
    grown = any(
        int(now) > int(then)
        for now, then in zip(_NUMBER.findall(wait.said), _NUMBER.findall(before), strict=False)
    )
    return _NUMBER.sub("", wait.said) == _NUMBER.sub("", before) and not grown


def answered_to(found: Sequence[Wait], name: str) -> list[Wait]:
    """What a person means by a name: a date, or all that waits of a source."""
    return [wait for wait in found if name in (wait.name, wait.source)]


def answers_of(source_id: str, confirmed: Collection[str], refused: Iterable[str]) -> Answers:
    """What a person said of a source, from names as they are typed (`source`, `source:mark`)."""

    def marks(names: Iterable[str]) -> frozenset[str]:
        parts = (name.partition(DATE) for name in names)
        return frozenset(mark for source, sign, mark in parts if sign and source == source_id)

    return Answers(marks(confirmed), marks(refused), rest=source_id in confirmed)


def report_waiting(found: Iterable[Wait]) -> str:
    """What waits for a person, one thing a line, with what to do."""
    lines = [
        f"! {wait.name}: waits for a person: {wait.said}; look at {wait.page or 'its page'}; "
        f"if that is right: trek hold accept {wait.name}, if not: trek hold reject {wait.name}"
        for wait in found
    ]
    return "\n".join(lines) or "No source waits for a person."
