"""How well saved pages and feeds are read: lines as `trek try page` prints them against labelled files."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.errors import TrekError
from aggregator.score import fields as same
from aggregator.score.fields import LOCAL, Line, Wanted
from aggregator.score.table import Row, add_rows

Read = Callable[[bytes, str, datetime, datetime | None], list[dict[str, Any]]]

_FIELDS = ("title", "start", "end", "place", "city", "status", "price", "url")


@dataclass(slots=True)
class Tally:
    """Counts and misses of one group, by measure."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    total: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    misses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def count(self, measure: str, right: bool, miss: str) -> None:
        """Counts one example; a miss is noted."""
        self.total[measure] += 1
        if right:
            self.right[measure] += 1
        else:
            self.misses[measure].append(miss)


def score_pages(
    folder: Path, read: Read, only: Callable[[Mapping[str, Any]], bool] | None = None
) -> list[Row]:
    """A row for each format and measure over the files that `folder/real/index.json` names.

    `read(body, url, seen, until)` gives the lines of one file. Measures: `file` (everything that was
    asked for, nothing invented), `found` (events with their title and start), `invented` (lines that
    are a wanted or an optional event), and one a field over the events found; every miss begins with its
    file's id. Last come the sums over all formats. `only` picks entries.
    Raises TrekError when there is no index.
    """
    index = next((p for p in (folder / "index.json", folder / "real" / "index.json") if p.is_file()), None)
    if index is None:
        raise TrekError(
            "no index.json with labelled pages", str(folder), "name the folder that holds real/index.json"
        )
    groups: dict[str, Tally] = {}
    for entry in json.loads(index.read_text(encoding="utf-8")):
        if only is None or only(entry):
            tally = groups.setdefault(entry["format"], Tally())
            score_entry(entry, index.parent / entry["file"], read, tally)
    order = ("file", "found", "invented", *_FIELDS)
    rows = [
        Row("pages", group, m, tally.right[m], tally.total[m], tuple(tally.misses[m]))
        for group, tally in groups.items()
        for m in order
        if tally.total[m]
    ]
    return rows + (add_rows("pages", "all formats", rows) if len(groups) > 1 else [])


def score_entry(entry: Mapping[str, Any], file: Path, read: Read, tally: Tally) -> None:
    """Reads one labelled file and counts how right the lines are."""
    seen, until = window_of(entry)
    key, expect = entry["id"], entry["expect"]
    try:
        got = list(read(file.read_bytes(), entry.get("base_url") or "", seen, until))
    except TrekError as error:
        got = [{"error": str(error)}]
    events = [line for line in got if "error" not in line and "follow" not in line]
    mode = expect["mode"]
    if mode == "reject":
        tally.count("file", not events, f"{key}: {len(events)} events from what is no calendar")
    elif mode == "none":
        live = [line for line in events if line.get("status") != "cancelled"]
        tally.count("file", not live, f"{key}: {_show(live[0]) if live else ''} where there is no event")
    elif mode == "count":
        right = len(events) == expect["count"]
        tally.count("file", right, f"{key}: {len(events)} events instead of {expect['count']}")
    elif mode == "links":
        links = {line["follow"] for line in got if "follow" in line}
        right = len(links) == expect["count"]
        tally.count("file", right, f"{key}: {len(links)} links instead of {expect['count']}")
    else:
        _score_events(entry, events, tally)


def window_of(entry: Mapping[str, Any]) -> tuple[datetime, datetime | None]:
    """When the file is taken to be seen, and until when recurrences are expanded (None: as usual)."""
    window = entry.get("window")
    if window:
        first, last = (datetime.fromisoformat(window[k]).replace(tzinfo=LOCAL) for k in ("from", "to"))
        return first, last
    return datetime.fromisoformat(f"{entry['recorded_not_after']}T12:00").replace(tzinfo=LOCAL), None


def _score_events(entry: Mapping[str, Any], got: list[dict[str, Any]], tally: Tally) -> None:
    """Counts pairs of wanted events and lines, and the lines that nobody asked for."""
    key, expect, zone = entry["id"], entry["expect"], entry.get("timezone")
    wanted = expect.get("events") or []
    pairs, rest = pair_up(wanted, got, zone)
    perfect = True
    for event, line in pairs:
        found = line is not None and same.is_title(line, event) and same.is_start(line, event, zone)
        tally.count("found", found, f"{key}: {_show(event)}" + (f" but {_show(line)}" if line else ""))
        perfect &= found
        if line is not None:
            perfect &= _score_fields(key, event, line, zone, tally)
    allowed = expect.get("optional") or []
    banned = [line for line in got if any(same.is_forbidden(line, ban) for ban in expect.get("forbid") or [])]
    extra = [line for line in rest if expect["mode"] == "exact" and not _is_allowed(line, allowed, entry)]
    for line in got:
        bad = any(line is b for b in banned) or any(line is e for e in extra)
        tally.count("invented", not bad, f"{key}: {_show(line)}")
        perfect &= not bad
    tally.count("file", perfect, key)


def pair_up(
    wanted: list[dict[str, Any]], got: list[dict[str, Any]], zone: str | None
) -> tuple[list[tuple[Wanted, Line | None]], list[dict[str, Any]]]:
    """Each wanted event with its line, the best fits first; and the lines that are left."""
    left = list(got)
    paired: dict[int, Line] = {}
    tests: tuple[Callable[[Line, Wanted], int], ...] = (
        lambda line, w: _fit(line, w, zone, both=True, least=2),
        lambda line, w: _fit(line, w, zone, both=True),
        lambda line, w: int(same.is_start(line, w, zone)),
        lambda line, w: int(same.is_title(line, w)),
    )
    for test in tests:
        for number, event in enumerate(wanted):
            if number in paired:
                continue
            best = max(left, key=lambda line: test(line, event), default=None)
            if best is not None and test(best, event):
                paired[number] = best
                left = [line for line in left if line is not best]
    return [(event, paired.get(number)) for number, event in enumerate(wanted)], left


def _fit(line: Line, event: Wanted, zone: str | None, *, both: bool, least: int = 0) -> int:
    """How many fields agree when title and start do; 0 when they do not."""
    if both and not (same.is_title(line, event) and same.is_start(line, event, zone)):
        return 0
    more = [
        result
        for name in ("end", "place", "url", "status")
        if (result := judge(name, line, event, zone)) is not None
    ]
    return 1 + sum(more) if sum(more) >= min(least, len(more)) else 0


def _score_fields(key: str, event: Wanted, line: Line, zone: str | None, tally: Tally) -> bool:
    """Counts each field that the file asks for; whether all are right."""
    perfect = True
    for name in _FIELDS:
        right = judge(name, line, event, zone)
        if right is not None:
            said = line.get("location") if name in ("place", "city") else line.get(name)
            tally.count(
                name, right, f"{key}: {event.get('title')!r} {name} {_asked(name, event)!r} but {said!r}"
            )
            perfect &= right
    return perfect


def judge(name: str, line: Line, event: Wanted, zone: str | None) -> bool | None:
    """Whether one field is right; None when the file does not ask for it."""
    if name == "title":
        return same.is_title(line, event)
    if name == "start":
        return same.is_start(line, event, zone)
    if name == "end":
        return same.is_end(line, event, zone) if "end" in event or "end_any" in event else None
    if name == "place":
        return (
            same.is_place(line, event)
            if any(event.get(k) for k in ("venue", "location", "venue_any"))
            else None
        )
    if name == "city":
        return same.is_city(line, event) if event.get("city") else None
    if name == "status":
        return same.is_status(line, event) if event.get("status") or "sold_out" in event else None
    if name == "price":
        asked = any(event.get(k) is not None for k in ("price_min", "price_max", "free"))
        return same.is_price(line, event) if asked else None
    return same.is_url(line, event) if event.get("url") else None


def _is_allowed(line: Line, optional: list[dict[str, Any]], entry: Mapping[str, Any]) -> bool:
    """Whether a line that nobody asked for is optional, or lies outside the window."""
    zone = entry.get("timezone")
    if any(same.is_title(line, o) and same.is_start(line, o, zone) for o in optional):
        return True
    window = entry.get("window")
    if not window:
        return False
    day = str(line.get("start"))[:10]
    return not window["from"] <= day < window["to"]


def _asked(name: str, event: Wanted) -> object:
    keys = {"place": ("venue", "location", "venue_any"), "price": ("price_min", "price_max", "free")}
    if name == "status":
        return event.get("status") or ("sold-out" if event.get("sold_out") else "not sold-out")
    return next((event[k] for k in keys.get(name, (name, f"{name}_any")) if event.get(k) is not None), None)


def _show(line: Mapping[str, Any]) -> str:
    return f"{line.get('title')!r} {line.get('start')}"
