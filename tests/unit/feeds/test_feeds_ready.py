"""Files that are sent without the framework: the same answer as the long way's, and never an old one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from feeds import combine, static
from feeds.compress import write_variants
from feeds.disk import TEMPORARY
from feeds.ready import Ready
from feeds.static import Files
from feeds.web import create_app
from tests.unit.feeds.feeds_world import INFO, Reader, world

PAGE = b"<p>Vanavond in Hengelo</p>" * 400


@pytest.fixture
def public(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    (folder / "feeds").mkdir(parents=True)
    (folder / TEMPORARY).mkdir()
    (folder / "index.html").write_bytes(PAGE)
    (folder / "feeds" / "new.rss").write_bytes(PAGE)
    (folder / "a.ics").write_bytes(b"BEGIN:VCALENDAR\r\n" * 400)
    write_variants(folder, ["index.html", "feeds/new.rss"])
    return folder


class Watched:
    """The app, and how often it was asked."""

    def __init__(self, app: Any) -> None:
        self.app, self.asked = app, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += scope["type"] == "http"
        await self.app(scope, receive, send)


@pytest.fixture
def watched(public: Path) -> Watched:
    return Watched(create_app(public, lambda: Reader(world()), INFO))


@pytest.fixture
def client(watched: Watched) -> Iterator[Any]:
    state = watched.app.state
    with TestClient(Ready(watched, state.files, state.combined)) as found:  # type: ignore[arg-type]
        yield found


@pytest.mark.parametrize("path", ["/", "/feeds/new.rss", "/a.ics"])
@pytest.mark.parametrize("asked", [{}, {"accept-encoding": "br"}, {"sec-fetch-dest": "document"}])
def test_the_second_answer_is_the_first_without_the_app(
    client: Any, watched: Watched, path: str, asked: dict[str, str]
) -> None:
    headers = {"accept-encoding": "identity"} | asked
    first, second = client.get(path, headers=headers), client.get(path, headers=headers)
    assert watched.asked == 1
    assert (second.status_code, second.content, second.headers) == (200, first.content, first.headers)
    old = headers | {"if-none-match": first.headers["etag"]}
    short = client.get(path, headers=old)
    assert watched.asked == 1
    assert (short.status_code, short.content) == (304, b"")
    assert short.headers == TestClient(watched.app).get(path, headers=old).headers


def test_a_file_that_changed_is_sent_anew(client: Any, public: Path) -> None:
    known = client.get("/a.ics").headers["etag"]
    replacement = public / "next"
    replacement.write_bytes(b"END:VCALENDAR\r\n\r\n\r\n"[:17] * 400)
    stat = (public / "a.ics").stat()
    os.utime(replacement, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    replacement.replace(public / "a.ics")
    answer = client.get("/a.ics", headers={"if-none-match": known})
    assert (answer.status_code, answer.content[:4]) == (200, b"END:")
    (public / "a.ics").unlink()
    assert client.get("/a.ics").status_code == 404


def test_a_variant_that_came_or_went_counts(client: Any, public: Path) -> None:
    asked = {"accept-encoding": "br"}
    assert client.get("/", headers=asked).headers["content-encoding"] == "br"
    (public / "index.html.br").unlink()
    assert "content-encoding" not in client.get("/", headers=asked).headers
    write_variants(public, ["index.html"])
    assert client.get("/", headers=asked).headers["content-encoding"] == "br"


def test_a_link_that_leads_elsewhere_is_followed_no_further(client: Any, public: Path) -> None:
    (public.parent / "secret.txt").write_text("secret")
    (public / "note.txt").symlink_to(public / "a.ics")
    assert client.get("/note.txt").status_code == 200
    (public / "next").symlink_to(public.parent / "secret.txt")
    (public / "next").replace(public / "note.txt")
    assert client.get("/note.txt").status_code == 404


def test_only_plain_questions_are_answered_at_once(client: Any, watched: Watched) -> None:
    client.get("/")
    client.head("/")
    client.get("/?genre=jazz")
    client.post("/")
    client.get("/none")
    client.get("/none")
    assert watched.asked == 6


def test_a_combined_calendar_is_sent_at_once_the_second_time(client: Any, watched: Watched) -> None:
    path = "/agenda.ics?municipality=hengelo&cancelled=keep"
    first, second = client.get(path), client.get(path)
    assert watched.asked == 1
    assert b"BEGIN:VEVENT" in first.content
    assert (second.status_code, second.content, second.headers) == (200, first.content, first.headers)
    short = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert watched.asked == 1
    assert (short.status_code, short.content) == (304, b"")
    assert client.get("/agenda.ics?municipality=borne").content != first.content
    assert client.get("/agenda.ics?municipality=nowhere").status_code == 400
    assert client.get("/agenda.ics?municipality=nowhere").status_code == 400
    assert watched.asked == 4


def test_a_combined_calendar_of_yesterday_is_not_sent_at_once(public: Path) -> None:
    moments = [datetime(2026, 11, 24, 12, tzinfo=UTC)]
    app = create_app(public, lambda: Reader(world()), INFO, lambda: moments[0])
    watched = Watched(app)
    path = "/agenda.ics?municipality=hengelo"
    with TestClient(Ready(watched, app.state.files, app.state.combined)) as client:  # type: ignore[arg-type]
        client.get(path)
        moments[0] += timedelta(days=1)
        client.get(path)
        assert watched.asked == 2


def test_a_combined_calendar_that_changed_is_made_anew(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(world())
    monkeypatch.setattr(combine, "LOOK", 0.0)
    app = create_app(public, lambda: reader, INFO)
    path = "/agenda.ics?municipality=hengelo"
    with TestClient(Ready(app, app.state.files, app.state.combined)) as client:  # type: ignore[arg-type]
        before = client.get(path)
        events = list(reader.events())
        gone = next(e for e in events if e.place.municipality == "hengelo" and e.uid in before.text)
        monkeypatch.setattr(reader, "revision", lambda: 2)
        monkeypatch.setattr(reader, "events", lambda **_: iter([e for e in events if e is not gone]))
        after = client.get(path, headers={"if-none-match": before.headers["etag"]})
        assert after.status_code == 200
        assert gone.uid not in after.text


def test_a_question_at_a_calendar_finds_its_other_kind(client: Any, public: Path) -> None:
    (public / "a.keep.ics").write_bytes(b"BEGIN:VCALENDAR\r\nX-KEEP:1\r\n")
    assert b"X-KEEP" in client.get("/a.ics?cancelled=keep").content
    assert b"X-KEEP" not in client.get("/a.ics?cancelled=hide").content
    assert client.get("/a.ics?exhibitions=no").content == client.get("/a.ics").content
    assert client.get("/b.ics?cancelled=keep").status_code == 404


def test_memory_is_bounded(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static, "MOST_KEPT", 1000)
    monkeypatch.setattr(static, "LARGEST_KEPT", 600)
    files = Files(public)
    for name, size in (("one", 500), ("two", 500), ("three", 500), ("large", 601)):
        (public / name).write_bytes(b"x" * size)
        files.answer(f"/{name}", {})
    found = [bool(files.ready(static.key_of(f"/{n}", {}))) for n in ("one", "two", "three", "large")]
    assert found == [False, True, True, False]
