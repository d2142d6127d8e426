"""A feed that is opened in Chromium explains itself, and shows what it holds readably."""

from __future__ import annotations

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.test_feeds_pages import CHROMIUM, site

__all__ = ["site"]
pytestmark = pytest.mark.browser
SHOWN = """[...document.querySelectorAll("item > title, entry > title, item > link, entry > id")]
    .filter(e => getComputedStyle(e).display !== "none").map(e => e.textContent)"""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("feeds/region/week.rss", "Dit is een feed"),
        ("feeds/region/week.atom", "Dit is een feed"),
        ("en/feeds/hengelo/new.rss", "This is a feed"),
        ("de/feeds/hengelo/new.atom", "Das ist ein Feed"),
    ],
)
def test_a_feed_in_a_browser_explains_itself(site: str, path: str, words: str) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page()
        answer = page.goto(f"{site}/{path}" if not site.endswith("/") else f"{site}{path}")
        assert answer is not None
        assert answer.headers["content-type"].startswith("application/xml")
        said = page.evaluate("getComputedStyle(document.documentElement, '::before').content")
        shown = page.evaluate(SHOWN)
        browser.close()
    assert words in said
    assert any("Orgelconcert" in title for title in shown)
    assert not [title for title in shown if title.startswith(("http", "urn:"))]
