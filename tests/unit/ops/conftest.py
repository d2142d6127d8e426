"""The plain rooms of the job's tests, loaded by path: the tests are no package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOMS = Path(__file__).parents[1] / "jobs" / "rooms.py"


@pytest.fixture(scope="session")
def rooms() -> ModuleType:
    """`rooms.py` as a module."""
    spec = importlib.util.spec_from_file_location("trek_ops_rooms", ROOMS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
