"""What on a council's agenda touches culture: the rules' own examples, and what becomes of a meeting."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.errors import ConfigMistakesError
from aggregator.model import Event, Place
from aggregator.tag.council import Council, load_council
from aggregator.tag.rules import Rule
from aggregator.tag.tagger import Tagger

REGION = load_region(find_config(Path(__file__).parents[3] / "config"))
COUNCIL = Council(REGION)
TAGGER = Tagger(REGION)


def meeting(*points: str, title: str = "Gemeenteraad", types: tuple[str, ...] = ("CouncilMeeting",)) -> Event:
    return Event("uid", title, (), Place(municipality="borne"), (), categories=points, types=types)


def rules_of(text: str) -> list[str]:
    return [tag.rule for tag in COUNCIL.points(meeting(text))]


@pytest.mark.parametrize("rule", COUNCIL.rules, ids=lambda r: r.id)
def test_examples(rule: Rule) -> None:
    assert rule.yes
    assert rule.no
    assert [text for text in rule.yes if rule.id not in rules_of(text)] == []
    assert [text for text in rule.no if rules_of(text)] == []


@pytest.mark.parametrize("rule", COUNCIL.rules, ids=lambda r: r.id)
def test_reasons_in_three_languages(rule: Rule) -> None:
    assert sorted(rule.reason) == ["de", "en", "nl"]


def test_a_meeting_about_culture_is_an_entry_of_its_own_kind() -> None:
    event = TAGGER.tag(
        meeting("Opening", "Vaststellen cultuurnota 2027-2030", "Motie bibliotheek open houden")
    )
    assert event.hidden == "council"
    assert event.pillars == ()
    assert [tag.because for tag in event.tags] == [
        "Vaststellen cultuurnota 2027-2030",
        "Motie bibliotheek open houden",
    ]


def test_a_meeting_about_other_things_is_no_culture_and_nothing_else() -> None:
    event = TAGGER.tag(meeting("Opening", "Begroting 2027", "Kunstgrasveld sportpark De Koerbelt"))
    assert event.hidden in ("not-culture", "not-an-event")


def test_a_concert_is_never_a_meeting() -> None:
    assert TAGGER.tag(meeting("muziek", title="Orgelconcert", types=("MusicEvent",))).hidden is None


def test_mistakes_in_the_file_are_told() -> None:
    with pytest.raises(ConfigMistakesError, match="no pattern"):
        load_council({"rules": [{"id": "a", "words": "Kunst", "reason": {"nl": "x"}}]})
    with pytest.raises(ConfigMistakesError):
        load_council({"rules": 3})
