"""The labelled set of pillars; the figures are the floor below which a change of rules must not fall."""

from pathlib import Path

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.score.pillars import score_pillars
from aggregator.score.table import Row
from aggregator.tag.tagger import Tagger

FLOOR = {
    ("event", "right"): 0.96,
    ("culture", "right"): 0.96,
    ("third-places", "precision"): 0.95,
    ("third-places", "recall"): 0.90,
    ("muziek", "precision"): 0.95,
    ("muziek", "recall"): 0.90,
    ("createch", "precision"): 0.95,
    ("createch", "recall"): 0.90,
}


@pytest.fixture(scope="module")
def rows(gold: Path) -> list[Row]:
    tagger = Tagger(load_region(find_config(Path(__file__).parents[3] / "config")))
    return score_pillars(gold, tagger)


@pytest.mark.gold
@pytest.mark.parametrize(("group", "measure"), FLOOR)
def test_floor(rows: list[Row], group: str, measure: str) -> None:
    (row,) = [r for r in rows if (r.set, r.group, r.measure) == ("pillars", group, measure)]
    assert row.total > 20
    assert row.share >= FLOOR[group, measure], row.misses
