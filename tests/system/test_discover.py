"""A look at real servers on loopback, and the source made of it: the manners of a crawl, honest words."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner
from werkzeug import Request, Response

import trek
from aggregator.config_loader import load_region
from aggregator.region import Source
from crawlers.cli import find
from crawlers.discover.new import Draft, Wish, make_draft, to_check, write_draft
from crawlers.discover.tell import plain_found, render_found
from crawlers.discover.ways import Found

ROOT = Path(__file__).parents[2]
REGION = load_region(ROOT / "config")
NOW = "2026-11-24T12:00:00+01:00"


MENU = '<nav><a href="/">Home</a><a href="/agenda">Agenda</a><a href="/contact">Contact</a></nav>'
FOOT = "<footer>De Oude Kerk | Kerkstraat 1 | 7551 AB Hengelo</footer>"


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREK_NOW", NOW)


def html(body: str, head: str = "<title>Agenda | De Oude Kerk</title>") -> str:
    return f"<html><head>{head}</head><body>{MENU}{body}{FOOT}</body></html>"


def card(n: int) -> str:
    return (
        f'<li class="event-item"><a href="/agenda/avond-{n}"><h3 class="event-title">Avond {n}</h3></a>'
        f'<span class="event-date">{n} mei 2027, 20:30 uur</span><span class="price">€ {n},50</span></li>'
    )


CARDS = html(f"<ul class='agenda'>{''.join(card(n) for n in range(1, 9))}</ul>")


def event(n: int, year: int = 2027) -> dict[str, Any]:
    return {
        "@type": "MusicEvent",
        "name": f"Concert {n}",
        "startDate": f"{year}-05-{n:02}T20:00:00+02:00",
        "endDate": f"{year}-05-{n:02}T22:00:00+02:00",
        "location": {"@type": "Place", "name": "De Kerk", "address": {"addressLocality": "Hengelo"}},
        "offers": {"price": "12.50", "priceCurrency": "EUR"},
        "image": f"https://beeld.example/{n}.jpg",
    }


def with_data(*data: dict[str, Any]) -> str:
    return html(f'<script type="application/ld+json">{json.dumps(data)}</script>')


def serve(site: HTTPServer, pages: dict[str, str], robots: str = "User-agent: *\nAllow: /\n") -> None:
    """Serve pages by path; JSON, XML and calendars are told from their first letters, others are 404."""
    kinds = {"{": "application/json", "<": "text/html", "B": "text/calendar"}

    def answer(request: Request) -> Response:
        body = pages.get(request.path)
        if body is None:
            return Response("not here", status=404)
        kind = "text/xml" if body.startswith("<urlset") else kinds[body[0]]
        return Response(body.replace("SITE", site.url_for("")), content_type=kind)

    site.expect_request("/robots.txt").respond_with_data(robots)
    site.expect_request(Anything()).respond_with_handler(answer)  # type: ignore[arg-type]


class Anything(str):
    """A path that equals every path but robots.txt, so that requests nobody thought of are 404."""

    def __eq__(self, other: object) -> bool:
        return other != "/robots.txt"

    def __hash__(self) -> int:
        return 0


@pytest.fixture
def explore(site: HTTPServer, tmp_path: Path) -> Any:
    """Looks at the test's own server, without pauses."""

    def look(path: str = "/") -> Found:
        folder = tmp_path / "look"
        folder.mkdir(exist_ok=True)
        allowed = (f"127.0.0.1:{site.port}",)
        return find(site.url_for(path), REGION, folder, allowed, delay=0)

    return look


def asked(site: HTTPServer) -> list[str]:
    return [request.path for request, _ in site.log]


def test_an_agenda_is_found_from_the_front_page_and_learned(site, explore) -> None:
    serve(site, {"/": html("Welkom"), "/agenda": CARDS})
    found = explore()
    way = found.ways[0]
    assert (way.platform, way.url, way.count) == ("html", site.url_for("/agenda"), 8)
    assert way.learned is not None
    assert way.learned.selectors.block == ".event-item"
    assert way.lines[0]["title"] == "Avond 1"
    assert way.lines[0]["start"] == "2027-05-01T20:30"
    assert way.missing["end"] == 8
    assert asked(site)[:3] == ["/robots.txt", "/", "/agenda"]
    assert "/contact" not in asked(site)
    text = "\n".join(render_found(found))
    assert "Site: De Oude Kerk, Kerkstraat 1 7551 AB Hengelo" in text
    assert "2027-05-01T20:30  Avond 1" in text
    assert "missing: end (8 of 8)" in text


def test_structured_data_beats_what_is_printed(site, explore) -> None:
    serve(site, {"/": CARDS, "/agenda": with_data(*(event(n) for n in range(1, 9)))})
    way = explore().ways[0]
    assert (way.platform, way.url) == ("json-ld", site.url_for("/agenda"))
    assert set(way.missing) <= {"link"}


def test_a_rest_route_of_wordpress_is_found_by_its_marks(site, explore) -> None:
    rows = [
        {"id": n, "title": f"T {n}", "start_date": f"2027-05-{n:02} 20:00:00", "rest_url": "x", "venue": [],
         "end_date": f"2027-05-{n:02} 22:00:00", "url": f"SITE/event/t{n}/"}
        for n in range(1, 5)
    ]  # fmt: skip
    front = html('<div class="tribe-events-widget"></div><img src="/wp-content/x.png">')
    serve(site, {"/": front, "/wp-json/tribe/events/v1/events": json.dumps({"events": rows})})
    way = explore().ways[0]
    assert (way.platform, way.count) == ("tribe", 4)
    assert "/wp-json/tribe/events/v1/events" in way.url


def test_a_calendar_file_that_the_page_names(site, explore) -> None:
    entry = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270501T180000Z\r\nSUMMARY:Koor\r\nEND:VEVENT\r\n"
    ics = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entry}END:VCALENDAR\r\n"
    serve(site, {"/": html("", '<link rel="alternate" type="text/calendar" href="/k.ics">'), "/k.ics": ics})
    way = explore().ways[0]
    assert (way.platform, way.url, way.lines[0]["title"]) == ("icalendar", site.url_for("/k.ics"), "Koor")


def sitemap(*paths: str) -> str:
    locs = "".join(f"<url><loc>SITE{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</urlset>'


def test_a_sitemap_is_read_where_no_list_is(site, explore) -> None:
    pages = {f"/voorstelling/avond-{n}": with_data(event(n)) for n in range(1, 4)}
    serve(
        site,
        {"/": html("Welkom"), "/kaart.xml": sitemap("/over-ons", *pages), **pages},
        f"User-agent: *\nAllow: /\nSitemap: {site.url_for('/kaart.xml')}\n",
    )
    way = explore().ways[0]
    assert (way.platform, way.url, way.count) == ("sitemap", site.url_for("/kaart.xml"), 3)
    assert way.samples
    assert len(way.lines) == 2


def test_pages_of_events_that_say_more_than_the_list(site, explore) -> None:
    details = {f"/agenda/avond-{n}": with_data({**event(n), "name": f"Avond {n}"}) for n in range(1, 9)}
    serve(site, {"/": html("Welkom"), "/agenda": CARDS, **details})
    fuller = next(way for way in explore().ways if way.follow)
    assert fuller.follow is not None
    assert fuller.follow.pattern == rf"//127\.0\.0\.1:{site.port}/agenda/[^/?#]+/?$"
    assert "end" not in fuller.missing


def test_what_is_over_is_told_and_makes_no_source(site, explore) -> None:
    serve(site, {"/": with_data(event(1, 2019), event(2, 2019))})
    found = explore()
    assert [(way.count, way.past) for way in found.ways] == [(0, 2)]
    with pytest.raises(Exception, match="no events to come"):
        make_draft(found, Wish("kerk", "hengelo"))


# --- manners ------------------------------------------------------------------------------


def test_robots_txt_is_obeyed_and_told(site, explore) -> None:
    serve(site, {"/": html("Welkom"), "/agenda": CARDS}, "User-agent: *\nDisallow: /agenda\n")
    found = explore()
    outcomes = {visit.url: visit.outcome for visit in found.visits if visit.kind != "robots"}
    assert outcomes[site.url_for("/agenda")] == "robots"
    assert "/agenda" not in asked(site)
    assert "forbids" in "\n".join(render_found(found))


def test_one_request_at_a_time_few_of_them_and_by_our_name(site, explore) -> None:
    links = "".join(f'<a href="/agenda/{n}/programma">Programma {n}</a>' for n in range(60))
    agents: set[str] = set()
    busy = [0, 0]

    def answer(request: Request) -> Response:
        busy[0] += 1
        busy[1] = max(busy)
        agents.add(request.headers["User-Agent"])
        busy[0] -= 1
        return Response(html(links), content_type="text/html")

    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    site.expect_request(Anything()).respond_with_handler(answer)  # type: ignore[arg-type]
    explore()
    assert busy[1] == 1
    assert len(asked(site)) <= 25
    assert agents == {REGION.settings.user_agent}


def test_a_site_that_asks_to_slow_down_is_left(site, explore) -> None:
    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    site.expect_request("/").respond_with_data(CARDS, content_type="text/html")
    site.expect_request("/agenda").respond_with_data("slow", status=429)
    found = explore()
    assert asked(site)[:3] == ["/robots.txt", "/", "/agenda"]
    assert len(asked(site)) <= 4  # one more may be under way
    assert "blocked" in {visit.outcome for visit in found.visits}


def test_a_redirect_into_a_private_network_is_refused(site, explore) -> None:
    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    site.expect_request("/").respond_with_data("", status=302, headers={"Location": "http://10.0.0.1/agenda"})
    found = explore()
    assert [(v.kind, v.outcome) for v in found.visits if v.kind == "page"] == [("page", "refused-address")]
    assert "10.0.0.1" in "\n".join(render_found(found))


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/", "http://169.254.169.254/", "http://[::ffff:10.0.0.1]/", "file:///etc/passwd",
     "http://localhost/", "https://kerk.example:8443/"],
)  # fmt: skip
def test_an_address_that_must_not_be_fetched_is_refused_with_the_reason(url: str) -> None:
    result = CliRunner().invoke(trek.app, ["source", "try", url])
    assert result.exit_code != 0
    assert type(result.exception).__name__ == "AddressRefusedError"
    assert url in str(result.exception)


# --- the command, and the source that it makes --------------------------------------------


def make(explore: Any, tmp_path: Path, wish: Wish, path: str = "/") -> tuple[Draft, Path]:
    """The draft of a look, written into a copy of the configuration."""
    config = tmp_path / "checkout" / "config"
    shutil.copytree(ROOT / "config", config)
    draft = make_draft(explore(path), wish)
    write_draft(draft, config, tmp_path / "checkout" / "tests" / "recorded")
    return draft, config


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    """The tests of recorded pages, as a module: a new case must pass the very same code."""
    file = ROOT / "tests" / "unit" / "platforms" / "test_recorded.py"
    spec = importlib.util.spec_from_file_location("recorded_runner", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check_cases(runner: ModuleType, folder: Path) -> list[str]:
    """Run the recorded tests over a folder of new cases; the cases' names."""
    cases = [path.parent for path in folder.glob("*/*/case.yaml")]
    for case in cases:
        runner.test_nothing_extra(case)
        runner.test_onward(case)
        runner.test_is_marked(case)
        for number, known in enumerate(runner.expected(case)["events"]):
            for name in known:
                runner.test_field(case, number, name)
    return sorted(f"{case.parent.name}/{case.name}" for case in cases)


def test_a_learned_source_passes_the_checks(site, explore, tmp_path, runner) -> None:
    serve(site, {"/": html("Welkom"), "/agenda": CARDS})
    draft, config = make(explore, tmp_path, Wish("oude-kerk", "hengelo"))
    source = load_region(config).sources["oude-kerk"]
    assert (source.name, source.platform, source.verified) == ("De Oude Kerk", "html", False)
    assert source.selectors is not None
    assert source.selectors.when == ".event-date"
    assert "100%" in (source.note or "")
    assert check_cases(runner, tmp_path / "checkout" / "tests" / "recorded") == ["html/oude-kerk"]
    said = "\n".join(to_check(draft))
    assert "end (8 of 8)" in said
    assert "give `venue`" in said


def test_a_source_by_sitemap_records_a_page_of_an_event_too(site, explore, tmp_path, runner) -> None:
    pages = {f"/voorstelling/avond-{n}": with_data(event(n)) for n in range(1, 4)}
    serve(site, {"/": html("Welkom"), "/sitemap.xml": sitemap(*pages), **pages})
    draft, config = make(explore, tmp_path, Wish("zaal", "borne", name="De Zaal"))
    assert load_region(config).sources["zaal"].municipality == "borne"
    cases = check_cases(runner, tmp_path / "checkout" / "tests" / "recorded")
    assert cases == ["sitemap/zaal", "sitemap/zaal-event"]
    assert any("2 of about 3" in line for line in to_check(draft))


def test_a_layout_that_changed_is_learned_again_as_a_proposal(site, explore, tmp_path) -> None:
    from crawlers.discover.new import propose

    serve(site, {"/agenda": CARDS.replace("event-", "show-").replace('class="price"', 'class="cost"')})
    known = {"id": "kerk", "name": "Kerk", "municipality": "hengelo", "tier": "venue"}
    source = Source(start_urls=(site.url_for("/agenda"),), **known)  # type: ignore[arg-type]
    text = "\n".join(propose(explore("/agenda"), source))
    assert "In sources/hengelo/kerk.yaml" in text
    assert "block: .show-item" in text
    assert "Avond 1" in text


def test_letters_that_only_the_header_explains_are_recorded_readably(site, explore, tmp_path, runner) -> None:
    body = CARDS.replace("Avond 1", "Café 1").replace("€", "&euro;").encode("cp850")
    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    site.expect_request("/agenda").respond_with_data(body, content_type="text/html; charset=cp850")
    make(explore, tmp_path, Wish("kerk", "hengelo"), "/agenda")
    folder = tmp_path / "checkout" / "tests" / "recorded"
    assert check_cases(runner, folder) == ["html/kerk"]
    assert "Café 1" in (folder / "html/kerk/expected.json").read_text()


def test_the_command_shows_and_writes(site, tmp_path) -> None:
    bare = re.sub(r"</?a\b[^>]*>", "", CARDS)  # no links: few requests, as the command keeps its pauses
    serve(site, {"/agenda": bare})
    allow = ["--allow", f"127.0.0.1:{site.port}"]
    url = site.url_for("/agenda")
    shown = CliRunner().invoke(trek.app, ["source", "try", url, "--json", *allow])
    assert shown.exit_code == 0
    told = json.loads(shown.output)
    assert told["ways"][0]["events"] == 8
    assert told["site"]["town"] == "Hengelo"
    config = tmp_path / "checkout" / "config"
    shutil.copytree(ROOT / "config", config)
    (tmp_path / "checkout" / "tests").mkdir()
    command = ["source", "new", "oude-kerk", url, "-m", "hengelo", "--config", str(config), *allow]
    made = CliRunner().invoke(trek.app, command)
    assert made.exit_code == 0, made.output
    assert "Check by eye" in made.output
    assert (config / "sources/hengelo/oude-kerk.yaml").is_file()
    again = CliRunner().invoke(trek.app, command)
    assert "exists" in str(again.exception)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (["../kwaad", "-m", "hengelo"], "is no id"),
        (["schouwburg-hengelo", "-m", "hengelo"], "exists"),
        (["kerk", "-m", "atlantis"], "no municipality"),
        (["kerk", "-m", "hengelo", "--venue", "luchtkasteel"], "no venue"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_before_anything_is_fetched(
    wish: list[str], message: str
) -> None:
    command = ["source", "new", wish[0], "http://127.0.0.1:9/", *wish[1:]]
    result = CliRunner().invoke(trek.app, command)
    assert result.exit_code != 0
    assert message in str(result.exception)


def test_json_and_words_tell_the_same(site, explore) -> None:
    serve(site, {"/": CARDS})
    found = explore()
    plain = plain_found(found)
    assert json.loads(json.dumps(plain)) == plain
    text = "\n".join(render_found(found))
    assert all(way["url"] in text for way in plain["ways"])
