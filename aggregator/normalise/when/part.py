"""The part of the day: an hour of twelve becomes one of twenty-four.

>>> settle(510, "morning", True), settle(510, "evening", True), settle(510, None, True)
(510, 1230, 1230)
>>> settle_end(1260, 180, None, False), settle_end(840, 270, "afternoon", True)
(1620, 990)
"""

from __future__ import annotations

from aggregator.normalise.when.item import Clock, Day, Scan


def settle(minute: int, part: str | None, word: bool) -> int:
    """Minutes on the 24-hour clock of an hour of twelve, by the part of the day around it.

    Without any part an hour in words before ten is in the evening or afternoon: "om half negen" is 20:30.
    """
    if minute >= 780 or (part is None and not word):
        return minute
    if part is None:
        return minute + 720 if minute < 600 else minute
    if part == "evening":
        return minute + 720 if 240 <= minute < 720 else minute
    if part == "afternoon":
        return minute + 720 if minute < 420 else minute
    if part == "night":
        return minute + 720 if 540 <= minute <= 720 else minute
    return minute


def settle_end(start: int, end: int, part: str | None, word: bool) -> int:
    """The end in minutes after the midnight of the start: later than the start, past midnight if need be."""
    if end <= start and (part is not None or word) and start < end + 720 <= start + 720 and end <= 720:
        return end + 720
    return end if end > start else end + 1440


def part_around(s: Scan, clock: Clock, days: list[Day]) -> str | None:
    """The part of the day of a clock time: its own, its day's, else the only one in the text."""
    if clock.part is not None:
        return clock.part
    for day in days:
        if day.part is not None:
            return day.part
    if not clock.word:
        return None
    return s.only_part()
