"""Real pages that platforms, mappings and the layout must read: title and start, by the labelled set."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.model import RawEvent, RawOccurrence
from aggregator.normalise.when import parse_stamp, parse_when
from crawlers.extract.page import Page
from crawlers.platforms import read_any

FORMATS = {"html", "tec", "site-json", "json", "notubiz", "ibabs-html", "mec"}
ENOUGH = 0.97  # of the events that the set says are there; measured 0.9735

pytestmark = pytest.mark.gold


def entries(gold: Path) -> Iterator[dict[str, Any]]:
    for entry in json.loads((gold / "real" / "index.json").read_text(encoding="utf-8")):
        if entry["format"] in FORMATS or entry["format"].startswith("ndtrc"):
            yield entry


def read_entry(gold: Path, entry: dict[str, Any]) -> tuple[list[tuple[str, set[str]]], Any]:
    """(title, possible starts) of every occurrence read, and the reading."""
    seen = datetime.fromisoformat(entry["recorded_not_after"] + "T12:00:00+00:00")
    body = (gold / "real" / entry["file"]).read_bytes()
    page = Page(entry["base_url"] or "", body, seen=seen, content_type=entry["content_type"])
    reading = read_any(page)
    zone = ZoneInfo(entry["timezone"])
    return [(flat(e.title), starts(o, seen.date(), zone)) for e, o in moments(reading.events)], reading


def moments(events: tuple[RawEvent, ...]) -> Iterator[tuple[RawEvent, RawOccurrence]]:
    return ((event, occurrence) for event in events for occurrence in event.occurrences)


def starts(occurrence: RawOccurrence, today: date, zone: ZoneInfo) -> set[str]:
    """The starts that the stamp or the words give, local to the entry."""
    found: set[str] = set()
    if occurrence.start:
        value = parse_stamp(occurrence.start, str(zone), local_z=occurrence.local_z)
        if isinstance(value, datetime):
            found.add(value.astimezone(zone).strftime("%Y-%m-%dT%H:%M"))
        elif value is not None:
            found.add(value.isoformat())
    for one in parse_when(occurrence.text, today).occurrences if occurrence.text else ():
        if one.start is not None:
            found.add(
                one.start.strftime("%Y-%m-%dT%H:%M")
                if isinstance(one.start, datetime)
                else one.start.isoformat()
            )
    return found


def flat(title: str) -> str:
    return re.sub(r"\W+", "", title.casefold())


def missing(expected: list[dict[str, Any]], read: list[tuple[str, set[str]]]) -> list[str]:
    """Expected events that nothing read stands for; each thing read counts once."""
    rest, lost = list(read), []
    for event in expected:
        titles = {flat(t) for t in (event["title"], *event.get("title_any", ()))}
        wanted = {event.get("start"), *event.get("start_any", ())}
        hit = next((r for r in rest if r[0] in titles and r[1] & wanted), None)
        if hit is None:
            lost.append(f"{event['title']} {event.get('start')}")
        else:
            rest.remove(hit)
    return lost


def test_events_are_found(gold: Path) -> None:
    total, lost = 0, []
    for entry in entries(gold):
        expected = entry["expect"].get("events") or []
        read, _ = read_entry(gold, entry)
        total += len(expected)
        lost += [f"{entry['id']}: {what}" for what in missing(expected, read)]
    assert total > 800
    assert 1 - len(lost) / total >= ENOUGH, (len(lost), total, lost[:60])


def test_nothing_is_made_up(gold: Path) -> None:
    """Where the set lists every event, no more are read than it lists."""
    for entry in entries(gold):
        if entry["expect"]["mode"] in ("exact", "none"):
            read, _ = read_entry(gold, entry)
            assert len(read) <= len(entry["expect"].get("events") or []), entry["id"]


def test_forbidden_events_are_not_read(gold: Path) -> None:
    for entry in entries(gold):
        _, reading = read_entry(gold, entry)
        for banned in entry["expect"].get("forbid") or []:
            if {"url", "title"} <= set(banned):
                told = {(e.url, e.title) for e in reading.events}
                assert (banned["url"], banned["title"]) not in told, entry["id"]


def test_links_to_follow(gold: Path) -> None:
    for entry in entries(gold):
        if entry["expect"]["mode"] == "links":
            _, reading = read_entry(gold, entry)
            assert len(reading.follow) == entry["expect"]["count"]


def test_no_reader_fails(gold: Path) -> None:
    for entry in entries(gold):
        _, reading = read_entry(gold, entry)
        assert all(p.code != "reader-failed" for p in reading.problems), entry["id"]
