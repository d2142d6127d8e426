"""Meetings of a council bear one name week after week, and are never one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import load_region
from aggregator.dedupe import Deduper
from aggregator.model import Listing, Occurrence, Place, Tier, Timed

DEDUPER = Deduper(load_region(Path(__file__).parents[3] / "config"))


def listing(key: str, day: int, title: str = "Gemeenteraad", source: str = "raad-borne") -> Listing:
    when = Occurrence(Timed(datetime(2026, 12, day, 19, 30, tzinfo=AMSTERDAM)))
    place = Place(municipality="borne", name="Raadzaal", place="Borne")
    url = f"https://{source}.example/{key}"
    return Listing(source, key, Tier.MUNICIPAL, title, (when,), place, url=url, types=("CouncilMeeting",))


def test_two_meetings_are_two_events() -> None:
    week = [listing("1", 1), listing("2", 8), listing("3", 8)]
    assert len(DEDUPER.cluster(week)) == 3


def test_what_is_no_meeting_is_one_event_as_ever() -> None:
    week = [replace(listing(key, 8, "Koorconcert De Wielen", f"s{key}"), types=()) for key in "12"]
    assert len(DEDUPER.cluster(week)) == 1


def test_a_meeting_hides_no_event_of_another_site() -> None:
    library = replace(listing("9", 8, "Avond over de bibliotheek", "bieb"), types=())
    assert len(DEDUPER.cluster([listing("1", 8, "Avond over de bibliotheek"), library])) == 2
