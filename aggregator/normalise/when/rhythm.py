"""One rhythm: an RFC 5545 rule (§3.3.10) and its first day.

>>> rule = Rule("WEEKLY", weekdays=(1,), until=date(2027, 3, 30))
>>> rule.text(timed=True), rule.first(date(2026, 11, 23))
('FREQ=WEEKLY;BYDAY=TU;UNTIL=20270330T235959', datetime.date(2026, 11, 24))
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from aggregator.normalise.when.holiday import nth_weekday
from aggregator.normalise.when.item import Clock, Day

NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FARTHEST = 366 * 9  # days looked ahead for a first occurrence: 29 February recurs within eight years


@dataclass(slots=True)
class Rule:
    """One rhythm: a frequency and what it is bound to. `anchor` is the week that counts for "om de week"."""

    freq: str
    interval: int = 1
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    nth: tuple[tuple[int, int], ...] = ()
    begin: date | None = None
    until: date | None = None
    parity: int | None = None
    clocks: list[Clock] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)

    def first(self, today: date) -> date | None:
        """The first day on or after the later of today and the begin; an ended one gives its very first."""
        start = max(today, self.begin) if self.begin else today
        found = self._from(start)
        if found is not None and self.until is not None and found > self.until:
            found = self._from(self.begin) if self.begin else None
        return found

    def _from(self, start: date) -> date | None:
        day, step = start, timedelta(days=1)
        try:
            for _ in range(FARTHEST):
                if self._holds(day):
                    return day
                day += step
        except OverflowError:
            pass
        return None

    def _holds(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.month_days and day.day not in self.month_days:
            return False
        if self.nth:
            return any(nth_weekday(day.year, day.month, weekday, n) == day for n, weekday in self.nth)
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        if self.freq == "WEEKLY" and self.interval > 1:
            if self.parity is not None:
                return day.isocalendar().week % 2 == self.parity
            if self.begin is not None:
                weeks = (
                    day - timedelta(days=day.weekday()) - self.begin + timedelta(days=self.begin.weekday())
                ).days // 7
                return weeks % self.interval == 0
        return True

    def text(self, timed: bool) -> str:
        """The rule as RFC 5545 writes it."""
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.months:
            parts.append("BYMONTH=" + ",".join(map(str, self.months)))
        if self.month_days:
            parts.append("BYMONTHDAY=" + ",".join(map(str, self.month_days)))
        if self.nth:
            parts.append("BYDAY=" + ",".join(f"{n}{NAMES[weekday]}" for n, weekday in self.nth))
        elif self.weekdays:
            parts.append("BYDAY=" + ",".join(NAMES[weekday] for weekday in self.weekdays))
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}" + ("T235959" if timed else ""))
        return ";".join(parts)
