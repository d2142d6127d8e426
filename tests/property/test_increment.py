"""Events made after each change are those of a full pass: UIDs, bases, members, in whatever portions."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import gather
from aggregator.clustering import cluster_events
from aggregator.model import Change, Decision, Event, Intent, Listing, ListingRef, Outcome, Run, State
from aggregator.rooms import Rooms
from aggregator.store import open_store
from aggregator.store.protocol import Store
from tests.property.test_gather import DEDUPER, listings

BEGIN = datetime(2027, 1, 1, tzinfo=UTC)


class Silent:
    """Tags nothing."""

    def tag(self, event: Event) -> Event:
        return event


def rooms(*, kin: bool) -> Rooms:
    return Rooms(cast(Any, None), DEDUPER.cluster, DEDUPER.merge, Silent(), None, DEDUPER if kin else None)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "trek.sqlite"
    open_store(f"sqlite:///{path}").close()
    return path


@contextmanager
def stores(empty: Path) -> Iterator[tuple[Store, Store]]:
    with tempfile.TemporaryDirectory() as folder:
        made = []
        for name in ("a", "b"):
            path = Path(folder) / f"{name}.sqlite"
            shutil.copy(empty, path)
            made.append(open_store(f"sqlite:///{path}"))
        yield made[0], made[1]
        for one in made:
            one.close()


def intents(portion: Sequence[Listing], gone: set[ListingRef], known: set[ListingRef]) -> tuple[Intent, ...]:
    """New and changed ones, and those that are withdrawn unless they are told again."""
    told = {k.ref: k for k in portion}
    made = [
        Intent(Change.CHANGED if ref in known else Change.NEW, ref, "", listing, State.LIVE)
        for ref, listing in told.items()
    ]
    made += [Intent(Change.WITHDRAWN, ref, "", None, State.WITHDRAWN) for ref in sorted(gone - told.keys())]
    return tuple(made)


def remembered(store: Store) -> tuple[Any, ...]:
    """All that is known of events: their UIDs and bases, who belongs and belonged to them, what they say."""
    uids = {event.uid for event in store.events(hidden=True)}
    every = {uid for event in store.events(hidden=True) for uid in (event.uid, *event.aliases)}
    events = list(store.events(hidden=True))
    members = store.memberships(), store.memberships(active=True)
    return uids, store.bases(), *members, store.aliases(every), events


PORTIONS = st.lists(st.tuples(st.lists(listings(), max_size=5), st.booleans()), min_size=2, max_size=5)


@settings(max_examples=12, deadline=None)
@given(portions=PORTIONS, chance=st.randoms(use_true_random=False))
def test_after_each_portion_events_are_those_of_a_full_pass(empty: Path, portions: Any, chance: Any) -> None:
    known: set[ListingRef] = set()
    with stores(empty) as (bit_by_bit, whole), patch.object(gather, "MANY", 100):
        for number, (portion, pause) in enumerate(portions):
            now = BEGIN + timedelta(days=number)
            gone = {ref for ref in sorted(known) if chance.random() < 0.2}
            decision = Decision(intents(portion, gone, known))
            run = Run(f"{now:%Y%m%dT%H%M%SZ}-t", "t", now.isoformat(), now.isoformat(), Outcome.OK, True)
            for store in (bit_by_bit, whole):
                store.apply_run(run, decision, (), now)
            known |= {k.ref for k in portion}
            if pause and number + 1 < len(portions):
                continue  # the next portion comes before events are made
            for store, kin in ((bit_by_bit, True), (whole, False)):
                cluster_events(store, rooms(kin=kin), now)
            assert remembered(bit_by_bit) == remembered(whole)
