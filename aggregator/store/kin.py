"""What the store remembers of the comparison of listings; see `Store.kin` and `Store.save_kin`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from aggregator.model import Cluster, Kin, Link, ListingRef
from aggregator.store.tables import BLOCKS, KIN, PARTS

CHUNK = 5_000  # values in one statement; SQLite takes 32766
ROWS = 20_000  # rows made ready at a time
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

    Their blocks stay too, as where a listing lies depends on it alone.
    """
    if dropped is None:
        for table in (BLOCKS, KIN, PARTS):
            connection.execute(sa.delete(table))
        return {}
    stay: dict[ListingRef, int] = {}
    gone: list[int] = []
    for some in chunks(sorted(dropped)):
        for row in connection.execute(sa.select(KIN).where(KIN.c.part.in_(some))):
            ref = ListingRef(row.source_id, row.key)
            if hashes.get(ref) == row.content_hash:
                stay[ref] = row.number
            else:
                gone.append(row.number)
        connection.execute(sa.delete(PARTS).where(PARTS.c.part.in_(some)))
        connection.execute(sa.delete(KIN).where(KIN.c.part.in_(some)))
    _leave(connection, gone)
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


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values, as many at a time as one statement takes."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
