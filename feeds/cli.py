"""What `trek publish` and `trek serve` do, with plain arguments; `trek.py` wires the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from aggregator import clock
from aggregator.region import Region
from aggregator.store.protocol import EventReader
from feeds.info import read_info
from feeds.publish import Published, Report, publish
from feeds.urls import REGION, Urls
from feeds.web import serve


def run_publish(
    reader: EventReader,
    region: Region,
    public: Path,
    report: Report = lambda line: None,
    now: Callable[[], datetime] = clock.now,
    base_url: str | None = None,
) -> Published:
    """Publish for the region's present day; PublishError when the folder cannot be written."""
    today = now().astimezone(clock.AMSTERDAM).date()
    return publish(reader, region, public, today, report, base_url=base_url)


def describe(done: Published) -> list[str]:
    """The closing lines of a publication, for a person."""
    if done.skipped:
        return [f"nothing changed: {done.files} files are as they were"]
    lines = [
        f"{done.events} events, {done.occurrences} dates, {done.feeds} feeds",
        f"{done.files} files: {done.written} written, {done.unchanged} unchanged",
    ]
    if done.closed:
        lines.append(f"{done.closed} kept only to say that their subject ended")
    if done.removed:
        lines.append(f"{done.removed} half-written files of an interrupted run cleaned away")
    return lines


def addresses(region: Region, base_url: str | None = None) -> list[str]:
    """What to open or subscribe to first."""
    info = read_info(region)
    urls = Urls(base_url or info.base_url, info.languages[0])
    language = info.languages[0]
    paths = (urls.home(language), urls.follow(language), urls.calendar(language, REGION))
    return [urls.absolute(path) for path in paths]


def run_serve(
    open_reader: Callable[[], EventReader],
    region: Region,
    public: Path,
    host: str = "127.0.0.1",
    port: int = 8080,
    base_url: str | None = None,
) -> None:
    """Serve the public folder and the free combinations until interrupted."""
    serve(public, open_reader, region, host, port, base_url=base_url)
