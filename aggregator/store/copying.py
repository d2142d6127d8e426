"""Copies a whole database into another, SQLite or PostgreSQL, so that not one UID is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from aggregator.errors import StoreError
from aggregator.store.engine import open_engine, translated
from aggregator.store.tables import METADATA

BATCH = 1_000  # rows carried at a time


def copy_database(source: str, target: str) -> Mapping[str, int]:
    """Copies every table of `source` into the empty database `target`; rows per table.

    One moment of the source is copied, also while another process writes, and the target gets it in
    one transaction, compared row by row before it is kept: a copy that was broken off leaves an empty
    database. StoreError when the target holds anything, or either cannot be used.
    """
    old = open_engine(source, read_only=True)
    try:
        new = open_engine(target)
        try:
            with translated(new.url), new.connect() as writing, _connected(old) as reading:
                writing = writing.execution_options(trek_write=True)
                with writing.begin():
                    return _copy(reading, writing)
        finally:
            new.dispose()
    finally:
        old.dispose()


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    """A connection that reads all of one moment; on SQLite every transaction does."""
    with translated(engine.url):
        connection = engine.connect()
    with connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with translated(engine.url):
            transaction = connection.begin()
        with transaction:
            yield connection


def _copy(reading: Connection, writing: Connection) -> dict[str, int]:
    for table in METADATA.sorted_tables:
        if writing.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            where = writing.engine.url.render_as_string(hide_password=True)
            raise StoreError("holds data already", where, "name an empty database; nothing was copied")
    counts = {}
    for table in METADATA.sorted_tables:
        digest, count = 0, 0
        for rows in _batches(reading, table):
            writing.execute(sa.insert(table), [dict(row._mapping) for row in rows])
            digest ^= _digest(rows)
            count += len(rows)
        _continue_numbers(writing, table)
        written = 0
        for rows in _batches(writing, table):
            written ^= _digest(rows)
        if written != digest:
            where = writing.engine.url.render_as_string(hide_password=True)
            raise StoreError(f"table {table.name} did not come over as it was", where, "nothing was kept")
        counts[table.name] = count
    return counts


def _batches(connection: Connection, table: sa.Table) -> Iterator[list[sa.Row[Any]]]:
    with translated(connection.engine.url):
        rows = connection.execute(sa.select(table), execution_options={"yield_per": BATCH})
        for some in rows.partitions():
            yield list(some)


def _digest(rows: list[sa.Row[Any]]) -> int:
    """A number that is the same for the same rows in whatever order: databases sort each their own way."""
    digest = 0
    for row in rows:
        digest ^= int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest(), "big")
    return digest


def _continue_numbers(connection: Connection, table: sa.Table) -> None:
    """PostgreSQL counts apart from the rows: the next number must be above those that came over."""
    if connection.dialect.name != "postgresql" or "id" not in table.columns:
        return
    column = table.columns["id"]
    if isinstance(column.type, sa.Integer):
        top = connection.execute(sa.select(sa.func.max(column))).scalar()
        if top is not None:
            sequence = sa.func.pg_get_serial_sequence(table.name, "id")
            connection.execute(sa.select(sa.func.setval(sequence, top)))
