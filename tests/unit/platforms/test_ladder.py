"""Tables with days above their columns, and the one event that a page sets apart, by themselves."""

from __future__ import annotations

from datetime import datetime

import pytest

from aggregator.clock import AMSTERDAM
from crawlers.extract.page import Page
from crawlers.platforms.featured import is_home, own_heading, read_featured
from crawlers.platforms.ladder import read_ladder
from crawlers.platforms.spots import find_spots

SEEN = datetime(2026, 11, 24, 12, tzinfo=AMSTERDAM)
HEAD = "<tr><th>Film</th><th>do 26 nov</th><th>vr 27 nov</th></tr>"


def page(html: str, path: str = "/agenda") -> Page:
    return Page(f"https://huis.example{path}", f"<body>{html}</body>".encode(), seen=SEEN)


@pytest.mark.parametrize(
    ("table", "read"),
    [
        (
            HEAD + "<tr><td><a href='/zee'>De zee</a></td><td>19:30</td><td>16:00 21:15</td></tr>",
            [("De zee", ["do 26 nov 19:30", "vr 27 nov 16:00", "vr 27 nov 21:15"])],
        ),
        (HEAD + "<tr><td>De zee</td><td></td><td>20:00</td></tr>", [("De zee", ["vr 27 nov 20:00"])]),
        (HEAD + "<tr><td>De zee</td><td>-</td><td></td></tr>", []),
        (HEAD + "<tr><td></td><td>19:30</td><td>20:00</td></tr>", []),
        ("<tr><th>Film</th><th>do 26 nov</th></tr><tr><td>De zee</td><td>19:30</td></tr>", []),
        ("<tr><td>Zaal</td><td>Prijs</td></tr><tr><td>De zee</td><td>19:30</td></tr>", []),
        ("", []),
    ],
)
def test_a_row_is_an_event_with_the_days_above_its_times(table: str, read: list[object]) -> None:
    found = read_ladder(page(f"<table>{table}</table>"), None)
    assert [(e.title, [o.text for o in e.occurrences]) for e in found] == read


@pytest.mark.parametrize(
    ("box", "titles"),
    [
        (
            "<div><h3>Koor in de kerk</h3><p>zaterdag 28 november 2026, 20:00 uur</p></div>",
            ["Koor in de kerk"],
        ),
        ("<div><h3>Koor in de kerk</h3><p>zaterdag 28 november 2020, 20:00 uur</p></div>", []),
        ("<div><h3>Koor in de kerk</h3><p>zaterdag 28 november 2026</p></div>", []),
        ("<div><h3>Openingstijden</h3><p>zaterdag 28 november 2026, 20:00 uur</p></div>", []),
        ("<div><h1>Koor in de kerk</h1><p>zaterdag 28 november 2026, 20:00 uur</p></div>", []),
    ],
)
def test_a_box_with_a_heading_and_a_coming_moment_is_an_event(box: str, titles: list[str]) -> None:
    made = page(f"<main>{box}</main>")
    spots = find_spots(made.tree)
    assert [e.title for e in read_featured(made, None, spots)] == titles


def test_the_heading_of_the_page_is_none_of_a_box() -> None:
    made = page("<main><h2>Agenda</h2><p>28 november 2026</p></main>")
    (spot,) = find_spots(made.tree)
    assert own_heading(spot) is None


@pytest.mark.parametrize(("path", "home"), [("", True), ("/", True), ("/nl/", True), ("/agenda", False)])
def test_a_first_page_is_told_by_its_path(path: str, home: bool) -> None:
    assert is_home(page("", path)) is home
