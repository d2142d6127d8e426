"""Adds a decision to a municipality's file: the file as it was, with one entry more; never half."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from aggregator.correct.book import FOLDER, load_book
from aggregator.errors import ConfigError
from aggregator.region import Region

Entry = Mapping[str, Any]  # the keys of a decision as they will stand in the file, in order


def render_entry(entry: Entry) -> str:
    """The lines of one entry."""
    lines = [f"{key}: {_flow(value)}" for key, value in entry.items()]
    return "".join(f"{'  - ' if n == 0 else '    '}{line}\n" for n, line in enumerate(lines))


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(str(value), ensure_ascii=False)


def add_entry(region: Region, home: str, entry: Entry) -> Path:
    """The file to which the entry was added; ConfigMistakesError when it would not be accepted.

    The file is checked as it would become before it is replaced.
    """
    if region.folder is None:
        raise ConfigError("has no folder to write in", FOLDER)
    path = region.folder / FOLDER / f"{home}.yaml"
    before = path.read_text("utf-8") if path.is_file() else "corrections:\n"
    after = f"{before.rstrip()}\n{render_entry(entry)}"
    part = path.with_name(f".{home}.tmp")
    path.parent.mkdir(exist_ok=True)
    trial = part / FOLDER
    trial.mkdir(parents=True)
    try:
        (trial / path.name).write_text(after, encoding="utf-8")
        load_book(replace(region, folder=part, raw={f"{FOLDER}{home}": None}))
        (trial / path.name).replace(path)
    finally:
        (trial / path.name).unlink(missing_ok=True)
        trial.rmdir()
        part.rmdir()
    return path
