"""What Trek must know again and what it must keep apart: both lists, item by item, in titles of our own.

`lists.jsonl` holds a case a line; the verdict is on the first and the last listing of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aggregator.answers import listing_from_line
from aggregator.config_loader import find_config, load_region
from aggregator.dedupe import Deduper
from aggregator.normalise.place import PlaceFinder
from aggregator.score.same import judge

REGION = load_region(find_config(None))
FINDER = PlaceFinder(REGION)
DEDUPER = Deduper(REGION)
CASES = [json.loads(line) for line in (Path(__file__).parent / "lists.jsonl").read_text("utf-8").splitlines()]
KNOWN = {
    *("act and show title swapped", "prefixes and suffixes", "support acts in another order"),
    *("doors against start", "a clock off by a UTC mistake", "a date without a time"),
    *("a run as a range and night by night", "venue aliases", "village against municipality"),
    *("Dutch against English and German", "matinee and evening", "early and late show"),
}
APART = {
    *("two towns", "two choirs' Kerstconcert", "tribute and original", "festival and one act of it"),
    *("part 1 and part 2", "different workshops week by week", "one film in two cinemas"),
    *("last year's edition", "two rooms at one time", "a cancelled show and its replacement"),
}


def names() -> list[str]:
    return [f"{c['item']}: {c['listings'][0]['title']} | {c['listings'][-1]['title']}" for c in CASES]


@pytest.mark.parametrize("case", CASES, ids=names())
def test_verdict(case: dict[str, Any]) -> None:
    lines = [{"allDay": False, **one, "id": str(n)} for n, one in enumerate(case["listings"])]
    found = judge([listing_from_line(one, FINDER) for one in lines], DEDUPER)
    assert found.verdict("0", str(len(lines) - 1)) == case["expected"]


@pytest.mark.parametrize("item", sorted(KNOWN | APART))
def test_every_item_of_the_lists_has_cases(item: str) -> None:
    verdicts = {c["expected"] for c in CASES if c["item"] == item}
    assert ("different" in verdicts) == (item in APART)
    assert len([c for c in CASES if c["item"] == item]) >= 2
