"""A real calendar client subscribes: vdirsyncer fetches over HTTP, khal shows what the subscriber sees.

The theatre of `test_history` changes, cancels, moves and withdraws at the source; after each sync the
client must show exactly that. (vdirsyncer names what it fetches by content; that UIDs stay is
`test_history`'s to show.)
"""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.system.test_history import Theatre, make_theatre

BIN = Path(sys.executable).parent


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the public folder."""

    def log_message(self, *_: object) -> None:
        return


class Client:
    """Somebody's calendar program with one subscription."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        home.mkdir()
        (home / "config").write_text(f"""
[general]
status_path = "{home}/status/"
[pair trek]
a = "here"
b = "there"
collections = null
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{home}/calendar/"
fileext = ".ics"
[storage there]
type = "http"
url = "{url}"
""")
        (home / "khal.conf").write_text(f"""
[calendars]
[[trek]]
path = {home}/calendar/
readonly = True
[locale]
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
highlight_event_days = False
[sqlite]
path = {home}/khal.db
""")
        self._run("vdirsyncer", "-c", str(home / "config"), "discover")

    def _run(self, name: str, *words: str) -> str:
        env = os.environ | {"HOME": str(self.home), "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": str(self.home)}
        done = subprocess.run(
            [str(BIN / name), *words],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=env,
            input="y\n",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sync(self) -> list[str]:
        """Fetch the calendar; what it shows from the first of January on, one line per event."""
        self._run("vdirsyncer", "-c", str(self.home / "config"), "sync", "--force-delete")
        form = "{start-date} {start-time} {status} {title}"
        listed = self._run(
            "khal",
            "-c",
            str(self.home / "khal.conf"),
            *("list", "--once", "--day-format", "", "--format", form, "2026-01-01", "400d"),
        )
        return [" ".join(line.split()) for line in listed.splitlines() if line.strip()]


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    with make_theatre(tmp_path / "theatre") as found:
        yield found


@pytest.fixture
def client(tmp_path: Path, theatre: Theatre) -> Iterator[Client]:
    public = theatre.folder / "public"
    public.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(public)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/agenda/hengelo.ics"
        theatre.step({"week": 1, "shows": START})
        yield Client(tmp_path / "client", address)
    finally:
        server.shutdown()
        server.server_close()


START = {
    "bach": {"title": "Orgelconcert Bach", "when": "2026-02-20T20:00"},
    "jazz": {"title": "Jazz in de kelder", "when": "2026-02-27T20:30"},
    "koor": {"title": "Koor zingt Brahms", "when": "2026-03-13T20:00"},
}


def test_a_subscriber_sees_each_change(theatre: Theatre, client: Client) -> None:
    bach = "2026-02-20 20:00 CONFIRMED Orgelconcert Bach"
    jazz = "2026-02-27 20:30 CONFIRMED Jazz in de kelder"
    koor = "2026-03-13 20:00 CONFIRMED Koor zingt Brahms"
    assert client.sync() == [bach, jazz, koor]

    theatre.step({"week": 2, "shows": {"jazz": {"title": "Jazz op zolder"}}})
    jazz = "2026-02-27 20:30 CONFIRMED Jazz op zolder"
    assert client.sync() == [bach, jazz, koor]

    theatre.step({"week": 3, "shows": {"koor": {"status": "EventCancelled"}}})
    koor = "2026-03-13 20:00 CANCELLED AFGELAST: Koor zingt Brahms"
    assert client.sync() == [bach, jazz, koor]

    theatre.step({"week": 4, "shows": {"bach": {"when": "2026-03-01T15:00"}}})
    bach = "2026-03-01 15:00 CONFIRMED Orgelconcert Bach"
    assert client.sync() == [jazz, bach, koor]

    theatre.step({"week": 5, "shows": {"jazz": None}})
    assert client.sync() == [jazz, bach, koor]  # missing once: it stays
    theatre.step({"week": 6})
    assert client.sync() == [bach, koor]  # missing twice: withdrawn at the source

    theatre.step({"week": 7, "shows": {"jazz": {"title": "Jazz op zolder", "when": "2026-02-27T20:30"}}})
    assert client.sync() == [jazz, bach, koor]
