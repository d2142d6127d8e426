"""Several processes serve on one port: one that dies is replaced, and SIGTERM ends all in good order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys
from pathlib import Path
from feeds.web import serve
from tests.unit.feeds.feeds_world import INFO, Reader, world
serve(Path(sys.argv[1]), lambda: Reader(world()), INFO, port=int(sys.argv[2]), workers=2)
"""


def children(pid: int) -> set[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return {int(word) for word in found.stdout.split()}


def ask(url: str) -> bytes:
    """The answer, as soon as there is one."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_a_process_that_dies_is_replaced_and_all_end_together(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"<p>Twente</p>")
    port = free_port()
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), str(port)]
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            assert ask(f"http://127.0.0.1:{port}/") == b"<p>Twente</p>"
            assert ask(f"http://127.0.0.1:{port}/agenda.ics").startswith(b"BEGIN:VCALENDAR")
            before = children(server.pid)
            assert len(before) == 2
            os.kill(min(before), signal.SIGKILL)
            deadline = time.monotonic() + 60
            while len(after := children(server.pid)) < 2 or after == before:
                assert time.monotonic() < deadline, "nobody took its place"
                time.sleep(0.1)
            for _ in range(8):  # whichever of the two answers
                assert ask(f"http://127.0.0.1:{port}/") == b"<p>Twente</p>"
            server.send_signal(signal.SIGTERM)
            assert server.wait(60) == 0
        finally:
            for pid in (*children(server.pid), server.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    assert not [pid for pid in after if Path(f"/proc/{pid}").exists()]
