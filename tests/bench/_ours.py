"""Our side of the sameness benchmark, in a process of its own: `python -m tests.bench._ours SIZE [add]`.

Prints one JSON line: seconds by clock and by processor, F1 over pairs of one moment; with `add` the
processors' seconds of the job's step on a whole store and after 1 % more.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from aggregator.clustering import cluster_events
from aggregator.config_loader import find_config, load_region
from aggregator.dedupe import Deduper
from aggregator.model import Change, Decision, Intent, Listing, Outcome, Run, State
from aggregator.region import Region
from aggregator.rooms import Rooms
from aggregator.store import open_store
from aggregator.tag.tagger import Tagger
from tests.bench._programme import Told, programme

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def compare(region: Region, told: Sequence[Told]) -> dict[str, Any]:
    """Clusters and moments of the listings, with what they cost and how right they are."""
    listings, deduper = [one.listing for one in told], Deduper(region)
    began, busy = time.monotonic(), worked()
    labels = deduper.label(listings, deduper.cluster(listings))
    took, cost = time.monotonic() - began, worked() - busy
    truth = {one.listing.ref: one.truth for one in told}
    found = {ref: label for ref, label in labels.items() if label}
    right = pairs((truth[ref], label) for ref, label in found.items())
    precision, recall = right / pairs(found.values()), right / pairs(truth.values())
    f1 = 2 * precision * recall / (precision + recall)
    return {"seconds": took, "cpu": cost, "f1": f1, "precision": precision, "recall": recall}


def worked() -> float:
    """Seconds of the processors that this process and those that it started and ended have had."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def pairs(groups: Iterable[Hashable]) -> int:
    """How many pairs have the same group."""
    return sum(n * (n - 1) // 2 for n in Counter(groups).values())


def add(region: Region, told: Sequence[Told]) -> dict[str, float]:
    """The job's step from stored listings to saved events: for all, then for 1 % more."""
    few = max(1, len(told) // 101)
    deduper = Deduper(region)
    rooms = Rooms(cast(Any, None), deduper.cluster, deduper.merge, Tagger(region), None, deduper)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'trek.sqlite'}")
        cost = []
        for part, number in ((told[few:], 1), (told[:few], 2)):
            # as one run of one source: which one has no bearing on the work
            run = Run(
                f"2026090{number}T000000Z-bench", "bench", NOW.isoformat(), NOW.isoformat(), Outcome.OK, True
            )
            intents = tuple(_new(one.listing) for one in part)
            store.apply_run(replace(run, items=len(part)), Decision(intents), (), NOW)
            busy = worked()
            cluster_events(store, rooms, NOW)
            cost.append(worked() - busy)
        store.close()
    return {"whole": cost[0], "add": cost[1]}


def _new(listing: Listing) -> Intent:
    return Intent(Change.NEW, listing.ref, "new", listing, State.LIVE)


if __name__ == "__main__":
    home = load_region(find_config(Path(__file__).parents[2] / "config"))
    made = programme(home, int(sys.argv[1]))
    print(json.dumps(add(home, made) if sys.argv[2:] == ["add"] else compare(home, made)))
