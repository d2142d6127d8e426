"""An event explained, in Dutch and in English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.explain import explain_event, find_event
from aggregator.model import (
    AllDay,
    Event,
    EventOccurrence,
    Evidence,
    Link,
    ListingRef,
    Occurrence,
    Place,
    Status,
    Tag,
    Timed,
)

A, B = ListingRef("metropool", "quiz-42"), ListingRef("uitinhengelo", "https://x.nl/quiz")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=AMSTERDAM)


EVENT = Event(
    "uid-1",
    "Quiz",
    (
        EventOccurrence("o1", Occurrence(Timed(at(1, 20), at(1, 22, 30)))),
        EventOccurrence(
            "o2", Occurrence(Timed(at(2, 23), at(3, 2)), Status.CANCELLED), previous=Timed(at(1, 20))
        ),
        EventOccurrence("o3", Occurrence(AllDay(date(2026, 12, 4), date(2026, 12, 6)), Status.SOLD_OUT)),
        EventOccurrence("o4", Occurrence(AllDay(None, date(2026, 12, 9)))),
        EventOccurrence("o5", Occurrence(AllDay(date(2026, 12, 8)))),
    ),
    Place("hengelo", name="Metropool", hall="zaal 1", because="adres"),
    (A, B),
    pillars=(Tag("muziek", "concert", "“band”"),),
    evidence={"title": Evidence(A, ((B, "Grote quiz"),))},
    links=(Link(A, B, 0.93, "dezelfde avond in dezelfde zaal"),),
    aliases=("uid-0",),
)

DUTCH = """\
Quiz [uid-1]
Dit evenement staat in de agenda.

2 vermeldingen zijn samen dit evenement:
  metropool (quiz-42)
  uitinhengelo (https://x.nl/quiz)
  metropool (quiz-42) en uitinhengelo (https://x.nl/quiz) zijn hetzelfde, want dezelfde avond \
in dezelfde zaal (zekerheid 0.93)

Waar: zaal 1, Metropool, hengelo, want adres.
Wanneer:
  1 december 2026, 20.00 uur tot 22.30 uur
  2 december 2026, 23.00 uur tot 3 december 2026, 02.00 uur; afgelast; \
verplaatst van 1 december 2026, 20.00 uur
  4 december 2026 t/m 6 december 2026; uitverkocht
  t/m 9 december 2026, begin onbekend
  8 december 2026

Pijlers:
  muziek: “band” (regel concert)

Waar elk gegeven vandaan komt:
  title: metropool (quiz-42)
    uitinhengelo (https://x.nl/quiz) zegt: Grote quiz

Het verving eerder: uid-0."""


def test_in_dutch() -> None:
    assert explain_event(EVENT, "nl") == DUTCH


def test_in_english() -> None:
    text = explain_event(EVENT, "en")
    assert "2 listings together are this event:" in text
    assert (
        "2 December 2026, 23:00 until 3 December 2026, 02:00; cancelled; moved from 1 December 2026, 20:00"
        in text
    )
    assert explain_event(EVENT, "fr") == text


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            {"hidden": "private", "hidden_because": "besloten"},
            "This event is kept out of the calendar: it is private (besloten).",
        ),
        ({"hidden": "outside"}, "This event is kept out of the calendar: it is outside the region."),
        ({"listings": (A,), "links": ()}, "One source lists it: metropool (quiz-42)."),
        ({"listings": (), "links": ()}, "No source lists it any more."),
        ({"place": Place()}, "Where: unknown."),
        ({"pillars": ()}, "No pillar fits it."),
    ],
)
def test_what_is_different_is_said(change: dict[str, object], line: str) -> None:
    assert line in explain_event(replace(EVENT, **change), "en").split("\n")  # type: ignore[arg-type]


def test_rules_are_told_in_words() -> None:
    words = {"nl": "Muziek staat op het programma", "en": "Music is on the programme"}
    text = explain_event(EVENT, "nl", lambda rule, lang: words[lang])
    assert "  muziek: Muziek staat op het programma: “band” (regel concert)" in text.split("\n")
    text = explain_event(EVENT, "en", lambda rule, lang: words[lang])
    assert "  muziek: Music is on the programme: “band” (rule concert)" in text.split("\n")


def test_links_that_say_nothing_new_are_left_out() -> None:
    c = ListingRef("tickets", "7")
    links = (Link(A, B, 0.9, "one"), Link(A, c, 0.7, "two"), Link(B, c, 0.8, "three"))
    text = explain_event(replace(EVENT, listings=(A, B, c), links=links), "en")
    assert "because one" in text
    assert "because three" in text
    assert "because two" not in text


class Shelf:
    """A store of one event."""

    def event(self, uid: str) -> Event | None:
        return EVENT if uid == EVENT.uid else None

    def events(self, *, hidden: bool = False) -> Iterator[Event]:
        yield EVENT


def test_found_by_its_own_uid_and_by_that_of_a_date() -> None:
    assert find_event(Shelf(), EVENT.uid) is EVENT
    assert find_event(Shelf(), EVENT.occurrences[-1].uid) is EVENT
    assert find_event(Shelf(), "other") is None
