"""The app beside nginx that serves the same bytes as files, and free combinations: `wrk` asks, in one run.

Needs `wrk` and `nginx` (`apt install wrk nginx-light`); says so where they are missing. Both servers have two
processes, wrk two threads on the same machine, and they take turns. `serve-file` goes round a site's pages,
calendars and feeds, uncompressed, none as large as `serve-file-large`, the whole region's calendar.
`serve-combination` asks a store of 20,000 events for hundreds of different choices, more than are kept;
its peer is the target, 500 requests/s and 20 ms. `serve-304` asks for a calendar that did not change; so does
`serve-304-combination`. Beside requests per second stand those per second of processor time of the server,
which other work on the machine disturbs less.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aggregator.config_loader import load_region
from aggregator.store import open_store
from feeds.info import SiteInfo, read_info
from feeds.publish import publish
from feeds.web import serve
from tests.bench.feeds import CONFIG, SIZE, TODAY, Shelf, make_events
from tests.ports import free_port

SHOWN = 600  # events of which pages and feeds are published
RUNS = 5
SECONDS = 4
CORES = 2
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WANTED_RATE, WANTED_WAIT = 500, 20.0
CONF = """worker_processes {cores}; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
    types {{ text/html html; text/css css; text/calendar ics; application/rss+xml rss; }}
    server {{ listen 127.0.0.1:{port}; root {public}; index index.html; }}
}}
"""
LUA = """local lines, here = {{}}, {first}
for line in io.lines("{paths}") do lines[#lines + 1] = line end
local tag = "{tag}"
request = function()
    here = here % #lines + 1
    return wrk.format("GET", lines[here], tag ~= "" and {{["If-None-Match"] = tag}} or nil)
end
"""


@dataclass
class Server:
    """A server's address and processes."""

    port: int
    process: subprocess.Popen[bytes]

    def spent(self) -> float:
        """Seconds of processor time, the children's too."""
        pid = str(self.process.pid)
        found = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True, check=False)
        total = 0
        for one in (pid, *found.stdout.split()):
            words = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += int(words[11]) + int(words[12])
        return total / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Told:
    """What wrk measured: requests a second, milliseconds for 99 of 100, requests a processor second."""

    rate: float
    wait: float
    per_cpu: float


@dataclass
class Asker:
    """wrk, with the addresses that it asks for."""

    folder: Path

    def ask(self, server: Server, paths: Sequence[str], *, at_once: int = 32, tag: str = "") -> Told:
        """Ask for some seconds; AssertionError when an answer was none."""
        listed, script = self.folder / "paths", self.folder / "ask.lua"
        listed.write_text("\n".join(paths) + "\n")
        script.write_text(LUA.format(paths=listed, tag=tag.replace('"', '\\"'), first=0))
        words = ["wrk", "-t2", f"-c{at_once}", f"-d{SECONDS}s", "--latency", "-s", str(script)]
        before = server.spent()
        done = subprocess.run(
            [*words, f"http://127.0.0.1:{server.port}/"], capture_output=True, text=True, check=True
        ).stdout
        spent = server.spent() - before
        assert "Non-2xx" not in done, done
        assert "Socket errors" not in done, done
        rate = _number(r"Requests/sec:\s+([\d.]+)", done)
        count = _number(r"(\d+) requests in", done)
        amount, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", done).groups()  # type: ignore[union-attr]
        return Told(rate, float(amount) * {"us": 0.001, "ms": 1, "s": 1000}[unit], count / max(spent, 0.01))


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    assert found, text
    return float(found[1])


@contextmanager
def running(command: Sequence[str], port: int) -> Iterator[Server]:
    """A server as a process, from its first answer on."""
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    try:
        deadline = time.monotonic() + 60
        while True:
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if time.monotonic() > deadline or process.poll() is not None:
                raise TimeoutError(f"{command[0]} does not answer")
            time.sleep(0.1)
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def fill(folder: Path, info: SiteInfo) -> tuple[Path, str]:
    """A public folder and a store; where they are."""
    events = make_events(SIZE, info)
    publish(Shelf(events[:SHOWN]), replace(info, languages=info.languages[:1]), folder / "public", TODAY)
    database = f"sqlite:///{folder / 'trek.sqlite'}"
    store = open_store(database)
    try:
        events = [replace(e, listings=()) for e in events]  # whose runs are not in this store
        store.save_events(events, {}, {}, now=NOON, bases={e.uid: e.uid for e in events}, rules="")
    finally:
        store.close()
    return folder / "public", database


def choices(info: SiteInfo, count: int = 400) -> list[str]:
    """Different free combinations: places, pillars, words, as people make them."""
    dice, found = random.Random(13), dict[str, None]()
    while len(found) < count:
        pairs = [("municipality", m) for m in dice.sample(sorted(info.municipalities), dice.randrange(1, 4))]
        pairs += [("pillar", p) for p in dice.sample(sorted(info.pillars), dice.randrange(0, 3))]
        if dice.random() < 0.3:
            pairs.append(("language", dice.choice(info.languages)))
        found[f"/agenda.ics?{urlencode(pairs)}"] = None
    return list(found)


def measure() -> Iterator[dict[str, Any]]:
    """The lines for `make bench`; one that says so where wrk or nginx is missing."""
    missing = [name for name in ("wrk", "nginx") if shutil.which(name) is None]
    if missing:
        print(f"serve: not measured, install {' and '.join(missing)}", file=sys.stderr)
        return
    info = read_info(load_region(CONFIG))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trek-bench-")))
        folder.chmod(0o755)  # nginx's workers are another user's
        public, database = fill(folder, info)
        port = free_port()
        conf = folder / "nginx.conf"
        conf.write_text(CONF.format(cores=CORES, folder=folder, port=port, public=public))
        nginx = stack.enter_context(running(["nginx", "-c", str(conf)], port))
        port = free_port()
        command = [sys.executable, "-m", "tests.bench.serve", str(public), database, str(port)]
        app = stack.enter_context(running(command, port))
        asker = Asker(folder)
        yield from measure_files(asker, app, nginx, public)
        yield from measure_unchanged(asker, app, nginx, choices(info))
        yield measure_combinations(asker, app, choices(info))


def measure_files(asker: Asker, app: Server, nginx: Server, public: Path) -> Iterator[dict[str, Any]]:
    """Requests a second for files, beside nginx's."""
    event = next((public / "evenement").iterdir()).name
    mixed = ["/", "/gemeente/hengelo/", f"/evenement/{event}/", "/trek.css", "/agenda/hengelo.ics"]
    mixed += ["/agenda/borne.ics", "/feeds/hengelo/new.rss", "/feeds/region/week.rss"]
    for name, paths in (("serve-file", mixed), ("serve-file-large", ["/agenda/region.ics"])):
        for path in paths:
            same(app, nginx, path)
        yield _beside(name, asker, app, nginx, paths)


def same(app: Server, nginx: Server, path: str) -> None:
    """AssertionError when the two do not send the same bytes."""
    bodies = []
    for server in (app, nginx):
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
            bodies.append(answer.read())
    assert bodies[0] == bodies[1], path


def measure_unchanged(
    asker: Asker, app: Server, nginx: Server, asked: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """304s a second: of a file, beside nginx's, and of a combination, beside the target for 304s."""
    path = "/agenda/hengelo.ics"
    yield _beside("serve-304", asker, app, nginx, [path], (_tag(app, path), _tag(nginx, path)))
    tag = _tag(app, asked[0])
    told = [asker.ask(app, asked[:1], tag=tag) for _ in range(RUNS)]
    rate = statistics.median(t.rate for t in told)
    yield {
        "name": "serve-304-combination",
        "ours": round(rate),
        "peer": 3000,
        "ratio": round(rate / 3000, 2),
        "unit": "requests/s",
        "peer_name": "the target",
        "size": SIZE,
        "per_cpu": round(statistics.median(t.per_cpu for t in told)),
    }


def measure_combinations(asker: Asker, app: Server, asked: Sequence[str]) -> dict[str, Any]:
    """Free combinations a second, and how long 99 of 100 wait at most."""
    for path in [*asked, *asked, *asked]:  # each process reads the store and renders each date once
        _tag(app, path)
    told = [asker.ask(app, asked, at_once=4) for _ in range(RUNS)]
    rate, wait = (statistics.median(getattr(t, what) for t in told) for what in ("rate", "wait"))
    return {
        "name": "serve-combination",
        "ours": round(rate),
        "peer": WANTED_RATE,
        "ratio": round(rate / WANTED_RATE, 2),
        "unit": "requests/s",
        "peer_name": "the target",
        "size": SIZE,
        "p99_ms": round(wait, 1),
        "p99_ms_target": WANTED_WAIT,
        "per_cpu": round(statistics.median(t.per_cpu for t in told)),
    }


def _beside(
    name: str,
    asker: Asker,
    app: Server,
    nginx: Server,
    paths: Sequence[str],
    tags: tuple[str, str] = ("", ""),
) -> dict[str, Any]:
    ours, peer = [], []
    for _ in range(RUNS):
        ours.append(asker.ask(app, paths, tag=tags[0]))
        peer.append(asker.ask(nginx, paths, tag=tags[1]))
    mine, other = (statistics.median(t.rate for t in told) for told in (ours, peer))
    cpu = [statistics.median(t.per_cpu for t in told) for told in (ours, peer)]
    return {
        "name": name,
        "ours": round(mine),
        "peer": round(other),
        "ratio": round(mine / other, 2),
        "unit": "requests/s",
        "peer_name": "nginx",
        "size": len(paths),
        "per_cpu": [round(one) for one in cpu],
        "per_cpu_ratio": round(cpu[0] / cpu[1], 2),
        "p99_ms": round(statistics.median(t.wait for t in ours), 1),
    }


def _tag(server: Server, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
        tag: str = answer.headers["etag"]
    return tag


if __name__ == "__main__":
    from functools import partial

    public, database, port = sys.argv[1:]
    reader = partial(open_store, database, read_only=True)
    serve(Path(public), reader, load_region(CONFIG), port=int(port), now=lambda: NOON, workers=CORES)
