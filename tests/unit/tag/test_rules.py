"""The rules of the configuration: each one's examples, and mistakes in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.errors import ConfigMistakesError
from aggregator.region import Region
from aggregator.tag.rules import NOT_CULTURE, NOT_EVENT, Rule, load_rules
from aggregator.tag.tagger import Tagger

REGION = load_region(find_config(Path(__file__).parents[3] / "config"))
TAGGER = Tagger(REGION)
RULES = (*TAGGER.rules.rules, *TAGGER.genres.rules)


def _applies(rule: Rule, text: str) -> bool:
    return rule.id in TAGGER.explain(text, text, text, (text,), (text,), (text,))


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_examples(rule: Rule) -> None:
    assert rule.yes, "a rule needs an example"
    assert rule.no, "a rule needs a counter-example"
    assert [text for text in rule.yes if not _applies(rule, text)] == []
    assert [text for text in rule.no if _applies(rule, text)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_reasons_in_three_languages(rule: Rule) -> None:
    for language in REGION.settings.languages:
        assert rule.reason[language].strip()
        assert TAGGER.reason(rule.id, language) == rule.reason[language]


def test_every_label_that_can_be_given_has_a_name_in_three_languages() -> None:
    given = {label for rule in RULES for label, weight in rule.weights.items() if weight > 0}
    for label in given - {NOT_CULTURE, NOT_EVENT}:
        for language in REGION.settings.languages:
            name = TAGGER.name(label, language)
            assert name
            assert name != label or label in ("pop", "musical", "film", "festival", "circus", "cabaret"), (
                label
            )


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("ages-8-12", ("8 t/m 12 jaar", "ages 8 to 12", "8 bis 12 Jahre")),
        ("ages-4-up", ("vanaf 4 jaar", "ages 4 and up", "ab 4 Jahren")),
        ("free", ("Gratis", "Free", "Kostenlos")),
        ("muziek", ("Muziek", "Music", "Musik")),
        ("nothing-of-ours", ("nothing-of-ours",) * 3),
    ],
)
def test_names_of_labels(label: str, names: tuple[str, ...]) -> None:
    assert tuple(TAGGER.name(label, language) for language in ("nl", "en", "de")) == names


def test_weights_name_pillars_or_known_labels() -> None:
    labels = {label for rule in TAGGER.rules.rules for label in rule.weights}
    tags = labels - set(REGION.pillars) - {NOT_EVENT, NOT_CULTURE}
    assert set(REGION.pillars) <= labels
    genres = set(TAGGER.genres.by_id)
    assert tags - genres == {
        "free", "kinderen", "gezinnen", "language-no-problem", "wheelchair", "outdoors", "registration",
    }  # fmt: skip


REASON = {"nl": "Zo", "en": "So"}
MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"rules": [{"id": "a", "reason": REASON}]}, "without words"),
    ({"rules": [{"id": "a", "words": "b", "none": ["c"], "reason": REASON}]}, "no rule is called c"),
    ({"rules": [{"id": "a", "words": "b", "reason": REASON}] * 2}, "stands twice"),
    ({"rules": [{"id": "a", "words": "Groot", "reason": REASON}]}, "'Groot' is no pattern"),
    ({"rules": [{"id": "a", "words": "(b|c", "reason": REASON}]}, "'(b|c' is no pattern"),
    (
        {"rules": [{"id": "a", "words": "b", "weights": {"muziek": 9}, "reason": REASON}]},
        "rules.0.weights.muziek",
    ),
    ({"rules": [{"id": "a", "words": "b", "colour": "red", "reason": REASON}]}, "rules.0.colour"),
    (
        {
            "rules": [
                {"id": "a", "words": "b", "reason": REASON},
                {"id": "c", "all": ["a"], "reason": REASON},
                {"id": "d", "all": ["c"], "reason": REASON},
            ]
        },
        "c has no words",
    ),
]


@pytest.mark.parametrize(("raw", "words"), MISTAKES)
def test_mistakes_are_named(raw: dict[str, Any], words: str) -> None:
    region: Region = replace(REGION, raw={"pillars": raw})
    with pytest.raises(ConfigMistakesError) as caught:
        load_rules(region)
    assert words in str(caught.value)
    assert "pillars.yaml" in str(caught.value)
