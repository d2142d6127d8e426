"""What the sample holds: enough of everything, the same every time, for any day."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Status, Tier
from crawlers.sample.markup import STYLES
from crawlers.sample.model import Programme
from crawlers.sample.programme import load_sources, load_venues, make_programme
from crawlers.sample.truth import REASONS, truth

TODAY = date(2026, 11, 25)
MUNICIPALITIES = set(
    "almelo borne dinkelland enschede haaksbergen hellendoorn hengelo hof-van-twente losser oldenzaal "
    "rijssen-holten tubbergen twenterand wierden".split()
)
PILLARS = {"third-places", "muziek", "createch"}


@pytest.fixture(scope="module")
def programme() -> Programme:
    return make_programme(TODAY)


def test_enough_of_everything(programme: Programme) -> None:
    known = truth(programme)
    assert len(programme.sources) >= 40
    assert len(known.shown) >= 600
    assert {s.municipality for s in programme.sources.values()} == MUNICIPALITIES | {"region"}
    agendas = [s for s in programme.sources.values() if s.tier is Tier.MUNICIPAL and s.style != "council"]
    assert len(agendas) == len(MUNICIPALITIES)
    assert {Tier.REGIONAL, Tier.SELLER, Tier.VENUE} < {s.tier for s in programme.sources.values()}


def test_every_pillar_and_none_in_every_municipality(programme: Programme) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for event in truth(programme).shown:
        found[event.municipality] |= event.pillars or {"none"}
    assert found == {m: PILLARS | {"none"} for m in MUNICIPALITIES}


def test_every_style_has_a_readable_site(programme: Programme) -> None:
    assert {s.style for s in programme.sources.values() if s.readable} == set(STYLES)


def test_the_same_day_gives_the_same_programme() -> None:
    assert make_programme(TODAY) == make_programme(TODAY)


def test_within_a_week_only_what_is_over_goes(programme: Programme) -> None:
    later = make_programme(TODAY + timedelta(days=3))
    before = {(e.source, e.path) for e in programme.entries}
    assert {(e.source, e.path) for e in later.entries} < before


def test_addresses_are_unique(programme: Programme) -> None:
    counts = Counter(programme.address(e) for e in programme.entries)
    assert [url for url, n in counts.items() if n > 1] == []


def test_no_house_has_two_events_at_once(programme: Programme) -> None:
    held: dict[tuple[str, object], set[str]] = defaultdict(set)
    for event in programme.events.values():
        for showing in event.showings:
            if isinstance(showing.start, datetime):
                held[(event.venue, showing.start)].add(event.id)
    assert {k: v for k, v in held.items() if len(v) > 1} == {}


def test_titles_of_a_house_tell_its_events_apart(programme: Programme) -> None:
    counts = Counter((e.venue, e.title) for e in programme.events.values())
    assert [key for key, n in counts.items() if n > 1] == []


def test_what_real_life_holds(programme: Programme) -> None:
    events, known = programme.events, truth(programme)
    assert Counter(e.hidden for e in events.values() if e.hidden).keys() == set(REASONS[:4])
    assert {e.hidden for e in known.hidden} == set(REASONS)
    assert {e.status for e in events.values()} == set(Status)
    assert any(s.previous for e in events.values() for s in e.showings)
    assert any(len({row.source for row in e.listings}) >= 3 for e in known.shared)
    three = [e for e in known.shared if len({(row.source, row.title) for row in e.listings}) >= 3]
    assert any(len({row.title for row in e.listings}) >= 3 for e in three)
    assert any(s.stay and (s.last - s.first).days > 60 for e in events.values() for s in e.showings)
    assert any(e.rule and e.rule.skipped and e.rule.moved for e in events.values())
    assert {"de", "en", "nl"} == {e.language for e in events.values()}
    traits = Counter(s.trait for s in programme.sources.values() if s.trait)
    assert traits == {"error": 1, "empty": 1, "forbidden": 1, "slow": 1, "windows-1252": 1}


def test_a_hengelo_theatre_tells_of_a_show_in_borne(programme: Programme) -> None:
    told = [
        (
            programme.sources[e.source].municipality,
            programme.venues[programme.events[e.event].venue].municipality,
        )
        for e in programme.entries
        if programme.sources[e.source].tier is Tier.VENUE
    ]
    assert ("hengelo", "borne") in told


def test_the_night_of_the_clock_keeps_its_wall_clock() -> None:
    programme = make_programme(date(2026, 10, 9))
    showing = programme.events["nacht-van-de-klok"].showings[0]
    start, end = showing.start, showing.end
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    assert (start.isoformat(), end.isoformat()) == ("2026-10-24T22:00:00+02:00", "2026-10-25T04:00:00+01:00")


def test_ports_follow_the_order_of_the_sites() -> None:
    assert [s.port for s in load_sources(9000).values()] == list(range(9000, 9000 + len(load_sources())))


def test_venues_stand_in_every_municipality() -> None:
    assert {v.municipality for v in load_venues().values()} == MUNICIPALITIES


@settings(max_examples=10, deadline=None)
@given(st.dates(date(2026, 1, 1), date(2032, 12, 31)))
def test_any_day_has_a_programme(today: date) -> None:
    """Leap days, clock changes and turns of the year among them."""
    programme = make_programme(today)
    known = truth(programme)
    assert len(known.shown) >= 600
    assert {e.municipality for e in known.shown} == MUNICIPALITIES
    for event in programme.events.values():
        for showing in event.showings:
            assert showing.last >= today
            if isinstance(showing.start, datetime):
                assert isinstance(showing.end, datetime | None)
                assert showing.end is None or showing.end > showing.start
                assert showing.doors is None or showing.doors < showing.start
