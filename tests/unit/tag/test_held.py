"""Events of our own that no word and no example was made from: how the rules do on what they have not seen.

The texts avoid the plain words on purpose, so the figures are lower than on real programmes. They are a
floor: a change of rules that falls below it holds for its own cases only.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.region import Region
from aggregator.score.pillars import read_example
from aggregator.tag.tagger import Tagger

HELD = Path(__file__).with_name("held.jsonl")
EXAMPLES = [json.loads(line) for line in HELD.read_text(encoding="utf-8").splitlines()]
TRAINED = Path(__file__).parents[3] / "config" / "examples.jsonl"


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(find_config(Path(__file__).parents[3] / "config"))


def _found(tagger: Tagger) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Pillars wanted and given, of what is an event of culture."""
    return [
        (frozenset(e["pillars"]), frozenset(t.tag for t in read_example(e, tagger).pillars))
        for e in EXAMPLES
        if e["event"] and e["culture"]
    ]


def _recall(tagger: Tagger) -> float:
    found = _found(tagger)
    return sum(len(want & got) for want, got in found) / sum(len(want) for want, _ in found)


def test_not_one_is_an_example() -> None:
    titles = {json.loads(line)["title"] for line in TRAINED.read_text(encoding="utf-8").splitlines()}
    assert titles.isdisjoint(e["title"] for e in EXAMPLES)


def test_pillars_of_what_was_not_seen(region: Region) -> None:
    found = _found(Tagger(region))
    given = sum(len(got) for _, got in found)
    assert sum(len(want & got) for want, got in found) / given >= 0.85
    assert _recall(Tagger(region)) >= 0.75


def test_the_learned_part_earns_its_place(region: Region) -> None:
    assert _recall(Tagger(region)) > _recall(Tagger(region, learned=False))


def test_event_and_culture_of_what_was_not_seen(region: Region) -> None:
    tagger = Tagger(region)
    for label in ("event", "culture"):
        right = sum(getattr(read_example(e, tagger), label) == e[label] for e in EXAMPLES)
        assert right / len(EXAMPLES) >= 0.9, label


def test_hardly_any_event_of_culture_is_hidden(region: Region) -> None:
    tagger = Tagger(region)
    hidden = [
        e["title"]
        for e in EXAMPLES
        if e["event"] and e["culture"]
        if not ((read := read_example(e, tagger)).event and read.culture)
    ]
    assert len(hidden) <= 2, hidden
