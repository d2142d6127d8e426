"""What leaves a calendar for another place is told there for thirty days, and told truly."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from aggregator import journal
from aggregator.model import Edit, Event, Place, Status, Timed, to_plain
from feeds.choice import Choice, parse_choice
from feeds.combine import Combiner
from feeds.formats.ical import render_vevent
from feeds.lint import lint_calendar
from feeds.opendata.files import changes
from feeds.pieces import Pieces, assemble_calendar
from feeds.press.rows import press_list, within
from feeds.publish import publish
from feeds.select import Agenda
from feeds.urls import Flavour, Scope
from tests.unit.feeds.feeds_world import INFO, MUSIC, SEEN, TODAY, Reader, at, event, occurrence, voice

HENGELO = Place("hengelo", "de-spil", "De Spil", place="Hengelo")
ENSCHEDE = Place("enschede", "ketelhal", "Ketelhal", place="Enschede")
GOOR = Place("hof-van-twente", None, "Kulturhus", place="Goor")
ELSEWHERE = Place("outside", None, "Schouwburg", place="Deventer")
NOWHERE = Place(None, None, "Zaal Jansen")
WHEN = SEEN + timedelta(days=2)
UID, DATE = "e-trio", "o-trio"
Lines = list[Edit]


def trio(place: Place, hidden: str | None = None, **fields: object) -> Event:
    """A concert on Saturday, changed last when it left."""
    date = occurrence(DATE, Timed(at(28)), sequence=1, modified=WHEN)
    base: dict[str, object] = {"place": place, "hidden": hidden, "pillars": MUSIC, "modified": WHEN}
    return event(UID, "Trio", date, **(base | fields))


def moved(old: Place, new: Place, moment: datetime = WHEN, uid: str = UID) -> Edit:
    return Edit(uid, moment, "place", to_plain(old), to_plain(new))


def hid(old: str | None, new: str | None, moment: datetime = WHEN) -> Edit:
    return Edit(UID, moment, "hidden", old, new)


def told(agenda: Agenda, flavour: Flavour = Flavour.ALL) -> dict[str, list[str]]:
    """The summaries in each calendar, read by `icalendar` after our own linter."""
    found = {}
    for scope in (*agenda.followed(), Scope(venue="de-spil")):
        data = assemble_calendar(agenda, scope, voice(), Pieces(), flavour)
        assert lint_calendar(data) == []
        rows = [f"{e['STATUS']} {e['SUMMARY']}" for e in icalendar.Calendar.from_ical(data).walk("VEVENT")]
        if rows:
            found[scope.key] = rows
    return found


OLD = ("hengelo", "hengelo/muziek", "venue/de-spil")
NEW = ("region", "enschede", "pillar/muziek", "enschede/muziek", "venue/ketelhal")


def test_another_municipality_keeps_it_in_the_old_calendar_with_the_new_place() -> None:
    agenda = Agenda([trio(ENSCHEDE)], INFO, TODAY, [moved(HENGELO, ENSCHEDE)])
    expected = {key: ["CONFIRMED Trio"] for key in NEW}
    expected |= {key: ["CONFIRMED ANDERE PLEK: Trio"] for key in OLD}
    assert told(agenda) == expected
    assert told(agenda, Flavour.KEEP) == expected  # Google shows what is confirmed
    [showing] = agenda.showings(Scope("hengelo"))
    text = render_vevent(showing, voice()).decode().replace("\r\n ", "")
    assert "DESCRIPTION:Let op: hier stond eerder een andere plek: De Spil\\, Hengelo.\\n" in text
    assert "LOCATION:Ketelhal\\, Enschede\r\n" in text
    assert "SEQUENCE:1\r\n" in text


@pytest.mark.parametrize(
    ("place", "hidden", "prefix", "line"),
    [
        (ELSEWHERE, "outside", "BUITEN TWENTE: ", "nu buiten Twente. Hier stond eerder: De Spil\\, Hengelo."),
        (
            NOWHERE,
            "no-municipality",
            "PLEK ONZEKER: ",
            "is niet zeker. Hier stond eerder: De Spil\\, Hengelo.",
        ),
    ],
)
def test_what_left_the_region_is_not_called_off(place: Place, hidden: str, prefix: str, line: str) -> None:
    agenda = Agenda([trio(place, hidden)], INFO, TODAY, [moved(HENGELO, place), hid(None, hidden)])
    assert told(agenda) == {key: [f"CONFIRMED {prefix}Trio"] for key in ("region", "pillar/muziek", *OLD)}
    assert agenda.coming(Scope()) == []
    assert agenda.events == {}
    text = render_vevent(agenda.showings(Scope())[0], voice()).decode().replace("\r\n ", "")
    assert line in text
    assert "LOCATION:" + (place.name or "") in text


SERIES = (occurrence("o-was", Timed(at(20, 12))), occurrence("o-komt", Timed(at(28))))
QUIET: list[tuple[str, Event, Lines, int]] = [
    ("it is more than thirty days ago", trio(ENSCHEDE), [moved(HENGELO, ENSCHEDE)], 31),
    (
        "it was never shown there",
        trio(ENSCHEDE),
        [moved(HENGELO, ENSCHEDE), hid("not-culture", None, WHEN + timedelta(1))],
        0,
    ),
    ("it is private now", trio(ENSCHEDE, "private"), [moved(HENGELO, ENSCHEDE), hid(None, "private")], 0),
    ("it is gone at the source", trio(ELSEWHERE, "withdrawn"), [moved(HENGELO, ELSEWHERE)], 0),
    ("it always was outside", trio(ELSEWHERE, "outside"), [Edit(UID, WHEN, "event", None, "Trio")], 0),
    ("it came from outside", trio(HENGELO), [moved(ELSEWHERE, HENGELO), hid("outside", None)], 0),
    ("a name is spelled otherwise", trio(replace(GOOR, name="'t Kulturhus")), [moved(GOOR, GOOR)], 0),
]


@pytest.mark.parametrize(("what", "one", "edits", "days"), QUIET, ids=[q[0] for q in QUIET])
def test_nothing_is_told_where_nothing_left(what: str, one: Event, edits: Lines, days: int) -> None:
    agenda = Agenda([one], INFO, TODAY + timedelta(days=days), edits)
    assert (agenda.left, agenda.away) == ({}, {})


def test_only_dates_that_were_to_come_are_told_and_what_is_off_says_so() -> None:
    one = replace(trio(ENSCHEDE), occurrences=SERIES)
    agenda = Agenda([one], INFO, TODAY, [moved(HENGELO, ENSCHEDE)])
    assert [s.occurrence.uid for s in agenda.showings(Scope("hengelo"))] == ["o-komt"]
    off = replace(one, status=Status.CANCELLED)
    lines = [moved(HENGELO, ENSCHEDE), Edit(UID, WHEN + timedelta(1), "status", "scheduled", "cancelled")]
    assert told(Agenda([off], INFO, TODAY, lines))["hengelo"] == ["CANCELLED AFGELAST: Trio"]


def test_another_hall_of_the_municipality_is_told_to_the_venue_alone() -> None:
    new = Place("hengelo", None, "Dorpshuis", place="Hengelo")
    agenda = Agenda([trio(new)], INFO, TODAY, [moved(HENGELO, new)])
    assert {key: rows for key, rows in told(agenda).items() if "ANDERE" in rows[0]} == {
        "venue/de-spil": ["CONFIRMED ANDERE PLEK: Trio"]
    }


def test_two_moves_are_told_in_both_places_and_the_last_word_counts() -> None:
    lines = [moved(HENGELO, GOOR), moved(GOOR, ENSCHEDE, WHEN + timedelta(days=1))]
    agenda = Agenda([trio(ENSCHEDE)], INFO, TODAY, lines)
    before = {m: [s.before for s in agenda.showings(Scope(m))] for m in INFO.municipalities}
    assert before == {"hengelo": [HENGELO], "hof-van-twente": [GOOR], "enschede": [None]}


def test_what_came_back_is_told_only_where_it_was_meanwhile() -> None:
    lines = [moved(HENGELO, ENSCHEDE), moved(ENSCHEDE, HENGELO, WHEN + timedelta(days=1))]
    found = told(Agenda([trio(HENGELO)], INFO, TODAY, lines, given=["ketelhal"]))
    own = {"enschede", "enschede/muziek", "venue/ketelhal"}
    assert {key for key, rows in found.items() if "ANDERE" in rows[0]} == own


def joined() -> tuple[Event, Lines]:
    """Two listings of one concert in two municipalities; the one in Goor became part of the other."""
    younger = event("e-jong", "Trio", occurrence("o-jong", Timed(at(28))), place=GOOR, pillars=MUSIC)
    ended = replace(younger.occurrences[0], sequence=1, modified=WHEN)
    kept = trio(ENSCHEDE, aliases=("e-jong",), retired=(ended,))
    return kept, list(journal.merged(younger, UID, WHEN))


def test_a_merge_across_a_border_leaves_one_date_that_goes_on_in_each_calendar() -> None:
    kept, lines = joined()
    agenda = Agenda([kept], INFO, TODAY, lines)
    found = told(agenda)
    assert sorted(found["hof-van-twente"]) == ["CANCELLED SAMENGEVOEGD: Trio", "CONFIRMED ANDERE PLEK: Trio"]
    assert sorted(found["enschede"]) == ["CANCELLED SAMENGEVOEGD: Trio", "CONFIRMED Trio"]
    assert told(agenda, Flavour.KEEP)["hof-van-twente"] == ["CONFIRMED ANDERE PLEK: Trio"]
    assert "hengelo" not in found
    old = Agenda([kept], INFO, TODAY + timedelta(days=30), lines)
    assert told(old).get("hof-van-twente") is None


def test_pages_and_press_know_only_what_is_there() -> None:
    kept, lines = joined()
    for scope in (Scope(), Scope("hof-van-twente"), Scope("enschede")):
        agenda = Agenda([kept], INFO, TODAY, lines)
        here = scope.municipality != "hof-van-twente"
        assert [s.occurrence.uid for s in agenda.coming(scope)] == [DATE] * here
        rows = press_list(within(agenda, scope, TODAY, at(30).date()), scope, voice(), TODAY, at(30).date())
        assert (len(rows.rows), rows.off) == (here, ())  # what was merged away is not "called off"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ([("municipality", "hengelo")], ["ANDERE PLEK: Trio"]),
        ([("municipality", "hengelo"), ("municipality", "enschede")], ["Trio"]),
        ([("municipality", "hengelo"), ("municipality", "hof-van-twente")], ["ANDERE PLEK: Trio"]),
        ([("municipality", "hengelo"), ("pillar", "createch")], []),
        ([("venue", "de-spil"), ("venue", "ketelhal")], ["Trio"]),
        ([("words", "trio")], ["Trio"]),
    ],
)
def test_a_combination_has_it_once(query: list[tuple[str, str]], titles: list[str]) -> None:
    reader = Reader([trio(ENSCHEDE)], 1, [moved(HENGELO, ENSCHEDE)])
    choice = parse_choice(query, INFO)
    data = Combiner(lambda: reader, INFO).calendar(choice, TODAY).body  # type: ignore[arg-type]
    assert lint_calendar(data) == []
    assert [str(e["SUMMARY"]) for e in icalendar.Calendar.from_ical(data).walk("VEVENT")] == titles


def news(public: Path, name: str) -> list[str]:
    return [item["title"] for item in json.loads((public / "feeds" / name).read_text())["items"]]


def test_a_publication_says_it_in_feeds_pages_and_open_data(tmp_path: Path) -> None:
    info = replace(INFO, languages=("nl", "en"))
    lines = [moved(HENGELO, ELSEWHERE), hid(None, "outside")]
    publish(Reader([trio(HENGELO)], 1, []), info, tmp_path, TODAY)  # type: ignore[arg-type]
    gone = trio(ELSEWHERE, "outside")
    publish(Reader([gone], 2, lines), info, tmp_path, TODAY)  # type: ignore[arg-type]
    said = ["za 28 nov 20:00 · ANDERE PLEK: Trio — Schouwburg, Deventer"]
    for scope in ("region", "hengelo", "pillar/muziek", "venue/de-spil"):
        assert news(tmp_path, f"{scope}/changed.json") == said
    assert news(tmp_path, "enschede/changed.json") == news(tmp_path, "region/new.json") == []
    page = (tmp_path / "evenement" / UID / "index.html").read_text()
    assert "Nu buiten Twente" in page
    assert "Schouwburg, Deventer" in page
    assert "https://despil.example/agenda/e-trio" in page
    assert "Trio" not in (tmp_path / "index.html").read_text()
    english = (tmp_path / "en" / "agenda" / "region.ics").read_text()
    assert "SUMMARY:OUTSIDE TWENTE: Trio" in english
    reader = Reader([gone], 2, lines)
    agenda = Agenda([gone], INFO, TODAY, lines)
    [stone] = changes(agenda, lines, reader.event, SEEN, voice()).splitlines()
    assert {"removed": True, "reason": "outside", "identifier": UID}.items() <= json.loads(stone).items()


def test_a_merge_is_changed_news_only_where_it_was(tmp_path: Path) -> None:
    kept, lines = joined()
    publish(Reader([kept], 1, lines), replace(INFO, languages=("nl",)), tmp_path, TODAY)  # type: ignore[arg-type]
    said = ["za 28 nov 20:00 · ANDERE PLEK: Trio — Ketelhal, Enschede"]
    assert news(tmp_path, "hof-van-twente/changed.json") == said
    assert news(tmp_path, "region/changed.json") == news(tmp_path, "enschede/changed.json") == []


def test_nothing_is_told_of_a_venue_that_opted_out() -> None:
    left = INFO.without(["de-spil"])
    assert Agenda([trio(ENSCHEDE)], left, TODAY, [moved(HENGELO, ENSCHEDE)]).left == {}


def test_a_choice_takes_what_left_by_where_it_was() -> None:
    [showing] = Agenda([trio(ENSCHEDE)], INFO, TODAY, [moved(HENGELO, ENSCHEDE)]).showings(Scope("hengelo"))
    assert Choice(municipalities=frozenset(["hengelo"])).takes(showing)
    assert not Choice(municipalities=frozenset(["enschede"])).takes(showing)
    assert showing.changed == WHEN.astimezone(UTC).replace(microsecond=0)
