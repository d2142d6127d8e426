"""Days that are no event's: those of news, of reports, of what is over."""

from __future__ import annotations

from datetime import UTC, date, datetime

import lxml.html
import pytest

from aggregator.model import RawEvent, RawOccurrence
from crawlers.extract.page import Page
from crawlers.platforms.dom import find, words
from crawlers.platforms.news import (
    is_article,
    is_dateline,
    is_news_path,
    is_only_past,
    is_past,
    without_past,
    without_reports,
)
from crawlers.platforms.spots import Spot

SEEN = datetime(2026, 10, 9, 12, tzinfo=UTC)


def page(body: str = "", url: str = "https://huis.example/x") -> Page:
    return Page(url, f"<html><body>{body}</body></html>".encode(), seen=SEEN)


def event(title: str, *days: str, url: str | None = None) -> RawEvent:
    return RawEvent(
        source_id="", page_url="", seen_at="", method="layout", title=title, url=url,
        occurrences=tuple(RawOccurrence(text=day) for day in days),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://a.example/nieuws/koor", True),
        ("https://a.example/blog", True),
        ("https://a.example/nieuwsgierig", False),
        ("https://nieuws.example/agenda", False),
        (None, False),
    ],
)
def test_an_address_of_news(url: str | None, wanted: bool) -> None:
    assert is_news_path(url) is wanted


MARK = '<script>{"@type": "NewsArticle"}</script>'


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (page(MARK), True),
        (page(MARK, "https://a.example/agenda/koor"), False),  # WordPress marks events so
        (page(url="https://a.example/actueel/koor"), True),
        (page(), False),
    ],
)
def test_an_article(told: Page, wanted: bool) -> None:
    assert is_article(told) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("9 oktober 2026", True), ("9 oktober", True), ("9 oktober 2025", False), ("10 oktober 2026", False)],
)
def test_the_day_of_publication(text: str, wanted: bool) -> None:
    meta = "<meta property='article:published_time' content='2026-10-09T08:00'>"
    assert is_dateline(page(meta), text) is wanted
    assert not is_dateline(page(), text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("8 oktober 2026", True),
        ("9 oktober 2026", False),  # today
        ("8 en 10 oktober 2026", False),
        ("2026-10-08", True),
        ("2026-10-10T20:00", False),
        ("1 september", True),  # lately
        ("1 maart", False),  # next year's as well as this one's
        ("29 februari", False),
        ("binnenkort", False),
    ],
)
def test_what_is_past(text: str, wanted: bool) -> None:
    assert is_past(text, date(2026, 10, 9)) is wanted


PAST = [event("Koor", "1 september 2026"), event("Bal", "2 september 2026")]


@pytest.mark.parametrize(
    ("told", "events", "wanted"),
    [
        (page(), PAST, True),
        (page(), [*PAST, event("Feest", "1 november 2026")], False),
        (page(url="https://a.example/agenda"), PAST, False),
        (page("<h1>Activiteiten</h1>"), PAST, False),
        (page(), [event("Koor", "1 september 2026", url="https://a.example/agenda/koor")], False),
        (page(), [event("Koor", "1 september 2026", url="https://a.example/x/concert")], True),
        (page(), [], False),
    ],
)
def test_a_list_of_what_was(told: Page, events: list[RawEvent], wanted: bool) -> None:
    assert is_only_past(told, events) is wanted


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        ([event("Terugblik kermis", "1 september 2026")], []),
        ([event("Terugblik kermis", "1 november 2026")], ["Terugblik kermis"]),  # an evening that looks back
        ([event("Koor", "1 mei 2024"), event("Bal", "1 november 2026")], ["Bal"]),
        ([event("Koor", "1 september 2026"), event("Bal", "1 november 2026")], ["Koor", "Bal"]),
        ([event("Koor", "1 mei 2024")], ["Koor"]),  # nothing looks ahead
    ],
)
def test_reports_are_no_events(events: list[RawEvent], wanted: list[str]) -> None:
    assert [e.title for e in without_reports(page(), events)] == wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("<ul><li>1 november 2026</li></ul><ol><li>1 september 2026</li></ol>", ["1 november 2026"]),
        (
            "<ul><li>1 november 2026</li><li>1 september 2026</li></ul>",
            ["1 november 2026", "1 september 2026"],
        ),
        ("<ul><li>1 september 2026</li></ul>", ["1 september 2026"]),
    ],
)
def test_lists_that_are_over(body: str, wanted: list[str]) -> None:
    tree = lxml.html.document_fromstring(f"<body>{body}</body>")
    records = {node: [Spot(node, words(node), node)] for node in find(tree, "li")}
    assert [words(node) for node in without_past(page(), records)] == wanted
