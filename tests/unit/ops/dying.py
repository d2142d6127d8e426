"""A process that works on a data folder and is gone without a farewell at a step of its database.

`dying.py STEP backup DATA CONFIG FILE`, `dying.py STEP migrate FROM TO`, `dying.py STEP rebuild DATA TO`.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator.backup import backup
from aggregator.jobs import Rooms
from aggregator.ledger import Ledger
from aggregator.migrate import migrate
from aggregator.rebuild import replay
from aggregator.store import open_store

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def load_rooms() -> Any:
    """The plain rooms of the job's tests."""
    path = Path(__file__).parents[1] / "jobs" / "rooms.py"
    spec = importlib.util.spec_from_file_location("trek_dying_rooms", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def build(rooms: Any, data: Path, to: str) -> None:
    """Replay an inbox into an empty database."""
    store = open_store(to)
    stages = Rooms(rooms.Normaliser(), rooms.cluster, rooms.merge, rooms.Tagger())
    inbox = data / "inbox"
    ledger = Ledger(inbox, fresh=True)
    replay(inbox, store, stages, rooms.FIRST + timedelta(days=99), print, "", ledger)
    store.close()


def main(step: int, what: str, *words: str) -> None:
    rooms = load_rooms()

    def act(number: int) -> None:
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    with rooms.counted(act):
        if what == "backup":
            data, config, file = (Path(word) for word in words)
            backup(f"sqlite:///{data / 'trek.sqlite'}", data, config, file, NOW)
        elif what == "migrate":
            migrate(*words)
        else:
            build(rooms, Path(words[0]), words[1])


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
