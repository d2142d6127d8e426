"""What the scanner finds in a text: days, clock times, and marks between them.

An item knows the tokens it was read from (`i` up to, not including, `j`), so that later steps can
ask what stands between two items.

>>> Day(0, 2, day=28, month=11).full
True
>>> Day(0, 1, weekday=5).bare
True
>>> str(Clock(0, 3, minute=1215))
'20:15'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from aggregator.normalise.when.token import Token


@dataclass(slots=True)
class Day:
    """A day as printed, whole or in part.

    `fixed` is a day that is known already (today, a stamp); `span` a known period (a weekend);
    `nth` ordinals of a weekday (first, last = -1); `holiday` a name; `week` the ISO week from now on;
    `weekdays` several weekdays under one name (werkdagen);
    `soft` marks digits that are a date only with support (14-11); `link` says how the day hangs on
    the one before it: "list", "range", "until", "from" or "". `end_label` is a printed "end:".
    """

    i: int
    j: int
    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    part: str | None = None
    form: str = ""
    weekdays: tuple[int, ...] = ()
    fixed: date | None = None
    span: tuple[date, date] | None = None
    nth: tuple[int, ...] = ()
    holiday: str | None = None
    week: int | None = None
    coming: bool = False
    soft: bool = False
    month_first: bool = False
    machine: bool = False
    link: str = ""
    glue: str = ""
    relative: bool = False
    of_month: bool = False
    exclusive: bool = False
    dead: bool = False
    old: bool = False

    @property
    def full(self) -> bool:
        """A day of a month, or a day that is known otherwise."""
        if self.month is not None and (self.day is not None or self.nth):
            return True
        return self.fixed is not None or self.holiday is not None or self.span is not None

    @property
    def dated(self) -> bool:
        """Full, a day of a month still to be named, or a weekday of a week that the text names."""
        return self.day is not None or self.coming or self.week is not None or self.full

    @property
    def bare(self) -> bool:
        """Only a weekday."""
        return self.weekday is not None and self.day is None and not self.full


@dataclass(slots=True)
class Clock:
    """A clock time or a range of two, in minutes from midnight.

    `word` is an hour of twelve (half negen), `hour_only` was printed without minutes, `soft` is digits
    with a point and no unit; `offset` minutes east of Greenwich; `role` doors, start, act, end, aside.
    """

    i: int
    j: int
    minute: int
    end: int | None = None
    word: bool = False
    end_word: bool = False
    hour_only: bool = False
    unit: bool = False
    soft: bool = False
    part: str | None = None
    offset: int | None = None
    end_offset: int | None = None
    machine: bool = False
    role: str = ""
    ampm: str = ""
    dead: bool = False
    old: bool = False

    def __str__(self) -> str:
        first = f"{self.minute // 60}:{self.minute % 60:02}"
        return first if self.end is None else f"{first}-{self.end // 60}:{self.end % 60:02}"


@dataclass(slots=True)
class Mark:
    """Anything else that has a meaning: `kind` is the table it stands in, `value` its key or number."""

    i: int
    j: int
    kind: str
    value: str = ""
    number: int = 0


Item = Day | Clock | Mark


@dataclass(slots=True)
class Scan:
    """The tokens of one text, the items found so far and the day on which the text was seen.

    `days` and `clocks` are those among the items; `kinds` are the kinds of marks there are, so that a
    step can see at once that it has nothing to do.
    """

    tokens: list[Token]
    today: date
    items: list[Item] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    days: list[Day] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    streets: tuple[str, ...] = ()
    parts: tuple[str, ...] | None = None

    def only_part(self) -> str | None:
        """The part of the day that the text names, when it names just one."""
        if self.parts is None:
            named = {i.value for i in self.items if isinstance(i, Mark) and i.kind in ("part", "partnoun")}
            self.parts = tuple(named)
        return self.parts[0] if len(self.parts) == 1 else None
