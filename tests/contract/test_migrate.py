"""A store moves from SQLite to PostgreSQL and back, and not one UID is lost."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import StoreError
from aggregator.migrate import migrate
from aggregator.store import open_store

pytestmark = pytest.mark.postgres


def load_rooms() -> Any:
    path = Path(__file__).parents[1] / "unit" / "jobs" / "rooms.py"
    spec = importlib.util.spec_from_file_location("trek_migrate_rooms", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_store_moves_to_postgresql_and_back(postgres: Callable[[], str], tmp_path: Path) -> None:
    rooms = load_rooms()
    inbox, here = tmp_path / "inbox", f"sqlite:///{tmp_path / 'trek.sqlite'}"
    rooms.history(inbox, 3, days=4)
    store = open_store(here)
    rooms.work(inbox, store, 5)
    before, revision = rooms.content(store), store.revision()
    store.close()
    there, back = postgres(), f"sqlite:///{tmp_path / 'back.sqlite'}"
    counts = migrate(here, there)
    assert counts["events"] > 0
    assert counts["edits"] > 0
    with pytest.raises(StoreError, match="holds data already"):
        migrate(here, there)
    moved = open_store(there)
    assert rooms.content(moved) == before
    assert moved.revision() == revision
    rooms.fill(inbox, "a", 9, [rooms.raw("a", "1", "Goes on after the move", 50)])
    rooms.work(inbox, moved, 10)  # new lines of the journal get numbers that are free
    after = rooms.content(moved)
    assert after != before
    moved.close()
    migrate(there, back)
    returned = open_store(back)
    assert rooms.content(returned) == after
    returned.close()
