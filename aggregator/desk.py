"""The main job on one data folder: crawl what is due, aggregate, publish; what each command works with."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import typer

from aggregator import clock
from aggregator.config_loader import SourceCheck, load_region
from aggregator.console import say, show_figures
from aggregator.errors import TrekError, UsageError
from aggregator.lock import BusyError
from aggregator.model import Outcome, Run
from aggregator.region import Region

if TYPE_CHECKING:
    from aggregator.alarm import Alarm
    from aggregator.correct import Book
    from aggregator.health import SourceHealth
    from aggregator.jobs import Summary
    from aggregator.ledger import Ledger
    from aggregator.rooms import Rooms
    from aggregator.store.protocol import Store

FINE = (Outcome.OK, Outcome.NOT_MODIFIED)
DESK = "trek.desk"  # where the command line keeps what makes a desk


class Published(Protocol):
    """What a publication did, in counts of files."""

    @property
    def files(self) -> int:
        """How many there are."""
        ...

    @property
    def feeds(self) -> int:
        """How many of them are feeds; 0 when nothing had to be looked at."""
        ...

    @property
    def written(self) -> int:
        """How many were written."""
        ...

    @property
    def unchanged(self) -> int:
        """How many stayed as they were."""
        ...


class Desk(ABC):
    """The folders, the region and the store of a job. How to crawl and publish is another's to know."""

    def __init__(
        self,
        data: Path,
        public: Path,
        database: str | None,
        config: Path,
        name: str | None,
        check: SourceCheck,
    ) -> None:
        self.data, self.public, self.config = data.resolve(), public.resolve(), config
        self.region: Region = load_region(config, check)
        self.name = name or self.region.settings.id
        self.database = database or f"sqlite:///{self.data / 'trek.sqlite'}"

    @abstractmethod
    def crawl(self, store: Store, only: Sequence[str] | None, *, everything: bool = False) -> list[Run]:
        """Crawl the named sources, or all, or those that are due; each failure is one line."""

    @abstractmethod
    def drop(self, source: str) -> None:
        """Put into the inbox that a source is to be forgotten."""

    @abstractmethod
    def publish(self, store: Store) -> Published:
        """Write the feeds and pages that changed."""

    @abstractmethod
    def publish_status(self, healths: Sequence[SourceHealth], alarms: Sequence[Alarm]) -> None:
        """Write `/status/`: page, JSON, metrics and alarms."""

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

    # --- the main job ---------------------------------------------------------------------

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
        self.tell(store, runs, summary, self.publish(store), time.monotonic() - began)
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

    def rules(self) -> str:
        """A fingerprint of what events are made with: configuration and code, then people's decisions."""
        from aggregator.rooms import fingerprint, rules_of

        return rules_of(fingerprint(self.config, Path(__file__).parent), self.book())

    def book(self) -> Book:
        """What people decided, as it holds today."""
        from aggregator.correct import load_book

        return load_book(self.region, clock.today())

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

    def tell(
        self, store: Store, runs: Sequence[Run], summary: Summary, published: Published, seconds: float
    ) -> None:
        """What the job did, in one table."""
        outcomes = Counter(str(run.outcome) for run in runs)
        told = ", ".join(f"{n} {o}" for o, n in outcomes.most_common()) or "none was due"
        decided = self.decided(store)
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


def desk_of(
    ctx: typer.Context, data: Path, database: str | None, config: Path | None, public: Path = Path("public")
) -> Desk:
    """The desk on a data folder, made as the command line does it."""
    make: Callable[[Path, Path, str | None, Path | None], Desk] = ctx.meta[DESK]
    return make(data, public, database, config)
