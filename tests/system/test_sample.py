"""From page to parsed feed: the sample region's own truth, held against what was published."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import feedparser
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from sample import DAY, Verdict, Workplace

from aggregator.config_loader import load_region
from aggregator.model import Status
from crawlers.sample.change import Change
from crawlers.sample.council import council_truth
from crawlers.sample.sites import free_base_port
from feeds.info import read_info
from feeds.tally import months_from, tally

MORNING, EVENING, NEXT_DAY = "2026-11-24T08:00+00:00", "2026-11-24T18:00+00:00", "2026-11-25T08:00+00:00"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """The whole sample region after one morning's work."""
    workplace = Workplace(tmp_path_factory.mktemp("sample"), free_base_port(9100))
    workplace.work(MORNING)
    return workplace


@pytest.fixture(scope="module")
def verdict(place: Workplace) -> Verdict:
    return Verdict(place)


def test_the_sample_is_as_large_as_promised(place: Workplace) -> None:
    assert place.truth is not None
    assert len(place.truth.shown) >= 600
    assert len({e.municipality for e in place.truth.shown}) == 14
    assert len({row.source for row in place.truth.listings}) >= 40


def test_no_listing_is_lost(verdict: Verdict) -> None:
    """All but what must not be shown: that may be left out before it becomes a listing."""
    hidden = {row.title for event in verdict.truth.hidden for row in event.listings}
    assert [line for line in verdict.lost if not any(repr(title) in line for title in hidden)] == []


def test_no_two_events_are_merged(verdict: Verdict) -> None:
    assert verdict.false_merges() == []


def test_events_told_of_by_several_sites_are_one(verdict: Verdict) -> None:
    split = verdict.split()
    assert len(split) <= 0.02 * len(verdict.truth.shared), split


def test_the_report_shows_all_pillars_in_all_municipalities(place: Workplace) -> None:
    info = read_info(load_region(place.folder / "config"))
    whole = [t for t in tally(place.events().values(), info, months_from(DAY)) if "/" in t.month]
    assert len(whole) == 15
    for one in whole:
        assert all(one.counts[pillar] > 0 for pillar in info.pillars), one
        assert one.counts["none"] > 0, one
    published = (place.folder / "public" / "data" / "pillars.csv").read_text(encoding="utf-8")
    assert f"hengelo,{whole[0].month}," in published


COUNCILS = {"raad-borne-voorbeeld": "borne", "raad-wierden-voorbeeld": "wierden"}


@pytest.mark.parametrize("scope", ["region", "borne", "wierden", "hengelo"])
def test_culture_on_the_councils_agenda_is_published_apart(place: Workplace, scope: str) -> None:
    known = {
        (COUNCILS[source], day): meeting
        for (source, day), meeting in council_truth(COUNCILS, DAY).items()
        if scope in ("region", COUNCILS[source])
    }
    folder = place.folder / "public" / "raad"
    feed = json.loads((folder / scope / "cultuur.json").read_text(encoding="utf-8"))
    told = {item["title"]: item["content_html"] for item in feed["items"]}
    assert len(told) == len(known)
    for (municipality, _), meeting in known.items():
        off = "Afgelast: " if meeting.canceled else ""
        points = told[f"{off}{municipality.title()}: {meeting.culture[0]}"]
        assert points.count("<li>") == len(meeting.culture)
    page = (folder / ("" if scope == "region" else scope) / "index.html").read_text(encoding="utf-8")
    assert page.count("<section") == len(known)
    for form in ("rss", "atom"):
        assert len(feedparser.parse((folder / scope / f"cultuur.{form}").read_bytes()).entries) == len(known)


def test_no_meeting_is_in_the_culture_calendar(place: Workplace) -> None:
    meetings = [e for e in place.events().values() if "CouncilMeeting" in e.types]
    assert len(meetings) == 5
    assert all(e.hidden for e in meetings)
    uids = {o.uid for e in meetings for o in e.occurrences}
    published = place.calendar("region.ics").walk("VEVENT")
    assert not uids & {str(event["UID"]).split("@")[0] for event in published}


def test_private_hire_sports_and_news_are_not_shown(verdict: Verdict) -> None:
    assert {e.hidden for e in verdict.truth.hidden} >= {"private", "not-culture", "not-an-event", "outside"}
    assert verdict.wrongly_shown() == []


def test_what_is_culture_is_shown(verdict: Verdict) -> None:
    assert verdict.wrongly_hidden() == []


def test_every_event_is_in_its_own_municipality(verdict: Verdict) -> None:
    assert verdict.wrong_places() == []


def test_published_times_are_those_of_the_programme(verdict: Verdict) -> None:
    split = {line.split(":")[0] for line in verdict.split()}
    assert [line for line in verdict.wrong_times() if not any(title in line for title in split)] == []


def test_cancelled_moved_and_sold_out_are_told(place: Workplace, verdict: Verdict) -> None:
    seen = set()
    for event in verdict.truth.shown:
        if not event.status_told or event.status is Status.SCHEDULED:
            continue
        for uid in verdict.uids[event.id]:
            ours = verdict.events[uid]
            told = {ours.status, *(o.occurrence.status for o in ours.occurrences)}
            assert event.status in told, f"{event.title}: {told}, not {event.status}"
            seen.add(event.status)
    assert {Status.CANCELLED, Status.SOLD_OUT} <= seen


def test_cancelled_events_are_cancelled_in_the_calendar(place: Workplace, verdict: Verdict) -> None:
    cancelled = {
        o.uid
        for e in verdict.events.values()
        if e.hidden is None
        for o in e.occurrences
        if {e.status, o.occurrence.status} & {Status.CANCELLED, Status.POSTPONED}
    }
    told = {
        str(v["UID"]).split("@")[0]
        for name in {e.place.municipality for e in verdict.events.values() if e.hidden is None}
        for v in place.calendar(f"{name}.ics").walk("VEVENT")
        if v.get("STATUS") == "CANCELLED"
    }
    assert cancelled
    assert told == cancelled


def test_all_pillars_in_all_municipalities(place: Workplace) -> None:
    for pillar in ("third-places", "muziek", "createch"):
        for calendar in (place.folder / "public" / "agenda").glob(f"*/{pillar}.ics"):
            assert place.calendar(f"{calendar.parent.name}/{calendar.name}").walk("VEVENT"), calendar


def test_every_published_field_has_an_origin(verdict: Verdict) -> None:
    for event in verdict.events.values():
        for name in ("title", "occurrences", "place", "status"):
            assert event.evidence[name].chosen in event.listings


def test_a_second_run_writes_nothing(place: Workplace) -> None:
    assert place.work(EVENING) == set()


@pytest.fixture(scope="module")
def changed(place: Workplace) -> set[str]:
    """The files that differ after one page of one source has changed."""
    assert place.truth is not None
    event = next(
        e
        for e in place.truth.shown
        if len(e.listings) == 1 and e.municipality == "borne" and e.status is Status.SCHEDULED
    )
    row = event.listings[0]
    path = "/" + row.url.split("/", 3)[3]
    change = Change("retitle", row.source, path, title="Een heel andere titel")
    return place.work("2026-11-24T19:00+00:00", [change])


def test_one_changed_page_changes_only_feeds_that_contain_it(place: Workplace, changed: set[str]) -> None:
    assert "agenda/borne.ics" in changed
    calendars = {name for name in changed if name.endswith(".ics")}
    for name in calendars:
        assert b"heel andere titel" in (place.folder / "public" / name).read_bytes().replace(b"\r\n ", b""), (
            name
        )
    others = {"agenda/hengelo.ics", "feeds/hengelo/week.rss", "gemeente/hengelo/index.html"}
    assert not changed & others


def test_a_changed_title_keeps_its_uid(place: Workplace, changed: set[str], verdict: Verdict) -> None:
    after = [e for e in place.events().values() if e.title == "Een heel andere titel"]
    assert len(after) == 1
    assert after[0].uid in verdict.events


def test_every_rss_is_clean_for_feedparser(place: Workplace) -> None:
    feeds = sorted((place.folder / "public" / "feeds").rglob("*.rss"))
    assert len(feeds) > 100
    for path in feeds[::7]:
        parsed = feedparser.parse(path.read_bytes())
        assert not parsed.bozo, f"{path}: {parsed.get('bozo_exception')}"


def test_json_feeds_hold_every_event_once(place: Workplace) -> None:
    for path in sorted((place.folder / "public" / "feeds").rglob("week.json"))[::9]:
        ids = [item["id"] for item in json.loads(path.read_text())["items"]]
        assert len(ids) == len(set(ids)), path


def test_the_day_is_fixed() -> None:
    assert str(DAY) == MORNING[:10]
