"""`trek try same` on lines that share an id."""

from __future__ import annotations

from typing import Any

from aggregator.answers import answer_same
from aggregator.config_loader import find_config, load_region
from aggregator.dedupe import Deduper
from aggregator.normalise.place import PlaceFinder

REGION = load_region(find_config(None))
DEDUPER, FINDER = Deduper(REGION), PlaceFinder(REGION)


def line(title: str, start: str = "2027-03-06T20:00") -> dict[str, Any]:
    where = {"name": "Metropool", "place": "Hengelo"}
    return {"id": "1", "source": "kiosk", "title": title, "start": start, "end": None, "location": where}


def events(*lines: dict[str, Any]) -> list[str]:
    return [answer["event"] for answer in answer_same(lines, DEDUPER, FINDER)]


def test_a_line_that_is_there_twice_is_one_event() -> None:
    first, second = answer_same([line("Rietorgel")] * 2, DEDUPER, FINDER)
    assert first == second
    assert first["occurrence"]


def test_other_words_under_one_id_are_another_listing() -> None:
    assert len(set(events(line("Rietorgel"), line("Goochelshow"), line("Rietorgel")))) == 2
