"""Press lists: the week by day as text, table and Word file, and the feed that keeps deadlines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

import feedparser
import pytest
from docx import Document

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Event, Status, Timed
from feeds.press.deadline import Paper, edition_of
from feeds.press.files import press_files
from feeds.press.plain import render_csv, render_text
from feeds.press.rows import PressList, press_list, within
from feeds.press.word import render_docx
from feeds.select import Agenda
from feeds.urls import REGION, Scope
from tests.unit.feeds.feeds_world import INFO, TODAY, at, event, occurrence, voice, world

LAST = date(2026, 11, 30)
PAPERS = (
    Paper("weekblad", "de weekbladen", 0, time(12)),
    Paper("krant", "De Krant van Hengelo", 3, time(9, 30), "hengelo", ahead=0, start=2, days=3),
)
SITE = replace(INFO, papers=PAPERS)
DAY = date(2026, 11, 24)  # a Tuesday

WEEK = """\
CULTUURAGENDA TWENTE
dinsdag 24 november t/m maandag 30 november 2026

DINSDAG 24 NOVEMBER
10.00-12.00 uur: Repair café. Kulturhus, Goor. Gratis. despil.example.
23.00-05.00 uur: Nacht van de klok. De Spil, grote zaal, Hengelo. despil.example.

VRIJDAG 27 NOVEMBER
21.00-00.30 uur: Bandavond (uitverkocht). De Spil, grote zaal, Hengelo. despil.example.

ZATERDAG 28 NOVEMBER
Open dag makers. De Spil, grote zaal, Hengelo. despil.example.
20.00-22.30 uur: Orgelconcert: Bach & zonen; een avond, \\ drie stemmen, Met het koor van de stad. \
De Spil, grote zaal, Hengelo. € 12,50. despil.example.

DOORLOPEND
t/m 12 december: Foto's van vroeger. De Spil, grote zaal, Hengelo. despil.example.
t/m 10 januari 2027, di t/m zo 11-17 uur: Licht en lijn: tentoonstelling. De Spil, grote zaal, Hengelo. \
Gratis. despil.example.

GAAT NIET DOOR
zondag 29 november, 15.00 uur: Jazz in de kelder (afgelast). De Spil, grote zaal, Hengelo. despil.example.

Verzameld van de sites van de organisatoren door Cultuuragenda Twente: https://agenda.example/. \
Vragen of fouten: contact@agenda.example
"""


def listed(
    events: list[Event] | None = None, scope: Scope = REGION, language: str = "nl", last: date = LAST
) -> PressList:
    agenda = Agenda(world() if events is None else events, INFO, TODAY)
    return press_list(within(agenda, scope, TODAY, last), scope, voice(language), TODAY, last)


def test_the_week_reads_like_a_newspaper() -> None:
    assert render_text(listed(), voice()).decode() == WEEK


def test_a_municipality_has_its_own_list_and_a_quiet_one_says_so() -> None:
    text = render_text(listed(scope=Scope("hof-van-twente")), voice()).decode()
    assert text.startswith("CULTUURAGENDA HOF VAN TWENTE\n")
    assert "Repair café" in text
    assert "Hengelo" not in text
    quiet = render_text(listed([], Scope("enschede")), voice()).decode()
    assert "Voor deze dagen is niets gemeld." in quiet


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "23:00-05:00: Nacht van de klok."),
        ("de", "23:00-05:00 Uhr: Nacht van de klok."),
    ],
)
def test_other_languages_write_times_their_way(language: str, line: str) -> None:
    assert line in render_text(listed(language=language), voice(language)).decode()


def test_several_times_on_a_day_are_one_line() -> None:
    twice = event("e", "Film", occurrence("a", Timed(at(28, 14))), occurrence("b", Timed(at(28, 16))))
    assert "14.00 en 16.00 uur: Film." in render_text(listed([twice]), voice()).decode()
    off = event(
        "e",
        "Film",
        occurrence("a", Timed(at(28, 14)), Status.CANCELLED),
        occurrence("b", Timed(at(28, 16))),
    )
    text = render_text(listed([off]), voice()).decode()
    assert "\n16.00 uur: Film." in text
    assert "\nzaterdag 28 november, 14.00 uur: Film (afgelast)." in text


def test_a_title_that_ends_a_sentence_gets_no_second_stop() -> None:
    asked = event("e", "Wat nu?", occurrence("a", Timed(at(28, 14))))
    assert "14.00 uur: Wat nu? De Spil" in render_text(listed([asked]), voice()).decode()


def test_any_range_of_days() -> None:
    text = render_text(listed(last=TODAY), voice()).decode()
    assert text.splitlines()[1] == "dinsdag 24 november 2026"
    assert "Bandavond" not in text
    running = event("e", "Expo", occurrence("a", AllDay(date(2026, 11, 1), date(2026, 11, 24))))
    assert "t/m 24 november: Expo." in render_text(listed([running]), voice()).decode()


def test_the_table_opens_in_a_spreadsheet_and_runs_nothing() -> None:
    data = render_csv(listed(), voice())
    assert data.startswith(b"\xef\xbb\xbfdag;tijd;titel;")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == len(listed().rows) == 8
    orgel = next(r for r in rows if r["titel"].startswith("Orgel"))
    assert (orgel["dag"], orgel["tijd"], orgel["prijs"]) == ("2026-11-28", "20.00-22.30 uur", "€ 12,50")
    assert orgel["adres"] == "https://agenda.example/evenement/e-orgel/"
    bad = event("e", "=HYPERLINK(1)", occurrence("a", Timed(at(28))))
    (row,) = csv.DictReader(
        io.StringIO(render_csv(listed([bad]), voice()).decode("utf-8-sig")), delimiter=";"
    )
    assert row["titel"] == "'=HYPERLINK(1)"


def test_every_form_names_the_sources_that_cannot_be_read() -> None:
    agenda = Agenda(world(), INFO, TODAY, stale=["de-spil", "gemeente-elders"])
    told, found = "Let op: De Spil kunnen wij nu niet lezen", within(agenda, REGION, TODAY, LAST)
    stale = press_list(found, REGION, voice(), TODAY, LAST, agenda.stale_of(REGION))
    assert render_text(stale, voice()).decode() != WEEK
    assert told in render_text(stale, voice()).decode().split("\n\n")[-2]
    assert told in Document(io.BytesIO(render_docx(stale, voice()))).paragraphs[-2].text
    rows = csv.DictReader(io.StringIO(render_csv(stale, voice()).decode("utf-8-sig")), delimiter=";")
    assert {row["niet leesbare bron"] for row in rows} == {"De Spil"}
    made, fine = files_of(["de-spil"]), files_of()
    feeds = [f"pers/hengelo/pers.{form}" for form in ("rss", "atom", "json")]
    for name in feeds:
        assert made[name].count(b"Let op: De Spil") >= 2  # the feed and its list
        assert b"Let op" not in fine[name]
    assert files_of(["gemeente-elders"]) == fine  # nothing of it stands in a list


def files_of(stale: Sequence[str] = ()) -> dict[str, bytes]:
    agenda = Agenda(world(), SITE, DAY, stale=stale)
    return {name: render() for name, render, _ in press_files(agenda, voice("nl", SITE), str)}


def test_the_word_file_says_the_same_as_the_text() -> None:
    data = render_docx(listed(), voice())
    said = [p.text for p in Document(io.BytesIO(data)).paragraphs]
    wanted = [line for line in WEEK.split("\n") if line]
    assert [s.casefold() for s in said] == [w.casefold() for w in wanted]
    styles = {p.style.name for p in Document(io.BytesIO(data)).paragraphs if p.style}
    assert {"Heading 1", "Heading 2"} <= styles
    assert data == render_docx(listed(), voice())


@pytest.mark.parametrize(
    ("today", "due", "first", "last"),
    [
        (date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30)),  # ready on Sunday
        (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30)),
        (date(2026, 11, 28), date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30)),
        (date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 7)),
    ],
)
def test_a_list_is_ready_before_its_deadline(today: date, due: date, first: date, last: date) -> None:
    edition = edition_of(PAPERS[0], today)
    assert (edition.due.date(), edition.first, edition.last) == (due, first, last)
    assert edition.due.hour == 12
    assert edition.ready <= datetime.combine(today, time(), AMSTERDAM)


def files(events: list[Event] | None = None, today: date = DAY, language: str = "nl") -> dict[str, bytes]:
    agenda = Agenda(world() if events is None else events, SITE, today)
    made = press_files(agenda, voice(language, SITE), lambda e: e.public_hash)
    return {name: render() for name, render, _ in made}


def test_every_scope_has_its_files() -> None:
    found = files()
    assert {n for n in found if n.startswith("pers/hengelo/")} == {
        f"pers/hengelo/{name}.{kind}"
        for name in ("week", "weekblad", "krant")
        for kind in ("docx", "txt", "csv")
    } | {f"pers/hengelo/pers.{form}" for form in ("rss", "atom", "json")}
    assert "pers/region/week.txt" in found
    assert "pers/region/krant.txt" not in found
    assert all(name.startswith("en/pers/") for name in files(language="en"))
    assert found["pers/region/week.txt"].decode() == WEEK


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_the_feed_carries_the_list_and_its_files_with_true_sizes(form: str) -> None:
    found = files()
    data = found[f"pers/hengelo/pers.{form}"]
    if form == "json":
        items = json.loads(data)["items"]
        assert [a["size_in_bytes"] for a in items[0]["attachments"]] == [
            len(found[f"pers/hengelo/weekblad.{kind}"]) for kind in ("docx", "txt", "csv")
        ]
        return
    parsed = feedparser.parse(data)
    assert not parsed.bozo
    assert [e.id for e in parsed.entries] == [
        "urn:trek:pers:hengelo:weekblad-2026-11-23:nl",
        "urn:trek:pers:hengelo:krant-2026-11-19:nl",
    ]
    item = parsed.entries[0]
    assert item.title == "Cultuuragenda Hengelo: dinsdag 24 november t/m maandag 30 november 2026"
    assert item.summary == "Voor de weekbladen; deadline maandag 23 november, 12.00 uur."
    assert "20.00-22.30 uur: Orgelconcert" in item.content[0].value
    enclosure = item.enclosures[0]
    assert enclosure.href == "https://agenda.example/pers/hengelo/weekblad.docx"
    assert int(enclosure.length) == len(found["pers/hengelo/weekblad.docx"])
    if form == "atom":  # RSS has no time of change
        assert item.published_parsed <= item.updated_parsed


def test_equal_marks_mean_equal_bytes_and_the_day_counts() -> None:
    def marks(events: list[Event], today: date = DAY) -> dict[str, tuple[object, ...]]:
        agenda = Agenda(events, SITE, today)
        return {n: about for n, _, about in press_files(agenda, voice("nl", SITE), lambda e: e.public_hash)}

    first, second = world(), [replace(e, title="Anders") if e.uid == "e-cafe" else e for e in world()]
    one, other = files(first), files(second)
    changed = {name for name in one if one[name] != other[name]}
    assert changed
    assert {name for name in one if marks(first)[name] != marks(second)[name]} >= changed
    tomorrow = files(first, date(2026, 11, 25))
    moved = {name for name in one if one[name] != tomorrow[name]}
    assert "pers/hengelo/week.txt" in moved
    assert {n for n in one if marks(first)[n] != marks(first, date(2026, 11, 25))[n]} >= moved
