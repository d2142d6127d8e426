"""The service as an operator runs it: rebuilt, pruned, restored, stopped and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))
from sample import Workplace, at, digests

import trek
from aggregator.lock import hold_lock
from aggregator.store import open_store
from crawlers.sample.sites import free_base_port
from feeds.site.day import BEFORE

MORNING, EVENING, NEXT = "2026-11-24T08:00+00:00", "2026-11-24T18:00+00:00", "2026-11-25T08:00+00:00"
ROOT = Path(__file__).parents[2]


def trek_command(*words: str) -> str:
    """What a command prints; it must end well."""
    result = CliRunner().invoke(trek.app, list(words))
    assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
    return result.output


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """One municipality of the sample after a morning, an evening and another morning."""
    workplace = Workplace(
        tmp_path_factory.mktemp("ops"),
        free_base_port(20_000 + os.getpid() % 100 * 100),
        "borne",
        dutch=True,
    )
    workplace.work(MORNING)
    workplace.work(EVENING)
    workplace.work(NEXT)
    return workplace


def published(place: Workplace, folder: Path, public: Path) -> dict[str, str]:
    """Digests of all that is published from a data folder."""
    desk = trek.Desk(folder, public, None, place.folder / "config", "sample")
    desk.base_url = "http://127.0.0.1:8480/"
    with at(NEXT), desk.open() as store:
        desk.publish(store)
    return digests(public)


def lasting(place: Workplace) -> dict[str, str]:
    """Digests without the day whose page is made no more: it stays, a new folder never had it."""
    over = f"dag/{datetime.fromisoformat(MORNING).date() - BEFORE}/"
    assert any(name.startswith(over) for name in place.digests)
    return {name: digest for name, digest in place.digests.items() if over not in name}


def test_a_rebuilt_store_publishes_the_same_bytes(place: Workplace, tmp_path: Path) -> None:
    data, config = place.folder / "data", place.folder / "config"
    file = tmp_path / "trek.tar.gz"
    with at(NEXT):
        trek_command("backup", str(file), "--data", str(data), "--config", str(config))
        trek_command("restore", str(file), "--data", str(tmp_path / "data"))
    assert published(place, tmp_path / "data", tmp_path / "restored") == lasting(place)
    (tmp_path / "data" / "trek.sqlite").unlink()  # the inbox alone
    with at("2026-12-24T08:00+00:00"):
        told = trek_command("rebuild", "--data", str(tmp_path / "data"), "--config", str(config))
    assert "0 runs no more in the inbox" in told
    assert published(place, tmp_path / "data", tmp_path / "rebuilt") == lasting(place)
    assert len(place.digests) > 100


def test_pruned_and_rebuilt_it_publishes_the_same_bytes(place: Workplace, tmp_path: Path) -> None:
    file, data = tmp_path / "trek.tar.gz", tmp_path / "data"
    config = ("--config", str(place.folder / "config"))
    with at(NEXT):
        trek_command("backup", str(file), "--data", str(place.folder / "data"), *config)
        trek_command("restore", str(file), "--data", str(data))
    (data / "region").write_text("twente")
    with at("2026-12-24T08:00+00:00"):
        told = trek_command("prune", "--data", str(data), *config, "--days", "7")
        assert not told.startswith("0 runs")
        trek_command("rebuild", "--data", str(data), *config)
    assert (data / "trek.sqlite.before-rebuild").is_file()
    (data / "region").write_text("sample")
    assert published(place, data, tmp_path / "public") == lasting(place)


def test_status_knows_every_run(place: Workplace, tmp_path: Path) -> None:
    words = ("--data", str(place.folder / "data"), "--config", str(place.folder / "config"))
    with at(NEXT):
        plain = json.loads(trek_command("status", *words, "--json"))
        text = trek_command("status", *words, "--metrics", str(tmp_path / "trek.prom"))
        trek_command("sources", "verify", *words)
    charts = [s["chart"] for s in plain["sources"] if s["outcome"]]
    assert charts
    assert all(len(chart) == 3 for chart in charts)
    assert any(s["coverage"].get("start") == 1.0 for s in plain["sources"] if s["coverage"])
    assert "sources: " in text
    assert "trek_source_up{" in (tmp_path / "trek.prom").read_text()


def test_only_one_scheduler_works_on_a_data_folder(tmp_path: Path) -> None:
    with hold_lock(tmp_path / "data" / "scheduler.lock"):
        command = [sys.executable, "-m", "trek", "run", "--data", str(tmp_path / "data")]
        other = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert other.returncode == 1
    assert f"process {os.getpid()} is at work here" in " ".join(other.stderr.split())
    assert "Traceback" not in other.stderr


@pytest.fixture
def keeper(site: HTTPServer, write_config, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`trek run` on one site."""
    page = (
        '<html><script type="application/ld+json">{"@context": "https://schema.org", "@type": "MusicEvent", '
        '"name": "Orgelconcert", "startDate": "2030-12-05T20:00:00+01:00"}</script></html>'
    )
    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    site.expect_request("/quick").respond_with_data(page, content_type="text/html")
    config = write_config({"id": "quick", "start_urls": [site.url_for("/quick")]})
    script = str(Path(__file__).with_name("keeper.py"))
    command = [sys.executable, script, str(config), str(tmp_path), f"127.0.0.1:{site.port}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, stderr=log, text=True, env=environment) as one,
    ):
        yield one
        one.kill()


def wait_for(path: Path, seconds: float = 60) -> None:
    """Until the file is there."""
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end, f"{path} never came"
        time.sleep(0.1)


def test_the_scheduler_works_once_waits_and_ends_when_asked(
    keeper: subprocess.Popen[str], site: HTTPServer, tmp_path: Path
) -> None:
    wait_for(tmp_path / "public" / "status" / "index.html")
    time.sleep(2.5)  # two more ticks, at which nothing is due
    keeper.send_signal(signal.SIGTERM)
    assert keeper.wait(30) == 0
    assert (tmp_path / "log").read_text().rstrip().endswith("stopped; the next start goes on from here")
    assert [r.path for r, _ in site.log].count("/quick") == 1
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'trek.sqlite'}", read_only=True)
    assert [run.outcome for run in store.runs()] == ["ok"]
    store.close()
    status = json.loads((tmp_path / "public" / "status" / "status.json").read_text())
    assert status["counts"]["fine"] == 1
