"""JSON-LD scripts of a page (https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents)."""

from __future__ import annotations

import json
import re
from typing import Any

import chompjs

from crawlers.extract.page import Page, Problem
from crawlers.extract.values import unescape

_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$"
)
_MOST_BLOCKS = 2000
_SLOPPY_LIMIT = 2_000_000  # characters for the second try


def read_blocks(page: Page) -> tuple[list[Any], list[Problem]]:
    """The parsed JSON-LD scripts of an HTML page; a broken one is a Problem and the others stay."""
    blocks: list[Any] = []
    problems: list[Problem] = []
    for script in page.tree.iter("script"):
        if (
            "ld+json" not in (script.get("type") or "").lower().replace(" ", "")
            or len(blocks) >= _MOST_BLOCKS
        ):
            continue
        text = script.text or ""
        if not text.strip():
            continue
        found = parse_block(text)
        if found is None:
            problems.append(Problem("broken-json-ld", re.sub(r"\s+", " ", text[:300]).strip()[:200]))
        else:
            blocks += found
    return blocks, problems


def parse_block(text: str) -> list[Any] | None:
    """One script as JSON; else, a second time, as the sloppy JavaScript that it often is. None when neither.

    Raw line breaks in strings, comment wrappers, trailing commas, bare keys, several objects in a row
    and entities for quotes (`&quot;`) are understood.
    """
    bare = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip().rstrip(";").strip()
    for attempt in (bare, unescape(bare)) if "&quot;" in bare else (bare,):
        try:
            return [json.loads(attempt, strict=False)]
        except (ValueError, RecursionError):
            continue
    if len(bare) > _SLOPPY_LIMIT or _deep(bare):
        return None
    try:
        found: list[Any] = list(
            chompjs.parse_js_objects(bare, omitempty=True, loader_kwargs={"strict": False})
        )
    except (ValueError, RecursionError, UnicodeError):
        return None
    return found or None


def _deep(text: str) -> bool:
    """Whether brackets nest deeper than any real markup."""
    return text.count("{") > 20_000 or re.search(r"(?:[\[{]\s*){100}", text) is not None
