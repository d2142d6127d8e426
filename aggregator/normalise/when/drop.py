"""Dates that are no event dates: sale starts, deadlines, stamps, closing days, history, old dates.

A clause ends at a sentence end, a new line, a bar, a bracket; a segment also at a comma or a spaced
dash. A word of `[drop_near]` drops the dates beside it in its segment, a word of `[drop_deadline]` only
those that a deadline word gives, an office word its whole clause. A moved event keeps the new date.

>>> from datetime import date
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text):
...     s = scan_text(text, date(2026, 11, 23))
...     drop_dates(s)
...     return [(i.day, i.month) for i in s.items if isinstance(i, Day) and not i.dead]
>>> show("Kaartverkoop vanaf 1 oktober, concert op 12 december")
[(12, 12)]
>>> show("Aanmelden voor 1 maart. Meld je aan voor de workshop op 9 maart.")
[(9, 3)]
>>> show("Verplaatst van 28 nov naar 5 dec"), show("UITGESTELD, was 12 dec")
([(5, 12)], [(12, 12)])
"""

from __future__ import annotations

from aggregator.normalise.when.clean import STRUCK, UNSTRUCK
from aggregator.normalise.when.item import Clock, Day, Item, Mark, Scan
from aggregator.normalise.when.token import Token

HISTORY_YEARS = 12  # a printed year longer ago tells history, not an agenda
TRIGGERS = frozenset(("drop_near", "drop_deadline", "moved", "struck"))


def drop_dates(s: Scan) -> None:
    """Marks the days and clocks of `s` that are no event, or no longer its date, as dead."""
    for item in s.items:
        if isinstance(item, Day) and item.year is not None and item.year < s.today.year - HISTORY_YEARS:
            item.dead = True
    marks = [item for item in s.items if isinstance(item, Mark) and item.kind in TRIGGERS]
    if not marks:
        return
    borders = Borders(s.tokens)
    groups = _groups(s, borders)
    for mark in marks:
        if mark.kind == "drop_near":
            _drop_near(s, mark, groups, borders)
        elif mark.kind == "drop_deadline":
            _drop_deadline(s, mark, groups, borders)
    _drop_old(s, marks, groups, borders)


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
            if token.text in ("!", "?", ";", "|", ")", "]", STRUCK, UNSTRUCK) or ends_sentence(tokens, k):
                clause, segment = clause + 1, segment + 1
            elif token.text == "," or (token.text == "-" and token.gap and tokens[k + 1].gap):
                segment += 1


def ends_sentence(t: list[Token], k: int) -> bool:
    """Whether the point at `k` ends a sentence rather than an abbreviation or "24. Dezember"."""
    if t[k].text != "." or k == 0 or k + 1 >= len(t) or not t[k + 1].gap:
        return False
    before, after = t[k - 1], t[k + 1]
    if before.number >= 0:
        tied = after.number >= 0 or after.means.keys() & {"month", "month_short", "range", "holiday_numbered"}
        return not tied or t[k - 2].text == ":"
    short = before.means.keys() & {"weekday_short", "month_short"} and "month" not in before.means
    return not short and (len(before.text) > 3 or before.text == "uur" or not before.text.isalpha())


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
    groups: list[Group] = []
    open_group: Group | None = None
    for k, item in enumerate(s.items):
        if isinstance(item, Day):
            joined = (
                open_group is not None and borders.clause[open_group.days[-1].i] == borders.clause[item.i]
            )
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
        token.text in ",.-/&+"
        or token.text != "nu"
        and token.means.keys() & {"list", "range", "stop", "suffix"}
        for token in t[start:end]
    )


def _kill(s: Scan, group: Group, clocks: bool = True) -> None:
    """Drops the days of a group and the clock times that follow it."""
    for day in group.days:
        day.dead = True
    if not clocks:
        return
    k = group.last + 1
    edge = group.days[-1].j
    while k < len(s.items):
        item = s.items[k]
        if isinstance(item, Clock) and item.i - edge < 4:
            item.dead, edge = True, item.j
        elif not (isinstance(item, Mark) and item.kind in ("list", "range", "begin", "part")):
            return
        k += 1


def _drop_near(s: Scan, mark: Mark, groups: list[Group], borders: Borders) -> None:
    clause, segment = borders.clause[mark.i], borders.segment[mark.i]
    if mark.value == "office":
        _drop_clause(s, clause, borders)
        return
    live = [group for group in groups if not group.days[0].dead and borders.clause[group.i] == clause]
    near = [group for group in live if borders.segment[group.i] == segment]
    after = [group for group in near if group.i >= mark.j]
    if mark.value in ("history", "procedure"):
        after = after or [group for group in live if group.i >= mark.j]
    if not near and not after:
        after = [g for g in live if g.i >= mark.j and _given(s.tokens, g.i, ("before", "register"))]
        if not live:
            after = _on_next_line(s, mark, groups, borders)
    chosen = after[0] if after else near[-1] if near else None
    if chosen is None:
        _drop_clocks(s, segment, borders)
        return
    if mark.value == "closed" and chosen.days[0].bare:
        _kill(s, chosen, clocks=False)
        return
    _kill(s, chosen)
    if not any(not group.days[0].dead for group in near):
        _drop_clocks(s, segment, borders)


def _on_next_line(s: Scan, mark: Mark, groups: list[Group], borders: Borders) -> list[Group]:
    """A label that ends its line or cell speaks of the next one: "Gepubliceerd" / "3 november 2026"."""
    bracket = s.tokens[mark.j].text == "("
    ends = borders.clause[mark.j] != borders.clause[mark.i] or s.tokens[mark.j].text in (":", "|")
    following = [
        group
        for group in groups
        if group.i >= mark.j and borders.clause[group.i] == borders.clause[mark.i] + 1
    ]
    return following if bracket or (ends and mark.value in ("stamp", "deadline")) else []


def _drop_clocks(s: Scan, segment: int, borders: Borders) -> None:
    for item in s.items:
        if isinstance(item, Clock) and borders.segment[item.i] == segment:
            item.dead = True


def _drop_clause(s: Scan, clause: int, borders: Borders) -> None:
    """Office hours: everything in the clause, or in the next one when it holds nothing."""
    for number in (clause, clause + 1, clause + 2):
        inside = [i for i in s.items if not isinstance(i, Mark) and borders.clause[i.i] == number]
        for item in inside:
            item.dead = True
        if inside:
            for mark in s.items:
                if (
                    isinstance(mark, Mark)
                    and borders.clause[mark.i] == number
                    and mark.kind in ("every", "frequency", "days")
                ):
                    mark.kind = "dropped"
            return


def _given(t: list[Token], i: int, kinds: tuple[str, ...]) -> bool:
    """Whether a deadline word of one of the kinds stands directly before token `i`."""
    k = i - 1
    while k >= 0 and ("stop" in t[k].means or t[k].text in ("(", "'")) and k > i - 4:
        k -= 1
    if k < 0:
        return False
    return str(t[k].means.get("deadline_word")) in kinds


def _drop_deadline(s: Scan, mark: Mark, groups: list[Group], borders: Borders) -> None:
    clause, segment, t = borders.clause[mark.i], borders.segment[mark.i], s.tokens
    kinds = ("before", "register") if mark.value == "register" else ("before",)
    for group in groups:
        if borders.clause[group.i] != clause or group.days[0].dead:
            continue
        if group.i < mark.i and borders.segment[group.i] != segment:
            continue
        colon = mark.value == "register" and t[mark.j].text == ":" and group.i == mark.j + 1
        period = group.range and _given(t, group.i, ("period",))
        if colon or period or _given(t, group.i, kinds):
            _kill(s, group)


def _drop_old(s: Scan, marks: list[Mark], groups: list[Group], borders: Borders) -> None:
    """Dates and times that a newer one replaces."""
    olds: list[Day | Clock] = []
    moved = [m for m in marks if m.kind == "moved" and m.value in ("moved", "resched", "from")]
    for mark in marks:
        if mark.kind == "moved" and (
            mark.value == "old" or (mark.value == "from" and not _told_to(s, marks, mark))
        ):
            olds += _next_in_clause(s, mark, groups, borders)
        elif mark.kind == "moved" and mark.value in ("to", "resched") and moved:
            olds += _before(s, mark)
    if moved:
        words = [
            i for i in s.items if isinstance(i, Mark) and i.kind == "range" and "moved" in s.tokens[i.i].means
        ]
        for mark in words:  # the English "to" is a range word too
            olds += _before(s, mark)
    olds += _struck(s)
    if not olds:
        return
    for item in olds:
        item.old = True
    days = [item for item in s.items if isinstance(item, Day) and not item.dead]
    new_day = any(not day.old for day in days)
    for item in s.items:
        if isinstance(item, Day) and item.old and new_day:
            item.dead = True
        elif isinstance(item, Clock) and item.old and (new_day or _has_new_clock(s)):
            item.dead = True


def _told_to(s: Scan, marks: list[Mark], mark: Mark) -> bool:
    """Whether "naar" follows, and a day or time after it."""
    to = next((m for m in marks if m.kind == "moved" and m.value == "to" and m.i >= mark.j), None)
    return to is not None and any(not isinstance(item, Mark) and item.i >= to.j for item in s.items)


def _has_new_clock(s: Scan) -> bool:
    return any(isinstance(item, Clock) and not item.dead and not item.old for item in s.items)


def _next_in_clause(s: Scan, mark: Mark, groups: list[Group], borders: Borders) -> list[Day | Clock]:
    clause = borders.clause[mark.i]
    found: list[Day | Clock] = []
    edge = -1
    for k, item in enumerate(s.items):
        if isinstance(item, Mark) or item.i < mark.j or borders.clause[item.i] not in (clause, clause + 1):
            continue
        if isinstance(item, Clock):
            if not found or all("at" in token.means for token in s.tokens[edge : item.i]):
                found.append(item)
            break
        group = next((g for g in groups if g.first == k), None)
        if found or group is None:
            break
        found += group.days
        edge = group.days[-1].j
    return found


def _before(s: Scan, mark: Mark) -> list[Day | Clock]:
    """Everything before "naar", when a day follows it."""
    after = any(isinstance(item, Day) and item.i >= mark.j and not item.dead for item in s.items)
    if not after:
        clock = any(isinstance(item, Clock) and item.i >= mark.j for item in s.items)
        return [item for item in s.items if clock and isinstance(item, Clock) and item.j <= mark.i]
    return [item for item in s.items if not isinstance(item, Mark) and item.j <= mark.i]


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


def is_live(item: Item) -> bool:
    """Whether an item is a day or a clock that still counts."""
    return not isinstance(item, Mark) and not item.dead
