"""The store: what is known, in a SQLite file or a PostgreSQL database."""

from __future__ import annotations

from aggregator.store.protocol import EventReader, Store

__all__ = ["EventReader", "Store", "open_reader", "open_store"]


def open_store(url: str, *, read_only: bool = False) -> Store:
    """The store at this SQLAlchemy URL, made or upgraded when needed.

    With `read_only` nothing is made, and writing fails. StoreError says in one line why it cannot
    be used: unreachable, damaged, not Trek's, read-only, or made by a newer Trek.
    """
    from aggregator.store.database import SqlStore  # late: SQLAlchemy takes its time to load

    return SqlStore(url, read_only=read_only)


def open_reader(url: str) -> EventReader:
    """The read side alone; StoreError as `open_store`."""
    from aggregator.store.reading import SqlReader

    return SqlReader(url)
