"""An event explained, in Dutch, English and German."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import find_config, load_region
from aggregator.correct.group import DECIDED
from aggregator.dedupe.merge import FIELDS
from aggregator.dedupe.spot import Where
from aggregator.dedupe.times import When
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
    RawPlace,
    Ruling,
    Status,
    Tag,
    Timed,
)
from aggregator.normalise.place import PlaceFinder
from aggregator.review import Near
from aggregator.wording import load_wording

FINDER = PlaceFinder(load_region(find_config(None)))
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
  Titel: metropool (quiz-42)
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


RULED = replace(
    EVENT,
    featured=True,
    place=replace(EVENT.place, because="postcode 7551 AA lies in Hengelo"),
    links=(Link(A, B, 0.93, "the same title, on the same day, doors against start, at the same venue"),),
    evidence={
        "status": Evidence(A, ((B, "cancelled"),)),
        "ticket_url": Evidence(
            ListingRef("correction", "Gebeld. (podium, 2026-11-24)"), ((A, "https://x.nl"),)
        ),
    },
    rulings=(Ruling("correct", "Gebeld.", "podium", date(2026, 11, 24), "m1"),),
)
OTHER = Near(
    "uid-9", "Pubquiz", EVENT.occurrences[0].occurrence, 0.31, "alike titles, on other days, at two venues"
)
DUTCH_WORDS = (
    "dezelfde titel, op dezelfde dag, zaal open tegenover aanvang, op dezelfde plek (zekerheid 0.93)",
    "want postcode 7551 AA ligt in Hengelo.",
    "Het is uitgelicht op de pagina van de gemeente.",
    "  24 november 2026, podium: gegevens verbeterd: Gebeld.",
    "  Stand: metropool (quiz-42)",
    "zegt: afgelast",
    "  Kaarten: verbeterd: Gebeld. (podium, 2026-11-24)",
    "Lijkt erop, maar is iets anders:",
    "  Pubquiz, 1 december 2026, 20.00 uur tot 22.30 uur (uid-9): titels die op elkaar lijken, "
    "op andere dagen, op twee plekken, maar te weinig wijst op hetzelfde (zekerheid 0.31)",
)
GERMAN_WORDS = (
    "Diese Veranstaltung steht im Kalender.",
    "derselbe Titel, am selben Tag, Einlass gegen Beginn, am selben Ort (Sicherheit 0.93)",
    "denn: Postleitzahl 7551 AA liegt in Hengelo.",
    "1. Dezember 2026, 20:00 Uhr bis 22:30 Uhr",
    "  24. November 2026, podium: Angaben berichtigt: Gebeld.",
    "  Karten: berichtigt: Gebeld. (podium, 2026-11-24)",
)


def test_decisions_fields_and_doubles_in_plain_words() -> None:
    text = explain_event(RULED, "nl", apart=[OTHER])
    assert [line for line in DUTCH_WORDS if line not in text] == []
    assert not set("title status ticket_url because venue cancelled same".split()) & set(text.split())
    german = explain_event(RULED, "de", apart=[OTHER])
    assert [line for line in GERMAN_WORDS if line not in german] == []


def test_a_merge_that_a_person_decided_says_so() -> None:
    link = Link(A, B, 1.0, f"{DECIDED}Zelfde quiz. (redactie, 2026-11-24)")
    text = explain_event(replace(EVENT, links=(link,)), "nl")
    assert "zijn hetzelfde; dat heeft een mens besloten: Zelfde quiz. (redactie, 2026-11-24)" in text


@pytest.mark.parametrize("lang", ["nl", "de"])
def test_every_reason_of_the_comparison_has_words(lang: str) -> None:
    folder = Path(__file__).parents[2] / "aggregator" / "dedupe"
    returned = re.findall(r'return "([a-z][^"]+)"', (folder / "veto.py").read_text("utf-8"))
    returned += re.findall(r'said = "([^"]+)"', (folder / "compare.py").read_text("utf-8"))
    assert len(returned) > 15
    words = load_wording(lang)
    for english in (*returned, *When, *Where):
        assert words.because(english) != english
    assert [
        n for n in (*FIELDS, "title", "place", "occurrences", "status") if words.name("field", n) == n
    ] == []


def test_languages_have_the_same_words_with_the_same_facts() -> None:
    def shape(lang: str) -> dict[str, set[str]]:
        sections = load_wording(lang).texts.items()
        return {
            f"{s}.{k}": set(re.findall(r"{(\w+)", text)) for s, rows in sections for k, text in rows.items()
        }

    assert shape("nl") == shape("en") == shape("de")
    patterns = [[p.pattern for p, _ in load_wording(lang).sentences] for lang in ("nl", "de")]
    assert patterns[0] == patterns[1]


PLACES = [
    RawPlace(name="Metropool", place="Hengelo"),
    RawPlace(place="Hengelo (Gld)"),
    RawPlace(address="Straat 1, 7551 AA Hengelo"),
    RawPlace(address="Straat 1, 1011 AA Amsterdam"),
    RawPlace(place="Haarle"),
    RawPlace(name="Rabozaal"),
    RawPlace(name="Nergenshuis"),
    RawPlace(place="Nergensdorp"),
    RawPlace(country="Frankrijk"),
    RawPlace(latitude="52.266", longitude="6.793"),
    RawPlace(latitude="48.8", longitude="2.3"),
    RawPlace(place="Hengelo / Borne"),
    RawPlace(name="Dorpshuis Enter"),
    RawPlace(),
]
ENGLISH = re.compile(r"\b(?:lies|place|venue|the|source|outside|known|can be|nothing|coordinates)\b")


@pytest.mark.parametrize("raw", PLACES, ids=str)
@pytest.mark.parametrize("lang", ["nl", "de"])
def test_reasons_for_a_place_are_said_without_english(raw: RawPlace, lang: str) -> None:
    said = load_wording(lang).because(FINDER.find(raw).because)
    assert said
    assert not ENGLISH.search(said), said
