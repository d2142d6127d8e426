"""Where a clause and a segment end, and which days stand together in them.

A clause ends at a sentence end, a new line, a bar, a bracket; a segment also at a comma or a spaced dash.

>>> from aggregator.normalise.when.token import read_tokens
>>> tokens = read_tokens("kaarten, za 3 mei. zaal (klein)")
>>> Borders(tokens).clause[:9]
[0, 0, 0, 0, 0, 0, 1, 2, 2]
>>> [ends_sentence(tokens, k) for k, token in enumerate(tokens) if token.text == "."]
[True]
"""

from __future__ import annotations

from bisect import bisect_left

from aggregator.normalise.when.clean import STRUCK, UNSTRUCK
from aggregator.normalise.when.item import Clock, Day, Scan
from aggregator.normalise.when.token import Token

# Classes of words that are asked for together.
AFTER_NUMBER = frozenset(("holiday_numbered", "month", "month_short", "range"))
SHORT_NAMES = frozenset(("month_short", "weekday_short"))
JOINING = frozenset(("list", "range", "stop", "suffix"))


class Borders:
    """The number of the clause and of the segment in which each token stands."""

    def __init__(self, tokens: list[Token]) -> None:
        self.clause: list[int] = []
        self.segment: list[int] = []
        clause = segment = 0
        for k, token in enumerate(tokens):
            if token.gap == 2 or token.text in ("(", "["):
                clause, segment = clause + 1, segment + 1
            self.clause.append(clause)
            self.segment.append(segment)
            if token.text in ("!", "?", ";", "|", ")", "]", STRUCK, UNSTRUCK) or (
                token.text == "." and ends_sentence(tokens, k)
            ):
                clause, segment = clause + 1, segment + 1
            elif token.text == "," or (token.text == "-" and token.gap and tokens[k + 1].gap):
                segment += 1


def ends_sentence(t: list[Token], k: int) -> bool:
    """Whether the point at `k` ends a sentence rather than an abbreviation or "24. Dezember"."""
    if t[k].text != "." or k == 0 or k + 1 >= len(t) or not t[k + 1].gap:
        return False
    before, after = t[k - 1], t[k + 1]
    if before.number >= 0:
        tied = after.number >= 0 or not AFTER_NUMBER.isdisjoint(after.means)
        return not tied or t[k - 2].text == ":"
    short = not SHORT_NAMES.isdisjoint(before.means) and "month" not in before.means
    return not short and (
        len(before.text) > 3 or before.text == "uur" or "month" in before.means or not before.text.isalpha()
    )


class Group:
    """Days that only signs and small words join, with the items they span."""

    def __init__(self, first: int, day: Day) -> None:
        self.first, self.last = first, first
        self.days = [day]
        self.range = False

    @property
    def i(self) -> int:
        """The first token."""
        return self.days[0].i


def _groups(s: Scan, borders: Borders) -> list[Group]:
    """All groups of days in printed order."""
    groups: list[Group] = []
    open_group: Group | None = None
    for k, item in enumerate(s.items):
        if isinstance(item, Day):
            joined = (
                open_group is not None and borders.clause[open_group.days[-1].i] == borders.clause[item.i]
            )
            if joined and item.bare and open_group is not None and open_group.range:
                joined = borders.segment[open_group.days[-1].i] == borders.segment[item.i]
            if open_group is not None and joined and _tied(s.tokens, open_group.days[-1].j, item.i):
                open_group.days.append(item)
                open_group.last = k
            else:
                open_group = Group(k, item)
                groups.append(open_group)
        elif isinstance(item, Clock):
            open_group = None
        elif open_group is not None and item.kind == "range":
            open_group.range = True
    return groups


def _tied(t: list[Token], start: int, end: int) -> bool:
    return all(
        token.text in ",.-/&+" or (token.text != "nu" and not JOINING.isdisjoint(token.means))
        for token in t[start:end]
    )


class Layout:
    """A text by its clauses: the groups of days and the clock times in each clause and segment."""

    def __init__(self, s: Scan) -> None:
        self.borders = Borders(s.tokens)
        self.by_first: dict[int, Group] = {}
        self.groups: dict[int, list[Group]] = {}
        self.clocks: dict[int, list[Clock]] = {}
        for group in _groups(s, self.borders):
            self.by_first[group.first] = group
            self.groups.setdefault(self.borders.clause[group.i], []).append(group)
        for item in s.items:
            if isinstance(item, Clock):
                self.clocks.setdefault(self.borders.segment[item.i], []).append(item)

    def in_clause(self, clause: int) -> list[Group]:
        """The groups of a clause that still count, in printed order."""
        return self.groups.get(clause, [])

    def remove(self, group: Group) -> None:
        """Forgets a group that was dropped."""
        self.groups[self.borders.clause[group.i]].remove(group)

    def lives(self, segment: int, clause: int, i: int) -> bool:
        """Whether a group beside token `i` in the same segment still counts."""
        live = self.in_clause(clause)
        place = bisect_left(live, i, key=lambda group: group.i)
        return any(self.borders.segment[group.i] == segment for group in live[max(0, place - 1) : place + 1])

    def drop_clocks(self, segment: int) -> None:
        """Drops all clock times of a segment."""
        for clock in self.clocks.pop(segment, []):
            clock.dead = True
