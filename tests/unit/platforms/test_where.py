"""Where an event is, by what a block prints; and the house that a site's own data leaves unsaid."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import lxml.html
import pytest

from crawlers.extract.page import Page
from crawlers.platforms import read_any
from crawlers.platforms.dateish import part_digits, spell_ends
from crawlers.platforms.make import make_place
from crawlers.platforms.where import at_named_house, read_where, split_place

SEEN = datetime(2026, 10, 9, 10, tzinfo=UTC)
PARTS = [
    ("Grote Kerk, Markt 1, 7471 AB Goor", {"name": "Grote Kerk", "address": "Markt 1", "postcode": "7471 AB",
                                           "place": "Goor"}),
    ("De Schuur, Borne", {"name": "De Schuur", "place": "Borne"}),
    ("Grote Zaal, De Schuur", {"name": "Grote Zaal, De Schuur"}),
    ("Zaal 2", {"name": "Zaal 2"}),
    ("Esweg 12, Losser", {"address": "Esweg 12", "place": "Losser"}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "parts"), PARTS, ids=[said for said, _ in PARTS])
def test_parts(said: str, parts: dict[str, str]) -> None:
    assert split_place(said) == make_place(**parts)


@pytest.mark.parametrize(
    ("said", "house"),
    [
        ("In de Oude Kerk", "Oude Kerk"),
        ("In het huis", None),
        ("In de kerk", None),
        ("Kees Kok", None),
        (None, None),
    ],
)
def test_a_phrase_that_is_a_place(said: str | None, house: str | None) -> None:
    assert at_named_house(said) == house


LINES = [
    ("<h3>Bal</h3><p>Dorpshuis De Es, Rossum</p>", "", "Dorpshuis De Es"),
    ("<h3>Bal</h3><p>Foyer</p>", "", "Foyer"),
    ("<h3>Bal</h3><p>Muziektheater</p>", "", None),  # a genre
    ("<h3>Bal</h3><p>Dans, Muziek</p>", "", None),
    ("<h3>Bal</h3><p>Met koffie in de foyer na afloop!</p>", "", None),
    ("<h3>Feest in de kerk</h3>", "za 7 nov 2026 - 20:00 uur - Tuinzaal", "Tuinzaal"),
    ("<h3>Bal</h3>", "za 7 nov 2026 - zo 8 nov 2026", None),
    ("<h3>Bal</h3><p>wo 14 oktober, aanvang 20.00 uur in dorpshuis De Es</p>", "", "dorpshuis De Es"),
]


@pytest.mark.parametrize(("body", "line", "name"), LINES, ids=[f"{b} {s}" for b, s, _ in LINES])
def test_line(body: str, line: str, name: str | None) -> None:
    where = read_where(lxml.html.fragment_fromstring(f"<div>{body}</div>"), "Bal", line)
    assert (where.name if where else None) == name


def rooms(url: str, names: list[str]) -> set[str | None]:
    rows = [{"title": f"T{n}", "startDate": f"2026-11-{n + 1:02}T20:00", "location": {"name": name}}
            for n, name in enumerate(names)]  # fmt: skip
    read = read_any(Page(url, json.dumps({"events": rows}).encode(), seen=SEEN))
    return {e.place.name if e.place else None for e in read.events}


def test_rooms_in_a_sites_own_data_are_in_the_house_of_its_name() -> None:
    assert rooms("https://www.kelderpop.nl/data.json", ["Boven", "Onder"]) == {
        "Boven, Kelderpop",
        "Onder, Kelderpop",
    }


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("https://api.kelderpop.nl/data.json", ["Boven", "Onder"]),  # a server's name, no site's
        ("https://uitagenda.nl/data.json", ["Boven", "Onder"]),
        ("https://podia.nl/data.json", [f"Huis{n}" for n in range(25)]),  # many rooms are houses
        ("https://kelderpop.nl/data.json", ["Theater De Es", "Kerk in Losser"]),
    ],
)
def test_other_data_keeps_the_places_that_it_names(url: str, names: list[str]) -> None:
    assert rooms(url, names) == set(names)


def test_what_stands_stacked_or_behind_a_slash() -> None:
    assert part_digits("vr30okt") == "vr 30 okt"
    assert part_digits("di0906") == "di0906"
    assert spell_ends("vr 2 okt 20:30 / 23:00") == "vr 2 okt 20:30 - 23:00"
    assert spell_ends("za 3 okt 14:00 / 16:00") == "za 3 okt 14:00 / 16:00"


@pytest.mark.parametrize(("hall", "wanted"), [("", "Oude Kerk"), ("<div class=venue>Foyer</div>", "Foyer")])
def test_a_card_that_names_its_house_below_its_title(hall: str, wanted: str) -> None:
    card = (
        "<li class=eventCard><a class=desc href=/a><h3 class=title>Koor</h3>"
        "<div class=subtitle>In de Oude Kerk</div>"
        f"</a><div class=descMetaContainer></div><b data-event-start='2026-11-06T20:00'></b>"
        f"<div class=locationBox>{hall}</div></li>"
    )
    page = Page("https://huis.example/", f"<html><body><ul>{card}</ul></body></html>".encode(), seen=SEEN)
    (event,) = read_any(page).events
    assert [p.name for p in (event.place or event.occurrences[0].place,) if p] == [wanted]
