"""Stamps that contradict the clock on the page."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawlers.extract import Page, Reading, read_page
from crawlers.extract.offsets import shifted_clocks

SEEN = datetime(2026, 10, 9, 10, tzinfo=UTC)


def read(text: str, *starts: str, url: str = "https://zaal.nl/agenda", source_id: str = "") -> Reading:
    nodes = [
        {"@type": "Event", "name": f"E{n}", "startDate": s, "url": f"/{n}"} for n, s in enumerate(starts)
    ]
    body = f'<html><p>{text}</p><script type="application/ld+json">{json.dumps(nodes)}</script></html>'
    return read_page(Page(url, body.encode(), seen=SEEN, source_id=source_id))


def starts(reading: Reading) -> list[str | None]:
    return [o.start for e in reading.events for o in e.occurrences]


def test_printed_clock_wins() -> None:
    reading = read("zo 12 juli<b>20.30</b>uur", "2026-07-12T20:30:00Z")
    assert starts(reading) == ["2026-07-12T20:30:00"]
    assert "wrong-offset" in {p.code for p in reading.problems}


CASES = {
    "sound offset": ("20:30", "2026-07-12T20:30+02:00"),
    "true UTC": ("22:30", "2026-07-12T20:30Z"),
    "both clocks are printed": ("20:30 - 22:30", "2026-07-12T20:30Z"),
    "nothing is printed": ("zondag", "2026-07-12T20:30Z"),
    "no offset": ("20:30", "2026-07-12T20:30"),
}


@pytest.mark.parametrize(("text", "start"), CASES.values(), ids=CASES.keys())
def test_stamp_stays(text: str, start: str) -> None:
    assert starts(read(text, start)) == [start]


def test_all_doubtful_stamps_of_a_page_must_agree() -> None:
    summer = ("2026-07-12T20:30+01:00", "2026-07-13T21:30+01:00")
    assert starts(read("20:30 en 21:30", *summer)) == ["2026-07-12T20:30", "2026-07-13T21:30"]
    assert starts(read("21:30 en 22:30", *summer)) == list(summer)


def test_only_on_dutch_pages() -> None:
    stamp = "2026-07-12T20:30Z"
    assert starts(read("20:30", stamp, url="https://hall.example/whats-on")) == [stamp]
    assert starts(read("20:30", stamp, url="https://hall.example/x", source_id="hal")) == ["2026-07-12T20:30"]


SHIFTS = {
    "2026-07-12T20:30:00.000Z": ("20:30", {"22:30"}),
    "2026-12-12T23:30+00:00": ("23:30", {"00:30"}),
    "2026-12-12T20:30+02:00": ("20:30", {"19:30"}),
    "2026-10-12T20:30Z": ("20:30", {"21:30", "22:30"}),
    "2026-10-12T20:30+01:00": None,
    "2026-12-12T20:30+01:00": None,
    "2026-07-12T20:30-05:00": None,
    "2026-07-12": None,
}


@pytest.mark.parametrize(("stamp", "clocks"), SHIFTS.items())
def test_shifts(stamp: str, clocks: tuple[str, set[str]] | None) -> None:
    assert shifted_clocks(stamp) == clocks
