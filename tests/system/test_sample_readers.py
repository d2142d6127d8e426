"""Everything that the sample region publishes, read by the programs that people really use."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import feedparser
import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

sys.path.insert(0, str(Path(__file__).parent))
from sample import Workplace

from crawlers.sample.sites import free_base_port
from feeds.lint import lint_calendar

NODE = Path(__file__).parents[1] / "browser"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two municipalities' worth of the sample publishes, in all languages."""
    place = Workplace(tmp_path_factory.mktemp("readers"), free_base_port(9700), "hengelo")
    place.work("2026-11-24T08:00+00:00")
    return place.folder / "public"


@pytest.fixture(scope="module")
def calendars(public: Path) -> list[Path]:
    found = sorted(public.rglob("*.ics"))
    assert len(found) > 50
    return found


def test_our_linter_finds_no_fault(calendars: list[Path]) -> None:
    assert {str(p): lint_calendar(p.read_bytes()) for p in calendars if lint_calendar(p.read_bytes())} == {}


def test_three_python_parsers_see_the_same_events(calendars: list[Path]) -> None:
    for path in calendars:
        text = path.read_text("utf-8")
        first = sorted(str(e["UID"]) for e in Calendar.from_ical(text).walk("VEVENT"))
        second = sorted(e.uid for e in IcsCalendarStream.calendar_from_ics(text).events)
        third = sorted(e.uid.value for e in vobject.readOne(text).contents.get("vevent", []))
        assert first == second == third, path


@pytest.mark.node
def test_thunderbirds_parser_and_node_see_the_same_events(calendars: list[Path]) -> None:
    if shutil.which("node") is None or not (NODE / "node_modules" / "ical.js").is_dir():
        pytest.skip("needs Node.js and `npm ci --prefix tests/browser`")
    command = ["node", str(NODE / "read_calendar.mjs"), *map(str, calendars)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    for answer in json.loads(done.stdout):
        events = Calendar.from_ical(Path(answer["path"]).read_bytes()).walk("VEVENT")
        uids = {str(e["UID"]) for e in events}
        assert set(answer["thunderbird"]) == set(answer["node"]) == uids, answer["path"]


def test_every_rss_and_atom_is_clean_for_feedparser(public: Path) -> None:
    feeds = sorted([*public.rglob("*.rss"), *public.rglob("*.atom")])
    assert len(feeds) > 200
    for path in feeds:
        parsed = feedparser.parse(path.read_bytes())
        assert not parsed.bozo, f"{path}: {parsed.get('bozo_exception')}"
        assert parsed.feed.title
        assert all(entry.id and entry.link and entry.title for entry in parsed.entries), path


@pytest.fixture(scope="module")
def pages(public: Path) -> list[str]:
    """One page of each kind in each language, and some events."""
    kinds = ["", "gemeente/hengelo/", "pijler/muziek/", "feeds/", "404.html"]
    events = sorted(
        str(p.parent.relative_to(public)) + "/" for p in (public / "evenement").glob("*/index.html")
    )
    venues = sorted(str(p.parent.relative_to(public)) + "/" for p in (public / "podium").glob("*/index.html"))
    names = [*kinds, *events[:8], *venues[:3]]
    found = [f"{language}{name}" for language in ("", "en/", "de/") for name in names]
    return [name for name in found if (public / name).exists()]


@pytest.mark.browser
def test_no_page_has_a_console_error(public: Path, pages: list[str], chromium: Any) -> None:
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(public))  # type: ignore[arg-type]

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    base, complaints = f"http://127.0.0.1:{server.server_port}/", []
    assert len(pages) > 30
    page = chromium.new_page()
    page.on("console", lambda m: complaints.append(f"{page.url}: {m.type}: {m.text}"))
    page.on("pageerror", lambda e: complaints.append(f"{page.url}: {e}"))
    page.on("request", lambda r: r.url.startswith(base) or complaints.append(f"asks for {r.url}"))
    for name in pages:
        page.goto(base + name)
        assert page.title(), name
    page.close()
    server.shutdown()
    server.server_close()
    assert complaints == []
