"""Commands for whoever looks after the labels: the review list, decisions that do nothing, learning anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from aggregator import clock
from aggregator.config_loader import find_config, load_region
from aggregator.errors import ConfigError
from aggregator.options import Config, Data, Database

tag_app = typer.Typer(no_args_is_help=True, help="Labels: what is least sure; learn anew.")
EXAMPLES, LEARNED = "examples.jsonl", "learned.yaml"


@tag_app.command("review", epilog="Example: trek tag review --most 20")
def review_command(
    ctx: typer.Context,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    most: Annotated[int, typer.Option(min=1, help="How many lines.")] = 50,
) -> None:
    """List the labels that hang by least, then the decisions of people that do nothing (any more)."""
    from aggregator.desk import desk_of
    from aggregator.store import open_store
    from aggregator.tag.review import weakest
    from aggregator.tag.tagger import Tagger

    desk = desk_of(ctx, data, database, config)
    tagger = Tagger(desk.region, clock.today())
    store = open_store(desk.database, read_only=True)
    try:
        events = list(store.events(hidden=True))
    finally:
        store.close()
    for weak in weakest(tagger, events, most):
        given = "+" if weak.margin >= 0 else "-"
        where = weak.municipality or "?"
        typer.echo(
            f"{given} {weak.label} ({weak.margin:+.2f}) {where}: {weak.title} [{weak.uid}] {weak.because}"
        )
    for line in tagger.corrections.report(events):
        typer.echo(line)


@tag_app.command("learn", epilog="Example: trek tag learn --from-decisions --data /var/lib/trek")
def learn_command(
    ctx: typer.Context,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    from_decisions: Annotated[
        bool, typer.Option("--from-decisions", help="First add the events that decisions offer as examples.")
    ] = False,
) -> None:
    """Make `learned.yaml` anew from `examples.jsonl`; the same examples give the same file."""
    from aggregator.tag.learned import learn, read_examples, render_learned

    folder = find_config(config)
    examples = folder / EXAMPLES
    if not examples.is_file():
        raise ConfigError("missing file", EXAMPLES, "", "write an example a line, as `trek try pillars` does")
    if from_decisions:
        _add_examples(ctx, data, database, config, examples)
    rows = read_examples(examples.read_text(encoding="utf-8").splitlines())
    model = learn(rows, tuple(load_region(folder).pillars))
    part = folder / f".{LEARNED}.tmp"
    part.write_text(render_learned(model), encoding="utf-8")
    part.replace(folder / LEARNED)
    typer.echo(f"{len(rows)} examples, {len(model.weights)} words and parts of words")


def _add_examples(
    ctx: typer.Context, data: Path, database: str | None, config: Path | None, examples: Path
) -> None:
    """Adds the examples that are not there yet, at the end."""
    from aggregator.correct import load_book
    from aggregator.desk import desk_of
    from aggregator.store import open_store
    from aggregator.tag.corrections import Corrections

    desk = desk_of(ctx, data, database, config)
    store = open_store(desk.database, read_only=True)
    try:
        rows = Corrections(load_book(desk.region)).examples(store.events(hidden=True))
        offered = [json.dumps(row, ensure_ascii=False) for row in rows]
    finally:
        store.close()
    there = set(examples.read_text(encoding="utf-8").splitlines())
    new = [line for line in offered if line not in there]
    if new:
        with examples.open("a", encoding="utf-8") as file:
            file.write("\n".join(new) + "\n")
    typer.echo(f"{len(new)} new examples", err=True)
