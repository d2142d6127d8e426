"""The pages in a real Chromium: quiet console, nothing from elsewhere, axe clean, usable by keyboard."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from feeds.publish import publish
from feeds.web import create_app
from tests.unit.feeds.feeds_world import INFO, TODAY, Reader, world

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.browser
KINDS = {
    "home": "/",
    "municipality": "/gemeente/hengelo/",
    "empty": "/gemeente/enschede/createch/",
    "pillar": "/pijler/muziek/",
    "venue": "/podium/de-spil/",
    "event": "/evenement/e-orgel/",
    "cancelled": "/evenement/e-af/",
    "many dates": "/evenement/e-cafe/",
    "exhibition": "/evenement/e-expo/",
    "withdrawn": "/evenement/e-weg/",
    "merged": "/evenement/e-jonger/",
    "feeds": "/feeds/",
    "not found": "/404.html",
}


def _serve(public: Path, port: int, stop: threading.Event) -> None:
    async def run() -> None:
        app = create_app(public, lambda: Reader(world()), INFO)
        server = Server(
            app, "127.0.0.1", port, interface=Interfaces.ASGI, log_enabled=False, websockets=False
        )
        task = asyncio.create_task(server.serve())
        while not stop.is_set():
            await asyncio.sleep(0.05)
        server.stop()
        await task

    asyncio.run(run())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium at /usr/bin/chromium (Debian: apt-get install chromium)")
    public = tmp_path_factory.mktemp("pages") / "public"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    publish(Reader(world()), INFO, public, TODAY, base_url=base)
    stop = threading.Event()
    thread = threading.Thread(target=_serve, args=(public, port, stop), daemon=True)
    thread.start()
    for _ in range(100):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                break
        stop.wait(0.05)
    yield base
    stop.set()
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Watched:
    """A page whose console and requests are kept."""

    def __init__(self, browser: Any, base: str, **context: Any) -> None:
        self.base, self.said, self.asked = base, [], []
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def open(self, path: str) -> Any:
        self.page.goto(self.base + path)
        return self.page


TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUNS = [
    ("", "light", tuple(KINDS), {"runOnly": {"type": "tag", "values": TAGS}}),
    ("", "dark", tuple(KINDS), {"runOnly": {"type": "rule", "values": ["color-contrast"]}}),
    ("/en", "light", ("home", "event", "feeds"), {"runOnly": {"type": "tag", "values": TAGS}}),
    ("/de", "dark", ("home", "event", "feeds"), {"runOnly": {"type": "tag", "values": TAGS}}),
]


@pytest.mark.parametrize(("prefix", "scheme", "kinds", "options"), RUNS)
def test_pages_are_quiet_own_and_accessible(
    browser: Any, site: str, prefix: str, scheme: Any, kinds: tuple[str, ...], options: dict[str, Any]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with Watched(browser, site, color_scheme=scheme, bypass_csp=True) as watched:
        for kind in kinds:
            result = Axe().run(watched.open(prefix + KINDS[kind]), options=options)
            assert result.response["passes"], f"axe looked at nothing on {kind}"
            assert result.violations_count == 0, f"{kind} {scheme}: {result.generate_report()}"
        assert watched.said == []
        assert not [url for url in watched.asked if not url.startswith(site)]


def test_axe_sees_a_fault(browser: Any, site: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with Watched(browser, site, bypass_csp=True) as watched:
        page = watched.open("/404.html")
        page.evaluate("document.querySelector('h1').style.color = '#eee'")
        assert Axe().run(page).violations_count == 1


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_nothing_sticks_out_sideways(browser: Any, site: str, width: int) -> None:
    with Watched(browser, site, viewport={"width": width, "height": 800}) as watched:
        for kind, path in KINDS.items():
            page = watched.open(path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{kind} is {wide} wide"


def test_content_policy_forbids_nothing_that_pages_need(browser: Any, site: str) -> None:
    with Watched(browser, site, java_script_enabled=True) as watched:
        for path in KINDS.values():
            watched.open(path)
        assert watched.said == []


def test_journey_by_keyboard_without_script(browser: Any, site: str) -> None:
    with Watched(browser, site, java_script_enabled=False) as watched:
        page = watched.open("/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")
        page.get_by_role("link", name="Hengelo", exact=True).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/gemeente/hengelo/")
        page.get_by_role("link", name="Bandavond").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/evenement/e-vol/")
        assert page.get_by_text("Uitverkocht", exact=True).is_visible()
        page.get_by_role("link", name="English").click()
        page.wait_for_url("**/en/evenement/e-vol/")
        assert page.get_by_text("Sold out", exact=True).is_visible()
        webcal = page.get_by_role("link", name="In your calendar").get_attribute("href")
        assert webcal == site.replace("http://", "webcal://") + "/en/agenda/venue/de-spil.ics"


def test_pages_are_light(browser: Any, site: str) -> None:
    for path, most in (("/", 150_000), ("/evenement/e-orgel/", 60_000)):
        with Watched(browser, site) as watched:
            watched.open(path)
            sizes = [len(watched.context.request.get(url).body()) for url in watched.asked]
            assert len(sizes) >= 2
            assert sum(sizes) < most
