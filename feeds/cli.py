"""`trek report`: the region's events in figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from aggregator import clock
from aggregator.desk import desk_of
from aggregator.errors import UsageError
from aggregator.options import Config, Data, Database
from aggregator.region import Region
from aggregator.store.protocol import EventReader

MONTHS = 12

report_app = typer.Typer()


@report_app.command("report", epilog="Example: trek report --from 2026-12 --months 6 --csv")
def report(
    ctx: typer.Context,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    since: Annotated[str, typer.Option("--from", help="First month, as 2026-12; else this one.")] = "",
    months: Annotated[int, typer.Option(help="How many months.", min=1, max=60)] = MONTHS,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON line per municipality and month.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
    lang: Annotated[str, typer.Option(help="nl, en or de")] = "nl",
) -> None:
    """Count the events by municipality, pillar and month, those with no pillar too."""
    desk = desk_of(ctx, data, database, config)
    try:
        first = date.fromisoformat(f"{since}-01") if since else clock.today()
    except ValueError:
        raise UsageError("is no month", since, "write it as 2026-12") from None
    with desk.look() as store:
        form = "json" if as_json else "csv" if csv else "table"
        for line in report_lines(store, desk.region, first, months, form, lang):
            typer.echo(line)


def report_lines(
    reader: EventReader, region: Region, first: date, number: int, form: str, language: str
) -> Iterator[str]:
    """The region's events by municipality, pillar and month, in lines: a `table`, `csv` or `json` lines."""
    from rich.console import Console

    from feeds.card import Voice
    from feeds.info import read_info
    from feeds.tally import months_from, render_csv, render_table, tally
    from feeds.urls import Urls

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
