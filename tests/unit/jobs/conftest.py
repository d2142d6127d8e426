"""The plain rooms, loaded by path: the tests are no package."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from aggregator.store import Store, open_store

ROOMS = Path(__file__).with_name("rooms.py")


@pytest.fixture(scope="session")
def rooms() -> ModuleType:
    """`rooms.py` as a module."""
    spec = importlib.util.spec_from_file_location("trek_test_rooms", ROOMS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """The place of an inbox."""
    return tmp_path / "inbox"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(f"sqlite:///{tmp_path / 'trek.sqlite'}")
    yield opened
    opened.close()
