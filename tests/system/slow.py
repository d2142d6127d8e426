"""Many small sites on loopback that take their time: `slow.py COUNT SECONDS LOG`.

Prints the ports, then answers until ended. Each site has an agenda of one page with three concerts. LOG
gets a line of JSON for each request: its port, its path, how many others that site was answering just
then, and how many all sites were.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TextIO

ROBOTS = b"User-agent: *\nAllow: /\n"
EVENTS = 3


def page(port: int) -> bytes:
    """The agenda of a site."""
    event = {"@context": "https://schema.org", "@type": "MusicEvent", "location": f"Zaal {port}, Hengelo"}
    home = f"http://127.0.0.1:{port}"
    told = [
        {
            **event,
            "name": f"Avond {n} van {port}",
            "url": f"{home}/{n}",
            "startDate": f"2026-12-{n + 1:02}T20:00",
        }
        for n in range(EVENTS)
    ]
    script = f'<script type="application/ld+json">{json.dumps(told)}</script>'
    return f"<!doctype html><html><head><title>Agenda</title>{script}</head><body></body></html>".encode()


class Sites:
    """All sites, and what they are doing."""

    def __init__(self, seconds: float, log: TextIO) -> None:
        self.seconds, self.log = seconds, log
        self.busy: Counter[int] = Counter()

    async def answer(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, then the connection ends."""
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ", 2)[1].decode()
        said = {"port": port, "path": path, "beside": self.busy[port], "all": self.busy.total()}
        print(json.dumps(said), file=self.log, flush=True)
        self.busy[port] += 1
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.busy[port] -= 1
        kind, body = ("text/plain", ROBOTS) if path == "/robots.txt" else ("text/html", page(port))
        found = "200 OK" if path in ("/robots.txt", "/agenda") else "404 Not Found"
        top = f"HTTP/1.1 {found}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{top}Connection: close\r\n\r\n".encode() + body)
        writer.close()

    async def open(self) -> int:
        """One more site; its port."""
        port = 0

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await self.answer(port, reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                writer.close()

        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        return port


async def main(count: int, seconds: float, log: Path) -> None:
    """Open the sites and answer until ended."""
    with log.open("a") as file:
        sites = Sites(seconds, file)
        print(json.dumps([await sites.open() for _ in range(count)]), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])))
