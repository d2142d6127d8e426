"""JSON-LD scripts of a page (https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents)."""

from __future__ import annotations

import json
import re
from typing import Any

import chompjs

from crawlers.extract.page import Page, Problem
from crawlers.extract.values import name_plainly, unescape

_OPENING = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)")
_CLOSING = re.compile(r"(?:-->|(?://\s*)?\]\]>)$")
_AFTER_STRING = re.compile(r"\s*(?:[:}\]]|$|,\s*(?:[\"{\[\]}]|-?\d|true|false|null|$))")
_PREFIXED = re.compile(r"schema(?:\.org\\?/|:)\w+[\"']\s*:")  # a property named with its vocabulary
_MOST_BLOCKS = 2000
_SLOPPY_LIMIT = 2_000_000  # characters for the second try


def read_blocks(page: Page) -> tuple[list[Any], list[Problem]]:
    """The parsed JSON-LD scripts of an HTML page; a broken one is a Problem and the others stay.

    Parsed once a page, however often asked; properties have their plain names.
    """
    if page.json_ld is None:
        page.json_ld = _read_scripts(page)
    return page.json_ld


def read_document(page: Page) -> list[Any]:
    """A bare JSON document as JSON-LD, properties with their plain names; empty where it is no JSON."""
    if page.json is None:
        return []
    return [page.json] if _PREFIXED.search(page.text) is None else parse_block(page.text) or []


def _read_scripts(page: Page) -> tuple[list[Any], list[Problem]]:
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

    Raw line breaks in strings, comment wrappers, trailing commas, bare keys, several objects in a row,
    entities for quotes (`&quot;`), quotes inside strings and escapes that JSON does not know are understood.
    """
    found = _parse(text)
    if found and _PREFIXED.search(text):
        name_plainly(found)
    return found


def _parse(text: str) -> list[Any] | None:
    bare = _unwrapped(_unwrapped(text)).strip("\ufeff \t\r\n").rstrip(";").strip()
    if (found := _load(bare)) is not None:
        return found
    if len(bare) > _SLOPPY_LIMIT or _deep(bare):
        return None
    plain = unescape(bare) if re.search(r"&(?:quot|#0*(?:34|123|x22|x7b));", bare, re.IGNORECASE) else bare
    mended = re.sub(r"\}\s*\{", "},{", mend_strings(plain))
    for attempt in (plain, f"[{mended}]", mended):
        if (found := _load(attempt)) is not None:
            return found
    return _load_sloppy(plain) or _load_sloppy(mended)


def _unwrapped(text: str) -> str:
    """Without the comment or CDATA marks that old templates put around a script."""
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    text = text.rstrip()
    return text[:-20] + _CLOSING.sub("", text[-20:]) if text.endswith(">") else text


def _load(text: str) -> list[Any] | None:
    try:
        return [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return None


def _load_sloppy(text: str) -> list[Any] | None:
    try:
        found: list[Any] = list(
            chompjs.parse_js_objects(text, omitempty=True, loader_kwargs={"strict": False})
        )
    except (ValueError, RecursionError, UnicodeError):
        return None
    return found or None


def mend_strings(text: str) -> str:
    """JSON with the quotes inside its strings escaped, and backslashes that escape nothing doubled.

    A quote ends a string only where JSON can go on: before a colon, a closing bracket, or a comma
    with a new value or key behind it.
    """
    out: list[str] = []
    inside, last = False, 0
    for mark in re.finditer(r'\\.|"', text, re.DOTALL):
        out.append(text[last : mark.start()])
        last = mark.end()
        piece = mark[0]
        if piece != '"':
            sound = not inside or piece[1] in '"\\/bfnrtu'
            out.append(piece if sound else piece[1] if piece[1] == "'" else f"\\{piece}")
        elif not inside or _AFTER_STRING.match(text, last):
            inside = not inside
            out.append(piece)
        else:
            out.append('\\"')
    return "".join([*out, text[last:]])


def _deep(text: str) -> bool:
    """Whether brackets nest deeper than any real markup."""
    return text.count("{") > 20_000 or re.search(r"(?:[\[{]\s*){100}", text) is not None
