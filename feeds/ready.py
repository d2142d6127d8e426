"""Files that were asked for before go out without the framework: a look at the file, and it is sent.

An ASGI app around the app: what it does not have at hand, the app answers and so puts at hand. Only plain
GETs are answered here; HEAD, questions, forms and everything new take the long way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from feeds.static import Files, key_of

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]


@lru_cache(maxsize=10_000)
def decode_path(raw: bytes) -> str:
    """A path as it was asked for, without its question, decoded."""
    return unquote(raw.split(b"?")[0].decode("latin-1"), errors="replace")


class Ready:
    """The app, and before it the files that it answered with and that are as they were."""

    def __init__(self, app: App, files: Files) -> None:
        self._app, self._files = app, files

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
            await self._app(scope, receive, send)
            return
        asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        path = decode_path(scope.get("raw_path") or scope["path"].encode())
        kept = self._files.ready(key_of(path, asked))
        if kept is None:
            await self._app(scope, receive, send)
            return
        status, body = (304, b"") if kept.is_copy(asked) else (200, kept.answer.body)
        await send({"type": "http.response.start", "status": status, "headers": kept.lines[status]})
        await send({"type": "http.response.body", "body": body})
