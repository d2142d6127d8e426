"""One job at a time, and no dead one in the way."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aggregator.errors import TrekError
from aggregator.lock import BusyError, hold_lock

HOLDER = """
import sys, time
from pathlib import Path
from aggregator.lock import hold_lock
with hold_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_another_process_waits_its_turn_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "data" / "trek.lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(BusyError, match=f"process {other.pid} is at work") as caught, hold_lock(path):
            pass
        assert str(path) in str(caught.value)
        other.kill()
    with hold_lock(path):
        assert path.exists()


def test_its_holder_may_take_it_again_and_another_thread_may_not(tmp_path: Path) -> None:
    path = tmp_path / "trek.lock"
    seen: list[BaseException] = []

    def take() -> None:
        try:
            with hold_lock(path):
                pass
        except BusyError as error:
            seen.append(error)

    with hold_lock(path):
        with hold_lock(path):
            pass
        thread = threading.Thread(target=take)
        thread.start()
        thread.join()
    assert len(seen) == 1
    take()
    assert len(seen) == 1


def test_an_error_inside_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "trek.lock"
    with pytest.raises(KeyError), hold_lock(path):
        raise KeyError
    with hold_lock(path):
        pass


def test_a_lock_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with (
        pytest.raises(TrekError, match="the lock cannot be made"),
        hold_lock(tmp_path / "data" / "trek.lock"),
    ):
        pass
