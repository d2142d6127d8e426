"""`trek config check` runs the examples of rules, also of a municipality's own file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.errors import ConfigMistakesError
from aggregator.fields import Texts
from aggregator.region import Region
from aggregator.tag.examples import check_tags
from aggregator.tag.lexicon import Lexicon
from aggregator.tag.rules import Rule

SPOKEN: Texts = {"nl": "Zon", "en": "Sun", "de": "Sonne"}


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(find_config(Path(__file__).parents[3] / "config"))


def _with(region: Region, **rule: Any) -> Region:
    own = {"id": "zonnepaal", "weights": {"createch": 1.0}, "words": "zonnepaal*", "reason": SPOKEN, **rule}
    raw = {**region.raw, "municipalities/borne": {"rules": [own]}}
    return replace(region, raw=raw)


def test_no_mistake(region: Region) -> None:
    check_tags(_with(region, yes=["De zonnepaal brandt"], no=["De zon"]))


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"no": ["Twee zonnepalen en een zonnepaaltje"]}, ("rules.zonnepaal.no", "“zonnepaaltje”", "narrow")),
        ({"yes": ["De maan"]}, ("rules.zonnepaal.yes", "'De maan'", "add a word")),
        ({"words": "", "all": ["not-a-rule"]}, ("no rule is called not-a-rule", "spelling")),
    ],
)
def test_one_clear_error(region: Region, rule: dict[str, Any], told: tuple[str, ...]) -> None:
    with pytest.raises(ConfigMistakesError) as caught:
        check_tags(_with(region, **rule))
    for part in ("municipalities/borne.yaml", *told):
        assert part in str(caught.value)


def test_a_combination_needs_two_words() -> None:
    house = Rule(id="house", words=("huiskamer", "dorpshuis"), reason=SPOKEN)
    company = Rule(id="company", words=("huiskamer", "samen"), reason=SPOKEN)
    both = Rule(id="both", all=("house",), any=("company",), reason=SPOKEN)
    lexicon = Lexicon((house, company, both), ())

    def words(text: str) -> tuple[str, ...]:
        return {rule.id: said for rule, said in lexicon.apply([("title", text)])}.get("both", ())

    assert words("De huiskamer van Borne") == ()
    assert words("Samen in de huiskamer") == ("huiskamer", "Samen")
    assert words("Dorpshuis, samen") == ("Dorpshuis", "samen")
