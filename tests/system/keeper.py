"""`trek run` on loopback sites: the scheduler with a short tick. `keeper.py CONFIG FOLDER HOST:PORT...`."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import trek
from aggregator.lock import hold_lock
from aggregator.schedule import keep_working

if __name__ == "__main__":
    folder = Path(sys.argv[2])
    desk = trek.Desk(folder / "data", folder / "public", None, Path(sys.argv[1]))
    desk.allowed = tuple(sys.argv[3:])
    desk.claim_folder()
    with hold_lock(desk.data / "scheduler.lock"):
        keep_working(desk.work_and_tell, trek.say, timedelta(seconds=1))
