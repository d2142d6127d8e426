"""JSON Lines in, JSON Lines out: each line is answered in its place, a bad one says why."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from aggregator.errors import UsageError

Line = Mapping[str, Any]


def read_lines(name: str) -> Iterator[str]:
    """The lines of a file, or of standard input for `-`; empty ones are left out."""
    if name == "-":
        yield from (line for line in sys.stdin if line.strip())
        return
    try:
        with Path(name).open(encoding="utf-8") as file:
            yield from (line for line in file if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot be read ({error})", name, "name a file of JSON Lines in UTF-8, or - for standard input"
        ) from None


def answer_lines(lines: Iterable[str], answer: Callable[[Line], Mapping[str, Any]]) -> int:
    """Answer each line in its place; a bad line gets `{"id", "error"}`. 1 when there was one."""
    status = 0
    for text in lines:
        line: Any = None
        try:
            line = _decode(text)
            result: Mapping[str, Any] = answer(line)
        except (ValueError, TypeError) as error:
            status = 1
            result = {"id": line.get("id") if isinstance(line, dict) else None, "error": str(error)}
        print_line(result)
    return status


def answer_together(
    lines: Iterable[str], answer: Callable[[list[Line]], list[dict[str, Any]]], check: Callable[[Line], Any]
) -> int:
    """Answer lines that depend on each other; bad ones are set aside first and named in place."""
    good: list[Line] = []
    slots: list[dict[str, Any] | None] = []
    for text in lines:
        line: Any = None
        try:
            line = _decode(text)
            check(line)
        except (ValueError, TypeError) as error:
            slots.append({"id": line.get("id") if isinstance(line, dict) else None, "error": str(error)})
        else:
            good.append(line)
            slots.append(None)
    answers = iter(answer(good))
    for slot in slots:
        print_line(slot if slot is not None else next(answers))
    return 1 if any(slots) else 0


def _decode(text: str) -> Line:
    try:
        line = json.loads(text)
    except ValueError as error:
        raise ValueError(f"no valid JSON: {error}") from None
    if not isinstance(line, dict):
        raise ValueError("a line must be a JSON object")
    return line


def print_line(result: Mapping[str, Any]) -> None:
    """One line of JSON on standard output."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
