"""One YAML file as plain values, with the line of every key and every mistake in its form.

Nothing is resolved: `20:30`, `no` and `0575` stay the strings that were written; the models turn
strings into numbers and dates where they ask for them. Anchors are refused, as a reader of one
entry should not have to look elsewhere in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from aggregator.errors import ConfigError

Steps = tuple[str | int, ...]  # keys and list positions from the top of a file
_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass
class Document:
    """A file's values (`data`, None when it could not be read) and the mistakes in its form."""

    file: str
    data: Any = None
    root: Node | None = None
    mistakes: list[ConfigError] = field(default_factory=list)

    def mistake(self, what: str, at: Steps = (), hint: str = "") -> None:
        """Note a mistake at a place in this file."""
        key = ".".join(str(step) for step in at)
        self.mistakes.append(ConfigError(what, f"{self.file}:{self.line(at)}", key, hint))

    def line(self, at: Steps) -> int:
        """The line (from 1) of the deepest part of `at` that the file has."""
        node, line = self.root, 1
        for step in at:
            found = _child(node, step)
            if found is None:
                break
            node, line = found
        return line


def load_document(path: Path, file: str) -> Document:
    """The file at `path`, called `file` in messages; never raises on bad content."""
    document = Document(file)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        document.mistakes.append(ConfigError("not UTF-8", f"{file}:{line}", "", "save the file as UTF-8"))
        return document
    except OSError as error:
        document.mistakes.append(ConfigError(f"cannot be read: {error.strerror}", file))
        return document
    try:
        document.root = YAML(typ="base", pure=True).compose(text)
    except YAMLError as error:
        document.mistakes.append(_syntax_mistake(error, file, text))
        return document
    if document.root is None:
        document.mistakes.append(ConfigError("empty file", file, "", "fill it in or remove it"))
        return document
    document.data = _value(document, document.root, (), set())
    return document


def resolve(value: Any) -> Any:
    """Strings as YAML 1.2 core types: `true`, `false`, `null` and numbers; dates and times stay."""
    if isinstance(value, dict):
        return {key: resolve(item) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item) for item in value]
    if not isinstance(value, Plain):
        return value
    if value in _WORDS:
        return _WORDS[value]
    if _INTEGER.fullmatch(value):
        return int(value)
    return float(value) if _DECIMAL.fullmatch(value) else str(value)


class Plain(str):
    """A scalar written without quotes, so that `resolve` may read it as more than text."""

    __slots__ = ()


def _value(document: Document, node: Node, at: Steps, seen: set[int]) -> Any:
    if id(node) in seen:
        document.mistake("an anchor is used", at, "write the value out")
        return None
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        if node.style is None or node.style == "":
            return None if node.value in ("", "~", "null") else Plain(node.value)
        return str(node.value)
    if isinstance(node, SequenceNode):
        return [_value(document, item, (*at, i), seen) for i, item in enumerate(node.value)]
    return dict(_pairs(document, node, at, seen))


def _pairs(document: Document, node: Node, at: Steps, seen: set[int]) -> Iterator[tuple[str, Any]]:
    keys: set[str] = set()
    for key_node, value_node in node.value:
        if not isinstance(key_node, ScalarNode):
            document.mistake("a key that is no text", at, "write `key: value`")
            continue
        key = str(key_node.value)
        if key in keys:
            line = key_node.start_mark.line + 1
            where = ".".join(str(step) for step in (*at, key))
            document.mistakes.append(
                ConfigError("key written twice", f"{document.file}:{line}", where, "keep one of the two")
            )
            continue
        keys.add(key)
        yield key, _value(document, value_node, (*at, key), seen)


def _child(node: Node | None, step: str | int) -> tuple[Node, int] | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value == step:
                return value, key.start_mark.line + 1
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None


def _syntax_mistake(error: YAMLError, file: str, text: str) -> ConfigError:
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        reason = str(getattr(error, "reason", error)).splitlines()[0]
        return ConfigError(f"no valid YAML: {reason}", file, "", "remove control characters")
    line = error.problem_mark.line + 1
    lines = text.splitlines()
    if "\t" in (lines[line - 1] if line <= len(lines) else ""):
        return ConfigError("no valid YAML: a tab", f"{file}:{line}", "", "indent with spaces")
    hint = "one file holds one document" if "document" in str(error.context) else "quote text with : or #"
    return ConfigError(f"no valid YAML: {error.problem}", f"{file}:{line}", "", hint)
