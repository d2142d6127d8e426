"""Every page of `tests/recorded/<source>/<case>` gives its `expected.json`: per field, and nothing extra.

A case is `page.html`, `page.json` or `page.xml` with `case.yaml` (`url`, `seen`, `platform`, `synthetic`,
and `source` when one is crawled: keys of a source's file) and `expected.json`: `events` (fields of RawEvent
that say something), `next`, `follow`, `problems` (codes).
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from aggregator.model import to_plain
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms import PLATFORMS

RECORDED = Path(__file__).parents[2] / "recorded"
CASES = sorted(path.parent for path in RECORDED.glob("*/*/case.yaml"))
ORIGIN = ("source_id", "page_url", "seen_at")


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


def load_page(case: Path) -> tuple[Page, str, Source | None]:
    """The page of a case, the platform to read it with, and the source when one is crawled."""
    said = YAML(typ="safe").load(case / "case.yaml")
    body = next(case.glob("page.*")).read_bytes()
    page = Page(said["url"], body, seen=datetime.fromisoformat(said["seen"]), source_id="recorded")
    source = None
    if "source" in said:
        source = Source(
            id="recorded",
            name="Recorded",
            municipality="hengelo",
            start_urls=(said["url"],),
            tier="venue",
            **(said["source"] or {}),
        )
    return page, said["platform"], source


@cache
def read_case(case: Path) -> dict[str, Any]:
    """What the platform makes of a case, as plain values."""
    page, platform, source = load_page(case)
    reading = PLATFORMS[platform].read(page, source)
    events = [{k: v for k, v in to_plain(e).items() if k not in ORIGIN} for e in reading.events]
    return {
        "events": events,
        "next": list(reading.next),
        "follow": list(reading.follow),
        "problems": [p.code for p in reading.problems],
    }


@cache
def expected(case: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    return loaded


FIELDS = [
    pytest.param(case, number, field, id=f"{name_of(case)}-{number}-{field}")
    for case in CASES
    for number, event in enumerate(expected(case)["events"])
    for field in event
]


@pytest.mark.parametrize(("case", "number", "field"), FIELDS)
def test_field(case: Path, number: int, field: str) -> None:
    events = read_case(case)["events"]
    assert number < len(events), "this event was not read at all"
    assert events[number].get(field) == expected(case)["events"][number][field]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_nothing_extra(case: Path) -> None:
    read, wanted = read_case(case), expected(case)
    assert [e["title"] for e in read["events"]] == [e["title"] for e in wanted["events"]]
    for event, known in zip(read["events"], wanted["events"], strict=True):
        assert set(event) == set(known)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_onward(case: Path) -> None:
    read, wanted = read_case(case), expected(case)
    for name in ("next", "follow", "problems"):
        assert read[name] == wanted[name]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_is_marked(case: Path) -> None:
    said = YAML(typ="safe").load(case / "case.yaml")
    assert isinstance(said["synthetic"], bool)
    assert said["synthetic"] or said.get("origin"), "a page that is not our own names where it is from"


def test_there_are_cases() -> None:
    assert {case.parent.name for case in CASES} >= {"xcom", "tribe", "ndtrc", "layout", "html", "json"}
