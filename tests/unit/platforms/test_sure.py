"""Which printed days are no event's: bare days that nothing vouches for, pages that announce nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.extract.page import Page
from crawlers.platforms.auto import read_any

SEEN = datetime(2026, 11, 24, 12, tzinfo=UTC)


def titles(html: str, url: str = "https://zaal.example/agenda") -> list[str]:
    body = f"<html><head><title>Zaal</title></head><body><main>{html}</main></body></html>"
    return [event.title for event in read_any(Page(url, body.encode(), seen=SEEN)).events]


def cards(*told: tuple[str, str], heading: str = "Agenda") -> str:
    blocks = "".join(f"<div class='card'><h3>{name}</h3><p>{day}</p></div>" for name, day in told)
    return f"<h1>{heading}</h1><div>{blocks}</div>"


def test_bare_days_of_an_agenda() -> None:
    told = cards(("Koor", "3 april"), ("Band", "5 mei"), ("Film", "9 juni"))
    assert titles(told) == ["Koor", "Band", "Film"]


def test_bare_days_of_a_page_that_is_no_agenda() -> None:
    told = cards(
        ("Bestuurswissel", "3 april"), ("Onderzoek af", "5 mei"), heading="Het jaar van de stichting"
    )
    assert titles(told, "https://zaal.example/het-jaar") == []


@pytest.mark.parametrize("day", ["vr 2 april", "2 april 2027", "2 april, 20:00 uur"])
def test_days_with_more_beside_them_count_anywhere(day: str) -> None:
    told = cards(("Koor", day), ("Band", "za 3 april 2027"), heading="Welkom")
    assert titles(told, "https://zaal.example/welkom") == ["Koor", "Band"]


def test_rota() -> None:
    duties = "".join(f"<li>{day}</li>" for day in ("6 februari", "8 maart", "3 april"))
    rota = "".join(
        f"<div class='team'><h3>{name}</h3><ul>{duties}</ul></div>" for name in ("Altviolen", "Hobo")
    )
    assert titles(f"<h1>Agenda</h1><div>{rota}</div>") == []


def test_a_day_in_a_sentence() -> None:
    story = "Op 21 september organiseert de brouwerij hier een avond over het leven"
    told = cards(("Herfst", story), ("Zomer", story.replace("september", "juni")))
    assert titles(told) == []


def test_holidays_are_no_event() -> None:
    told = cards(("Koor", "vr 2 april"), ("De zaal is wegens vakantie gesloten", "vr 9 april"))
    assert titles(told) == ["Koor"]


@pytest.mark.parametrize("name", ["vacatures", "openingstijden", "veelgestelde-vragen", "jaarverslag-2026"])
def test_pages_that_announce_nothing(name: str) -> None:
    told = cards(("Gesprekken", "do 17 december 2026 10:00"), ("Sluiting", "vr 18 december 2026 10:00"))
    assert titles(told, f"https://zaal.example/{name}") == []
    assert len(titles(told, "https://zaal.example/programma")) == 2


def test_hours_under_their_heading() -> None:
    told = "<li>Zaterdag 5 december: tot 15:00 uur</li><li>Donderdag 31 december: open tot 15:00 uur</li>"
    assert titles(f"<h1>Je bezoek</h1><h3>Afwijkende openingstijden</h3><ul>{told}</ul>") == []


def test_one_address_of_several_events() -> None:
    """A profile to which every card leads is the page of none of them."""
    link = "<a href='https://fotos.example/zaal'>Meer foto's</a>"
    told = cards(("Koor", f"vr 2 april {link}"), ("Band", f"za 3 april {link}"))
    assert titles(told) == ["Koor", "Band"]


def test_sales_of_tickets_in_a_column() -> None:
    rows = "".join(
        f"<tr><td>{kind}</td><td>€ 45</td><td>vanaf 14 februari 2027, {hour}:00 uur</td></tr>"
        for kind, hour in (("Weekend", 10), ("Dagkaart", 11), ("Camping", 12))
    )
    head = "<tr><th>Soort</th><th>Prijs</th><th>Verkoop</th></tr>"
    assert titles(f"<h1>Tickets</h1><table>{head}{rows}</table>") == []


def test_one_event_of_an_agenda() -> None:
    """A day in a box of its own, with its year and a heading beside it, though nothing repeats."""
    box = "<div><p>8</p><p>Maart</p><p>2027</p></div><div><h3>Jazzmiddag</h3><span>15:00 uur</span></div>"
    told = f"<h1>Optredens</h1><section><h2>Wat er aankomt</h2><div><div>{box}</div></div></section>"
    found = read_any(Page("https://band.example/optredens", told.encode(), seen=SEEN)).events
    assert [(e.title, [o.text for o in e.occurrences]) for e in found] == [
        ("Jazzmiddag", ["8 Maart 2027 15:00 uur"])
    ]
    assert titles(told.replace("Optredens", "Over ons"), "https://band.example/over-ons") == []


def test_addresses_of_a_state() -> None:
    """A front end's state knows no addresses; the cards that it printed do."""
    rows = [("Koor", "2027-04-02T20:00"), ("Band", "2027-04-03T21:00")]
    state = ",".join(f'{{"title":"{name}","startDate":"{day}"}}' for name, day in rows)
    cards_of = "".join(
        f"<li><a href='/agenda/{name.lower()}'><h3>{name}</h3></a><p>{int(day[8:10])} april 2027</p></li>"
        for name, day in rows
    )
    script = f'<script id="__NEXT_DATA__" type="application/json">{{"events":[{state}]}}</script>'
    told = f"<html><body><h1>Agenda</h1><ul>{cards_of}</ul>{script}</body></html>"
    found = read_any(Page("https://zaal.example/agenda", told.encode(), seen=SEEN)).events
    assert [(e.title, e.url) for e in found] == [
        ("Koor", "https://zaal.example/agenda/koor"),
        ("Band", "https://zaal.example/agenda/band"),
    ]


def whens(html: str, url: str = "https://zaal.example/agenda") -> list[tuple[str, list[str]]]:
    body = f"<html><head><title>Zaal</title></head><body><main>{html}</main></body></html>"
    found = read_any(Page(url, body.encode(), seen=SEEN)).events
    return [(event.title, [o.text or o.start or "" for o in event.occurrences]) for event in found]


def test_what_begins_after_midnight() -> None:
    rows = "".join(
        f"<li>{hour} <b>{name}</b></li>" for hour, name in (("21:00", "Koor"), ("00:30", "Draaitafel"))
    )
    early = "<li>02:00 <b>Nachtwacht</b></li><li>14:00 <b>Kinderdans</b></li>"
    days = f"<h2>Vrijdag 29 januari</h2><ul>{rows}</ul><h2>Zaterdag 30 januari</h2><ul>{early}</ul>"
    told = f"<h1>Programma</h1>{days}"
    assert whens(told, "https://feest.example/programma") == [
        ("Koor", ["Vrijdag 29 januari 21:00"]),
        ("Draaitafel", ["30 jan 00:30"]),
        ("Nachtwacht", ["Zaterdag 30 januari 02:00"]),  # nothing of the evening stands above it
        ("Kinderdans", ["Zaterdag 30 januari 14:00"]),
    ]


def test_a_heading_with_its_text() -> None:
    told = (
        "<h1>Agenda</h1><h3>Brunch - zo 4 april</h3><p>Kom praten over wat er in de winkel ligt, en proef mee"
        " aan onze lange tafel, van 10 tot 12 uur in het buurthuis.</p>"
        "<h3>Wandeling - zo 11 april</h3><p>We lopen door het bos.</p>"
    )
    assert [when for _, when in whens(told)] == [["- zo 4 april van 10 tot 12 uur"], ["- zo 11 april"]]


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        (
            "<b>Concert in het <a href='http://huis.example/'>Stadsmuseum</a></b>",
            "Concert in het Stadsmuseum",
        ),
        ("<strong>Lezing</strong><br>met werk van <a href='http://x.example/w'>Jan Wit</a>", "Lezing"),
        ("<a href='/lezing'>Lezing</a><br>van <a href='http://x.example/w'>Jan Wit</a>", "Lezing"),
    ],
)
def test_a_link_that_is_a_part_of_what_names_it(cell: str, title: str) -> None:
    rows = "".join(f"<tr><td>vr {day} april 2027 20:00</td><td>{cell}</td></tr>" for day in (2, 9))
    assert {name for name, _ in whens(f"<h1>Agenda</h1><table>{rows}</table>")} == {title}


def test_what_is_told_of_in_the_past() -> None:
    told = cards(("Plein", "22 maart 2027 hebben we een concert gegeven"), ("Koor", "za 3 april 2027"))
    assert titles(told) == ["Koor"]


def test_several_starts_of_one_day() -> None:
    told = "<h3>Tocht</h3><p>Datum: zondag 21 maart 2027<br>Starttijd: 30 km {}</p>"
    several = whens("<h1>Agenda</h1>" + told.format("7.30-9.00 uur, overige 8.00-13.00 uur"))
    assert several == [("Tocht", ["zondag 21 maart 2027"])]
    assert whens("<h1>Agenda</h1>" + told.format("9.00 uur"))[0][1][0].endswith("9.00 uur")


def test_an_archive_without_years() -> None:
    """Where nothing is planned, the days of other years under `Archief` are not of the coming one."""
    old = "<h2>Archief 2025</h2><div><h4>19 maart 20.30 uur</h4><p>Kerk<br>Koor</p></div>"
    assert titles(f"<h1>Agenda</h1><p>Er is nog niets gepland.</p>{old}") == []


def test_a_list_that_goes_back_in_time() -> None:
    days = ("27 juni", "16 mei", "2 april", "3 november", "6 september")
    told = cards(*((name, day) for name, day in zip("ABCDE", days, strict=True)))
    assert titles(told.replace("<h3>", "<h3>Avond ")) == ["Avond A", "Avond B", "Avond C"]


@pytest.mark.parametrize(
    "line",
    [
        "Formulieren bis 01.02.2027",
        "14.03.2027 14:00 Uhr im Vereinsheim",
        "12.03.2027 19:00 Uhr jeweils im Heim",
        "08.05.2027 8:00 Uhr <a href='/f.pdf'>Flyer</a>",
    ],
)
def test_what_is_left_of_a_sentence_is_no_title(line: str) -> None:
    rows = "".join(f"<li><strong>{d}.05.2027</strong> 20:00 Uhr Konzert {d}</li>" for d in (10, 11, 12))
    found = titles(f"<h1>Termine</h1><ul><li>{line}</li>{rows}</ul>", "https://verein.example/termine")
    assert [title for title in found if not title.startswith("Konzert")] == []
    assert len(found) == 3


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("Taalcafé Plein", "Agenda"),
        ("Repair Café Zuid", "Repair Café Zuid"),
        ("Open Podium", "Agenda"),
        ("Rondleiding Kerk", "Programma"),
        ("Verzamelen voor beginners", "Agenda"),
    ],
)
def test_what_sounds_like_a_house_or_a_sentence_may_be_what_is_held(name: str, heading: str) -> None:
    told = cards((name, "za 3 april 10:00"), (name, "za 10 april 10:00"), heading=heading)
    assert set(titles(told)) == {name}


@pytest.mark.parametrize("name", ["jobs", "privacy", "webshop"])
def test_below_an_agenda_such_a_name_is_an_events(name: str) -> None:
    told = cards(
        ("Toneel", "do 17 december 2026 20:00"), ("Nog eens", "vr 18 december 2026 20:00"), heading=name
    )
    assert len(titles(told, f"https://zaal.example/agenda/{name}")) == 2
    assert titles(told, f"https://zaal.example/{name}") == []
