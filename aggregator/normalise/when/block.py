"""Blocks: days with the clock times that belong to them.

Times follow their days ("za 10 okt 20.15 | zo 11 okt 14.30"); a time after a list holds for the whole
list; times before the first day belong to it, and when the last day has none, each time belongs to the
day after it. In "za 31 okt 23:00 - zo 1 nov 05:00" the times belong to the ends of the range.

>>> from datetime import date
>>> from aggregator.normalise.when.link import link_days
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text):
...     s = scan_text(text, date(2026, 6, 30))
...     return [([d.day for d in b.days], [str(c) for c in b.clocks]) for b in read_blocks(s, link_days(s))]
>>> show("2, 3 en 8 okt 20.00 uur, 9 okt 14.00 en 16.00 uur")
[([2, 3, 8], ['20:00']), ([9], ['14:00', '16:00'])]
>>> show("20.00 uur 2 okt, 14.00 uur 3 okt")
[([2], ['20:00']), ([3], ['14:00'])]
"""

from __future__ import annotations

from dataclasses import dataclass, field

from aggregator.normalise.when.item import Clock, Day, Scan


@dataclass(slots=True)
class Block:
    """Days, all dated or all bare weekdays, and their clock times.

    `split` is the number of clock times that were printed before the last day of a range.
    """

    days: list[Day]
    clocks: list[Clock] = field(default_factory=list)
    split: int = 0

    @property
    def dated(self) -> bool:
        """Whether the days are dates rather than weekdays."""
        return self.days[0].dated


def read_blocks(s: Scan, days: list[Day]) -> list[Block]:
    """The blocks of a text in printed order; `days` are those that count."""
    chosen = {id(day) for day in days}
    blocks: list[Block] = []
    lead: list[Clock] = []
    for item in s.items:
        if isinstance(item, Clock):
            if not item.dead:
                (blocks[-1].clocks if blocks else lead).append(item)
        elif isinstance(item, Day) and id(item) in chosen:
            _add(blocks, item)
    if lead and blocks:
        _give_lead(blocks, lead)
    return blocks


def _add(blocks: list[Block], day: Day) -> None:
    last = blocks[-1] if blocks else None
    if last is None or last.dated != day.dated:
        blocks.append(Block([day]))
    elif not last.clocks:
        last.days.append(day)
    elif day.link == "range" and day.dated and len(last.clocks) == 1 and last.clocks[0].end is None:
        last.split = len(last.clocks)
        last.days.append(day)
    else:
        blocks.append(Block([day]))


def _give_lead(blocks: list[Block], lead: list[Clock]) -> None:
    if len(blocks) > 1 and not blocks[-1].clocks and all(block.clocks for block in blocks[:-1]):
        for block in blocks:
            block.clocks, lead = lead, block.clocks
    else:
        blocks[0].clocks = lead + blocks[0].clocks
