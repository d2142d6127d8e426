"""What fuzzing begins from and once broke on: read without an exception, in the suite and without atheris."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.normalise.when import parse_when
from crawlers.extract.guard import read_guarded
from crawlers.extract.page import Page
from crawlers.platforms.auto import read_any
from feeds.lint import lint_calendar
from feeds.news import entries
from feeds.pieces import Pieces, assemble_calendar, assemble_feed
from feeds.select import Agenda
from feeds.urls import KINDS, REGION
from tests.fuzz.kept import load_kept
from tests.fuzz.targets import TARGETS
from tests.unit.feeds.feeds_world import INFO, TODAY, voice, world

CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus"
SEEN = datetime(2026, 11, 24, 12, tzinfo=AMSTERDAM)
CONTROLS = [chr(n) for n in range(32) if chr(n) not in "\t\n\r\x0c"] + ["\x7f", "\x85", "\ufffe"]
NETS = ("unreadable", "reader-failed")
EVENT = """<html><body>
<ul class="agenda"{name}="1"><li class="item{name}" data{name}x="2"><a{name} href="/een">Koor</a>
<time{name} datetime="2026-12-05T20:00">5 dec</time></li></ul>
<div{name}y itemscope itemtype="https://schema.org/Event" item{name}="q"><b itemprop="name">Jazz</b>
<meta itemprop="startDate" content="2026-12-06T20:00"><a itemprop="url" href="/twee">x</a></div>
</body></html>"""


def caught(body: bytes) -> list[str]:
    told = read_guarded(read_any, Page("https://x.example/agenda", body, seen=SEEN))
    return [f"{p.code}: {p.detail}" for p in told.problems if p.code in NETS]


@pytest.mark.parametrize("path", sorted((CORPUS / "readers").iterdir()), ids=lambda p: p.name)
def test_no_seed_breaks_a_reader(path: Path) -> None:
    assert caught(path.read_bytes()) == []


@pytest.mark.parametrize("path", sorted((CORPUS / "dates").iterdir()), ids=lambda p: p.name)
@pytest.mark.parametrize("lang", ["nl", "en", "de"])
def test_no_seed_breaks_the_reader_of_dates(path: Path, lang: str) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    today = TODAY + timedelta(days=len(text))
    assert parse_when(text, today, lang) == parse_when(text, today, lang)


@pytest.mark.parametrize("name", ["dates", "query", "readers"])  # feeds are made with atheris's own dice
def test_what_fuzzing_kept_breaks_nothing(name: str) -> None:
    kept = load_kept(name)
    assert len(kept) > 50
    for data in kept:
        TARGETS[name](data)


def test_what_fuzzing_kept_as_calendars_is_told_as_it_is() -> None:
    kept = load_kept("feeds")
    assert len(kept) > 50
    assert all(lint_calendar(data) for data in kept)


@pytest.mark.parametrize("sign", CONTROLS, ids=lambda sign: f"{ord(sign):#x}")
def test_a_control_character_in_a_name_of_an_attribute_breaks_no_reading(sign: str) -> None:
    body = EVENT.format(name=sign).encode()
    assert caught(body) == []
    told = read_guarded(read_any, Page("https://x.example/agenda", body, seen=SEEN))
    assert "Jazz" in {raw.title for raw in told.events}


@pytest.mark.parametrize("sign", CONTROLS, ids=lambda sign: f"{ord(sign):#x}")
def test_a_control_character_in_any_word_reaches_no_feed(sign: str) -> None:
    event = world()[0]
    said: dict[str, Any] = {
        name: f"Jazz{sign}avond"
        for name in ("title", "subtitle", "description", "organiser", "price_text")
        if hasattr(event, name)
    }
    event = replace(event, **said, ticket_url=f"https://kaart.example/{sign}a")
    agenda = Agenda([event], INFO, TODAY)
    calendar = assemble_calendar(agenda, REGION, voice(), Pieces())
    assert lint_calendar(calendar) == []
    assert b"Jazz" in calendar
    for kind in KINDS:
        for form in ("rss", "atom", "json"):
            feed = assemble_feed(entries(agenda, REGION, kind), REGION, kind, form, voice(), Pieces())
            if form == "json":
                assert not re.search(rb"\\u00[01][0-8b-f]", feed), kind
            else:
                ET.fromstring(feed)
