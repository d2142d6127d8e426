"""What a page says of its own site, and when it is taken as the place of events that name none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.extract.home import Home, read_home
from crawlers.extract.page import Page
from crawlers.platforms import read_any
from crawlers.platforms.house import with_house

SEEN = datetime(2026, 10, 9, 12, tzinfo=UTC)


def page(body: str, head: str = "", url: str = "https://www.oude-kerk.example/agenda") -> Page:
    return Page(url, f"<html><head>{head}</head><body>{body}</body></html>".encode(), seen=SEEN)


def ld(data: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


PLACE = {
    "@type": "MusicVenue",
    "name": "De Zolder",
    "url": "https://oude-kerk.example/",
    "address": {"streetAddress": "Markt 1", "postalCode": "7621 AB", "addressLocality": "Borne"},
}
EVENT = {"@type": "MusicEvent", "name": "Avond", "startDate": "2026-11-06T20:00", "location": PLACE}
ELSEWHERE = {**PLACE, "name": "De Schuur", "url": "https://schuur.example/"}


@pytest.mark.parametrize(
    ("body", "head", "wanted"),
    [
        ("<footer>Kerkstraat 1, 7551 AB Hengelo</footer>", "<title>Agenda | De Kerk</title>",
         Home("De Kerk", "Kerkstraat 1", "7551 AB", "Hengelo")),
        ("<p>Kerkstraat 1a<br>7551 AB Hof van Twente Telefoon 074</p>",
         '<meta property="og:site_name" content="De Kerk – uit!">',
         Home("De Kerk", "Kerkstraat 1a", "7551 AB", "Hof van Twente")),
        ("<p>7551 AB Hengelo</p><p>7621 AA Borne</p>", "<title>Agenda | De Kerk</title>", Home("De Kerk")),
        ("<p>Postbus 12, 7550 AA Hengelo</p>", "<title>Agenda | De Kerk</title>", Home("De Kerk")),
        ("<p>Op 29 juni 2016 AB Cultuur</p>", "<title>Agenda | De Kerk</title>", Home("De Kerk")),
        (ld(PLACE), "", Home("De Zolder", "Markt 1", "7621 AB", "Borne")),
        (ld(EVENT), "", Home("De Zolder", "Markt 1", "7621 AB", "Borne", hosts=True)),
        (ld({**EVENT, "location": ELSEWHERE}), "", Home()),
        (ld([PLACE, {**ELSEWHERE, "address": "Elders 2, Enschede"}]), "", Home()),
        (ld({"@type": "WebSite", "name": "De Zolder"}), "<title>x | y</title>", Home("De Zolder")),
        ("", "<title>Poppodium in Almelo | ZOLDER</title>", Home("ZOLDER", None, None, "Almelo")),
        ("", "<title>Welkom bij Oude! Het podium van Goor en omgeving</title>",
         Home("Oude", None, None, "Goor")),
        ("", "<title>Welkom bij Oude!</title>", Home()),
        ("", "", Home()),
        ("<script>var a = '1234 AB Elders'</script>", "<title>Agenda | De Kerk</title>", Home("De Kerk")),
    ],
)  # fmt: skip
def test_what_a_site_says_of_itself(body: str, head: str, wanted: Home) -> None:
    assert read_home(page(body, head)) == wanted


TICKETS = "<a href='https://tickets.{0}/1'>Tickets</a>"


@pytest.mark.parametrize(
    ("host", "body", "wanted"),
    [
        ("hetvat.example", "<h3>JONG VAT</h3>" + TICKETS, "Het Vat"),
        ("hetvat.example", "<h3>JONG VAT</h3>", None),  # who says that it is a house?
        ("hetvat.example", "<h3>Een vat vol</h3>" + TICKETS, None),  # no name is written so
        ("goorsetheater.example", "<h3>Goorse Revue</h3><p>Theater</p>", "Goorse Theater"),
        ("goorsetheater.example", "<h3>Revue</h3><p>Theater</p>", None),
        ("derdetheater.example", "<h3>Derde keus</h3><p>Theater</p>", "Derde Theater"),
        ("zaalnoord.example", "<p>ZaalNoord</p><p>Zaal</p><p>Noord</p>" + TICKETS, "ZaalNoord"),
        ("theater.example", "<p>Theater</p>" + TICKETS, None),
        ("oranjeclub.example", "<p>Oranjeclub</p>", None),  # people, and no building
        ("agenda.hetvat.example", "<h3>JONG VAT</h3>" + TICKETS, None),
    ],
)
def test_a_domain_is_read_with_the_words_of_the_page(host: str, body: str, wanted: str | None) -> None:
    assert read_home(page(body.format(host), url=f"https://{host}/programma")).name == wanted


def row(title: str, more: str = "") -> str:
    return f"<li><a href='/{title}'>{title}</a> <b>za 7 nov 2026 20:00</b>{more}</li>"


FOOT = "<footer>Kerkstraat 1, 7551 AB Hengelo</footer>"
HEAD = "<title>Agenda | De Kerk</title>"


def places(rows: list[str], head: str = HEAD) -> list[str | None]:
    read = read_any(page(f"<h1>Agenda</h1><ul>{''.join(rows)}</ul>{FOOT}", head))
    return [e.place.name if e.place else None for e in read.events]


def test_the_house_is_the_place_of_events_that_name_none() -> None:
    assert places([row("Een"), row("Twee")]) == ["De Kerk", "De Kerk"]


def test_a_place_that_an_event_names_stays() -> None:
    other = "<span class=locatie>Stadhuis</span>"
    assert places([row("Een"), row("Twee"), row("Drie"), row("Vier", other)])[-1] == "Stadhuis"


@pytest.mark.parametrize(
    ("name", "hosts", "wanted"),
    [
        ("Grote Zaal", False, "Grote Zaal, De Zolder"),
        ("Ronda", True, "Ronda, De Zolder"),
        ("Ronda", False, "Ronda"),
        ("Stadhuis", True, "Stadhuis"),
        ("Kerk in Zenderen", True, "Kerk in Zenderen"),
        ("Grote Zaal, De Zolder", False, "Grote Zaal, De Zolder"),
        ("Blauwe Zaal, eerste etage", False, "Blauwe Zaal, eerste etage, De Zolder"),
        ("De Schuur, Blauwe Zaal", False, "De Schuur, Blauwe Zaal"),
    ],
)
def test_a_room_is_in_the_house(name: str, hosts: bool, wanted: str) -> None:
    rows = [row(title, f"<span class=locatie>{name}</span>") for title in ("Een", "Twee")]
    marks = ld(EVENT) if hosts else ""
    head = f"<title>Agenda | De Zolder</title>{marks}"
    read = with_house(page("", head), read_any(page(f"<ul>{''.join(rows)}</ul>", "<title>x</title>")).events)
    assert {e.place.name for e in read if e.place} == {wanted}


def test_what_the_site_has_a_page_of_among_its_rooms_is_a_room() -> None:
    rows = [row(title, "<p class=locatie>Ronda</p>") for title in ("Een", "Twee")]
    own, others = "<a href='/zalen/ronda'>Ronda</a>", "<a href='https://x.example/zalen/ronda'>Ronda</a>"
    assert places([*rows, own]) == ["Ronda, De Kerk"] * 2
    assert places([*rows, others]) == ["Ronda"] * 2


def test_an_agenda_of_several_places_is_no_house() -> None:
    rows = [row("Een"), *(row(f"N{i}", f"<span class=locatie>Huis {i}</span>") for i in range(3))]
    assert places(rows)[0] is None


@pytest.mark.parametrize(
    "name", ["UIT in Borne", "Gemeente Borne", "Historische Kring Borne", "Fanfare Borne"]
)
def test_towns_guides_and_clubs_are_no_house(name: str) -> None:
    assert places([row("Een"), row("Twee")], f"<title>Agenda | {name}</title>") == [None, None]
