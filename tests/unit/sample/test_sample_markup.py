"""Every page is well-formed in its own syntax and says what the programme says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import icalendar
import lxml.etree
import lxml.html
import pytest

from crawlers.sample.markup import STYLES, dutch
from crawlers.sample.markup.page import price_words
from crawlers.sample.model import Cost, Showing
from crawlers.sample.site import Site
from crawlers.sample.sites import SampleRegion

TODAY = date(2026, 11, 25)
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


@pytest.fixture(scope="module")
def region() -> SampleRegion:
    return SampleRegion(TODAY)


def sites_of(region: SampleRegion, *styles: str) -> Iterator[Site]:
    for site in region.sites.values():
        if site.desk.source.style in styles and site.desk.source.readable:
            yield site


def start_page(site: Site, **query: str) -> bytes:
    answer = site.answer(STYLES[site.desk.source.style].start, query)
    assert answer.status == 200
    return answer.body.data


def test_every_page_parses(region: SampleRegion) -> None:
    for site in region.sites.values():
        if site.desk.source.trait in ("error", "empty"):
            continue
        for path in site.paths:
            answer = site.answer(path, {})
            assert answer.status == 200, (site.url, path)
            if answer.body.kind.startswith("text/html"):
                tree = lxml.html.document_fromstring(answer.body.data)
                assert tree.cssselect("h1")[0].text_content(), (site.url, path)
            elif "xml" in answer.body.kind:
                lxml.etree.fromstring(answer.body.data)
            elif "json" in answer.body.kind:
                json.loads(answer.body.data)
            elif "calendar" in answer.body.kind:
                icalendar.Calendar.from_ical(answer.body.data)


def test_every_entry_has_its_own_page_that_names_it(region: SampleRegion) -> None:
    for site in sites_of(region, *STYLES):
        for entry in site.desk.entries:
            page = site.answer(entry.path, {}).body.data.decode(site.desk.encoding)
            assert entry.title in lxml.html.fromstring(page).text_content(), entry.path


def test_json_ld_tells_every_event(region: SampleRegion) -> None:
    for site in sites_of(region, "jsonld"):
        (block,) = SCRIPT.findall(start_page(site).decode())
        found = {event["url"]: event for event in json.loads(block)}
        assert found.keys() == {site.desk.url(e) for e in site.desk.entries}
        for entry in site.desk.entries:
            event = found[site.desk.url(entry)]
            assert event["startDate"] == entry.first.start.isoformat()
            assert len(event.get("subEvent", [event])) == len(entry.showings)


def test_a_graph_holds_events_at_two_depths(region: SampleRegion) -> None:
    for site in sites_of(region, "jsonld-graph"):
        (block,) = SCRIPT.findall(start_page(site).decode())
        graph = json.loads(block)["@graph"]
        listed = next(node for node in graph if node["@type"] == "CollectionPage")
        inner = [item["item"] for item in listed["mainEntity"]["itemListElement"]]
        outer = [node for node in graph if "startDate" in node]
        assert inner
        assert outer
        assert len(inner) + len(outer) == len(site.desk.entries)


def test_broken_blocks_stand_beside_good_ones(region: SampleRegion) -> None:
    (site,) = sites_of(region, "jsonld-broken")
    good, broken = 0, 0
    for block in SCRIPT.findall(start_page(site).decode()):
        try:
            json.loads(block)
            good += 1
        except ValueError:
            broken += 1
    assert good >= 4
    assert broken >= 4


def test_own_pages_carry_the_json_ld_that_the_list_lacks(region: SampleRegion) -> None:
    for site in sites_of(region, "jsonld-pages", "sitemap"):
        assert not SCRIPT.search(start_page(site).decode())
        for entry in site.desk.entries:
            (block,) = SCRIPT.findall(site.answer(entry.path, {}).body.data.decode())
            assert json.loads(block)["startDate"] == entry.first.start.isoformat()


def test_microdata_and_h_events_count(region: SampleRegion) -> None:
    for site in sites_of(region, "microdata", "hevent"):
        told, page = 0, 1
        while True:
            tree = lxml.html.fromstring(start_page(site, page=str(page)))
            told += len(tree.cssselect("[itemscope][itemtype*=Event], [itemtype$=Festival], .h-event"))
            if not tree.cssselect("a[rel=next]"):
                break
            page += 1
        assert told == len(site.desk.entries)


def test_calendars_have_rules_and_exceptions(region: SampleRegion) -> None:
    seen: set[str] = set()
    for site in sites_of(region, "ical", "ical-outlook", "ical-utc"):
        raw = start_page(site)
        assert b"\n" not in raw.replace(b"\r\n", b"")
        assert max(len(line) for line in raw.split(b"\r\n")) <= 75
        events = icalendar.Calendar.from_ical(raw).walk("VEVENT")
        seen |= {name for event in events for name in event}
        assert {str(e["URL"]) for e in events} == {site.desk.url(e) for e in site.desk.entries}
    assert {"RRULE", "EXDATE", "RECURRENCE-ID", "STATUS"} <= seen


def test_the_three_kinds_of_calendar_differ_in_their_zone(region: SampleRegion) -> None:
    found = sites_of(region, "ical", "ical-outlook", "ical-utc")
    zones = {site.desk.source.style: start_page(site) for site in found}
    assert b"TZID:Europe/Amsterdam" in zones["ical"]
    assert b"TZID:W. Europe Standard Time" in zones["ical-outlook"]
    assert b"X-WR-TIMEZONE:Europe/Amsterdam" in zones["ical-utc"]
    assert b"VTIMEZONE" not in zones["ical-utc"]


def test_rss_says_when_and_a_news_item_does_not(region: SampleRegion) -> None:
    space = {"ev": "http://purl.org/rss/1.0/modules/event/"}
    dateless = 0
    for site in sites_of(region, "rss"):
        items = lxml.etree.fromstring(start_page(site)).findall(".//item")
        assert len(items) == len(site.desk.entries)
        dateless += sum(item.find("ev:startdate", space) is None for item in items)
    assert dateless == 1


def test_the_events_calendar_pages(region: SampleRegion) -> None:
    site = region.sites["agenda-hof-van-twente"]
    first = json.loads(start_page(site, per_page="20"))
    assert len(first["events"]) == 20
    assert first["next_rest_url"].startswith(site.url)
    assert json.loads(start_page(site, per_page="500"))["total"] == first["total"]
    assert len(json.loads(start_page(site))["events"]) == 10
    assert "next_rest_url" not in json.loads(start_page(site, page=str(first["total_pages"]), per_page="20"))


def test_theatre_lists_page(region: SampleRegion) -> None:
    peppered = region.sites["theater-de-proeve"]
    cards = [lxml.html.fromstring(start_page(peppered, p54_page=n)).cssselect("li.eventCard") for n in "12"]
    assert sum(map(len, cards)) == len(peppered.desk.entries)
    shows = region.sites["theater-de-proefdruk"]
    answer = json.loads(start_page(shows, page="1"))
    assert answer["countItemsTotal"] == len(shows.desk.entries)
    assert answer["html"].count("program-block__title") == 12


def test_a_run_of_shows_is_told_in_full_on_its_own_page(region: SampleRegion) -> None:
    for site in sites_of(region, "tiles"):
        for entry in site.desk.entries:
            page = lxml.html.fromstring(site.answer(entry.path, {}).body.data)
            rows = page.cssselect(".show-details__date")
            assert len(rows) == len(entry.showings)


def test_the_old_site_speaks_windows_1252(region: SampleRegion) -> None:
    (site,) = [s for s in region.sites.values() if s.desk.source.trait == "windows-1252"]
    answer = site.answer("/programma", {})
    assert answer.body.kind == "text/html; charset=windows-1252"
    assert "€".encode("windows-1252") in answer.body.data
    with pytest.raises(UnicodeDecodeError):
        answer.body.data.decode("utf-8")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (dutch.line(Showing(1, datetime(2026, 11, 28, 20, 15))), "za 28 nov, 20.15 uur"),  # noqa: DTZ001
        (dutch.line(Showing(1, date(2026, 11, 28), date(2027, 3, 7))), "za 28 nov 2026 t/m zo 7 mrt 2027"),
        (dutch.craft(Showing(1, datetime(2026, 10, 17, 20, 30))), "Za 17 okt. 2026 - 20:30 uur"),  # noqa: DTZ001
        (
            dutch.period(Showing(1, date(2026, 11, 12)), Showing(3, date(2026, 11, 14))),
            "Do 12 nov. t/m Za 14 nov. 2026",
        ),
        (dutch.labels_day(Showing(1, datetime(2027, 5, 6, 19, 30))), "Donderdag 6 mei"),  # noqa: DTZ001
        (dutch.uit(Showing(1, date(2026, 11, 1), date(2027, 1, 7)), TODAY), "t/m 07 jan 2027"),
        (dutch.uit(Showing(1, datetime(2026, 11, 25, 20)), TODAY), "vandaag"),  # noqa: DTZ001
    ],
)
def test_dutch_dates(words: str, expected: str) -> None:
    assert words == expected


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (Cost(free=True), "Gratis"),
        (Cost(Decimal("12.50"), Decimal("12.50")), "€ 12,50"),
        (Cost(Decimal("35.50"), Decimal("37.50")), "€ 35,50–€ 37,50"),
    ],
)
def test_prices(cost: Cost, words: str) -> None:
    assert price_words(cost) == words
