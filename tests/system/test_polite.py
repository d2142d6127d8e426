"""Three days of crawling sites of our own: what is asked for, what it costs, and that nothing gets lost."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from aggregator.model import Outcome, Run
from aggregator.plain import run_from_plain
from crawlers.run import Job

ROOT = Path(__file__).parents[2]
QUICK = "import crawlers.run as r; r.source_settings = lambda source: {'DOWNLOAD_DELAY': 0}; r.main()"
DAYS = ("2026-11-24T08:00:00+00:00", "2026-11-25T08:00:00+00:00", "2026-11-26T08:00:00+00:00")
PADDING = f"<p>{'Over dit huis valt veel te vertellen. ' * 800}</p>"  # a real detail page is mostly frame


def concert(title: str, day: int, hour: int = 20) -> str:
    data = {"@type": "MusicEvent", "name": title, "startDate": f"2026-12-{day:02}T{hour}:00:00+01:00"}
    return (
        f'<html><body><script type="application/ld+json">{json.dumps(data)}</script>{PADDING}</body></html>'
    )


@dataclass
class Site:
    """A site that counts what it is asked for. `style` says what it tells of changes."""

    style: str
    pages: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    sent: int = 0

    def answer(self, request: Request) -> Response:
        path = request.path
        self.asked.append(path)
        if path == "/robots.txt" and self.style == "mute":
            return Response("later", status=503, headers={"Retry-After": "7200"})
        if path == "/robots.txt":
            return Response("User-agent: *\nAllow: /\n", content_type="text/plain")
        if self.style == "forbids":
            return Response("no", status=403)
        if self.style == "overloaded":
            return Response("later", status=503, headers={"Retry-After": "172800"})
        if self.style == "limits":
            until = format_datetime(datetime(2030, 1, 1, tzinfo=UTC), usegmt=True)
            said = format_datetime(datetime(2029, 12, 31, 12, tzinfo=UTC), usegmt=True)
            return Response("later", status=429, headers={"Retry-After": until, "Date": said})
        body = self.pages[path]
        kind = "application/xml" if path.endswith(".xml") else "text/html"
        response = Response(body, content_type=kind, headers={"Cache-Control": "private"})
        if self.style == "etag":
            response.add_etag()
            response.make_conditional(request)
        self.sent += 0 if response.status_code == 304 else len(body)
        return response

    def list(self, entries: dict[str, tuple[str, str]]) -> None:
        """Fill the list page: path -> (title, printed day); `sitemap` tells the day of change instead."""
        if self.style == "sitemap":
            urls = (
                f"<url><loc>{{host}}{p}</loc><lastmod>{day}</lastmod></url>"
                for p, (_, day) in entries.items()
            )
            self.pages["/sitemap.xml"] = (
                f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(urls)}</urlset>'
            )
            return
        cards = (f"<li><a href={p}>{t}</a> <b>{day}</b></li>" for p, (t, day) in entries.items())
        self.pages["/agenda"] = f"<html><body><ul>{''.join(cards)}</ul></body></html>"


STYLES = ("sitemap", "list", "etag", "bare", "forbids", "overloaded", "limits", "mute")
TITLES = {f"/concert/{n}": f"Concert {n}" for n in range(1, 9)}


def fill(sites: dict[str, Site]) -> None:
    for site in sites.values():
        site.pages.update({path: concert(title, int(path[9:])) for path, title in TITLES.items()})
    entries = {path: (title, f"{path[9:]} december 2026") for path, title in TITLES.items()}
    sites["list"].list(entries)
    undated = {path: (title, "lees meer") for path, title in TITLES.items()}
    sites["etag"].list(undated)
    sites["bare"].list(undated)
    sites["sitemap"].list({path: (title, "2026-11-20") for path, title in TITLES.items()})


def change(sites: dict[str, Site]) -> None:
    """On the third day each site has one event more, and one that it tells of otherwise."""
    for site in sites.values():
        site.pages["/concert/2"] = concert("Concert 2", 2, hour=21)
        site.pages["/concert/9"] = concert("Concert 9", 9)
    dated = {path: (title, f"{path[9:]} december 2026") for path, title in TITLES.items()}
    more = {"/concert/9": ("Concert 9", "9 december 2026")}
    sites["list"].list({**dated, **more, "/concert/2": ("Concert 2", "2 december 2026, 21 uur")})
    undated = {path: (title, "lees meer") for path, title in {**TITLES, "/concert/9": "Concert 9"}.items()}
    sites["etag"].list(undated)
    sites["bare"].list(undated)
    days = {path: (title, "2026-11-20") for path, title in TITLES.items()}
    fresh = {"/concert/2": ("", "2026-11-26"), "/concert/9": ("", "2026-11-26")}
    sites["sitemap"].list({**days, **fresh})


@dataclass
class Day:
    """One crawl of all sites: the runs, the titles with their starts, and what each site was asked for."""

    runs: dict[str, Run]
    told: dict[str, dict[str, str]]
    asked: dict[str, list[str]]
    sent: dict[str, int]


Week = tuple[Day, Day, Day]


@dataclass
class Crawler:
    folder: Path
    config: Path
    allowed: tuple[str, ...]
    sources: tuple[str, ...]

    def crawl(self, sites: dict[str, Site], now: str) -> Day:
        for site in sites.values():
            site.asked, site.sent = [], 0
        inbox = self.folder / "inbox"
        job = Job(
            str(self.config), self.sources, str(inbox), str(self.folder / "cache"), now,
            str(self.folder / "log"), self.allowed,
        )  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", QUICK],
            input=job.dumps(),
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        )
        runs = {(run := run_from_plain(json.loads(line))).source_id: run for line in done.stdout.splitlines()}
        told = {}
        for name, run in runs.items():
            lines = (inbox / name / run.run_id / "items.jsonl").read_text().splitlines()
            raws = map(json.loads, lines)
            told[name] = {raw["title"]: raw["occurrences"][0]["start"] for raw in raws}
        asked = {name: list(site.asked) for name, site in sites.items()}
        return Day(runs, told, asked, {name: site.sent for name, site in sites.items()})


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    """The first crawl, one of sites that did not change, and one of sites that did."""
    import shutil

    from ruamel.yaml import YAML

    folder = tmp_path_factory.mktemp("polite")
    config, home = folder / "config", folder / "config" / "sources" / "hengelo"
    home.mkdir(parents=True)
    for file in (ROOT / "config").glob("*.yaml"):
        shutil.copy(file, config)
    sites = {style: Site(style) for style in STYLES}
    servers = {style: HTTPServer(host="127.0.0.1", threaded=True) for style in STYLES}
    for style, server in servers.items():
        server.start()
        server.expect_request(re.compile(".*")).respond_with_handler(sites[style].answer)
    fill(sites)
    names = [*STYLES, "neighbour"]
    for name in names:
        host = servers["overloaded" if name == "neighbour" else name].url_for("")
        begin = "sitemap.xml" if name == "sitemap" else "agenda"
        said: dict[str, Any] = {"name": name, "tier": "venue", "start_urls": [f"{host}/{begin}"]}
        said |= {"platform": "sitemap" if name == "sitemap" else "json-ld"}
        said |= {"follow": {"links": "li a"}} if name != "sitemap" else {"follow": {"pattern": "/concert/"}}
        with (home / f"{name}.yaml").open("w") as written:
            YAML().dump(said, written)
    crawler = Crawler(folder, config, tuple(f"127.0.0.1:{s.port}" for s in servers.values()), tuple(names))
    address = servers["sitemap"].url_for("")

    def crawl(now: str) -> Day:
        pages = sites["sitemap"].pages
        pages["/sitemap.xml"] = pages["/sitemap.xml"].replace("{host}", address)
        return crawler.crawl(sites, now)

    first, second = crawl(DAYS[0]), crawl(DAYS[1])
    change(sites)
    third = crawl(DAYS[2])
    yield first, second, third
    for server in servers.values():
        server.stop()


READ = ("sitemap", "list", "etag", "bare")
TELLING = ("sitemap", "list", "etag")


def details(asked: list[str]) -> list[str]:
    return sorted(path for path in asked if path.startswith("/concert/"))


@pytest.mark.parametrize("name", READ)
def test_the_first_crawl_reads_all(week: Week, name: str) -> None:
    first = week[0]
    assert details(first.asked[name]) == sorted(TITLES)
    assert (first.runs[name].outcome, first.runs[name].complete) == (Outcome.OK, True)
    assert set(first.told[name]) == set(TITLES.values())


@pytest.mark.parametrize("name", ["sitemap", "list"])
def test_a_page_that_its_list_says_is_unchanged_is_not_asked_for(week: Week, name: str) -> None:
    assert details(week[1].asked[name]) == []
    assert week[1].runs[name].counters["kept"] == len(TITLES)


@pytest.mark.parametrize("name", READ)
def test_what_was_not_fetched_is_not_missing(week: Week, name: str) -> None:
    first, second, _ = week
    assert second.told[name] == first.told[name]
    assert second.runs[name].complete


@pytest.mark.parametrize("name", TELLING)
def test_an_unchanged_site_costs_a_twentieth(week: Week, name: str) -> None:
    first, second, _ = week
    assert second.runs[name].bytes <= first.runs[name].bytes / 20
    assert second.sent[name] <= first.sent[name] / 20


def test_a_site_that_says_nothing_of_changes_is_asked_for_all(week: Week) -> None:
    assert details(week[1].asked["bare"]) == sorted(TITLES)
    assert "kept" not in week[1].runs["bare"].counters


@pytest.mark.parametrize("name", READ)
def test_what_is_new_or_changed_is_seen_at_the_next_crawl(week: Week, name: str) -> None:
    third = week[2]
    assert third.told[name]["Concert 9"] == "2026-12-09T20:00:00+01:00"
    assert third.told[name]["Concert 2"] == "2026-12-02T21:00:00+01:00"
    assert len(third.told[name]) == len(TITLES) + 1


@pytest.mark.parametrize("name", ["sitemap", "list"])
def test_only_what_changed_is_fetched(week: Week, name: str) -> None:
    assert details(week[2].asked[name]) == ["/concert/2", "/concert/9"]
    assert week[2].runs[name].counters["differing"] == 2  # the page that changed, and its list


@pytest.mark.parametrize(("name", "wait"), [("overloaded", 172800), ("limits", 43200)])
def test_retry_after_is_kept_for_the_next_time(week: Week, name: str, wait: int) -> None:
    run = week[0].runs[name]
    assert run.counters["retry-after"] == wait
    assert not run.complete
    assert week[0].asked[name] == ["/robots.txt", "/agenda"]  # and no second try


def test_a_server_that_cannot_give_its_rules_is_left_alone_for_as_long_as_it_asks(week: Week) -> None:
    run = week[0].runs["mute"]
    assert (run.outcome, run.complete, run.counters["retry-after"]) == (Outcome.SERVER_ERROR, False, 7200)
    assert week[0].asked["mute"] == ["/robots.txt"]


def test_a_source_of_a_host_that_asked_to_wait_is_not_asked_for(week: Week) -> None:
    run = week[0].runs["neighbour"]
    assert (run.outcome, run.complete, run.requests) == (Outcome.BLOCKED, False, 0)
    assert run.counters["retry-after"] == 172800
    assert "another source" in run.detail


def test_a_site_that_forbids_us_is_left_alone_and_named(week: Week) -> None:
    run = week[0].runs["forbids"]
    assert run.outcome is Outcome.BLOCKED
    assert "never work around it" in run.detail
    assert week[0].asked["forbids"] == ["/robots.txt", "/agenda"]
