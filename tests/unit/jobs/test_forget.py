"""A source that a person took out: what it alone told of goes at once, and comes back if it does."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from aggregator.config_loader import load_region
from aggregator.errors import UsageError
from aggregator.forget import check_forget, forgotten_run, lingering, tell_lingering
from aggregator.model import Outcome, State
from aggregator.region import Region
from aggregator.store import Store

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def region() -> Region:
    """A region in which `a` is read and `b` is switched off; nobody knows of `c`."""
    region = load_region(ROOT / "config")
    some = next(s for s in region.sources.values() if s.enabled)
    on, off = (some.model_copy(update={"id": name, "enabled": name == "a"}) for name in "ab")
    return dataclasses.replace(region, sources={"a": on, "b": off})


@pytest.fixture
def filled(rooms: ModuleType, inbox: Path, store: Store) -> Store:
    """Three sources: one event that only one tells of, one that two tell of, one that is over."""
    for name in "abc":
        shared = rooms.raw(name, "1", "Shared", 40)
        own = rooms.raw(name, "2", f"Only {name}", 41)
        rooms.fill(inbox, name, 0, [shared, own, rooms.raw(name, "3", f"Over {name}", 1)])
    rooms.work(inbox, store, 2)
    return store


def shown(store: Store) -> set[str]:
    return {event.title for event in store.events()}


def forget(rooms: ModuleType, inbox: Path, store: Store, name: str, day: int) -> None:
    """As `trek forget` does."""
    now = rooms.FIRST + timedelta(days=day)
    run = forgotten_run(rooms.run_id(day), name, now)
    rooms.fill(inbox, name, day, [], outcome=run.outcome, complete=run.complete, detail=run.detail)
    rooms.work(inbox, store, day)


def test_what_is_read_no_more_is_told_with_what_to_do(
    rooms: ModuleType, region: Region, filled: Store
) -> None:
    now = rooms.FIRST + timedelta(days=3)
    assert lingering(region, filled, now) == {"b": 2, "c": 2}
    (line, _) = tell_lingering(lingering(region, filled, now))
    assert line.startswith("b: read no more, 2 coming events")
    assert line.endswith("trek forget b")
    assert lingering(region, filled, rooms.FIRST + timedelta(days=60)) == {}


@pytest.mark.parametrize(("name", "why"), [("a", "enabled: false"), ("d", "nothing is known")])
def test_what_cannot_be_forgotten(region: Region, filled: Store, name: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        check_forget(name, region, filled)
    check_forget("b", region, filled)
    check_forget("c", region, filled)


def test_only_what_it_alone_told_of_goes(rooms: ModuleType, inbox: Path, filled: Store) -> None:
    forget(rooms, inbox, filled, "b", 3)
    assert shown(filled) == {"Shared", "Only a", "Only c", "Over a", "Over b", "Over c"}
    states = {s.listing.title: s.state for s in filled.listings("b")}
    assert states == {"Shared": State.WITHDRAWN, "Only b": State.WITHDRAWN, "Over b": State.LIVE}
    assert filled.held() == {}


def test_its_events_come_back_with_it_under_their_uids(
    rooms: ModuleType, region: Region, inbox: Path, filled: Store
) -> None:
    before = {event.title: event.uid for event in filled.events()}
    for name in "abc":
        forget(rooms, inbox, filled, name, 3)
    assert shown(filled) == {"Over a", "Over b", "Over c"}
    assert lingering(region, filled, rooms.FIRST + timedelta(days=4)) == {}
    for name in "abc":
        raws = [rooms.raw(name, "1", "Shared", 40), rooms.raw(name, "2", f"Only {name}", 41)]
        rooms.fill(inbox, name, 5, raws)
    rooms.work(inbox, filled, 6)
    assert {event.title: event.uid for event in filled.events()} == before


def test_a_store_made_anew_has_forgotten_too(
    rooms: ModuleType, inbox: Path, filled: Store, tmp_path: Path
) -> None:
    from aggregator.store import open_store

    forget(rooms, inbox, filled, "b", 3)
    anew = open_store(f"sqlite:///{tmp_path / 'anew.sqlite'}")
    rooms.work(inbox, anew, 4)
    assert shown(anew) == shown(filled)
    assert anew.last_runs()["b"].outcome is Outcome.FORGOTTEN
    anew.close()
