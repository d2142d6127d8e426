"""A region of 2,000 pages on loopback, and both crawlers of it: `python -m tests.bench._region WHAT ...`.

Twenty sites, each with a sitemap that says when its hundred pages changed; every page is one event as a
JSON-LD document of its own, so that a spider can do as little as `json.loads`. Run as processes: a reactor
starts once, and each crawler's computing is its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

SITES, PAGES = 20, 100
ROBOTS = b"User-agent: *\nAllow: /\n"
WORDS = "Een avond met koor en orkest in de grote zaal, met na afloop muziek in de foyer. " * 8


# --- the sites --------------------------------------------------------------------------


class Site(asyncio.Protocol):
    """One site: answers GET over a connection that stays open, 304 to whoever has the page."""

    def __init__(self, port: int) -> None:
        self.port, self.waiting = port, b""

    def connection_made(self, transport: Any) -> None:
        """Keep the way back."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that has come in whole."""
        self.waiting += data
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            head, self.waiting = self.waiting[:end], self.waiting[end + 4 :]
            self.transport.write(self.answer(head))

    def answer(self, head: bytes) -> bytes:
        """The bytes of an answer."""
        path = head.split(b" ", 2)[1].decode()
        kind, body = page_at(f"http://127.0.0.1:{self.port}", path)
        tag = f'"{len(body)}-{path}"'.encode()
        if b"If-None-Match: " + tag in head:
            return b"HTTP/1.1 304 Not Modified\r\nETag: %b\r\nContent-Length: 0\r\n\r\n" % tag
        lines = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\nETag: %b\r\n\r\n"
        return lines % (kind, len(body), tag) + body


def page_at(home: str, path: str) -> tuple[bytes, bytes]:
    """Content type and bytes of an address."""
    if path == "/robots.txt":
        return b"text/plain", ROBOTS
    if path == "/sitemap.xml":
        urls = "".join(f"<url><loc>{u}</loc><lastmod>2026-10-01</lastmod></url>" for u in addresses(home))
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return b"application/xml", f'<?xml version="1.0"?><urlset xmlns="{space}">{urls}</urlset>'.encode()
    number = int(path.rsplit("-", 1)[1])
    event = {
        "@context": "https://schema.org",
        "@type": "MusicEvent",
        "name": f"Avond {number}",
        "url": home + path,
        "startDate": f"2027-{1 + number % 12:02}-{1 + number % 28:02}T20:00:00+01:00",
        "endDate": f"2027-{1 + number % 12:02}-{1 + number % 28:02}T22:30:00+01:00",
        "location": {"@type": "Place", "name": "Grote zaal", "address": "Plein 1, 7551 AA Hengelo"},
        "offers": {
            "@type": "Offer",
            "price": "17.50",
            "priceCurrency": "EUR",
            "url": f"{home}/kaarten/{number}",
        },
        "image": f"{home}/beeld/{number}.jpg",
        "description": WORDS,
    }
    return b"application/ld+json", json.dumps(event).encode()


def addresses(home: str) -> list[str]:
    """Of all pages with an event."""
    return [f"{home}/agenda/avond-{number}" for number in range(PAGES)]


async def serve() -> None:
    """Open the sites, print their ports, answer until ended."""
    loop = asyncio.get_running_loop()
    ports = []
    for _ in range(SITES):
        server = await loop.create_server(lambda: Site(0), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await loop.create_server(lambda port=port: Site(port), "127.0.0.1", port)  # type: ignore[misc]
        ports.append(port)
    print(json.dumps(ports), flush=True)
    await asyncio.Event().wait()


# --- the crawlers -----------------------------------------------------------------------


def crawl_ours(config: str, folder: str, now: str, ports: list[int]) -> dict[str, Any]:
    """Trek's crawl of all sources, its waits between two requests switched off; what its runs say."""
    from crawlers import run

    # A pause of a second is no work. Without any, the next request goes out before Twisted has put the
    # connection back, and each second one opens another: with a pause, however short, none does.
    run.source_settings = lambda _source: {"DOWNLOAD_DELAY": 0.001}
    sources = tuple(f"huis-{number}" for number in range(len(ports)))
    allowed = tuple(f"127.0.0.1:{port}" for port in ports)
    job = run.Job(config, sources, f"{folder}/inbox", f"{folder}/cache", now, f"{folder}/log", allowed)
    runs: list[Any] = []
    load, began = run.load_region, [0.0, 0.0]

    def load_region(path: Path) -> Any:
        region = load(path)  # once a crawl, however many pages it has: not part of a page
        began[:] = time.process_time(), time.perf_counter()
        return region

    run.load_region = load_region
    with contextlib.suppress(SystemExit):
        run.crawl(job, runs.append)
    cpu, wall = time.process_time() - began[0], time.perf_counter() - began[1]
    bad = [r.detail for r in runs if not r.complete]
    told = {name: sum(getattr(r, name) for r in runs) for name in ("items", "pages", "requests", "bytes")}
    return {"cpu": cpu, "wall": wall, "bad": bad, **told}


def crawl_bare(ports: list[int]) -> dict[str, Any]:
    """A Scrapy spider with Scrapy's own settings that asks for the same pages and does `json.loads`."""
    import scrapy
    from scrapy.crawler import CrawlerProcess
    from scrapy.http import Response

    seen: list[Any] = []

    class Bare(scrapy.Spider):
        name = "bare"
        start_urls = [url for port in ports for url in addresses(f"http://127.0.0.1:{port}")]  # noqa: RUF012

        def parse(self, response: Response) -> None:
            seen.append(json.loads(response.body)["name"])

    logging.disable(logging.CRITICAL)
    process = CrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
    began = time.process_time(), time.perf_counter()
    process.crawl(Bare)
    process.start()
    cpu, wall = time.process_time() - began[0], time.perf_counter() - began[1]
    return {"cpu": cpu, "wall": wall, "pages": len(seen), "bad": []}


def main(what: str, *more: str) -> None:
    """`serve`; `bare PORTS`; `ours CONFIG FOLDER NOW PORTS` (ports as JSON)."""
    if what == "serve":
        asyncio.run(serve())
    elif what == "bare":
        print(json.dumps(crawl_bare(json.loads(more[0]))))
    else:
        Path(more[1]).mkdir(parents=True, exist_ok=True)
        print(json.dumps(crawl_ours(more[0], more[1], more[2], json.loads(more[3]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
