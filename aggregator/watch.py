"""After each job: look at every source, tell a person what is new, remember what was told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from aggregator.alarm import (
    Alarm,
    AlarmSettings,
    channels,
    deliver,
    find_causes,
    load_alarms,
    save_alarms,
    update,
)
from aggregator.errors import TrekError
from aggregator.health import CHART, SourceHealth, examine
from aggregator.region import Region
from aggregator.store.protocol import EventReader

ALARMS = "alarms.json"
SEASON_RUNS = 800  # runs looked back on, so that a daily source's last summer is among them
Report = Callable[[str], None]


def look(region: Region, store: EventReader, now: datetime) -> list[SourceHealth]:
    """The health of every source from what the store remembers of its runs."""
    return examine(region, store.runs(most=max(SEASON_RUNS, CHART)), now, store.held())


def watch(
    region: Region, store: EventReader, data: Path, settings: AlarmSettings, now: datetime, report: Report
) -> tuple[list[SourceHealth], list[Alarm]]:
    """The health of every source and the alarms; what is new was told through the settings' channels."""
    healths = look(region, store, now)
    return healths, _tell(data, find_causes(healths, now), settings, now, report)


def watch_failure(
    error: TrekError, data: Path, settings: AlarmSettings, now: datetime, report: Report
) -> list[Alarm]:
    """The alarms after a job that could not be done at all; over with the next job that can."""
    own = Alarm(f"job:{type(error).__name__}", str(error), error.hint or "see the line above", now)
    going = [a for a in load_alarms(data / ALARMS) if a.over is None and a.key != own.key]
    return _tell(data, [*going, own], settings, now, report)


def _tell(
    data: Path, causes: list[Alarm], settings: AlarmSettings, now: datetime, report: Report
) -> list[Alarm]:
    send = channels(settings)
    path = data / ALARMS
    alarms = update(load_alarms(path), causes, now, tuple(send))
    try:
        save_alarms(path, alarms)  # before they are told: better once too often than never
        alarms = deliver(alarms, send, report)
        save_alarms(path, alarms)
    except OSError as error:
        report(f"{path}: cannot be written ({error.strerror}); alarms may be told twice")
    return alarms
