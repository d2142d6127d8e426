"""Crawls real servers on loopback: manners, caution, and honest outcomes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from aggregator.model import Outcome


def event_page(title: str = "Orgelconcert", start: str = "2026-12-05T20:00:00+01:00") -> str:
    """A page with one event as JSON-LD."""
    data = {"@context": "https://schema.org", "@type": "MusicEvent", "name": title, "startDate": start}
    return f'<html><body><script type="application/ld+json">{json.dumps(data)}</script></body></html>'


def source(site: HTTPServer, name: str, path: str = "/agenda", **more: Any) -> dict[str, Any]:
    """A source that begins at a path of the test's server."""
    return {"id": name, "start_urls": [site.url_for(path)], **more}


def allow_all(site: HTTPServer) -> None:
    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")


def test_events_of_a_page_come_to_the_inbox_with_a_whole_manifest(site, crawl, write_config) -> None:
    allow_all(site)
    site.expect_request("/agenda").respond_with_data(event_page(), content_type="text/html")
    run = crawl(write_config(source(site, "kerk")), "kerk")["kerk"]
    assert (run.outcome, run.complete, run.items, run.pages) == (Outcome.OK, True, 1, 1)
    (event,) = crawl.items(run)
    assert event.title == "Orgelconcert"
    assert event.occurrences[0].start == "2026-12-05T20:00:00+01:00"
    assert event.source_id == "kerk"
    assert event.page_url == site.url_for("/agenda")


def test_we_say_who_we_are(site, crawl, write_config) -> None:
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers["User-Agent"])
        return Response(event_page(), content_type="text/html")

    allow_all(site)
    site.expect_request("/agenda").respond_with_handler(answer)
    crawl(write_config(source(site, "kerk")), "kerk")
    assert len(seen) == 1
    assert seen[0].startswith("Trek/")
    assert "@" in seen[0]


def test_robots_txt_is_obeyed(site, crawl, write_config) -> None:
    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /agenda\n")
    run = crawl(write_config(source(site, "kerk")), "kerk")["kerk"]
    assert run.outcome is Outcome.ROBOTS
    assert not run.complete
    assert "robots.txt" in run.detail
    assert [r.path for r, _ in site.log] == ["/robots.txt"]


def test_a_server_whose_robots_txt_is_broken_is_left_alone(site, crawl, write_config) -> None:
    site.expect_request("/robots.txt").respond_with_data("oops", status=503)
    run = crawl(write_config(source(site, "kerk")), "kerk")["kerk"]
    assert run.outcome is Outcome.SERVER_ERROR
    assert "/agenda" not in {r.path for r, _ in site.log}


def test_crawl_delay_is_kept_and_one_request_is_under_way_at_a_time(site, crawl, write_config) -> None:
    times: list[float] = []

    def answer(request: Request) -> Response:
        times.append(time.monotonic())
        return Response(event_page(request.path), content_type="text/html")

    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nCrawl-delay: 2\n")
    for path in ("/a", "/b"):
        site.expect_request(path).respond_with_handler(answer)
    entry = source(site, "kerk")
    entry["start_urls"] = [site.url_for("/a"), site.url_for("/b")]
    crawl(write_config(entry), "kerk")
    assert times[1] - times[0] >= 1.9


def test_an_unchanged_page_costs_a_304_and_keeps_its_events(site, crawl, write_config) -> None:
    answers: list[int] = []

    def answer(request: Request) -> Response:
        response = Response(event_page(), content_type="text/html", headers={"ETag": '"one"'})
        response.make_conditional(request)
        answers.append(response.status_code)
        return response

    allow_all(site)
    site.expect_request("/agenda").respond_with_handler(answer)
    config = write_config(source(site, "kerk"))
    first, second = crawl(config, "kerk")["kerk"], crawl(config, "kerk")["kerk"]
    assert answers == [200, 304]
    assert (first.outcome, second.outcome) == (Outcome.OK, Outcome.NOT_MODIFIED)
    assert second.complete
    assert [e.title for e in crawl.items(second)] == ["Orgelconcert"]


def test_a_cached_page_never_hides_a_broken_site(site, crawl, write_config) -> None:
    allow_all(site)
    site.expect_request("/agenda").respond_with_data(event_page(), headers={"ETag": '"one"'})
    config = write_config(source(site, "kerk"))
    assert crawl(config, "kerk")["kerk"].outcome is Outcome.OK
    site.clear()
    allow_all(site)
    site.expect_request("/agenda").respond_with_data("down", status=500)
    run = crawl(config, "kerk")["kerk"]
    assert (run.outcome, run.complete, run.items) == (Outcome.SERVER_ERROR, False, 0)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, Outcome.NOT_FOUND), (410, Outcome.NOT_FOUND), (403, Outcome.BLOCKED), (429, Outcome.BLOCKED)],
)
def test_a_refusal_is_named(site, crawl, write_config, status: int, outcome: Outcome) -> None:
    allow_all(site)
    site.expect_request("/agenda").respond_with_data("no", status=status)
    run = crawl(write_config(source(site, "kerk")), "kerk")["kerk"]
    assert (run.outcome, run.complete) == (outcome, False)
    assert str(status) in run.detail


def test_each_source_fails_alone(site, crawl, write_config) -> None:
    allow_all(site)
    site.expect_request("/good").respond_with_data(event_page(), content_type="text/html")
    site.expect_request("/loop").respond_with_data("", status=302, headers={"Location": "/loop?again"})
    site.expect_request("/huge").respond_with_data(b"x" * (17 * 1024 * 1024), content_type="text/html")
    site.expect_request("/empty").respond_with_data("<html><body>Niets</body></html>")
    site.expect_request("/feed").respond_with_data("<html>404</html>", content_type="text/calendar")
    site.expect_request("/inside").respond_with_data("", status=302, headers={"Location": "http://10.0.0.1/"})
    config = write_config(
        source(site, "good", "/good"),
        source(site, "loop", "/loop"),
        source(site, "huge", "/huge"),
        source(site, "empty", "/empty"),
        source(site, "feed", "/feed", platform="icalendar"),
        source(site, "inside", "/inside"),
        {"id": "nowhere", "start_urls": ["https://nowhere.invalid/agenda"]},
        {"id": "secret", "start_urls": ["http://169.254.169.254/latest/"]},
    )
    runs = crawl(config, "good", "loop", "huge", "empty", "feed", "inside", "nowhere", "secret")
    outcomes = {name: run.outcome for name, run in runs.items()}
    assert outcomes == {
        "good": Outcome.OK,
        "loop": Outcome.UNREACHABLE,
        "huge": Outcome.TOO_LARGE,
        "empty": Outcome.EMPTY,
        "feed": Outcome.UNREADABLE,
        "inside": Outcome.REFUSED_ADDRESS,
        "nowhere": Outcome.DNS,
        "secret": Outcome.REFUSED_ADDRESS,
    }
    assert all(run.detail for name, run in runs.items() if name != "good")
    assert sorted(name for name, run in runs.items() if run.complete) == ["empty", "good"]


def test_a_list_goes_on_and_follows_to_its_events(site, crawl, write_config) -> None:
    allow_all(site)
    pages = {
        "/lijst": "<a class=e href=/een>een</a><a class=more href=/lijst2>meer</a>",
        "/lijst2": "<a class=e href=/een#top>1</a><a class=e href=/twee>2</a><a class=e href=/weg>weg</a>",
    }
    for path, body in pages.items():
        site.expect_request(path).respond_with_data(
            f"<html><body>{body}</body></html>", content_type="text/html"
        )
    for path in ("/een", "/twee"):
        site.expect_request(path).respond_with_data(event_page(path), content_type="text/html")
    site.expect_request("/weg").respond_with_data("gone", status=410)
    entry = source(site, "kerk", "/lijst", follow={"links": "a.e"}, paging={"next": "a.more"})
    run = crawl(write_config(entry), "kerk")["kerk"]
    assert sorted(e.title for e in crawl.items(run)) == ["/een", "/twee"]
    assert run.complete
    assert run.counters["gone"] == 1


def test_a_crawl_that_is_killed_leaves_no_finished_manifest(
    site, crawl, write_config, tmp_path: Path
) -> None:
    from crawlers.launch import launch_crawl
    from crawlers.run import Job

    def slow(_: Request) -> Response:
        time.sleep(5)
        return Response(event_page(), content_type="text/html")

    allow_all(site)
    site.expect_request("/agenda").respond_with_handler(slow)
    config = write_config(source(site, "kerk"))
    job = Job(
        str(config),
        ("kerk",),
        str(tmp_path / "inbox"),
        str(tmp_path / "cache"),
        "2026-11-24T11:00:00+00:00",
        str(tmp_path / "log"),
        crawl.allowed,
    )
    (run,) = launch_crawl(job, longest=3)
    assert (run.outcome, run.complete) == (Outcome.CRASHED, False)
    assert not list((tmp_path / "inbox").rglob("manifest.json"))
