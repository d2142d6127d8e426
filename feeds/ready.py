"""What was asked for before goes out without the framework: a look at the file, and it is sent.

An ASGI app around the app: what it does not have at hand, the app answers and so puts at hand. Only GETs of
files and of calendars that somebody put together are answered here; HEAD, other questions, forms and
everything new take the long way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from feeds.combine import Combined
from feeds.static import FRESH, Files, Headers, Lines, headers_for, is_fresh, key_of, lines_of

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]


@lru_cache(maxsize=10_000)
def decode_path(raw: bytes) -> str:
    """A path as it was asked for, without its question, decoded."""
    return unquote(raw.split(b"?")[0].decode("latin-1"), errors="replace")


class Ready:
    """The app, and before it what it answered with and what is as it was: files, and combined calendars."""

    def __init__(
        self, app: App, files: Files, combined: Callable[[bytes], Combined | None] = lambda _query: None
    ) -> None:
        self._app, self._files, self._combined = app, files, combined

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """One request."""
        found = self._find(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        status, lines, body = found
        await send({"type": "http.response.start", "status": status, "headers": lines})
        await send({"type": "http.response.body", "body": body})

    def _find(self, scope: Any) -> tuple[int, Lines, bytes] | None:
        """Status, headers and body of what is at hand."""
        path = decode_path(scope.get("raw_path") or scope["path"].encode())
        asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if query := scope["query_string"]:
            made = self._combined(query) if path == "/agenda.ics" else None
            return answer_of(made, asked) if made else None
        kept = self._files.ready(key_of(path, asked))
        if kept is None:
            return None
        status, body = (304, b"") if kept.is_copy(asked) else (200, kept.answer.body)
        return status, kept.lines[status], body


def answer_of(made: Combined, asked: Headers) -> tuple[int, Lines, bytes]:
    """Status, headers and body of a combined calendar."""
    headers = headers_for(".ics") | {"etag": made.etag, "cache-control": FRESH}
    status, body = (304, b"") if is_fresh(asked, made.etag, None) else (200, made.body)
    return status, lines_of(headers, len(body))[status], body
