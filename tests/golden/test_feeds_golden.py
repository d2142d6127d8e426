"""One file of each format, byte for byte, from events built by hand; `TREK_GOLDEN=write` renews them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from feeds.lists import render_opml
from feeds.news import entries
from feeds.pieces import Pieces, assemble_calendar, assemble_feed
from feeds.select import Agenda
from feeds.site.event import render_event
from feeds.site.pages import render_home, render_listing
from feeds.urls import REGION, Scope
from tests.unit.feeds.feeds_world import INFO, TODAY, voice, world, world_edits

HERE = Path(__file__).parent / "feeds"
AGENDA = Agenda(world(), INFO, TODAY, world_edits())
HENGELO = Scope(municipality="hengelo")


def feed(kind: str, form: str, language: str = "nl") -> bytes:
    found = entries(AGENDA, REGION, kind)
    return assemble_feed(found, REGION, kind, form, voice(language), Pieces())


FILES: dict[str, Callable[[], bytes]] = {
    "region.ics": lambda: assemble_calendar(AGENDA, REGION, voice(), Pieces()),
    "region.de.ics": lambda: assemble_calendar(AGENDA, REGION, voice("de"), Pieces()),
    "week.rss": lambda: feed("week", "rss"),
    "changed.en.rss": lambda: feed("changed", "rss", "en"),
    "changed.atom": lambda: feed("changed", "atom"),
    "new.json": lambda: feed("new", "json"),
    "home.html": lambda: render_home(AGENDA, voice()),
    "hengelo.en.html": lambda: render_listing(AGENDA, HENGELO, voice("en")),
    "event.de.html": lambda: render_event(AGENDA.events["e-orgel"], voice("de"), TODAY),
    "feeds.opml": lambda: render_opml(voice()),
}


@pytest.mark.parametrize("name", FILES)
def test_bytes_are_as_kept(name: str) -> None:
    data, path = FILES[name](), HERE / name
    if os.environ.get("TREK_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    assert data == path.read_bytes(), f"{name} differs; look at it, then TREK_GOLDEN=write pytest {__file__}"


def test_no_kept_file_is_forgotten() -> None:
    assert {p.name for p in HERE.iterdir()} == set(FILES)
