"""Commands for whoever runs Trek: backup, restore, rebuild, migrate, prune."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Annotated

import typer

from aggregator import clock
from aggregator.backup import STORE
from aggregator.desk import Desk, desk_of
from aggregator.errors import StoreError, TrekError, UsageError
from aggregator.health import SourceHealth
from aggregator.ledger import Ledger
from aggregator.lock import hold_lock
from aggregator.options import Config, Data, Database
from aggregator.rebuild import BASE, compare, give_back, replay
from aggregator.store import open_store
from aggregator.store.protocol import Store

ops_app = typer.Typer()
sources_app = typer.Typer(no_args_is_help=True, help="The sources of the region, as their crawls show them.")


def tell(text: str) -> None:
    """One line for the operator, on standard error."""
    typer.echo(text, err=True)


@ops_app.command("backup", epilog="Example: trek backup /var/backups/trek --keep 14")
def backup_command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="File to write, or a folder: then it is named by its moment.")],
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    keep: Annotated[int, typer.Option(help="Of the backups in the folder keep so many; 0: all.", min=0)] = 0,
) -> None:
    """Write one file that holds the store, the inbox and the configuration; may run beside a job."""
    from aggregator.backup import backup, drop_old

    desk = desk_of(ctx, data, database, config)
    kept = backup(desk.database, desk.data, desk.config, file, clock.now())
    typer.echo(f"{kept.file}: {kept.rows} rows, {kept.files} files, {kept.bytes} bytes")
    for path in drop_old(file, keep) if keep and file.is_dir() else []:
        typer.echo(f"{path}: removed, as {keep} are kept")


@ops_app.command("restore", epilog="Example: trek restore trek-20261124T030000Z.tar.gz --data /var/lib/trek")
def restore_command(
    file: Annotated[Path, typer.Argument(help="File that trek backup wrote.")],
    data: Data = Path("data"),
    database: Database = None,
) -> None:
    """Put a backup into an empty data folder; then trek run goes on from there."""
    from aggregator.backup import restore

    data = data.resolve()
    about = restore(file, data, database or f"sqlite:///{data / STORE}", clock.now())
    typer.echo(f"{data}: restored as of {about['made']}; {sum(about['rows'].values())} rows")
    typer.echo(
        f"The configuration of then is in {data / 'restored-config'}; compare it with the present one."
    )


@ops_app.command("migrate", epilog="Example: trek migrate --to postgresql://trek@localhost/trek")
def migrate_command(
    ctx: typer.Context,
    to: Annotated[str, typer.Option(help="Address of an empty database.")],
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Copy the store into another database, every UID with it; the old one stays as it is."""
    from aggregator.migrate import migrate

    desk = desk_of(ctx, data, database, config)
    with hold_lock(desk.data / "trek.lock"):
        counts = migrate(desk.database, to)
    typer.echo(", ".join(f"{count} {table}" for table, count in counts.items()))
    typer.echo("Everything came over, compared row by row. Name the new address with --database from now on.")


@ops_app.command("rebuild", epilog="Example: trek rebuild --data /var/lib/trek")
def rebuild_command(
    ctx: typer.Context,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    to: Annotated[str | None, typer.Option(help="Build it in this empty database instead.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Also when published UIDs would be lost.")] = False,
) -> None:
    """Make the store anew from the inbox: same events, same UIDs; the old one is kept beside it."""
    desk = desk_of(ctx, data, database, config)
    target = desk.data / STORE
    if to is None and desk.database != f"sqlite:///{target}":
        hint = "name an empty database with --to, then use that one"
        raise UsageError("only the data folder's own SQLite file can be replaced", "--database", hint)
    fresh = desk.data / "rebuilding.sqlite"
    address = to or f"sqlite:///{fresh}"
    with hold_lock(desk.data / "trek.lock"):
        if to is None:
            for left in desk.data.glob(f"{fresh.name}*"):
                left.unlink()
        ledger = Ledger(desk.data / "inbox", fresh=True)
        lost = _rebuild(desk, address, ledger)
        if lost and not force:
            for line in lost[:20]:
                tell(line)
            what = f"{len(lost)} published UIDs would be lost or fall back; the old store stays"
            raise TrekError(what, str(desk.data), "look why, or agree with --force")
        if to is None:
            kept = _swap(fresh, target)
            typer.echo(f"{target}: rebuilt; the old store is {kept}" if kept else f"{target}: built")
        else:
            typer.echo("Built; name the new address with --database from now on.")
        ledger.take_over()


def _rebuild(desk: Desk, address: str, ledger: Ledger) -> list[str]:
    """Builds the store at the address; what the old store has that the new one lacks."""
    from aggregator.store.copying import copy_database

    base = desk.data / BASE
    if base.is_file():
        copy_database(f"sqlite:///{base}", address)
    store = open_store(address)
    try:
        done = replay(desk.data / "inbox", store, desk.rooms(), clock.now(), tell, desk.rules(), ledger)
        summary = desk.aggregate(store, (), ledger)
        known = _published(desk.database)
        more = give_back(desk.data / "inbox", store, known, clock.now(), desk.rules(), ledger)
        typer.echo(
            f"{done.runs + summary.runs} runs, {summary.listings} listings, {summary.events} events; "
            f"{done.missing} runs no more in the inbox, {done.aliases + more} retired UIDs given back"
        )
        return _compare(desk.database, store)
    finally:
        store.close()


def _published(database: str) -> set[str]:
    """The UIDs that the old store knows; none when it cannot be read."""
    try:
        old = open_store(database, read_only=True)
    except StoreError:
        return set()
    try:
        return {uid for event in old.events(hidden=True) for uid in (event.uid, *event.aliases)}
    except StoreError:
        return set()
    finally:
        old.close()


def _compare(database: str, new: Store) -> list[str]:
    try:
        old = open_store(database, read_only=True)
    except StoreError as error:
        tell(f"the old store cannot be compared: {error}")
        return []
    try:
        return compare(old, new)
    except StoreError as error:
        tell(f"the old store cannot be compared: {error}")
        return []
    finally:
        old.close()


def _swap(fresh: Path, target: Path) -> Path | None:
    """Puts the new file in the place of the old one; where the old one is now."""
    kept = None
    if target.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(target, timeout=30)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = target.with_name(f"{target.name}.before-rebuild")
        kept.unlink(missing_ok=True)
        kept.hardlink_to(target)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    fresh.replace(target)
    return kept


@ops_app.command("prune", epilog="Example: trek prune --data /var/lib/trek")
def prune_command(
    ctx: typer.Context,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    days: Annotated[int, typer.Option(help="Days that a run stays in the inbox.", min=1)] = 90,
) -> None:
    """Remove what is older than it may be: old runs, copies of pages, old values, a full log."""
    from aggregator.retention import prune

    desk = desk_of(ctx, data, database, config)
    with desk.open() as store:
        gone = prune(desk.data, desk.database, store, clock.now(), tell, days)
    typer.echo(f"{gone.runs} runs, {gone.pages} copies of pages, {gone.edits} old values; {gone.bytes} bytes")


@ops_app.command("status", epilog="Example: trek status --data /var/lib/trek")
def status_command(
    ctx: typer.Context,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="All that is known, as JSON.")] = False,
    metrics: Annotated[Path | None, typer.Option(help="File to write Prometheus metrics to.")] = None,
) -> None:
    """Show how each source is doing against its own history, and what to do about it."""
    from aggregator.bulletin import plain_health, render_metrics, render_text

    desk = desk_of(ctx, data, database, config)
    healths, idle = _look(desk), _idle(desk)
    if metrics is not None:
        part = metrics.with_name(f".{metrics.name}.tmp")
        part.write_text(render_metrics(healths, clock.now()), encoding="utf-8")
        part.replace(metrics)
    if as_json:
        plain = {**plain_health(healths, clock.now()), "decisions": idle}
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join([render_text(healths), *(f"! {line}" for line in idle)]))


@sources_app.command("verify", epilog="Example: trek sources verify --data /var/lib/trek")
def verify_command(
    ctx: typer.Context, data: Data = Path("data"), database: Database = None, config: Config = None
) -> None:
    """Show which unverified sources work and which need a hand, the easiest fix first."""
    from aggregator.bulletin import render_verify

    typer.echo(render_verify(_look(desk_of(ctx, data, database, config))))


def _idle(desk: Desk) -> list[str]:
    """The decisions of people that do nothing (any more), a line each."""
    from aggregator.correct import load_book
    from aggregator.correct.report import report

    book = load_book(desk.region, clock.today())
    if not book.placed and not book.ended:
        return []
    store = open_store(desk.database, read_only=True)
    try:
        return report(book, store.events(hidden=True))
    finally:
        store.close()


def _look(desk: Desk) -> list[SourceHealth]:
    from aggregator.watch import look

    store = open_store(desk.database, read_only=True)
    try:
        return look(desk.region, store, desk.data, clock.now())
    finally:
        store.close()
