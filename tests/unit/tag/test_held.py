"""Texts of our own from which no word and no example was made: how the tagger does on what it has not seen.

`trek score tests/labelled` prints the figures. A third of the texts avoids the plain words on purpose. The
floors are what a change of rules must not fall below, or it holds for its own cases only.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.score.pillars import read_example, score_pillars
from aggregator.score.table import Row
from aggregator.tag.tagger import Tagger

ROOT = Path(__file__).parents[3]
LABELLED = ROOT / "tests" / "labelled"
EXAMPLES = [
    json.loads(line) for line in (LABELLED / "pillars_held.jsonl").read_text(encoding="utf-8").splitlines()
]
FLOOR = {
    ("event", "right"): 0.96,
    ("culture", "right"): 0.95,
    ("third-places", "precision"): 0.88,
    ("third-places", "recall"): 0.90,
    ("muziek", "precision"): 0.93,
    ("muziek", "recall"): 0.87,
    ("createch", "precision"): 0.95,
    ("createch", "recall"): 0.85,
}


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_region(find_config(ROOT / "config")))


@pytest.fixture(scope="module")
def rows(tagger: Tagger) -> list[Row]:
    return score_pillars(LABELLED, tagger, Tagger(tagger.region, learned=False))


def test_not_one_is_an_example() -> None:
    trained = (ROOT / "config" / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    titles = {json.loads(line)["title"] for line in trained}
    assert len(EXAMPLES) > 150
    assert titles.isdisjoint(e["title"] for e in EXAMPLES)


@pytest.mark.parametrize(("group", "measure"), FLOOR)
def test_floor(rows: list[Row], group: str, measure: str) -> None:
    (row,) = [r for r in rows if (r.set, r.group, r.measure) == ("pillars_held", group, measure)]
    assert row.total > 20
    assert row.share >= FLOOR[group, measure], row.misses


def test_the_learned_part_earns_its_place(rows: list[Row]) -> None:
    def found(name: str) -> int:
        return sum(r.right for r in rows if (r.set, r.measure) == (name, "recall"))

    assert found("pillars_held") > found("pillars_held-rules-alone")


def test_hardly_any_event_of_culture_is_hidden(tagger: Tagger) -> None:
    hidden = [
        e["title"]
        for e in EXAMPLES
        if e["event"] and e["culture"]
        if not ((read := read_example(e, tagger)).event and read.culture)
    ]
    assert len(hidden) <= 4, hidden
