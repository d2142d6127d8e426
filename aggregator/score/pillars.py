"""How well pillars, event and culture are told on a labelled set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aggregator.score.table import Row
from aggregator.tag.reading import Reading
from aggregator.tag.tagger import Tagger

SHOWN = 5  # misses per row


def score_pillars(folder: Path, tagger: Tagger, rules: Tagger | None = None) -> list[Row]:
    """Rows for `pillars*.jsonl` in a folder: event, culture, and precision and recall per pillar.

    Pillars are counted only where event and culture are labelled true. `rules` is a tagger without the
    learned part: its rows, of the set `<name>-rules-alone`, tell what that part adds. `genres_real.jsonl`,
    if there, adds precision and recall of music from title and subtitle alone.
    """
    rows: list[Row] = []
    for path in sorted(folder.glob("pillars*.jsonl")):
        examples = [
            json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
        ]
        read = [(example, read_example(example, tagger)) for example in examples]
        rows += _labels(path.stem, read)
        rows += _pillars(path.stem, read, tuple(tagger.region.pillars))
        if rules:
            plain = [(example, read_example(example, rules)) for example in examples]
            rows += _pillars(f"{path.stem}-rules-alone", plain, tuple(tagger.region.pillars))
    genres = folder / "genres_real.jsonl"
    if genres.is_file():
        rows += _genres(genres, tagger)
    return rows


def read_example(example: Mapping[str, Any], tagger: Tagger) -> Reading:
    """What the tagger says of one example in the form that `trek try pillars` takes."""
    location = example.get("location") or {}
    return tagger.read(
        title=example.get("title") or "",
        description=example.get("description"),
        location=location.get("name"),
        categories=example.get("categories") or (),
        types=example.get("types") or (),
    )


def _labels(name: str, read: list[tuple[dict[str, Any], Reading]]) -> list[Row]:
    rows = []
    for label in ("event", "culture"):
        wrong = [
            f"{e['id']}: {label} {e[label]} expected — {e['title']}"
            for e, r in read
            if getattr(r, label) != e[label]
        ]
        rows.append(Row(name, label, "right", len(read) - len(wrong), len(read), tuple(wrong[:SHOWN])))
    return rows


def _pillars(name: str, read: list[tuple[dict[str, Any], Reading]], pillars: tuple[str, ...]) -> list[Row]:
    rows = []
    counted = [(e, {t.tag for t in r.pillars}) for e, r in read if e["event"] and e["culture"]]
    for pillar in pillars:
        given = [e for e, found in counted if pillar in found]
        wanted = [e for e, _ in counted if pillar in e["pillars"]]
        both = [e for e in given if pillar in e["pillars"]]
        false = [f"{e['id']}: too much — {e['title']}" for e in given if e not in both]
        missed = [f"{e['id']}: missing — {e['title']}" for e in wanted if e not in both]
        rows.append(Row(name, pillar, "precision", len(both), len(given), tuple(false[:SHOWN])))
        rows.append(Row(name, pillar, "recall", len(both), len(wanted), tuple(missed[:SHOWN])))
    return rows


def _genres(path: Path, tagger: Tagger) -> list[Row]:
    """Music from real titles and subtitles alone, against the genre that the venue gave."""
    music = {"muziek", "klassiek", "clubnacht"}
    given = wanted = both = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        read = tagger.read(example["title"], example.get("subtitle"))
        found, real = any(t.tag == "muziek" for t in read.pillars), bool(music & set(example["coarse"]))
        given, wanted, both = given + found, wanted + real, both + (found and real)
    return [
        Row(path.stem, "muziek", "precision", both, given),
        Row(path.stem, "muziek", "recall", both, wanted),
    ]
