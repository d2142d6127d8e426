"""Every source of the region reads a page in its site's own markup, through its own file, to the listing.

`tests/recorded/region/<source>.yaml` holds pages that we made ourselves after what is known of the site
(`documented` says what that is, "nothing" where nothing is), and `<source>.json` what must come of them. The
pages are asked for as a crawl does: first what the source's file begins with, then what those pages lead to.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from w3lib.url import canonicalize_url

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import load_region
from aggregator.model import AllDay, Listing, Occurrence, RawEvent, Reject, to_plain
from aggregator.normalise.listing import Normaliser
from aggregator.region import Region
from crawlers.extract.page import Page
from crawlers.platforms import platform_of

ROOT = Path(__file__).parents[3]
RECORDED = ROOT / "tests" / "recorded" / "region"
SOURCES = sorted(path.stem for path in (ROOT / "config" / "sources").glob("*/*.yaml"))
CASES = sorted(path.stem for path in RECORDED.glob("*.yaml"))


@cache
def region() -> Region:
    return load_region(ROOT / "config")


@cache
def normaliser() -> Normaliser:
    return Normaliser(region())


@cache
def load_case(name: str) -> dict[str, Any]:
    said: dict[str, Any] = YAML(typ="safe").load(RECORDED / f"{name}.yaml")
    return said


def crawl(name: str) -> tuple[list[RawEvent], set[str]]:
    """The raw events of a source's pages, and the addresses of the pages that were asked for."""
    case, source = load_case(name), region().sources[name]
    seen = datetime.fromisoformat(case["seen"])
    bodies = {canonicalize_url(page["url"]): page["body"] for page in case["pages"]}
    platform, asked, raws = platform_of(source), set[str](), list[RawEvent]()
    waiting = [(url, True) for url in platform.start(source, seen)]
    while waiting:
        url, needed = waiting.pop(0)
        key = canonicalize_url(url)
        if key in asked:
            continue
        assert key in bodies or not needed, f"asks for {url}, which is not the site's address"
        if key in bodies:
            asked.add(key)
            reading = platform.read(Page(url, bodies[key].encode(), seen=seen, source_id=name), source)
            raws += reading.events
            waiting += [*((u, True) for u in reading.follow), *((u, False) for u in reading.next)]
    return raws, set(bodies) - asked


def tell(made: Listing | Reject) -> dict[str, Any]:
    """What a reader of the calendar would see of a listing; what was refused, with the reason."""
    if isinstance(made, Reject):
        return {"title": made.title, "rejected": made.reason}
    told = {
        "title": made.title,
        "when": [tell_when(o) for o in made.occurrences],
        "status": str(made.status),
        "venue": made.place.venue,
        "municipality": made.place.municipality,
        "hall": made.place.hall,
        "url": made.url,
        "price": to_plain(made.price) if made.price else None,
        "meeting": "CouncilMeeting" in made.types or None,
        "about": list(made.categories) if "CouncilMeeting" in made.types else None,
    }
    return {key: value for key, value in told.items() if value is not None}


def tell_when(occurrence: Occurrence) -> str:
    when, state = occurrence.when, "" if occurrence.status == "scheduled" else f" {occurrence.status}"
    if isinstance(when, AllDay):
        return f"{when.first or ''}..{when.last or ''}{state}"
    start, end = (m.astimezone(AMSTERDAM) if m else None for m in (when.start, when.end))
    return f"{start:%Y-%m-%dT%H:%M}{f'-{end:%H:%M}' if end else ''}{state}"


def read(name: str) -> list[dict[str, Any]]:
    raws, _ = crawl(name)
    now = datetime.fromisoformat(load_case(name)["seen"])
    return [tell(made) for made in normaliser().listings(raws, now)]


@pytest.mark.parametrize("name", CASES)
def test_source(name: str) -> None:
    expected = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    raws, unread = crawl(name)
    assert unread == set(), "its file leads to none of these pages"
    assert all(raw.source_id == name for raw in raws)
    assert read(name) == expected


@pytest.mark.parametrize("name", CASES)
def test_page_is_our_own_and_says_what_is_known_of_the_site(name: str) -> None:
    case = load_case(name)
    assert case["synthetic"] is True
    assert case["documented"].strip()


def test_every_source_has_a_case() -> None:
    """Here, or with a page of its own as `trek source new` records one."""
    bare = [n for n in SOURCES if n not in CASES and not list((RECORDED.parent / n).glob("*/case.yaml"))]
    assert bare == []
    assert set(CASES) <= set(SOURCES), "a case whose source is gone"
