"""What `trek publish` and `trek serve` do, with plain arguments; `trek.py` wires the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from rich.console import Console

from aggregator import clock
from aggregator.region import Region
from aggregator.store.protocol import EventReader
from feeds.card import Voice
from feeds.info import read_info
from feeds.publish import Published, Report, publish
from feeds.tally import MONTHS, months_from, render_csv, render_table, tally
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


def run_report(
    reader: EventReader,
    region: Region,
    first: date,
    number: int = MONTHS,
    form: str = "table",
    language: str = "nl",
) -> Iterator[str]:
    """The region's events by municipality, pillar and month, in lines: a `table`, `csv` or `json` lines."""
    info = read_info(region)
    tallies = tally(reader.events(), info, months_from(first, number))
    if form == "json":
        yield from (json.dumps(one.to_plain(), ensure_ascii=False) for one in tallies)
    elif form == "csv":
        yield from render_csv(tallies, info).decode().splitlines()
    else:
        console = Console(width=60 + 8 * number, highlight=False)
        with console.capture() as printed:
            console.print(render_table(tallies, Voice(info, Urls(info.base_url, language), language)))
        yield from (line.rstrip() for line in printed.get().splitlines())
