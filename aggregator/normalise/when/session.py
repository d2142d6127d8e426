"""Clock times of one day to sessions: doors against start, programme against several performances.

A word such as "zaal open" or "aanvang" belongs to the time on its side of the nearest sign; without signs
the first word or time of the text tells whether words stand before or after their times.

>>> from datetime import date
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text):
...     s = scan_text(f"za 3 mei: {text}", date(2026, 11, 23))
...     give_roles(s, s.clocks, role_marks(s))
...     return [(x.start, x.end, x.doors) for x in sessions(s, s.clocks)]
>>> show("zaal open 19.30, aanvang 20.15 uur, einde 22.30")
[(1215, 1350, 1170)]
>>> show("19:00 Doors / 19:45 support / 20:45 hoofdact")
[(1185, None, 1140)]
>>> show("14.00 en 16.00 uur"), show("inloop van 10.00 tot 12.00 uur"), show("inloop 19.30 uur")
([(840, None, None), (960, None, None)], [(600, 720, None)], [(1170, None, 1170)])
>>> show("start 14.00 uur, prijsuitreiking 17.30 uur")
[(840, None, None)]
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from aggregator.normalise.when.border import ends_sentence
from aggregator.normalise.when.item import Clock, Day, Item, Mark, Scan
from aggregator.normalise.when.token import Token

# Classes of words that are asked for together.
SMALL = frozenset(("at", "stop"))
BEFORE_END = frozenset(("about", "at"))
LISTING = frozenset(("at", "list", "stop"))

SEPARATORS = frozenset((",", "/", "|", ";", "(", ")", "&", "+", "[", "]"))


@dataclass(slots=True)
class Session:
    """One performance in minutes from midnight; `clock` is where its start was printed."""

    start: int | None
    end: int | None
    doors: int | None
    clock: Clock


def give_roles(s: Scan, clocks: list[Clock], marks: list[Mark]) -> None:
    """Sets the role of each clock time from the role words around it (`role_marks`)."""
    if not clocks:
        return
    if marks:
        first = marks[0].i < clocks[0].i
        for mark in marks:
            _give(s, mark, clocks, first)
    _until(s, clocks)
    _inherit(s, clocks)


ROLES = frozenset(("role", "door_noun", "coming", "opening"))


def role_marks(s: Scan) -> list[Mark]:
    """Role words, and "de zaal is ... open" as doors; in printed order."""
    if ROLES.isdisjoint(s.kinds):
        return []
    marks: list[Mark] = []
    noun: Mark | None = None
    for k, item in enumerate(s.items):
        if not isinstance(item, Mark):
            continue
        if item.kind == "role":
            if "month" not in s.tokens[item.j].means:  # "eind december" is no end
                marks.append(item)
        elif (
            item.kind == "coming"
            and "role" in s.tokens[item.i].means
            and item.i
            and "unit" in s.tokens[item.i - 1].means
        ):
            marks.append(Mark(item.i, item.j, "role", str(s.tokens[item.i].means["role"])))
        elif item.kind == "door_noun":
            if item.value == "always":
                marks.append(Mark(item.i, item.j, "role", "doors"))
            noun = item
        elif item.kind == "opening":
            if noun is not None and item.i - noun.j < 8 and not _cut(s.tokens, noun.j, item.i):
                marks.append(Mark(noun.i, noun.j, "role", "doors"))
                noun = None
            elif _opens_at(s, k):
                marks.append(Mark(item.i, item.j, "role", "doors"))
    return sorted(marks, key=lambda mark: mark.i)


def _opens_at(s: Scan, k: int) -> bool:
    """ "open 23.30": the opening word at item `k` is followed by one time, which is no hours from-to."""
    after = s.items[k + 1] if k + 1 < len(s.items) else None
    if not isinstance(after, Clock) or after.end is not None:
        return False
    between = s.tokens[s.items[k].j : after.i]
    return all(token.text == ":" or "at" in token.means for token in between)


def _cut(t: list[Token], start: int, end: int) -> bool:
    """Whether a separator or a sentence end stands between two tokens."""
    return any(
        t[k].gap == 2
        or t[k].text in SEPARATORS
        or (t[k].text == "-" and t[k].gap and t[k + 1].gap)
        or ("list" in t[k].means)
        or ends_sentence(t, k)
        for k in range(start, end)
    ) or (end > start and t[end].gap == 2)


EVENING, MORNING = 18 * 60, 8 * 60
RANK = {"doors": 5, "end": 4, "start": 3, "act": 2, "aside": 1, "event": 0}


def _give(s: Scan, mark: Mark, clocks: list[Clock], word_first: bool) -> None:
    """Gives a role to the clock time before or after its word."""
    t = s.tokens
    place = bisect_left(clocks, mark.i, key=_first_token)
    left = clocks[place - 1] if place else None
    right = clocks[place] if place < len(clocks) else None
    colon = t[mark.j].text == ":" or t[mark.j - 1].text.endswith(":")
    if colon and (right is None or not _near(s, mark, right)):
        return
    if mark.value == "aside" and left is not None and mark.i - left.j >= 2:
        left = None
    cut_left = left is None or _cut(t, left.j, mark.i) or t[mark.i].gap == 2 or colon
    cut_right = right is None or _cut(t, mark.j, right.i)
    to_right = right is not None and (
        left is None or (cut_left and not cut_right) or (cut_left == cut_right and word_first)
    )
    clock = right if to_right else left
    if clock is None:
        return
    alone = _alone(s, mark)
    if cut_left and not to_right and not alone:
        return
    apart = cut_left and cut_right and not colon and not alone
    if apart and (mark.value in ("aside", "event", "act") or not _near(s, mark, clock)):
        return
    if left is not None and right is not None and cut_left == cut_right:
        clock = _plausible(mark, clock, left, right, cut_left)
    if not clock.role or RANK[clock.role] < RANK[mark.value]:
        clock.role = mark.value


def _plausible(mark: Mark, clock: Clock, left: Clock, right: Clock, cut: bool) -> Clock:
    """Where the signs do not tell: doors open before the start, the end comes after it."""
    if mark.value == "doors":
        return right if right.minute < left.minute else left if left.minute < right.minute else clock
    if mark.value == "end" and not cut:
        if left.role in ("doors", "start") or (left.minute >= EVENING and right.minute <= MORNING):
            return clock  # "open 23.30 einde 05.30": past midnight the smaller time is the later one
        return right if right.minute > left.minute else left if left.minute > right.minute else clock
    return clock


def _item_token(item: Item) -> int:
    return item.i


def _first_token(clock: Clock) -> int:
    return clock.i


def _alone(s: Scan, mark: Mark) -> bool:
    """A role word alone on its line or in its cell."""
    t = s.tokens
    before = mark.i == 0 or t[mark.i].gap == 2 or t[mark.i - 1].text in SEPARATORS
    return before and (t[mark.j].gap == 2 or t[mark.j].text in SEPARATORS or t[mark.j].text == ":")


def _near(s: Scan, mark: Mark, clock: Clock | None) -> bool:
    """Whether only a date stands between a role word and its time: "Aanvang: zaterdag 28 nov, 20.00"."""
    if clock is None:
        return False
    start, end = (mark.j, clock.i) if mark.j <= clock.i else (clock.j, mark.i)
    if end - start > 12:
        return False
    place = bisect_left(s.items, start, key=_item_token)
    days = [item for item in s.items[max(0, place - 1) : place + 12] if isinstance(item, Day)]
    covered = sum(min(d.j, end) - max(d.i, start) for d in days if d.i < end and d.j > start)
    signs = sum(
        1 for token in s.tokens[start:end] if not token.text[0].isalnum() or not SMALL.isdisjoint(token.means)
    )
    return covered + signs >= end - start


def _until(s: Scan, clocks: list[Clock]) -> None:
    """A time that "tot" gives, apart from its start, is an end."""
    t = s.tokens
    for clock in clocks:
        k = clock.i - 1
        if k < 0 or not t[k].means:
            continue
        while k >= 0 and not BEFORE_END.isdisjoint(t[k].means) and "range" not in t[k].means:
            k -= 1
        if k >= 0 and "range" in t[k].means and not clock.role and clock.end is None:
            clock.role = "end"


def _inherit(s: Scan, clocks: list[Clock]) -> None:
    """aanvang 14.00 en 20.00 uur: the second is a start too."""
    for clock, after in zip(reversed(clocks[:-1]), reversed(clocks[1:]), strict=False):
        if not clock.role and after.role == "start" and _only_list(s.tokens[clock.j : after.i]):
            clock.role = "start"
    for before, clock in pairwise(clocks):
        if clock.role or before.role not in ("start", "doors", "aside"):
            continue
        between = s.tokens[before.j : clock.i]
        signs = [token.text for token in between]
        if before.role == "start" and _only_list(between) and "-" not in signs:
            clock.role = "start"
        elif before.role == "doors" and signs in (["en"], ["&"], ["+"]):
            clock.role = "doors"


def _only_list(between: list[Token]) -> bool:
    return bool(between) and all(
        token.text in ",&+|/;-" or not LISTING.isdisjoint(token.means) for token in between
    )


def sessions(s: Scan, clocks: list[Clock]) -> list[Session]:
    """The performances that the clock times of one day tell."""
    if len(clocks) == 1 and not clocks[0].role:
        return [Session(clocks[0].minute, clocks[0].end, None, clocks[0])]
    doors = [clock for clock in clocks if clock.role == "doors"]
    ends = [clock for clock in clocks if clock.role == "end"]
    starts = _starts(s, clocks, doors)
    if not starts and doors:
        spans = [clock for clock in doors if clock.end is not None]
        if spans:  # without a comma the doors are open as long as the event lasts: "inloop 10 tot 12 uur"
            return [Session(x.minute, x.end, x.minute if _parted(s, x) else None, x) for x in spans]
        return [Session(clock.minute, _end(clock, ends, 1), clock.minute, clock) for clock in doors]
    if not starts:
        return [Session(None, clock.minute, None, clock) for clock in ends[:1]]
    found = []
    for k, clock in enumerate(starts):
        door = doors[k] if len(doors) == len(starts) else doors[0] if doors else None
        found.append(
            Session(clock.minute, _end(clock, ends, len(starts)), door.minute if door else None, clock)
        )
    if ends and len(starts) > 1 and found[-1].end is None:
        found[-1].end = ends[-1].minute
    return found


def _parted(s: Scan, clock: Clock) -> bool:
    """deuren 23.00 uur, tot 04.00 uur: the comma parts the doors from the end."""
    return any(token.text == "," for token in s.tokens[clock.i : clock.j])


def _end(clock: Clock, ends: list[Clock], count: int) -> int | None:
    if clock.end is not None:
        return clock.end
    return ends[-1].minute if ends and count == 1 else None


def _starts(s: Scan, clocks: list[Clock], doors: list[Clock]) -> list[Clock]:
    labelled = [clock for clock in clocks if clock.role == "start"]
    if labelled:
        spans = [clock for clock in clocks if clock.role in ("", "event") and clock.end is not None]
        return (
            labelled
            if not (spans and len(labelled) == 1 and spans[0].minute == labelled[0].minute)
            else spans[:1]
        )
    acts = [clock for clock in clocks if clock.role == "act"]
    plain = [clock for clock in clocks if clock.role in ("", "event")]
    if acts:
        return sorted(acts + plain, key=lambda clock: clock.i)[:1]
    if doors and len(plain) > 1 and not _listed(s, plain):
        return plain[:1]
    asides = [clock for clock in clocks if clock.role == "aside"]
    if not plain and not doors:
        return asides[:1]
    if asides and len(plain) > 1 and not _listed(s, plain):
        return plain[:1]
    return plain


def _listed(s: Scan, clocks: list[Clock]) -> bool:
    return all(_only_list(s.tokens[one.j : two.i]) for one, two in pairwise(clocks))
