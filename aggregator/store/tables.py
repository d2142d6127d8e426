"""The tables, as the newest migration leaves them. Documents are JSON text of `to_plain` values.

JSON is written in ASCII, so that every database holds every character; nothing is searched in it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

VERSION = "0003"  # the newest migration


class UtcDateTime(TypeDecorator[datetime]):
    """Aware moments, UTC in and out. SQLite keeps no zone and gives them back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """The moment in UTC; ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no zone; the store takes aware datetimes")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """The moment, aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData()

RUNS = Table(
    "runs",
    METADATA,
    Column("source_id", String, primary_key=True),
    Column("run_id", String, primary_key=True),
    Column("finished", Boolean, nullable=False),  # False: no manifest came, and one still may
    Column("complete", Boolean, nullable=False),
    Column("applied_at", UtcDateTime, nullable=False),
    Column("held", Text),
    Column("document", Text, nullable=False),
)

LISTINGS = Table(
    "listings",
    METADATA,
    Column("source_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("missed_runs", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("document", Text, nullable=False),
)

REJECTS = Table(
    "rejects",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source_id", String, nullable=False, index=True),
    Column("document", Text, nullable=False),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("uid", String(36), primary_key=True),
    Column("revision", Integer, nullable=False, index=True),  # of the store, when it last changed
    Column("hidden", String),
    Column("public_hash", String(64), nullable=False),
    Column("basis", String(64), nullable=False),  # hash of what it was made from
    Column("document", Text, nullable=False),
)

MEMBERS = Table(
    "members",
    METADATA,
    Column("source_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("uid", String(36), ForeignKey("events.uid"), nullable=False, index=True),
    Column("active", Boolean, nullable=False),  # False: left the event, and is remembered
    ForeignKeyConstraint(["source_id", "key"], ["listings.source_id", "listings.key"]),
)

ALIASES = Table(
    "aliases",
    METADATA,
    Column("uid", String(36), primary_key=True),
    Column("kept", String(36), ForeignKey("events.uid"), nullable=False, index=True),
    Column("since", UtcDateTime, nullable=False),
)

# What is remembered of the comparison of listings, so that only what changed is compared again. All of it
# can be made anew from the listings.
KIN = Table(
    "kin",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("source_id", String, nullable=False),
    Column("key", String, nullable=False),
    Column("part", String(40), nullable=False, index=True),
    Column("content_hash", String(64), nullable=False),  # of the listing when it was compared
    Index("ix_kin_listing", "source_id", "key", unique=True),
)

PARTS = Table(
    "parts",
    METADATA,
    Column("part", String(40), primary_key=True),
    Column("document", Text, nullable=False),  # its clusters
)

BLOCKS = Table(
    "blocks",
    METADATA,
    Column("block", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "number", Integer, primary_key=True, autoincrement=False, index=True
    ),  # of the kin that lies in it
)

# Listings that changed since their events were saved, and those that hang together with one that did.
MARKS = Table(
    "marks",
    METADATA,
    Column("source_id", String, primary_key=True),
    Column("key", String, primary_key=True),
)

EDITS = Table(
    "edits",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("uid", String(36), nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_edits_at", "at"),
    Index("ix_edits_uid", "uid"),
)

META = Table(
    "meta",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
