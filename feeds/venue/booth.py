"""The app's address for whoever tries a page: a plain form, counted, answered once, nothing kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

from litestar import Request, route
from litestar.datastructures import UploadFile
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from aggregator import clock
from feeds.card import Voice
from feeds.info import SiteInfo
from feeds.limit import Limit, visitor
from feeds.static import FRESH, Answer, etag_of, headers_for, is_fresh
from feeds.urls import Urls
from feeds.venue.trial import MOST_UPLOAD, Ask, read_tried, render_trial

TURNS, SPAN = 6, timedelta(minutes=10)  # of one visitor
ALL = 60  # of all visitors together in that time
AT_ONCE = 2
MOST_ADDRESS = 2000  # characters
MOST_BODY = MOST_UPLOAD + 20_000  # bytes of a form with a file
OWN = ("same-origin", "none", "")  # Sec-Fetch-Site: who may send the form (absent in old browsers)
Send = Callable[[Answer], Response[bytes]]
Asked = Request[Any, Any, Any]


class Booth:
    """Where pages are tried; `ask` reads one, and is None where the app may only read files."""

    def __init__(self, info: SiteInfo, now: Callable[[], datetime], send: Send, ask: Ask | None) -> None:
        self.info, self.now, self.send, self.ask = info, now, send, ask
        self.urls = Urls(info.base_url, info.languages[0])
        self._own, self._all = Limit(TURNS, SPAN), Limit(ALL, SPAN)
        self._places = BoundedSemaphore(AT_ONCE)

    def handlers(self) -> list[HTTPRouteHandler]:
        """The address in each language."""
        return [self._handler(language) for language in self.info.languages]

    def _handler(self, language: str) -> HTTPRouteHandler:
        voice = Voice(self.info, self.urls, language)
        path, methods = self.urls.trial(language), [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST]

        @route(
            [path.rstrip("/"), path],
            http_method=methods,
            status_code=200,
            request_max_body_size=MOST_BODY,
            name=path,
        )
        async def tried(request: Asked) -> Response[bytes]:
            """The form, or what was read."""
            if request.method != "POST":
                return self.send(self._form(voice, dict(request.headers)))
            return self.send(await self._answer(request, voice))

        return tried

    def _form(self, voice: Voice, asked: dict[str, str]) -> Answer:
        data = render_trial(voice, self._today())
        headers = headers_for(".html") | {"etag": etag_of(data), "cache-control": FRESH}
        return Answer(304, headers) if is_fresh(asked, headers["etag"], None) else Answer(200, headers, data)

    async def _answer(self, request: Asked, voice: Voice) -> Answer:
        """What was sent in, read; an error in words where it cannot be."""
        words, form = voice.words, await request.form()
        typed = str(form.get("url") or "").strip()[:MOST_ADDRESS]
        body, kind = await _upload(form.get("page"))
        if request.headers.get("sec-fetch-site", "") not in OWN:
            return self._refuse(403, words("trial.foreign"), typed, voice)
        if self.ask is None:
            return self._refuse(503, words("trial.off"), typed, voice)
        if body is None and not typed:
            return self._refuse(400, words("trial.empty"), typed, voice)
        if body is not None and len(body) > MOST_UPLOAD:
            return self._refuse(413, words("trial.large", most=MOST_UPLOAD // 1024**2), typed, voice)
        client = request.scope.get("client")
        who = visitor(client[0] if client else None, request.headers)
        now = self.now()
        if not (self._own.take(who, now) and self._all.take("", now)):
            minutes = SPAN.seconds // 60
            return self._refuse(429, words("trial.often", minutes=minutes), typed, voice, wait=SPAN.seconds)
        answer = await asyncio.to_thread(self._read, self.ask, with_scheme(typed), body, kind)
        if answer is None:
            return self._refuse(503, words("trial.busy"), typed, voice, wait=60)
        data = render_trial(voice, self._today(), read_tried(answer), typed=typed)
        return Answer(200, _private(), data)

    def _read(self, ask: Ask, url: str, body: bytes | None, kind: str) -> Mapping[str, Any] | None:
        """The answer; None where too many are read already. In the thread, as a visitor may go away."""
        if not self._places.acquire(blocking=False):
            return None
        try:
            return ask(url, body, kind)
        finally:
            self._places.release()

    def _refuse(self, status: int, error: str, typed: str, voice: Voice, wait: int = 0) -> Answer:
        headers = _private() | ({"retry-after": str(wait)} if wait else {})
        return Answer(status, headers, render_trial(voice, self._today(), typed=typed, error=error))

    def _today(self) -> Any:
        return self.now().astimezone(clock.AMSTERDAM).date()


async def _upload(sent: Any) -> tuple[bytes | None, str]:
    """A file's bytes and type; None where none was chosen (a browser then sends an empty one)."""
    if not isinstance(sent, UploadFile):
        return None, ""
    body = await sent.read()
    await sent.close()
    return (body, sent.content_type or "") if body or sent.filename else (None, "")


def with_scheme(typed: str) -> str:
    """The address as it is fetched: people write `podium.example/agenda`."""
    return typed if not typed or "://" in typed else f"https://{typed}"


def _private() -> dict[str, str]:
    return headers_for(".html") | {"cache-control": "no-store"}
