"""Checked entries of configuration files: pydantic's errors become mistakes with a line and a hint."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aggregator.fields import Model
from aggregator.yaml_file import Document, Steps

M = TypeVar("M", bound=Model)
M_co = TypeVar("M_co", bound=Model, covariant=True)


class Entry(Generic[M_co]):
    """A checked model with the place where it was written."""

    def __init__(self, model: M_co, document: Document, at: Steps) -> None:
        self.model, self.document, self.at = model, document, at


def closest(word: str, known: Collection[str]) -> str:
    """A hint that names the most similar known word, or all when there are few, or nothing."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    return f"one of: {', '.join(sorted(known))}" if 0 < len(known) <= 20 else ""


def read_entries(
    document: Document,
    key: str,
    model: type[M],
    prepare: Callable[[dict[str, Any]], Any] | None = None,
    *,
    rest: bool = False,
) -> Iterator[Entry[M]]:
    """The models in the list under `key`, which is the file's only key unless `rest` is allowed."""
    data = document.data if isinstance(document.data, dict) else {}
    for other in data if not rest else ():
        if other != key:
            document.mistake(f"unknown key {other}", (other,), closest(other, [key]))
    items = data.get(key)
    if not isinstance(items, list):
        document.mistake(f"no list under `{key}`", (key,), f"begin with `{key}:` and entries with `- id:`")
        return
    for i, raw in enumerate(items):
        if not isinstance(raw, dict):
            document.mistake("no keys", (key, i), "write `- id: ...`")
            continue
        checked = validate(document, model, _prepared(raw, prepare), (key, i))
        if checked is not None:
            yield Entry(checked, document, (key, i))


def _prepared(raw: dict[str, Any], prepare: Callable[[dict[str, Any]], Any] | None) -> dict[str, Any]:
    copy = dict(raw)
    if prepare is not None:
        prepare(copy)
    return copy


def validate(document: Document, model: type[M], raw: Any, at: Steps) -> M | None:
    """The model, or None with each of pydantic's errors noted as a mistake at its line."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        places = {d["loc"][:-1] for d in details}
        for detail in details:
            if detail["type"] == "too_short" and detail["loc"] in places:
                continue  # its items were dropped as mistakes of their own
            what, hint = _explain(model, detail)
            document.mistake(what, (*at, *detail["loc"]), hint)
        return None


def _explain(model: type[Model], detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong and what to do, in words for somebody who does not know pydantic."""
    loc, kind, given = detail["loc"], detail["type"], detail["input"]
    name = str(loc[-1]) if loc else ""
    message = detail["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return f"unknown key {name}", closest(name, _fields(model, loc[:-1]))
    if kind == "missing":
        return f"{name} is missing", f"add `{name}:`"
    if kind == "value_error":
        return message, ""
    if kind == "string_pattern_mismatch" and name in ("id", "municipality", "venue", "platform", "rights"):
        return f"{str(given)!r} is no id", "small letters, digits and single hyphens"
    if given is None:
        return f"{name} is empty", "fill it in or remove the key"
    what = message[:1].lower() + message[1:]
    return (f"{str(given)!r}: {what}" if isinstance(given, str) else what), ""


def _fields(model: type[Model], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that a model allows at a place inside it."""
    for step in loc:
        if isinstance(step, int):
            continue
        annotation = str(model.model_fields[step].annotation) if step in model.model_fields else ""
        inner = next((m for m in Model.__subclasses__() if f".{m.__name__}" in annotation), None)
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)
