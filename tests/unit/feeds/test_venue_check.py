"""What a venue is told: gaps, score, fix, conflicts, what was left out, feed and week; links and the form."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from aggregator.dedupe.said import said
from aggregator.errors import UsageError
from aggregator.model import AllDay, Evidence, ListingRef, Timed
from feeds.publish import publish
from feeds.site.facts import build_facts
from feeds.venue.check import contradicted
from feeds.venue.claims import Archive
from feeds.venue.desk import Desk
from feeds.venue.fix import render_fix
from feeds.venue.gaps import WEIGHTS, gaps_of, score_of
from feeds.venue.link import is_signed, sign_key
from feeds.venue.news import changes, problems
from feeds.venue.routes import TURNS
from feeds.venue.wrong import Proposal
from feeds.web import create_app
from feeds.words import load_words
from tests.unit.feeds.feeds_world import TODAY, at, event, occurrence, voice
from tests.unit.feeds.venue_world import OWN, SITE, VenueReader, stored, venue_events

SECRET = b"0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
BARE = event("x", "Kaal", occurrence("x1", Timed(at(28))))
DAY = event("x", "Dag", occurrence("x1", AllDay(at(28).date())))
RUN = event("x", "Expo", occurrence("x1", AllDay(at(28).date(), at(30).date())))
ORGAN = next(e for e in venue_events() if e.uid == "e-orgel")

GAPS = [
    (ORGAN, [stored(ORGAN, OWN).listing], ["image"]),
    (BARE, [], ["structured", "price", "end", "image", "description"]),
    (DAY, [], ["structured", "time", "price", "image", "description"]),
    (RUN, [], ["structured", "price", "image", "description"]),
    (replace(BARE, image="https://a.example/b.jpg"), [], ["structured", "price", "end", "description"]),
]


@pytest.mark.parametrize(("one", "listings", "gaps"), GAPS)
def test_gaps_are_what_no_source_says(one: object, listings: list[object], gaps: list[str]) -> None:
    assert gaps_of(one, listings) == gaps  # type: ignore[arg-type]


def test_the_score_is_the_weighted_share_that_is_said_and_its_gains_add_up_to_the_rest() -> None:
    score = score_of([["structured", "end"], ["end"], [], []])
    assert score.points == 85  # 100 - 30 / 4 - 15 * 2 / 4
    assert [g.gap for g in score.gains] == ["structured", "end"]
    assert sum(g.points for g in score.gains) == pytest.approx(15)
    assert score_of([list(WEIGHTS)]).points == 0
    assert score_of([[]]).points == 100
    assert score_of([]).points is None


def test_the_fix_is_their_own_event_and_makes_nothing_up() -> None:
    text = render_fix(BARE, [], voice())
    found = json.loads(re.search(r">\n(.*)\n<", text, re.DOTALL)[1])  # type: ignore[index]
    assert found["name"] == "Kaal"
    assert found["startDate"] == "2026-11-28T20:00+01:00"
    assert found["location"]["address"]["postalCode"] == "7551 AB"
    for blank in (found["endDate"], found["offers"]["price"], found["image"], found["description"]):
        assert blank.startswith("VUL AAN")
    assert "</script>" not in render_fix(replace(BARE, title="</script><b>"), [], voice()).rpartition("\n")[0]


@pytest.fixture
def sent() -> list[object]:
    return []


@pytest.fixture
def client(tmp_path: Path, sent: list[object]) -> Iterator[TestClient[Litestar]]:
    left: set[str] = set()

    def leave(venue: str, out: bool) -> None:
        (left.add if out else left.discard)(venue)

    desk = Desk(SECRET, sent.append, leave, lambda: left)
    with TestClient(create_app(tmp_path, VenueReader, SITE, lambda: NOW, desk)) as found:
        yield found


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Zaal 1, Markt 3, Goor, hof-van-twente", "Zaal 1, Markt 3, Goor, Hof van Twente"),
        ("De Spil, Hengelo, hengelo", "De Spil, Hengelo"),
        ("hengelo", "Hengelo"),
        ("De Spil, Zwolle", "De Spil, Zwolle"),
    ],
)
def test_another_place_names_its_municipality_and_another_page_is_no_contradiction(
    told: str, shown: str
) -> None:
    other = ListingRef("uit-hengelo", "9")
    evidence = {
        "place": Evidence(OWN, ((other, told),)),
        "url": Evidence(OWN, ((other, "https://b.example"),)),
    }
    speaker = voice("nl")
    facts = build_facts(replace(BARE, evidence=evidence), speaker)
    assert [fact.others[0].partition(": ")[2] for fact in facts] == [shown, "https://b.example"]
    assert [fact.field for fact in contradicted(facts, speaker.words)] == [speaker.words("field.place")]


def test_a_page_for_each_date_of_a_series_is_no_contradiction() -> None:
    series = event("x", "Reeks", occurrence("x1", Timed(at(28))), occurrence("x2", Timed(at(29))))
    other = ListingRef("uit-hengelo", "9")
    told = said(tuple(one.occurrence for one in series.occurrences))  # as the evidence keeps it
    evidence = {"occurrences": Evidence(OWN, ((OWN, told),))}
    assert build_facts(replace(series, evidence=evidence), voice("nl"))[0].others == ()
    losers = ((other, "2026-11-27 20:00"), (other, "2026-11-27 20:00"))
    fact = build_facts(replace(series, evidence={"occurrences": Evidence(OWN, losers)}), voice("nl"))[0]
    assert len(fact.others) == 1


@pytest.mark.parametrize(
    ("field", "told", "shown"),
    [
        ("title", "Reeks – in de Zaal!", "Reeks – in de Zaal!"),
        ("title", "REEKS.", None),
        ("status", "cancelled", "Afgelast"),
        ("occurrences", "2026-11-29 21:30", "zo 29 nov 2026 21:30"),
        ("occurrences", "2026-11-29 – 2026-12-02", "29 nov t/m 2 dec 2026"),
        ("occurrences", "… – 2026-12-02", "… – 2026-12-02"),
        ("occurrences", "2026-11-28 20:00", None),
    ],
)
def test_what_another_source_says_stands_beside_what_we_show(
    field: str, told: str, shown: str | None
) -> None:
    one, speaker = event("x", "Reeks", occurrence("x1", Timed(at(28)))), voice("nl")
    facts = build_facts(
        replace(one, evidence={field: Evidence(OWN, ((ListingRef("uit-hengelo", "9"), told),))}), speaker
    )
    assert [other.partition(": ")[2] for other in facts[0].others] == ([shown] if shown else [])
    ours = {"title": "Reeks", "status": "Gaat door", "occurrences": "za 28 nov 2026 20:00"}[field]
    assert facts[0].followed(speaker.words) == f"{facts[0].source}: {ours}"


@pytest.mark.parametrize(("language", "prefix"), [("nl", ""), ("en", "/en"), ("de", "/de")])
def test_the_check_tells_everything_and_keeps_what_is_private(
    client: TestClient[Litestar], language: str, prefix: str
) -> None:
    words = load_words(language)
    answer = client.get(f"{prefix}/podium/de-spil/controle/")
    text = html.unescape(answer.text)
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert words("venue.gap.structured") in text
    assert words("venue.fix.end") in text
    assert words("venue.warning.weekday-conflict") in text
    assert "Uit in Hengelo: Orgel in De Spil" in text  # what another source says
    assert "Verdwenen" in text  # withdrawn, told with its reason
    assert "Meifeest" in text
    assert words("reject.no-date") in text
    for secret in ("Bruiloft", "e-prive"):
        assert secret not in text
    assert words.count("venue.secret", 1) in text
    assert '"startDate": "2026-12-05T20:00+01:00"' in text
    assert f'<trek-agenda venue="de-spil" lang="{language}"' in text
    again = client.get(f"{prefix}/podium/de-spil/controle", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_an_unknown_venue_is_not_found(client: TestClient[Litestar]) -> None:
    for path in ("controle/", "controle.atom", "week.txt"):
        assert client.get(f"/podium/nergens/{path}").status_code == 404


def test_feed_and_week_tell_problems_and_changes(client: TestClient[Litestar]) -> None:
    answer = client.get("/podium/de-spil/controle.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    root = ET.fromstring(answer.text)
    ids = [e.findtext(f"{atom}id") for e in root.iter(f"{atom}entry")]
    assert len(ids) == len(set(ids)) > 5
    stamps = [e.findtext(f"{atom}updated") or "" for e in root.iter(f"{atom}entry")]
    assert stamps == sorted(stamps, reverse=True)
    assert root.findtext(f"{atom}updated") == stamps[0]
    week = client.get("/podium/de-spil/week.txt").text
    assert "Gewijzigd: Jazz in de kelder" in week
    assert "Nieuw: " in week
    assert "Bruiloft" not in week + answer.text


def test_news_has_no_now_in_it() -> None:
    archive = Archive(VenueReader, SITE)  # type: ignore[arg-type]
    today, later = (archive.find("de-spil", TODAY + timedelta(days=n)) for n in (0, 1))
    first, second = ({(i.id, i.at) for i in problems(c, voice())} for c in (today, later))
    assert first >= second
    assert {i.id for i in changes(today, voice())} >= {"e-orgel#new"}


KEY = sign_key("de-spil", NOW + timedelta(days=30), SECRET)
FORGED = [
    ("", "nothing"),
    ("x", "no parts"),
    (KEY[:-1] + ("0" if KEY[-1] != "0" else "1"), "a changed signature"),
    (f"{int(KEY.partition('.')[0]) + 1}.{KEY.partition('.')[2]}", "a longer life"),
    (sign_key("ketelhal", NOW + timedelta(days=30), SECRET), "another venue's"),
    (sign_key("de-spil", NOW, SECRET), "expired"),
    (sign_key("de-spil", NOW + timedelta(days=30), SECRET[::-1]), "another secret"),
    (f"{KEY}é", "odd signs"),
    (f"²{KEY}", "a digit that is none"),
]


@pytest.mark.parametrize("key", [key for key, _ in FORGED], ids=[why for _, why in FORGED])
def test_a_link_that_is_not_theirs_opens_nothing(
    client: TestClient[Litestar], sent: list[object], key: str
) -> None:
    assert not is_signed(key, "de-spil", NOW, SECRET)
    shown = client.get("/podium/de-spil/wijzig/", params={"key": key})
    data = {"key": key, "do": "leave", "event": "e-orgel", "field": "title", "after": "x"}
    answered = client.post("/podium/de-spil/wijzig/", data=data)
    assert (shown.status_code, answered.status_code) == (403, 403)
    assert sent == []
    form = client.get("/podium/de-spil/wijzig/", params={"key": KEY}).text
    assert load_words("nl")("wrong.leave") in form  # nobody opted out


def test_a_short_secret_signs_nothing() -> None:
    with pytest.raises(UsageError):
        sign_key("de-spil", NOW, b"short")
    assert not is_signed("1999999999.", "de-spil", NOW, b"")


def test_a_proposal_is_sent_with_before_and_after(client: TestClient[Litestar], sent: list[object]) -> None:
    shown = client.get("/podium/de-spil/wijzig/", params={"key": KEY})
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    data = {"key": KEY, "do": "propose", "event": "e-orgel", "field": "price", "after": "€ 15", "note": ""}
    answer = client.post("/podium/de-spil/wijzig/", data=data)
    assert load_words("nl")("wrong.done") in html.unescape(answer.text)
    assert sent == [Proposal("de-spil", "e-orgel", ORGAN.title, "price", "€\xa012,50", "€ 15", "")]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"event": "e-verplaatst"}, "wrong.choose"),  # another venue's event
        ({"event": "e-prive"}, "wrong.choose"),
        ({"field": "uid"}, "wrong.choose"),
        ({"after": " \x00 "}, "wrong.empty"),
    ],
)
def test_a_wrong_answer_is_told_and_sent_nowhere(
    client: TestClient[Litestar], sent: list[object], answers: dict[str, str], said: str
) -> None:
    data = {"key": KEY, "do": "propose", "event": "e-orgel", "field": "title", "after": "x"} | answers
    answer = client.post("/podium/de-spil/wijzig/", data=data)
    assert load_words("nl")(said) in html.unescape(answer.text)
    assert sent == []


def test_what_opted_out_is_shown_nowhere_whoever_told_it(tmp_path: Path) -> None:
    """Ketelhal has no source of its own here: all that is known of it comes from others."""
    public = tmp_path / "public"
    publish(VenueReader(), SITE, public, TODAY)
    before = naming(public)
    assert len(before) > 30
    publish(VenueReader(), SITE, public, TODAY, left=["ketelhal"])
    assert naming(public) == set()
    page = (public / "podium" / "ketelhal" / "index.html").read_text("utf-8")
    assert load_words("nl")("gone.listing_title") in page  # the address lives on and says that it ended
    publish(VenueReader(), SITE, public, TODAY)
    assert naming(public) == before


def naming(public: Path) -> set[Path]:
    """The files that name the venue or its only event."""
    plain = (p for p in public.rglob("*") if p.is_file() and p.suffix not in (".gz", ".br", ".png", ".docx"))
    words = ("Ketelhal", "Po\u00ebzieavond", "Po\\u00ebzieavond")
    return {p for p in plain if any(word in p.read_bytes().decode("utf-8", "replace") for word in words)}


def test_opting_out_is_one_click_and_can_be_undone(client: TestClient[Litestar]) -> None:
    words = load_words("nl")
    calendar = client.get("/agenda.ics?venue=de-spil").text
    assert "Orgelconcert" in calendar
    answer = client.post("/podium/de-spil/wijzig/", data={"key": KEY, "do": "leave"})
    assert words("wrong.done_leave") in html.unescape(answer.text)
    assert words("wrong.return") in client.get("/podium/de-spil/wijzig/", params={"key": KEY}).text
    assert "Orgelconcert" not in client.get("/agenda.ics?municipality=hengelo&free=no").text
    assert "De Spil" not in client.get("/maak/?municipality=hengelo").text
    for path in ("controle/", "controle.atom", "week.txt"):
        gone = client.get(f"/podium/de-spil/{path}")
        assert gone.status_code == 410
        assert words("venue.opted_out") in gone.text
        assert "Orgel" not in gone.text
    client.post("/podium/de-spil/wijzig/", data={"key": KEY, "do": "return"})
    assert client.get("/agenda.ics?venue=de-spil").text == calendar
    assert words("wrong.leave") in client.get("/podium/de-spil/wijzig/", params={"key": KEY}).text


def test_a_form_that_is_too_large_is_refused(client: TestClient[Litestar], sent: list[object]) -> None:
    answer = client.post("/podium/de-spil/wijzig/", data={"key": KEY, "after": "x" * 30_000})
    assert answer.status_code == 413
    assert sent == []


def test_the_form_cannot_be_sent_without_end(client: TestClient[Litestar], sent: list[object]) -> None:
    data = {"key": KEY, "do": "propose", "event": "e-orgel", "field": "price", "after": "\u20ac 15"}
    codes = [client.post("/podium/de-spil/wijzig/", data=data).status_code for _ in range(TURNS + 2)]
    assert codes == [200] * TURNS + [429] * 2
    assert len(sent) == TURNS
    assert client.get("/podium/de-spil/wijzig/", params={"key": KEY}).status_code == 200
