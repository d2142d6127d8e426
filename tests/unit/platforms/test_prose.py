"""Pages of one event that tell its day in running text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.extract.page import Page
from crawlers.platforms.prose import read_prose

SEEN = datetime(2026, 10, 9, 12, tzinfo=UTC)
SAID = "<p>Het koor zingt op dinsdag 10 november 2026 om 19.45 uur in de Oude Kerk. Wees welkom.</p>"


def prose(body: str, head: str = "", url: str = "https://huis.example/najaar") -> Page:
    return Page(url, f"<html><head>{head}</head><body>{body}</body></html>".encode(), seen=SEEN)


def test_the_event_of_a_page() -> None:
    head = "<link rel=canonical href=/koor><meta property='og:image' content=/koor.jpg>"
    (event,) = read_prose(prose(f"<h1>Najaarsconcert</h1>{SAID}", head), None)
    assert (event.title, event.method) == ("Najaarsconcert", "layout")
    assert [o.text for o in event.occurrences] == ["dinsdag 10 november 2026 om 19.45 uur"]
    assert (event.url, event.image) == ("https://huis.example/koor", "https://huis.example/koor.jpg")
    assert event.place is not None
    assert event.place.name == "de Oude Kerk"


MOMENTS = {
    "without a year": ("<p>Op 10 november om 20 uur</p>", "10 november om 20 uur"),
    "until": ("<p>Op 10 november van 10.00 tot 12.00 uur</p>", "10 november van 10.00 tot 12.00 uur"),
    "German": ("<p>Am 10. November 2026 um 19.30 Uhr</p>", "10. November 2026 um 19.30 Uhr"),
    "numbers": ("<p>Op 10-11-2026 om 19.30 uur</p>", "10-11-2026 om 19.30 uur"),
    "the same day twice": ("<p>Op 10 november om 20.00</p><li>dinsdag 10 november, 20.00 uur</li>",
                           "dinsdag 10 november, 20.00 uur"),
    "the time in the next sentence": ("<p>Op 10 november is het zover. Inloop vanaf 19.30 uur.</p>",
                                      "10 november 19.30"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "said"), MOMENTS.values(), ids=MOMENTS)
def test_the_moment(body: str, said: str) -> None:
    (event,) = read_prose(prose(f"<h1>Najaarsconcert</h1>{body}"), None)
    assert [o.text for o in event.occurrences] == [said]


NOTHING = {
    "no heading": prose(SAID),
    "no occasion": prose("<h1>Het bestuur</h1><p>Het bestuur trad aan op 10 november om 20.00 uur.</p>"),
    "two days": prose(f"<h1>Najaarsconcert</h1>{SAID}<p>Ook op 11 november om 19.45 uur</p>"),
    "a day that is over": prose("<h1>Najaarsconcert</h1><p>Op 10 november 2025 om 19.45 uur</p>"),
    "no time": prose("<h1>Najaarsconcert</h1><p>Op dinsdag 10 november 2026</p>"),
    "a deadline": prose("<h1>Najaarsconcert</h1><p>Aanmelden voor 10 november 2026 om 12.00 uur</p>"),
    "news": prose(f"<h1>Najaarsconcert</h1>{SAID}", url="https://huis.example/nieuws/najaarsconcert"),
    "a post": Page(
        "https://huis.example/x", f"<body class=single-post><h1>Over ons</h1>{SAID}".encode(), seen=SEEN
    ),
    "another title": prose(f"<h1>Najaarsconcert</h1>{SAID}", "<title>Wie wij zijn</title>"),
}  # fmt: skip


@pytest.mark.parametrize("page", NOTHING.values(), ids=NOTHING)
def test_no_event(page: Page) -> None:
    assert read_prose(page, None) == ()
