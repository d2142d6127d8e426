"""The write side of the database: `Store` on SQLAlchemy Core, for SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from aggregator import journal
from aggregator.model import (
    Change,
    Cluster,
    Decision,
    Edit,
    Event,
    Intent,
    ListingRef,
    Reject,
    Run,
    State,
    to_plain,
)
from aggregator.plain import event_from_plain
from aggregator.store import kin
from aggregator.store.reading import SqlReader
from aggregator.store.tables import ALIASES, EDITS, EVENTS, LISTINGS, MEMBERS, META, REJECTS, RUNS


class SqlStore(SqlReader):
    """A store in a SQLite file or a PostgreSQL database; see `aggregator.store.protocol.Store`."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        super().__init__(url, read_only=read_only)

    def apply_run(self, run: Run, decision: Decision, rejects: Iterable[Reject], now: datetime) -> None:
        """Carry out a run's intents and remember the run; all or nothing, and twice is once."""
        with self._connected(write=True) as connection:
            own = (RUNS.c.source_id == run.source_id, RUNS.c.run_id == run.run_id)
            before = connection.execute(sa.select(RUNS.c.finished).where(*own)).first()
            if before and (before.finished or run.finished is None):
                return
            _remember(connection, run, decision.held, now)
            _seen_again(connection, run.source_id, decision.intents, now)
            _store(
                connection, [i for i in decision.intents if i.change is not Change.SAME and i.listing], now
            )
            _lose(connection, [i for i in decision.intents if i.listing is None], now)
            if run.items:  # a source that was not modified or not reached said nothing about them
                _reject(connection, run.source_id, rejects)
            kin.mark(connection, (i.ref for i in decision.intents if i.change is not Change.SAME))

    def revise_listings(
        self, source_id: str, intents: Iterable[Intent], rejects: Iterable[Reject], now: datetime
    ) -> None:
        """Write a source's listings that new rules made differ, and its rejects, without a run."""
        with self._connected(write=True) as connection:
            changed = [i for i in intents if i.listing]
            _store(connection, changed, now, keep=["first_seen", "last_seen"])
            _reject(connection, source_id, rejects)
            kin.mark(connection, (i.ref for i in changed))

    def save_events(
        self,
        changed: Iterable[Event],
        members: Mapping[ListingRef, str],
        aliases: Mapping[str, str],
        *,
        now: datetime,
        bases: Mapping[str, str] | None = None,
        rules: str = "",
        settled: Collection[ListingRef] = (),
    ) -> int:
        """Write changed events with membership and retired UIDs; how many differ from before."""
        events = {event.uid: event for event in changed}
        with self._connected(write=True) as connection:
            revision = 1 + int(_get_meta(connection, "revision") or 0)
            before = _documents(connection, [*events, *aliases])
            documents = {uid: _document(event) for uid, event in events.items()}
            differing = [e for uid, e in events.items() if before.get(uid) != documents[uid]]
            if differing or aliases:
                _put_meta(connection, "revision", str(revision))
            _upsert(
                connection, EVENTS, ["uid"], [_event_row(e, revision, documents[e.uid]) for e in differing]
            )
            _set_bases(connection, bases or {})
            _join(connection, events.values(), members)
            _retire(connection, aliases, set(events), now)
            lines = list(_edits(differing, before, aliases, now))
            _insert(connection, EDITS, [_edit_row(line, revision) for line in lines])
            kin.unmark(connection, settled)
            _put_meta(connection, "rules", rules)
        return len(differing)

    def save_kin(
        self,
        parts: Iterable[Sequence[Cluster]],
        hashes: Mapping[ListingRef, str],
        blocks: Mapping[ListingRef, Sequence[int]],
        code: str,
        *,
        dropped: Collection[str] | None = None,
    ) -> None:
        """Remember what the comparison found in place of the `dropped` parts, or of all."""
        with self._connected(write=True) as connection:
            stay = kin.forget(connection, dropped, hashes)
            kin.remember(connection, parts, hashes, blocks, stay)
            _put_meta(connection, "kin", code)

    def forget_edits(self, before: datetime) -> int:
        """Remove the journal's lines from before a moment; how many."""
        with self._connected(write=True) as connection:
            return connection.execute(sa.delete(EDITS).where(EDITS.c.at < before)).rowcount


def _document(value: Any) -> str:
    return json.dumps(to_plain(value), separators=(",", ":"))


def _remember(connection: Connection, run: Run, held: str | None, now: datetime) -> None:
    row = {
        "source_id": run.source_id,
        "run_id": run.run_id,
        "finished": run.finished is not None,
        "complete": run.complete,
        "applied_at": now,
        "held": held,
        "document": _document(run),
    }
    _upsert(connection, RUNS, ["source_id", "run_id"], [row])


def _seen_again(connection: Connection, source_id: str, intents: Sequence[Intent], now: datetime) -> None:
    """The many that say what they said: only `last_seen` moves."""
    keys = [i.ref.key for i in intents if i.change is Change.SAME]
    for some in kin.chunks(keys):
        here = (LISTINGS.c.source_id == source_id, LISTINGS.c.key.in_(some))
        connection.execute(sa.update(LISTINGS).where(*here).values(last_seen=now))


def _reject(connection: Connection, source_id: str, rejects: Iterable[Reject]) -> None:
    connection.execute(sa.delete(REJECTS).where(REJECTS.c.source_id == source_id))
    _insert(connection, REJECTS, [{"source_id": source_id, "document": _document(r)} for r in rejects])


def _store(
    connection: Connection, intents: Sequence[Intent], now: datetime, keep: Sequence[str] = ("first_seen",)
) -> None:
    """The ones that are new, changed or back; a known one keeps its `first_seen`."""
    rows = [
        {
            "source_id": i.ref.source_id,
            "key": i.ref.key,
            "state": i.state.value,
            "first_seen": now,
            "last_seen": now,
            "changed_at": now,
            "missed_runs": i.missed_runs,
            "content_hash": i.listing.content_hash,
            "document": _document(i.listing),
        }
        for i in intents
        if i.listing is not None
    ]
    _upsert(connection, LISTINGS, ["source_id", "key"], rows, keep)


def _lose(connection: Connection, intents: Sequence[Intent], now: datetime) -> None:
    """The ones that are missing or withdrawn; what they said last stays."""
    rows = [
        {
            "b_source": i.ref.source_id,
            "b_key": i.ref.key,
            "b_state": i.state.value,
            "b_missed": i.missed_runs,
            "b_now": now,
        }
        for i in intents
        if i.state is not State.LIVE
    ]
    if rows:
        here = (LISTINGS.c.source_id == sa.bindparam("b_source"), LISTINGS.c.key == sa.bindparam("b_key"))
        values: dict[str, Any] = {
            "state": sa.bindparam("b_state"),
            "missed_runs": sa.bindparam("b_missed"),
            "changed_at": sa.bindparam("b_now"),
        }
        connection.execute(sa.update(LISTINGS).where(*here).values(**values), rows)


def _event_row(event: Event, revision: int, document: str) -> dict[str, Any]:
    return {
        "uid": event.uid,
        "revision": revision,
        "hidden": event.hidden,
        "public_hash": event.public_hash,
        "basis": "",  # set apart, as it may change while the event does not
        "document": document,
    }


def _set_bases(connection: Connection, bases: Mapping[str, str]) -> None:
    rows = [{"b_uid": uid, "b_basis": basis} for uid, basis in bases.items()]
    if rows:
        update = sa.update(EVENTS).where(EVENTS.c.uid == sa.bindparam("b_uid"))
        connection.execute(update.values(basis=sa.bindparam("b_basis")), rows)


def _documents(connection: Connection, uids: Sequence[str]) -> dict[str, str]:
    """The stored documents of these events."""
    found: dict[str, str] = {}
    for some in kin.chunks(uids):
        query = sa.select(EVENTS.c.uid, EVENTS.c.document).where(EVENTS.c.uid.in_(some))
        found.update((row.uid, row.document) for row in connection.execute(query))
    return found


def _join(connection: Connection, events: Iterable[Event], members: Mapping[ListingRef, str]) -> None:
    """Membership of the saved events: who is in stays in, who left is remembered as having left."""
    rows = {
        ref: {"source_id": ref.source_id, "key": ref.key, "uid": uid, "active": False}
        for ref, uid in members.items()
    }
    saved = list(events)
    for some in kin.chunks([e.uid for e in saved]):
        connection.execute(sa.update(MEMBERS).where(MEMBERS.c.uid.in_(some)).values(active=False))
    for event in saved:
        for ref in event.listings:
            rows[ref] = {"source_id": ref.source_id, "key": ref.key, "uid": event.uid, "active": True}
    _upsert(connection, MEMBERS, ["source_id", "key"], list(rows.values()))


def _retire(connection: Connection, aliases: Mapping[str, str], saved: set[str], now: datetime) -> None:
    """Old UIDs lead to the kept ones, also those that led to an old one; their events go."""
    for some in kin.chunks(sorted(saved)):
        connection.execute(sa.delete(ALIASES).where(ALIASES.c.uid.in_(some)))
    for old, kept in aliases.items():
        connection.execute(sa.update(ALIASES).where(ALIASES.c.kept == old).values(kept=kept))
        connection.execute(sa.update(MEMBERS).where(MEMBERS.c.uid == old).values(uid=kept, active=False))
    rows = [{"uid": old, "kept": kept, "since": now} for old, kept in aliases.items()]
    _upsert(connection, ALIASES, ["uid"], rows, keep=["since"])
    for some in kin.chunks(sorted(aliases)):
        connection.execute(sa.delete(EVENTS).where(EVENTS.c.uid.in_(some)))


def _edits(
    differing: Sequence[Event], before: Mapping[str, str], aliases: Mapping[str, str], now: datetime
) -> Iterator[Edit]:
    def previous(uid: str) -> Event | None:
        return event_from_plain(json.loads(before[uid])) if uid in before else None

    for event in differing:
        yield from journal.edits(previous(event.uid), event, now)
    for old, kept in aliases.items():
        if gone := previous(old):
            yield from journal.merged(gone, kept, now)


def _edit_row(line: Edit, revision: int) -> dict[str, Any]:
    return {"revision": revision, "at": line.at, "uid": line.uid, "document": _document(line)}


def _get_meta(connection: Connection, name: str) -> str | None:
    value = connection.execute(sa.select(META.c.value).where(META.c.name == name)).scalar()
    return None if value is None else str(value)


def _put_meta(connection: Connection, name: str, value: str) -> None:
    _upsert(connection, META, ["name"], [{"name": name, "value": value}])


def _insert(connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def _upsert(
    connection: Connection,
    table: sa.Table,
    identity: Sequence[str],
    rows: Sequence[dict[str, Any]],
    keep: Sequence[str] = (),
) -> None:
    """Insert, or overwrite all but `keep` where the identity is known."""
    if not rows:
        return
    insert = kin.inserting(connection, table)
    fresh = {c.name: insert.excluded[c.name] for c in table.columns if c.name not in (*identity, *keep)}
    connection.execute(insert.on_conflict_do_update(index_elements=list(identity), set_=fresh), rows)
