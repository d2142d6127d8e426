"""The aggregator's commands: `try`, `score`, `config`. They need no network and no database."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table

from aggregator import clock
from aggregator.answers import (
    answer_pillars,
    answer_place,
    answer_same,
    answer_when,
    listing_from_line,
)
from aggregator.config_loader import SourceCheck, find_config, load_region
from aggregator.errors import UsageError
from aggregator.lines import Line, answer_lines, answer_together, print_line, read_lines
from aggregator.options import Config, Explain, Lines
from aggregator.region import Region
from aggregator.score.table import Row

if TYPE_CHECKING:
    from aggregator.pages import ReadPage

try_app = typer.Typer(no_args_is_help=True, help="See what Trek makes of a text, a place or a page.")
config_app = typer.Typer(no_args_is_help=True, help="Check and show the configuration.")
score_app = typer.Typer()

notes = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Tools:
    """What the commands need of other rooms: how a page is read, and what only they know of a source."""

    read_page: ReadPage
    check_source: SourceCheck


@try_app.command("when", epilog="Example: trek try when 'za 28 nov, 20.15 uur' --explain")
def try_when(
    text: Annotated[str, typer.Argument(help="A printed date, a file of JSON Lines, or - .")],
    explain: Explain = False,
) -> None:
    """Read printed dates: text in, occurrences out."""
    from aggregator.normalise.when import explain as explain_when

    if text != "-" and not _is_file(text):
        typer.echo(explain_when(text, clock.today()))
        return
    raise typer.Exit(answer_lines(read_lines(text), lambda line: answer_when(line, explain=explain)))


@try_app.command(
    "place", epilog="""Example: echo '{"id":1,"location":{"place":"Goor"}}' | trek try place -"""
)
def try_place(file: Lines, config: Config = None, explain: Explain = False) -> None:
    """Find municipality and venue of locations."""
    from aggregator.normalise.place import PlaceFinder

    finder = PlaceFinder(_region(config))
    raise typer.Exit(answer_lines(read_lines(file), lambda line: answer_place(finder, line)))


@try_app.command("pillars", epilog="Example: trek try pillars texts.jsonl")
def try_pillars(file: Lines, config: Config = None, explain: Explain = False) -> None:
    """Tell whether texts are an event and culture, and their pillars."""
    from aggregator.tag.tagger import Tagger

    tagger = Tagger(_region(config))
    raise typer.Exit(
        answer_lines(read_lines(file), lambda line: answer_pillars(tagger, line, explain=explain))
    )


@try_app.command("same", epilog="Example: trek try same listings.jsonl --explain")
def try_same(file: Lines, config: Config = None, explain: Explain = False) -> None:
    """Tell which listings are the same event, and the same occurrence of it."""
    from aggregator.dedupe import Deduper
    from aggregator.normalise.place import PlaceFinder

    region = _region(config)
    deduper, finder = Deduper(region), PlaceFinder(region)

    def answer(lines: list[Line]) -> list[dict[str, Any]]:
        return answer_same(lines, deduper, finder, explain=explain)

    check = partial(listing_from_line, finder=finder)
    raise typer.Exit(answer_together(read_lines(file), answer, check))


@try_app.command("page", epilog="Example: trek try page agenda.html --url https://podium.example/agenda")
def try_page(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A saved page or feed of any kind.")],
    url: Annotated[str, typer.Option(help="Where it was fetched.")],
    seen: Annotated[str | None, typer.Option(help="When: 2026-10-09T12:00, local time.")] = None,
    until: Annotated[str | None, typer.Option(help="Expand recurrences until this day.")] = None,
    config: Config = None,
    explain: Explain = False,
) -> None:
    """Read a saved page or feed: one line per occurrence, with how it was read.

    The end of an all-day span is its last day; as iCalendar writes it, the day after, for
    iCalendar files.
    """
    from aggregator.pages import PageReader

    tools: Tools = ctx.obj
    moment, limit = _moment(seen), _limit(until)
    body, kind = _read_file(file), _content_type(file)
    reader = PageReader(_region(config), tools.read_page)
    found = 0
    for line in reader.lines(body, _address(url), moment, limit, kind, explain=explain):
        print_line(line)
        found += 1
    if not found and not reader.problems:
        notes.print(f"{file}: nothing on this page was read as an event", markup=False)
    for problem in reader.problems:
        notes.print(problem, markup=False)
    if reader.failed:
        raise typer.Exit(1)


@score_app.command("score", epilog="Example: trek score ../shared/gold --json")
def score(
    ctx: typer.Context,
    folder: Annotated[Path | None, typer.Argument(help="Folder of labelled sets.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON per figure.")] = False,
    config: Config = None,
) -> None:
    """Measure Trek against labelled sets: exact figures per set and group, with the first misses."""
    from aggregator.pages import PageReader
    from aggregator.score import score_all

    folder = folder or Path(__file__).parents[2] / "shared" / "gold"
    if not folder.is_dir():
        raise UsageError("no such folder", str(folder), "name the folder of the labelled sets")
    region = _region(config)
    rows = score_all(folder, region, PageReader(region, ctx.obj.read_page))
    if as_json:
        for row in rows:
            print_line({**_row(row), "misses": list(row.misses)})
        return
    _show(folder, rows)


@config_app.command("check", epilog="Example: trek config check --config config")
def config_check(ctx: typer.Context, config: Config = None) -> None:
    """Check every file of the configuration and list all mistakes at once."""
    from aggregator.correct import load_book
    from aggregator.tag.examples import check_tags

    tools: Tools = ctx.obj
    region = load_region(find_config(config), tools.check_source)
    load_book(region)
    check_tags(region)
    counts = f"{len(region.sources)} sources, {len(region.venues)} venues"
    typer.echo(f"{counts}, {len(region.municipalities)} municipalities: no mistakes.")


@config_app.command("show", epilog="Example: trek config show hengelo")
def config_show(
    what: Annotated[str | None, typer.Argument(help="A municipality, venue or source.")] = None,
    config: Config = None,
) -> None:
    """Show what the configuration says of the region, or of one part."""
    from aggregator.show import show_config

    typer.echo(show_config(_region(config), what))


def _row(row: Row) -> Mapping[str, Any]:
    names = ("set", "group", "measure", "right", "total", "share")
    return {name: getattr(row, name) for name in names}


def _show(folder: Path, rows: list[Row]) -> None:
    table = Table(title=f"Scores on {folder}", title_justify="left")
    for head in ("set", "group", "measure"):
        table.add_column(head)
    for head in ("right", "of", "%"):
        table.add_column(head, justify="right")
    table.add_column("first misses", overflow="fold")
    for row in rows:
        share = f"{100 * row.share:.1f}" if row.total else "-"
        figures = (str(row.right), str(row.total), share)
        table.add_row(row.set, row.group, row.measure, *figures, "; ".join(row.misses[:3]))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _region(config: Path | None) -> Region:
    return load_region(find_config(config))


def _read_file(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", str(file), "name a saved page") from None


def _is_file(text: str) -> bool:
    """Whether a text is the name of a file. UsageError for the name of a file that is not there."""
    try:
        if Path(text).is_file():
            return True
    except (OSError, ValueError):
        return False  # too long for a name, or no name at all
    if text.endswith((".jsonl", ".json", ".ndjson", ".txt")) and " " not in text:
        raise UsageError("no such file", text, "name a file of JSON Lines, or give the printed date itself")
    return False


def _content_type(file: Path) -> str | None:
    """What the name of a saved file promises of it; None when it promises nothing."""
    return "text/calendar" if file.suffix.lower() in (".ics", ".ical") else None


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        hint = "write where the page was fetched: https://podium.example/agenda"
        raise UsageError(f"{url} is no web address", "--url", hint)
    return url


def _moment(text: str | None) -> datetime:
    if text is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text} is no moment", "--seen", "write it as 2026-10-09T12:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.AMSTERDAM)


def _limit(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), datetime.max.time(), clock.AMSTERDAM)
    except ValueError:
        raise UsageError(f"{text} is no day", "--until", "write it as 2027-10-09") from None
