"""One published site, one app and one Chromium for the tests of the pages."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from aggregator.clock import AMSTERDAM
from aggregator.model import Outcome, Run
from feeds.publish import publish
from feeds.venue.desk import Desk
from feeds.venue.wrong import Proposal
from feeds.web import create_app
from tests.unit.feeds.feeds_world import TODAY, Reader, world
from tests.unit.feeds.test_town_page import OWN
from tests.unit.feeds.test_trial import ANSWER
from tests.unit.feeds.venue_world import SITE, VenueReader

CHROMIUM = Path("/usr/bin/chromium")
NOON = datetime(2026, 11, 24, 12, tzinfo=AMSTERDAM)
CHECKED = "2026-11-24T07:30:00+00:00"
INFO = replace(SITE, pages={"hengelo": OWN})
SECRET = b"0123456789abcdef0123456789abcdef"
sent: list[Proposal] = []  # what venues proposed
left: set[str] = set()  # who opted out
asked: list[tuple[str, bytes | None, str]] = []  # what was tried


def make_desk() -> Desk:
    """What the app may do; what it did is kept in `sent`, `left` and `asked`."""

    def leave(venue: str, out: bool) -> None:
        (left.add if out else left.discard)(venue)

    def ask(url: str, body: bytes | None, kind: str) -> dict[str, Any]:
        asked.append((url, body, kind))
        return ANSWER

    return Desk(SECRET, sent.append, leave, lambda: left, ask)


def reader() -> Reader:
    """The world with a crawl of one of its sources."""
    found = VenueReader(world())
    found.newest = {"de-spil": Run("r1", "de-spil", CHECKED, CHECKED, Outcome.OK, True, 9)}
    return found


def _serve(public: Path, base: str, stop: threading.Event) -> None:
    async def run() -> None:
        app = create_app(public, reader, INFO.at(base), lambda: NOON, make_desk())
        port = int(base.rpartition(":")[2])
        server = Server(
            app, "127.0.0.1", port, interface=Interfaces.ASGI, log_enabled=False, websockets=False
        )
        task = asyncio.create_task(server.serve())
        while not stop.is_set():
            await asyncio.sleep(0.05)
        server.stop()
        await task

    asyncio.run(run())


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The public folder, and the address at which it says that it stands."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    public, base = tmp_path_factory.mktemp("pages") / "public", f"http://127.0.0.1:{port}"
    publish(reader(), INFO, public, TODAY, base_url=base)
    return public, base


@pytest.fixture(scope="session")
def site(published: tuple[Path, str]) -> Iterator[str]:
    """The address of the running app over the published files."""
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium at /usr/bin/chromium (Debian: apt-get install chromium)")
    public, base = published
    stop = threading.Event()
    thread = threading.Thread(target=_serve, args=(public, base, stop), daemon=True)
    thread.start()
    for _ in range(400):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", int(base.rpartition(":")[2]))) == 0:
                break
        stop.wait(0.05)
    yield base
    stop.set()
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser(site: str, chromium: Any) -> Any:
    """Chromium, where the app runs."""
    return chromium


class Watched:
    """A page whose console and requests are kept; `hosts` are addresses beside ours that it may ask."""

    def __init__(self, browser: Any, base: str, hosts: tuple[str, ...] = (), **context: Any) -> None:
        self.base, self.said, self.asked, self.hosts = base, [], [], hosts
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.context.close()
        if kind is None:
            assert self.said == []
            assert not [url for url in self.asked if not url.startswith((self.base, "data:", *self.hosts))]

    def open(self, path: str) -> Any:
        self.page.goto(self.base + path)
        return self.page


@pytest.fixture(scope="session")
def watch(browser: Any, site: str) -> Any:
    """Opens a page that must stay quiet and ask nobody else: `with watch() as watched`."""
    return lambda **context: Watched(browser, site, **context)
