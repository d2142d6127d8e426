"""Agendas written as plain text: lines, rows, months; and pages that only look like one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.extract.page import Page
from crawlers.platforms import read_any
from crawlers.platforms.lines import read_lines

SEEN = datetime(2026, 10, 9, 12, tzinfo=UTC)
NAMES = ("Jazz aan de rivier", "Kinderkoor", "Stand-up met Eva", "De Twentse bodem")
DAYS = ((7, "za"), (8, "zo"), (13, "vr"), (14, "za"))
ROWS = [(name, day, weekday) for name, (day, weekday) in zip(NAMES, DAYS, strict=True)]


def page(body: str, url: str = "https://huis.example/agenda", head: str = "<title>Agenda</title>") -> Page:
    return Page(url, f"<html><head>{head}</head><body>{body}</body></html>".encode(), seen=SEEN)


def rows(form: str, around: str = "{}") -> str:
    return around.format("".join(form.format(t=t, d=d, w=w) for t, d, w in ROWS))


LINES = rows("{w} {d} nov 2026 20:00 uur: {t}<br>", "<p>{}</p>")
TEXTS = {
    "lines": LINES,
    "line-after": rows("<p><strong>{w} {d} november 2026, 20.00 uur</strong><br>{t}<br>Entree € 10</p>"),
    "line-before": rows("<p>{t}<br>{w} {d} november 2026, 20.00 uur</p>"),
    "next-block": rows("<p>{w} {d} november 2026 20:00</p><p>{t}</p><p>Een mooie avond.</p>"),
    "headings": rows("<h3>{w} {d} november 2026: {t}</h3><p>Aanvang 20.00 uur</p><p>Een mooie avond.</p>"),
    "folded": rows("<details><summary>{w} {d} nov 2026 - {t}</summary><p>20:00 uur</p></details>"),
    "table": rows("<tr><td>{w} {d} nov 2026</td><td>20:00</td><td>{t}</td></tr>", "<table>{}</table>"),
    "columns": rows(
        "<tr><td>{d}-11-2026</td><td>De Kerk</td><td>20:00</td><td>{t}</td></tr>",
        "<table><tr><th>Datum</th><th>Locatie</th><th>Tijd</th><th>Activiteit</th></tr>{}</table>",
    ),
    "month": rows("<li>{w} {d} - {t} - 20.00 uur</li>", "<h2>November 2026</h2><ul>{}</ul>"),
    "month-without-weekday": rows("<li>{d}: {t}, 20.00 uur</li>", "<h2>November 2026</h2><ul>{}</ul>"),
}


@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS.keys())
def test_a_programme_in_words(body: str) -> None:
    read = read_lines(page(body), None)
    assert [e.title for e in read] == list(NAMES)
    for event, (_, day, _) in zip(read, ROWS, strict=True):
        text = (event.occurrences[0].text or "").lower()
        assert str(day) in text
        assert "nov" in text or "-11-" in text
        assert "20" in text


def test_price_and_link_of_a_line_are_its_own() -> None:
    body = rows('<p>{w} {d} nov 2026 <a href="/x/{d}">{t}</a>, € {d},50</p>')
    first = read_lines(page(body), None)[0]
    assert (first.title, first.url) == ("Jazz aan de rivier", "https://huis.example/x/7")
    assert "7,50" in (first.offers[0].text or "")


def test_a_year_may_turn() -> None:
    body = "<p>za 28 nov: Koor<br>za 12 dec: Quiz<br>za 9 jan: Bal<br>za 6 feb: Film</p>"
    assert len(read_lines(page(body), None)) == 4


NO_PROGRAMME = {
    "no-agenda": (LINES, "https://huis.example/over-ons", "<title>Over ons</title>"),
    "news": (LINES, "https://huis.example/nieuws/agenda", "<title>Agenda</title>"),
    "two": ("<p>7 nov 2026: Koor<br>8 nov 2026: Quiz</p>", None, None),
    "out-of-order": ("<p>8 nov: A1b<br>3 mei: Bcd<br>1 okt: Cde<br>2 apr: Def<br>1 mrt: Efg</p>", None, None),
    "hours": ("<p>ma 9 nov 2026 10:00<br>di 10 nov 2026 10:00<br>wo 11 nov 2026 10:00</p>", None, None),
    "prose": (f"<p>Op 7 november 2026 {'vertellen wij een lang verhaal ' * 12}.</p>" * 4, None, None),
    "footer": (f"<footer>{LINES}</footer>", None, None),
    "numbers": ("<h2>November 2026</h2><p>12 kaarten<br>14 stoelen<br>15 euro</p>", None, None),
    "nothing": ("", None, None),
}


@pytest.mark.parametrize(("body", "url", "head"), NO_PROGRAMME.values(), ids=NO_PROGRAMME.keys())
def test_no_programme(body: str, url: str | None, head: str | None) -> None:
    made = page(body, url or "https://huis.example/agenda", head or "<title>Agenda</title>")
    assert read_lines(made, None) == ()


def test_titles_that_stand_out_come_before_plain_lines() -> None:
    body = rows('<li><a href="/{d}"><b>{t}</b></a> {w} {d} nov 2026 20:00</li>', "<ul>{}</ul>")
    assert next(e.url for e in read_any(page(body)).events) == "https://huis.example/7"


def test_labels_that_name_the_event() -> None:
    body = rows("<dl><dt>Titel</dt><dd>{t}</dd><dt>Datum</dt><dd>{w} {d} november 2026</dd></dl>")
    assert [e.title for e in read_any(page(f"<h1>Agenda</h1>{body}")).events] == list(NAMES)


def test_a_month_and_a_day_that_only_style_parts() -> None:
    body = rows('<div class="r"><div class="d"><b>NOV</b><i>{d}</i></div><a href="/{d}">{t}</a></div>')
    assert [e.title for e in read_any(page(body)).events] == list(NAMES)


def test_evening_hours_in_english_stay_evening() -> None:
    body = rows(
        '<li class="e"><h3><a href="/{d}">{t}</a></h3><time>November {d}, 2026</time>'
        "<time>8:00 PM</time> <time>10:00 PM</time></li>"
    )
    assert [e.occurrences[0].text for e in read_any(page(f"<ul>{body}</ul>")).events][:1] == [
        "November 7, 2026 8:00 PM 10:00 PM"
    ]
