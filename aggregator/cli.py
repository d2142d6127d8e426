"""The aggregator's commands: `try`, `score`, `config`. They need no network and no database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from aggregator import clock
from aggregator.answers import (
    answer_page,
    answer_pillars,
    answer_place,
    answer_same,
    answer_when,
    listing_from_line,
)
from aggregator.config_loader import find_config, load_region
from aggregator.errors import TrekError, UsageError
from aggregator.lines import Line, answer_lines, answer_together, print_line, read_lines
from aggregator.model import RawEvent, Reject
from aggregator.options import Config, Explain, Lines
from aggregator.region import Region
from aggregator.score.table import Row

try_app = typer.Typer(no_args_is_help=True, help="See what Trek makes of a text, a place or a page.")
config_app = typer.Typer(no_args_is_help=True, help="Check and show the configuration.")
score_app = typer.Typer()

notes = Console(stderr=True, highlight=False)

ReadPage = Callable[[bytes, str, datetime, datetime | None], tuple[list[RawEvent], list[str]]]


@dataclass(frozen=True)
class Tools:
    """What the commands need of other rooms: how a saved page is read (events, problems)."""

    read_page: ReadPage


@try_app.command("when", epilog="Example: trek try when 'za 28 nov, 20.15 uur' --explain")
def try_when(
    text: Annotated[str, typer.Argument(help="A printed date, a file of JSON Lines, or - .")],
    explain: Explain = False,
) -> None:
    """Read printed dates: text in, occurrences out."""
    from aggregator.normalise.when import explain as explain_when

    if text != "-" and not Path(text).is_file():
        typer.echo(explain_when(text, _today()))
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
    raise typer.Exit(answer_lines(read_lines(file), lambda line: answer_pillars(tagger, line)))


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
    body = _read_file(file)
    tools: Tools = ctx.obj
    moment, limit = _moment(seen), _limit(until)
    reader = PageReader(_region(config), tools.read_page)
    for line in reader.lines(body, url, moment, limit, explain=explain):
        print_line(line)
    for problem in reader.problems:
        notes.print(problem, markup=False)
    if reader.failed:
        raise typer.Exit(1)


class PageReader:
    """Reads saved pages all the way to occurrences; `problems` are words for people."""

    def __init__(self, region: Region, read_page: ReadPage) -> None:
        from aggregator.normalise.listing import Normaliser

        self.normaliser, self.read_page = Normaliser(region), read_page
        self.problems: list[str] = []
        self.failed = False

    def lines(
        self, body: bytes, url: str, seen: datetime, until: datetime | None, *, explain: bool = False
    ) -> Iterator[dict[str, Any]]:
        """One answer per occurrence; what was left out goes to `problems`."""
        try:
            events, problems = self.read_page(body, url, seen, until)
        except TrekError as error:
            self.problems.append(str(error))
            self.failed = True
            return
        self.problems.extend(problems)
        self.failed = bool(problems) and not events
        for made in self.normaliser.listings(events, seen, until):
            if isinstance(made, Reject):
                self.problems.append(f"left out: {made.reason}: {made.title or ''} ({made.detail})")
                continue
            origin = made.origins.get("title")
            method = origin.method if origin else ""
            for line in answer_page(made, method, exclusive=method == "icalendar"):
                yield {**line, "because": made.place.because} if explain else line


@score_app.command("score", epilog="Example: trek score ../shared/gold --json")
def score(
    ctx: typer.Context,
    folder: Annotated[Path | None, typer.Argument(help="Folder of labelled sets.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON per figure.")] = False,
    config: Config = None,
) -> None:
    """Measure Trek against labelled sets: exact figures per set and group, with the first misses."""
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
def config_check(config: Config = None) -> None:
    """Check every file of the configuration and list all mistakes at once."""
    region = _region(config)
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


def _today() -> date:
    return clock.now().astimezone(clock.AMSTERDAM).date()


def _read_file(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", str(file), "name a saved page") from None


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
