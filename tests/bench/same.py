"""Sameness beside Splink with DuckDB: the same generated listings with known truth, in turn, in one run.

Each run is a process of its own, so that its memory is its own. Splink lives in `.venv-splink`, which
`make bench` makes from `splink.lock`; it is no part of Trek. What it is given is in `_splink.py`. Judged
are pairs of listings of one moment. With `--full` also a million listings, once, and 1 % on 100,000.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from aggregator.config_loader import find_config, load_region
from aggregator.dedupe.words import split, weigh
from aggregator.model import Timed
from tests.bench._programme import Told, programme

ROOT = Path(__file__).parents[2]
SPLINK = ROOT / ".venv-splink" / "bin" / "python"
RUNS = 5
SIZES = {"same-10k": (10_000, RUNS), "same-100k": (100_000, RUNS)}
MILLION = {"same-1m": (1_000_000, 1)}
TELLING = 0.5


def measure() -> Iterator[dict[str, Any]]:
    """A line for each size, and one for the increment; says what is missing when Splink is not there."""
    full = bool(os.environ.get("TREK_BENCH_FULL"))
    if not SPLINK.is_file():
        print(f"same: no Splink at {SPLINK.parent.parent}; make bench installs it", file=sys.stderr)
    else:
        took: dict[str, float] = {}
        for name, (size, runs) in (SIZES | (MILLION if full else {})).items():
            line = beside(name, size, runs)
            took[name] = line["ours"]
            if name == "same-1m":
                line["growth"] = round(took[name] / took["same-100k"], 1)
            yield line
    yield increment(100_000 if full else 10_000)


def beside(name: str, size: int, runs: int) -> dict[str, Any]:
    """Ours and Splink in turn on so many listings."""
    ours, peer = [], []
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.jsonl"
        write_rows(programme(load_region(find_config(ROOT / "config")), size), rows)
        for _ in range(runs):
            ours.append(run([sys.executable, "-m", "tests.bench._ours", str(size)]))
            peer.append(run([str(SPLINK), str(Path(__file__).with_name("_splink.py")), str(rows)]))
    fast, slow = median(ours, "seconds"), median(peer, "seconds")
    return {
        "name": name,
        "ours": round(fast, 2),
        "peer": round(slow, 2),
        "ratio": round(slow / fast, 2),
        "unit": "s",
        "peer_name": "Splink with DuckDB",
        "size": size,
        **{f"{key}_ours": round(median(ours, key), 4) for key in ("cpu", "mb", "f1", "precision", "recall")},
        **{f"{key}_peer": round(median(peer, key), 4) for key in ("cpu", "mb", "f1", "precision", "recall")},
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
    """The JSON line that a process prints last."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    line: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return line


def median(lines: Sequence[dict[str, Any]], key: str) -> float:
    """The median of one figure."""
    return statistics.median(float(line[key]) for line in lines)


def write_rows(told: Sequence[Told], path: Path) -> None:
    """The listings as flat rows, for the peer."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows(told))


def rows(told: Sequence[Told]) -> Iterator[dict[str, Any]]:
    """The same listings with what our normaliser found, words folded and telling ones picked out."""
    for one in told:
        listing, when = one.listing, one.listing.occurrences[0].when
        words = list(dict.fromkeys(w for w in split(listing.title) if weigh(w)))
        text = list(dict.fromkeys(w for w in split(listing.description or "") if weigh(w) >= TELLING))
        yield {
            "id": f"{listing.source_id} {listing.key}",
            "truth": one.truth,
            "title": " ".join(words) or None,
            "words": words,
            "day": str(when.start.date() if isinstance(when, Timed) else when.first or when.last),
            "minute": when.start.hour * 60 + when.start.minute if isinstance(when, Timed) else None,
            "venue": listing.place.venue,
            "town": listing.place.municipality,
            "text": " ".join(text) or None,
            "tokens": text,
        }
