"""Days of which the month, or the year, stands above them."""

from __future__ import annotations

import pytest

from crawlers.extract.page import parse_html
from crawlers.platforms.months import days_under_months, year_for, years_above
from crawlers.platforms.spots import ShortWords

MORE = "<p>Het hele jaar door is er muziek in de tuin, en wie wil kan komen luisteren.</p>" * 5
WALL = "".join(f"<td>{n}</td>" for n in (28, 29, 30, *range(1, 32), 1, 2))
CASES = {
    "month with its year": ("<h2>Oktober 2026</h2><p>za 17</p><p>do 22</p>", ["za 17 Oktober 2026",
                            "do 22 Oktober 2026"]),
    "month alone": ("<h2>Mai</h2><p>17.</p><p>22.</p>", ["17 Mai", "22 Mai"]),
    "the next month": (
        "<h2>Mei</h2><p>30</p><p>31</p><h2>Juni</h2><p>1</p>", ["30 Mei", "31 Mei", "1 Juni"],
    ),
    "titles between": (
        "<h2>Mei</h2><p>30</p><p>Koor</p><p>31</p><p>Bal</p><h2>Juni</h2><p>1</p><p>Revue</p>",
        ["30 Mei", "31 Mei", "1 Juni"],
    ),
    "months in plain words": (
        "<b>Mei</b><p>30</p><p>Een</p><p>Twee</p><b>Juni</b><p>1</p>", ["30 Mei", "1 Juni"],
    ),
    "one number alone": ("<h2>Mei</h2><p>30</p>", []),
    "no month": ("<h2>Programma</h2><p>za 17</p><p>do 22</p>", []),
    "no day of a month": ("<h2>Mei</h2><p>32</p><p>00</p><p>45</p>", []),
    "months to choose from": (
        "<ul><li>Mei</li><li>Juni</li><li>Juli</li></ul><p>za 17</p><p>do 22</p>", [],
    ),
    "the month beside the day": ("<div><i>17</i><i>mei</i></div><div><i>22</i><i>mei</i></div>", []),
    "a wall calendar": (
        f"<table><caption>Mei 2026</caption><tr>{WALL}</tr></table>",
        ["28 apr 2026", "29 apr 2026", "30 apr 2026", *(f"{n} Mei 2026" for n in range(1, 32)), "1 jun 2026",
         "2 jun 2026"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "days"), CASES.values(), ids=CASES)
def test_days_under_months(body: str, days: list[str]) -> None:
    tree = parse_html(f"<body>{body}{MORE}</body>", "")
    assert list(days_under_months(tree, ShortWords()).values()) == days


def test_a_wall_calendar_goes_over_the_year() -> None:
    days = "".join(f"<td>{n}</td>" for n in (*range(1, 32), 1, 2))
    tree = parse_html(f"<table><caption>December 2026</caption><tr>{days}</tr></table>", "")
    assert list(days_under_months(tree, ShortWords()).values())[-1] == "2 jan 2027"


@pytest.mark.parametrize(
    ("body", "year"),
    [
        ("<div><h2>2026</h2><p id=day>3 mei</p></div>", "2026"),
        ("<div><h2>2026</h2><p>1 mei</p><h2>2027</h2><p id=day>3 mei</p></div>", "2027"),
        ("<div><p id=day>3 mei</p><h2>2026</h2></div>", ""),  # below it
        ("<div><p>2026</p><p id=day>3 mei</p></div>", ""),  # no heading
        ("<div><h2>Sinds 2026</h2><p id=day>3 mei</p></div>", ""),
    ],
)
def test_the_year_of_the_heading_above(body: str, year: str) -> None:
    tree = parse_html(f"<body>{body}</body>", "")
    assert year_for(tree.get_element_by_id("day"), years_above(tree)) == year
