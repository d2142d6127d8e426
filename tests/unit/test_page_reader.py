"""A saved page to lines: titles as printed, private ones marked, pages of a known source as that source's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import trek
from aggregator.config_loader import load_region
from aggregator.pages import PageReader

SEEN = datetime(2026, 10, 9, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader() -> PageReader:
    return PageReader(load_region(Path(__file__).parents[2] / "config"), trek.read_page)


def lines(reader: PageReader, url: str, *titles: str, more: str = "") -> list[dict[str, Any]]:
    rows = "".join(
        f'<li><h3><a href="/e/{n}">{title}</a></h3><p>{n + 1} november 2026, 20.00 uur</p>{more}</li>'
        for n, title in enumerate(titles)
    )
    body = f"<html><head><title>Agenda</title></head><body><h1>Agenda</h1><ul>{rows}</ul></body></html>"
    return list(reader.lines(body.encode(), url, SEEN, None))


def test_a_title_is_given_as_printed_and_its_status_too(reader: PageReader) -> None:
    first, second = lines(reader, "https://huis.example/agenda", "Afgelast: Dansnacht", "Zangmiddag")
    assert (first["title"], first["status"]) == ("Afgelast: Dansnacht", "cancelled")
    assert (second["title"], second["status"]) == ("Zangmiddag", "scheduled")


def test_what_is_private_is_shown_and_marked(reader: PageReader) -> None:
    first, second = lines(reader, "https://huis.example/agenda", "Besloten feest", "Zangmiddag")
    assert first["withheld"] == "private"
    assert "withheld" not in second


def test_a_page_of_a_known_source_is_at_its_house(reader: PageReader) -> None:
    url, hall = "https://www.schouwburghengelo.nl/agenda", "<p>Rabozaal</p>"
    known = lines(reader, url, "Een", "Twee", more=hall)
    unknown = lines(reader, "https://huis.example/agenda", "Een", "Twee", more="<p>Zaal 1</p>")
    assert {line["location"]["venue"] for line in known} == {"schouwburg-hengelo"}
    assert {line["location"]["venue"] for line in unknown} == {None}
