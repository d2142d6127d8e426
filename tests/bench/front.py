"""The pages on a slow phone: largest paint, layout shift and bytes of home and an event, in Chromium.

Throttled as Lighthouse does for a phone: 1.6 Mbit/s, 150 ms there and back, the processor four times
slower; nothing in the cache. The peer is the bound that the project set itself: 1.5 seconds, 150 kB for
the front page, 60 kB for an event. Publishes 2,000 events of the bench of feeds; medians of five loads.
"""

from __future__ import annotations

import asyncio
import socket
import statistics
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.sync_api import Browser, sync_playwright

from aggregator.config_loader import load_region
from feeds.info import read_info
from feeds.publish import publish
from feeds.web import create_app
from tests.bench.feeds import CONFIG, TODAY, Shelf, make_events

SIZE, RUNS = 2_000, 5
CHROMIUM = "/usr/bin/chromium"
PHONE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
BOUNDS = {"home": 150_000, "event": 60_000}
SLOWEST = 1_500.0  # milliseconds
LOOK = """() => new Promise(done => {
    let paint = 0, shift = 0;
    const watch = (type, take) =>
        new PerformanceObserver(list => list.getEntries().forEach(take)).observe({type, buffered: true});
    watch('largest-contentful-paint', e => { paint = e.startTime });
    watch('layout-shift', e => { if (!e.hadRecentInput) shift += e.value });
    setTimeout(() => done([paint, shift]), 500);
})"""


def measure() -> Iterator[dict[str, Any]]:
    """Three lines a page: paint, shift, bytes."""
    info = read_info(load_region(CONFIG))
    shelf = Shelf(make_events(SIZE, info))
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        base, public, stop = f"http://127.0.0.1:{port}", Path(folder) / "public", threading.Event()
        publish(shelf, info, public, TODAY, base_url=base)
        probe.close()
        app = create_app(public, lambda: shelf, info.at(base))
        thread = threading.Thread(target=asyncio.run, args=(_serve(app, port, stop),))
        thread.start()
        try:
            with sync_playwright() as play:
                chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                for name, path in (("home", "/"), ("event", "/evenement/e00001/")):
                    yield from _lines(name, [_load(chromium, base + path) for _ in range(RUNS)])
                chromium.close()
        finally:
            stop.set()
            thread.join()


async def _serve(app: Any, port: int, stop: threading.Event) -> None:
    server = Server(app, "127.0.0.1", port, interface=Interfaces.ASGI, log_enabled=False, websockets=False)
    task = asyncio.create_task(server.serve())
    while not stop.is_set():
        await asyncio.sleep(0.05)
    server.stop()
    await task


def _load(chromium: Browser, address: str) -> tuple[float, float, int]:
    """Milliseconds to the largest paint, layout shift, bytes over the wire."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page, sizes = context.new_page(), []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.emulateNetworkConditions", PHONE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="networkidle")
    paint, shift = page.evaluate(LOOK)
    context.close()
    return float(paint), float(shift), int(sum(sizes))


def _lines(name: str, loads: list[tuple[float, float, int]]) -> Iterator[dict[str, Any]]:
    paint, shift, size = (statistics.median(column) for column in zip(*loads, strict=True))
    most = BOUNDS[name]
    for what, ours, peer, unit in (
        ("paint", paint, SLOWEST, "ms"),
        ("shift", shift, 0.05, "CLS"),
        ("bytes", size, most, "bytes"),
    ):
        yield {
            "name": f"front-{name}-{what}",
            "ours": round(ours, 4),
            "peer": peer,
            "ratio": round(peer / max(ours, 0.001), 2),
            "unit": unit,
            "peer_name": "bound",
            "size": SIZE,
        }
