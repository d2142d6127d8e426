"""The app: types, validators, safety of paths, and free combinations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from aggregator.errors import StoreError, UsageError
from aggregator.store.protocol import EventReader
from feeds.lint import lint_calendar
from feeds.publish import publish
from feeds.web import create_app, serve
from tests.unit.feeds.feeds_world import INFO, TODAY, Reader, world

Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "public"
    publish(Reader(world()), INFO, folder, TODAY)
    (folder.parent / "secret.txt").write_text("secret")
    (folder / ".hidden").write_text("secret")
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    return folder


def now() -> datetime:
    return datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
def client(public: Path) -> Iterator[Client]:
    with TestClient(create_app(public, lambda: Reader(world()), INFO, now)) as found:
        found.follow_redirects = False
        yield found


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/gemeente/hengelo/", "text/html; charset=utf-8"),
        ("/agenda/region.ics", "text/calendar; charset=utf-8"),
        ("/feeds/region/new.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/region/new.atom", "application/atom+xml; charset=utf-8"),
        ("/feeds/region/new.json", "application/feed+json; charset=utf-8"),
        ("/trek.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/agenda.ics?municipality=hengelo", "text/calendar; charset=utf-8"),
    ],
)
def test_type_and_validators(client: Client, path: str, kind: str) -> None:
    answer = client.get(path, headers={"accept-encoding": "identity", "accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["etag"].startswith('"')
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)
    head = client.head(path, headers={"accept-encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == answer.headers["content-length"]
    assert head.headers["etag"] == answer.headers["etag"]
    asked = {"if-none-match": answer.headers["etag"], "accept-encoding": "identity"}
    again = client.get(path, headers=asked)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == answer.headers["etag"]


def test_shared_files_may_be_fetched_from_elsewhere(client: Client) -> None:
    for path in ("/agenda/region.ics", "/feeds/region/new.json", "/agenda.ics"):
        assert client.get(path).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/").headers


CONDITIONS = [
    ({"if-none-match": "ETAG"}, 304),
    ({"if-none-match": "W/ETAG"}, 304),
    ({"if-none-match": '"x", ETAG'}, 304),
    ({"if-none-match": "*"}, 304),
    ({"if-none-match": '"x"'}, 200),
    ({"if-none-match": '"x"', "if-modified-since": "CHANGED"}, 200),
    ({"if-modified-since": "CHANGED"}, 304),
    ({"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
    ({"if-modified-since": "Thu, 01 Jan 2015 00:00:00 GMT"}, 200),
    ({"if-modified-since": "yesterday"}, 200),
]


@pytest.mark.parametrize(("asked", "status"), CONDITIONS)
def test_conditions(client: Client, asked: dict[str, str], status: int) -> None:
    known = client.get("/agenda/region.ics").headers
    filled = {
        name: value.replace("ETAG", known["etag"]).replace("CHANGED", known["last-modified"])
        for name, value in asked.items()
    }
    assert client.get("/agenda/region.ics", headers=filled).status_code == status


def test_etag_follows_the_bytes(public: Path, client: Client) -> None:
    file = public / "note.txt"
    file.write_text("one")
    first = client.get("/note.txt").headers["etag"]
    stat = file.stat()
    replacement = public / "note.new"
    replacement.write_text("two")
    os.utime(replacement, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    replacement.replace(file)
    assert client.get("/note.txt").headers["etag"] != first


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/agenda/%2e%2e/%2e%2e/secret.txt",
        "/.hidden",
        "/link.txt",
        "/a%00b",
        "/..%5csecret.txt",
        "/agenda",
        "//secret.txt",
    ],
)
def test_nothing_else_is_served(client: Client, path: str) -> None:
    answer = client.get(f"http://testserver.local{path}")
    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_not_found_speaks_the_language_of_the_address(client: Client) -> None:
    assert "Deze pagina bestaat niet" in client.get("/x/").text
    assert "This page does not exist" in client.get("/en/x/").text
    answer = client.get("/agenda/x.ics")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_folder_without_slash_leads_to_it_and_never_elsewhere(client: Client) -> None:
    assert client.get("/gemeente/hengelo").headers["location"] == "/gemeente/hengelo/"
    answer = client.get("http://testserver.local//gemeente/hengelo")
    assert answer.headers.get("location", "/gemeente/hengelo/") == "/gemeente/hengelo/"


def test_pages_take_scripts_and_styles_from_files_of_their_own_alone(client: Client) -> None:
    policy = client.get("/").headers["content-security-policy"]
    allowed = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert {allowed.pop(name) for name in ("default-src", "base-uri", "frame-ancestors")} == {"'none'"}
    assert set(allowed.values()) == {"'self'"}


COMBINATIONS = [
    ("", None),
    ("municipality=enschede", {"o-verplaatst"}),
    ("municipality=enschede&municipality=hof-van-twente", "both"),
    ("municipality=hengelo&pillar=createch", {"o-expo", "o-dag"}),
    ("venue=ketelhal&pillar=muziek", set()),
    ("venue=ketelhal", {"o-verplaatst"}),
]


@pytest.mark.parametrize(("query", "expected"), COMBINATIONS)
def test_combinations(client: Client, query: str, expected: object) -> None:
    data = client.get(f"/agenda.ics?{query}").content
    assert lint_calendar(data) == []
    found = {str(e["UID"]) for e in icalendar.Calendar.from_ical(data).walk("VEVENT")}
    whole = {
        str(e["UID"])
        for e in icalendar.Calendar.from_ical(client.get("/agenda/region.ics").content).walk("VEVENT")
    }
    cafe = {uid for uid in whole if uid.startswith("o-cafe")}
    assert found == (
        whole if expected is None else cafe | {"o-verplaatst"} if expected == "both" else expected
    )


def test_combination_is_the_same_whatever_the_order(client: Client) -> None:
    one = client.get("/agenda.ics?municipality=hengelo&municipality=enschede&language=de")
    two = client.get("/agenda.ics?language=de&municipality=enschede&municipality=hengelo")
    assert one.headers["etag"] == two.headers["etag"]
    assert b"NAME:Kulturkalender Twente: Hengelo\\, Enschede" in one.content


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("municipality=atlantis", "unknown municipality 'atlantis'"),
        ("colour=red", "unknown key 'colour'"),
        ("pillar=x", "unknown pillar 'x'"),
        ("genre=polka", "unknown genre 'polka'"),
        ("&".join(["municipality=hengelo"] * 300), "more than 200"),
    ],
)
def test_bad_combination_is_told(client: Client, query: str, words: str) -> None:
    answer = client.get(f"/agenda.ics?{query}")
    assert answer.status_code == 400
    assert words in answer.text


def test_combination_follows_the_store(public: Path) -> None:
    class Growing(Reader):
        def revision(self) -> int:
            return len(self._events)

    reader = Growing(world()[:1])
    with TestClient(create_app(public, lambda: reader, INFO, now)) as client:
        assert client.get("/agenda.ics").content.count(b"BEGIN:VEVENT") == 1
        reader._events = world()[:2]
        assert client.get("/agenda.ics").content.count(b"BEGIN:VEVENT") == 2


def test_store_that_cannot_be_opened_is_told(public: Path) -> None:
    def broken() -> EventReader:
        raise StoreError("no database here", "sqlite:///secret-path")

    with TestClient(create_app(public, broken, INFO, now)) as client:
        answer = client.get("/agenda.ics")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "300")
        assert "secret-path" not in answer.text
        assert client.get("/").status_code == 200


def test_port_that_is_taken_is_told(public: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="choose another --port"):
            serve(public, lambda: Reader(world()), INFO, "127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_only_a_browser_that_opens_a_feed_as_a_page_gets_it_as_plain_xml(client: Client, form: str) -> None:
    path = f"/feeds/region/new.{form}"
    page = client.get(path, headers={"sec-fetch-dest": "document"})
    reader = client.get(path, headers={"accept": "text/html"})
    assert page.headers["content-type"] == "application/xml; charset=utf-8"
    assert reader.headers["content-type"] == f"application/{form}+xml; charset=utf-8"
    assert page.content == reader.content
    assert reader.headers["vary"] == "accept-encoding, sec-fetch-dest"
