"""How well Trek knows the same event again: precision and recall over pairs, exact.

Sets: `dedup.jsonl` (all pairs), `dedup_hard.jsonl` (labelled pairs of the same listings), real pairs
(`dedup_real_pairs.jsonl`) and real rows with labelled pairs (`real/region-rows/`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aggregator.answers import listing_from_line
from aggregator.clock import AMSTERDAM
from aggregator.errors import UsageError
from aggregator.score.table import Row

if TYPE_CHECKING:
    from aggregator.dedupe import Deduper
    from aggregator.model import Listing, ListingRef
    from aggregator.normalise.place import PlaceFinder

_MISSES = 10
_OCCURRENCE, _EVENT, _DIFFERENT = "same_occurrence", "same_event", "different"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the deduper made of a set of listings: for each an event and, where it has one, an occurrence."""

    events: Mapping[str, int]
    occurrences: Mapping[str, str | None]

    def verdict(self, a: str, b: str) -> str:
        """`same_occurrence`, `same_event` or `different`."""
        if self.events[a] != self.events[b]:
            return _DIFFERENT
        known = self.occurrences[a]
        return _OCCURRENCE if known is not None and known == self.occurrences[b] else _EVENT


def score_same(folder: Path, deduper: Deduper, finder: PlaceFinder) -> list[Row]:
    """Rows of the sets that the folder holds; UsageError on a line that is no example.

    Precision counts right pairs of the claimed ones, recall right pairs of the true ones;
    `not-false-merge` the claimed pairs that are at least one event.
    """
    rows: list[Row] = []
    listings = folder / "dedup.jsonl"
    if listings.is_file():
        lines = list(read_lines(listings))
        verdicts = judge([listing_from_line(line, finder, deduper.region.sources) for line in lines], deduper)
        rows += _score_set(lines, verdicts)
        hard = folder / "dedup_hard.jsonl"
        rows += _score_hard(read_lines(hard), verdicts) if hard.is_file() else []
    pairs = folder / "dedup_real_pairs.jsonl"
    if pairs.is_file():
        rows += _score_real(list(read_lines(pairs)), deduper, finder)
    region = folder / "real" / "region-rows"
    if (region / "pairs.jsonl").is_file():
        rows += _score_region(region, deduper, finder)
    return rows


def judge(listings: Sequence[Listing], deduper: Deduper) -> Verdicts:
    """The deduper's verdict on listings, by their keys."""
    clusters = deduper.cluster(listings)
    events = {ref.key: number for number, found in enumerate(clusters) for ref in found.refs}
    labels: Mapping[ListingRef, str | None] = deduper.label(listings, clusters)
    return Verdicts(events, {ref.key: label for ref, label in labels.items()})


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The examples of a JSON Lines file; UsageError where a line is no object."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            example = json.loads(line)
        except ValueError as error:
            raise UsageError(f"no JSON: {error}", f"{path}:{number}", "write one example a line") from None
        if not isinstance(example, dict):
            raise UsageError("no example", f"{path}:{number}", "write one JSON object a line")
        yield example


def _score_set(lines: Sequence[Mapping[str, Any]], verdicts: Verdicts) -> list[Row]:
    true_event = {line["id"]: line["event"] for line in lines}
    true_moment = {line["id"]: line["occurrence"] for line in lines}
    events = set(_pairs(true_event))
    moments = {(a, b) for a, b in events if true_moment[a] and true_moment[a] == true_moment[b]}
    claimed = set(_pairs(verdicts.events))
    claimed_moments = {(a, b) for a, b in claimed if verdicts.verdict(a, b) == _OCCURRENCE}
    false = sorted(claimed - events)
    return [
        *_precision_recall("same", "occurrence", claimed_moments, moments),
        *_precision_recall("same", "event", claimed, events),
        Row("same", "event", "not-false-merge", len(claimed) - len(false), len(claimed), _say(false)),
    ]


def _score_hard(pairs: Iterable[Mapping[str, Any]], verdicts: Verdicts) -> list[Row]:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    misses: dict[str, list[str]] = {}
    for pair in pairs:
        got = verdicts.verdict(pair["a"], pair["b"])
        total[pair["kind"]] += 1
        right[pair["kind"]] += got == pair["label"]
        if got != pair["label"]:
            wrong = f"{pair['a']} {pair['b']}: expected {pair['label']}, got {got}"
            misses.setdefault(pair["kind"], []).append(wrong)
    rows = [
        Row("same-hard", kind, "right", right[kind], total[kind], tuple(misses.get(kind, ())[:_MISSES]))
        for kind in sorted(total)
    ]
    return [*rows, Row("same-hard", "all", "right", sum(right.values()), sum(total.values()))]


def _score_real(pairs: Sequence[Mapping[str, Any]], deduper: Deduper, finder: PlaceFinder) -> list[Row]:
    """Each pair is judged alone: the set is pairs, not a week of listings."""
    claimed, true = set(), set()
    for number, pair in enumerate(pairs, start=1):
        a, b = (replace(_real(pair[side], side, finder), key=side) for side in "ab")
        name = (f"line {number}", f"{a.title} | {b.title}")
        if judge([a, b], deduper).verdict("a", "b") == _OCCURRENCE:
            claimed.add(name)
        if pair["label"]:
            true.add(name)
    return _precision_recall("same-real", "pairs", claimed, true)


def _score_region(folder: Path, deduper: Deduper, finder: PlaceFinder) -> list[Row]:
    """All rows are judged together, the labelled pairs are counted."""
    rows = json.loads((folder / "events.json").read_text(encoding="utf-8"))
    listings = [_real(_row(row), str(number), finder) for number, row in enumerate(rows)]
    verdicts = judge(listings, deduper)
    labels = {(str(p["a"]), str(p["b"])): p["label"] for p in read_lines(folder / "pairs.jsonl")}
    found: list[Row] = []
    for group, wanted in (("occurrence", {_OCCURRENCE}), ("event", {_OCCURRENCE, _EVENT})):
        claimed = {pair for pair in labels if verdicts.verdict(*pair) in wanted}
        true = {pair for pair, label in labels.items() if label in wanted}
        found += _precision_recall("same-region", group, claimed, true)
    return found


def _real(line: Mapping[str, Any], key: str, finder: PlaceFinder) -> Listing:
    """A listing of a real pair: flat venue and city, a date without a clock time is all day."""
    start = str(line["start"])
    location = {"name": line.get("venue"), "place": line.get("city"), "address": line.get("address")}
    plain = {**line, "id": key, "allDay": "T" not in start, "location": location}
    return replace(listing_from_line(plain, finder), subtitle=line.get("subtitle"))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the collected region as a line: local times, and a place that may be nothing but a town."""
    place = row.get("location")
    named = place if isinstance(place, str) else (place or {}).get("name")
    stamps = {key: _local(str(row[name])) for key, name in _STAMPS if row.get(name)}
    return {"title": row["name"], "venue": named or None, "url": row.get("url"), **stamps} | {
        "source": row["source"]
    }


def _local(stamp: str) -> str:
    if not stamp.endswith("Z"):
        return stamp
    return f"{datetime.fromisoformat(stamp).astimezone(AMSTERDAM):%Y-%m-%dT%H:%M}"


_STAMPS = (("start", "startDate"), ("end", "endDate"))


def _precision_recall(name: str, group: str, claimed: set[Any], true: set[Any]) -> list[Row]:
    right = len(claimed & true)
    return [
        Row(name, group, "precision", right, len(claimed), _say(sorted(claimed - true))),
        Row(name, group, "recall", right, len(true), _say(sorted(true - claimed))),
    ]


def _pairs(groups: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    members: dict[Any, list[str]] = {}
    for key in sorted(groups):
        members.setdefault(groups[key], []).append(key)
    for keys in members.values():
        yield from combinations(keys, 2)


def _say(pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{a}: {b}" for a, b in pairs[:_MISSES])
