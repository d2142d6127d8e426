"""The commands of whoever looks after labels, on a small store: review, learn, explain, report."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import trek
from aggregator.clock import AMSTERDAM
from aggregator.config_loader import find_config, load_region
from aggregator.errors import UsageError
from aggregator.model import Event, EventOccurrence, Occurrence, Place, Timed
from aggregator.store import open_store
from aggregator.tag.tagger import Tagger

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=AMSTERDAM)
CONFIG = find_config(Path(__file__).parents[2] / "config")
TEXTS = {
    "lab": ("hengelo", "Robots bouwen (8-12 jaar)", "Kinderen solderen. Aanmelden verplicht."),
    "doubt": ("borne", "Een middag met verhalen", "Buren vertellen elkaar over vroeger."),
    "sport": ("almelo", "Handbaltoernooi", "Inschrijven voor de wedstrijd."),
}  # fmt: skip
LOAD = cache(load_region)
DECISION = """\
corrections:
  - about: {uid: doubt}
    set: [third-places]
    date: 2026-11-24
    role: redactie
    reason: Iedereen kan aanschuiven.
    example: true
  - about: {uid: nobody}
    set: [muziek]
    date: 2026-11-23
    role: redactie
    reason: Verdwenen.
"""


def ask(*words: str) -> Result:
    result = CliRunner().invoke(trek.app, list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the configuration with a decision in it, and a store with three tagged events."""
    folder = tmp_path_factory.mktemp("tag")
    shutil.copytree(CONFIG, folder / "config", ignore=shutil.ignore_patterns("sources", "examples.jsonl"))
    lines = (CONFIG / "examples.jsonl").read_text(encoding="utf-8").splitlines()[::40]
    (folder / "config" / "examples.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "config" / "corrections").mkdir(exist_ok=True)
    (folder / "config" / "corrections" / "borne.yaml").write_text(DECISION, encoding="utf-8")
    tagger = Tagger(load_region(folder / "config"))
    when = Occurrence(Timed(datetime(2026, 12, 1, 20, 0, tzinfo=AMSTERDAM)))
    events = [
        tagger.tag(Event(uid, title, (EventOccurrence(f"{uid}-1", when),), Place(home), (), description=text))
        for uid, (home, title, text) in TEXTS.items()
    ]
    (folder / "data").mkdir()
    store = open_store(f"sqlite:///{folder / 'data' / 'trek.sqlite'}")
    try:
        store.save_events(events, {}, {}, now=NOON)
    finally:
        store.close()
    return folder


@pytest.fixture
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    monkeypatch.setenv("TREK_NOW", NOON.isoformat())
    monkeypatch.setattr("aggregator.desk.load_region", LOAD)  # checked once is enough here
    return ("--data", str(home / "data"), "--config", str(home / "config"))


def test_review_lists_the_weakest_and_the_decisions_that_do_nothing(at_home: tuple[str, ...]) -> None:
    found = ask("tag", "review", *at_home)
    assert found.exit_code == 0
    assert "[doubt]" not in found.stdout, "a person decided this one"
    assert "about no event" in found.stdout
    assert "corrections/borne.yaml" in found.stdout


def test_learning_twice_gives_the_same_file(home: Path, at_home: tuple[str, ...]) -> None:
    first = ask("tag", "learn", "--config", str(home / "config"))
    made = (home / "config" / "learned.yaml").read_bytes()
    again = ask("tag", "learn", "--config", str(home / "config"))
    assert first.stdout == again.stdout
    assert "examples" in first.stdout
    assert (home / "config" / "learned.yaml").read_bytes() == made
    load_region(home / "config")


def test_a_decision_becomes_an_example_once(home: Path, at_home: tuple[str, ...]) -> None:
    examples = home / "config" / "examples.jsonl"
    before = examples.read_text(encoding="utf-8").splitlines()
    assert "1 new example" in ask("tag", "learn", "--from-decisions", *at_home).stderr
    assert "0 new examples" in ask("tag", "learn", "--from-decisions", *at_home).stderr
    (added,) = [json.loads(line) for line in examples.read_text(encoding="utf-8").splitlines()[len(before) :]]
    assert (added["title"], added["pillars"]) == (TEXTS["doubt"][1], ["third-places"])


EXPLAINED = {
    "nl": ["CREATECH: Zelf maken met techniek", "Aanmelden nodig: Aanmelden of", "8 t/m 12 jaar"],
    "en": ["CREATECH: Making with technology", "Registration needed: Registration is", "ages 8 to 12"],
}


@pytest.mark.parametrize("lang", EXPLAINED)
def test_explain_gives_each_label_its_name_and_reason(at_home: tuple[str, ...], lang: str) -> None:
    said = ask("explain", "lab", "--lang", lang, *at_home).stdout
    for words in EXPLAINED[lang]:
        assert words in said


def test_the_report_counts_what_is_shown(at_home: tuple[str, ...]) -> None:
    lines = [
        json.loads(line) for line in ask("report", "--json", "--months", "2", *at_home).stdout.splitlines()
    ]
    whole = {one["municipality"]: one for one in lines if one["month"] == "2026-11/2026-12"}
    assert whole["hengelo"]["pillars"] == {"third-places": 0, "muziek": 0, "createch": 1}
    assert whole["borne"]["pillars"]["third-places"] == 1
    assert whole["almelo"]["events"] == 0, "sports are not counted"
    assert whole["region"]["events"] == 2
    assert len(lines) == 15 * 3


def test_the_report_as_a_table_and_for_spreadsheets(at_home: tuple[str, ...]) -> None:
    table = ask("report", "--months", "2", "--lang", "de", *at_home).stdout
    assert "Hof van Twente" in table
    assert "ohne Säule" in table
    rows = ask("report", "--csv", "--from", "2026-12", "--months", "1", *at_home).stdout.splitlines()
    assert rows[0] == "municipality,month,events,third-places,muziek,createch,none"
    assert rows[-1] == "region,2026-12/2026-12,2,1,0,1,0"


def test_a_month_that_is_none_is_named(at_home: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="2026-13"):
        ask("report", "--from", "2026-13", *at_home)
