"""The command line of Trek: the only file that knows all three packages, and joins them.

`trek demo` runs the main job on the built-in sample region, `trek run` on the sources in `config/`:
crawl what is due, aggregate, publish. `Desk` holds what a job needs; it decides nothing. The file is
longer than others because no other may see all three packages.
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator import clock
from aggregator.cli import Tools, config_app, score_app, try_app
from aggregator.config_entries import closest
from aggregator.config_loader import find_config, load_region
from aggregator.console import progress_bar, say, screen, show_figures
from aggregator.correctcli import correct_app, review_app, venues_app
from aggregator.errors import ConfigMistakesError, ReadError, TrekError, UsageError
from aggregator.lock import BusyError
from aggregator.model import Outcome, Run, State, to_plain
from aggregator.opscli import DESK, ops_app, sources_app
from aggregator.options import Config, Data, Database, Host, Inbox, Once, Only, Port, Public
from aggregator.region import Region, Source
from aggregator.schedule import Stopped, stoppable
from aggregator.tagcli import tag_app
from crawlers.cli import source_app

if TYPE_CHECKING:
    from threading import Event

    from aggregator.alarm import Alarm
    from aggregator.correct import Book
    from aggregator.health import SourceHealth
    from aggregator.jobs import Summary
    from aggregator.ledger import Ledger
    from aggregator.pages import Found
    from aggregator.queue import Hands, Queue
    from aggregator.rooms import Rooms
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
app.add_typer(try_app, name="try")
app.add_typer(config_app, name="config")
app.add_typer(source_app, name="source")
app.add_typer(score_app)
app.add_typer(ops_app)
app.add_typer(sources_app, name="sources")
app.add_typer(tag_app, name="tag")
app.add_typer(review_app)
app.add_typer(correct_app, name="correct")
app.add_typer(venues_app, name="venues")
venue_app = typer.Typer(no_args_is_help=True, help="What a venue is told, and what it sends in.")
app.add_typer(venue_app, name="venue")
hold_app = typer.Typer(
    no_args_is_help=True,
    help="Sources that would lose or gain too much, and doubtful dates: see, agree or not.",
)
app.add_typer(hold_app, name="hold")

FINE = (Outcome.OK, Outcome.NOT_MODIFIED)


class Desk:
    """The folders, the region and the store of a job."""

    def __init__(
        self, data: Path, public: Path, database: str | None, config: Path, name: str | None = None
    ) -> None:
        from feeds.sink import bucket_of

        self.bucket = bucket_of(public)  # storage gets a copy of the folder, which then lies with the data
        self.data, self.config = data.resolve(), config
        self.public = (data / "public" if self.bucket else public).resolve()
        self.region: Region = load_region(config, check_source)
        self.name = name or self.region.settings.id
        self.database = database or f"sqlite:///{self.data / 'trek.sqlite'}"
        self.allowed: tuple[str, ...] = ()
        self.base_url: str | None = None

    @contextmanager
    def open(self) -> Iterator[Store]:
        """The store, while no other job works on this data folder."""
        from aggregator.lock import alone_in, hold_lock
        from aggregator.store import open_store

        self.claim_folder()
        with hold_lock(self.data / "trek.lock"):
            store = open_store(self.database)
            try:
                with alone_in(self.database):
                    yield store
            finally:
                store.close()

    @contextmanager
    def look(self) -> Iterator[Store]:
        """The store, to read in only; no job need wait for it."""
        from aggregator.store import open_store

        store = open_store(self.database, read_only=True)
        try:
            yield store
        finally:
            store.close()

    def work(
        self,
        store: Store,
        only: Sequence[str] | None = None,
        *,
        everything: bool = False,
        confirmed: Sequence[str] = (),
        crawling: bool = True,
    ) -> int:
        """The main job once: crawl what is due, aggregate, publish; how many sources failed.

        `confirmed` are sources that are believed even when they lose or gain very much. Without `crawling`
        others did that.
        """
        from aggregator.forget import lingering, tell_lingering

        began = time.monotonic()
        runs = self.crawl(store, only, everything=everything) if crawling else []
        self.let_go(store)
        summary = self.aggregate(store, confirmed)
        for line in tell_lingering(lingering(self.region, store, clock.now())):
            say(line)
        published = self.publish(store)
        show_summary(runs, summary, published, time.monotonic() - began, self.decided(store))
        return sum(run.outcome not in FINE for run in runs)

    def work_and_tell(self, only: Sequence[str] | None = None, *, crawling: bool = True) -> int:
        """The main job, then `/status/` and the alarms; how many sources failed.

        A job that cannot be done is an alarm of its own, and raised again.
        """
        from aggregator.alarm import load_settings
        from aggregator.watch import watch, watch_failure

        settings = load_settings(self.config)
        try:
            with self.open() as store:
                failed = self.work(store, only, crawling=crawling)
                healths, alarms = watch(self.region, store, self.data, settings, clock.now(), say)
                self.publish_status(healths, alarms)
                return failed
        except BusyError:
            raise  # another job is at work: nothing is wrong
        except TrekError as error:
            watch_failure(error, self.data, settings, clock.now(), say)
            raise

    def publish_status(self, healths: Sequence[SourceHealth], alarms: Sequence[Alarm]) -> None:
        """Write `/status/`: page, JSON, metrics and alarms."""
        from aggregator.bulletin import plain_health, render_metrics
        from feeds.info import read_info
        from feeds.statuspage import publish_status

        now, info = clock.now(), read_info(self.region)
        info = info.at(self.base_url) if self.base_url else info
        metrics = render_metrics(healths, now)
        publish_status(self.public, info, plain_health(healths, now), metrics, to_plain(tuple(alarms)))

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

    def due(self, store: Store, only: Sequence[str] | None, *, everything: bool = False) -> tuple[str, ...]:
        """The named sources, or all, or those whose time has come; UsageError for one that is not there."""
        from aggregator.petition import left_sources
        from aggregator.schedule import LOOKS, due_sources

        if unknown := sorted(set(only or ()) - set(self.region.sources)):
            raise UsageError(f"no such source: {', '.join(unknown)}", "--source", "see: trek config show")
        known = {} if everything or only else store.last_runs()
        due = tuple(only or due_sources(self.region, known, clock.now(), store.runs(most=LOOKS)))
        left = set(left_sources(self.data, self.region))
        for name in left.intersection(due):
            say(f"{name}: not read, as its venue opted out")
        return tuple(name for name in due if name not in left)

    def let_go(self, store: Store) -> None:
        """Withdraw what only the sources of venues that opted out tell of, once."""
        from aggregator.petition import left_sources

        known = store.last_runs()
        for name in left_sources(self.data, self.region):
            if name in known and known[name].outcome is not Outcome.FORGOTTEN:
                self.drop(name)

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

    def aggregate(self, store: Store, confirmed: Sequence[str] = (), ledger: Ledger | None = None) -> Summary:
        """Bring what lies in the inbox into the store."""
        from aggregator.jobs import aggregate

        rooms = self.rooms()
        return aggregate(
            self.data / "inbox",
            store,
            rooms.normaliser,
            rooms.cluster,
            rooms.merge,
            rooms.tagger,
            clock.now(),
            say,
            rules=self.rules(),
            confirmed=confirmed,
            ledger=ledger,
            decisions=rooms.decisions,
            compares=rooms.compares,
        )

    def rooms(self) -> Rooms:
        """The stages that make listings into events."""
        from aggregator.dedupe import Deduper
        from aggregator.normalise.listing import Normaliser
        from aggregator.rooms import Rooms
        from aggregator.tag.tagger import Tagger

        deduper, book = Deduper(self.region), self.book()
        tagger = Tagger(self.region, book=book)
        return Rooms(Normaliser(self.region), deduper.cluster, deduper.merge, tagger, book, deduper)

    def book(self) -> Book:
        """What people decided, as it holds today."""
        from aggregator.correct import load_book

        return load_book(self.region, clock.now().astimezone(clock.AMSTERDAM).date())

    def decided(self, store: Store) -> str:
        """How many decisions of people hold; those that do nothing are told. Empty when there is none."""
        from aggregator.correct.report import report

        book = self.book()
        if not book.placed and not book.ended:
            return ""
        idle = report(book, store.events(hidden=True))
        for line in idle:
            say(line)
        return f"{len(book.placed)} hold" + (f", {len(idle)} to look at: trek correct list" if idle else "")

    def rules(self) -> str:
        """A fingerprint of what events are made with: configuration and code, then people's decisions."""
        from aggregator.rooms import rules_of

        return rules_of(fingerprint(self.config, Path(__file__).parent / "aggregator"), self.book())

    def publish(self, store: Store) -> Published:
        """Write the feeds and pages that changed."""
        from feeds.publish import publish

        today = clock.now().astimezone(clock.AMSTERDAM).date()
        done = publish(store, self.region, self.public, today, say, base_url=self.base_url)
        if self.bucket:
            from feeds.sink import in_order, open_sink, send

            put = send(self.public, in_order(self.public), open_sink(self.bucket))
            say(f"storage: {put} objects put to {self.bucket}")
        return done

    # --- many workers ---------------------------------------------------------------------

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

    def serve(self, host: str, port: int, note: str = "") -> None:
        """Serve the public files until interrupted."""
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
        front = self.front()
        serve(self.public, reader, self.region, host, port, base_url=self.base_url, desk=front)

    def front(self) -> Front:
        """What the app may do with what venues send in."""
        from aggregator.petition import add_petition, load_left, load_secret, note_left
        from feeds.venue.desk import Desk as Front

        data = self.data
        return Front(
            load_secret(data),
            lambda proposal: void(add_petition(data, dataclasses.asdict(proposal), clock.now())),
            lambda venue, out: note_left(data, venue, clock.now(), out=out),
            lambda: load_left(data),
        )

    def claim_folder(self) -> None:
        """One data folder holds one region: the sample must never mix with the real one."""
        mark = self.data / "region"
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            held = mark.read_text("utf-8", "replace").strip() if mark.exists() else ""
            if not held:
                mark.write_text(self.name)
        except OSError as error:
            raise TrekError(
                f"cannot be used ({error.strerror})", str(self.data), "name another with --data"
            ) from error
        if held not in ("", self.name):
            what = f"holds the region {held!r}, not {self.name!r}"
            raise UsageError(what, str(self.data), "name another folder with --data")


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


def fingerprint(*folders: Path) -> str:
    """A hash of the configuration and the rules in code: when it changes, events are made anew.

    What people decided about single events is apart, as it changes nothing of how pages are read.
    """
    digest = hashlib.sha256()
    for folder in folders:
        own = (p for p in folder.rglob("*") if p.suffix in (".py", ".yaml", ".toml"))
        for file in sorted(p for p in own if p.relative_to(folder).parts[0] != "corrections"):
            digest.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


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


def show_summary(
    runs: Sequence[Run], summary: Summary, published: Published, seconds: float, decided: str = ""
) -> None:
    """What the job did, in one table."""
    outcomes = Counter(str(run.outcome) for run in runs)
    told = ", ".join(f"{n} {o}" for o, n in outcomes.most_common()) or "none was due"
    rows = {
        "sources": f"{len(runs)} ({told})",
        "pages": f"{sum(run.pages for run in runs)} ({sum(run.not_modified for run in runs)} unchanged)",
        "listings": f"{summary.listings} ({summary.rejects} left out)",
        "events": f"{summary.events} ({summary.changed} changed)",
        "merges": str(summary.merges),
        **({"decisions": decided} if decided else {}),
        "feeds": (f"{published.feeds} in " if published.feeds else "")
        + f"{published.files} files ({published.written} written, {published.unchanged} unchanged)",
        "seconds": f"{seconds:.1f}",
    }
    show_figures(rows)
    if runs and not published.written:
        typer.echo("Nothing changed: not one published byte was written.")


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
    today = clock.now().astimezone(clock.AMSTERDAM).date()
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
        show_summary([], summary, published, time.monotonic() - began, desk.decided(store))


@app.command(epilog="Example: trek serve --port 8080")
def serve(
    data: Data = Path("data"),
    public: Public = Path("public"),
    database: Database = None,
    config: Config = None,
    host: Host = "127.0.0.1",
    port: Port = 8480,
) -> None:
    """Serve the published files, and free combinations of filters."""
    Desk(data, public, database, config_of(data, config)).serve(host, port)


@hold_app.command("list", epilog="Example: trek hold list --data /var/lib/trek")
def hold_list(data: Data = Path("data"), database: Database = None, config: Config = None) -> None:
    """Show the sources and the single dates that wait for a person, and why."""
    from aggregator.health import report_held
    from aggregator.refused import load_refused, unanswered, waiting

    with Desk(data, Path("public"), database, config_of(data, config)).look() as store:
        found = waiting(store.held(), store.rejects())
    typer.echo(report_held(unanswered(found, load_refused(data))))


@hold_app.command("accept", epilog="Example: trek hold accept wilminktheater --public /srv/agenda")
def hold_accept(
    sources: Annotated[
        list[str], typer.Argument(help="Sources whose page is right, however much it changed.")
    ],
    data: Data = Path("data"),
    public: Public = Path("public"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Crawl held sources again and believe what they say; then publish."""
    from aggregator.refused import waiting

    desk = Desk(data, public, database, find_config(config))
    with desk.open() as store:
        check_waits(sources, waiting(store.held(), store.rejects()))
        failed = desk.work(store, sources, confirmed=sources)
    raise typer.Exit(1 if failed else 0)


@hold_app.command("reject", epilog="Example: trek hold reject wilminktheater")
def hold_reject(
    sources: Annotated[list[str], typer.Argument(help="Sources whose page is wrong.")],
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Leave everything as it is, and do not ask again until a source says something else."""
    from aggregator.refused import refuse, waiting

    with Desk(data, Path("public"), database, config_of(data, config)).look() as store:
        found = waiting(store.held(), store.rejects())
    check_waits(sources, found)
    refuse(data, found, sources)


def check_waits(sources: Sequence[str], found: Mapping[str, Sequence[str]]) -> None:
    """UsageError names the sources that do not wait for a person."""
    if strangers := sorted(set(sources) - set(found)):
        raise UsageError("does not wait for a person", ", ".join(strangers), "see: trek hold list")


@app.command(epilog="Example: trek report --from 2026-12 --months 6 --csv")
def report(
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    since: Annotated[str, typer.Option("--from", help="First month, as 2026-12; else this one.")] = "",
    months: Annotated[int, typer.Option(help="How many months.", min=1, max=60)] = 12,
    json: Annotated[bool, typer.Option("--json", help="A JSON line per municipality and month.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
    lang: Annotated[str, typer.Option(help="nl, en or de")] = "nl",
) -> None:
    """Count the events by municipality, pillar and month, those with no pillar too."""
    from feeds.cli import run_report

    desk = Desk(data, Path("public"), database, config_of(data, config))
    try:
        first = date.fromisoformat(f"{since}-01") if since else clock.now().astimezone(clock.AMSTERDAM).date()
    except ValueError:
        raise UsageError("is no month", since, "write it as 2026-12") from None
    with desk.look() as store:
        form = "json" if json else "csv" if csv else "table"
        for line in run_report(store, desk.region, first, months, form, lang):
            typer.echo(line)


@app.command(epilog="Example: trek explain 2f1e6a9c-0b1d-5c1e-8f3a-1c2d3e4f5a6b --lang en")
def explain(
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

    desk = Desk(data, Path("public"), database, config_of(data, config))
    with desk.look() as store:
        event = find_event(store, uid)
        live = (s.listing for s in store.listings() if s.state is not State.WITHDRAWN)
        apart = near(desk.region, event, store.events(hidden=True), live) if event else []
    if event is None:
        raise UsageError("no event has this UID", uid, "the address of an event's page ends in it")
    tagger = Tagger(desk.region)
    typer.echo(explain_event(event, lang, tagger.reason, tagger.name, apart))


@app.command(epilog="Example: trek forget oude-fabriek --public /srv/agenda")
def forget(
    source: Annotated[str, typer.Argument(help="A source that is switched off or whose file is gone.")],
    data: Data = Path("data"),
    public: Public = Path("public"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Withdraw the coming events that only this source tells of; then publish."""
    from aggregator.forget import check_forget, lingering

    began = time.monotonic()
    desk = desk_at(data, public, database, config)
    with desk.open() as store:
        check_forget(source, desk.region, store)
        count = lingering(desk.region, store, clock.now()).get(source, 0)
        desk.drop(source)
        show_summary([], desk.aggregate(store), desk.publish(store), time.monotonic() - began)
    typer.echo(f"{source}: {count} coming event{'s' * (count != 1)} withdrawn.")


VenueId = Annotated[str, typer.Argument(help="A venue's id: trek config show venues.")]


def check_venue(desk: Desk, venue: str) -> None:
    """UsageError when the region has no such venue."""
    if venue not in desk.region.venues:
        raise UsageError("no venue has this id", venue, closest(venue, desk.region.venues))


@venue_app.command("link", epilog="Example: trek venue link metropool-hengelo --days 30")
def venue_link(
    venue: VenueId,
    days: Annotated[int, typer.Option(help="How long it holds.", min=1, max=400)] = 30,
    data: Data = Path("data"),
    config: Config = None,
    lang: Annotated[str, typer.Option(help="nl, en or de")] = "nl",
) -> None:
    """Print the link with which a venue says what is wrong, or opts out; send it to the venue alone."""
    from aggregator.petition import load_secret
    from feeds.info import read_info
    from feeds.urls import Urls
    from feeds.venue.link import sign_key

    desk = desk_at(data, Path("public"), None, config)
    check_venue(desk, venue)
    key = sign_key(venue, clock.now() + timedelta(days=days), load_secret(desk.data))
    info = read_info(desk.region)
    urls = Urls(info.base_url, info.languages[0])
    typer.echo(urls.absolute(urls.wrong(lang if lang in info.languages else urls.main, venue, key)))


@venue_app.command("digest", epilog="Example: trek venue digest metropool-hengelo --lang nl")
def venue_digest(
    venue: VenueId,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    lang: Annotated[str, typer.Option(help="nl, en or de")] = "nl",
) -> None:
    """Print a venue's past week: what is new or changed, what could be better."""
    from aggregator.store import open_store
    from feeds.card import Voice
    from feeds.info import read_info
    from feeds.urls import Urls
    from feeds.venue.claims import Archive
    from feeds.venue.news import render_digest

    desk = desk_at(data, Path("public"), database, config)
    check_venue(desk, venue)
    info = read_info(desk.region)
    voice = Voice(info, Urls(info.base_url, info.languages[0]), lang)
    archive = Archive(partial(open_store, desk.database, read_only=True), info)
    claims = archive.find(venue, clock.now().astimezone(clock.AMSTERDAM).date())
    typer.echo(render_digest(claims, voice).decode(), nl=False)


@venue_app.command("done", epilog="Example: trek venue done 1a2b3c4d")
def venue_done(
    proposal: Annotated[str, typer.Argument(help="The id of a proposal, as trek review shows it.")],
    data: Data = Path("data"),
) -> None:
    """Take a venue's proposal off the review list, whether it was followed or not."""
    from aggregator.petition import drop_petition

    dropped = drop_petition(data.resolve(), proposal)
    typer.echo(f"{dropped.id}: {dropped.venue}: {dropped.title}: off the list")


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
