"""The app that serves the public folder as it is, and what depends on a question: no page is dynamic.

Free combinations of calendars, press lists of any days, changes of the open data. `.ics` is never
compressed, as Outlook's web importer trips over it, and is chosen by its address, never by Accept.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from litestar import Litestar, Request, route
from litestar.datastructures import State
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from aggregator import clock
from aggregator.errors import TrekError, UsageError
from aggregator.region import Region
from aggregator.store.protocol import EventReader
from feeds.ask import parse_range, parse_since, render_range
from feeds.choice import parse_choice
from feeds.combine import Combined, Combiner
from feeds.compress import squeeze
from feeds.host import host as run
from feeds.info import SiteInfo, read_info
from feeds.live import Pairs, Render, page_renderers, render_news, render_wrong
from feeds.pieces import Pieces
from feeds.press.files import RENDER
from feeds.select import Agenda
from feeds.site.media import parse_wanted
from feeds.static import FRESH, NEWS, TYPES, Answer, Files, Headers, etag_of, headers_for, is_fresh, takes
from feeds.urls import FORMATS, Flavour, Urls
from feeds.venue.booth import Booth
from feeds.venue.desk import Desk
from feeds.venue.routes import MOST_BODY, Counter

METHODS = [HttpMethod.GET, HttpMethod.HEAD]


def _send(answer: Answer) -> Response[bytes]:
    headers = dict(answer.headers)
    media = headers.pop("content-type", "text/plain")
    if media.startswith("text/"):
        media = media.removesuffix("; charset=utf-8")  # Litestar adds it to text, and to nothing else
    return Response(answer.body, status_code=answer.status, headers=headers, media_type=media)


def path_of(request: Request[Any, Any, Any]) -> str:
    """The path as it was asked for, decoded: Litestar's own has lost a slash at the end."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return unquote(raw.split(b"?")[0].decode("latin-1"), errors="replace")


@dataclass(frozen=True)
class _Site:
    """What the handlers share: the region, its store, and the clock."""

    info: SiteInfo
    combiner: Combiner
    now: Callable[[], datetime]

    def today(self) -> date:
        """The local day."""
        return self.now().astimezone(clock.AMSTERDAM).date()

    def agenda(self) -> Agenda:
        """The public events of today."""
        return self.combiner.agenda(self.today())


def _page(path: str, render: Render, files: Files, site: _Site) -> HTTPRouteHandler:
    """A page for a question; without one it is the file under the same address."""

    @route([path, f"{path}/"], http_method=METHODS, sync_to_thread=True, name=path)
    def asked(request: Request[Any, Any, Any]) -> Response[bytes]:
        headers, pairs = dict(request.headers), list(request.query_params.multi_items())
        if not pairs and files.find(f"{path}/"):
            return _send(files.answer(path_of(request), headers))
        return _send(made_page(lambda: render(site.agenda(), pairs), path, headers, site.info))

    return asked


def _answer(path: str, suffix: str, render: Callable[[Pairs, str], bytes]) -> HTTPRouteHandler:
    """What is made for one question at a path; a handler each, as Litestar sends one of several wrongly."""

    @route(path, http_method=METHODS, sync_to_thread=True, name=path)
    def asked(request: Request[Any, Any, Any]) -> Response[bytes]:
        pairs = list(request.query_params.multi_items())
        return _send(made(lambda: render(pairs, path), suffix, dict(request.headers)))

    return asked


def _calendar(site: _Site) -> HTTPRouteHandler:
    """A free combination; asked for again in the same words, `Ready` sends it."""

    @route("/agenda.ics", http_method=METHODS, sync_to_thread=True)
    def asked(request: Request[Any, Any, Any]) -> Response[bytes]:
        query, pairs = request.scope["query_string"], list(request.query_params.multi_items())
        today = site.today()

        def make() -> Combined:
            return site.combiner.calendar(parse_choice(pairs, site.info), today, query)

        return _send(made(make, ".ics", dict(request.headers)))

    return asked


def _answers(site: _Site) -> Iterator[HTTPRouteHandler]:
    """Calendars, press lists and news feeds of a choice, and what changed in the open data since a moment."""
    info, combiner, urls = site.info, site.combiner, site.combiner.urls

    def changes(pairs: Pairs, path: str) -> bytes:
        return combiner.changed(parse_since(pairs, path), site.today())

    def press(kind: str, pairs: Pairs, path: str) -> bytes:
        wanted = parse_range(pairs, info, path)
        return render_range(site.agenda(), wanted, kind, urls)

    def news(form: str, pairs: Pairs, path: str) -> bytes:
        now = site.agenda()
        return render_news(now, parse_wanted(pairs, now.info, path), form, urls, Pieces())

    yield _calendar(site)
    yield _answer("/data/changes", ".ndjson", changes)
    for kind in RENDER:
        yield _answer(f"/pers.{kind}", f".{kind}", partial(press, kind))
    for form in FORMATS:
        yield _answer(f"/feeds.{form}", f".{form}", partial(news, form))


def _rest(files: Files, venues: Counter) -> HTTPRouteHandler:
    """A file of the public folder, or what a venue asks for."""
    every = [*METHODS, HttpMethod.POST]

    @route(["/", "/{path:path}"], http_method=every, status_code=200, request_max_body_size=MOST_BODY)
    async def public_file(request: Request[Any, Any, Any]) -> Response[bytes]:
        path = path_of(request)
        if place := venues.find(path):
            return await venues.answer(request, place)
        if request.method == "POST":
            headers = {"content-type": TYPES[".txt"], "allow": "GET, HEAD"}
            return _send(Answer(405, headers, b"Only to read.\n"))
        if wishes := list(request.query_params.multi_items()):
            path = file_of(path, wishes, files)
        return _send(files.answer(path, dict(request.headers)))

    return public_file


def file_of(path: str, wishes: Pairs, files: Files) -> str:
    """The file of a calendar's other kind where a question asks for it: `?cancelled=keep` is `.keep.ics`."""
    kinds = {("cancelled", "keep"): Flavour.KEEP, ("exhibitions", "no"): Flavour.SHORT}
    asked = [kinds[pair] for pair in wishes if pair in kinds]
    other = f"{path.removesuffix('.ics')}.{asked[0]}.ics" if asked and path.endswith(".ics") else path
    return other if files.find(other) else path


def create_app(
    public: Path,
    open_reader: Callable[[], EventReader],
    region: Region | SiteInfo,
    now: Callable[[], datetime] = clock.now,
    desk: Desk | None = None,
) -> Litestar:
    """The app as ASGI; the store is opened at the first free combination and never written.

    `desk` takes what venues and visitors send in; without one there is no address for it.
    """
    info = region if isinstance(region, SiteInfo) else read_info(region)
    combiner = Combiner(open_reader, info, desk.left if desk else tuple)
    site, files = _Site(info, combiner, now), Files(public, partial(hub_link, info, combiner.urls))
    booth = Booth(info, now, _send, desk.ask if desk else None)
    handlers = [
        *_answers(site),
        *(_page(path, render, files, site) for path, render in page_renderers(info)),
        *booth.handlers(),
        _rest(files, Counter(info, open_reader, now, _send, desk)),
    ]
    state = State({"files": files, "combined": lambda query: combiner.ready(query, site.today())})
    return Litestar(route_handlers=handlers, openapi_config=None, logging_config=None, state=state)


def made(make: Callable[[], bytes | Combined], suffix: str, asked: Headers) -> Answer:
    """What is made for one request, with its ETag; 400 for a wrong question, 503 where the store fails."""
    plain = {"content-type": TYPES[".txt"], "access-control-allow-origin": "*"}
    try:
        data = make()
    except UsageError as error:
        return Answer(400, plain, f"{error}\n".encode())
    except TrekError as error:
        return Answer(503, plain | {"retry-after": "300"}, f"{error.what}\n".encode())
    tag = data.etag if isinstance(data, Combined) else etag_of(data)
    headers = headers_for(suffix) | {"etag": tag, "cache-control": FRESH}
    if is_fresh(asked, tag, None):
        return Answer(304, headers)
    return Answer(200, headers, data.body if isinstance(data, Combined) else data)


def made_page(make: Callable[[], bytes], path: str, asked: Headers, info: SiteInfo) -> Answer:
    """A page made for one request, squeezed where the client takes it; a page too for a wrong question."""
    status = 200
    try:
        data = make()
    except UsageError as error:
        data, status = render_wrong(info, path, str(error)), 400
    except TrekError as error:
        return Answer(503, {"content-type": TYPES[".txt"], "retry-after": "300"}, f"{error.what}\n".encode())
    headers = headers_for(".html") | {"cache-control": FRESH, "vary": "accept-encoding"}
    if takes(asked.get("accept-encoding", ""), "br"):
        data, headers["content-encoding"] = squeeze(data, "br"), "br"
    headers["etag"] = etag_of(data)
    fresh = status == 200 and is_fresh(asked, headers["etag"], None)
    return Answer(304, headers) if fresh else Answer(status, headers, data)


def hub_link(info: SiteInfo, urls: Urls, path: str) -> str:
    """The Link header of a feed of news where there is a hub (WebSub §4), "" of all else."""
    if not info.hub or not is_news(path):
        return ""
    return f'<{info.hub}>; rel="hub", <{urls.absolute(quote(path))}>; rel="self"'


def is_news(path: str) -> bool:
    """Whether a path is that of a news or press feed."""
    return path.endswith(NEWS) and ("/feeds/" in path or "/pers/" in path)


def serve(
    public: Path,
    open_reader: Callable[[], EventReader],
    region: Region | SiteInfo,
    host: str = "127.0.0.1",
    port: int = 8080,
    now: Callable[[], datetime] = clock.now,
    *,
    base_url: str | None = None,
    desk: Desk | None = None,
    workers: int = 1,
) -> None:
    """Serve until interrupted (SIGINT, SIGTERM); UsageError when the port is taken.

    `base_url` stands for the configured one in the free combinations, as it does in `publish`. `workers`
    are the processes that share the port; the default is this one.
    """
    check_port(host, port)
    info = region if isinstance(region, SiteInfo) else read_info(region)
    site = info.at(base_url) if base_url else info
    run(partial(create_app, public, open_reader, site, now, desk), host, port, workers)


def check_port(host: str, port: int) -> None:
    """UsageError when nothing can be served there: the server would silently share a port that is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            where = f"{host}:{port}"
            raise UsageError(
                f"cannot listen ({error.strerror})", where, "choose another --port or --host"
            ) from error
