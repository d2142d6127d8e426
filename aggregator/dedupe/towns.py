"""The listings a municipality at a time, shared out over the processors where there are many.

No municipality's listings are compared with another's, so each is grouped by itself, in whatever process.
Those of no known place may join anywhere: what hangs together with them waits until all were seen.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

from aggregator.dedupe.block import filed
from aggregator.dedupe.cluster import Part, Ready, grouped, in_line, prepared
from aggregator.dedupe.record import Record
from aggregator.model import Cluster, Link, Listing, ListingRef

MANY = 5_000  # listings from which further processes gain more than their start costs
LIFE = 200_000  # listings after which processes end, as memory that they share becomes their own
Blocks = dict[ListingRef, Sequence[int]]  # where listings lie


class Found(NamedTuple):
    """Of one municipality: its parts, numbers of what waits, and in which blocks each lies, if asked for."""

    parts: Sequence[Any]
    waiting: Sequence[int]
    blocks: Sequence[Sequence[int]]


class Towns:
    """The listings of each municipality in order of identity, the most listings first."""

    def __init__(self, listings: Sequence[Listing], ready: Ready) -> None:
        self.ready = ready
        towns: defaultdict[str, list[Listing]] = defaultdict(list)
        for listing in sorted(listings, key=lambda k: (k.source_id, k.key)):
            towns[listing.place.municipality or ""].append(listing)
        self.astray = prepared(towns.pop("", []), ready)
        self._loose = {record.ref for record in self.astray}
        self._towns = [town for _, town in sorted(towns.items(), key=lambda t: (-len(t[1]), t[0]))]

    def __len__(self) -> int:
        return len(self._towns)

    def portions(self) -> Iterator[range]:
        """The municipalities' numbers, those of not many more than `LIFE` listings at a time."""
        start = held = 0
        for number, town in enumerate(self._towns):
            held += len(town)
            if held >= LIFE or number + 1 == len(self._towns):
                yield range(start, number + 1)
                start, held = number + 1, 0

    def listings(self, number: int) -> list[Listing]:
        """What is compared in a municipality."""
        if not self.astray:
            return self._towns[number]
        together = [*(record.listing for record in self.astray), *self._towns[number]]
        return sorted(together, key=lambda k: (k.source_id, k.key))

    def records(self, number: int) -> list[Record]:
        """The same, prepared."""
        own = prepared(self._towns[number], self.ready)
        return sorted([*self.astray, *own], key=in_line) if self.astray else own

    def found(self, number: int) -> Found:
        """The parts of a municipality, without those that wait."""
        return Found(*grouped(self.records(number), self._loose), ())

    def told(self, number: int) -> Found:
        """The same in numbers and words alone, as it goes from one process to another; with the blocks."""
        records = self.records(number)
        parts, waiting = grouped(records, self._loose)
        at = {record.ref: number for number, record in enumerate(records)}
        return Found([_told(part, at) for part in parts], waiting, [filed(record) for record in records])


def parts(
    listings: Sequence[Listing], ready: Ready, hands: int = 1, blocks: Blocks | None = None
) -> Iterator[Part]:
    """Every listing in exactly one part; the same over one process and over several.

    `blocks` says meanwhile of the municipality at hand where its listings lie, as far as that is known.
    """
    blocks = {} if blocks is None else blocks
    towns = Towns(listings, ready)
    waiting = list(towns.astray)
    try:
        for number, found in enumerate(
            _alone(towns) if hands < 2 or len(towns) < 2 else _shared(towns, hands)
        ):
            own = towns.listings(number) if found.waiting or found.blocks else []
            blocks.clear()
            blocks.update(zip((k.ref for k in own), found.blocks, strict=False))
            waiting += prepared([own[n] for n in found.waiting], ready)
            yield from found.parts
    finally:
        blocks.clear()
    yield from grouped(sorted(waiting, key=in_line))[0]


def hands(count: int) -> int:
    """How many processes may share so many listings: more than one where a fork leaves no thread behind."""
    if sys.platform != "linux" or count < MANY or threading.active_count() > 1:
        return 1
    return 1 if multiprocessing.current_process().daemon else len(os.sched_getaffinity(0))


def _alone(towns: Towns) -> Iterator[Found]:
    return map(towns.found, range(len(towns)))


def _shared(towns: Towns, hands: int) -> Iterator[Found]:
    """What is found in each municipality, in order, by processes that have the listings from the start.

    They end and others begin after so many listings: each page of memory that they look at becomes their own.
    """
    fork = multiprocessing.get_context("fork")
    for some in towns.portions():
        with ProcessPoolExecutor(min(hands, len(some)), fork, _begin, (towns,)) as pool:
            for number, found in zip(some, pool.map(_tell, some), strict=True):
                refs = [listing.ref for listing in towns.listings(number)]
                yield found._replace(parts=[_part(part, refs) for part in found.parts])


_HELD: list[Towns] = []  # of a process that was forked for them


def _begin(towns: Towns) -> None:
    gc.disable()  # it ends before garbage matters, and a look at what was there would copy it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked ends it
    _HELD.append(towns)


def _tell(number: int) -> Found:
    return _HELD[0].told(number)


def _told(part: Part, at: dict[ListingRef, int]) -> list[Any]:
    return [
        ([at[ref] for ref in one.refs], [(at[k.a], at[k.b], k.score, k.because) for k in one.links])
        for one in part
    ]


def _part(told: list[Any], refs: Sequence[ListingRef]) -> Part:
    return tuple(
        Cluster(
            tuple(refs[n] for n in numbers),
            tuple(Link(refs[a], refs[b], score, sys.intern(why)) for a, b, score, why in links),
        )
        for numbers, links in told
    )
