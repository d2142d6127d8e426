"""A small agenda of one source, as it was published yesterday, and the command to work on it."""

from __future__ import annotations

import ctypes
import io
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

import trek
from aggregator.model import Outcome, RawEvent, RawOccurrence, RawPlace, Run
from crawlers.inbox import InboxRun

ROOT = Path(__file__).parents[2]
MORNING = "2026-11-24T08:00+00:00"
CAPBSET_DROP, DAC_OVERRIDE = 24, 1  # prctl(2), capabilities(7)


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines on standard error."""
        return self.err.splitlines()


def make_home(folder: Path) -> Path:
    """A configuration of one municipality and one source, and a crawl of twelve concerts in the inbox."""
    config = folder / "config"
    config.mkdir(parents=True)
    for file in (ROOT / "config").glob("*.yaml"):
        shutil.copy(file, config)
    yaml = YAML()
    every = yaml.load(config / "municipalities.yaml")
    every["municipalities"] = [m for m in every["municipalities"] if m["id"] == "hengelo"]
    yaml.dump(every, config / "municipalities.yaml")
    add_source(config, "kerk", "https://kerk.invalid/agenda")
    add_run(folder, 23, [f"Orgelconcert {n}" for n in range(1, 13)])
    return folder


def add_source(config: Path, name: str, url: str, more: str = "") -> Path:
    """Write a source's file."""
    path = config / "sources" / "hengelo" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"name: {name}\nstart_urls: [{url}]\ntier: venue\nrights: open\n{more}")
    return path


def add_run(folder: Path, day: int, titles: list[str]) -> Path:
    """A finished crawl on a day of November with one concert on each day of December; its folder."""
    run_id, moment = f"202611{day}T060000Z-000001", f"2026-11-{day}T06:00:00+00:00"
    inbox = InboxRun(folder / "data" / "inbox", "kerk", run_id)
    for number, title in enumerate(titles, 1):
        page = f"https://kerk.invalid/{number}"
        when = RawOccurrence(start=f"2026-12-{number:02}T20:00:00+01:00")
        place = RawPlace(name="Grote Kerk", place="Hengelo")
        inbox.write(
            RawEvent("kerk", page, moment, "json-ld", title, url=page, occurrences=(when,), place=place)
        )
    ended = {"outcome": Outcome.OK, "complete": True, "items": len(titles), "pages": 1}
    inbox.finish(Run(run_id, "kerk", moment, moment, **ended))
    return inbox.folder


def call(home: Path, *words: str, **env: str) -> Said:
    """The command in this process, from the home as working folder."""
    out, err = io.StringIO(), io.StringIO()
    with _surroundings(home, ["trek", *words], env), redirect_stdout(out), redirect_stderr(err):
        try:
            trek.main()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Said(status, out.getvalue(), err.getvalue())


@contextmanager
def _surroundings(home: Path, words: list[str], env: dict[str, str]) -> Iterator[None]:
    before = os.environ.copy(), sys.argv, Path.cwd()
    os.environ.update({"TREK_NOW": MORNING, "TREK_CONFIG": str(home / "config"), **env})
    sys.argv = words
    os.chdir(home)
    try:
        yield
    finally:
        os.chdir(before[2])
        sys.argv = before[1]
        os.environ.clear()
        os.environ.update(before[0])


def run(
    home: Path, *words: str, largest: int | None = None, stdin: bytes = b"", module: str = "trek"
) -> Said:
    """The command as a process of its own, which file permissions bind even when root runs the tests.

    `largest` is the size in bytes that no file may exceed, as on a full disk.
    """

    def confine() -> None:
        ctypes.CDLL(None).prctl(CAPBSET_DROP, DAC_OVERRIDE, 0, 0, 0)
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    env = {"TREK_NOW": MORNING, "TREK_CONFIG": str(home / "config"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=home,
        env={**os.environ, **env},
        input=stdin,
        capture_output=True,
        timeout=120,
        preexec_fn=confine,
        check=False,
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())
