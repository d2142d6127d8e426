"""`trek explain`: the story of one event."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aggregator.desk import desk_of
from aggregator.errors import UsageError
from aggregator.model import State
from aggregator.options import Config, Data, Database

explain_app = typer.Typer()


@explain_app.command("explain", epilog="Example: trek explain 2f1e6a9c-0b1d-5c1e-8f3a-1c2d3e4f5a6b --lang en")
def explain(
    ctx: typer.Context,
    uid: Annotated[str, typer.Argument(help="UID of an event, as its page shows it.")],
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    lang: Annotated[str, typer.Option(help="nl, en or de")] = "nl",
) -> None:
    """Tell why an event is as it is: its sources, its fields, its pillars, what people decided."""
    from aggregator.explain import explain_event, find_event
    from aggregator.review import near
    from aggregator.tag.tagger import Tagger

    desk = desk_of(ctx, data, database, config)
    with desk.look() as store:
        event = find_event(store, uid)
        live = (s.listing for s in store.listings() if s.state is not State.WITHDRAWN)
        apart = near(desk.region, event, store.events(hidden=True), live) if event else []
    if event is None:
        raise UsageError("no event has this UID", uid, "the address of an event's page ends in it")
    tagger = Tagger(desk.region)
    typer.echo(explain_event(event, lang, tagger.reason, tagger.name, apart))
