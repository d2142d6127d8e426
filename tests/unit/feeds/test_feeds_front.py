"""Views, own feeds and pages that the app makes for a question; what each page keeps beside it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl

import feedparser
import pytest
from litestar.testing import TestClient
from lxml import html
from PIL import Image

from aggregator.clock import AMSTERDAM
from aggregator.errors import UsageError
from aggregator.model import Outcome, Run
from feeds.choice import Choice
from feeds.council import council_path, council_scopes
from feeds.keys import Keys
from feeds.pieces import Pieces
from feeds.scopes import scopes
from feeds.seen import read_since
from feeds.select import Agenda
from feeds.site.day import AHEAD, BEFORE, has_page, showings_by_day
from feeds.site.event import render_event
from feeds.site.index import render_index
from feeds.site.make import calendar_path, render_qr
from feeds.site.media import Wanted, parse_wanted, wanted_entries
from feeds.site.notices import render_follow
from feeds.site.picture import SIZE, render_blank, render_picture
from feeds.sourcepages import render_source
from feeds.urls import FORMATS, Flavour
from feeds.view import parse_view, shown
from feeds.web import create_app
from tests.unit.feeds.feeds_world import INFO, TODAY, Reader, voice, world, world_edits

NOON = datetime(2026, 11, 24, 12, tzinfo=AMSTERDAM)
AGENDA = Agenda(world(), INFO, TODAY, world_edits())


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    app = create_app(tmp_path_factory.mktemp("front"), lambda: Reader(world()), INFO, lambda: NOON)
    with TestClient(app) as found:
        yield found


VIEWS = [
    ("when=today", {"e-cafe", "e-nacht", "e-expo", "e-tm"}),
    ("when=tomorrow&words=samen", set()),
    ("when=weekend&pillar=muziek", {"e-orgel", "e-af"}),
    ("when=2026-12-05&pillar=muziek", {"e-samen"}),
    ("date=2026-12-05&when=today&pillar=muziek", {"e-samen"}),
    ("date=&when=week&genre=jazz", {"e-af"}),
    ("words=gor", {"e-cafe"}),
]


@pytest.mark.parametrize(("query", "expected"), VIEWS)
def test_views(query: str, expected: set[str]) -> None:
    view = parse_view(parse_qsl(query, keep_blank_values=True), INFO, TODAY, "nl", "/zoek/")
    assert {s.event.uid for s in shown(AGENDA, view)} == expected
    again = parse_view(view.query, INFO, TODAY, "nl", "/zoek/")
    assert {s.event.uid for s in shown(AGENDA, again)} == expected


@pytest.mark.parametrize("query", ["when=someday", "when=2026-13-01", "colour=red", "municipality=x"])
def test_a_view_that_makes_no_sense_is_refused(query: str) -> None:
    with pytest.raises(UsageError):
        parse_view(parse_qsl(query), INFO, TODAY, "nl", "/zoek/")


def test_an_event_says_without_a_script_since_when_its_sources_were_read() -> None:
    days = [date(2026, 11, day) for day in range(1, 31)]
    for name in ("de-spil", "uit-hengelo", "strikt"):
        runs = {d: {name: Run("r", name, "", f"{d}T23:30:00+01:00", Outcome.OK, True)} for d in days}
        since = [read_since(one)[name] for one in runs.values()]
        assert all(0 <= (day - told).days < 7 for day, told in zip(days, since, strict=True))
        assert len(set(since)) in (5, 6)  # in thirty days
        failed = {name: replace(runs[days[-1]][name], outcome=Outcome.DNS)}
        assert read_since(failed) == {}
        reader = Reader([])
        reader.newest = runs[days[0]]
        assert read_since(failed, reader) == read_since(runs[days[0]])  # when it last could be read
    organ = next(e for e in world() if e.uid == "e-orgel")
    seen = {"de-spil": date(2026, 11, 19), "strikt": date(2026, 11, 20)}
    page = render_event(organ, voice("en"), TODAY, seen).decode()
    assert "checked on Thursday 19 November 2026 or later" in page
    assert "20 November" not in page  # not one of its sources
    assert "or later" not in render_event(organ, voice("en"), date(2027, 1, 1), seen).decode()
    pieces = Pieces()
    keys = [Keys(Agenda([organ], INFO, TODAY, seen=s), pieces).event(organ) for s in (seen, {}, seen)]
    assert keys[0] == keys[2] != keys[1]
    later = date(2027, 1, 1)
    over = [Keys(Agenda([organ], INFO, later, seen=s), pieces).event(organ) for s in (seen, {})]
    assert over[0] == over[1]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/zoek/?municipality=x", "Dit adres klopt niet"),
        ("/en/maak/?pillar=x", "This address is not right"),
        ("/de/media/?kind=x", "Diese Adresse stimmt nicht"),
        ("/en/media?days=0", "This address is not right"),
    ],
)
def test_a_wrong_question_gets_a_page_in_its_language(client: TestClient[Any], path: str, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert words in answer.text
    assert "content-security-policy" in answer.headers
    assert "(x)" in answer.text or "(0)" in answer.text
    assert "unknown" not in answer.text


def test_a_page_made_for_a_question_is_squeezed_and_fresh(client: TestClient[Any]) -> None:
    first = client.get("/maak/?municipality=hengelo", headers={"accept-encoding": "br"})
    assert first.headers["content-encoding"] == "br"
    plain = client.get("/maak/?municipality=hengelo", headers={"accept-encoding": "identity"})
    assert first.headers["etag"] != plain.headers["etag"]
    asked = {"accept-encoding": "br", "if-none-match": first.headers["etag"]}
    assert client.get("/maak/?municipality=hengelo", headers=asked).status_code == 304


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_own_feed_holds_what_was_chosen(client: TestClient[Any], form: str) -> None:
    answer = client.get(f"/feeds.{form}?kind=week&days=14&pillar=muziek&municipality=hengelo&language=de")
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo
    assert {e.title.split(" · ")[1].split(" — ")[0] for e in parsed.entries} >= {"Samengevoegd concert"}
    assert parsed.feed.title.startswith("Kulturkalender Twente")
    assert "days=14" in json.dumps([link.href for link in parsed.feed.links])


def test_own_feed_looks_as_far_ahead_as_asked() -> None:
    near = wanted_entries(AGENDA, parse_wanted([("kind", "week"), ("free", "no")], INFO, "/feeds.rss"))
    far = wanted_entries(AGENDA, parse_wanted([("kind", "week"), ("days", "31")], INFO, "/feeds.rss"))
    assert {e.event.uid for e in near} < {e.event.uid for e in far}
    narrow = Wanted(Choice(children=True), "new")
    assert {e.event.uid for e in wanted_entries(AGENDA, narrow)} == {"e-cafe"}


@pytest.mark.parametrize(
    ("choice", "path"),
    [
        (Choice(), "/agenda/region.ics"),
        (Choice(frozenset({"hengelo"}), exhibitions=False), "/agenda/hengelo.no-exhibitions.ics"),
        (Choice(frozenset({"hengelo"}), keep=True, language="en"), "/en/agenda/hengelo.keep.ics"),
        (Choice(free=True), "/agenda.ics?free=yes&language=nl"),
        (Choice(keep=True, exhibitions=False), "/agenda.ics?cancelled=keep&exhibitions=no&language=nl"),
    ],
)
def test_a_plain_choice_leads_to_a_file(choice: Choice, path: str) -> None:
    assert calendar_path(choice, voice(choice.language)) == path


def test_qr_code_is_a_drawing_with_a_name() -> None:
    drawn = str(render_qr("https://agenda.example/agenda.ics", 'QR "<code>"'))
    assert drawn.startswith('<svg class="qr" role="img" aria-label="QR &#34;&lt;code&gt;&#34;"')
    assert drawn.count("M") > 100


def test_pictures_differ_by_event_and_say_nothing_when_there_is_none() -> None:
    made = {render_picture(event, voice()) for event in world()}
    assert len(made) == len(world())
    for data in (*made, render_blank(voice())):
        assert Image.open(io.BytesIO(data)).size == SIZE
        assert len(data) < 40_000


def test_index_knows_dialect_and_what_is_off() -> None:
    index = json.loads(render_index(AGENDA, voice()))
    places = {name: others for name, _, others in index["places"]}
    assert places["Enschede"] == ["eanske"]
    rows = {row[0]: row for row in index["events"]}
    assert rows["e-af"][-1] == 1
    assert len(rows["e-orgel"]) == 5
    assert "e-oud" not in rows
    assert "e-weg" not in rows


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (None, "nog niet bekeken"),
        (("2026-11-24T07:30:00+00:00", Outcome.OK), "Laatst bekeken op dinsdag 24 november 2026."),
        (("2026-11-24T07:30:00+00:00", Outcome.SERVER_ERROR), "konden wij deze bron niet lezen"),
    ],
)
def test_source_page_says_when_we_looked(run: tuple[str, Outcome] | None, words: str) -> None:
    made = Run("r", "strikt", run[0], run[0], run[1], True) if run else None
    page = render_source("strikt", made, voice()).decode()
    assert words in page
    assert "Geen tekst" in page


@pytest.mark.parametrize(
    ("language", "google", "short"),
    [
        ("nl", "AFGELAST voor de titel", "Zonder tentoonstellingen"),
        ("en", "CANCELLED before the title", "Without exhibitions"),
        ("de", "ABGESAGT vor dem Titel", "Ohne Ausstellungen"),
    ],
)
def test_the_list_of_feeds_has_each_calendar_in_three_kinds_and_says_why(
    language: str, google: str, short: str
) -> None:
    tongue = voice(language)
    page = html.document_fromstring(render_follow(tongue).decode())
    links = {a.get("href") for a in page.iter("a")}
    for scope in scopes(INFO):
        assert {tongue.urls.calendar(language, scope, flavour) for flavour in Flavour} <= links
    for scope in council_scopes(INFO):
        assert {council_path(tongue.urls, language, scope, form) for form in FORMATS} <= links
    assert google in page.text_content()
    assert page.text_content().count(short) == 1 + len(list(scopes(INFO)))


def test_pages_of_days_follow_one_another() -> None:
    days = showings_by_day(AGENDA)
    assert min(days) == TODAY - BEFORE
    assert max(days) == TODAY + AHEAD
    assert all(has_page(day, TODAY) for day in days)
    assert {s.event.uid for s in days[date(2026, 11, 28)]} >= {"e-orgel", "e-dag", "e-expo"}
