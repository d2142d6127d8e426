"""The only file that reads the clock; everything else is given `now`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """The present moment, aware, UTC, whole seconds.

    `TREK_NOW` (ISO 8601 with offset) overrides it, for tests and for replaying a day.
    """
    fixed = os.environ.get("TREK_NOW")
    moment = datetime.fromisoformat(fixed) if fixed else datetime.now(UTC)
    if moment.tzinfo is None:
        raise ValueError(f"TREK_NOW={fixed} has no offset; write it as 2026-10-09T12:00+02:00")
    return moment.astimezone(UTC).replace(microsecond=0)


def wall() -> datetime:
    """The machine's own moment, UTC, with microseconds and never overridden: for ids and locks."""
    return datetime.now(UTC)
