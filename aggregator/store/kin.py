"""What the store remembers of the comparison of listings; see `Store.kin` and `Store.save_kin`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from aggregator.model import Cluster, Kin, Link, ListingRef
from aggregator.store.tables import BLOCKS, KIN, MARKS, PARTS

CHUNK = 5_000  # values in one statement; SQLite takes 32766
ROWS = 20_000  # rows made ready at a time
SOME = 2_000  # listings asked for in one statement
Part = Sequence[Cluster]


def part_name(part: Part) -> str:
    """The name of a part: a hash of its first listing, as each listing is in one part."""
    first = min(cluster.refs[0] for cluster in part)
    return hashlib.sha1(f"{first.source_id}\n{first.key}".encode(), usedforsecurity=False).hexdigest()


def read_kin(rows: Iterable[sa.Row[Any]]) -> dict[ListingRef, Kin]:
    """By listing its part and its hash."""
    return {ListingRef(r.source_id, r.key): Kin(r.part, r.content_hash) for r in rows}


def part_from_text(text: str) -> tuple[Cluster, ...]:
    """The clusters of a part."""
    return tuple(_cluster(refs, links) for refs, links in json.loads(text))


def _cluster(refs: list[list[str]], links: list[list[Any]]) -> Cluster:
    known = [ListingRef(source, key) for source, key in refs]
    return Cluster(tuple(known), tuple(Link(known[a], known[b], score, why) for a, b, score, why in links))


def _text(part: Part) -> str:
    plain = []
    for cluster in part:
        at = {ref: number for number, ref in enumerate(cluster.refs)}
        links = [[at[k.a], at[k.b], k.score, k.because] for k in cluster.links]
        plain.append([[[ref.source_id, ref.key] for ref in cluster.refs], links])
    return json.dumps(plain, separators=(",", ":"))


def forget(
    connection: Connection, dropped: Collection[str] | None, hashes: Mapping[ListingRef, str]
) -> dict[ListingRef, int]:
    """Remove these parts, all when None; the numbers of listings that stay as they were compared.

    Their blocks stay too, as where a listing lies depends on it alone. All listings of these parts are
    marked: if the work is broken off here, it is still known that their events wait.
    """
    if dropped is None:
        there = (MARKS.c.source_id == KIN.c.source_id, MARKS.c.key == KIN.c.key)
        every = sa.select(KIN.c.source_id, KIN.c.key).where(~sa.exists().where(*there))
        connection.execute(sa.insert(MARKS).from_select(["source_id", "key"], every))
        for table in (BLOCKS, KIN, PARTS):
            connection.execute(sa.delete(table))
        return {}
    stay: dict[ListingRef, int] = {}
    gone: list[int] = []
    held: list[ListingRef] = []
    for some in chunks(sorted(dropped)):
        for row in connection.execute(sa.select(KIN).where(KIN.c.part.in_(some))):
            ref = ListingRef(row.source_id, row.key)
            held.append(ref)
            if hashes.get(ref) == row.content_hash:
                stay[ref] = row.number
            else:
                gone.append(row.number)
        connection.execute(sa.delete(PARTS).where(PARTS.c.part.in_(some)))
        connection.execute(sa.delete(KIN).where(KIN.c.part.in_(some)))
    _leave(connection, gone)
    mark(connection, held)
    return stay


def _leave(connection: Connection, numbers: Sequence[int]) -> None:
    """Remove what lies in blocks under these numbers."""
    for some in chunks(numbers):
        connection.execute(sa.delete(BLOCKS).where(BLOCKS.c.number.in_(some)))


def remember(
    connection: Connection,
    parts: Iterable[Part],
    hashes: Mapping[ListingRef, str],
    blocks: Mapping[ListingRef, Sequence[int]],
    stay: Mapping[ListingRef, int],
) -> None:
    """Add parts, and where each of their listings lies unless it is of those that `stay`."""
    kept = dict(stay)
    newest = int(connection.execute(sa.select(sa.func.max(KIN.c.number))).scalar() or 0)
    number = max((newest, *stay.values()))
    kin: list[dict[str, Any]] = []
    made: list[dict[str, Any]] = []
    lies: list[dict[str, Any]] = []
    for part in parts:
        name = part_name(part)
        made.append({"part": name, "document": _text(part)})
        for ref in (ref for cluster in part for ref in cluster.refs):
            at = kept.pop(ref, None)
            if at is None:
                at = number = number + 1
                lies += [{"block": block, "number": at} for block in blocks[ref]]
            row = {"number": at, "source_id": ref.source_id, "key": ref.key, "part": name}
            kin.append({**row, "content_hash": hashes[ref]})
        if len(lies) > ROWS:
            _write(connection, kin, made, lies)
    _write(connection, kin, made, lies)
    _leave(connection, list(kept.values()))


def filed(connection: Connection, blocks: Collection[int]) -> Iterator[ListingRef]:
    """The listings that lie in any of these blocks."""
    for some in chunks(sorted(blocks)):
        lies = sa.select(BLOCKS.c.number).where(BLOCKS.c.block.in_(some))
        for row in connection.execute(sa.select(KIN.c.source_id, KIN.c.key).where(KIN.c.number.in_(lies))):
            yield ListingRef(row.source_id, row.key)


def _write(connection: Connection, *rows: list[dict[str, Any]]) -> None:
    for table, some in zip((KIN, PARTS, BLOCKS), rows, strict=True):
        if some:
            connection.execute(sa.insert(table), some)
            some.clear()


def chunks(values: Sequence[Any], most: int = CHUNK) -> Iterator[Sequence[Any]]:
    """The values, as many at a time as one statement takes."""
    for start in range(0, len(values), most):
        yield values[start : start + most]


def among(table: sa.Table, refs: Collection[ListingRef]) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that a row of the table is of one of these listings, a few thousand of them in each."""
    for some in chunks(sorted(refs), SOME):
        identity = sa.tuple_(table.c.source_id, table.c.key)
        yield identity.in_([(ref.source_id, ref.key) for ref in some])


def mark(connection: Connection, refs: Iterable[ListingRef]) -> None:
    """Note that the events of these listings may no longer be what they were made from."""
    rows = [{"source_id": ref.source_id, "key": ref.key} for ref in refs]
    if rows:
        connection.execute(inserting(connection, MARKS).on_conflict_do_nothing(), rows)


def unmark(connection: Connection, refs: Iterable[ListingRef]) -> None:
    """Note that the events of these listings are what the listings say now."""
    rows = [{"b_source": ref.source_id, "b_key": ref.key} for ref in refs]
    if rows:
        here = (MARKS.c.source_id == sa.bindparam("b_source"), MARKS.c.key == sa.bindparam("b_key"))
        connection.execute(sa.delete(MARKS).where(*here), rows)


def inserting(connection: Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say what becomes of rows that are there already."""
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)
