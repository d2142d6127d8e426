"""Exact figures for printed dates: `dates.jsonl` by group, `dates_real.jsonl` by kind.

An example of `dates.jsonl` is right when its list of (start, end, rrule) is equal; rules compare by their
parts. Doors are counted apart, over the examples in which a doors time was printed or read. A phrase of
`dates_real.jsonl` is right when each of its reference dates, taken as today, gives the labelled days.

>>> rule_parts("FREQ=WEEKLY;BYDAY=TU") == rule_parts("BYDAY=TU;FREQ=WEEKLY")
True
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from aggregator.errors import TrekError
from aggregator.normalise.when import When, WhenOccurrence, parse_when
from aggregator.score.table import Row

FIRST_MISSES = 5
Reader = Callable[[str, date], When]


def score_dates(folder: Path, read: Reader = parse_when) -> list[Row]:
    """The rows of both sets in a folder laid out like the labelled sets; an absent file gives no rows."""
    return [*_labelled(folder / "dates.jsonl", read), *_real(folder / "dates_real.jsonl", read)]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise TrekError(
                    f"{path}, line {number}: no JSON object ({error}); write one object a line"
                ) from error


class _Count:
    def __init__(self) -> None:
        self.right = self.total = 0
        self.misses: list[str] = []

    def add(self, good: bool, miss: str) -> None:
        self.total += 1
        self.right += good
        if not good:
            self.misses.append(miss)

    def row(self, name: str, group: str, measure: str) -> Row:
        return Row(name, group, measure, self.right, self.total, tuple(self.misses[:FIRST_MISSES]))


def _labelled(path: Path, read: Reader) -> list[Row]:
    exact: dict[str, _Count] = {}
    doors: dict[str, _Count] = {}
    for line in _lines(path):
        group = line["group"]
        got = [as_json(one) for one in read(line["text"], date.fromisoformat(line["today"])).occurrences]
        want = line["expect"]
        miss = f"{line['id']} {line['text']!r}: expected {_brief(want)}, got {_brief(got)}"
        good = [_times(one) for one in got] == [_times(one) for one in want]
        exact.setdefault(group, _Count()).add(good, miss)
        printed = any(one["doors"] for one in [*want, *got])
        if printed:
            same = [one["doors"] for one in got] == [one["doors"] for one in want]
            doors.setdefault(group, _Count()).add(same, miss)
    return [*_rows("dates", "exact", exact), *_rows("dates", "doors", doors)]


def _real(path: Path, read: Reader) -> list[Row]:
    exact: dict[str, _Count] = {}
    for line in _lines(path):
        want = [line["dates"]] if "dates" in line else [[line["start"], line["end"]]]
        for today in line["reference_dates"]:
            got = [as_json(one) for one in read(line["phrase"], date.fromisoformat(today)).occurrences]
            if "dates" in line:
                good = [one["start"] for one in got] == want[0] and not any(one["end"] for one in got)
            else:
                good = [[one["start"], one["end"]] for one in got] == want
            if not good:
                break
        miss = f"{line['id']} {line['phrase']!r} on {today}: expected {want[0]}, got {_brief(got)}"
        exact.setdefault(line["kind"], _Count()).add(good, miss)
    return _rows("dates_real", "exact", exact)


def _rows(name: str, measure: str, counts: dict[str, _Count]) -> list[Row]:
    rows = [count.row(name, group, measure) for group, count in counts.items()]
    right, total = sum(row.right for row in rows), sum(row.total for row in rows)
    return [*rows, Row(name, "all", measure, right, total)] if rows else []


def as_json(one: WhenOccurrence) -> dict[str, str | None]:
    """An occurrence as labelled: minutes precision, no offset, a day without a time as a date."""
    return {
        "start": _moment(one.start),
        "end": _moment(one.end),
        "doors": None if one.doors is None else f"{one.doors:%H:%M}",
        "rrule": one.rrule,
    }


def _moment(moment: date | datetime | None) -> str | None:
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="minutes")
    return None if moment is None else moment.isoformat()


def rule_parts(rule: str | None) -> frozenset[str]:
    """The parts of a rule, in any order; UNTIL by its date."""
    parts = (rule or "").split(";")
    return frozenset(part[:14] if part.startswith("UNTIL=") else part for part in parts)


def _times(one: dict[str, str | None]) -> tuple[str | None, str | None, frozenset[str]]:
    return one["start"], one["end"], rule_parts(one["rrule"])


def _brief(entries: list[dict[str, str | None]]) -> str:
    return (
        "; ".join(
            f"{one['start']}..{one['end']}"
            + (f" doors {one['doors']}" if one["doors"] else "")
            + (f" {one['rrule']}" if one["rrule"] else "")
            for one in entries
        )
        or "nothing"
    )
