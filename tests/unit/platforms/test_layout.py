"""The layout of pages that no reader was made for: which blocks are events, and what each block says.

`layouts.yaml` holds a kind of markup each.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from aggregator.clock import AMSTERDAM
from aggregator.model import RawEvent
from crawlers.extract.page import Page
from crawlers.platforms import read_any

SEEN = datetime(2026, 10, 9, 12, tzinfo=AMSTERDAM)
CASES: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("layouts.yaml"))


def show(event: RawEvent) -> str:
    """An event as the cases write it; several times with a plus between them."""
    where = event.place and (event.place.name or event.place.place)
    times = " + ".join(o.start or o.text or "" for o in event.occurrences)
    return f"{event.title}{f' @ {where}' if where else ''} | {times}"


@pytest.mark.parametrize("name", CASES)
def test_layout(name: str) -> None:
    case = CASES[name]
    head = case.get("head", "<title>Agenda</title>")
    html = f"<html><head>{head}</head><body>{case['body']}</body></html>"
    page = Page(case.get("url", "https://huis.example/agenda/"), html.encode(), seen=SEEN)
    assert [show(event) for event in read_any(page).events] == case["events"]


def test_a_day_is_sold_out_by_itself() -> None:
    """Two days of one address, one of them sold out; a teaser above repeats the first without its badge."""
    body = """<aside><p>17 okt · <a href='/k'>Kist</a></p><p>6 nov · <a href='/w'>Wolk</a></p></aside><ul>
    <li><h3><a href='/k'>Kist</a></h3><p>za 17 okt 2026, 20:00 uur</p><span>Uitverkocht</span></li>
    <li><h3><a href='/k'>Kist</a></h3><p>zo 18 okt 2026, 15:00 uur</p></li>
    <li><h3><a href='/w'>Wolk</a></h3><p>vr 6 nov 2026, 20:00 uur</p><p>Deze avond is vol.</p></li></ul>"""
    page = Page("https://huis.example/agenda/", f"<body>{body}</body>".encode(), seen=SEEN)
    told = [(o.text, o.status) for event in read_any(page).events for o in event.occurrences]
    assert told == [
        ("za 17 okt 2026, 20:00 uur", "Uitverkocht"),
        ("zo 18 okt 2026, 15:00 uur", None),
        ("vr 6 nov 2026, 20:00 uur", "vol"),
    ]


def test_a_stamp_keeps_the_end_that_is_printed_beside_it() -> None:
    """Drupal's field stamps the start alone; a second field prints both ends."""
    body = """
    <article><time datetime='2026-10-17T13:00:00Z'>zaterdag 17 oktober 2026</time><h2>Kist</h2>
    <p>15.00 - 15.45 uur</p></article>
    <article><time datetime='2026-11-06T19:00:00Z'>vrijdag 6 november 2026</time><h2>Wolk</h2>
    <p>20.00 uur</p></article>"""
    page = Page("https://huis.example/agenda/", f"<body>{body}</body>".encode(), seen=SEEN)
    told = [(o.start, o.text) for event in read_any(page).events for o in event.occurrences]
    assert told == [
        ("2026-10-17T13:00:00Z", "zaterdag 17 oktober 2026 15.00 - 15.45"),
        ("2026-11-06T19:00:00Z", "vrijdag 6 november 2026"),
    ]
