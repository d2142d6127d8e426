"""Dates and times that a newer one replaces: moved, struck out, "was", "i.p.v.".

When no new date is printed the old one stays.

>>> from datetime import date
>>> from aggregator.normalise.when.drop import drop_dates
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text):
...     s = scan_text(text, date(2026, 11, 23))
...     drop_dates(s)
...     return [i.day for i in s.items if isinstance(i, Day) and not i.dead]
>>> show("<s>28 nov</s> 5 dec"), show("5 dec i.p.v. 28 nov"), show("uitgesteld, was 28 nov")
([5], [5], [28])
"""

from __future__ import annotations

from bisect import bisect_left

from aggregator.normalise.when.border import Layout
from aggregator.normalise.when.clean import STRUCK
from aggregator.normalise.when.item import Clock, Day, Mark, Scan


def drop_old(s: Scan, marks: list[Mark], layout: Layout) -> None:
    """Marks old days and times, and drops them when there is a newer one."""
    moves = [mark for mark in marks if mark.kind == "moved"]
    moved = any(mark.value in ("moved", "resched", "from") for mark in moves)
    targets = [mark for mark in moves if mark.value in ("to", "resched")] if moved else []
    if moved:  # the English "to" is a range word too
        targets += [
            i for i in s.items if isinstance(i, Mark) and i.kind == "range" and "moved" in s.tokens[i.i].means
        ]
    last_day = max((item.i for item in s.items if isinstance(item, Day) and not item.dead), default=-1)
    last_clock = max((item.i for item in s.items if isinstance(item, Clock)), default=-1)
    to = max((mark.i for mark in targets if max(last_day, last_clock) > mark.i), default=-1)
    olds = _before(s, targets, last_day, last_clock)
    starts = [item.i for item in s.items]
    for mark in moves:
        if mark.value == "old" or (mark.value == "from" and to < mark.i):
            olds += _after(s, mark, layout, bisect_left(starts, mark.j))
    olds += _struck(s)
    for item in olds:
        item.old = True
    if olds:
        _drop(s)


def _drop(s: Scan) -> None:
    new_day = any(isinstance(item, Day) and not item.dead and not item.old for item in s.items)
    new_clock = any(isinstance(item, Clock) and not item.dead and not item.old for item in s.items)
    for item in s.items:
        if (isinstance(item, Day) and item.old and new_day) or (
            isinstance(item, Clock) and item.old and (new_day or new_clock)
        ):
            item.dead = True


def _after(s: Scan, mark: Mark, layout: Layout, k: int) -> list[Day | Clock]:
    """The first days after "was" with the time glued to them, or the first time."""
    clauses = layout.borders.clause
    found: list[Day | Clock] = []
    edge = -1
    while k < len(s.items):
        item = s.items[k]
        if clauses[item.i] not in (clauses[mark.i], clauses[mark.i] + 1):
            break
        if isinstance(item, Clock):
            if not found or all("at" in token.means for token in s.tokens[edge : item.i]):
                found.append(item)
            break
        if isinstance(item, Day):
            group = layout.by_first.get(k)
            if found or group is None:
                break
            found += group.days
            edge, k = group.days[-1].j, group.last
        k += 1
    return found


def _before(s: Scan, targets: list[Mark], last_day: int, last_clock: int) -> list[Day | Clock]:
    """Everything before the last "naar" that a day follows; only the times when but a time follows."""
    day_to = max((mark.i for mark in targets if last_day > mark.i), default=-1)
    clock_to = max((mark.i for mark in targets if last_clock > mark.i and last_day < mark.i), default=-1)
    return [
        item
        for item in s.items
        if not isinstance(item, Mark)
        and (item.j <= day_to or (isinstance(item, Clock) and item.j <= clock_to))
    ]


def _struck(s: Scan) -> list[Day | Clock]:
    found: list[Day | Clock] = []
    struck = False
    for item in s.items:
        if isinstance(item, Mark):
            if item.kind == "struck":
                struck = item.value == STRUCK
        elif struck:
            found.append(item)
    return found
