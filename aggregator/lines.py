"""JSON Lines in, JSON Lines out: each line is answered in its place, a bad one says why."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from aggregator.errors import UsageError

Line = Mapping[str, Any]


def read_lines(name: str) -> Iterator[bytes]:
    """The lines of a file, or of standard input for `-`; empty ones are left out.

    UsageError when the file cannot be read.
    """
    if name == "-":
        yield from _filled(sys.stdin.buffer)
        return
    try:
        with Path(name).open("rb") as file:
            yield from _filled(file)
    except OSError as error:
        hint = "name a file of JSON Lines, or - for standard input"
        raise UsageError(f"cannot be read ({error.strerror})", name, hint) from None


def _filled(file: Iterable[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(file):
        text = line.removeprefix(codecs.BOM_UTF8) if number == 0 else line
        if text.strip():
            yield text


def answer_lines(lines: Iterable[bytes], answer: Callable[[Line], Mapping[str, Any]]) -> int:
    """Answer each line in its place; a bad line gets `{"id", "error"}`. 1 when there was one."""
    status = 0
    for text in lines:
        line, result = _attempt(text, answer)
        if line is None:
            status = 1
        print_line(result)
    return status


def answer_together(
    lines: Iterable[bytes], answer: Callable[[list[Line]], list[dict[str, Any]]], check: Callable[[Line], Any]
) -> int:
    """Answer lines that depend on each other; bad ones are set aside first and named in place."""

    def checked(line: Line) -> Line:
        check(line)
        return line

    good: list[Line] = []
    slots: list[Mapping[str, Any] | None] = []
    for text in lines:
        line, result = _attempt(text, checked)
        slots.append(result if line is None else None)
        if line is not None:
            good.append(line)
    answers = iter(answer(good))
    for slot in slots:
        print_line(slot if slot is not None else next(answers))
    return 1 if any(slots) else 0


def _attempt(
    text: bytes, answer: Callable[[Line], Mapping[str, Any]]
) -> tuple[Line | None, Mapping[str, Any]]:
    """The line and its answer; None and the error when it is no valid input."""
    line: Any = None
    try:
        line = _decode(text)
        if b"\\ud" in text.lower():
            _check_characters(line)
        return line, answer(line)
    except (ValueError, TypeError) as error:
        what = str(error)
    except Exception as error:  # a line that our own code breaks on must not cost the others
        what = f"Trek fails on this line ({type(error).__name__}: {error}); please report it"
    return None, {"id": line.get("id") if isinstance(line, dict) else None, "error": what}


def _decode(text: bytes) -> Line:
    try:
        line = json.loads(text.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError:
        raise ValueError("not UTF-8: save the file as UTF-8") from None
    except RecursionError:
        raise ValueError("no valid JSON: nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"no valid JSON: {error}") from None
    if not isinstance(line, dict):
        raise ValueError("a line must be a JSON object")
    return line


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")


def _check_characters(line: Line) -> None:
    try:
        json.dumps(line, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise ValueError(f"half a character (\\u{ord(half):04x}): write both of its halves or none") from None


def print_line(result: Mapping[str, Any]) -> None:
    """One line of JSON on standard output; escaped where the output cannot show a character."""
    try:
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    except UnicodeEncodeError:
        sys.stdout.write(json.dumps(result) + "\n")
