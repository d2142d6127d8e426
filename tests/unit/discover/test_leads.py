"""Where a page says that events may be, and in which order it is worth a look."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from aggregator.region import Paging
from crawlers.discover.leads import read_leads, route_leads, sitemap_leads
from crawlers.discover.paging import learn_paging
from crawlers.discover.ways import common_pattern
from crawlers.extract.page import Page

SEEN = datetime(2026, 10, 9, 12, tzinfo=UTC)
HOME = "https://www.huis.example/"


def page(body: str, head: str = "", url: str = HOME) -> Page:
    return Page(url, f"<html><head>{head}</head><body>{body}</body></html>".encode(), seen=SEEN)


def agendas(*links: tuple[str, str], url: str = HOME) -> list[str]:
    body = "".join(f'<a href="{href}">{said}</a>' for href, said in links)
    return [lead.url for lead in read_leads(page(body, url=url)) if lead.kind == "agenda"]


@pytest.mark.parametrize(
    ("href", "said"),
    [
        ("/agenda", "Agenda"),
        ("/programma/", "Programma"),
        ("/activiteiten", "Activiteiten"),
        ("/te-doen", "Wat is er te doen?"),
        ("/x", "Activiteitenkalender"),
        ("/en/events", "Events"),
        ("/veranstaltungen", "Veranstaltungen"),
        ("/voorstellingen/", "Alle voorstellingen"),
        ("/concerten", ""),
        ("https://huis.example/agenda", "zonder www"),
    ],
)
def test_agenda_links(href: str, said: str) -> None:
    assert len(agendas((href, said))) == 1


@pytest.mark.parametrize(
    ("href", "said"),
    [
        ("/contact", "Contact"),
        ("/nieuws/agenda-van-de-week", "Nieuws: de agenda"),
        ("/agenda-archief", "Agenda archief"),
        ("/files/jaarprogramma.pdf", "Programma"),
        ("https://elders.example/agenda", "Agenda"),
        ("/agenda/rumours-of-fleetwood-mac", "Rumours of Fleetwood Mac"),
        ("#agenda", "Agenda"),
        ("mailto:agenda@huis.example", "Agenda"),
        ("/", "Home"),
    ],
)
def test_links_that_are_no_agenda(href: str, said: str) -> None:
    assert agendas((href, said)) == []


def test_the_plainest_agenda_comes_first_and_each_once() -> None:
    found = agendas(
        ("/en/agenda", "Agenda"),
        ("/over/het/programma", "Programma"),
        ("/agenda", "Agenda"),
        ("/agenda/", "Agenda"),
    )
    assert found[0] == f"{HOME}agenda"
    assert len(found) == 3


def feeds(body: str, head: str = "") -> list[tuple[str, str]]:
    return [(lead.kind, lead.url) for lead in read_leads(page(body, head)) if lead.kind != "agenda"]


def test_feeds_that_a_page_names() -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="alternate" type="text/calendar" href="/kalender.ics">'
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        '<link rel="alternate" hreflang="en" href="/en">'
    )
    body = '<a href="webcal://huis.example/a.ics">abonneer</a><a href="/agenda?ical=1">iCal</a>'
    assert feeds(body, head) == [
        ("feed", f"{HOME}kalender.ics"),
        ("feed", "https://huis.example/a.ics"),
        ("feed", f"{HOME}agenda?ical=1"),
        ("feed", f"{HOME}rss"),
    ]


def test_the_calendar_file_of_one_event_is_no_feed() -> None:
    assert feeds('<a href="/event/quiz/?ical=1">zet in mijn agenda</a>') == []


def test_wordpress_shows_its_routes_and_other_sites_are_not_asked() -> None:
    assert feeds('<img src="/plaatje.jpg">') == []
    plain = feeds('<img src="/wp-content/uploads/a.jpg">')
    assert plain == [("rest", f"{HOME}wp-json/"), ("feed", f"{HOME}feed/")]
    api = '<link rel="https://api.w.org/" href="https://www.huis.example/site/wp-json/">'
    tribe = feeds('<div class="tribe-events-view"></div>', api)
    assert tribe[0] == ("rest", f"{HOME}site/wp-json/tribe/events/v1/events?per_page=50")
    assert ("feed", f"{HOME}?ical=1") in tribe


def test_routes_of_a_rest_index() -> None:
    index = {
        "namespaces": ["wp/v2", "tribe/events/v1"],
        "routes": {f"/wp/v2/{name}": {} for name in ("posts", "voorstelling", "event-categories", "media")},
    }
    found = route_leads(Page(f"{HOME}wp-json/", json.dumps(index).encode(), seen=SEEN))
    assert [lead.url for lead in found] == [
        f"{HOME}wp-json/tribe/events/v1/events?per_page=50",
        f"{HOME}wp-json/wp/v2/voorstelling?per_page=50",
    ]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"no json", b'{"routes": 3, "namespaces": {}}', b"<html></html>"]
)
def test_anything_may_stand_where_an_index_should(body: bytes) -> None:
    assert route_leads(Page(HOME, body, seen=SEEN)) == ()
    assert sitemap_leads(Page(HOME, body, seen=SEEN)) == ()


def test_sitemaps_of_events_come_first() -> None:
    names = ("page-sitemap.xml", "post-sitemap.xml", "image-sitemap.xml", "voorstelling-sitemap.xml")
    body = "".join(f"<sitemap><loc>{HOME}{name}</loc></sitemap>" for name in names)
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</sitemapindex>'
    found = sitemap_leads(Page(f"{HOME}sitemap.xml", index.encode(), seen=SEEN))
    assert [lead.url for lead in found] == [f"{HOME}voorstelling-sitemap.xml", f"{HOME}page-sitemap.xml"]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ('<a href="?page=2">2</a><a href="?page=3">3</a>', Paging(parameter="page")),
        ('<a href="/agenda?pagina=1">2</a>', Paging(parameter="pagina", first=0)),
        ('<a href="/elders?page=2">2</a>', None),
        ('<a class="pager__next" href="/agenda/2">Volgende</a>', Paging(next=".pager__next")),
        ('<a class="pijl" href="/agenda/2" aria-label="Volgende pagina"></a>', Paging(next=".pijl")),
        ('<a href="/agenda/2">Volgende</a>', None),  # nothing to hold on to but the tag
        ('<a class="x" href="/over">Verder lezen over ons</a>', None),
        ("", None),
    ],
)
def test_paging(body: str, wanted: Paging | None) -> None:
    assert learn_paging(page(body, url=f"{HOME}agenda")) == wanted


@pytest.mark.parametrize(
    ("paths", "wanted"),
    [
        (["/agenda/een", "/agenda/twee/"], r"//huis\.example/agenda/[^/?#]+/?$"),
        (["/a/b/1-x", "/a/b/2-y"], r"//huis\.example/a/b/[^/?#]+/?$"),
        (["/agenda/een", "/agenda/nov/twee"], r"//huis\.example/agenda/[^?#]+/?$"),
        (["/een", "/twee"], None),
        (["/agenda/een", "/film/twee"], None),
        (["/agenda/een"], None),
        ([], None),
    ],
)
def test_pattern_that_addresses_share(paths: list[str], wanted: str | None) -> None:
    assert common_pattern([f"https://huis.example{path}" for path in paths]) == wanted
