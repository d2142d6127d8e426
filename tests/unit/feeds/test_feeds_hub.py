"""A hub is told of each feed that changed, and a bad one never fails a publication."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from litestar.testing import TestClient

from feeds.hub import is_news_file, tell_hub
from feeds.publish import publish
from feeds.web import create_app
from tests.unit.feeds.feeds_world import INFO, SEEN, TODAY, Reader, world


class Hub(ThreadingHTTPServer):
    """Takes pings and keeps them; answers `status`."""

    status = 202

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.told: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hub?a=1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Hub)
        said = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        assert said["hub.mode"] == ["publish"]
        assert self.path == "/hub?a=1"
        self.server.told += said["hub.url"]
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server has it
        return


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_hub_hears_of_what_changed_and_of_nothing_else(hub: Hub, tmp_path: Path) -> None:
    info, public = replace(INFO, hub=hub.address, languages=("nl",)), tmp_path / "public"
    publish(Reader(world()), info, public, TODAY)
    assert "https://agenda.example/feeds/region/new.rss" in hub.told
    assert len(hub.told) == len(set(hub.told)) == 18 * 9 + 4 * 3
    hub.told.clear()
    publish(Reader(world()), info, public, TODAY)
    assert hub.told == []
    changed = [replace(e, title="Anders", modified=SEEN) if e.uid == "e-cafe" else e for e in world()]
    publish(Reader(changed, 2), info, public, TODAY)
    assert "https://agenda.example/feeds/hof-van-twente/new.rss" in hub.told
    assert not [
        t for t in hub.told if "/hengelo/" in t or not is_news_file(t.removeprefix("https://agenda.example/"))
    ]


def test_a_hub_that_refuses_costs_one_line(hub: Hub) -> None:
    hub.status = 500
    lines: list[str] = []
    names = ["feeds/region/new.rss", "feeds/region/new.atom"]
    assert tell_hub(replace(INFO, hub=hub.address), names, lines.append) == 0
    (line,) = lines
    assert "answers 500" in line


def test_a_hub_that_is_down_fails_nothing(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    lines: list[str] = []
    info = replace(INFO, hub=f"http://127.0.0.1:{port}/", languages=("nl",))
    done = publish(Reader(world()), info, tmp_path / "public", TODAY, lines.append)
    assert done.written == done.files
    assert len([line for line in lines if line.startswith("hub: ")]) == 1


def test_without_a_hub_nobody_is_told() -> None:
    assert tell_hub(INFO, ["feeds/region/new.rss"]) == 0


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("feeds/region/new.rss", True),
        ("en/feeds/hengelo/muziek/week.atom", True),
        ("pers/hengelo/pers.json", True),
        ("feeds/trek.opml", False),
        ("agenda/region.ics", False),
        ("data/schema.json", False),
        ("index.html", False),
    ],
)
def test_which_files_are_news(name: str, wanted: bool) -> None:
    assert is_news_file(name) is wanted


def test_a_feed_names_hub_and_itself_in_its_headers(tmp_path: Path) -> None:
    info, public = replace(INFO, hub="https://hub.example/", languages=("nl",)), tmp_path / "public"
    data = Reader(world())
    publish(data, replace(info, hub=None), public, TODAY)
    with TestClient(create_app(public, lambda: data, info)) as client:
        link = client.get("/feeds/region/new.rss").headers["link"]
        assert (
            link
            == '<https://hub.example/>; rel="hub", <https://agenda.example/feeds/region/new.rss>; rel="self"'
        )
        assert "link" not in client.get("/agenda/region.ics").headers
        assert "link" not in client.get("/feeds/region/none.rss").headers
