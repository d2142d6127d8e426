"""Extraction beside extruct with every syntax switched on, over the same real pages.

Figures of the same HTML pages in the same run, pages per second of computing. `pages` is our whole
reading: known systems, structured data, and then, where a page has events without all their facts or no
markup at all, what it prints to people: labels, repeated blocks, dates in words, the house that it is of.
extruct does nothing of the kind, so this is more work than the peer's. `pages-structured` compares like
with like: JSON-LD, microdata, RDFa and microformats of each page, ours as events, extruct's as nodes
(it reads Open Graph and Dublin Core too, which hold no events). `pages-marked` is that again, of those
pages alone that were kept for their structured data: on the others ours sees in the bytes that none is
there, and builds nothing. What a reading keeps of short texts for the next page (`remembered`, compiled
selectors) is forgotten before each run, for a crawl reads no page five times.
"""

from __future__ import annotations

import functools
import gc
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
MARKED = ("jsonld", "microdata", "rdfa", "h-event", "hcalendar")

Pages = list[tuple[bytes, str, datetime]]


def measure() -> Iterator[dict[str, Any]]:
    """Pages per second of CPU of all three, medians of five runs taken in turn; HTML pages only."""
    marked, plain = load_pages(MARKED), load_pages(("html",))
    runs: dict[str, list[float]] = {}
    kept = _kept_answers()
    for _ in range(RUNS):
        for name, work in (("pages", _whole), ("pages-structured", _structured), ("peer", _extruct)):
            for answers in kept:
                answers.cache_clear()
            on_marked, on_plain = _seconds(work, marked), _seconds(work, plain)
            runs.setdefault(name, []).append(on_marked + on_plain)
            runs.setdefault(f"{name} marked", []).append(on_marked)
    took = {name: statistics.median(times) for name, times in runs.items()}
    every = len(marked) + len(plain)
    yield _line("pages", every, took["pages"], took["peer"])
    yield _line("pages-structured", every, took["pages-structured"], took["peer"])
    yield _line("pages-marked", len(marked), took["pages-structured marked"], took["peer marked"])


def _line(name: str, size: int, ours: float, peer: float) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(size / ours, 2),
        "peer": round(size / peer, 2),
        "ratio": round(peer / ours, 2),
        "unit": "pages/s",
        "peer_name": "extruct, all syntaxes",
        "size": size,
    }


def load_pages(formats: tuple[str, ...] = (*MARKED, "html")) -> Pages:
    """Body, address and moment of every recorded HTML page of these formats."""
    found = []
    for entry in json.loads((GOLD / "index.json").read_text()):
        path = GOLD / entry["file"]
        if path.suffix == ".html" and entry["format"] in formats:
            seen = datetime.fromisoformat(f"{entry['recorded_not_after'] or '2026-01-01'}T12:00")
            found.append((path.read_bytes(), entry["base_url"], seen.replace(tzinfo=AMSTERDAM)))
    return found


def _kept_answers() -> list[Any]:
    """The caches of our own readers."""
    read_any(Page("https://huis.example/", b"<html></html>", seen=datetime(2026, 1, 1, tzinfo=AMSTERDAM)))
    kind = type(functools.lru_cache(len))
    return [c for c in gc.get_objects() if isinstance(c, kind) and str(c.__module__).startswith("crawlers.")]


def _whole(pages: Pages) -> None:
    _read(pages, read_any)


def _structured(pages: Pages) -> None:
    _read(pages, read_page)


def _read(pages: Pages, read: Callable[[Page], Reading]) -> None:
    for body, url, seen in pages:
        read(Page(url, body, seen=seen, content_type="text/html"))


def _extruct(pages: Pages) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for body, url, _ in pages:
            extruct.extract(body, base_url=url, errors="ignore")  # type: ignore[attr-defined]


def _seconds(work: Callable[[Pages], None], pages: Pages) -> float:
    began = time.process_time()
    work(pages)
    return time.process_time() - began
