"""Printed dates of our own, by the labelling guideline: one line a case in `cases/*.txt`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aggregator.normalise.when import parse_when
from aggregator.score.dates import as_json, rule_parts

CASES = Path(__file__).parent / "cases"
Entry = tuple[str | None, str | None, str | None, frozenset[str]]


def read_cases() -> list[tuple[str, str, str, str]]:
    """(group, today, text, expected) of every line; the text may itself hold the bar."""
    cases = []
    for path in sorted(CASES.glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                today, rest = line.split(" | ", 1)
                text, expected = rest.rsplit(" | ", 1)
                cases.append((path.stem, today, text.replace("\\n", "\n"), expected))
    return cases


def read_entry(text: str) -> Entry:
    """ "2026-12-12T20:00..2026-12-12T22:00 D19:30 R[FREQ=DAILY]" as a tuple."""
    doors = rule = None
    moments, *rest = text.split(" ")
    for part in rest:
        if part.startswith("D"):
            doors = part[1:]
        else:
            rule = part.removeprefix("R[").removesuffix("]")
    start, _, end = moments.partition("..")
    return (None if start == "null" else start), end or None, doors, rule_parts(rule)


def test_there_are_many_cases() -> None:
    assert len(read_cases()) > 400


@pytest.mark.parametrize(("group", "today", "text", "expected"), read_cases())
def test_case(group: str, today: str, text: str, expected: str) -> None:
    want = [] if expected == "-" else [read_entry(entry) for entry in expected.split(" ; ")]
    found = [as_json(one) for one in parse_when(text, date.fromisoformat(today)).occurrences]
    assert [(one["start"], one["end"], one["doors"], rule_parts(one["rrule"])) for one in found] == want
