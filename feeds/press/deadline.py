"""When a paper's list is ready, and which days it covers. Pure: from configuration and the day alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from aggregator.clock import AMSTERDAM

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with its deadline: `weekday` 0 is Monday; the list is ready `ahead` days before.

    It covers `days` days, the first of them `start` days after the deadline. `municipality` None:
    for every municipality and the region.
    """

    id: str
    name: str
    weekday: int
    at: time
    municipality: str | None = None
    ahead: int = 1
    start: int = 1
    days: int = 7


@dataclass(frozen=True, slots=True)
class Edition:
    """One list of a paper: ready from `ready`, due at `due`, about the days `first` to `last`."""

    paper: Paper
    ready: datetime
    due: datetime
    first: date
    last: date

    @property
    def id(self) -> str:
        """Permanent."""
        return f"{self.paper.id}-{self.due:%Y-%m-%d}"


def edition_of(paper: Paper, today: date) -> Edition:
    """The newest edition that is ready on a day."""
    since = (today + timedelta(days=paper.ahead)).weekday() - paper.weekday
    deadline = today + timedelta(days=paper.ahead - since % 7)
    ready = datetime.combine(deadline - timedelta(days=paper.ahead), time(), AMSTERDAM)
    first = deadline + timedelta(days=paper.start)
    return Edition(
        paper,
        ready,
        datetime.combine(deadline, paper.at, AMSTERDAM),
        first,
        first + timedelta(days=paper.days - 1),
    )
