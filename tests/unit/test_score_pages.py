"""The score of read pages: right is right, wrong is counted and named."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import TrekError
from aggregator.score.fields import is_city, is_end, is_price, is_start, is_status, is_title, is_url
from aggregator.score.pages import score_pages

LINE: dict[str, Any] = {
    "title": "Open avond",
    "start": "2026-10-10T20:00",
    "end": None,
    "status": "scheduled",
    "location": {
        "name": "De Spil",
        "address": "Plein 4",
        "place": "Vriezenveen",
        "municipality": "twenterand",
    },
    "price": {"min": "5.00", "max": "7.50", "currency": "EUR", "free": False},
    "url": "https://www.huis.example/open/",
    "method": "json-ld",
}
WANTED: dict[str, Any] = {"title": "Open avond", "start": "2026-10-10T20:00", "venue": "De Spil"}


def score(
    folder: Path, expect: dict[str, Any], got: list[dict[str, Any]], **more: Any
) -> dict[str, tuple[int, int]]:
    entry = {
        "id": "x", "file": "x.html", "format": "html", "base_url": None, "timezone": "Europe/Amsterdam",
        "recorded_not_after": "2026-10-09", "expect": expect, **more,
    }  # fmt: skip
    (folder / "index.json").write_text(json.dumps([entry]), encoding="utf-8")
    (folder / "x.html").write_bytes(b"")
    return {r.measure: (r.right, r.total) for r in score_pages(folder, lambda *_: got)}


def test_all_right(tmp_path: Path) -> None:
    found = score(tmp_path, {"mode": "exact", "events": [WANTED]}, [LINE])
    assert found == dict.fromkeys(("file", "found", "invented", "title", "start", "place"), (1, 1))


@pytest.mark.parametrize(
    ("got", "wrong"),
    [
        ([], {"found"}),
        ([LINE, LINE | {"title": "Iets anders"}], {"invented"}),
        ([LINE | {"start": "2026-10-10T21:00"}], {"found", "start"}),
        ([LINE | {"title": "Iets anders"}], {"found", "title"}),
        ([LINE | {"location": {"name": "Elders"}}], {"place"}),
    ],
    ids=["missing", "invented", "wrong start", "wrong title", "wrong place"],
)
def test_one_thing_wrong(tmp_path: Path, got: list[dict[str, Any]], wrong: set[str]) -> None:
    found = score(tmp_path, {"mode": "exact", "events": [WANTED]}, got)
    assert {m for m, (right, total) in found.items() if right < total} == wrong | {"file"}


def test_invented_is_free_in_a_subset_unless_forbidden(tmp_path: Path) -> None:
    more = LINE | {"title": "Reclame"}
    assert score(tmp_path, {"mode": "subset", "events": [WANTED]}, [LINE, more])["file"] == (1, 1)
    banned = {"mode": "subset", "events": [WANTED], "forbid": [{"title": "Reclame", "url": LINE["url"]}]}
    assert score(tmp_path, banned, [LINE, more])["invented"] == (1, 2)
    optional = {
        "mode": "exact",
        "events": [WANTED],
        "optional": [{"title": "Reclame", "start": LINE["start"]}],
    }
    assert score(tmp_path, optional, [LINE, more])["file"] == (1, 1)


MODES = {
    "none": ({"mode": "none"}, [], [LINE]),
    "none but cancelled": ({"mode": "none"}, [LINE | {"status": "cancelled"}], [LINE]),
    "count": ({"mode": "count", "count": 2}, [LINE, LINE], [LINE]),
    "reject": ({"mode": "reject"}, [{"error": "no calendar"}], [LINE]),
    "links": ({"mode": "links", "count": 1}, [{"follow": "https://a.example"}], [LINE]),
}


@pytest.mark.parametrize(("expect", "good", "bad"), MODES.values(), ids=MODES.keys())
def test_mode(tmp_path: Path, expect: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    assert score(tmp_path, expect, good)["file"] == (1, 1)
    assert score(tmp_path, expect, bad)["file"] == (0, 1)


def test_error_of_the_reader_is_a_reject(tmp_path: Path) -> None:
    def read(_body: bytes, _url: str, _seen: datetime, _until: datetime | None) -> list[dict[str, Any]]:
        raise TrekError("no calendar")

    score(tmp_path, {"mode": "reject"}, [])
    assert [(r.measure, r.right) for r in score_pages(tmp_path, read)] == [("file", 1)]


def test_lines_outside_the_window_are_not_judged(tmp_path: Path) -> None:
    window = {"from": "2026-10-01", "to": "2026-11-01"}
    expect = {"mode": "exact", "events": [WANTED]}
    later, inside = LINE | {"start": "2026-11-01T20:00"}, LINE | {"start": "2026-10-31T20:00"}
    assert score(tmp_path, expect, [LINE, later], window=window)["file"] == (1, 1)
    assert score(tmp_path, expect, [LINE, inside], window=window)["invented"] == (1, 2)


def test_no_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrekError, match=r"no index\.json"):
        score_pages(tmp_path, lambda *_: [])


STARTS = [
    ({"start": "2026-10-10T20:00"}, "Europe/Amsterdam", "2026-10-10T20:00", True),
    ({"start": "2026-10-10T20:00"}, "Europe/Amsterdam", "2026-10-10T19:00", False),
    ({"start": "2026-10-10"}, "Europe/Amsterdam", "2026-10-10T20:00", False),
    ({"start": "2026-10-10T20:00"}, "Europe/Amsterdam", "2026-10-10", False),
    ({"start": "2026-10-10T20:00"}, "Europe/London", "2026-10-10T21:00", True),  # in its zone
    ({"start": "2026-10-10T20:00"}, "Europe/London", "2026-10-10T20:00", True),  # floating
    ({"start": "2026-10-10T20:00", "utc": "2026-10-10T19:00Z"}, "Europe/London", "2026-10-10T21:00", True),
    ({"start": "2026-10-10T20:00", "utc": "2026-10-10T19:00Z"}, "Europe/London", "2026-10-10T20:00", False),
    ({"start": "2026-10-10T20:00", "start_any": ["2026-10-11T20:00"]}, None, "2026-10-11T20:00", True),
]


@pytest.mark.parametrize(("wanted", "zone", "start", "right"), STARTS)
def test_start(wanted: dict[str, Any], zone: str | None, start: str, right: bool) -> None:
    assert is_start(LINE | {"start": start}, wanted, zone) is right


ENDS = [
    ({"end": "2026-10-10T22:00"}, "2026-10-10T22:00", True),
    ({"end": "2026-10-10T22:00"}, None, False),
    ({"end": "2026-10-10T20:00"}, None, True),  # no length: it need not be said
    ({"end_any": [None, "2026-10-10T22:00"]}, None, True),
]


@pytest.mark.parametrize(("wanted", "end", "right"), ENDS)
def test_end(wanted: dict[str, Any], end: str | None, right: bool) -> None:
    assert is_end(LINE | {"end": end}, WANTED | wanted, "Europe/Amsterdam") is right


FIELDS = [
    (is_title, {"title": "OPEN  avond!"}, True),
    (is_title, {"title": "Anders", "title_any": ["Open ávond"]}, True),
    (is_title, {"title": "Anders"}, False),
    (is_city, {"city": "Vriezenveen"}, True),
    (is_city, {"city": "Veen"}, False),
    (is_status, {"status": "scheduled"}, True),
    (is_status, {"status": "cancelled"}, False),
    (is_status, {"sold_out": False}, True),
    (is_status, {"sold_out": True}, False),
    (is_price, {"price_min": 5, "price_max": 7.5}, True),
    (is_price, {"price_min": 5, "price_max": 8}, False),
    (is_price, {"free": True}, False),
    (is_url, {"url": "http://huis.example/open"}, True),
    (is_url, {"url": "http://huis.example/dicht"}, False),
]


@pytest.mark.parametrize(("test", "wanted", "right"), FIELDS)
def test_field(test: Any, wanted: dict[str, Any], right: bool) -> None:
    assert test(LINE, wanted) is right
