"""How much of a calendar is kept where a limit does not let all of it in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feeds.select import Showing


@dataclass(frozen=True, slots=True)
class Cut:
    """What a size limit left: the showings kept, how many were left out, and the last day kept."""

    kept: list[Showing]
    left_out: int
    until: date | None


def cut(showings: list[Showing], most: int, today: date) -> Cut:
    """At most `most` showings: what is coming goes first, the near before the far, then the past."""
    if len(showings) <= most:
        return Cut(showings, 0, None)
    coming: list[Showing] = []
    past: list[Showing] = []
    for showing in showings:
        (past if showing.last < today else coming).append(showing)
    if len(coming) >= most:
        kept = coming[:most]  # in order already
    else:
        kept = sorted(coming + past[-(most - len(coming)) :], key=lambda s: s.order)
    until = kept[-1].begin.date() if kept and len(coming) > most else None
    return Cut(kept, len(showings) - len(kept), until)
