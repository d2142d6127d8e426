"""The figures of sameness: counted rightly, and as high as promised on the labelled sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.dedupe import Deduper
from aggregator.errors import UsageError
from aggregator.normalise.place import PlaceFinder
from aggregator.score.same import score_same
from aggregator.score.table import Row

REGION = load_region(find_config(None))
DEDUPER, FINDER = Deduper(REGION), PlaceFinder(REGION)


def rows(folder: Path) -> dict[tuple[str, str, str], Row]:
    return {(r.set, r.group, r.measure): r for r in score_same(folder, DEDUPER, FINDER)}


def line(name: str, title: str, start: str, event: str, occurrence: str | None) -> dict[str, Any]:
    place = {"name": "Metropool", "address": None, "place": "Hengelo"}
    return {
        "id": name,
        "source": f"s{name}",
        "title": title,
        "start": start,
        "end": None,
        "allDay": False,
        "location": place,
        "event": event,
        "occurrence": occurrence,
    }


def write(path: Path, *lines: object) -> None:
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")


def test_counts_of_a_small_set(tmp_path: Path) -> None:
    lines = [
        line("1", "Trio Wolkenveld", "2027-03-06T20:00", "e1", "o1"),
        line("2", "Trio Wolkenveld", "2027-03-06T20:00", "e1", "o1"),
        line("3", "Trio Wolkenveld", "2027-03-07T20:00", "e1", "o2"),
        line("4", "Rietorgel", "2027-03-09T20:00", "e2", "o3"),
        line("5", "Grindweg", "2027-03-12T20:00", "e2", "o3"),  # nobody could know
    ]
    write(tmp_path / "dedup.jsonl", *lines)
    write(
        tmp_path / "dedup_hard.jsonl",
        {"a": "1", "b": "3", "label": "same_event", "kind": "run"},
        {"a": "4", "b": "5", "label": "same_occurrence", "kind": "unknowable"},
    )
    found = rows(tmp_path)
    counts = {key: (row.right, row.total) for key, row in found.items()}
    assert counts["same", "occurrence", "precision"] == (1, 1)
    assert counts["same", "occurrence", "recall"] == (1, 2)
    assert counts["same", "event", "precision"] == (3, 3)
    assert counts["same", "event", "recall"] == (3, 4)
    assert counts["same-hard", "run", "right"] == (1, 1)
    assert counts["same-hard", "all", "right"] == (1, 2)
    assert found["same", "event", "recall"].misses == ("4: 5",)
    assert found["same-hard", "unknowable", "right"].misses == (
        "4 5: expected same_occurrence, got different",
    )


def test_an_absent_folder_has_no_rows_and_a_broken_line_says_where(tmp_path: Path) -> None:
    assert rows(tmp_path) == {}
    (tmp_path / "dedup.jsonl").write_text('{"id": \n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"dedup\.jsonl:1"):
        rows(tmp_path)


@pytest.mark.gold
def test_the_labelled_sets(gold: Path) -> None:
    found = rows(gold)
    least = {
        ("same", "occurrence", "precision"): 0.985,
        ("same", "occurrence", "recall"): 0.93,
        ("same", "event", "precision"): 0.975,
        ("same", "event", "recall"): 0.88,
        ("same-hard", "all", "right"): 0.93,
        ("same-real", "pairs", "precision"): 0.98,
        ("same-real", "pairs", "recall"): 0.90,
        ("same-region", "event", "precision"): 0.98,
    }
    assert {key: found[key].share for key, share in least.items() if found[key].share < share} == {}
