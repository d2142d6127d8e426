"""Told apart: a list with nothing on it, and a page that no longer looks as its source's file says."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawlers.extract.page import Page, Problem
from crawlers.platforms.dom import lines

PAGE_CHANGED = "page-changed"  # the problem, named as the outcome that it gives a crawl
_THINGS = (
    r"(?:evenement(?:en)?|activiteit(?:en)?|voorstelling(?:en)?|concert(?:en)?|optreden?s?|items?|resultaten"
    r"|films?|agenda-?items?|programma|events?|shows?|results?|upcoming|veranstaltung(?:en)?|termine?|konzerte?)"
)
_NOTHING = re.compile(
    rf"\b(?:geen|nog geen|no|keine)\b(?:\s[\w-]+){{0,3}}?\s?\b{_THINGS}\b"
    r"|\bniets (?:gevonden|gepland|te doen)\b|\bnothing (?:found|planned|scheduled|on)\b|\bnichts gefunden\b",
    re.I,
)
_MOST = 160  # characters of a line that says so; a longer one tells a story


def says_nothing_on(tree: HtmlElement) -> bool:
    """Whether a page says in so many words, in Dutch, English or German, that its list is empty."""
    return any(len(line) <= _MOST and _NOTHING.search(line) for line in lines(tree))


def changed(page: Page, why: str) -> Problem:
    """The problem of a page that no longer looks as its source's file says."""
    return Problem(PAGE_CHANGED, f"{why} on {page.url}")
