"""What people decide goes before the rules, in their own municipality, for as long as they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.correct import load_book
from aggregator.errors import ConfigMistakesError
from aggregator.model import Event, EventOccurrence, ListingRef, Occurrence, Place, Timed
from aggregator.tag.tagger import Tagger

REGION = load_region(find_config(Path(__file__).parents[3] / "config"))
WHEN = EventOccurrence("o1", Occurrence(Timed(datetime(2026, 12, 5, 19, tzinfo=UTC))))
CONCERT = Event(
    "e1", "Koorconcert", (WHEN,), Place("hengelo"), (ListingRef("kerk", "7"),), url="https://kerk.example/7"
)
SPORT = replace(CONCERT, uid="e2", title="Handbaltoernooi", url="https://kerk.example/8", listings=())


def decision(about: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"about": about, "date": "2026-11-24", "role": "redactie", "reason": "Zelf gezien.", **more}


def tagger(*entries: Any, home: str = "hengelo", today: date | None = None) -> Tagger:
    raw = {**REGION.raw, f"corrections/{home}": {"corrections": list(entries)}}
    return Tagger(replace(REGION, raw=raw), today)


ABOUT = [
    {"uid": "e1"},
    {"url": "https://kerk.example/7"},
    {"listing": "kerk (7)"},
    {"title": "koorconcert"},
    {"title": "Koorconcert", "on": "2026-12-05"},
]
OTHERS = [{"uid": "e9"}, {"title": "Koorconcert", "on": "2026-12-06"}, {"title": "Koorconcert", "venue": "x"}]


@pytest.mark.parametrize("about", ABOUT)
def test_set_and_unset(about: dict[str, str]) -> None:
    tagged = tagger(decision(about, set=["createch"], unset=["muziek"])).tag(CONCERT)
    (tag,) = tagged.pillars
    assert (tag.tag, tag.rule, tag.because) == (
        "createch",
        "correction",
        "Zelf gezien. (redactie, 2026-11-24)",
    )
    assert "redacteur" in tagger().reason(tag.rule)


@pytest.mark.parametrize("about", OTHERS)
def test_other_events_stay(about: dict[str, str]) -> None:
    assert [t.tag for t in tagger(decision(about, unset=["muziek"])).tag(CONCERT).pillars] == ["muziek"]


def test_hide_and_show() -> None:
    hidden = tagger(decision({"uid": "e1"}, hide="true")).tag(CONCERT)
    assert (hidden.hidden, hidden.pillars) == ("correction", ())
    assert "redactie" in hidden.hidden_because
    assert tagger().tag(SPORT).hidden == "not-culture"
    shown = tagger(decision({"uid": "e2"}, show="true", set=["third-places"])).tag(SPORT)
    assert (shown.hidden, [t.tag for t in shown.pillars]) == (None, ["third-places"])


def test_show_cannot_bring_in_what_is_outside() -> None:
    far = replace(SPORT, place=Place("outside"))
    assert tagger(decision({"uid": "e2"}, show="true"), home="region").tag(far).hidden == "outside"


def test_a_file_touches_its_own_municipality_only() -> None:
    entry = decision({"uid": "e1"}, unset=["muziek"])
    assert tagger(entry, home="borne").tag(CONCERT).pillars != ()
    assert tagger(entry, home="region").tag(CONCERT).pillars == ()


def test_the_later_decision_wins_and_an_ended_one_is_told() -> None:
    first = decision({"uid": "e1"}, set=["createch"], until="2026-12-01")
    later = {**decision({"uid": "e1"}, unset=["createch"]), "date": "2026-11-25"}
    assert [t.tag for t in tagger(later, first).tag(CONCERT).pillars] == ["muziek"]
    over = tagger(first, today=date(2026, 12, 1))
    assert [t.tag for t in over.tag(CONCERT).pillars] == ["muziek"]
    assert over.corrections.report([CONCERT]) == [
        "corrections/hengelo.yaml:1: the decision of 2026-11-24 on e1 has ended on 2026-12-01; take it out"
    ]


def test_what_matches_nothing_is_told() -> None:
    idle = tagger(decision({"uid": "e9"}, hide="true")).corrections
    (line,) = idle.report([CONCERT])
    assert line.startswith("corrections/hengelo.yaml:1: the decision of 2026-11-24 on e9 is about no event")
    assert tagger(decision({"uid": "e1"}, hide="true")).corrections.report([CONCERT]) == []


def test_examples_for_learning() -> None:
    with_example = tagger(decision({"uid": "e1"}, set=["createch"], example="true"))
    (row,) = with_example.corrections.examples([with_example.tag(CONCERT)])
    assert (row["title"], row["pillars"]) == ("Koorconcert", ["createch", "muziek"])
    before_the_decision = tagger().tag(CONCERT)
    assert list(with_example.corrections.examples([before_the_decision])) == [row]
    without = tagger(decision({"uid": "e1"}, set=["createch"]))
    assert list(without.corrections.examples([CONCERT])) == []


MISTAKES = [
    ("hengelo", decision({}), "name an event by"),
    ("hengelo", decision({"uid": "e1"}), "decide something"),
    ("hengelo", decision({"uid": "e1"}, hide="true", show="true"), "not both"),
    ("hengelo", decision({"uid": "e1"}, set=["sport"]), "no pillar is called sport"),
    ("hengelo", decision({"uid": "e1"}, hide="maybe"), "corrections.0.hide"),
    ("hengelo", {"about": {"uid": "e1"}, "hide": "true"}, "corrections.0.reason"),
    ("nowhere", decision({"uid": "e1"}, hide="true"), "no municipality is called nowhere"),
]


@pytest.mark.parametrize(("home", "entry", "words"), MISTAKES)
def test_mistakes_are_named(home: str, entry: Any, words: str) -> None:
    with pytest.raises(ConfigMistakesError) as caught:
        load_book(replace(REGION, raw={f"corrections/{home}": {"corrections": [entry]}}))
    assert words in str(caught.value)
    assert f"corrections/{home}.yaml" in str(caught.value)
