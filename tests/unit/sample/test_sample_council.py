"""The council calendars of the sample: what they tell, and which of it touches culture by our own words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from aggregator.config_loader import find_config, load_region
from aggregator.model import Event, Place
from aggregator.region import Source
from aggregator.tag.council import Council
from crawlers.extract.page import Page
from crawlers.platforms import platform_of
from crawlers.sample.config import source_settings
from crawlers.sample.council import STYLE, council_meetings, council_truth
from crawlers.sample.sites import SampleRegion

TODAY = date(2026, 11, 24)
SEEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_every_meeting_is_read_with_its_agenda_and_judged_as_the_truth_says() -> None:
    region = SampleRegion(TODAY)
    council = Council(load_region(find_config(Path(__file__).parents[3] / "config")))
    councils = [s for s in region.programme.sources.values() if s.style == STYLE]
    assert {s.municipality for s in councils} == {"borne", "wierden"}
    for told in councils:
        source = Source(municipality=told.municipality, **source_settings(told))
        platform = platform_of(source)
        (url,) = platform.start(source, SEEN)
        answer = region.sites[told.id].answer("/api/v1/meetings", {})
        page = Page(url, answer.body.data, seen=SEEN, source_id=told.id)
        read = platform.read(page, source).events
        meetings = council_meetings(told.id, TODAY)
        assert [e.categories for e in read] == [m.items for m in meetings]
        for raw, meeting in zip(read, meetings, strict=True):
            event = Event("u", raw.title, (), Place(), (), categories=raw.categories, types=raw.types)
            assert tuple(tag.because for tag in council.points(event)) == meeting.culture


def test_the_truth_holds_all_week_and_has_something_of_each_kind() -> None:
    names = ["raad-borne-voorbeeld", "raad-wierden-voorbeeld"]
    known = council_truth(names, TODAY)
    assert known == council_truth(names, date(2026, 11, 29))
    assert {m.canceled for m in known.values()} == {True, False}
    assert any(not m.culture for name in names for m in council_meetings(name, TODAY))
    assert all(day > TODAY for _, day in known)
