"""Layouts learned as selectors: by class, tried on the page, and kept only when they read it alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import lxml.html
import pytest

from aggregator.model import RawEvent
from crawlers.discover.learn import ENOUGH, as_source, learn_layout
from crawlers.discover.paths import own_paths, stable_classes
from crawlers.extract.page import Page
from crawlers.platforms.css import Html

SEEN = datetime(2026, 10, 9, 12, tzinfo=UTC)
URL = "https://huis.example/agenda"


def page(body: str) -> Page:
    return Page(URL, f"<html><body>{body}</body></html>".encode(), seen=SEEN, source_id="tried")


def card(n: int) -> str:
    return (
        f'<article class="card css-1x9ab3"><a class="card__link" href="/agenda/avond-{n}">'
        f'<img data-src="/i/{n}.jpg">'
        f'<h3 class="card__title">Avond {n}</h3></a><p class="card__sub subtitle">met gast {n}</p>'
        f'<span class="card__date">vr {n} jan 2027</span><span class="card__time">20:{n:02}</span>'
        f'<span class="card__place location">De Kerk {n}</span>'
        f'<span class="card__price">€ {n},50</span></article>'
    )


def row(n: int) -> str:
    return f"<tr><td>{n} jan 2027 20:15 uur</td><td><a href='/t/{n}'>Lezing {n}</a></td><td>De Kerk</td></tr>"


def stamped(n: int) -> str:
    moment = f"2027-01-{n:02}T20:00:00+01:00"
    return f'<li><h4><a href="/s/{n}">Film {n}</a></h4><time datetime="{moment}"></time></li>'


def many(make: Callable[[int], str], count: int = 8) -> str:
    return "".join(make(n) for n in range(1, count + 1))


def read(body: str) -> tuple[RawEvent, ...]:
    learned = learn_layout(page(body))
    assert learned is not None
    return Html().read(page(body), as_source(page(body), learned.selectors)).events


def test_every_field_of_a_card_becomes_a_selector_by_class() -> None:
    learned = learn_layout(page(f'<div class="list">{many(card)}</div>'))
    assert learned is not None
    assert learned.selectors.model_dump(exclude_none=True) == {
        "block": ".card",
        "title": ".card__title",
        "subtitle": ".card__sub",
        "url": ".card__link::attr(href)",
        "when": ".card__date",
        "time": ".card__time",
        "place": ".card__place",
        "price": ".card__price",
        "image": ".card__link img::attr(data-src)",
    }
    assert (learned.share, learned.events, learned.lacking) == (1.0, 8, ())
    assert "8 blocks, 8 read alike (100%)" in learned.note


def test_learned_selectors_read_what_the_layout_read() -> None:
    first = read(many(card))[0]
    assert first.title == "Avond 1"
    assert first.occurrences[0].text == "vr 1 jan 2027 20:01"
    assert first.url == "https://huis.example/agenda/avond-1"
    assert first.place is not None
    assert first.place.name == "De Kerk 1"
    assert first.offers[0].text == "€ 1,50"
    assert first.image == "https://huis.example/i/1.jpg"


def test_a_table_without_classes_is_learned_by_its_surroundings() -> None:
    body = f"<div class='overzicht'><table>{many(row)}</table></div><p>Elders</p>"
    learned = learn_layout(page(body))
    assert learned is not None
    assert learned.selectors.block == ".overzicht tr"
    assert [e.title for e in read(body)] == [f"Lezing {n}" for n in range(1, 9)]


def test_a_stamp_is_taken_from_its_attribute() -> None:
    learned = learn_layout(page(f"<ul id='films'>{many(stamped)}</ul>"))
    assert learned is not None
    assert learned.selectors.block == "#films > li"
    assert learned.selectors.start == "time::attr(datetime)"


@pytest.mark.parametrize(
    "body",
    [
        "",
        many(card, 2),  # no repetition yet
        f"<ul>{many(stamped)}</ul>",  # nothing to hold on to but tags
        "<div class='x'><h3>za 7 nov 2026</h3><ul><li>20:00 <b>A</b></li><li>21:00 <b>B</b></li></ul></div>",
    ],
    ids=["empty", "two", "tags-alone", "day-heading"],
)
def test_nothing_is_learned_where_selectors_would_not_hold(body: str) -> None:
    assert learn_layout(page(body)) is None


def test_selectors_that_read_less_are_not_kept() -> None:
    odd = [
        f'<div class="ander"><b class="naam">Los {n}</b> <i class="dag">{n} feb 2027 19:30</i></div>'
        for n in (1, 2, 3, 4)
    ]
    assert learn_layout(page(many(card, 6) + "".join(odd))) is None  # six of ten
    few = learn_layout(page(many(card, 28) + "".join(odd[:2])))
    assert few is not None
    assert ENOUGH <= few.share < 1


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ("agenda-item first odd", ["agenda-item"]),
        ("css-1x9ab3 sc-12dip7s-0 jsx-2871 kOxLNf", []),
        ("col-md-6 mt-4 flex md:w-1/2 text-sm", []),
        ("event_title EventCard post-1234 m6", ["event_title", "EventCard"]),
        ("kaart2024 titel", ["titel"]),
    ],
)
def test_only_classes_that_say_what_a_thing_is(names: str, kept: list[str]) -> None:
    node = lxml.html.fragment_fromstring(f'<div class="{names}"></div>')
    assert stable_classes(node) == kept
    assert own_paths(node)[-1] == "div"
