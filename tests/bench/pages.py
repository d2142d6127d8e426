"""Pages read per second, beside extruct with every syntax switched on, over the same real pages."""

from __future__ import annotations

import json
import os
import statistics
import time
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import extruct

from aggregator.clock import AMSTERDAM
from crawlers.extract.page import Page
from crawlers.platforms.auto import read_any

ROOT = Path(__file__).parents[2]
GOLD = Path(os.environ.get("TREK_GOLD", ROOT.parent / "shared" / "gold")) / "real"
RUNS = 5


def measure() -> dict[str, Any]:
    """Pages per second of CPU of both, medians of five runs taken in turn; HTML pages only."""
    pages = load_pages()
    ours, peer = [], []
    for _ in range(RUNS):
        ours.append(_seconds(lambda: _read(pages)))
        peer.append(_seconds(lambda: _extruct(pages)))
    mine, theirs = (len(pages) / statistics.median(s) for s in (ours, peer))
    return {
        "name": "pages",
        "ours": round(mine, 2),
        "peer": round(theirs, 2),
        "ratio": round(mine / theirs, 2),
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


def _read(pages: list[tuple[bytes, str, datetime]]) -> None:
    for body, url, seen in pages:
        read_any(Page(url, body, seen=seen, content_type="text/html"))


def _extruct(pages: list[tuple[bytes, str, datetime]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for body, url, _ in pages:
            extruct.extract(body, base_url=url, errors="ignore")


def _seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
