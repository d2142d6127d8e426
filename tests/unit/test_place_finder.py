"""Where an event is, from each kind of evidence and where they contradict each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config_loader import find_config, load_region
from aggregator.model import RawPlace
from aggregator.normalise.place import PlaceFinder
from aggregator.region import Source
from aggregator.score.places import read_place, score_places

REGION = load_region(find_config(None))
FINDER = PlaceFinder(REGION)


def at(title: str | None = None, source: Source | None = None, **raw: str) -> str | None:
    return FINDER.find(RawPlace(**raw), title, source).municipality


POSTCODES = [
    ("7478 AB", "hof-van-twente"),
    ("7641bz", "wierden"),
    ("NL-7676 PK", "twenterand"),
    ("7687", "hellendoorn"),
    ("3511 LX", "outside"),
    ("7274 AA", "outside"),  # the other Geesteren
    ("7600 AA", None),  # post boxes: not in the table, yet not elsewhere
    ("7561 AA", "dinkelland"),
    ("7562 AA", "oldenzaal"),
    ("48529", None),
    ("onbekend", None),
]


@pytest.mark.parametrize(("postcode", "expected"), POSTCODES)
def test_a_postcode_settles_it(postcode: str, expected: str | None) -> None:
    assert at(postcode=postcode) == expected


PLACES = [
    ("Hengelo, gem. Bronckhorst", "outside"),
    ("Hengelo OV", "hengelo"),
    ("HENGELO (overijssel)", "hengelo"),
    ("Hengelo, Gelderland", "outside"),
    ("Rossum (Maasdriel)", "outside"),
    ("Rossum, gemeente Dinkelland", "dinkelland"),
    ("Geesteren bij Tubbergen", "tubbergen"),
    ("Haarle", None),
    ("Haarle, Ov.", None),
    ("Haarle (Raalte)", "hellendoorn"),
    ("Haarle bij Reutum", "tubbergen"),
    ("Deurningen", "dinkelland"),
    ("Noord-Deurningen", "dinkelland"),
    ("Stokkum", None),
    ("Markelo / Goor", "hof-van-twente"),
    ("Almelo en Wierden", None),
    ("Enschede-Zuid", "enschede"),
    ("omgeving Oldenzaal", None),
    ("'n Lutte", "losser"),
    ("Hoksebarge", "haaksbergen"),
    ("Sint-Isidorushoeve", "haaksbergen"),
    ("gem. Dinkelland", "dinkelland"),
    ("Beckum (Westfalen)", "outside"),
    ("Oude Markt 1, Enschede", "enschede"),
    ("Campus (Enschede)", "enschede"),
    ("Enschede, Deventer", None),  # a tour
    ("gem. Beuningen", "outside"),  # the municipality of that name is the other one
    ("Vreden", "outside"),
    ("Nieuwerdam", None),
    ("Twente", None),
    ("  ", None),
]


@pytest.mark.parametrize(("place", "expected"), PLACES)
def test_a_place_name_is_read_with_what_stands_behind_it(place: str, expected: str | None) -> None:
    assert at(place=place) == expected


@pytest.mark.parametrize("name", ["Beuningen", "Rossum", "Geesteren", "Haarle", "Stokkum", "Loo"])
def test_a_name_borne_elsewhere_settles_nothing_alone(name: str) -> None:
    place = FINDER.find(RawPlace(place=name))
    assert place.municipality is None
    assert "more than one" in place.because


def test_every_other_place_of_the_region_is_found_by_its_names() -> None:
    for municipality in REGION.municipalities.values():
        for settlement in municipality.places:
            names = (settlement.name, *settlement.aliases) if settlement.alone else settlement.aliases
            for name in names:
                assert at(place=name) == municipality.id, name


def test_every_venue_is_found_by_name_and_town() -> None:
    missed = []
    for venue in REGION.venues.values():
        for name in (venue.name, *venue.aliases, *venue.former):
            found = FINDER.find(RawPlace(name=name, place=venue.place))
            if (found.municipality, found.venue) != (venue.municipality, venue.id):
                missed.append((name, venue.place, found.municipality, found.venue))
    assert missed == []


ADDRESSES = [
    ("Marktstraat 2, Ootmarsum", "dinkelland"),
    ("Kerkstraat 8a Markelo", "hof-van-twente"),
    ("Enschedesestraat 12", None),
    ("Almelosestraat 1, 7495 TG Ambt Delden", "hof-van-twente"),
    ("Neude 11, Utrecht", "outside"),
    ("Oldenzaalseweg 4", None),
]


@pytest.mark.parametrize(("address", "expected"), ADDRESSES)
def test_a_street_called_after_a_town_is_not_that_town(address: str, expected: str | None) -> None:
    assert at(address=address) == expected


def test_a_street_and_number_give_the_house() -> None:
    found = FINDER.find(RawPlace(address="Stroinksbleekweg 16, Enschede"))
    assert (found.municipality, found.venue) == ("enschede", "tetem")


POINTS = [
    ("52.3134", "6.9290", "oldenzaal"),
    ("6.9290", "52.3134", "oldenzaal"),  # the wrong way round
    ("52,3134", "6,9290", "oldenzaal"),
    ("0", "0", None),
    ("52.0907", "5.1214", "outside"),
    ("52.3007", "7.1576", "outside"),
    ("91", "6.9", None),
    ("noord", "oost", None),
]


@pytest.mark.parametrize(("latitude", "longitude", "expected"), POINTS)
def test_coordinates(latitude: str, longitude: str, expected: str | None) -> None:
    assert at(latitude=latitude, longitude=longitude) == expected


def test_no_postcode_area_lies_in_a_wrong_municipality() -> None:
    for municipality in REGION.municipalities.values():
        for lat, lon in municipality.centres.values():
            assert at(latitude=str(lat), longitude=str(lon)) in (municipality.id, None)


NAMES = [
    ("Metropool", None, None),
    ("Metropool Enschede", "enschede", "metropool-enschede"),
    ("Atak", "enschede", "metropool-enschede"),
    ("Zaal Rouwhorst", "oldenzaal", "rouwhorst"),
    ("De Ster", None, None),
    ("Kulturhus", None, None),
    ("Parkeerplaats Ootmarsum", "dinkelland", None),
    ("Escaperoom Press Enter", None, None),
    ("Sporthal Enter", "wierden", None),
    ("De Philharmonie, Haarlem", "outside", None),
    ("Hotel Rotterdam", None, None),
    ("Grote Zaal", None, None),
    ("online", None, None),
    ("Oyfo / Storkhal", "hengelo", None),
    ("plein naast Storkhal", None, None),
]


@pytest.mark.parametrize(("name", "municipality", "venue"), NAMES)
def test_the_name_of_a_location(name: str, municipality: str | None, venue: str | None) -> None:
    found = FINDER.find(RawPlace(name=name))
    assert (found.municipality, found.venue) == (municipality, venue)


def test_a_hall_is_told_apart_from_its_house() -> None:
    found = FINDER.find(RawPlace(name="Schouwburg Hengelo - Middenzaal"))
    assert (found.venue, found.hall, found.name) == ("schouwburg-hengelo", "Middenzaal", "Schouwburg Hengelo")


CONTRADICTIONS: list[tuple[dict[str, str], str | None]] = [
    ({"place": "Enschede", "postcode": "3511 LX"}, None),
    ({"place": "Rossum", "postcode": "5328 AA"}, "outside"),
    ({"name": "Metropool", "place": "Almelo", "postcode": "7551 EC"}, "almelo"),  # a chain's one postcode
    ({"name": "Theater De Kappen", "place": "Enschede"}, "haaksbergen"),
    ({"name": "Theater De Kappen", "place": "Arnhem"}, "outside"),
    ({"name": "De Kroeg", "place": "Losser"}, "losser"),
    ({"place": "Geesteren", "latitude": "52.4232", "longitude": "6.72"}, "tubbergen"),
    ({"place": "Geesteren", "latitude": "52.14", "longitude": "6.53"}, "outside"),
    ({"place": "Enschede", "latitude": "52.09", "longitude": "5.12"}, "enschede"),
    ({"place": "Haarle", "name": "Dorpshuis"}, "hellendoorn"),
    ({"country": "Duitsland", "name": "Kulturzentrum"}, "outside"),
    ({"country": "NL", "place": "Borne"}, "borne"),
]


@pytest.mark.parametrize(("raw", "expected"), CONTRADICTIONS)
def test_where_evidence_contradicts(raw: dict[str, str], expected: str | None) -> None:
    assert at(**raw) == expected


TITLES = [
    ("Kermis in Vasse", "tubbergen"),
    ("Winterconcert Kulturhus Holten", "rijssen-holten"),
    ("Zingen in Enter-stijl", None),
    ("Verliefd op Losser", None),
    ("Steeds losser in het zadel", None),
]


@pytest.mark.parametrize(("title", "expected"), TITLES)
def test_a_title_counts_only_when_it_says_in_or_names_a_house(title: str, expected: str | None) -> None:
    assert at(title) == expected


HOMES: list[tuple[str, dict[str, str], str | None, str | None]] = [
    ("schouwburg-hengelo", {}, "hengelo", "schouwburg-hengelo"),
    ("schouwburg-hengelo", {"name": "Rabozaal"}, "hengelo", "schouwburg-hengelo"),
    ("schouwburg-hengelo", {"name": "Kleine zaal"}, "hengelo", "schouwburg-hengelo"),
    ("schouwburg-hengelo", {"name": "Kulturhus Borne"}, "borne", "kulturhus-borne"),
    ("schouwburg-hengelo", {"place": "Zwolle"}, "outside", None),
    ("schouwburg-hengelo", {"place": "Nergenshuizen"}, None, None),
    ("schouwburg-hengelo", {"name": "Sporthal Zaal Jansen"}, "hengelo", None),
    ("stadstheater-de-bond", {"name": "Schouwburg Amphion Doetinchem"}, None, None),
    ("uit-in-hengelo", {"name": "De Kroeg"}, "hengelo", None),
    ("ootmarsum-dinkelland", {"place": "Rossum"}, "dinkelland", None),
    ("hellendoorn-net", {"place": "Haarle"}, "hellendoorn", None),
    ("metropool", {"name": "Metropool"}, None, None),
    ("metropool", {"place": "Beuningen"}, "losser", None),
    ("phion", {"name": "Stadskerk"}, None, None),
    ("uit-in-enschede", {"name": "Diverse locaties"}, None, None),
    ("uit-in-enschede", {"place": "Overijssel"}, "enschede", None),
]


@pytest.mark.parametrize(("source", "raw", "municipality", "venue"), HOMES)
def test_the_source_is_the_last_resort(
    source: str, raw: dict[str, str], municipality: str | None, venue: str | None
) -> None:
    found = FINDER.find(RawPlace(**raw), None, REGION.sources[source])
    assert (found.municipality, found.venue) == (municipality, venue)


def test_every_answer_says_why() -> None:
    assert FINDER.find(None).because == "nothing tells where it is"
    assert FINDER.find(RawPlace(postcode="7621AA")).because == "postcode 7621 AA lies in Borne"


WORDS = [*(place for place, _ in PLACES), *(name for name, _, _ in NAMES), "7511 AB"]
TEXT = st.one_of(st.none(), st.text(max_size=40), st.sampled_from(WORDS))


@given(name=TEXT, place=TEXT, address=TEXT, postcode=TEXT, latitude=TEXT, longitude=TEXT, title=TEXT)
def test_no_text_breaks_it(title: str | None, **raw: str | None) -> None:
    found = FINDER.find(RawPlace(**raw), title)
    assert found.municipality in {*REGION.municipalities, "outside", None}
    assert found.because
    if found.venue is not None:
        assert REGION.venues[found.venue].municipality == found.municipality


def test_read_place_takes_numbers_and_gaps() -> None:
    assert read_place({"latitude": 52.5, "place": None}) == RawPlace(latitude="52.5")
    assert read_place(None) is None


@pytest.mark.gold
def test_the_labelled_places(gold: Path) -> None:
    rows = {(r.group, r.measure): r for r in score_places(gold, REGION)}
    assert rows["all", "municipality"].share >= 0.99, rows["all", "municipality"].misses
    assert rows["all", "not-wrong"].share == 1.0, rows["all", "not-wrong"].misses


def test_no_labelled_places_give_no_rows(tmp_path: Path) -> None:
    assert score_places(tmp_path, REGION) == []
