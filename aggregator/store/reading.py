"""The read side of the database: `EventReader` on SQLAlchemy Core."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from aggregator.model import Cluster, Edit, Event, Kin, ListingRef, Outline, Reject, Run, State, StoredListing
from aggregator.plain import (
    edit_from_plain,
    event_from_plain,
    listing_from_plain,
    reject_from_plain,
    run_from_plain,
)
from aggregator.store.engine import open_engine, translated
from aggregator.store.kin import among, chunks, filed, part_from_text, read_kin
from aggregator.store.tables import (
    ALIASES,
    EDITS,
    EVENTS,
    KIN,
    LISTINGS,
    MARKS,
    MEMBERS,
    META,
    PARTS,
    REJECTS,
    RUNS,
)

BATCH = 500  # rows fetched at a time
_STATES = {state.value: state for state in State}


def _stored(row: sa.Row[Any]) -> StoredListing:
    return StoredListing(
        listing_from_plain(json.loads(row.document)),
        State(row.state),
        row.first_seen,
        row.last_seen,
        row.changed_at,
        row.missed_runs,
        row.content_hash,
    )


class SqlReader:
    """Events, listings, runs and journal of a database of the newest version.

    Each method sees one state of the database; an iterator keeps to the state that it began with.
    """

    def __init__(self, url: str, *, read_only: bool = True) -> None:
        self._engine: Engine = open_engine(url, read_only=read_only)

    @contextmanager
    def _connected(self, *, write: bool = False) -> Iterator[Connection]:
        """A connection in one transaction, which is written at the end when `write`."""
        with translated(self._engine.url), self._engine.connect() as connection:
            if write:
                connection = connection.execution_options(trek_write=True)
            with connection.begin():
                yield connection

    def _rows(self, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
        with (
            self._connected() as connection,
            connection.execution_options(yield_per=BATCH).execute(query) as result,
        ):
            yield from result

    def _some(
        self, query: sa.Select[Any], which: Iterable[sa.ColumnElement[bool]] | None
    ) -> Iterator[sa.Row[Any]]:
        """The rows that any of these conditions holds for, each asked for by itself; all when None."""
        for some in (query,) if which is None else (query.where(one) for one in which):
            yield from self._rows(some)

    def _value(self, query: sa.Select[str]) -> str | None:
        with self._connected() as connection:
            return connection.execute(query).scalar()

    def _meta(self, name: str) -> str | None:
        return self._value(sa.select(META.c.value).where(META.c.name == name))

    def revision(self) -> int:
        """A number that rises whenever any event changes; equal numbers mean equal events."""
        return int(self._meta("revision") or 0)

    def events(self, *, hidden: bool = False) -> Iterator[Event]:
        """Events in order of UID; the hidden ones too when asked."""
        query = sa.select(EVENTS.c.document).order_by(EVENTS.c.uid)
        for row in self._rows(query if hidden else query.where(EVENTS.c.hidden.is_(None))):
            yield event_from_plain(json.loads(row.document))

    def digests(self) -> Mapping[str, str]:
        """Per event (UID), hidden ones too, a hash of its document; nothing is decoded for it."""
        rows = self._rows(sa.select(EVENTS.c.uid, EVENTS.c.document).order_by(EVENTS.c.uid))
        return {r.uid: hashlib.blake2b(r.document.encode(), digest_size=16).hexdigest() for r in rows}

    def event(self, uid: str) -> Event | None:
        """One event by its UID or by the UID of one that was merged into it."""
        kept = sa.select(ALIASES.c.kept).where(ALIASES.c.uid == uid).scalar_subquery()
        query = sa.select(EVENTS.c.document).where(EVENTS.c.uid.in_([uid, kept]))
        found = self._value(query)
        return event_from_plain(json.loads(found)) if found else None

    def listings(self, source_id: str | None = None) -> Iterator[StoredListing]:
        """Listings in order of identity, in every state; of one source when named."""
        query = sa.select(LISTINGS).order_by(LISTINGS.c.source_id, LISTINGS.c.key)
        if source_id is not None:
            query = query.where(LISTINGS.c.source_id == source_id)
        for row in self._rows(query):
            yield _stored(row)

    def outlines(self, refs: Collection[ListingRef] | None = None) -> Mapping[ListingRef, Outline]:
        """By listing its state, age and hash; nothing is decoded for it. Of all unless named."""
        one = LISTINGS.c
        query = sa.select(one.source_id, one.key, one.state, one.first_seen, one.content_hash)
        return {
            ListingRef(r.source_id, r.key): Outline(_STATES[r.state], r.first_seen, r.content_hash)
            for r in self._some(query, None if refs is None else among(LISTINGS, refs))
        }

    def some_listings(self, refs: Collection[ListingRef]) -> Iterator[StoredListing]:
        """These listings, as far as they are known, in order of identity."""
        query = sa.select(LISTINGS).order_by(LISTINGS.c.source_id, LISTINGS.c.key)
        yield from map(_stored, self._some(query, among(LISTINGS, refs)))

    def marked(self) -> set[ListingRef]:
        """Listings that changed since their events were saved, and what hangs together with them."""
        rows = self._rows(sa.select(MARKS.c.source_id, MARKS.c.key))
        return {ListingRef(row.source_id, row.key) for row in rows}

    def compared(self, code: str) -> int:
        """How many listings were compared by these rules."""
        if self._meta("kin") != code:
            return 0
        with self._connected() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(KIN)).scalar_one()

    def kin(self, refs: Collection[ListingRef]) -> Mapping[ListingRef, Kin]:
        """By listing, of these, what it was found to hang together with."""
        return read_kin(self._some(sa.select(KIN), among(KIN, refs)))

    def held_by(self, parts: Collection[str]) -> Mapping[ListingRef, Kin]:
        """The listings of these parts."""
        some = (KIN.c.part.in_(names) for names in chunks(sorted(parts)))
        return read_kin(self._some(sa.select(KIN), some))

    def parts(self, names: Collection[str] | None = None) -> Iterator[Sequence[Cluster]]:
        """What the comparison found, part by part; of these parts when named."""
        some = None if names is None else (PARTS.c.part.in_(few) for few in chunks(sorted(names)))
        for row in self._some(sa.select(PARTS.c.document), some):
            yield part_from_text(row.document)

    def filed(self, blocks: Collection[int]) -> set[ListingRef]:
        """The compared listings that lie in any of these blocks."""
        with self._connected() as connection:
            return set(filed(connection, blocks))

    def _newest_runs(self, *which: sa.ColumnElement[bool]) -> Iterator[sa.Row[Any]]:
        newest = sa.select(RUNS.c.source_id, sa.func.max(RUNS.c.run_id).label("run_id")).where(*which)
        newest_of = newest.group_by(RUNS.c.source_id).subquery()
        same = sa.and_(RUNS.c.source_id == newest_of.c.source_id, RUNS.c.run_id == newest_of.c.run_id)
        return self._rows(sa.select(RUNS).join(newest_of, same).order_by(RUNS.c.source_id))

    def last_runs(self) -> Mapping[str, Run]:
        """The newest applied run of each source."""
        return {row.source_id: run_from_plain(json.loads(row.document)) for row in self._newest_runs()}

    def runs(self, source_id: str | None = None, *, most: int = 60) -> Iterator[Run]:
        """The newest `most` runs of each source, by source, oldest first; of one source when named."""
        age = sa.func.row_number().over(partition_by=RUNS.c.source_id, order_by=RUNS.c.run_id.desc())
        rows = sa.select(RUNS.c.source_id, RUNS.c.run_id, RUNS.c.document, age.label("age"))
        if source_id is not None:
            rows = rows.where(RUNS.c.source_id == source_id)
        aged = rows.subquery()
        query = sa.select(aged.c.document).where(aged.c.age <= most)
        for row in self._rows(query.order_by(aged.c.source_id, aged.c.run_id)):
            yield run_from_plain(json.loads(row.document))

    def held(self) -> Mapping[str, str]:
        """The sources that wait for a person, each with the reason of the newest run that said so.

        They wait until a complete run is not held; one that failed meanwhile says nothing about it.
        """
        judged = sa.or_(RUNS.c.complete, RUNS.c.held.is_not(None))
        return {row.source_id: row.held for row in self._newest_runs(judged) if row.held}

    def rejects(self, source_id: str | None = None) -> Iterator[Reject]:
        """What the newest run of each source could not use, with reasons."""
        query = sa.select(REJECTS.c.document).order_by(REJECTS.c.source_id, REJECTS.c.id)
        if source_id is not None:
            query = query.where(REJECTS.c.source_id == source_id)
        for row in self._rows(query):
            yield reject_from_plain(json.loads(row.document))

    def edits(self, since: datetime | None = None, uid: str | None = None) -> Iterator[Edit]:
        """The journal in order of time: what changed, from a moment on, on one event when named."""
        query = sa.select(EDITS.c.document).order_by(EDITS.c.at, EDITS.c.id)
        if since is not None:
            query = query.where(EDITS.c.at >= since)
        if uid is not None:
            query = query.where(EDITS.c.uid == uid)
        for row in self._rows(query):
            yield edit_from_plain(json.loads(row.document))

    def is_applied(self, run_id: str, source_id: str | None = None) -> bool:
        """Whether this run's listings are in the store already; of any source unless named."""
        query = sa.select(RUNS.c.run_id).where(RUNS.c.run_id == run_id)
        if source_id is not None:
            query = query.where(RUNS.c.source_id == source_id)
        return self._value(query.limit(1)) is not None

    def applied_runs(self, source_id: str) -> Mapping[str, bool]:
        """The runs of a source that are in the store, oldest first; False: its manifest never came."""
        query = sa.select(RUNS.c.run_id, RUNS.c.finished).where(RUNS.c.source_id == source_id)
        return {row.run_id: row.finished for row in self._rows(query.order_by(RUNS.c.run_id))}

    def is_settled(self, source_id: str) -> bool:
        """Whether a complete run of this source was ever applied, so that its size is known."""
        query = sa.select(RUNS.c.run_id).where(RUNS.c.source_id == source_id, RUNS.c.complete)
        return self._value(query.limit(1)) is not None

    def memberships(
        self,
        *,
        active: bool = False,
        refs: Collection[ListingRef] | None = None,
        uids: Collection[str] | None = None,
    ) -> Mapping[ListingRef, str]:
        """Which event each listing belongs to (UID); with `active` those it is made of now.

        Of these listings, or of these events, when named.
        """
        query = sa.select(MEMBERS.c.source_id, MEMBERS.c.key, MEMBERS.c.uid)
        which = None if refs is None else among(MEMBERS, refs)
        if uids is not None:
            which = (MEMBERS.c.uid.in_(some) for some in chunks(sorted(uids)))
        rows = self._some(query.where(MEMBERS.c.active) if active else query, which)
        return {ListingRef(row.source_id, row.key): row.uid for row in rows}

    def sizes(self) -> Mapping[int, int]:
        """How many events are made of one listing now, how many of two, and so on."""
        one = sa.select(sa.func.count().label("size")).where(MEMBERS.c.active).group_by(MEMBERS.c.uid)
        sizes = one.subquery()
        rows = self._rows(sa.select(sizes.c.size, sa.func.count().label("events")).group_by(sizes.c.size))
        return {row.size: row.events for row in rows}

    def bases(self, uids: Collection[str] | None = None) -> Mapping[str, str]:
        """Per event (UID) the hash of what it was made from; of these when named."""
        some = None if uids is None else (EVENTS.c.uid.in_(few) for few in chunks(sorted(uids)))
        return {row.uid: row.basis for row in self._some(sa.select(EVENTS.c.uid, EVENTS.c.basis), some)}

    def aliases(self, uids: Collection[str]) -> Mapping[str, str]:
        """Of these UIDs those of events that were merged into another, and into which."""
        some = (ALIASES.c.uid.in_(few) for few in chunks(sorted(uids)))
        return {row.uid: row.kept for row in self._some(sa.select(ALIASES.c.uid, ALIASES.c.kept), some)}

    def some_events(self, uids: Collection[str]) -> Mapping[str, Event]:
        """These events by their own UIDs, as far as they are known."""
        some = (EVENTS.c.uid.in_(few) for few in chunks(sorted(uids)))
        rows = self._some(sa.select(EVENTS.c.uid, EVENTS.c.document), some)
        return {row.uid: event_from_plain(json.loads(row.document)) for row in rows}

    def unclustered(self, rules: str = "") -> bool:
        """Whether clustering has work to do: listings or the rules changed since it last ran."""
        return self._value(sa.select(MARKS.c.source_id).limit(1)) is not None or self.rules() != rules

    def rules(self) -> str:
        """The fingerprint of what the events were last made with."""
        return self._meta("rules") or ""

    def close(self) -> None:
        """Release the connection."""
        self._engine.dispose()
