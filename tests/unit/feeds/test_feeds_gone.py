"""What no source lists any more: told to the press as that, never as called off, and told when it is back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import feedparser
import pytest

from aggregator.journal import edits as journal
from aggregator.model import Edit, Event, Status, Timed
from feeds.card import Voice
from feeds.changes import Kind, announcements
from feeds.info import SiteInfo
from feeds.news import Entry, changed_for, entries
from feeds.pieces import Pieces, assemble_feed
from feeds.select import Agenda
from feeds.urls import REGION, Scope
from tests.unit.feeds.feeds_world import INFO, MUSIC, SEEN, TODAY, at, event, occurrence, voice

LATER = SEEN.replace(hour=9)
BACK = SEEN.replace(hour=12)
CONCERT = event(
    "e",
    "Concert",
    occurrence("o1", Timed(at(12))),
    occurrence("o2", Timed(at(28))),
    pillars=MUSIC,
)


def gone(known: Event = CONCERT) -> tuple[Event, list[Edit]]:
    """The event when no source lists it any more, and its journal."""
    now = replace(known, hidden="withdrawn", listings=(), modified=LATER)
    return now, [*journal(None, known, SEEN), *journal(known, now, LATER)]


def read(found: list[Entry], scope: Scope, language: Voice) -> Any:
    """The RSS feed of the entries, as a reader sees it."""
    feed = feedparser.parse(assemble_feed(found, scope, "changed", "rss", language, Pieces()))
    assert not feed.bozo
    return feed


def told(known: Event = CONCERT, info: SiteInfo = INFO, scope: Scope = REGION) -> list[str]:
    """The titles of the items in the feed of changes."""
    now, lines = gone(known)
    agenda = Agenda([now], info, TODAY, lines)
    found = entries(agenda, scope, "changed")
    feed = read(found, scope, voice("nl", info))
    return [str(item.title) for item in feed.entries]


def test_it_is_told_to_all_who_had_it_with_its_next_date() -> None:
    wanted = ["za 28 nov 20:00 · NIET MEER BIJ DE BRON: Concert — De Spil, Hengelo"]
    homes = (
        REGION,
        Scope("hengelo"),
        Scope(pillar="muziek"),
        Scope("hengelo", "muziek"),
        Scope(venue="de-spil"),
    )
    assert all(told(scope=scope) == wanted for scope in homes)
    assert told(scope=Scope("enschede")) == []


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("nl", "Staat niet meer bij de bron. Dat betekent niet zeker dat het niet doorgaat: vraag het na."),
        ("en", "The source does not list it any more. That does not mean for certain that it is off"),
        ("de", "Steht nicht mehr bei der Quelle. Das heißt nicht sicher, dass es ausfällt"),
    ],
)
def test_the_text_does_not_call_it_off(language: str, line: str) -> None:
    now, lines = gone()
    found = entries(Agenda([now], INFO, TODAY, lines), REGION, "changed")
    feed = read(found, REGION, voice(language))
    assert feed.entries[0].summary.startswith(line)
    assert feed.entries[0].id == "urn:trek:e#20261120T093000"


def test_it_is_in_the_feed_of_a_choice_that_took_it() -> None:
    now, lines = gone()
    agenda = Agenda([now], INFO, TODAY, lines)
    assert [e.id for e in changed_for(agenda, lambda e: e.place.municipality == "hengelo")] == [
        "e#20261120T093000"
    ]
    assert changed_for(agenda, lambda e: e.place.municipality == "enschede") == []


def test_it_is_nowhere_else() -> None:
    now, lines = gone()
    agenda = Agenda([now], INFO, TODAY, lines)
    assert entries(agenda, REGION, "new") == entries(agenda, REGION, "week") == []
    assert agenda.showings(REGION) == []


def test_when_it_is_back_both_are_told() -> None:
    now, lines = gone()
    again = replace(CONCERT, modified=BACK)
    found = announcements(again, [*lines, *journal(now, again, BACK)])
    assert [(c.kind, c.again) for news in found for c in news.changes] == [
        (Kind.LISTED, False),
        (Kind.WITHDRAWN, True),
    ]


@pytest.mark.parametrize(
    "known",
    [
        event("e", "Concert", occurrence("o", Timed(at(19)))),  # it has been
        event("e", "Concert", occurrence("o", Timed(at(28)), Status.CANCELLED)),  # told before, as what it is
        event("e", "Concert", occurrence("o", Timed(at(28))), hidden="private"),
        event("e", "Concert", occurrence("o", Timed(at(28))), sources=(("nobody", "https://n.example/"),)),
    ],
)
def test_nothing_is_told_of_what_nobody_waits_for(known: Event) -> None:
    assert [title for title in told(known) if "BRON" in title] == []


def test_nothing_is_told_of_a_source_that_was_taken_out_or_a_venue_that_left() -> None:
    off = {**INFO.sources, "de-spil": replace(INFO.sources["de-spil"], off=True)}
    assert told(info=replace(INFO, sources=off)) == []
    assert told(info=INFO.without(["de-spil"])) == []
