"""What the running app may do for venues beside reading: `trek.py` hands it in, as feeds know no crawler."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from feeds.venue.trial import Ask
from feeds.venue.wrong import Proposal


@dataclass(frozen=True)
class Desk:
    """`secret` signs links. `propose` puts a proposal on the review list; UsageError when it is full.

    `leave` notes that a venue wants to be read no more (True) or again; `left` are those venues. `ask` reads
    a page that somebody tries, in a process of its own; None where that is not offered.
    """

    secret: bytes
    propose: Callable[[Proposal], None]
    leave: Callable[[str, bool], None]
    left: Callable[[], Collection[str]]
    ask: Ask | None = None
