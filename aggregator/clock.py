"""The only file that reads the clock; everything else is given `now`."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from aggregator.errors import UsageError

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """The present moment, aware, UTC, whole seconds.

    `TREK_NOW` (ISO 8601 with offset) overrides it, for tests and for replaying a day; UsageError when it
    is no such moment.
    """
    fixed = os.environ.get("TREK_NOW")
    if not fixed:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(fixed)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        hint = "write it as 2026-10-09T12:00+02:00, or unset it"
        raise UsageError(f"{fixed!r} is no moment with an offset", "TREK_NOW", hint) from None


def today() -> date:
    """The present day in Twente."""
    return now().astimezone(AMSTERDAM).date()


def wall() -> datetime:
    """The machine's own moment, UTC, with microseconds and never overridden: for ids and locks."""
    return datetime.now(UTC)
