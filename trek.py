"""The command line of Trek: the only file that knows all three packages, and joins them.

`trek demo` runs the main job on the built-in sample region, `trek run` on the sources in `config/`:
crawl what is due, aggregate, publish. `Desk` says how the three come together; it decides nothing.
"""

from __future__ import annotations

import dataclasses
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator import clock
from aggregator.cli import Tools, config_app, score_app, try_app
from aggregator.config_entries import closest
from aggregator.config_loader import find_config
from aggregator.console import progress_bar, say, screen
from aggregator.correctcli import correct_app, review_app, venues_app
from aggregator.desk import DESK, FINE
from aggregator.desk import Desk as BaseDesk
from aggregator.errors import ConfigMistakesError, ReadError, TrekError
from aggregator.explaincli import explain_app
from aggregator.holdcli import forget_app, hold_app
from aggregator.model import Run, to_plain
from aggregator.opscli import ops_app, sources_app
from aggregator.options import Config, Data, Database, Host, Inbox, Once, Only, Port, Public, Workers
from aggregator.region import Source
from aggregator.schedule import Stopped, stoppable
from aggregator.tagcli import tag_app
from crawlers.cli import source_app
from feeds.cli import report_app
from feeds.venue.cli import venue_app

if TYPE_CHECKING:
    from threading import Event

    from aggregator.alarm import Alarm
    from aggregator.health import SourceHealth
    from aggregator.pages import Found
    from aggregator.queue import Hands, Queue
    from aggregator.store.protocol import Store
    from crawlers.run import Job
    from feeds.publish import Published
    from feeds.venue.desk import Desk as Front

app = typer.Typer(
    name="trek",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="The culture calendar of a region, made from the sites of its venues.",
)
for commands in (score_app, ops_app, review_app, explain_app, forget_app, report_app):
    app.add_typer(commands)
for named, commands in {
    "try": try_app,
    "config": config_app,
    "source": source_app,
    "sources": sources_app,
    "tag": tag_app,
    "correct": correct_app,
    "venues": venues_app,
    "venue": venue_app,
    "hold": hold_app,
}.items():
    app.add_typer(commands, name=named)


class Desk(BaseDesk):
    """A job's folders, region and store, with the crawlers and the feeds of this house."""

    def __init__(
        self, data: Path, public: Path, database: str | None, config: Path, name: str | None = None
    ) -> None:
        from feeds.sink import bucket_of

        self.bucket = bucket_of(public)  # storage gets a copy of the folder, which then lies with the data
        super().__init__(
            data, data / "public" if self.bucket else public, database, config, name, check_source
        )
        self.allowed: tuple[str, ...] = ()
        self.base_url: str | None = None

    def crawl(self, store: Store, only: Sequence[str] | None, *, everything: bool = False) -> list[Run]:
        """Crawl the named sources, or all, or those that are due; each failure is one line."""
        from crawlers.launch import launch_crawl

        names = self.due(store, only, everything=everything)
        if not names:
            return []
        runs = []
        with progress_bar("crawling", len(names)) as advance:
            for run in launch_crawl(self.job(names)):
                runs.append(run)
                advance()
                if run.outcome not in FINE:
                    say(f"{run.source_id}: {run.outcome}: {run.detail}")
        return runs

    def drop(self, source: str) -> None:
        """Put into the inbox that a source is to be forgotten."""
        from aggregator.forget import forgotten_run
        from crawlers.inbox import InboxRun, new_run_id

        note = InboxRun(self.data / "inbox", source, new_run_id(clock.wall()))
        note.finish(forgotten_run(note.folder.name, source, clock.now()))
        (self.data / "httpcache" / f"{source}.sqlite").unlink(missing_ok=True)

    def job(self, names: Sequence[str]) -> Job:
        """The crawl of these sources into the inbox."""
        from crawlers.run import Job

        return Job(
            config=str(self.config.resolve()),
            sources=tuple(names),
            inbox=str(self.data / "inbox"),
            cache=str(self.data / "httpcache"),
            now=clock.now().isoformat(),
            log=str(self.data / "crawl.log"),
            allowed=self.allowed,
        )

    def publish(self, store: Store) -> Published:
        """Write the feeds and pages that changed."""
        from aggregator.petition import load_left
        from feeds.publish import publish

        left = load_left(self.data)
        done = publish(store, self.region, self.public, clock.today(), say, base_url=self.base_url, left=left)
        if self.bucket:
            from feeds.sink import in_order, open_sink, send

            put = send(self.public, in_order(self.public), open_sink(self.bucket))
            say(f"storage: {put} objects put to {self.bucket}")
        return done

    def publish_status(self, healths: Sequence[SourceHealth], alarms: Sequence[Alarm]) -> None:
        """Write `/status/`: page, JSON, metrics and alarms."""
        from aggregator.bulletin import plain_health, render_metrics
        from feeds.info import read_info
        from feeds.statuspage import publish_status

        now, info = clock.now(), read_info(self.region)
        info = info.at(self.base_url) if self.base_url else info
        metrics = render_metrics(healths, now)
        publish_status(self.public, info, plain_health(healths, now), metrics, to_plain(tuple(alarms)))

    def queue(self, inbox: str | None = None, beat: float | None = None) -> Queue:
        """The queue of this store, whose crawls fill this folder's inbox or the bucket `inbox`.

        UsageError when the store is no PostgreSQL; makes its tables and the store's where there are none.
        """
        from aggregator.queue import BEAT, Queue, address_of
        from aggregator.store import open_store

        address_of(self.database)
        self.claim_folder()
        mark, fresh = self.data / "queue-home", secrets.token_hex(8)
        (part := self.data / f".{fresh}.tmp").write_text(fresh)
        with suppress(FileExistsError):
            mark.hardlink_to(part)  # whole at once, and the first of several workers' own
        part.unlink()
        home = mark.read_text()
        queue = Queue(self.database, inbox or home, home, beat or BEAT)
        open_store(self.database).close()
        queue.prepare()
        return queue

    def enqueue(self, queue: Queue, only: Sequence[str] | None = None) -> int:
        """Queue the crawls of what is due, and a gathering; how many hosts were added."""
        from crawlers.run import by_host

        with self.look() as store:
            names = self.due(store, only)
            hosts = by_host([self.region.sources[name] for name in names], clock.now())
            known = {name: newest_applied(store, name) for name in names}
        added = queue.add({host: {s.id: known[s.id] for s in some} for host, some in hosts.items()})
        if added:
            say(f"{added} host{'s' * (added != 1)} queued.")
        return added

    def hands(self, store: Store, inbox: str | None = None) -> Hands:
        """What a worker does its jobs with."""
        from aggregator.intake import newest_finished
        from aggregator.queue import Hands
        from aggregator.slot import open_slot
        from crawlers.nest import Nest

        nest, slot = Nest(self.region), open_slot(inbox) if inbox else None
        folder = self.data / ("outbox" if slot else "inbox")  # on the way to the bucket, or there already

        def crawl(names: Sequence[str], halt: Event) -> list[Run]:
            runs = list(nest.crawl(replace(self.job(names), inbox=str(folder)), halt))
            if slot:
                for name in names:
                    slot.send(folder / name)
            return runs

        def newest(name: str) -> str:
            there = ""
            if slot:
                slot.send(folder / name)  # what a killed worker of this machine could not
                there = slot.newest(name)
            return max(newest_applied(store, name), newest_finished(folder / name), there)

        def gather() -> None:
            fetched = slot.fetch(self.data / "inbox") if slot else []
            self.work_and_tell(crawling=False)
            if slot:
                slot.remove(fetched)

        return Hands(crawl, newest, gather)

    def serve(self, host: str, port: int, note: str = "", workers: int = 1) -> None:
        """Serve the public files until interrupted, with so many processes."""
        from aggregator.store import open_store
        from feeds.web import check_port, serve

        check_port(host, port)
        if not (self.public / "index.html").is_file():
            say(f"{self.public}: nothing is published here yet; trek run fills it")
        home = f"http://{host}:{port}/"
        for address in (home, f"{home}feeds/", f"{home}agenda/region.ics"):
            typer.echo(address)
        if note:
            screen.print(note)
        reader = partial(open_store, self.database, read_only=True)
        front, own = self.front(), self.base_url
        serve(self.public, reader, self.region, host, port, base_url=own, desk=front, workers=workers)

    def front(self) -> Front:
        """What the app may do with what venues send in."""
        from aggregator.petition import add_petition, load_left, load_secret, note_left
        from crawlers.trial import try_page
        from feeds.venue.desk import Desk as Front

        data = self.data
        return Front(
            load_secret(data),
            lambda proposal: void(add_petition(data, dataclasses.asdict(proposal), clock.now())),
            lambda venue, out: note_left(data, venue, clock.now(), out=out),
            lambda: load_left(data),
            lambda url, body, kind: try_page(
                url, body, kind, self.config, clock.now().isoformat(), self.allowed
            ),
        )


def newest_applied(store: Store, source_id: str) -> str:
    """The id of a source's newest finished run in the store; "" without one."""
    return max((run for run, finished in store.applied_runs(source_id).items() if finished), default="")


def void(_value: object) -> None:
    """Nothing: for whoever does not want the answer."""


def config_of(data: Path, config: Path | None) -> Path:
    """The configuration to look at a data folder with: the sample's own where the sample lies in it."""
    mark, own = data / "region", data / "sample-config"
    sample = config is None and mark.is_file() and mark.read_bytes().strip() == b"sample" and own.is_dir()
    return own if sample else find_config(config)


def desk_at(data: Path, public: Path, database: str | None, config: Path | None) -> Desk:
    """The desk on a data folder, also where the sample lies in it."""
    folder = config_of(data, config)
    return Desk(data, public, database, folder, "sample" if folder == data / "sample-config" else None)


def read_page(
    body: bytes, url: str, seen: datetime, until: datetime | None, content_type: str | None
) -> Found:
    """A saved page through every reader; ReadError when it is larger than any crawl would read."""
    from aggregator.pages import Found
    from crawlers.extract.guard import read_guarded
    from crawlers.extract.page import LARGEST_PAGE, Page
    from crawlers.platforms.auto import read_any

    if len(body) > LARGEST_PAGE:
        most = LARGEST_PAGE // 1024**2
        raise ReadError(f"larger than the {most} MB that Trek reads", url, "name a smaller page or a feed")
    page = Page(url, body, seen=seen, until=until, content_type=content_type)
    reading = read_guarded(read_any, page)
    return Found(reading.events, [f"{p.code}: {p.detail}" for p in reading.problems], reading.follow)


def check_source(source: Source) -> Iterator[tuple[str, str, str]]:
    """What only the crawlers know to be wrong with a source: (key, what, hint) for each mistake."""
    from crawlers.platforms import PLATFORMS, check_mapping

    if source.platform not in PLATFORMS:
        yield "platform", f"unknown platform {source.platform}", closest(source.platform, PLATFORMS)
    for mistake in check_mapping(source.mapping or {}):
        yield "mapping", mistake, ""


@app.callback()
def setup(ctx: typer.Context) -> None:
    """The culture calendar of a region, made from the sites of its venues."""
    ctx.obj = Tools(read_page, check_source)
    ctx.meta[DESK] = desk_at


@app.command(epilog="Example: trek demo --once --data demo/data --public demo/public")
def demo(
    data: Data = Path("data"),
    public: Public = Path("public"),
    database: Database = None,
    config: Config = None,
    once: Once = False,
    host: Host = "127.0.0.1",
    port: Port = 8480,
) -> None:
    """Run the main job on the built-in sample region, then serve the result."""
    from crawlers.sample.config import write_config
    from crawlers.sample.sites import SampleRegion, noted_port

    if not once:
        from feeds.web import check_port

        check_port(host, port)
    today = clock.today()
    with SampleRegion(today, noted_port(data)) as sample:
        folder = write_config(data / "sample-config", find_config(config), sample.programme.sources)
        desk = Desk(data, public, database, folder, "sample")
        desk.allowed = tuple(f"127.0.0.1:{number}" for number in sample.ports)
        desk.base_url = f"http://{host}:{port}/"
        with desk.open() as store:
            desk.work(store, everything=True)
        if not once:
            desk.serve(host, port, "The sample region's own sites stay up while this runs; Ctrl-C ends it.")


@app.command(epilog="Example: trek run --once --data /var/lib/trek --public /srv/agenda")
def run(
    data: Data = Path("data"),
    public: Public = Path("public"),
    database: Database = None,
    config: Config = None,
    once: Once = False,
    only: Only = None,
    workers: Annotated[bool, typer.Option("--workers", help="Leave the work to `trek worker`.")] = False,
    inbox: Inbox = None,
) -> None:
    """Run the main job on the region's real sources: crawl what is due, aggregate, publish."""
    desk = Desk(data, public, database, find_config(config))
    job = partial(desk.work_and_tell, only)
    if workers or inbox:
        job = partial(desk.enqueue, desk.queue(inbox), only)
    if not once:
        from aggregator.lock import hold_lock
        from aggregator.schedule import TICK, keep_working

        desk.claim_folder()
        with hold_lock(desk.data / "scheduler.lock"):
            say(f"{desk.name}: looking at what is due every {TICK.seconds // 60} minutes; Ctrl-C ends it.")
            keep_working(job, say)
        return
    if workers or inbox:
        job()
        return
    with stoppable():
        failed = desk.work_and_tell(only)
    raise typer.Exit(1 if failed else 0)


@app.command(epilog="Example: trek worker --database postgresql://trek@db.example/trek --at-once 4")
def worker(
    data: Data = Path("data"),
    public: Public = Path("public"),
    database: Database = None,
    config: Config = None,
    inbox: Inbox = None,
    at_once: Annotated[int, typer.Option(help="Jobs done side by side.", min=1, max=64)] = 1,
    beat: Annotated[
        float, typer.Option(help="Seconds between signs of life; six missed, and others take over.", min=1)
    ] = 10,
    once: Annotated[bool, typer.Option("--once", help="Stop when no job is ready.")] = False,
) -> None:
    """Do crawls and gatherings that `trek run --workers` queued; any number, on any machines."""
    desk = Desk(data, public, database, find_config(config))
    queue = desk.queue(inbox, beat)
    with desk.look() as store:
        queue.work(desk.hands(store, inbox), say, at_once, wait=not once)


@app.command(epilog="Example: trek crawl --source wilminktheater")
def crawl(
    data: Data = Path("data"), database: Database = None, config: Config = None, only: Only = None
) -> None:
    """Crawl what is due (or the named sources) into the inbox."""
    desk = Desk(data, Path("public"), database, find_config(config))
    with desk.open() as store:
        runs = desk.crawl(store, only)
    sources, entries = len(runs), sum(r.items for r in runs)
    typer.echo(
        f"{sources} source{'s' * (sources != 1)} crawled, "
        f"{entries} entr{'y' if entries == 1 else 'ies'} in the inbox."
    )
    raise typer.Exit(1 if any(r.outcome not in FINE for r in runs) else 0)


@app.command(epilog="Example: trek publish --public /srv/agenda")
def publish(
    data: Data = Path("data"),
    public: Public = Path("public"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Aggregate what lies in the inbox, then write the feeds and pages that changed."""
    began = time.monotonic()
    desk = Desk(data, public, database, find_config(config))
    with desk.open() as store:
        summary, published = desk.aggregate(store), desk.publish(store)
        desk.tell(store, [], summary, published, time.monotonic() - began)


@app.command(epilog="Example: trek serve --port 8080")
def serve(
    data: Data = Path("data"),
    public: Public = Path("public"),
    database: Database = None,
    config: Config = None,
    host: Host = "127.0.0.1",
    port: Port = 8480,
    workers: Workers = 1,
) -> None:
    """Serve the published files, and free combinations of filters."""
    Desk(data, public, database, config_of(data, config)).serve(host, port, workers=workers)


def main() -> None:
    """Run a command; a mistake is one clear line and exit status 1 (the world) or 2 (usage)."""
    try:
        app()
    except ConfigMistakesError as error:
        for mistake in error.mistakes:
            say(str(mistake))
        count = len(error.mistakes)
        say(f"{count} mistake{'s' if count > 1 else ''} in the configuration; nothing was done.")
        sys.exit(error.exit_status)
    except TrekError as error:
        say(str(error))
        sys.exit(error.exit_status)
    except OSError as error:
        say(f"{error.filename or 'the system'}: {error.strerror or error}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Stopped:
        say("stopped; the next run goes on from here")
        sys.exit(143)


if __name__ == "__main__":
    main()
