"""Culture on the council's agenda: who gets what, in which language, and that no culture feed has it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import feedparser
import pytest

from aggregator.clock import AMSTERDAM
from aggregator.model import Event, EventOccurrence, ListingRef, Occurrence, Place, Status, Tag, Timed
from feeds.council import council_files, council_path
from feeds.select import Agenda
from feeds.urls import REGION, Scope
from tests.unit.feeds.feeds_world import INFO, TODAY, voice

VOICES = [voice(language) for language in INFO.languages]
SEEN = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def meeting(uid: str, day: date, *points: str, municipality: str = "hengelo") -> Event:
    start = datetime(day.year, day.month, day.day, 19, 30, tzinfo=AMSTERDAM)
    return Event(
        uid,
        "Gemeenteraad",
        (EventOccurrence(f"{uid}-1", Occurrence(Timed(start)), created=SEEN, modified=SEEN),),
        Place(municipality=municipality, name="Raadzaal"),
        (ListingRef("raad", uid),),
        url=f"https://raad.example/{uid}",
        types=("CouncilMeeting",),
        tags=tuple(Tag("council", "council-policy", point) for point in points),
        hidden="council" if points else "not-culture",
        created=SEEN,
        modified=SEEN,
    )


MEETINGS = [
    meeting("m1", date(2026, 12, 8), "Cultuurnota <2027> & verder", "Bibliotheek"),
    meeting("m2", date(2026, 12, 1), "Subsidie museum", municipality="enschede"),
    meeting("m3", date(2026, 12, 2)),
    meeting("m4", date(2026, 10, 1), "Lang voorbij: theater"),
    meeting("m5", date(2026, 12, 3), "Kunst", municipality="elders"),
]


def files(events: list[Event] = MEETINGS) -> dict[str, bytes]:
    return {name: render() for name, render, _ in council_files(events, TODAY, VOICES, lambda e: e.uid)}


def test_every_scope_has_a_page_and_three_feeds_in_three_languages() -> None:
    made = files()
    assert len(made) == 4 * 4 * 3
    assert {"raad/index.html", "en/raad/hengelo/index.html", "de/raad/region/cultuur.json"} <= set(made)


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("raad/index.html", ["Subsidie museum", "Cultuurnota &lt;2027&gt; &amp; verder", "Bibliotheek"]),
        ("raad/hengelo/index.html", ["Cultuurnota &lt;2027&gt; &amp; verder", "Bibliotheek"]),
        ("de/raad/enschede/index.html", ["Subsidie museum"]),
        ("en/raad/hof-van-twente/index.html", []),
    ],
)
def test_a_page_has_its_own_meetings_that_are_to_come(name: str, points: list[str]) -> None:
    page = files()[name].decode()
    places = [page.find(f"<li>{point}</li>") for point in points]
    assert -1 not in places
    assert places == sorted(places)
    assert page.count("<section") == len({p for p in points if p != "Bibliotheek"})
    assert "voorbij" not in page
    assert ('class="none"' in page) is not bool(points)


def test_the_feeds_say_the_same_in_every_format() -> None:
    made = files()
    titles = ["Hengelo: Cultuurnota <2027> & verder", "Enschede: Subsidie museum"]
    for form in ("rss", "atom"):
        data = made[f"raad/region/cultuur.{form}"]
        read = feedparser.parse(data)
        assert not read.bozo
        assert sorted(e.link for e in read.entries) == ["https://raad.example/m1", "https://raad.example/m2"]
        assert len({e.id for e in read.entries}) == 2
    items = json.loads(made["raad/region/cultuur.json"])["items"]
    assert sorted(item["title"] for item in items) == sorted(titles)


def test_a_meeting_that_is_off_says_so() -> None:
    (only,) = MEETINGS[1].occurrences
    off = replace(only, occurrence=replace(only.occurrence, status=Status.CANCELLED))
    made = files([replace(MEETINGS[1], occurrences=(off,))])
    assert "Afgelast: Enschede" in made["raad/index.html"].decode()
    assert json.loads(made["en/raad/enschede/cultuur.json"])["items"][0]["title"].startswith("Cancelled: ")


def test_no_agenda_of_culture_has_a_meeting() -> None:
    agenda = Agenda(MEETINGS, INFO, TODAY)
    assert agenda.events == {}


def test_only_what_changed_is_rendered_again() -> None:
    keys = {name: key for name, _, key in council_files(MEETINGS, TODAY, VOICES, lambda e: e.uid)}
    marks = {"m2": "changed"}
    after = {
        name: key
        for name, _, key in council_files(MEETINGS, TODAY, VOICES, lambda e: marks.get(e.uid, e.uid))
    }
    differing = {name for name in keys if keys[name] != after[name]}
    assert {name.split("raad/")[1].split("/")[0] for name in differing} == {
        "index.html",
        "region",
        "enschede",
    }


def test_addresses() -> None:
    urls = VOICES[0].urls
    assert council_path(urls, "nl", REGION) == "/raad/"
    assert council_path(urls, "en", Scope(municipality="borne"), "rss") == "/en/raad/borne/cultuur.rss"
