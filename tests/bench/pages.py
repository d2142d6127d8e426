"""Pages read per second, beside extruct with every syntax switched on, over the same real pages.

Two figures, of the same HTML pages in the same run, pages per second of computing. `pages` is our whole
reading: known systems, structured data, and then, where a page has events without all their facts or no
markup at all, what it prints to people: labels, repeated blocks, dates in words, the house that it is of.
extruct does nothing of the kind, so this is more work than the peer's. `pages-structured` compares like
with like: JSON-LD, microdata, RDFa and microformats of each page, ours as events, extruct's as nodes
(it reads Open Graph and Dublin Core too, which hold no events).
"""

from __future__ import annotations

import json
import os
import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import extruct

from aggregator.clock import AMSTERDAM
from crawlers.extract import read_page
from crawlers.extract.page import Page, Reading
from crawlers.platforms.auto import read_any

ROOT = Path(__file__).parents[2]
GOLD = Path(os.environ.get("TREK_GOLD", ROOT.parent / "shared" / "gold")) / "real"
RUNS = 5


def measure() -> Iterator[dict[str, Any]]:
    """Pages per second of CPU of all three, medians of five runs taken in turn; HTML pages only."""
    pages = load_pages()
    runs: dict[str, list[float]] = {"pages": [], "pages-structured": [], "peer": []}
    for _ in range(RUNS):
        runs["pages"].append(_seconds(lambda: _read(pages, read_any)))
        runs["pages-structured"].append(_seconds(lambda: _read(pages, read_page)))
        runs["peer"].append(_seconds(lambda: _extruct(pages)))
    speed = {name: len(pages) / statistics.median(times) for name, times in runs.items()}
    for name in ("pages", "pages-structured"):
        yield {
            "name": name,
            "ours": round(speed[name], 2),
            "peer": round(speed["peer"], 2),
            "ratio": round(speed[name] / speed["peer"], 2),
            "unit": "pages/s",
            "peer_name": "extruct, all syntaxes",
            "size": len(pages),
        }


def load_pages() -> list[tuple[bytes, str, datetime]]:
    """Body, address and moment of every recorded HTML page that holds structured data."""
    found = []
    for entry in json.loads((GOLD / "index.json").read_text()):
        path = GOLD / entry["file"]
        if path.suffix == ".html" and entry["format"] in (
            "jsonld",
            "microdata",
            "rdfa",
            "h-event",
            "hcalendar",
            "html",
        ):
            seen = datetime.fromisoformat(f"{entry['recorded_not_after'] or '2026-01-01'}T12:00")
            found.append((path.read_bytes(), entry["base_url"], seen.replace(tzinfo=AMSTERDAM)))
    return found


def _read(pages: list[tuple[bytes, str, datetime]], read: Callable[[Page], Reading]) -> None:
    for body, url, seen in pages:
        read(Page(url, body, seen=seen, content_type="text/html"))


def _extruct(pages: list[tuple[bytes, str, datetime]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for body, url, _ in pages:
            extruct.extract(body, base_url=url, errors="ignore")


def _seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
