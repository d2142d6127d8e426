"""Texts a second of the date reader and of dateparser, on the same texts, in turn.

The peer is dateparser's `search_dates`, the call that does the same work: find the dates in a text, here
told the three languages that we read. `parse`, which reads a text that is nothing but one date, is measured
beside it and given as `peer_parse` and `ratio_parse`.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from aggregator.normalise.when import parse_when

TODAY = date(2026, 11, 23)
RUNS = 5
LANGUAGES = ["nl", "de", "en"]
CASES = Path(__file__).parents[1] / "unit" / "when" / "cases"
EVERY = 8  # of all our own cases, so that the peer is done in seconds


def read_texts() -> tuple[str, ...]:
    """Every eighth of our own cases: single dates, ranges, lists, rhythms, prose, noise, no date at all."""
    lines = [line for path in sorted(CASES.glob("*.txt")) for line in path.read_text("utf-8").splitlines()]
    cases = [line for line in lines if line and not line.startswith("#")]
    texts = [line.split(" | ", 1)[1].rsplit(" | ", 1)[0] for line in cases]
    return tuple(text.replace("\\n", "\n") for text in texts[::EVERY])


TEXTS = read_texts()


def measure() -> dict[str, Any]:
    """One line for `make bench`: texts a second, the median of `RUNS` runs taken in turn with the peer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _measure()


def _measure() -> dict[str, Any]:
    import dateparser
    from dateparser.search import search_dates

    settings: Any = {"DATE_ORDER": "DMY", "RELATIVE_BASE": datetime.combine(TODAY, datetime.min.time())}
    readers: dict[str, Callable[[str], object]] = {
        "ours": lambda text: parse_when(text, TODAY),
        "peer": lambda text: search_dates(text, languages=LANGUAGES, settings=settings),
        "parse": lambda text: dateparser.parse(text, languages=LANGUAGES, settings=settings),
    }
    rounds = {"ours": 8, "peer": 1, "parse": 1}
    speeds: dict[str, list[float]] = {name: [] for name in readers}
    for run in range(RUNS + 1):  # the first warms both up and is not counted
        for name, read in readers.items():
            started = time.process_time()
            for _ in range(rounds[name]):
                for text in TEXTS:
                    read(text)
            spent = time.process_time() - started
            if run:
                speeds[name].append(len(TEXTS) * rounds[name] / spent)
    ours, peer, parse = (statistics.median(speeds[name]) for name in ("ours", "peer", "parse"))
    return {
        "name": "when",
        "ours": round(ours),
        "peer": round(peer, 1),
        "ratio": round(ours / peer, 1),
        "unit": "texts/s",
        "peer_name": "dateparser search_dates (nl, de, en)",
        "size": len(TEXTS),
        "peer_parse": round(parse, 1),
        "ratio_parse": round(ours / parse, 1),
    }


if __name__ == "__main__":
    print(measure())
