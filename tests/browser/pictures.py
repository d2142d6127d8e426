"""`make pictures`: what the README shows, taken from the sample region in a real Chromium.

`python -m tests.browser.pictures` runs `trek demo` in a folder of its own on a day of its own, so that the
pictures change only with the pages, and writes PNG files to `docs/pictures`.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

DAY = "2026-12-04T08:00:00+00:00"  # a Friday: there is a weekend to come
CHROMIUM = "/usr/bin/chromium"
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
WIDE = {"width": 1200, "height": 900}
PATIENCE = 900  # seconds for crawling and publishing on a busy machine
SHOTS = {
    "home": "/",
    "maker": "/maak/?municipality=hengelo&municipality=enschede&pillar=muziek&exhibitions=no",
    "event": "/pijler/muziek/",  # and there the first event
    "check": "/gemeente/hengelo/",  # and there the first venue's check
    "figures": "/zicht/",
}


def main() -> None:
    """Run the demo, look at it, end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        places = ["--data", f"{folder}/data", "--public", f"{folder}/public", "--port", str(port)]
        command, env = [sys.executable, "trek.py", "demo", *places], os.environ | {"TREK_NOW": DAY}
        demo = subprocess.Popen(command, env=env)
        try:
            wait_for(port, demo)
            take(f"http://127.0.0.1:{port}")
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait()


def wait_for(port: int, demo: subprocess.Popen[bytes]) -> None:
    """Until the demo serves; RuntimeError when it ended instead."""
    for _ in range(PATIENCE):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        if demo.poll() is not None:
            raise RuntimeError(f"trek demo ended with status {demo.returncode}")
        time.sleep(1)
    raise RuntimeError("trek demo does not serve")


def take(base: str) -> None:
    """Write each picture, and say what it is of."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_context(viewport=WIDE, color_scheme="light").new_page()
        for name, path in SHOTS.items():
            open_page(page, base, name, path)
            file = PICTURES / f"{name}.png"
            page.screenshot(path=file)
            print(file, page.url.removeprefix(base))
        chromium.close()


def open_page(page: Page, base: str, name: str, path: str) -> None:
    """The page of a picture; for an event or a venue the first of its list."""
    page.goto(base + path, wait_until="networkidle")
    if name == "event":
        page.locator(".day .row:not(.off) h4 a").first.click()
        page.wait_for_load_state("networkidle")
    if name == "check":
        page.locator("a[href^='/podium/']").first.click()
        page.locator("a[href$='/controle/']").click()
        page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
