"""Plain rooms for tests of the job, an inbox to fill, and a process that is killed on the way.

Run as a script it works on `FOLDER/inbox`, each time with a new store, and dies by SIGKILL at the step
that each number names: `rooms.py FOLDER NUMBER...`; steps are what is asked of the database.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from aggregator.clock import AMSTERDAM
from aggregator.jobs import Summary, aggregate
from aggregator.model import (
    Cluster,
    Event,
    EventOccurrence,
    Link,
    Listing,
    Occurrence,
    Outcome,
    Place,
    RawEvent,
    RawOccurrence,
    Reject,
    Run,
    Tag,
    Tier,
    Timed,
    to_plain,
)
from aggregator.store import Store, open_store

FIRST = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)


class Normaliser:
    """An entry's first stamp is its moment; without one it is rejected."""

    calls = 0

    def listings(self, raws: Iterable[RawEvent], now: datetime) -> list[Listing | Reject]:
        type(self).calls += 1
        return [self._listing(raw) for raw in raws]

    def _listing(self, raw: RawEvent) -> Listing | Reject:
        if raw.title == "explode":
            raise KeyError("boom")
        starts = [datetime.fromisoformat(o.start) for o in raw.occurrences if o.start]
        if not starts:
            return Reject(raw.source_id, raw.page_url, "no-date", raw.title, raw.title)
        when = tuple(Occurrence(Timed(s.astimezone(AMSTERDAM))) for s in starts)
        return Listing(raw.source_id, raw.source_key or raw.page_url, Tier.VENUE, raw.title, when)


def cluster(listings: Sequence[Listing]) -> list[Cluster]:
    """Equal titles are one event."""
    groups: dict[str, list[Listing]] = {}
    for listing in sorted(listings, key=lambda x: x.ref):
        groups.setdefault(listing.title.casefold(), []).append(listing)
    return [
        Cluster(
            tuple(x.ref for x in group),
            tuple(Link(group[0].ref, x.ref, 1.0, "equal titles") for x in group[1:]),
        )
        for group in groups.values()
    ]


def merge(listings: Sequence[Listing], links: Sequence[Link]) -> Event:
    """The title of the first, the moments of all."""
    moments = sorted(
        {o.when: o for x in listings for o in x.occurrences}.values(), key=lambda o: o.when.start
    )
    occurrences = tuple(EventOccurrence("", o) for o in moments)
    refs = tuple(sorted(x.ref for x in listings))
    return Event("", listings[0].title, occurrences, Place("hengelo"), refs, links=tuple(links))


class Tagger:
    """Everything is music, but for what is private."""

    def tag(self, event: Event) -> Event:
        hidden = "private" if "besloten" in event.title else None
        return replace(event, pillars=(Tag("muziek", "all", "test"),), hidden=hidden)


def raw(source: str, key: str, title: str, *days: int) -> RawEvent:
    """An entry whose moments are so many days after the first run."""
    starts = [RawOccurrence(start=(FIRST + timedelta(days=d, hours=14)).isoformat()) for d in days]
    return RawEvent(source, f"https://{source}.nl/", "", "json-ld", title, tuple(starts), source_key=key)


def run_id(day: int, hour: int = 0) -> str:
    return f"{FIRST + timedelta(days=day, hours=hour):%Y%m%dT%H%M%SZ}-{day:06x}"


def fill(inbox: Path, source: str, day: int, raws: Sequence[RawEvent], hour: int = 0, **more: Any) -> Path:
    """A finished run; `manifest=False` leaves it without one."""
    folder = inbox / source / run_id(day, hour)
    folder.mkdir(parents=True)
    body = "".join(json.dumps(to_plain(r)) + "\n" for r in raws).encode()
    (folder / "items.jsonl").write_bytes(body)
    if more.pop("manifest", True):
        values = {"outcome": Outcome.OK, "complete": True, "items": len(raws), **more}
        run = Run(folder.name, source, "x", finished="x", **values)
        digest = hashlib.sha256(body).hexdigest()
        (folder / "manifest.json").write_text(json.dumps({**to_plain(run), "sha256": digest, "schema": 1}))
    return folder


def work(
    inbox: Path, store: Store, day: int = 99, report: Callable[[str], None] | None = None, **more: Any
) -> Summary:
    """The job with plain rooms."""
    now = FIRST + timedelta(days=day)
    say = report or (lambda line: None)
    return aggregate(inbox, store, Normaliser(), cluster, merge, Tagger(), now, say, **more)


def history(inbox: Path, seed: int, days: int = 8) -> None:
    """A made-up month: titles corrected, dates moved, listings gone and back, merges and splits."""
    chance = random.Random(seed)
    for day in range(days):
        for source in "abc":
            raws = []
            for key in range(6):
                if chance.random() < 0.85:
                    title = f"Event {chance.choice([key, key, key, key + 1])}"
                    raws.append(raw(source, str(key), title, 40 + key + chance.choice([0, 0, 0, 1])))
            complete = chance.random() < 0.9
            fill(inbox, source, day, raws, complete=complete, manifest=chance.random() < 0.95)


def content(store: Store) -> Any:
    """All that the store knows, but for its own counters."""
    events = [to_plain(e) for e in store.events(hidden=True)]
    listings = [to_plain(x) for x in store.listings()]
    rest = to_plain(sorted(store.rejects(), key=str)), to_plain(list(store.edits()))
    return events, listings, to_plain(dict(store.last_runs())), *rest, sorted(store.memberships().items())


@contextmanager
def counted(act: Callable[[int], None]) -> Iterator[None]:
    """Calls `act` with a rising number at each statement, begin and commit of any database."""
    step = 0

    def tick(*_: Any) -> None:
        nonlocal step
        step += 1
        act(step)

    names = ("before_cursor_execute", "begin", "commit")
    for name in names:
        sa.event.listen(sa.Engine, name, tick)
    try:
        yield
    finally:
        for name in names:
            sa.event.remove(sa.Engine, name, tick)


def die_at(number: int, folder: Path) -> None:
    """Work on `folder` until the step, then be gone without a farewell."""

    def act(step: int) -> None:
        if step == number:
            os.kill(os.getpid(), signal.SIGKILL)

    with counted(act):
        store = open_store(f"sqlite:///{folder / 'trek.sqlite'}")
        work(folder.parent / "inbox", store)
        store.close()


def main(folder: Path, numbers: Sequence[int]) -> None:
    for number in numbers:
        own = folder / f"killed-{number}"
        own.mkdir()
        child = os.fork()
        if child == 0:
            die_at(number, own)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(number, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(n) for n in sys.argv[2:]])
