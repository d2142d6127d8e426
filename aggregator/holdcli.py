"""Commands about sources that wait for a person, and sources to be forgotten."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from aggregator import clock
from aggregator.desk import desk_of
from aggregator.errors import UsageError
from aggregator.options import Config, Data, Database, Public
from aggregator.refused import Wait, answered_to

hold_app = typer.Typer(
    no_args_is_help=True,
    help="Sources that would lose or gain too much, and doubtful dates: see, agree or not.",
)
forget_app = typer.Typer()


Names = Annotated[
    list[str], typer.Argument(help="Sources, or single dates by the name that `trek hold list` gives.")
]


@hold_app.command("list", epilog="Example: trek hold list --data /var/lib/trek")
def hold_list(
    ctx: typer.Context,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    everything: Annotated[bool, typer.Option("--all", help="What was rejected too.")] = False,
) -> None:
    """Show the sources and the single dates that wait for a person, and why."""
    from aggregator.refused import load_refused, report_waiting, unanswered, waiting

    with desk_of(ctx, data, database, config).look() as store:
        found = waiting(store.held(), store.rejects())
    typer.echo(report_waiting(found if everything else unanswered(found, load_refused(data))))


@hold_app.command("accept", epilog="Example: trek hold accept wilminktheater --public /srv/agenda")
def hold_accept(
    ctx: typer.Context,
    names: Names,
    data: Data = Path("data"),
    public: Public = Path("public"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Crawl held sources again and believe what they say, or the named dates of it; then publish."""
    from aggregator.refused import allow, waiting

    desk = desk_of(ctx, data, database, config, public)
    with desk.open() as store:
        found = named(names, waiting(store.held(), store.rejects()))
        allow(data, [wait for wait in found if wait.name in names])
        failed = desk.work(store, sorted({wait.source for wait in found}), confirmed=names)
    raise typer.Exit(1 if failed else 0)


@hold_app.command("reject", epilog="Example: trek hold reject wilminktheater")
def hold_reject(
    ctx: typer.Context,
    names: Names,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Leave everything as it is, and do not ask again until a source says something else."""
    from aggregator.refused import refuse, waiting

    with desk_of(ctx, data, database, config).look() as store:
        found = waiting(store.held(), store.rejects())
    refuse(data, named(names, found))


def named(names: Sequence[str], found: Sequence[Wait]) -> list[Wait]:
    """What these names mean; UsageError names those that do not wait for a person."""
    if strangers := sorted(name for name in set(names) if not answered_to(found, name)):
        raise UsageError("does not wait for a person", ", ".join(strangers), "see: trek hold list")
    return [wait for wait in found if wait.name in names or wait.source in names]


@forget_app.command("forget", epilog="Example: trek forget oude-fabriek --public /srv/agenda")
def forget(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(help="A source that is switched off or whose file is gone.")],
    data: Data = Path("data"),
    public: Public = Path("public"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Withdraw the coming events that only this source tells of; then publish."""
    from aggregator.forget import check_forget, lingering

    began = time.monotonic()
    desk = desk_of(ctx, data, database, config, public)
    with desk.open() as store:
        check_forget(source, desk.region, store)
        count = lingering(desk.region, store, clock.now()).get(source, 0)
        desk.drop(source)
        desk.tell(store, [], desk.aggregate(store), desk.publish(store), time.monotonic() - began)
    typer.echo(f"{source}: {count} coming event{'s' * (count != 1)} withdrawn.")
