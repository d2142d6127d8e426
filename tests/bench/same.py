"""Sameness beside Splink with DuckDB: the same generated listings with known truth, in turn, in one run.

Each run is a process of its own, so that its memory is its own, with that of the processes it starts.
Splink lives in `.venv-splink`, which `make bench` makes from `splink.lock`; it is no part of Trek. It stands
there in three set-ups, each in a line of its own: its quickest, one that counts shared words, its most
accurate; `_splink.py` tells what they are and what was tried. Both sides begin with day, time, venue and
municipality found, and with titles and texts as the sources wrote them. Ours ends with events of one or many
days, the reason for each link, and the moment that each listing tells of; Splink with groups of listings of
one day at the threshold that is best on the truth. Judged are pairs of listings of one moment. `ratio` is of
seconds by the clock, `cpu_ratio` of seconds of the processors, which other work on the machine disturbs less.
Both use all processors. With `--full` also a million listings, once, and 1 % on 100,000.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from aggregator.config_loader import find_config, load_region
from aggregator.dedupe.vocabulary import EMPTY
from aggregator.model import Timed
from tests.bench._programme import Told, programme

ROOT = Path(__file__).parents[2]
SPLINK = ROOT / ".venv-splink" / "bin" / "python"
RUNS = 5
LOOK = 0.5  # seconds between two looks at the memory
SIZES = {"same-10k": (10_000, RUNS), "same-100k": (100_000, RUNS)}
MILLION = {"same-1m": (1_000_000, 1)}
SETUPS = {"quick": "its quickest", "words": "with shared words", "best": "its most accurate"}
FIGURES = ("cpu", "mb", "f1", "precision", "recall")


def measure() -> Iterator[dict[str, Any]]:
    """A line for each size and set-up, and one for the increment; says what is missing without Splink."""
    full = bool(os.environ.get("TREK_BENCH_FULL"))
    if not SPLINK.is_file():
        print(f"same: no Splink at {SPLINK.parent.parent}; make bench installs it", file=sys.stderr)
    else:
        took: dict[str, float] = {}
        for name, (size, runs) in (SIZES | (MILLION if full else {})).items():
            for line in beside(name, size, runs):
                took[name] = line["cpu_ours"]
                if name == "same-1m":
                    line["growth"] = round(took[name] / took["same-100k"], 1)
                yield line
    yield increment(100_000 if full else 10_000)


def beside(name: str, size: int, runs: int) -> Iterator[dict[str, Any]]:
    """Ours and each set-up of Splink in turn on so many listings; a line a set-up."""
    found: dict[str, list[dict[str, Any]]] = {setup: [] for setup in ("ours", *SETUPS)}
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / "rows.jsonl", Path(folder) / "stops.jsonl"]
        write_lines(rows(programme(load_region(find_config(ROOT / "config")), size)), files[0])
        write_lines(({"word": word} for word in sorted(EMPTY)), files[1])
        script = Path(__file__).with_name("_splink.py")
        for _ in range(runs):
            found["ours"].append(run([sys.executable, "-m", "tests.bench._ours", str(size)]))
            for setup in SETUPS:
                found[setup].append(run([str(SPLINK), str(script), *map(str, files), setup]))
    ours = found.pop("ours")
    for setup, peer in found.items():
        fast, slow = median(ours, "seconds"), median(peer, "seconds")
        yield {
            "name": f"{name}-{setup}",
            "ours": round(fast, 2),
            "peer": round(slow, 2),
            "ratio": round(slow / fast, 2),
            "cpu_ratio": round(median(peer, "cpu") / median(ours, "cpu"), 2),
            "unit": "s",
            "peer_name": f"Splink with DuckDB, {SETUPS[setup]}",
            "size": size,
            **{f"{key}_ours": round(median(ours, key), 4) for key in FIGURES},
            **{f"{key}_peer": round(median(peer, key), 4) for key in FIGURES},
            "runs": runs,
        }


def increment(size: int) -> dict[str, Any]:
    """1 % new listings in a store, from there to saved events, beside all of them from scratch."""
    found = run([sys.executable, "-m", "tests.bench._ours", str(size), "add"])
    return {
        "name": "same-add",
        "ours": round(found["add"], 2),
        "peer": round(found["whole"], 2),
        "ratio": round(found["whole"] / found["add"], 1),
        "unit": "s of processor",
        "peer_name": "all from scratch",
        "size": size,
    }


def run(command: Sequence[str]) -> dict[str, Any]:
    """The JSON line that a process prints last, and the megabytes that it and its own held at the peak."""
    peak = 0.0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, held(process.pid))
            time.sleep(LOOK)
        said = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    line: dict[str, Any] = json.loads(said.splitlines()[-1])
    return {**line, "mb": peak}


def held(pid: int) -> float:
    """Megabytes of memory of a process and of those it started, what several share counted once."""
    try:
        smaps = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it has ended
        return 0.0
    own = next(int(line.split()[1]) for line in smaps.splitlines() if line.startswith("Pss:"))
    return own / 1024 + sum(held(int(child)) for child in children)


def median(lines: Sequence[dict[str, Any]], key: str) -> float:
    """The median of one figure."""
    return statistics.median(float(line[key]) for line in lines)


def write_lines(lines: Iterable[dict[str, Any]], path: Path) -> None:
    """The lines as JSON, for the peer."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def rows(told: Iterable[Told]) -> Iterator[dict[str, Any]]:
    """The same listings as flat rows: what our normaliser found, titles and texts as they were written."""
    for one in told:
        listing, when = one.listing, one.listing.occurrences[0].when
        yield {
            "id": f"{listing.source_id} {listing.key}",
            "truth": one.truth,
            "source": listing.source_id,
            "title": listing.title,
            "description": listing.description,
            "day": str(when.start.date() if isinstance(when, Timed) else when.first or when.last),
            "minute": when.start.hour * 60 + when.start.minute if isinstance(when, Timed) else None,
            "venue": listing.place.venue,
            "town": listing.place.municipality,
        }
