"""The app that serves the public folder as it is, and the free combinations: no other page is dynamic.

Strong ETags of the bytes, Last-Modified, 304 (RFC 9110 §13), HEAD; `.ics` is never compressed, as
Outlook's web importer trips over it, and is chosen by its address, never by Accept.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from litestar import Litestar, Request, route
from litestar.enums import HttpMethod
from litestar.response import Response

from aggregator import clock
from aggregator.errors import TrekError, UsageError
from aggregator.region import Region
from aggregator.store.protocol import EventReader
from feeds.combine import Combiner, parse_choice
from feeds.info import SiteInfo, read_info

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/feed+json; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
}
SHARED = (".ics", ".json")  # web calendars of others may fetch these
FEEDS = (".ics", ".rss", ".atom", ".json")
FRESH = "public, max-age=900"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out: status, headers, body."""

    status: int
    headers: Headers
    body: bytes = b""


def etag_of(data: bytes) -> str:
    """A strong validator: equal for equal bytes only."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def is_fresh(asked: Headers, etag: str, changed: datetime | None) -> bool:
    """Whether the client's copy is the current one: If-None-Match beats If-Modified-Since (§13.1.3)."""
    tags = asked.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in [t.strip().removeprefix("W/") for t in tags.split(",")]
    since = asked.get("if-modified-since")
    if since is None or changed is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return changed.replace(microsecond=0) <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


class Files:
    """The public folder, read for each request; ETags are kept by inode, size and time of change."""

    def __init__(self, public: Path) -> None:
        self._root = public.resolve()
        self._tags: dict[str, tuple[tuple[int, int, int], str]] = {}

    def find(self, path: str) -> Path | None:
        """The file that answers a path; None for what is absent, hidden, or outside the folder."""
        parts = path.split("/")[1:]
        if "\\" in path or "\x00" in path or any(p.startswith(".") for p in parts):
            return None
        file = self._root.joinpath(*[p for p in parts if p])
        if path.endswith("/"):
            file = file / "index.html"
        try:
            real = file.resolve(strict=True)
        except OSError:
            return None
        return real if real.is_file() and real.is_relative_to(self._root) else None

    def read(self, file: Path) -> tuple[bytes, str, datetime]:
        """Bytes, ETag and time of change, all three of one version of the file."""
        with file.open("rb") as handle:
            data = handle.read()
            stat = os.fstat(handle.fileno())
        stand = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        known = self._tags.get(str(file))
        if known is None or known[0] != stand:
            known = self._tags[str(file)] = (stand, etag_of(data))
        return data, known[1], datetime.fromtimestamp(stat.st_mtime, UTC)

    def answer(self, path: str, asked: Headers) -> Answer:
        """A file, 304, a redirect to the folder's address, or 404."""
        file = self.find(path)
        if file is None and not path.endswith("/") and self.find(path + "/"):
            return Answer(301, {"location": f"/{quote(path.strip('/'))}/"})  # never another host
        if file is None:
            return self._missing(path)
        data, etag, changed = self.read(file)
        headers = headers_for(file.suffix) | {
            "etag": etag,
            "last-modified": format_datetime(changed, usegmt=True),
            "cache-control": FRESH,
        }
        return Answer(304, headers) if is_fresh(asked, etag, changed) else Answer(200, headers, data)

    def _missing(self, path: str) -> Answer:
        """A page for people; plain text for programs, which would take HTML for a broken feed."""
        if path.endswith(FEEDS):
            return Answer(404, {"content-type": TYPES[".txt"]}, b"No such calendar or feed.\n")
        first = path.split("/")[1] if "/" in path else ""
        page = self.find(f"/{first}/404.html") or self.find("/404.html")
        return Answer(404, headers_for(".html"), page.read_bytes() if page else b"Not found")


def headers_for(suffix: str) -> Headers:
    """Type and manners of a kind of file."""
    headers = {
        "content-type": TYPES.get(suffix, "application/octet-stream"),
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
    }
    if suffix in SHARED:
        headers["access-control-allow-origin"] = "*"
    if suffix == ".html":
        headers["content-security-policy"] = POLICY
    return headers


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


def create_app(
    public: Path,
    open_reader: Callable[[], EventReader],
    region: Region | SiteInfo,
    now: Callable[[], datetime] = clock.now,
) -> Litestar:
    """The app as ASGI; the store is opened at the first free combination and never written."""
    info = region if isinstance(region, SiteInfo) else read_info(region)
    files, combiner = Files(public), Combiner(open_reader, info)
    methods = [HttpMethod.GET, HttpMethod.HEAD]

    @route("/agenda.ics", http_method=methods, sync_to_thread=True)
    def combination(request: Request[Any, Any, Any]) -> Response[bytes]:
        """A calendar of a choice."""
        plain = {"content-type": TYPES[".txt"], "access-control-allow-origin": "*"}
        try:
            choice = parse_choice(request.query_params.multi_items(), info)
            data = combiner.calendar(choice, now().astimezone(clock.AMSTERDAM).date())
        except UsageError as error:
            return _send(Answer(400, plain, f"{error}\n".encode()))
        except TrekError as error:
            return _send(Answer(503, plain | {"retry-after": "300"}, f"{error.what}\n".encode()))
        headers = headers_for(".ics") | {"etag": etag_of(data), "cache-control": FRESH}
        fresh = is_fresh(dict(request.headers), headers["etag"], None)
        return _send(Answer(304, headers) if fresh else Answer(200, headers, data))

    @route(["/", "/{path:path}"], http_method=methods, sync_to_thread=False)
    def public_file(request: Request[Any, Any, Any]) -> Response[bytes]:
        """A file of the public folder."""
        return _send(files.answer(path_of(request), dict(request.headers)))

    return Litestar(route_handlers=[combination, public_file], openapi_config=None, logging_config=None)


def serve(
    public: Path,
    open_reader: Callable[[], EventReader],
    region: Region | SiteInfo,
    host: str = "127.0.0.1",
    port: int = 8080,
    now: Callable[[], datetime] = clock.now,
    *,
    base_url: str | None = None,
) -> None:
    """Serve until interrupted (SIGINT, SIGTERM); UsageError when the port is taken.

    `base_url` stands for the configured one in the free combinations, as it does in `publish`.
    """
    check_port(host, port)
    info = region if isinstance(region, SiteInfo) else read_info(region)
    app = create_app(public, open_reader, info.at(base_url) if base_url else info, now)
    asyncio.run(_run(app, host, port))


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


async def _run(app: Litestar, host: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    server = Server(app, host, port, interface=Interfaces.ASGI, log_enabled=False, websockets=False)
    loop = asyncio.get_running_loop()
    for kind in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(kind, server.stop)
    await server.serve()
