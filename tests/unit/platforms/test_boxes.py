"""Days in pieces: a number, a weekday, a month and a year, each in an element of its own."""

from __future__ import annotations

import pytest

from crawlers.extract.page import parse_html
from crawlers.platforms.boxes import days_in_boxes
from crawlers.platforms.dom import words
from crawlers.platforms.spots import ShortWords

BOXES = {
    "weekday between": ("<div><p>16</p><p>vr</p><p>okt</p></div>", ["16 okt"]),
    "month first": ("<div><i>oktober</i> <span>vrijdag</span> <span>16</span></div>", ["16 oktober"]),
    "with its year": ("<div><i>16</i> <i>zo</i> <i>mrt</i> <i>2027</i></div>", ["16 mrt 2027"]),
    "month by class": ("<div><b class='m-month'>10</b> <b>16</b></div>", ["16 okt"]),
    "numbers in a date": ("<div class='event-date'><span>16</span><span>10</span></div>", ["16 okt"]),
    "slashed": ("<p class='date'>16/10</p>", ["16 okt"]),
    "time element": ("<time>16-10</time>", ["16 okt"]),
    "beside other things": (
        "<div><span class='o-day'>16</span>"
        "<span class='o-month'>10</span><h3>Een podium voor wie wil</h3></div>",
        ["16 okt"],
    ),
}  # fmt: skip
NO_BOXES = {
    "two numbers": "<div><span>16</span><span>10</span></div>",
    "time in a date": "<p class='date-time'>16.10</p>",
    "no such month": "<p class='date'>10/16</p>",
    "a pager": "<ul class='pages'><li>1</li><li>2</li></ul>",
    "a date already": "<p class='date'><span>16</span> <span>okt</span></p>",
    "more than a day": "<p class='date'><span>16</span> <span>10</span> gasten</p>",
    "no day": "<div><span>43</span><span>zo</span><span>okt</span></div>",
}


@pytest.mark.parametrize(("body", "days"), BOXES.values(), ids=BOXES)
def test_a_day_in_pieces(body: str, days: list[str]) -> None:
    tree = parse_html(f"<body>{body}</body>", "")
    assert list(days_in_boxes(tree, ShortWords()).values()) == days


@pytest.mark.parametrize("body", NO_BOXES.values(), ids=NO_BOXES)
def test_no_day(body: str) -> None:
    assert days_in_boxes(parse_html(f"<body>{body}</body>", ""), ShortWords()) == {}


def test_the_box_is_the_element_around_all_pieces() -> None:
    tree = parse_html("<body><div><p>16</p><p>vr</p><p>okt</p></div><p>En meer dan dat.</p></body>", "")
    (box,) = days_in_boxes(tree, ShortWords())
    assert words(box) == "16 vr okt"
