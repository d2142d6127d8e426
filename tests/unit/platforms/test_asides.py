"""Which printed dates are no event's: by the words before and behind them, the class, the heading above."""

from __future__ import annotations

import lxml.html
import pytest

from crawlers.platforms.asides import is_aside, is_end, label_of, tells_aside, without_archive
from crawlers.platforms.dom import find, words
from crawlers.platforms.spots import Spot

ASIDES = [
    ("<p>Geplaatst op 3 november 2026</p>", True),
    ("<p>Aanmelden kan tot 3 november</p>", True),
    ("<p>Concert. Opgave voor 3 november</p>", True),
    ("<p>Opgave is niet nodig. Concert op 3 november</p>", False),  # another clause
    ("<p>Concert op 3 november 2026</p>", False),
    ("<p>Op 3 november zijn wij gesloten.</p>", True),
    ("<p>Op 3 november, en wij zijn nooit gesloten geweest</p>", False),
    ("<p>Vanaf 3 november ook op zondag</p>", True),
    ("<p><s>3 november 2026</s></p>", True),
    ("<p>3 november 2026</p>", False),
    ("<p class=block-post-date>3 november 2026</p>", True),
    ("<p>Anmeldung bis 3. November</p>", True),
    ("<p>Published 3 November 2026</p>", True),
]


@pytest.mark.parametrize(("markup", "wanted"), ASIDES, ids=[markup for markup, _ in ASIDES])
def test_what_a_date_is_for(markup: str, wanted: bool) -> None:
    node = lxml.html.fragment_fromstring(markup)
    assert is_aside(node, node.text_content()) is wanted


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ("<th>Deadline</th><td>3 november 2026</td>", "Deadline"),
        ("<dt>Datum</dt><dd>3 november 2026</dd>", "Datum"),
        ("<b>Einde:</b><i>3 november 2026</i>", "Einde:"),
        ("<b>Koor</b><i>3 november 2026</i>", ""),  # a title is no label
        ("<b>2 november:</b><i>3 november 2026</i>", ""),
        ("Sluit <i>3 november 2026</i>", "Sluit"),
    ],
)
def test_a_label_stands_before_its_date(row: str, wanted: str) -> None:
    holder = lxml.html.Element("div")
    holder.append(lxml.html.fromstring(f"<div>{row}</div>"))
    box = holder[0]
    assert label_of(box[-1], "3 november 2026") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("Deadline: 3 november", True), ("Muziek op 3 november", False), ("Geen dag, wel een deadline", False)],
)
def test_a_line_tells_what_its_date_is_for(text: str, wanted: bool) -> None:
    assert tells_aside(text) is wanted


@pytest.mark.parametrize(("said", "wanted"), [("Einde: 3-11-2026", True), ("Begin: 3-11-2026", False)])
def test_the_end_of_something(said: str, wanted: bool) -> None:
    assert is_end(lxml.html.fragment_fromstring(f"<li>{said}</li>"), said) is wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("<h2>Agenda</h2><p>1 mei</p><h2>Archief</h2><p>2 mei</p>", ["1 mei"]),
        ("<h2>Archief</h2><p>1 mei</p><h3>Koor</h3><p>2 mei</p><h2>Agenda</h2><p>3 mei</p>", ["3 mei"]),
        ("<h1>Archief</h1><p>1 mei</p>", ["1 mei"]),  # a page that is nothing else
        ("<h2>Openingstijden</h2><p>1 mei</p><h2>Agenda</h2><p>2 mei</p>", ["2 mei"]),
        ("<h2>Openingstijden</h2><p>1 mei</p>", []),
        ("<p>1 mei</p>", ["1 mei"]),
    ],
)
def test_what_stands_under_an_archive(body: str, wanted: list[str]) -> None:
    tree = lxml.html.document_fromstring(f"<body>{body}</body>")
    spots = [Spot(node, words(node), node) for node in find(tree, "p")]
    assert [spot.text for spot in without_archive(tree, spots)] == wanted
