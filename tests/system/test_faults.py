"""What goes wrong in years of running: each time the operator sees one clear line, and nothing is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

import trek
from aggregator import clock
from aggregator.alarm import find_causes
from aggregator.errors import PublishError, StoreError
from aggregator.health import examine
from aggregator.intake import find_arrivals, read_items
from aggregator.model import Outcome, Run, to_plain
from aggregator.store import open_store
from crawlers.launch import launch_crawl
from crawlers.run import Job

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def event_page(*titles: str) -> str:
    """A page with events as JSON-LD."""
    events = ",".join(
        f'{{"@context": "https://schema.org", "@type": "MusicEvent", "name": "{title}", "url": "/{title}", '
        f'"startDate": "2026-12-{day + 5:02}T20:00:00+01:00", '
        f'"location": {{"@type": "Place", "name": "Kerk", "address": "Hengelo"}}}}'
        for day, title in enumerate(titles)
    )
    return f'<html><script type="application/ld+json">[{events}]</script></html>'


def serve(site: HTTPServer, **pages: Any) -> None:
    """Pages by name: text, or what answers a request."""
    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    for name, page in pages.items():
        if callable(page):
            site.expect_request(f"/{name}").respond_with_handler(page)
        else:
            site.expect_request(f"/{name}").respond_with_data(page, content_type="text/html")


def job(config: Path, folder: Path, site: HTTPServer, *names: str, **more: Any) -> Job:
    return Job(
        config=str(config),
        sources=names,
        inbox=str(folder / "data" / "inbox"),
        cache=str(folder / "cache"),
        now=NOW.isoformat(),
        log=str(folder / "crawl.log"),
        allowed=(f"127.0.0.1:{site.port}",),
        **more,
    )


def one_line(run: Run) -> str:
    """What the operator sees of a run."""
    assert run.detail
    assert "\n" not in run.detail
    assert not run.complete
    return run.detail


def test_sites_that_drip_or_never_end_or_have_no_name_hold_up_nobody(
    site: HTTPServer, write_config, tmp_path: Path
) -> None:
    sent = 0

    def drip(request: Request) -> Response:
        def body() -> Iterator[bytes]:
            for _ in range(60):
                time.sleep(1)
                yield b"<"

        return Response(body(), content_type="text/html")

    def flood(request: Request) -> Response:
        def body() -> Iterator[bytes]:
            nonlocal sent
            for _ in range(10 * 1024**3 // 65_536):
                sent += 65_536
                yield b"x" * 65_536

        return Response(body(), content_type="text/html")

    serve(site, good=event_page("Orgel"), drip=drip, flood=flood)
    config = write_config(
        *({"id": name, "start_urls": [site.url_for(f"/{name}")]} for name in ("good", "drip", "flood")),
        {"id": "nameless", "start_urls": ["http://trek-has-no-such-name.invalid/"]},
    )
    began = time.monotonic()
    runs = {
        run.source_id: run
        for run in launch_crawl(job(config, tmp_path, site, "good", "drip", "flood", "nameless", timeout=2))
    }
    assert time.monotonic() - began < 60
    assert (runs["good"].outcome, runs["good"].items) == (Outcome.OK, 1)
    assert runs["drip"].outcome is Outcome.UNREACHABLE
    assert "/drip" in one_line(runs["drip"])
    assert runs["flood"].outcome is Outcome.TOO_LARGE
    assert "smaller page" in one_line(runs["flood"])
    assert sent < 200 * 1024**2
    assert runs["nameless"].outcome is Outcome.DNS
    assert "trek-has-no-such-name.invalid" in one_line(runs["nameless"])


def test_half_the_sources_down_is_one_alarm_and_the_other_half_goes_on(
    site: HTTPServer, write_config, tmp_path: Path
) -> None:
    names = ["concert", "jazz", "quiz", "toneel", "film"]
    serve(site, **{name: event_page(name) for name in names})
    config = write_config(*({"id": n, "start_urls": [site.url_for(f"/{n}")]} for n in names))
    desk = trek.Desk(tmp_path / "data", tmp_path / "public", None, config)
    desk.allowed = (f"127.0.0.1:{site.port}",)
    with desk.open() as store:
        desk.crawl(store, names)
        desk.aggregate(store)
        before = sorted(s.listing.ref for s in store.listings())
        site.clear()
        serve(site, **{n: event_page(n) for n in names[:2]}, **dict.fromkeys(names[2:], refuse))
        runs = desk.crawl(store, names)
        desk.aggregate(store)
        assert sorted(run.source_id for run in runs if run.outcome is Outcome.OK) == sorted(names[:2])
        assert [(s.listing.ref, s.state.value) for s in store.listings()] == [(r, "live") for r in before]
        assert len(before) == len(names)
        causes = find_causes(examine(desk.region, store.runs(), clock.now()), clock.now())
    assert [(c.problem, sorted(c.sources)) for c in causes] == [
        ("3 of 5 sources: blocked", sorted(names[2:]))
    ]


def refuse(request: Request) -> Response:
    return Response("no", status=403)


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    """One server for all tests of this file, so that what was crawled once can be used again."""
    with HTTPServer(host="127.0.0.1", threaded=True) as one:
        yield one


@pytest.fixture
def site(server: HTTPServer) -> HTTPServer:
    """The server without the pages of the test before."""
    server.clear()
    return server


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data of the first test that needs it are kept for the next ones."""
    return tmp_path_factory.mktemp("crawled") / "data"


@pytest.fixture
def desk(site: HTTPServer, write_config, tmp_path: Path, crawled: Path) -> trek.Desk:
    """A small region with three events in its store."""
    serve(site, kerk=event_page("Orgel", "Koor", "Quiz"))
    config = write_config({"id": "kerk", "start_urls": [site.url_for("/kerk")]})
    if crawled.exists():
        shutil.copytree(crawled, tmp_path / "data")
    one = trek.Desk(tmp_path / "data", tmp_path / "public", None, config)
    one.allowed = (f"127.0.0.1:{site.port}",)
    if not crawled.exists():
        _work(one)
        shutil.copytree(one.data, crawled)
    return one


def _work(desk: trek.Desk) -> None:
    with desk.open() as store:
        desk.crawl(store, ["kerk"])
        desk.aggregate(store)


def uids(desk: trek.Desk) -> set[str]:
    store = open_store(desk.database, read_only=True)
    try:
        return {event.uid for event in store.events(hidden=True)}
    finally:
        store.close()


def test_a_database_that_another_process_locked_is_told_and_the_next_job_makes_it_good(
    desk: trek.Desk, site: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.store.engine.PATIENCE", 1)
    before = uids(desk)
    site.clear()
    serve(site, kerk=event_page("Orgel", "Koor", "Quiz", "Toneel"))
    with closing(sqlite3.connect(desk.data / "trek.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as caught:
            _work(desk)
    assert "another process is writing; try again when it is done" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert uids(desk) == before
    with desk.open() as store:
        desk.aggregate(store)
    assert uids(desk) > before


def test_a_public_folder_that_is_gone_is_told_and_made_again(desk: trek.Desk) -> None:
    with desk.open() as store:
        first = desk.publish(store)
        shutil.rmtree(desk.public)
        desk.public.write_text("a file is in the way")
        with pytest.raises(PublishError) as caught:
            desk.publish(store)
        assert str(desk.public) in str(caught.value)
        assert "\n" not in str(caught.value)
        desk.public.unlink()
        again = desk.publish(store)
    assert again.files == first.files
    assert again.written == again.files
    assert (desk.public / "agenda" / "region.ics").is_file()


def test_a_clock_that_jumps_back_an_hour_loses_nothing(desk: trek.Desk, site: HTTPServer) -> None:
    """The machine's own clock gives the runs their names: those of the lost hour sort before."""
    source = desk.data / "inbox" / "kerk"
    (only,) = [p for p in source.iterdir() if p.is_dir()]
    before = uids(desk)
    site.clear()
    serve(site, kerk=event_page("Orgel", "Koor", "Quiz", "Toneel"))
    with desk.open() as store:
        (run,) = desk.crawl(store, ["kerk"])
        earlier = datetime.strptime(only.name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) - timedelta(hours=1)
        _rename(source / run.run_id, f"{earlier:%Y%m%dT%H%M%SZ}-{run.run_id[-6:]}", run)
        desk.aggregate(store)
        held = store.held()
    assert uids(desk) > before
    assert held == {}
    with desk.open() as store:
        desk.crawl(store, ["kerk"])
        desk.aggregate(store)
        assert {s.state.value for s in store.listings()} == {"live"}


def _rename(folder: Path, name: str, run: Run) -> None:
    import json

    path = folder / "manifest.json"
    plain = json.loads(path.read_text()) | to_plain(replace(run, run_id=name))
    path.write_text(json.dumps(plain))
    folder.rename(folder.with_name(name))


def test_a_crawl_killed_at_random_moments_adds_and_never_removes(
    desk: trek.Desk, site: HTTPServer, tmp_path: Path
) -> None:
    before, chance = uids(desk), random.Random(20261124)
    text = job(desk.config, tmp_path, site, "kerk").dumps()
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-m", "crawlers.run"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        ) as child:
            assert child.stdin is not None
            child.stdin.write(text.encode())
            child.stdin.close()
            time.sleep(chance.uniform(0.3, 2.5))
            child.kill()
    told: list[str] = []
    with desk.open() as store:
        for arrival in find_arrivals(desk.data / "inbox", store.applied_runs, NOW, told.append):
            run, _ = read_items(arrival, told.append)
            assert run.complete or run.outcome is Outcome.CRASHED
        desk.aggregate(store)
        assert {e.uid for e in store.events(hidden=True)} == before
        desk.crawl(store, ["kerk"])
        desk.aggregate(store)
        assert {e.uid for e in store.events(hidden=True)} == before
        assert {s.state.value for s in store.listings()} == {"live"}


def test_a_crawl_ends_when_its_caller_is_killed(site: HTTPServer, write_config, tmp_path: Path) -> None:
    """Else a second one would ask the site beside it."""

    def dawdle(request: Request) -> Response:
        time.sleep(8)
        return Response(event_page("Late"), content_type="text/html")

    serve(site, slow=dawdle)
    config = write_config({"id": "slow", "start_urls": [site.url_for("/slow")]})
    script = (
        "import sys; from crawlers.launch import launch_crawl; from crawlers.run import Job\n"
        "list(launch_crawl(Job.loads(sys.stdin.read())))"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE) as caller:
        assert caller.stdin is not None
        caller.stdin.write(job(config, tmp_path, site, "slow").dumps().encode())
        caller.stdin.close()
        running = _wait(lambda: next((tmp_path / "data" / "inbox").glob("slow/*/.running"), None))
        process = int(_wait(lambda: running.read_text()))
        time.sleep(0.5)
        caller.send_signal(signal.SIGKILL)
    _wait(lambda: not _lives(process))
    assert not (running.parent / "manifest.json").exists()


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _wait(read: Any, seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (found := read()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def test_a_crawl_cannot_take_the_machines_memory_or_disk() -> None:
    script = (
        "from crawlers.run import Job, limit_self\n"
        "limit_self(Job('', (), '', '', '', memory=600 * 1024**2))\n"
        "try: b'x' * 1024**3\n"
        "except MemoryError: print('bounded')\n"
        "import resource; print(resource.getrlimit(resource.RLIMIT_FSIZE)[0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.split() == ["bounded", str(2 * 1024**3)]
