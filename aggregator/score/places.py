"""How often the municipality of a labelled location is found: exact, per group."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aggregator.errors import UsageError
from aggregator.model import RawPlace
from aggregator.normalise.place import PlaceFinder
from aggregator.region import Region
from aggregator.score.table import Row, add_rows

_FIELDS = ("name", "address", "place", "postcode", "latitude", "longitude", "country")
_MISSES = 10


def score_places(folder: Path, region: Region) -> list[Row]:
    """Rows of `places.jsonl`, empty when there is none; UsageError on a line that is no example.

    `municipality` counts every example; `not-wrong` those not put in a wrong one (or falsely
    outside), as an unknown place is better than a false one.
    """
    path = folder / "places.jsonl"
    if not path.is_file():
        return []
    finder = PlaceFinder(region)
    groups: dict[str, list[tuple[dict[str, Any], str | None]]] = {}
    for example in _read_examples(path):
        found = finder.find(read_place(example.get("location")), example.get("title"))
        groups.setdefault(str(example.get("group", "all")), []).append((example, found.municipality))
    rows = [row for group, answers in groups.items() for row in _rows(group, answers)]
    return rows + (add_rows("places", "all", rows) if len(groups) > 1 else [])


def read_place(location: Any) -> RawPlace | None:
    """A location as `trek try place` takes it; numbers become text, None when there is none."""
    if not isinstance(location, dict):
        return None
    return RawPlace(**{f: None if location.get(f) is None else str(location[f]) for f in _FIELDS})


def _rows(group: str, answers: list[tuple[dict[str, Any], str | None]]) -> list[Row]:
    misses = [_miss(e, got) for e, got in answers if got != e["expect"]]
    wrong = [_miss(e, got) for e, got in answers if got not in (e["expect"], None)]
    total = len(answers)
    return [
        Row("places", group, "municipality", total - len(misses), total, tuple(misses[:_MISSES])),
        Row("places", group, "not-wrong", total - len(wrong), total, tuple(wrong[:_MISSES])),
    ]


def _miss(example: dict[str, Any], got: str | None) -> str:
    return f"{example.get('id')}: expected {example['expect'] or 'unknown'}, got {got or 'unknown'}"


def _read_examples(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            example = json.loads(line)
        except ValueError as error:
            raise UsageError(f"no JSON: {error}", f"{path}:{number}", "write one example a line") from None
        if not isinstance(example, dict) or "expect" not in example:
            raise UsageError("no example", f"{path}:{number}", 'write {"id", "location", "expect"}')
        yield example
