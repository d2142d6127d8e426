"""Stamps whose offset contradicts the clock that the page prints beside them.

Dutch sites write `20:30Z` or `20:30+01:00` in July for what begins at half past eight: their
software adds an offset without moving the clock. The page itself tells: it prints 20:30, and not
what that stamp would mean in the Netherlands.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import lxml.etree

from aggregator.model import RawEvent, RawOccurrence
from crawlers.extract.page import Page, Problem
from crawlers.extract.values import host_of

_STAMPED = re.compile(r"^(\d{4})-(\d\d)-\d\dT(\d\d):(\d\d)(?::\d\d)?(?:\.\d+)?(Z|[+-]\d\d:?\d\d)$")
_CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])[:.]([0-5]\d)(?![\d])")
_SILENT = frozenset({"script", "style", "template", "noscript"})
_SUMMER, _WINTER = range(4, 10), (11, 12, 1, 2)  # months without a change of the clock


def mend_offsets(events: list[RawEvent], page: Page) -> tuple[list[RawEvent], list[Problem]]:
    """The events of a Dutch page with the offsets taken out that its printed times contradict.

    Only when each doubtful stamp's own clock is printed on the page, and not each of the clocks that
    they would mean: one page is made by one software.
    """
    doubtful = [shifts for e in events for o in e.occurrences if (shifts := shifted_clocks(o.start))]
    if not doubtful or not _is_dutch(page):
        return events, []
    printed = _printed_clocks(page)
    if not all(own in printed for own, _ in doubtful) or all(other & printed for _, other in doubtful):
        return events, []
    mended = [replace(e, occurrences=tuple(_mend(o) for o in e.occurrences)) for e in events]
    return mended, [Problem("wrong-offset", f"{len(doubtful)} times are printed as {doubtful[0][0]}")]


def shifted_clocks(stamp: str | None) -> tuple[str, frozenset[str]] | None:
    """A doubtful stamp's own clock, and what that moment is called in the Netherlands; None for a sound one.

    In March and October the right offset depends on the day; there only UTC is doubtful.
    """
    found = _STAMPED.match(stamp or "")
    if found is None:
        return None
    month, hour, minute, offset = int(found[2]), int(found[3]), found[4], found[5].replace(":", "")
    if offset in ("Z", "+0000"):
        steps = (2,) if month in _SUMMER else (1,) if month in _WINTER else (1, 2)
    elif offset == "+0100" and month in _SUMMER:
        steps = (1,)
    elif offset == "+0200" and month in _WINTER:
        steps = (-1,)
    else:
        return None
    return f"{hour:02d}:{minute}", frozenset(f"{(hour + step) % 24:02d}:{minute}" for step in steps)


def _mend(occurrence: RawOccurrence) -> RawOccurrence:
    """Start, end and doors as local times, when the start is doubtful."""
    if shifted_clocks(occurrence.start) is None:
        return occurrence
    changes: dict[str, Any] = {}
    for name in ("start", "end", "door"):
        stamp = getattr(occurrence, name)
        if stamp and _STAMPED.match(stamp):
            changes[name] = re.sub(r"(?:Z|[+-]\d\d:?\d\d)$", "", stamp)
    return replace(occurrence, **changes)


def _printed_clocks(page: Page) -> frozenset[str]:
    """All clock times that a reader of the page sees, as HH:MM."""
    clocks: set[str] = set()
    for step, element in lxml.etree.iterwalk(page.tree, events=("start", "end", "comment", "pi")):
        text = element.text if step == "start" and element.tag not in _SILENT else None
        text = element.tail if step != "start" else text
        if text and len(clocks) < 2000:
            clocks.update(f"{int(h):02d}:{m}" for h, m in _CLOCK.findall(text[:100_000]))
    return frozenset(clocks)


def _is_dutch(page: Page) -> bool:
    """Whether the page is of a known source, of a Dutch host, or says that it is in Dutch."""
    language = str(page.tree.get("lang") or "").lower()
    return bool(page.source_id) or host_of(page.url).endswith(".nl") or language.startswith("nl")
