"""Dates that are no event dates: sale starts, deadlines, stamps, closing days, history, old dates.

A word of `[drop_near]` drops the dates beside it in its segment, a word of `[drop_deadline]` only those
that a deadline word gives, an office word its whole clause. A moved event keeps the new date (`old.py`).

>>> from datetime import date
>>> from aggregator.normalise.when.item import Day
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

from bisect import bisect_left

from aggregator.normalise.when.border import Group, Layout
from aggregator.normalise.when.digit import CURRENCY
from aggregator.normalise.when.item import Clock, Mark, Scan
from aggregator.normalise.when.old import drop_old
from aggregator.normalise.when.token import Token
from aggregator.normalise.when.year import find_day

HISTORY_YEARS = 12  # a printed year longer ago tells history, not an agenda
QUIET = frozenset(("duration", "stop", "label"))
TRIGGERS = frozenset(("drop_near", "drop_deadline", "moved", "struck"))


def drop_dates(s: Scan) -> None:
    """Marks the days and clocks of `s` that are no event, or no longer its date, as dead."""
    oldest = s.today.year - HISTORY_YEARS
    for day in s.days:
        if day.year is not None and day.year < oldest:
            day.dead = True
    if TRIGGERS.isdisjoint(s.kinds):
        return
    marks = [item for item in s.items if isinstance(item, Mark) and item.kind in TRIGGERS]
    layout = Layout(s)
    offices: set[int] = set()
    for mark in marks:
        if mark.kind == "drop_near":
            if mark.value == "office":
                offices.add(layout.borders.clause[mark.i])
            elif mark.value == "rubric":
                _drop_stamp(s, mark, layout)
            else:
                _drop_near(s, mark, layout)
        elif mark.kind == "drop_deadline":
            _drop_deadline(s, mark, layout)
    if offices:
        _drop_offices(s, offices, layout)
    drop_old(s, marks, layout)


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


def _drop_near(s: Scan, mark: Mark, layout: Layout) -> None:
    if mark.value == "sale" and _priced(s.tokens, mark.j):
        return
    clause, segment = layout.borders.clause[mark.i], layout.borders.segment[mark.i]
    live = layout.in_clause(clause)
    place = bisect_left(live, mark.j, key=_first_token)
    after = live[place] if place < len(live) else None
    before = live[place - 1] if place else None
    chosen = after if after is not None and layout.borders.segment[after.i] == segment else None
    if chosen is None and mark.value in ("history", "procedure"):
        chosen = after
    if chosen is None and before is not None and layout.borders.segment[before.i] == segment:
        chosen = before
    elif chosen is None and not live:
        chosen = _on_next_line(s, mark, layout)
    elif chosen is None and after is not None and _given(s.tokens, after.i, ("before", "register")):
        chosen = after
    if chosen is not None:
        bare = mark.value == "closed" and chosen.days[0].bare
        _kill(s, chosen, clocks=not bare)
        layout.remove(chosen)
        if bare:
            return
    if not layout.lives(segment, clause, mark.j):
        layout.drop_clocks(segment)


def _drop_stamp(s: Scan, mark: Mark, layout: Layout) -> None:
    """Nieuws | 3 november 2026; 3 november 2026 - leestijd 3 min: one day beside it that is not to come."""
    clauses = layout.borders.clause
    near = range(clauses[mark.i] - 1, clauses[mark.i] + 3)
    groups = [group for clause in near for group in layout.in_clause(clause) if len(group.days) == 1]
    for group in groups:
        day = group.days[0]
        start, end = (day.j, mark.i) if day.i < mark.i else (mark.j, day.i)
        found = find_day(day, s.today) if day.dated and end - start < 6 else None
        if found is not None and found <= s.today and _signs_only(s.tokens[start:end]):
            _kill(s, group)
            layout.remove(group)
            return


def _signs_only(between: list[Token]) -> bool:
    return all(not token.text[:1].isalpha() or not QUIET.isdisjoint(token.means) for token in between)


def _priced(t: list[Token], j: int) -> bool:
    """ "voorverkoop € 12,50": a price, not the start of the sale."""
    j += t[j].text == ":"
    return t[j].text in CURRENCY or (t[j].number >= 0 and t[j + 1].text == "," and not t[j + 1].gap)


def _first_token(group: Group) -> int:
    return group.i


def _on_next_line(s: Scan, mark: Mark, layout: Layout) -> Group | None:
    """A label that ends its line or cell speaks of the next one: "Gepubliceerd" / "3 november 2026"."""
    clauses = layout.borders.clause
    bracket = s.tokens[mark.j].text == "("
    ends = clauses[mark.j] != clauses[mark.i] or s.tokens[mark.j].text in (":", "|")
    if bracket or (ends and mark.value in ("stamp", "deadline")):
        return next(iter(layout.in_clause(clauses[mark.i] + 1)), None)
    return None


def _drop_offices(s: Scan, offices: set[int], layout: Layout) -> None:
    """Office hours: everything in the clause, or in the next one that holds something."""
    clauses = layout.borders.clause
    filled = {clauses[item.i] for item in s.items if not isinstance(item, Mark)}
    dropped = {
        next((c for c in (office, office + 1, office + 2) if c in filled), office) for office in offices
    }
    dated = {clauses[day.i] for day in s.days if day.dated}
    dropped -= dated  # "za 12 dec 20.00 uur, kaarten aan de balie": the date of an event
    for item in s.items:
        if clauses[item.i] not in dropped:
            continue
        if not isinstance(item, Mark):
            item.dead = True
        elif item.kind in ("every", "frequency"):
            item.kind = "dropped"


def _given(t: list[Token], i: int, kinds: tuple[str, ...]) -> bool:
    """Whether a deadline word of one of the kinds stands directly before token `i`."""
    k = i - 1
    while k >= 0 and ("stop" in t[k].means or t[k].text in ("(", "'")) and k > i - 4:
        k -= 1
    if k < 0:
        return False
    return str(t[k].means.get("deadline_word")) in kinds


def _drop_deadline(s: Scan, mark: Mark, layout: Layout) -> None:
    borders, t = layout.borders, s.tokens
    kinds = ("before", "register") if mark.value == "register" else ("before",)
    live = layout.in_clause(borders.clause[mark.i])
    place = bisect_left(live, mark.i, key=_first_token)
    for group in live[max(0, place - 2) : place + 3]:
        if group.i < mark.i and borders.segment[group.i] != borders.segment[mark.i]:
            continue
        colon = mark.value != "ticket" and t[mark.j].text == ":" and group.i == mark.j + 1
        period = group.range and _given(t, group.i, ("period",))
        if colon or period or _given(t, group.i, kinds):
            _kill(s, group)
            layout.remove(group)
