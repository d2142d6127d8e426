"""The whole job comes to the same on every database: merges, splits, losses, returns."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from aggregator.store import Store, open_store

ROOMS = Path(__file__).parents[1] / "unit" / "jobs" / "rooms.py"


@pytest.fixture
def rooms() -> ModuleType:
    """The plain rooms of the job's own tests."""
    spec = importlib.util.spec_from_file_location("trek_contract_rooms", ROOMS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_month_comes_to_the_same(rooms: ModuleType, tmp_path: Path, store: Store) -> None:
    inbox = tmp_path / "inbox"
    rooms.history(inbox, seed=3, days=6)
    told: list[str] = []
    summary = rooms.work(inbox, store, report=told.append, rules="1")
    assert (summary.runs, summary.held) == (18, {})
    rooms.work(inbox, store, rules="2")
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    rooms.work(inbox, other, rules="1")
    assert rooms.content(store) == rooms.content(other)
    assert {e.field for e in store.edits()} > {"event", "title", "when", "hidden"}
    assert any(e.aliases for e in store.events())
    other.close()
