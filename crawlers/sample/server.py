"""Serves many sites from one process: a port each on loopback, one thread that accepts, one a connection."""

from __future__ import annotations

import errno
import selectors
import socket
from collections.abc import Iterable
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qsl, unquote, urlsplit

from aggregator.errors import TrekError
from crawlers.sample.model import HOST
from crawlers.sample.site import Answer, Site

IDLE = 20.0  # seconds that a connection may stay silent
HIGHEST_PORT = 65_000


class PortTakenError(TrekError):
    """A port of the sample's block is in use. `port` names it."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__("the port is in use", f"{HOST}:{port}", "free it, or choose another first port")


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the server's site; HTTP/1.1, so that a connection is used again."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Voorbeeldsite/1", ""
    timeout = IDLE
    wbufsize = -1  # headers and body leave in one piece
    server: SiteServer

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        parts = urlsplit(self.path)
        answer = self.server.site.answer(unquote(parts.path), dict(parse_qsl(parts.query)))
        headers = {name: self.headers.get(name) for name in ("If-None-Match", "If-Modified-Since")}
        if answer.status == 200 and answer.fresh(headers):
            self._head(304, answer)
            self.end_headers()
            return
        self._head(answer.status, answer)
        self.send_header("Content-Type", answer.body.kind)
        self.send_header("Content-Length", str(len(answer.body.data)))
        self.end_headers()
        if with_body:
            self.wfile.write(answer.body.data)

    def _head(self, status: int, answer: Answer) -> None:
        self.send_response(status)
        if answer.etag:
            self.send_header("ETag", answer.etag)
        if answer.modified:
            self.send_header("Last-Modified", format_datetime(answer.modified, usegmt=True))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class names it)
        """Nothing: the crawler tells what it fetched."""


class SiteServer(ThreadingHTTPServer):
    """One site on its port. Open connections are known, so that stopping need not wait for them."""

    daemon_threads = True
    request_queue_size = 32

    def __init__(self, site: Site) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        self._guard = Lock()
        try:
            super().__init__((HOST, site.desk.source.port), Handler)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTakenError(site.desk.source.port) from error
            raise

    def server_bind(self) -> None:
        """Bind without the look-up of the machine's name that HTTPServer does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = HOST, self.site.desk.source.port

    def opened(self, connection: socket.socket) -> None:
        """A connection began."""
        with self._guard:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """A connection ended."""
        with self._guard:
            self._open.discard(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a client that hangs up is no news."""

    def close(self) -> None:
        """Stop listening and end every open connection."""
        with self._guard:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it ended by itself meanwhile
        self.server_close()


class Exchange:
    """All servers together, and the thread that accepts for them."""

    def __init__(self, sites: Iterable[Site]) -> None:
        self.servers: list[SiteServer] = []
        try:
            for site in sites:
                self.servers.append(SiteServer(site))
        except BaseException:
            for server in self.servers:
                server.close()
            raise
        self._waker, self._wake = socket.socketpair()
        self._thread = Thread(target=self._accept, name="sample-region", daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        """Wait on all ports at once; each connection gets its own thread (ThreadingMixIn)."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake, selectors.EVENT_READ, None)
            for server in self.servers:
                selector.register(server.socket, selectors.EVENT_READ, server)
            while True:
                for key, _ in selector.select():
                    if key.data is None:
                        return
                    key.data.handle_request()

    def close(self) -> None:
        """Stop all servers."""
        self._waker.send(b"x")
        self._thread.join()
        for server in self.servers:
            server.close()
        self._waker.close()
        self._wake.close()


def find_base_port(wanted: int, count: int) -> int:
    """The first port of the first free block of `count` ports from `wanted` on, in steps of 100.

    TrekError when there is none.
    """
    for base in range(wanted, HIGHEST_PORT - count, 100):
        if all(_free(port) for port in range(base, base + count)):
            return base
    raise TrekError(f"no {count} free ports in a row", f"{HOST}:{wanted}", "stop what uses them")


def _free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError:
            return False
        return True
