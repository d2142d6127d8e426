"""Moves a store to another database: `trek migrate --to URL`."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.errors import UsageError


def migrate(source: str, target: str) -> Mapping[str, int]:
    """Copies the store at one address into the empty database at another; rows per table.

    The source is left as it is. UsageError when both are the same, StoreError as `copy_database`.
    """
    from aggregator.store.copying import copy_database

    if source == target:
        raise UsageError("this is where the store is already", "--to", "name another, empty database")
    return copy_database(source, target)
