"""When a block of a page says that its event is: the printed day with the clock times beside it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from aggregator.model import RawOccurrence
from crawlers.platforms.dateish import (
    DATE,
    TIME,
    days_in,
    holds_date,
    holds_time,
    holds_year,
    is_stamp,
    spell_day,
    spell_ends,
    with_year,
)
from crawlers.platforms.dom import clean, column_of, find, lines, words
from crawlers.platforms.spots import Spot
from crawlers.platforms.titles import leftover

_LABEL = (
    r"(?:zaal|deur(?:en)?|doors?|open(?:ing)?|aanvang|inloop|start(?:tijd)?|begin(?:t|tijd)?|hoofdact|show|music|muziek|from|tijd|tot|van|vanaf"
    r"|einde?|eindtijd|verwachte|einlass|beginn|time|tijden)"
)
_HOUR = r"(?:[01]?\d|2[0-4])(?:[.:][0-5]\d)?"
_CLOCKS = re.compile(
    rf"(?:\b(?:van|von|from)\s{_HOUR}\s(?:tot|bis|to)\s|(?<![\d./-]){_HOUR}\s?[-–]\s?(?=\d\d?\s?(?:u|uur|uhr|h)\b))?"
    rf"(?:\b{_LABEL}\b[\s:.]*(?:om\s)?){{0,4}}{TIME.pattern}(?:\s?(?:uur|uhr))?(?:\s*(?:-|–|tot|/|to|bis)\s*(?:{TIME.pattern})(?:\s?(?:uur|uhr))?)?",
    re.I,
)
_DOORS = re.compile(r"(?:zaal|deur(?:en)?|doors?|open|inloop|einlass)\b", re.I)
_UNTIL = re.compile(r"(?:tot|einde?|until|bis)\b", re.I)
_SENTENCE = re.compile(r"(?<=[^\W\d]{3}[.!?])\s+(?=[A-Z])")
_DESK = re.compile(
    r"\b(?:aanmeld\w*|opgeven|opgave|inschrijv\w*|reserver\w*|balie|bereikbaar|telefo\w*|kaartverkoop|voorverkoop"
    r"|deadline|anmeld\w*|box office)\b",
    re.I,
)
_OTHER_CLOCK = re.compile(
    r"\b(?:kassa|geopend|openingstijd\w*|open|inloop|bel(?:len)?|kaarten|verkoop|bar|keuken|dagelijks|elke|iedere"
    r"|geöffnet|opening hours|daily|every)\b",
    re.I,
)
_SPAN = re.compile(r"(\d\d?[:.]\d\d)\s*[-–]\s*(\d\d?[:.]\d\d)")
_PIECE = re.compile(r"\s[|•]\s")
_STORY = 15  # letters beside a time
_ENDS = re.compile(r"(?:^|[\s_-])(?:end|eind|einde|eindtijd|tot|until|bis|to)(?:$|[\s_-])", re.I)
_AMOUNT = re.compile(r"[€£]\s?\d+(?:[.,]\d\d?)?(?:,-|,–)?|\b\d+(?:[.,]\d\d)?\s?(?:euro?\b|,-)", re.I)


def moments_of(block: HtmlElement, printed: list[str], url: str | None) -> tuple[RawOccurrence, ...]:
    """One occurrence a printed day with its own time; days without a time are one phrase together."""
    told: list[str] = []
    for text in printed:
        rest = [t for t in told if t not in text and not _says_less(t, text)]
        if len(rest) < len(told) or not any(text in t or _says_less(text, t) for t in told):
            told = [*rest, text]
    if not told:
        return ()
    if all(is_stamp(text) for text in told):
        return tuple(RawOccurrence(start=text) for text in told)
    stamped = _stamped(block, told)
    if stamped is not None:
        return (stamped,)
    if len(told) > 1 and all(holds_time(t) for t in told):
        return tuple(RawOccurrence(text=spell_ends(with_year(t, url))) for t in told)
    made = when_of(" ".join(told), block, url)
    return (made,) if made else ()


def when_of(day: str, around: HtmlElement, url: str | None) -> RawOccurrence | None:
    """The printed day, with the clock times that the block prints beside it."""
    if not holds_date(day):
        return None
    told = with_year(clean(_AMOUNT.sub(" ", day)), url)
    if not holds_time(told):
        told = clean(f"{told} {_without_day(clocks(around), told)}")
    elif not _SPAN.search(told):
        for start, end in _SPAN.findall(clocks(around)):  # `10:00 12:30`, which stands elsewhere with a dash
            told = re.sub(rf"{re.escape(start)}(?:\s+{re.escape(end)})?(?!\d)", f"{start} - {end}", told)
    return RawOccurrence(text=spell_ends(told))


def _without_day(said: str, day: str) -> str:
    """Clock times without what is the very day, printed with a dot: `21.06` of `vr 21-06`."""
    for number, month in days_in(day):
        said = re.sub(rf"(?<!\d)0?{number}\.0?{month}(?!\d|\s?(?:uur|uhr))", "", said, flags=re.I)
    return said


def clocks(block: HtmlElement) -> str:
    """The clock times of a block's short lines with the words that say what each is, in order.

    Where some are labelled ("aanvang 20:30") the others count for nothing: they belong to
    something else on the page.
    """
    if pair := _paired(block):
        return pair
    pieces = (piece for line in lines(block) for piece in _PIECE.split(line))
    unpriced = (spell_day(_AMOUNT.sub(" ", _unasked(piece))) for piece in pieces)
    told = [line for line in unpriced if len(line) <= 90 or _labelled(line)]
    if any(holds_time(line) and not leftover(line) for line in told):  # others tell a story
        told = [line for line in told if leftover(line) <= _STORY or not holds_time(line) or _labelled(line)]
    near = " ".join(told)
    found = dict.fromkeys(clean(m[0]) for m in _CLOCKS.finditer(near)) if holds_time(near) else {}
    labelled = [clock for clock in found if not clock[0].isdigit()]
    spans = [clock for clock in found if _SPAN.search(clock)]
    found = {c: None for c in found if c in spans or not any(c in span for span in spans)}
    if all(_DOORS.match(clock) for clock in labelled):
        labelled = []  # `19:30 (doors 19:00)`: the other is when it begins
    labelled.sort(
        key=lambda clock: _UNTIL.match(clock) is not None
    )  # the end, in a story above them, is last
    return " ".join((labelled or list(found))[:4]) or told_clock(block)


def _unasked(line: str) -> str:
    """A line without the sentences that say until when to enrol, or when a desk is open."""
    return " ".join(s for s in _SENTENCE.split(line) if not _DESK.search(s)) if holds_time(line) else line


def told_clock(block: HtmlElement) -> str:
    """The one clock time that a block's sentences tell, those on sales, desks and deadlines left out."""
    told = (s for line in lines(block) if holds_time(line) for s in _SENTENCE.split(_unasked(line)))
    held = {
        clean(m[0]) for s in told if not _OTHER_CLOCK.search(s) for m in _CLOCKS.finditer(_AMOUNT.sub(" ", s))
    }
    return held.pop() if len(held) == 1 else ""


def _paired(block: HtmlElement) -> str | None:
    """Start and end where the only clock times are two elements of which one says that it is the end."""
    leaves = (t for t in block.iter("time", "em", "span", "td", "div") if len(t) == 0)
    told = [leaf for leaf in leaves if TIME.fullmatch(words(leaf))]
    if len(told) == 4 and [words(t) for t in told[:2]] == [words(t) for t in told[2:]]:
        told = told[:2]  # once for each way to write the clock
    if len(told) != 2:
        return None
    start, end = told
    times = start.tag == end.tag == "time"
    if not _is_end(end, block) and not (times and _joins(start, end)):
        return None
    return f"{words(start)} - {words(end)}"


def _is_end(clock: HtmlElement, block: HtmlElement) -> bool:
    """Whether a clock time's class, or the head of its table's column, says that something ends then."""
    for node in (clock, clock.getparent()):
        if node is not None and node is not block and _ENDS.search(node.get("class") or ""):
            return True
    return _ENDS.search(column_of(clock)) is not None


def _joins(start: HtmlElement, end: HtmlElement) -> bool:
    """Whether only a dash or `tot` stands between two elements beside each other."""
    others = (w for n in start.itersiblings() if n is not end and (w := words(n)))
    between = clean(start.tail) or next(others, "")
    return start.getparent() is end.getparent() and between.lower() in ("-", "–", "—", "tot", "to", "bis")


def with_times(heading: HtmlElement, spot: Spot) -> HtmlElement:
    """The smallest element around a title and its date; a little more when that alone prints a time."""
    near = set(heading.iterancestors())
    around = next((a for a in spot.node.iterancestors() if a in near), heading)
    best = around
    for _ in range(3):
        if holds_time(words(best)[:2000]) or best.getparent() is None or best.tag in ("main", "body"):
            break
        best = best.getparent()
    return best if clocks(best) else around


def _labelled(line: str) -> bool:
    return len(line) <= 200 and re.search(rf"\b{_LABEL}\b\W*\d", line, re.I) is not None


def fullest(occurrences: tuple[RawOccurrence, ...]) -> tuple[RawOccurrence, ...]:
    """Occurrences without those whose day another one prints with more beside it."""
    kept: list[RawOccurrence] = []
    for one in occurrences:
        said = one.text or ""
        if any(_says_less(said, o.text or "") for o in kept):
            continue
        kept = [o for o in kept if not _says_less(o.text or "", said)]
        kept.append(one)
    return tuple(kept)


def _says_less(text: str, other: str) -> bool:
    """Whether another text prints the same days, and more beside them."""
    if not days_in(text) or days_in(text) != days_in(other):
        return False
    mine, its = clock_times(text), clock_times(other)
    return mine <= its and holds_year(other) >= holds_year(text)


def clock_times(text: str) -> frozenset[str]:
    """The clock times of a text, written as they are."""
    return frozenset(m[0].replace(".", ":") for m in TIME.finditer(DATE.sub(" ", text)))


def _stamped(block: HtmlElement, told: list[str]) -> RawOccurrence | None:
    """`<time datetime>` with the very day that is printed; a time beside it in words or its own element."""
    stamps = [v for t in find(block, "time[datetime]") if is_stamp(v := (t.get("datetime") or "").strip())]
    if len(set(stamps)) != 1:
        return None
    day = stamps[0][:10]
    printed = " ".join(told)
    if not re.match(r"\d{4}-\d\d-\d\d$", day) or days_in(printed) != {(int(day[8:]), int(day[5:7]))}:
        return None
    if len(stamps[0]) > 10:
        spans = [f"{start} - {end}" for start, end in _SPAN.findall(clocks(block))]
        return RawOccurrence(
            start=stamps[0], text=clean(f"{printed} {' '.join(spans if len(spans) == 1 else ())}")
        )
    clock = {
        c
        for t in find(block, "time[datetime]")
        if re.match(r"^\d\d:\d\d$", c := (t.get("datetime") or "").strip())
    }
    if len(clock) == 1:
        return RawOccurrence(start=f"{day}T{clock.pop()}", text=printed)
    beside = printed if holds_time(printed) else clean(f"{printed} {clocks(block)}")
    if not holds_time(beside):
        return RawOccurrence(start=day, text=printed)
    return RawOccurrence(text=beside if holds_year(beside) else f"{day} {beside}")
