"""Trying a page: the form, what is told of a reading, its limits; and the count of visitors."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from aggregator.model import Listing, Occurrence, Origin, Place, Reject, Tier, Timed, to_plain
from feeds.limit import MOST_KEYS, Limit, visitor
from feeds.venue.booth import AT_ONCE, TURNS, with_scheme
from feeds.venue.desk import Desk
from feeds.venue.trial import MOST_UPLOAD, read_tried, render_trial
from feeds.web import create_app
from feeds.words import LANGUAGES, load_words
from tests.unit.feeds.feeds_world import TODAY, Reader, at, voice, world
from tests.unit.feeds.venue_world import SITE

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
SECRET = b"0123456789abcdef0123456789abcdef"
PAGE = "https://podium.example/agenda"
READ = Listing(
    "",
    "podium.example/1",
    Tier.PRESS,
    "Orgel & <b>meer</b>",
    tuple(Occurrence(Timed(at(day))) for day in (25, 26, 27, 28, 29)),
    Place("hengelo", name="Waterstaatskerk", place="Hengelo", because="place Hengelo"),
    url=f"{PAGE}/orgel",
    warnings=("weekday-conflict", "nooit-gezien"),
    origins={
        "title": Origin("layout", PAGE, "Orgel & <b>meer</b>"),
        "occurrences": Origin("layout", PAGE, "wo 25 nov 20.00 uur"),
    },
)
AWAY = Listing("", "2", Tier.PRESS, "Ver weg", READ.occurrences, Place("outside"), warnings=("private",))
ANSWER: dict[str, Any] = {
    "url": PAGE,
    "outcome": "ok",
    "listings": [to_plain(READ), to_plain(AWAY)],
    "rejects": [to_plain(Reject("", PAGE, "unreadable-date", "ergens in mei", "Meifeest"))],
    "problems": [["broken-json-ld", "line 3"], ["iets-nieuws", "x"]],
    "follow": ["https://podium.example/agenda/1", "javascript:alert(1)"],
    "events": 30,
}
Asked = list[tuple[str, bytes | None, str]]


@pytest.fixture
def asked() -> Asked:
    return []


@pytest.fixture
def client(tmp_path: Path, asked: Asked) -> Iterator[TestClient[Litestar]]:
    def ask(url: str, body: bytes | None, kind: str) -> Mapping[str, Any]:
        asked.append((url, body, kind))
        return ANSWER

    with open_client(tmp_path, ask) as found:
        yield found


def open_client(folder: Path, ask: Callable[..., Mapping[str, Any]] | None) -> TestClient[Litestar]:
    desk = Desk(SECRET, lambda one: None, lambda venue, out: None, tuple, ask)
    return TestClient(create_app(folder, lambda: Reader(world()), SITE, lambda: NOW, desk))


@pytest.mark.parametrize(("language", "prefix"), [("nl", ""), ("en", "/en"), ("de", "/de")])
def test_an_address_is_read_and_everything_is_told(
    client: TestClient[Litestar], asked: Asked, language: str, prefix: str
) -> None:
    words = load_words(language)
    form = client.get(f"{prefix}/probeer/")
    assert form.status_code == 200
    assert 'method="post"' in form.text
    assert asked == []  # to look at the form fetches nothing
    answer = client.post(f"{prefix}/probeer/", data={"url": " podium.example/agenda "})
    text = html.unescape(answer.text)
    assert asked == [("https://podium.example/agenda", None, "")]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == form.headers["content-security-policy"]
    for key in ("trial.method.layout", "venue.fix.structured", "venue.fix.end", "reject.unreadable-date"):
        assert words(key) in text
    assert words("venue.warning.weekday-conflict") in text
    assert words("trial.problem.broken-json-ld") in text
    assert words("trial.problem", code="iets-nieuws") in text
    assert words("trial.withheld") in text
    assert words.count("trial.more_dates", 2) in text
    assert words.count("trial.more", 10) in text
    assert "wo 25 nov 20.00 uur" in text
    assert "ergens in mei" in text
    assert '"name": "Orgel & \\u003cb>meer' in text  # the block to copy
    assert "<b>" not in answer.text
    assert "javascript:" not in answer.text
    assert 'name="url" value="https://podium.example/agenda/1"' in answer.text


def test_a_file_is_read_as_if_it_stood_at_the_address(client: TestClient[Litestar], asked: Asked) -> None:
    file = {"page": ("agenda.ics", b"BEGIN:VCALENDAR", "text/calendar")}
    assert client.post("/probeer", data={"url": ""}, files=file).status_code == 200
    assert client.post("/probeer/", data={"url": PAGE}, files=file).status_code == 200
    assert asked == [("", b"BEGIN:VCALENDAR", "text/calendar"), (PAGE, b"BEGIN:VCALENDAR", "text/calendar")]


def test_what_must_not_be_read_is_told_and_never_asked(client: TestClient[Litestar], asked: Asked) -> None:
    words = load_words("nl")
    large = {"page": ("x.html", b"x" * (MOST_UPLOAD + 1), "text/html")}
    foreign = {"sec-fetch-site": "cross-site"}
    refused = [
        (client.post("/probeer/", data={"url": ""}), 400, words("trial.empty")),
        (client.post("/probeer/", data={"url": ""}, files=large), 413, words("trial.large", most=2)),
        (client.post("/probeer/", data={"url": PAGE}, headers=foreign), 403, words("trial.foreign")),
    ]
    for answer, status, said in refused:
        assert answer.status_code == status
        assert said in html.unescape(answer.text)
    huge = {"page": ("x.html", b"x" * (3 * MOST_UPLOAD), "text/html")}
    assert client.post("/probeer/", data={"url": ""}, files=huge).status_code == 413
    assert asked == []


def test_one_visitor_has_so_many_turns(client: TestClient[Litestar], asked: Asked) -> None:
    for _ in range(TURNS):
        assert client.post("/probeer/", data={"url": PAGE}).status_code == 200
    answer = client.post("/en/probeer/", data={"url": PAGE})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert load_words("en")("trial.often", minutes=10) in html.unescape(answer.text)
    assert len(asked) == TURNS


def test_no_more_than_two_are_read_at_once(tmp_path: Path) -> None:
    inside: list[str] = []

    def ask(url: str, body: bytes | None, kind: str) -> Mapping[str, Any]:
        inside.append(url)
        if len(inside) <= AT_ONCE:  # each asks for the next while it is being read
            codes.append(client.post("/probeer/", data={"url": PAGE}).status_code)
        return ANSWER

    codes: list[int] = []
    with open_client(tmp_path, ask) as client:
        codes.append(client.post("/probeer/", data={"url": PAGE}).status_code)
        assert codes == [503, 200, 200]
        assert len(inside) == AT_ONCE
        assert client.post("/probeer/", data={"url": PAGE}).status_code == 200  # the places are free again


def test_without_a_reader_the_form_says_so(tmp_path: Path) -> None:
    with open_client(tmp_path, None) as client:
        answer = client.post("/probeer/", data={"url": PAGE})
    assert answer.status_code == 503
    assert load_words("nl")("trial.off") in html.unescape(answer.text)


OUTCOMES = ["refused-address", "robots", "blocked", "not-found", "server-error", "dns", "tls", "unreachable"]


@pytest.mark.parametrize("outcome", [*OUTCOMES, "too-large", "unreadable", "too-heavy"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_to_fail_has_its_own_words(outcome: str, language: str) -> None:
    tried = read_tried({"url": PAGE, "outcome": outcome, "detail": "English, for the log"})
    text = html.unescape(render_trial(voice(language), TODAY, tried).decode())
    assert load_words(language)(f"trial.outcome.{outcome}") in text
    assert "English, for the log" not in text


def test_a_page_without_events_gets_an_example_that_makes_nothing_up() -> None:
    tried = read_tried({"url": PAGE, "outcome": "ok", "events": 0})
    text = html.unescape(render_trial(voice(), TODAY, tried).decode())
    assert load_words("nl")("trial.nothing") in text
    assert '"name": "VUL AAN: titel"' in text
    assert '"startDate": "2026-12-08T20:00+01:00"' in text


def test_turns_come_back_and_visitors_are_forgotten() -> None:
    limit = Limit(2, timedelta(minutes=10))
    times = [(0, True), (1, True), (2, False), (10, True), (10.5, False), (11, True)]
    assert [limit.take("a", NOW + timedelta(minutes=m)) for m, _ in times] == [ok for _, ok in times]
    assert limit.take("b", NOW)
    for number in range(2 * MOST_KEYS):
        limit.take(str(number), NOW + timedelta(hours=1))
    assert len(limit._turns) <= MOST_KEYS


@pytest.mark.parametrize(
    ("peer", "named", "who"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("8.8.8.8", "198.51.100.7", "8.8.8.8"),  # a stranger speaks for nobody else
        ("127.0.0.1", "198.51.100.7, 8.8.4.4", "8.8.4.4"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (None, "", ""),
    ],
)
def test_whom_a_request_is_counted_for(peer: str | None, named: str, who: str) -> None:
    assert visitor(peer, {"x-forwarded-for": named} if named else {}) == who


def test_people_write_addresses_without_https() -> None:
    assert [with_scheme(t) for t in ("", "a.example/x", "http://a.example")] == [
        "",
        "https://a.example/x",
        "http://a.example",
    ]
