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
    find_dates,
    load_alarms,
    save_alarms,
    update,
)
from aggregator.errors import TrekError
from aggregator.health import CHART, SourceHealth, examine
from aggregator.refused import load_refused, unanswered, waiting
from aggregator.region import Region
from aggregator.store.protocol import EventReader

ALARMS = "alarms.json"
SEASON_RUNS = 800  # runs looked back on, so that a daily source's last summer is among them
Report = Callable[[str], None]


def look(region: Region, store: EventReader, data: Path, now: datetime) -> list[SourceHealth]:
    """The health of every source from what the store remembers of its runs and a person said of them.

    StoreError when what a person refused cannot be read.
    """
    held, refused = store.held(), load_refused(data)
    asked = {wait.name for wait in unanswered(waiting(held, ()), refused)}
    return examine(region, store.runs(most=max(SEASON_RUNS, CHART)), now, held, held.keys() - asked)


def watch(
    region: Region, store: EventReader, data: Path, settings: AlarmSettings, now: datetime, report: Report
) -> tuple[list[SourceHealth], list[Alarm]]:
    """The health of every source and the alarms; what is new was told through the settings' channels."""
    healths = look(region, store, data, now)
    dates = unanswered(waiting({}, store.rejects()), load_refused(data))
    causes = [*find_causes(healths, now), *find_dates(dates, now)]
    return healths, _tell(data, causes, settings, now, report)


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
