"""Which feeds there are and what they take."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from aggregator.model import AllDay, Place, Status, Timed
from feeds.cut import cut
from feeds.scopes import scopes
from feeds.select import Agenda, Window, days, window
from feeds.urls import REGION, Scope, Urls, slug
from tests.unit.feeds.feeds_world import INFO, TODAY, at, event, occurrence, world


def uids(scope: Scope, info: object = INFO) -> list[str]:
    return [s.occurrence.uid for s in Agenda(world(), INFO, TODAY).showings(scope)]


def test_scopes_are_region_municipalities_pillars_both_and_venues() -> None:
    keys = [scope.key for scope in scopes(INFO)]
    assert keys[0] == "region"
    assert len(keys) == len(set(keys)) == 1 + 3 + 3 + 9 + 2
    assert {"hengelo", "pillar/muziek", "hof-van-twente/createch", "venue/de-spil"} <= set(keys)


def test_hidden_and_outside_are_in_no_feed() -> None:
    shown = set(uids(REGION))
    assert not shown & {"o-weg", "o-prive", "o-buiten"}


def test_window_keeps_thirty_days_and_a_year() -> None:
    assert window(INFO, TODAY) == Window(TODAY - timedelta(days=30), TODAY + timedelta(days=365))
    assert "o-oud" not in uids(REGION)
    assert "o-cafe--3" in uids(REGION)


def test_scope_takes_its_own() -> None:
    assert uids(Scope(venue="ketelhal")) == ["o-verplaatst"]
    assert "o-orgel" in uids(Scope(municipality="hengelo", pillar="muziek"))
    assert "o-orgel" not in uids(Scope(municipality="hengelo", pillar="createch"))
    assert uids(Scope(municipality="enschede", pillar="muziek")) == []


def test_order_is_start_then_uid() -> None:
    same = [
        event("e-2", "B", occurrence("b", Timed(at(28)))),
        event("e-1", "A", occurrence("a", Timed(at(28)))),
    ]
    found = Agenda(same, INFO, TODAY).showings(REGION)
    assert [s.occurrence.uid for s in found] == ["a", "b"]
    starts = [s.order for s in Agenda(world(), INFO, TODAY).showings(REGION)]
    assert starts == sorted(starts)


def test_unknown_pillar_and_venue_make_no_feed() -> None:
    odd = replace(world()[0], place=Place("hengelo", "unknown-hall", "Hal"))
    agenda = Agenda([odd], INFO, TODAY)
    assert agenda.showings(Scope(venue="unknown-hall")) == []
    assert len(agenda.showings(REGION)) == 1


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (Timed(at(24, 23), at(25, 5)), (date(2026, 11, 24), date(2026, 11, 24))),
        (Timed(at(24, 23), at(25, 7)), (date(2026, 11, 24), date(2026, 11, 25))),
        (Timed(at(24)), (date(2026, 11, 24), date(2026, 11, 24))),
        (AllDay(date(2026, 11, 24)), (date(2026, 11, 24), date(2026, 11, 24))),
        (AllDay(None, date(2026, 11, 24)), (date.min, date(2026, 11, 24))),
    ],
)
def test_days_that_an_occurrence_touches(when: Timed | AllDay, expected: tuple[date, date]) -> None:
    assert days(when) == expected


def test_cut_keeps_the_near_future_first() -> None:
    many = event(
        "e", "Dagelijks", *(occurrence(f"o{n:03}", Timed(at(14) + timedelta(days=n))) for n in range(40))
    )
    showings = Agenda([many], INFO, TODAY).showings(REGION)
    part = cut(showings, 20, TODAY)
    assert [s.occurrence.uid for s in part.kept] == [f"o{n:03}" for n in range(10, 30)]
    assert (part.left_out, part.until) == (20, date(2026, 12, 13))
    part = cut(showings, 35, TODAY)
    assert [s.occurrence.uid for s in part.kept] == [f"o{n:03}" for n in range(5, 40)]
    assert (part.left_out, part.until) == (5, None)
    assert cut(showings, 40, TODAY).left_out == 0


def test_status_of_the_event_counts_where_the_occurrence_says_nothing() -> None:
    off = replace(world()[0], status=Status.CANCELLED)
    assert Agenda([off], INFO, TODAY).showings(REGION)[0].off


def test_addresses_are_those_of_the_contract() -> None:
    urls = Urls("https://agenda.example/")
    both = Scope(municipality="hengelo", pillar="muziek")
    assert urls.calendar("nl", REGION) == "/agenda/region.ics"
    assert urls.calendar("nl", Scope(municipality="borne")) == "/agenda/borne.ics"
    assert urls.calendar("nl", both) == "/agenda/hengelo/muziek.ics"
    assert urls.calendar("nl", Scope(pillar="muziek")) == "/agenda/pillar/muziek.ics"
    assert urls.calendar("nl", Scope(venue="x")) == "/agenda/venue/x.ics"
    assert urls.feed("nl", both, "new", "rss") == "/feeds/hengelo/muziek/new.rss"
    assert urls.feed("de", REGION, "week", "json") == "/de/feeds/region/week.json"
    assert urls.webcal("/agenda/region.ics") == "webcal://agenda.example/agenda/region.ics"
    assert urls.file("/en/gemeente/borne/") == "en/gemeente/borne/index.html"
    assert Urls("https://host.example/trek").href("/x/") == "/trek/x/"


@pytest.mark.parametrize("uid", ["../../etc/passwd", "a/b", "", ".hidden", "a b", "ü@x", "a" * 300])
def test_slug_is_one_safe_name(uid: str) -> None:
    name = slug(uid)
    assert "/" not in name
    assert not name.startswith(".")
    assert ".." not in name
    assert 0 < len(name) < 110


def test_slugs_differ() -> None:
    assert len({slug(u) for u in ("a@b", "a b", "a/b", "a-b", "A-b")}) == 5
