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

import yaml

from aggregator.errors import ConfigError

Steps = tuple[str | int, ...]  # keys and list positions from the top of a file
_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_HINTS = {"document": "one file holds one document", "nested": "close what you open"}
_DEEPEST = 40  # lists and mappings inside each other: more is no file that somebody wrote
# ten times as fast where it is built in C; of either only the events are used, so nothing is resolved
_LOADER = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader


@dataclass(slots=True)
class Node:
    """A value as it stands in a file: text, the items of a list, or keys and values in turn."""

    value: str | list[Node]
    line: int  # from 1
    mapping: bool = False
    plain: bool = False  # text without quotes
    alias: bool = False  # stands for what was written elsewhere


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
        document.root = _compose(text)
    except yaml.YAMLError as error:
        document.mistakes.append(_syntax_mistake(error, file, text))
        return document
    if document.root is None:
        document.mistakes.append(ConfigError("empty file", file, "", "fill it in or remove it"))
        return document
    document.data = _value(document, document.root, ())
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


def _compose(text: str) -> Node | None:
    """The top of the only document in a text, or None; YAMLError where its form is wrong."""
    top: Node | None = None
    within: list[list[Node]] = []
    for event in yaml.parse(text, _LOADER):
        if isinstance(event, yaml.CollectionEndEvent):
            within.pop()
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event)
            if within:
                within[-1].append(node)
            elif top is not None:
                raise yaml.MarkedYAMLError(None, None, "a second document", event.start_mark)
            top = top or node
            if isinstance(node.value, list):
                within.append(node.value)
            if len(within) > _DEEPEST:
                raise yaml.MarkedYAMLError(None, None, "nested too deeply", event.start_mark)
    return top


def _node(event: yaml.NodeEvent) -> Node:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.ScalarEvent):
        return Node(event.value, line, plain=not event.style)
    if isinstance(event, yaml.AliasEvent):
        return Node("", line, alias=True)
    return Node([], line, mapping=isinstance(event, yaml.MappingStartEvent))


def _value(document: Document, node: Node, at: Steps) -> Any:
    if node.alias:
        document.mistake("an anchor is used", at, "write the value out")
        return None
    if isinstance(node.value, str):
        if node.plain:
            return None if node.value in ("", "~", "null") else Plain(node.value)
        return node.value
    if node.mapping:
        return dict(_pairs(document, node.value, at))
    return [_value(document, item, (*at, i)) for i, item in enumerate(node.value)]


def _pairs(document: Document, nodes: list[Node], at: Steps) -> Iterator[tuple[str, Any]]:
    keys: set[str] = set()
    for key_node, value_node in zip(nodes[::2], nodes[1::2], strict=True):
        key = key_node.value
        if not isinstance(key, str) or key_node.alias:
            document.mistake("a key that is no text", at, "write `key: value`")
            continue
        if key in keys:
            where = ".".join(str(step) for step in (*at, key))
            file = f"{document.file}:{key_node.line}"
            document.mistakes.append(ConfigError("key written twice", file, where, "keep one of the two"))
            continue
        keys.add(key)
        yield key, _value(document, value_node, (*at, key))


def _child(node: Node | None, step: str | int) -> tuple[Node, int] | None:
    if node is None or isinstance(node.value, str):
        return None
    if node.mapping:
        for key, value in zip(node.value[::2], node.value[1::2], strict=True):
            if key.value == step:
                return value, key.line
    elif isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].line
    return None


def _syntax_mistake(error: yaml.YAMLError, file: str, text: str) -> ConfigError:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        reason = str(getattr(error, "reason", error)).splitlines()[0]
        return ConfigError(f"no valid YAML: {reason}", file, "", "remove control characters")
    line = error.problem_mark.line + 1
    lines = text.splitlines()
    if "\t" in (lines[line - 1] if line <= len(lines) else ""):
        return ConfigError("no valid YAML: a tab", f"{file}:{line}", "", "indent with spaces")
    problem = str(error.problem)
    hint = next((hint for word, hint in _HINTS.items() if word in problem), "quote text with : or #")
    return ConfigError(f"no valid YAML: {problem}", f"{file}:{line}", "", hint)
