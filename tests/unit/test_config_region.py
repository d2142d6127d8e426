"""The real configuration is sound, complete over the fourteen municipalities, and says what is unsure."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.errors import UsageError
from aggregator.fields import parse_interval
from aggregator.region import Region
from aggregator.show import check_config, show_config

MUNICIPALITIES = (
    "almelo borne dinkelland enschede haaksbergen hellendoorn hengelo hof-van-twente losser oldenzaal "
    "rijssen-holten tubbergen twenterand wierden"
).split()


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(find_config(None))


def test_it_has_no_mistake() -> None:
    assert [str(m) for m in check_config(find_config(None))] == []


def test_all_municipalities_and_pillars_are_there(region: Region) -> None:
    assert sorted(region.municipalities) == MUNICIPALITIES
    assert list(region.pillars) == ["third-places", "muziek", "createch"]
    assert all(set(p.name) == set(region.settings.languages) for p in region.pillars.values())
    assert set(region.feeds.title) == set(region.settings.languages)


@pytest.mark.parametrize("home", MUNICIPALITIES)
def test_each_municipality_has_places_venues_and_sources(region: Region, home: str) -> None:
    municipality = region.municipalities[home]
    assert municipality.code.startswith("GM")
    assert municipality.box
    assert municipality.centres
    assert {code for p in municipality.places for code in p.postcodes} == set(municipality.centres)
    assert len(region.venues_of(home)) >= 5
    assert len(region.sources_of(home)) >= 3
    assert any(s.enabled for s in region.sources_of(home))


def test_no_postcode_is_in_two_municipalities(region: Region) -> None:
    codes = [code for m in region.municipalities.values() for code in m.centres]
    assert len(codes) == len(set(codes)) == 122


def test_every_source_is_polite_and_unverified(region: Region) -> None:
    assert len(region.sources) >= 80
    assert sum(s.enabled for s in region.sources.values()) >= 80
    for source in region.sources.values():
        assert not source.verified, source.id
        assert source.rights == "facts", source.id
        assert source.every >= timedelta(hours=6), source.id
        assert source.enabled or source.note, f"{source.id} is off without a reason"


def test_no_two_enabled_sources_read_the_same_list(region: Region) -> None:
    lists = [u.rstrip("/") for s in region.sources.values() if s.enabled for u in s.start_urls]
    assert len(lists) == len(set(lists))
    assert all(urlsplit(url).hostname for url in lists)


def test_venues_from_memory_are_marked(region: Region) -> None:
    unsure = [v for v in region.venues.values() if "all" in v.unverified]
    assert unsure
    assert not any(v.verified for v in unsure)


def test_the_overview_counts(region: Region) -> None:
    text = show_config(region)
    assert f"sources         {len(region.sources)} (" in text
    assert all(home in text for home in MUNICIPALITIES)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("hengelo", ("GM0164", "schouwburg-hengelo", "uit-in-hengelo")),
        ("region", ("visit-twente",)),
        ("tetem", ("createch", "https://tetem.nl/")),
        ("pillars", ("createch  CREATECH",)),
        ("sources", ("(not enabled)",)),
        ("feeds", ("base_url", "https://")),
    ],
)
def test_one_thing_is_shown_with_what_belongs_to_it(
    region: Region, what: str, words: tuple[str, ...]
) -> None:
    text = show_config(region, what)
    assert all(word in text for word in words)


def test_an_unknown_name_gets_a_hint(region: Region) -> None:
    with pytest.raises(UsageError, match="did you mean hengelo"):
        show_config(region, "hengello")


@pytest.mark.parametrize(("text", "hours"), [("6h", 6), ("1d", 24), ("2w", 336), ("90m", 1.5)])
def test_an_interval_is_a_number_and_a_unit(text: str, hours: float) -> None:
    assert parse_interval(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "d", "0d", "1", "1.5h", "-1d", "1 d", "²d"])
def test_anything_else_is_no_interval(text: str) -> None:
    with pytest.raises(ValueError, match="no interval"):
        parse_interval(text)
