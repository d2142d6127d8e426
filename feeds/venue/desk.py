"""What the running app may do for venues beside reading: `trek.py` hands it in, as feeds know no crawler."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feeds.venue.wrong import Proposal

Line = Mapping[str, Any]  # one occurrence, as `trek try page` prints it


@dataclass(frozen=True, slots=True)
class Trial:
    """What was read of a page: the occurrences, and what went wrong in words."""

    lines: Sequence[Line]
    problems: Sequence[str] = ()


@dataclass(frozen=True)
class Desk:
    """`secret` signs links. `propose` puts a proposal on the review list; UsageError when it is full.

    `leave` notes that a venue wants to be read no more (True) or again; `left` are those venues.
    `read` fetches an address, guarded, and reads it, or reads `body` as if it lay there; ReadError when it
    cannot be had. It keeps nothing.
    """

    secret: bytes
    propose: Callable[[Proposal], None]
    leave: Callable[[str, bool], None]
    left: Callable[[], Collection[str]]
    read: Callable[[str, bytes | None], Trial]
