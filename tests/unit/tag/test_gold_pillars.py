"""The labelled set of pillars; the figures are the floor below which a change of rules must not fall."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.score.pillars import score_pillars
from aggregator.score.table import Row
from aggregator.tag.match import Matcher, fold
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


def _phrases(raw: dict[str, Any]) -> list[str]:
    """What is written out in three words or more; a family (`loop (even|) binnen`) is a rule by its form."""
    texts = [raw["ignore"], *(rule.get("words", "") for rule in raw["rules"])]
    patterns = (" ".join(part.split()) for text in texts for part in text.split(","))
    return sorted({p for p in patterns if len(p.split()) >= 3 and "(" not in p})


def _times(phrases: list[str], files: Iterable[Path]) -> Counter[int]:
    """In how many labelled texts of the files each phrase stands."""
    matcher = Matcher(enumerate(phrases))
    times: Counter[int] = Counter()
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            example = json.loads(line)
            said = (example["title"], example.get("description"), *example.get("categories", ()))
            times.update({hit.owner for hit in matcher.find(fold("\n".join(s for s in said if s)))})
    return times


@pytest.mark.gold
def test_no_phrase_is_there_for_a_single_labelled_text(gold: Path) -> None:
    root = Path(__file__).parents[3]
    raw = load_region(find_config(root / "config")).raw["pillars"]
    phrases = _phrases(raw)
    assert len(phrases) > 100
    labelled = _times(phrases, [gold / "pillars.jsonl"])
    own = _times(
        phrases, [root / "config/examples.jsonl", *sorted((root / "tests/labelled").glob("*.jsonl"))]
    )
    assert [phrases[n] for n, times in labelled.items() if times == 1 and not own[n]] == []
