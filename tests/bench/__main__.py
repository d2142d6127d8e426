"""`make bench`: every benchmark beside its peer, in one run; writes `bench.jsonl` anew.

A benchmark is a module here with `measure() -> dict` (or an iterable of them): name, ours, peer, ratio,
unit, peer_name, size; `ratio` so that more is better for us; medians of at least five runs taken in
turn with the peer. Name modules to run only those: `python -m tests.bench when pages`.
"""

from __future__ import annotations

import json
import os
import pkgutil
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
FULL = "--full"  # also what takes many minutes
OUT = HERE.parent.parent / "bench.jsonl"


def main(names: list[str]) -> int:
    """Run the named benchmarks (all unless named) and print a line for each measurement."""
    if FULL in names:
        names = [name for name in names if name != FULL]
        os.environ["TREK_BENCH_FULL"] = "1"
    known = sorted(m.name for m in pkgutil.iter_modules([str(HERE)]) if not m.name.startswith("_"))
    unknown = set(names) - set(known)
    if unknown:
        print(
            f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}", file=sys.stderr
        )
        return 2
    lines = []
    for name in names or known:
        print(f"{name} ...", file=sys.stderr, flush=True)
        found = import_module(f"tests.bench.{name}").measure()
        for line in [found] if isinstance(found, Mapping) else found:
            lines.append(json.dumps(line))
            print(lines[-1], flush=True)
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
