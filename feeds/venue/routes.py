"""The app's addresses for venues: the check, its feed and digest, the form behind a signed link."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from litestar import Request
from litestar.response import Response

from aggregator import clock
from aggregator.errors import TrekError, UsageError
from aggregator.store.protocol import EventReader
from feeds.card import Voice
from feeds.info import SiteInfo
from feeds.limit import Limit, visitor
from feeds.site.notices import render_notice
from feeds.static import FRESH, TYPES, Answer, etag_of, headers_for, is_fresh
from feeds.urls import Urls
from feeds.venue.check import render_check
from feeds.venue.claims import Archive, Claims
from feeds.venue.desk import Desk
from feeds.venue.link import is_signed
from feeds.venue.news import render_digest, render_feed
from feeds.venue.wrong import read_proposal, render_wrong

ADDRESS = re.compile(
    r"(?:/(?P<language>[a-z]{2}))?/podium/(?P<venue>[a-z0-9-]{1,80})/"
    r"(?P<what>controle|wijzig|controle\.atom|week\.txt)/?"
)
RENDER: dict[str, tuple[str, Callable[[Claims, Voice], bytes]]] = {
    "controle": (".html", render_check),
    "controle.atom": (".atom", render_feed),
    "week.txt": (".txt", render_digest),
}
PERSONAL = {"cache-control": "no-store", "referrer-policy": "no-referrer"}  # the address holds a key
Send = Callable[[Answer], Response[bytes]]
Asked = Request[Any, Any, Any]
MOST_BODY = 20_000  # bytes of a form
TURNS, SPAN = 30, timedelta(minutes=10)  # forms of one visitor


@dataclass(frozen=True, slots=True)
class Place:
    """What is asked of which venue, in which language."""

    what: str
    venue: str
    voice: Voice


class Counter:
    """Where the venues of one site are answered; `desk` is None where the app may only read."""

    def __init__(
        self,
        info: SiteInfo,
        open_reader: Callable[[], EventReader],
        now: Callable[[], datetime],
        send: Send,
        desk: Desk | None = None,
    ) -> None:
        self.info, self.now, self.send, self.desk = info, now, send, desk
        self.archive = Archive(open_reader, info)
        self._limit = Limit(TURNS, SPAN)
        self.urls = Urls(info.base_url, info.languages[0])

    def find(self, path: str) -> Place | None:
        """What an address of a venue asks for; None for all others.

        Litestar finds no file below an address with a blank in it, so the app asks here first.
        """
        found = ADDRESS.fullmatch(path) if "/podium/" in path else None
        if found is None:
            return None
        language = found["language"] or self.info.languages[0]
        if language not in self.info.languages or (found["what"] == "wijzig" and self.desk is None):
            return None
        return Place(found["what"], found["venue"], Voice(self.info, self.urls, language))

    async def answer(self, request: Asked, place: Place) -> Response[bytes]:
        """The page, feed, text or form; what was filled in is read here."""
        voice, desk = place.voice, self.desk
        if place.what != "wijzig" or desk is None:
            suffix, render = RENDER[place.what]
            if desk is not None and place.venue in desk.left():
                return self.send(_gone(suffix, place))
            made = partial(self._made, lambda claims: render(claims, voice), place.venue, suffix, request)
            return await asyncio.to_thread(made)
        if request.method == "POST":
            client = request.scope.get("client")
            if not self._limit.take(visitor(client[0] if client else None, request.headers), self.now()):
                return self.send(_too_often(voice))
            data = {key: str(value) for key, value in (await request.form()).items()}
            key = data.get("key", "")
            done = partial(self._done, data, key=key, voice=voice, desk=desk)
        else:
            key = request.query_params.get("key", "")
            done = partial(self._page, key=key, voice=voice, desk=desk)
        return await asyncio.to_thread(self._personal, place.venue, key, voice, desk, done)

    def claims(self, venue: str) -> Claims | None:
        """The claims about a venue that the region has."""
        if venue not in self.info.venues:
            return None
        return self.archive.find(venue, self.now().astimezone(clock.AMSTERDAM).date())

    def _made(
        self, render: Callable[[Claims], bytes], venue: str, suffix: str, request: Asked
    ) -> Response[bytes]:
        plain = {"content-type": TYPES[".txt"]}
        try:
            claims = self.claims(venue)
            if claims is None:
                return self.send(Answer(404, plain, b"No such venue.\n"))
            data = render(claims)
        except TrekError as error:
            return self.send(Answer(503, plain | {"retry-after": "300"}, f"{error.what}\n".encode()))
        headers = headers_for(suffix) | {"etag": etag_of(data), "cache-control": FRESH}
        fresh = is_fresh(dict(request.headers), headers["etag"], None)
        return self.send(Answer(304, headers) if fresh else Answer(200, headers, data))

    def _personal(
        self, venue: str, key: str, voice: Voice, desk: Desk, render: Callable[[Claims], bytes]
    ) -> Response[bytes]:
        """403 for a link that is forged, has expired or is another venue's; nothing tells them apart."""
        headers = headers_for(".html") | PERSONAL
        if not is_signed(key, venue, self.now(), desk.secret) or venue not in self.info.venues:
            return self.send(Answer(403, headers, _refused(voice)))
        try:
            claims = self.claims(venue)
            assert claims is not None
            return self.send(Answer(200, headers, render(claims)))
        except TrekError as error:
            return self.send(Answer(503, {"content-type": TYPES[".txt"]}, f"{error.what}\n".encode()))

    def _page(self, claims: Claims, *, key: str, voice: Voice, desk: Desk, **said: str) -> bytes:
        return render_wrong(claims, key, voice, left=claims.venue in desk.left(), **said)

    def _done(self, data: dict[str, str], claims: Claims, *, key: str, voice: Voice, desk: Desk) -> bytes:
        """Carry out what was asked, and say it."""
        deed, words = data.get("do"), voice.words
        if deed in ("leave", "return"):
            desk.leave(claims.venue, deed == "leave")
            return self._page(claims, key=key, voice=voice, desk=desk, said=words(f"wrong.done_{deed}"))
        try:
            desk.propose(read_proposal(data, claims, voice))
        except UsageError as error:
            return self._page(claims, key=key, voice=voice, desk=desk, error=error.what)
        return self._page(claims, key=key, voice=voice, desk=desk, said=words("wrong.done"))


def _gone(suffix: str, place: Place) -> Answer:
    """What a venue's check is to everybody once it opted out."""
    words = place.voice.words
    if suffix != ".html":
        return Answer(410, {"content-type": TYPES[".txt"]}, f"{words('venue.opted_out')}.\n".encode())
    page = _notice(place.voice, words("venue.opted_out"), words("venue.opted_out_text"))
    return Answer(410, headers_for(".html"), page)


def _too_often(voice: Voice) -> Answer:
    words, minutes = voice.words, SPAN.seconds // 60
    page = _notice(voice, words("wrong.refused"), words("wrong.often", minutes=minutes))
    return Answer(429, headers_for(".html") | PERSONAL | {"retry-after": str(SPAN.seconds)}, page)


def _refused(voice: Voice) -> bytes:
    return _notice(voice, voice.words("wrong.refused"), voice.words("wrong.refused_text"))


def _notice(voice: Voice, title: str, text: str) -> bytes:
    home = voice.urls.home(voice.language)
    link = (voice.site_title(), voice.urls.href(home))
    return render_notice(voice, voice.urls.bare(voice.language, home), title, text, (link,))
