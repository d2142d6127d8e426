"""A small region of our own on loopback, for tests that crawl for real."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from ruamel.yaml import YAML

from aggregator.model import RawEvent, Run
from crawlers.launch import launch_crawl
from crawlers.run import Job

CONFIG = Path(__file__).parents[2] / "config"
WriteConfig = Callable[..., Path]


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    """A web server of this test's own; robots.txt allows all unless the test says otherwise."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def write_config(tmp_path: Path) -> WriteConfig:
    """Writes a configuration with the given sources: `write_config({"id": ..., ...}, ...)`."""

    def write(*sources: dict[str, Any]) -> Path:
        folder = tmp_path / "config"
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
        for file in CONFIG.glob("*.yaml"):
            shutil.copy(file, folder)
        place = folder / "sources" / "hengelo"
        place.mkdir(parents=True)
        for source in sources:
            base = {"name": source["id"], "municipality": "hengelo", "tier": "venue"}
            with (place / f"{source['id']}.yaml").open("w") as file:
                YAML().dump({**base, **source}, file)
        return folder

    return write


class Crawl:
    """Crawls sources of a configuration and gives runs and events by source."""

    def __init__(self, folder: Path, allowed: tuple[str, ...]) -> None:
        self.folder, self.allowed = folder, allowed

    def __call__(self, config: Path, *names: str) -> dict[str, Run]:
        """The run of each source, by id."""
        job = Job(
            config=str(config),
            sources=names,
            inbox=str(self.folder / "inbox"),
            cache=str(self.folder / "cache"),
            now="2026-11-24T11:00:00+00:00",
            log=str(self.folder / "crawl.log"),
            allowed=self.allowed,
        )
        return {run.source_id: run for run in launch_crawl(job, longest=120)}

    def items(self, run: Run) -> list[RawEvent]:
        """The events that a run left in the inbox."""
        import json

        from aggregator.plain import raw_from_plain

        path = self.folder / "inbox" / run.source_id / run.run_id / "items.jsonl"
        return [raw_from_plain(json.loads(line)) for line in path.read_text().splitlines()]


@pytest.fixture
def crawl(tmp_path: Path, site: HTTPServer) -> Crawl:
    """A crawler that may reach the test's own server."""
    return Crawl(tmp_path, (f"127.0.0.1:{site.port}",))
