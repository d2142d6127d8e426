"""Whatever a source shows, run after run: nothing is removed too early, nothing is lost."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.clock import AMSTERDAM
from aggregator.decide import FEW, SHARE, decide
from aggregator.model import (
    Change,
    Decision,
    Listing,
    ListingRef,
    Occurrence,
    Outcome,
    Run,
    State,
    StoredListing,
    Tier,
    Timed,
)

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=AMSTERDAM)


def listing(number: int) -> Listing:
    """Every fifth has been, the others are to come."""
    days = -3 if number % 5 == 0 else 30 + number
    return Listing(
        "s", f"k{number:03}", Tier.VENUE, f"E{number}", (Occurrence(Timed(NOW + timedelta(days))),)
    )


RUNS = st.tuples(
    st.frozensets(st.integers(0, 40)),
    st.sampled_from([o for o in Outcome if o is not Outcome.FORGOTTEN]),
    st.booleans(),
)


def carry_out(known: dict[ListingRef, StoredListing], decision: Decision) -> dict[ListingRef, StoredListing]:
    after = dict(known)
    for i in decision.intents:
        if i.listing is None and i.change is Change.SAME:
            continue
        one = i.listing or known[i.ref].listing
        after[i.ref] = StoredListing(one, i.state, NOW, NOW, NOW, i.missed_runs)
    return after


@settings(max_examples=150, deadline=None)
@given(st.lists(RUNS, max_size=6), st.randoms(use_true_random=False))
def test_a_life_of_runs(runs: list[tuple[frozenset[int], Outcome, bool]], chance: random.Random) -> None:
    known: dict[ListingRef, StoredListing] = {}
    for number, (keys, outcome, complete) in enumerate(runs):
        seen = [listing(k) for k in keys]
        run = Run(str(number), "s", "x", "y", outcome, complete)
        decision = decide(known, seen, run, NOW)
        chance.shuffle(seen)
        assert decide(known, seen, run, NOW) == decision  # the order of pages says nothing
        after = carry_out(known, decision)
        gone = [
            r for r in known if known[r].state is not State.WITHDRAWN and after[r].state is not State.LIVE
        ]
        newly = [r for r in gone if after[r] != known[r]]
        if not complete or outcome is not Outcome.OK or decision.held:
            assert newly == []
        expected = [r for r, s in known.items() if s.state is not State.WITHDRAWN and not over(s)]
        assert len(newly) <= FEW or len(newly) * SHARE <= len(expected)
        for ref in newly:
            assert ref not in {x.ref for x in seen}
            assert not over(known[ref])
            assert after[ref].state is not State.WITHDRAWN or known[ref].state is State.MISSING
        assert set(known) <= set(after)
        if not decision.held and seen:
            assert all(after[x.ref].state is State.LIVE for x in seen)
        known = after


def over(stored: StoredListing) -> bool:
    when = stored.listing.occurrences[0].when
    return isinstance(when, Timed) and when.start <= NOW
