"""The state that a JavaScript front end leaves in its page: `__NEXT_DATA__`, `__NUXT__`, `:all-items`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar

import chompjs

from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dom import find
from crawlers.platforms.guess import guess_events
from crawlers.platforms.make import collect

_MARKS = (
    b"__NEXT_DATA__",
    b"__NUXT__",
    b"__NUXT_DATA__",
    b":all-items",
    b"__INITIAL_STATE__",
    b"wire:snapshot",
    b"application/json",
)
_ASSIGNED = re.compile(
    r"(?:window\.)?__(?:NUXT|INITIAL_STATE|NEXT_DATA|APOLLO_STATE|PRELOADED_STATE)__\s*=\s*"
)
_BOUND = re.compile(r"^(?:v-bind)?:(?:all-)?(?:items|events|shows|agenda)$|^wire:snapshot$")
_BOUND_IN = re.compile(rb":(?:(?:all-)?(?:items|events|shows|agenda)|snapshot)\s*=")
_MOST = 5_000_000


class State(Platform):
    """JSON inside the page, read by the same careful guess as a JSON answer."""

    name: ClassVar[str] = "state"

    def recognises(self, page: Page) -> bool:
        """One of the frameworks' own marks."""
        return any(mark in page.body for mark in _MARKS)

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Events of every state found."""
        method = f"platform:{self.name}"
        return Reading(collect(e for data in _states(page) for e in guess_events(page, source, data, method)))


def _states(page: Page) -> Iterator[Any]:
    for script in find(page.tree, "script"):
        code = script.text or ""
        if len(code) > _MOST or not code.strip():
            continue
        if script.get("id") in ("__NEXT_DATA__", "__NUXT_DATA__") or script.get("type") == "application/json":
            yield _flat(_load(code))
        elif assigned := _ASSIGNED.search(code):
            yield _load(code[assigned.end() :])
    if not _BOUND_IN.search(page.lower):
        return
    for element in page.tree.iter("*"):
        for name, value in element.attrib.items():
            if _BOUND.match(str(name)) and str(value).lstrip()[:1] in ("[", "{"):
                yield _load(str(value))


def _load(code: str) -> Any:
    try:
        return json.loads(code)
    except (ValueError, RecursionError):
        pass
    try:
        return chompjs.parse_js_object(code)
    except ValueError:
        return None


def _flat(data: Any) -> Any:
    """Nuxt 3 keeps one flat list in which numbers point at other entries; that list made a tree again."""
    if not (isinstance(data, list) and len(data) > 2 and all(_points(v, len(data)) for v in data[:1])):
        return data
    made: dict[int, Any] = {}

    def follow(index: Any, depth: int) -> Any:
        if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(data) or depth > 40:
            return None
        if index not in made:
            made[index] = None  # a ring ends here
            value = data[index]
            if isinstance(value, dict):
                made[index] = {k: follow(v, depth + 1) for k, v in value.items()}
            elif isinstance(value, list):
                parts = value[1:] if value and isinstance(value[0], str) else value
                made[index] = [follow(v, depth + 1) for v in parts]
            else:
                made[index] = value
        return made[index]

    return follow(0, 0)


def _points(value: Any, size: int) -> bool:
    parts = value.values() if isinstance(value, dict) else value[1:] if isinstance(value, list) else ()
    return bool(parts) and all(isinstance(p, int) and 0 <= p < size for p in parts)
