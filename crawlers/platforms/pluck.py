"""Values out of JSON of which nothing is certain: a wrong shape is an empty answer, never an error."""

from __future__ import annotations

from typing import Any

from crawlers.platforms.make import plain


def pluck(data: Any, path: str) -> Any:
    """The value at a dotted path (`location.address.city`, `plannings.0.start_date`), or None."""
    for step in path.split("."):
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def text(data: Any, *paths: str) -> str | None:
    """The first path that holds a scalar with something in it, as clean text."""
    return next((found for path in paths if (found := plain(pluck(data, path)))), None)


def items(data: Any, path: str | None = None) -> list[Any]:
    """A list at a path; a lone object is a list of one, anything else is empty."""
    value = pluck(data, path) if path else data
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict) else []


def objects(data: Any, path: str | None = None) -> list[dict[str, Any]]:
    """The objects of a list at a path."""
    return [item for item in items(data, path) if isinstance(item, dict)]


def flag(data: Any, path: str) -> bool:
    """Whether a value says yes: true, 1, "1", "true", "yes"."""
    value = pluck(data, path)
    return value is True or str(value).strip().lower() in ("1", "true", "yes", "ja")
