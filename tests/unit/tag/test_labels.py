"""Genres, audience, ages, facts, local words: what residents ask for beside the pillars."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.errors import ConfigMistakesError
from aggregator.model import Event, EventOccurrence, Occurrence, Place, Price, Timed
from aggregator.tag.ages import read_ages
from aggregator.tag.facts import read_facts
from aggregator.tag.genres import load_genres
from aggregator.tag.review import weakest
from aggregator.tag.tagger import Tagger

REGION = load_region(find_config(Path(__file__).parents[3] / "config"))
TAGGER = Tagger(REGION)
START = datetime(2026, 12, 5, 19, tzinfo=UTC)


def event(title: str, description: str = "", **more: Any) -> Event:
    when = EventOccurrence("o1", Occurrence(Timed(START)))
    place = more.pop("place", Place("hengelo"))
    return Event("e1", title, (when,), place, (), description=description, **more)


LABELS = [
    ("Jazzavond", "", "jazz"),
    ("Strijkkwartet Lumen", "Zij spelen Schubert.", "klassiek"),
    ("Poppentheater", "Voor kleuters.", "jeugdtheater"),
    ("Stadswandeling met gids", "", "rondleiding"),
    ("Workshop linosnede", "", "workshop"),
    ("Familievoorstelling", "", "gezinnen"),
    ("Dansstuk", "Een woordeloze voorstelling.", "language-no-problem"),
    ("Lezing", "De zaal is rolstoeltoegankelijk.", "wheelchair"),
    ("Tuinconcert", "Bij regen binnen.", "outdoors"),
    ("Schrijfles", "Aanmelden verplicht.", "registration"),
    ("Klankmiddag", "Toegang gratis.", "free"),
    ("Bouwen", "Voor 8 tot 12 jaar.", "kinderen"),
    ("Brug over de rivier", "Film, Engels gesproken, Nederlands ondertiteld.", "language-no-problem"),
    ("Mimespel", "Voorstelling zonder tekst.", "language-no-problem"),
    ("Concert", "De kerk is toegankelijk met een rolstoel.", "wheelchair"),
    ("Theater in het bos", "Bij slecht weer wijken we uit.", "outdoors"),
    ("Workshop", "Opgeven kan tot 3 maart.", "registration"),
    ("Open lab", "Please register by email.", "registration"),
    ("Lesung", "Der Eintritt ist frei.", "free"),
    ("Een muis zoekt zijn huis (4+)", "", "kinderen"),
]
NOT = [
    ("Lezing", "De molen is niet toegankelijk voor rolstoelen.", "wheelchair"),
    ("Schrijfles", "Aanmelden is niet nodig.", "registration"),
    ("Schrijfles", "Kaarten 12 euro, gratis parkeren.", "free"),
    ("Toneel", "Een stuk over een vrouw van 40 jaar.", "kinderen"),
    ("Concert in de kerk", "", "outdoors"),
    ("Concert in het Parktheater", "", "outdoors"),
    ("De tuin van de filosoof", "Lezing in de bibliotheek.", "outdoors"),
    ("Japanse film", "Japans gesproken, Nederlands ondertiteld.", "language-no-problem"),
    ("Taalmiddag", "Oefen Nederlands met vrijwilligers.", "language-no-problem"),
    ("Inloop", "Je hoeft je niet aan te melden.", "registration"),
    ("Open avond", "Reserveren niet nodig, vol is vol.", "registration"),
    ("Concert", "Kaarten 10 euro, kinderen gratis.", "free"),
    ("Herdenkingsconcert", "Tachtig jaar bevrijding, voor 65+ met korting.", "kinderen"),
    ("Familie Bakker in 1850", "Lezing over een geslacht van wevers.", "gezinnen"),
]


@pytest.mark.parametrize(("title", "text", "label"), LABELS)
def test_label(title: str, text: str, label: str) -> None:
    tags = {t.tag: t for t in TAGGER.tag(event(title, text)).tags}
    assert label in tags, tags
    assert tags[label].because
    for language in ("nl", "en"):
        assert TAGGER.reason(tags[label].rule, language) != tags[label].rule, "no reason for residents"


@pytest.mark.parametrize(("title", "text", "label"), NOT)
def test_no_label(title: str, text: str, label: str) -> None:
    assert label not in {t.tag for t in TAGGER.tag(event(title, text)).tags}


AGES = [
    ("Knutselen (8+)", ["ages-8-up", "kinderen"]),
    ("voor kinderen van 6 t/m 12 jaar", ["ages-6-12", "kinderen"]),
    ("ages 12 to 16", ["ages-12-16", "kinderen"]),
    ("ab 6 Jahren", ["ages-6-up", "kinderen"]),
    ("Feest (18+)", ["ages-18-up"]),
    ("van 14.00 tot 16.00 uur, 15-12-2026, € 8 + 2", []),
    ("Soos voor 50+", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "labels"), AGES)
def test_ages(text: str, labels: list[str]) -> None:
    assert [label for label, _ in read_ages(text)] == labels


def test_codes_and_words_of_sources() -> None:
    assert {t.tag for t in TAGGER.read("Zomeravond", categories=("2.6.2",)).tags} == {"jazz"}
    assert [t.tag for t in TAGGER.read("Zomeravond", categories=("2.6.2",)).pillars] == ["muziek"]
    assert not TAGGER.read("Zomeravond", categories=("2.3.13",)).culture
    assert TAGGER.read("Zomeravond", categories=("2.6.25",)).tags == ()
    assert TAGGER.genres.ndtrc("jazz") == ("2.6.2",)
    assert TAGGER.genres.schema_type("jazz") == "MusicEvent"
    assert TAGGER.genres.schema_type("nothing") == "Event"
    assert TAGGER.genres.name("jazz", "de") == "Jazz und Blues"


def test_facts() -> None:
    paid = event("Avond", price=Price(Decimal(12), Decimal(15)))
    assert read_facts(paid) == ("kaartprijs", "aanvangstijd")
    assert read_facts(event("Avond", price=Price(free=True))) == ("gratis", "aanvangstijd")
    assert "free" in {t.tag for t in TAGGER.tag(event("Avond", price=Price(free=True))).tags}
    assert "free" not in {
        t.tag for t in TAGGER.tag(event("Avond", "Gratis drankje", price=Price(Decimal(12)))).tags
    }


EVERYDAY = [
    event("Robotworkshop: kevers van draad (8+)", "Kinderen bouwen en programmeren."),
    event("Kees Uilenberg Kwintet"),
    event("Toneelgroep De Wagen – Vos zoekt huis (3+)", price=Price(Decimal(9))),
    event("De hoogste klas", types=("TheaterEvent",), price=Price(Decimal(19))),
    event("Weven met AI: een stad in beeld", "Workshop."),
    event("De gestolen maan", place=Place("hengelo", venue="schouwburg-hengelo")),
]


@pytest.mark.parametrize("one", EVERYDAY, ids=lambda e: e.title)
def test_clear_culture_is_never_hidden(one: Event) -> None:
    assert TAGGER.tag(one).hidden is None


LOCAL = {
    "rules": [{"id": "vlasrit", "weights": {"third-places": "1.0"}, "words": "vlasrit*",
               "reason": {"nl": "De vlasrit is van het dorp", "en": "The village's own"}}],
    "words": {"meeting-format": "poffernoabers"},
    "ignore": "koor van glas",
}  # fmt: skip


def test_local_rules_touch_their_own_events_only() -> None:
    tagger = Tagger(replace(REGION, raw={**REGION.raw, "municipalities/borne": LOCAL}))
    for title in ("Vlasrit", "Poffernoabers"):
        own = tagger.tag(event(title, place=Place("borne")))
        assert [t.tag for t in own.pillars] == ["third-places"]
        assert tagger.tag(event(title)).pillars == ()
    assert tagger.reason("vlasrit", "en") == "The village's own"
    assert tagger.tag(event("Koor van glas", place=Place("borne"))).pillars == ()
    assert [t.tag for t in tagger.tag(event("Koor van glas")).pillars] == ["muziek"]


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("municipalities/nowhere", LOCAL, "no municipality is called nowhere"),
        ("municipalities/borne", {"words": {"no-such": "a"}}, "no rule is called no-such"),
        ("municipalities/borne", {"colour": "red"}, "municipalities/borne.yaml colour"),
        ("municipalities/borne", ["a"], "write rules:, words:, ignore: or page:"),
        ("learned", {"pillars": ["muziek"], "bias": ["1"]}, "trek tag learn"),
        ("genres", {"genres": [{"id": "a", "name": {"nl": "A"}}]}, "genres.yaml genres.0.schema"),
    ],
)
def test_mistakes_are_named(name: str, raw: Any, words: str) -> None:
    with pytest.raises(ConfigMistakesError) as caught:
        Tagger(replace(REGION, raw={**REGION.raw, name: raw}))
    assert words in str(caught.value)


def test_no_file_of_genres_is_no_genres() -> None:
    assert load_genres(replace(REGION, raw={})).rules == ()


def test_weakest_first() -> None:
    events = [event("Koorconcert", "Het koor zingt."), replace(event("Avond met viool"), uid="e2")]
    weak = weakest(TAGGER, events)
    assert weak
    assert [abs(w.margin) for w in weak] == sorted(abs(w.margin) for w in weak)
    assert all(w.label in (*REGION.pillars, "not-an-event", "not-culture") for w in weak)
    assert weakest(TAGGER, events, most=1) == weak[:1]
