"""From an address to a source with a green case, for five kinds of site; a changed page learned anew."""

from __future__ import annotations

import importlib.util
import json
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from ruamel.yaml import YAML
from werkzeug import Request, Response

from aggregator.config_loader import load_region
from aggregator.region import Selectors, Source
from crawlers.cli import find
from crawlers.discover.new import Draft, Wish, make_draft, propose, write_draft
from crawlers.discover.ways import Found
from crawlers.extract.page import Page
from crawlers.platforms import PLATFORMS
from crawlers.platforms.empty import PAGE_CHANGED

ROOT = Path(__file__).parents[2]
REGION = load_region(ROOT / "config")
WISH = Wish("tolhuiszaal", "oldenzaal")
DAYS = range(1, 6)


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREK_NOW", "2026-11-24T12:00:00+01:00")


def whole(body: str, head: str = "") -> str:
    foot = "<footer>De Tolhuiszaal | Tolweg 3 | 7574 AA Oldenzaal</footer>"
    menu = '<nav><a href="/">Home</a><a href="/agenda">Agenda</a></nav>'
    title = "<title>Agenda | De Tolhuiszaal</title>"
    return f"<html><head>{title}{head}</head><body>{menu}{body}{foot}</body></html>"


def block(day: int, prefix: str = "avond") -> str:
    return (
        f'<div class="{prefix}"><h3 class="{prefix}-naam"><a href="/agenda/stuk-{day}">Stuk {day}</a></h3>'
        f'<p class="{prefix}-datum">{day} mei 2027, 20.15 uur</p>'
        f'<p class="{prefix}-prijs">€ {day + 9},00</p></div>'
    )


def plain_list(prefix: str = "avond") -> str:
    return whole("".join(block(day, prefix) for day in DAYS))


def linked(day: int) -> str:
    node = {
        "@context": "https://schema.org",
        "@type": "TheaterEvent",
        "name": f"Stuk {day}",
        "startDate": f"2027-05-{day:02}T20:15:00+02:00",
        "url": f"SITE/agenda/stuk-{day}",
    }
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def rest() -> str:
    rows = [
        {"id": day, "title": f"Stuk {day}", "start_date": f"2027-05-{day:02} 20:15:00", "venue": [],
         "end_date": f"2027-05-{day:02} 22:00:00", "url": f"SITE/event/stuk-{day}/"}
        for day in DAYS
    ]  # fmt: skip
    return json.dumps({"events": rows, "rest_url": "SITE/wp-json/tribe/events/v1/events", "total_pages": 1})


def calendar() -> str:
    entries = "".join(
        f"BEGIN:VEVENT\r\nUID:{day}@tolhuis\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Stuk {day}\r\n"
        f"DTSTART;TZID=Europe/Amsterdam:202705{day:02}T201500\r\nEND:VEVENT\r\n"
        for day in DAYS
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//nl\r\n{entries}END:VCALENDAR\r\n"


def sitemap() -> str:
    rows = "".join(f"<url><loc>SITE/voorstelling/stuk-{day}</loc></url>" for day in DAYS)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


LINK = '<link rel="alternate" type="text/calendar" href="/alles.ics">'
KINDS: dict[str, tuple[dict[str, str], str]] = {
    "json-ld": ({"/": whole(""), "/agenda": whole("".join(map(linked, DAYS)))}, "json-ld"),
    "rest": (
        {
            "/": whole('<div class="tribe-events-bar"></div><img src="/wp-content/a.png">'),
            "/wp-json/tribe/events/v1/events": rest(),
        },
        "tribe",
    ),
    "calendar": ({"/": whole("", LINK), "/alles.ics": calendar()}, "icalendar"),
    "plain-list": ({"/": whole(""), "/agenda": plain_list()}, "html"),
    "sitemap": (
        {
            "/": whole(""),
            "/sitemap.xml": sitemap(),
            **{f"/voorstelling/stuk-{day}": whole(linked(day)) for day in DAYS},
        },
        "sitemap",
    ),
}


class Anything(str):
    """A path that equals every path but robots.txt."""

    def __eq__(self, other: object) -> bool:
        return other != "/robots.txt"

    __hash__ = str.__hash__


def serve(site: HTTPServer, pages: dict[str, str]) -> None:
    def answer(request: Request) -> Response:
        body = pages.get(request.path)
        if body is None:
            return Response("not here", status=404)
        kind = {"{": "application/json", "B": "text/calendar"}.get(body[0], "text/html")
        kind = "text/xml" if body.startswith("<urlset") else kind
        return Response(body.replace("SITE/", site.url_for("/")), content_type=kind)

    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    site.expect_request(Anything()).respond_with_handler(answer)


def look(site: HTTPServer, folder: Path, path: str = "/") -> Found:
    folder.mkdir()
    return find(site.url_for(path), REGION, folder, (f"127.0.0.1:{site.port}",), delay=0)


def source_of(draft: Draft) -> Source:
    """The source that the file says, as the configuration reads it."""
    return Source(municipality=WISH.municipality, **YAML(typ="safe").load(draft.yaml))


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    """The tests of recorded pages: a new case must pass the very same code."""
    file = ROOT / "tests" / "unit" / "platforms" / "test_recorded.py"
    spec = importlib.util.spec_from_file_location("runner_of_new_cases", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_cases(runner: ModuleType, folder: Path) -> list[dict[str, Any]]:
    """What the recorded tests found in every new case; they fail where it is not as expected."""
    cases = sorted(path.parent for path in folder.glob("*/*/case.yaml"))
    for case in cases:
        runner.test_nothing_extra(case)
        runner.test_onward(case)
        runner.test_is_marked(case)
    return [event for case in cases for event in runner.expected(case)["events"]]


@pytest.mark.parametrize(("pages", "platform"), KINDS.values(), ids=KINDS)
def test_new_makes_a_green_case(
    site: HTTPServer, tmp_path: Path, runner: ModuleType, pages: dict[str, str], platform: str
) -> None:
    serve(site, pages)
    found = look(site, tmp_path / "look")
    recorded = tmp_path / "recorded"
    draft = make_draft(found, WISH)
    write_draft(draft, tmp_path / "config", recorded)
    source = source_of(draft)
    assert (source.platform, source.name) == (platform, "De Tolhuiszaal")
    titles = {event["title"] for event in run_cases(runner, recorded)}
    assert titles <= {f"Stuk {day}" for day in DAYS}
    assert len(titles) >= (1 if platform == "sitemap" else len(DAYS))
    assert len(draft.yaml.splitlines()) <= 25


def test_a_page_that_changed_is_noticed_and_learned_anew(site: HTTPServer, tmp_path: Path) -> None:
    pages = {"/": whole(""), "/agenda": plain_list()}
    serve(site, pages)
    source = source_of(make_draft(look(site, tmp_path / "a"), WISH))
    assert len(PLATFORMS["html"].read(page_of(site, pages["/agenda"]), source).events) == len(DAYS)

    pages["/agenda"] = plain_list("tegel")
    broken = PLATFORMS["html"].read(page_of(site, pages["/agenda"]), source)
    assert (broken.events, [p.code for p in broken.problems]) == ((), [PAGE_CHANGED])

    lines = list(propose(look(site, tmp_path / "b", "/agenda"), source))
    proposal = YAML(typ="safe").load("\n".join(lines[2 : lines.index("", 2)]))
    renewed = source.model_copy(update={"selectors": Selectors(**proposal["selectors"])})
    mended = PLATFORMS["html"].read(page_of(site, pages["/agenda"]), renewed)
    assert [e.title for e in mended.events] == [f"Stuk {day}" for day in DAYS]
    assert not mended.problems


def page_of(site: HTTPServer, body: str) -> Page:
    return Page(site.url_for("/agenda"), body.encode(), seen=datetime(2026, 11, 24, 11, tzinfo=UTC))
