"""A page that no longer looks as its source says is `page-changed`; an empty list that says so is empty."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.model import Outcome
from aggregator.region import Selectors
from crawlers.discover.learn import as_source
from crawlers.extract.page import Page, Problem
from crawlers.platforms.css import Html
from crawlers.platforms.empty import PAGE_CHANGED
from crawlers.record import _is_whole, judge
from crawlers.spiders.source import Tally

SEEN = datetime(2026, 10, 9, 12, tzinfo=UTC)
URL = "https://huis.example/agenda"
SELECTORS = Selectors(block=".rij", title="b", when="i")
GOOD = '<div class="rij"><b>Avond</b><i>vr 1 jan 2027</i></div>'
BAD = '<div class="rij"><h3>Avond</h3><span>vr 1 jan 2027</span></div>'


def problems(body: str, url: str = URL) -> list[str]:
    page = Page(url, f"<html><body>{body}</body></html>".encode(), seen=SEEN)
    source = as_source(Page(URL, b"", seen=SEEN), SELECTORS)
    return [p.code for p in Html().read(page, source).problems]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Er zijn op dit moment geen voorstellingen.</p>",
        "<p>Geen evenementen gevonden</p>",
        "<div>There are no upcoming events</div>",
        "<p>Zurzeit keine Veranstaltungen</p>",
        "<p>Niets gevonden</p>",
    ],
)
def test_a_list_that_says_that_it_is_empty(body: str) -> None:
    assert problems(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>Welkom</p>",
        "<ul><li>Avond, vr 1 jan 2027</li></ul>",
        BAD * 4,
        GOOD + BAD * 3,
        "<p>Geen idee</p>",
    ],
)
def test_a_page_that_does_not_fit(body: str) -> None:
    assert PAGE_CHANGED in problems(body)


@pytest.mark.parametrize("body", [GOOD, GOOD * 3 + BAD])
def test_a_page_that_fits(body: str) -> None:
    assert PAGE_CHANGED not in problems(body)


def test_a_followed_page_without_blocks_is_no_changed_list() -> None:
    assert problems("<h1>Avond</h1>", url="https://huis.example/agenda/avond") == []


CHANGED = Problem(PAGE_CHANGED, "nothing matches '.rij' on https://huis.example/agenda")


def test_a_crawl_of_a_changed_page_says_so_and_removes_nothing() -> None:
    tally = Tally(pages=1, problems=[CHANGED])
    outcome, detail = judge(tally, 0, "finished")
    assert outcome is Outcome.PAGE_CHANGED
    assert ".rij" in detail
    assert not _is_whole(tally)


def test_one_changed_page_among_good_ones_is_told_and_removes_nothing() -> None:
    tally = Tally(pages=2, problems=[CHANGED])
    outcome, detail = judge(tally, 5, "finished")
    assert (outcome, "looks different" in detail) == (Outcome.OK, True)
    assert not _is_whole(tally)
    assert _is_whole(Tally(pages=2, problems=[Problem("no-date", "x")]))


def test_nothing_on_stays_empty() -> None:
    assert judge(Tally(pages=1), 0, "finished")[0] is Outcome.EMPTY
