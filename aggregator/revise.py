"""Reads again what the sources say now, when the rules changed: the inbox still holds it.

A page that is not modified is not sent again, so a corrected venue or a better date reader would
otherwise never reach the listings that it is for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from aggregator.decide import decide, settle
from aggregator.doubt import Answers
from aggregator.intake import Arrival, Report, read_items, recent_arrivals
from aggregator.model import Change, Listing, ListingRef, Outcome, RawEvent, Reject
from aggregator.refused import answers_of
from aggregator.store.protocol import Store

Normalise = Callable[[Sequence[RawEvent], datetime], list[Listing | Reject]]


def revise(
    inbox: Path,
    store: Store,
    normalise: Normalise,
    now: datetime,
    report: Report,
    refused: Collection[str] = (),
) -> int:
    """Listings of every source made anew from its last crawls; how many differ or are new.

    Nothing is removed, a source that waits for a person gets nothing new, and no `refused` date comes in.
    """
    held = store.held()
    return sum(
        _revise_source(
            source_id,
            inbox,
            store,
            normalise,
            now,
            report,
            answers_of(source_id, (), refused),
            grows=source_id not in held,
        )
        for source_id in sorted(store.last_runs())
    )


def _revise_source(
    source_id: str,
    inbox: Path,
    store: Store,
    normalise: Normalise,
    now: datetime,
    report: Report,
    answers: Answers,
    *,
    grows: bool,
) -> int:
    arrivals = recent_arrivals(inbox / source_id, list(store.applied_runs(source_id)), now, report)
    if not arrivals:
        return 0
    stored = {s.listing.ref: s for s in store.listings(source_id)}
    seen, rejects = _read(arrivals, normalise, now, lambda made: settle(made, stored))
    run = replace(arrivals[-1].run, outcome=Outcome.OK, complete=False)
    decision = decide(stored, list(seen.values()), run, now, settled=False, answers=answers)
    kinds = (Change.CHANGED, Change.NEW) if grows else (Change.CHANGED,)
    intents = tuple(i for i in decision.intents if i.change in kinds)
    store.revise_listings(source_id, intents, [*rejects, *decision.doubts], min(arrivals[-1].moment, now))
    return len(intents)


def _read(
    arrivals: Sequence[Arrival],
    normalise: Normalise,
    now: datetime,
    one_each: Callable[[list[Listing]], list[Listing]],
) -> tuple[Mapping[ListingRef, Listing], list[Reject]]:
    """What the runs say together, the last word of each listing, and the rejects of the last run."""
    seen: dict[ListingRef, Listing] = {}
    rejects: list[Reject] = []
    for arrival in arrivals:
        _, raws = read_items(arrival, lambda line: None)  # its damage was told when it came
        made = normalise(raws, min(arrival.moment, now))
        seen.update((x.ref, x) for x in one_each([m for m in made if isinstance(m, Listing)]))
        rejects = [m for m in made if isinstance(m, Reject)]
    return seen, rejects
