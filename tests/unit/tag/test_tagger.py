"""What the tagger says of events; texts are our own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.model import Event, EventOccurrence, Occurrence, Place, Timed
from aggregator.tag.tagger import Tagger

TAGGER = Tagger(load_region(find_config(Path(__file__).parents[3] / "config")))

PILLARS: list[tuple[str, str, tuple[str, ...]]] = [
    ("Voorjaarsconcert", "Mannenkoor en orkest in de dorpskerk.", ("muziek",)),
    ("Techno in de loods", "Drie dj's tot vier uur.", ("muziek",)),
    ("Een avond met viool en piano", "Twee jonge musici spelen Schubert.", ("muziek",)),
    ("Naaicafé", "Elke vrijdag, loop gerust binnen. De koffie staat klaar.", ("third-places",)),
    ("Buurtmaaltijd", "Schuif aan bij de buren, betalen naar vermogen.", ("third-places",)),
    ("Stille stroom", "Interactieve lichtinstallatie met sensoren van een jonge kunstenaar.", ("createch",)),
    ("Bouw een robot", "Kinderen solderen en programmeren hun eigen robot.", ("createch",)),
    ("Open synthavond", "Bouw samen een synthesizer, solderen kun je hier leren. Iedereen is welkom, "
     "binnenlopen kan de hele avond.", ("createch", "third-places")),
    ("Jamsessie", "Neem je gitaar mee, iedereen mag meedoen.", ("muziek", "third-places")),
    ("De boer en de bruid", "Toneelvereniging speelt een klucht. Kaarten aan de zaal.", ()),
    ("De laatste robot", "Speelfilm over een machine met een ziel, 96 minuten.", ()),
    ("Muziekquiz", "Raad de titel, met je team van zes.", ()),
    ("Schilderijen van de Dinkel", "Expositie van drie schilders.", ()),
]  # fmt: skip
KINDS: list[tuple[str, str, bool, bool]] = [
    ("Raad stemt in met nieuw theater", "De gemeenteraad heeft het plan aangenomen.", False, True),
    ("Mannenkoor zoekt tenoren", "Meld je bij de secretaris.", False, True),
    ("Kaartverkoop zomerfeest start vrijdag", "", False, True),
    ("Terugblik op een mooi festival", "Foto's en verhalen.", False, True),
    ("Voetbal: thuiswedstrijd", "Aftrap om drie uur op het sportpark.", True, False),
    ("Rommelmarkt", "Honderd kramen op het schoolplein.", True, False),
    ("Netwerkborrel", "Voor ondernemers uit de streek.", True, False),
    ("Raadsvergadering", "Openbaar, in de raadzaal.", True, False),
    ("Natuurwandeling", "Met de boswachter langs de beek.", True, False),
    ("Koningsdag", "Met optocht, rommelmarkt en muziek.", True, True),
    ("Kerstmarkt", "Kramen, koren en een levende kerststal.", True, True),
    ("Zomeravond", "", True, True),
]


@pytest.mark.parametrize(("title", "text", "pillars"), PILLARS, ids=[p[0] for p in PILLARS])
def test_pillars(title: str, text: str, pillars: tuple[str, ...]) -> None:
    read = TAGGER.read(title, text)
    assert (read.event, read.culture) == (True, True), read.reasons
    assert tuple(t.tag for t in read.pillars) == pillars, read.reasons
    assert all(t.rule and t.because for t in read.pillars)


@pytest.mark.parametrize(("title", "text", "event", "culture"), KINDS, ids=[k[0] for k in KINDS])
def test_event_and_culture(title: str, text: str, event: bool, culture: bool) -> None:
    read = TAGGER.read(title, text)
    assert (read.event, read.culture) == (event, culture), read.reasons


def test_source_types_tell_sport_and_council() -> None:
    assert not TAGGER.read("Zomeravond", types=("SportsEvent",)).culture
    assert not TAGGER.read("Zomeravond", types=("CouncilMeeting",)).culture
    assert TAGGER.read("Zomeravond", types=("MusicEvent",)).culture


def test_address_is_no_music() -> None:
    assert TAGGER.read("De Getuige", "Toneel. Parkeren onder het Muziekkwartier.").pillars == ()


def test_surname_is_no_music() -> None:
    assert TAGGER.read("Heksen", "Dr. Anna Koor vertelt over processen.").pillars == ()


def test_venue_is_a_hint_that_the_text_overrules() -> None:
    venues = TAGGER.region.venues.values()
    stage = next(v for v in venues if v.kind == "pop venue")
    assert [t.tag for t in TAGGER.read("Grijze Golf", venue=stage.id).pillars] == ["muziek"]
    assert TAGGER.read("Grijze Golf", "Stand-upcomedy", venue=stage.id).pillars == ()
    library = next(v for v in venues if v.kind == "library" and "third-places" in v.prior)
    assert TAGGER.read("Grijze Golf", venue=library.id).pillars == ()


def _event(title: str, description: str = "", place: Place | None = None) -> Event:
    start = datetime(2026, 10, 17, 18, tzinfo=UTC)
    when = EventOccurrence("o1", Occurrence(Timed(start)))
    return Event("e1", title, (when,), place or Place("hengelo"), (), description=description)


@pytest.mark.parametrize(
    ("event", "hidden"),
    [
        (_event("Koorconcert"), None),
        (_event("Besloten feestje"), "private"),
        (_event("Mannenkoor zoekt tenoren"), "not-an-event"),
        (_event("Handbaltoernooi"), "not-culture"),
        (_event("Koorconcert", place=Place("outside", because="Zwolle")), "outside"),
        (_event("Koorconcert", place=Place()), "no-municipality"),
    ],
)
def test_hidden(event: Event, hidden: str | None) -> None:
    tagged = TAGGER.tag(event)
    assert tagged.hidden == hidden
    assert bool(tagged.hidden_because) == (hidden not in (None, "no-municipality"))
    assert bool(tagged.pillars) == (hidden in (None, "outside", "no-municipality"))


def test_tags_beside_pillars() -> None:
    tagged = TAGGER.tag(_event("Jeugdtheater", "Voor kinderen vanaf vier jaar, gratis."))
    assert {t.tag for t in tagged.tags} == {"theater", "jeugdtheater", "kinderen", "free"}


def test_because_quotes_the_words_of_the_page() -> None:
    (tag,) = TAGGER.read("Kerstconcert", "Het Popkoor zingt.").pillars
    assert (tag.tag, tag.rule) == ("muziek", "concert")
    assert tag.because.startswith("“Kerstconcert”, “Popkoor”")
    assert TAGGER.reason(tag.rule) == "Muziek staat op het programma"


def test_tagging_twice_is_tagging_once() -> None:
    once = TAGGER.tag(_event("Jamsessie", "Iedereen mag meedoen."))
    assert TAGGER.tag(once) == once


def test_what_is_private_is_an_event_but_no_culture() -> None:
    read = TAGGER.read("Jazzavond (besloten)", "Een kwartet speelt.")
    assert read.event
    assert not read.culture
    assert read.because["private"] == "Jazzavond (besloten)"
    assert read.pillars == ()


def test_much_evidence_of_meeting_outweighs_a_sport() -> None:
    game = "Tafeltennis in het buurthuis"
    assert not TAGGER.read("Tafeltennistoernooi", "Inschrijven voor de wedstrijd.").culture
    together = "Schuif aan bij de buren, de koffie staat klaar en iedereen is welkom. Gratis, loop binnen."
    assert TAGGER.read(game, together).culture
