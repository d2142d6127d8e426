"""A crawl of 2,000 pages on loopback beside a bare Scrapy spider; and what a second crawl asks for.

Both run on Scrapy in a process of their own, one after the other, five times. Pages per second of
computing, so that a busy machine and the pauses that Trek makes out of politeness count for nothing (they
are a millisecond here). Ours
includes robots.txt and sitemaps, guarding each address, reading each page within bounds, remembering it,
and the inbox; reading the configuration (once a crawl) and starting Python count for neither. What the wall
clock says stands beside it.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench._region import PAGES, SITES

ROOT = Path(__file__).parents[2]
RUNS = 5
FIRST, SECOND = "2026-11-24T08:00:00+00:00", "2026-11-25T08:00:00+00:00"
SOURCE = """\
name: Huis {number}
municipality: hengelo
tier: venue
platform: sitemap
start_urls:
  - http://127.0.0.1:{port}/sitemap.xml
"""


def measure() -> Iterator[dict[str, Any]]:
    """`crawl`: pages/s of both; `recrawl-bytes` and `recrawl-requests`: the second crawl beside the first."""
    with (
        tempfile.TemporaryDirectory(prefix="trek-bench-") as folder,
        subprocess.Popen(_command("serve"), stdout=subprocess.PIPE, text=True, cwd=ROOT) as server,
    ):
        try:
            assert server.stdout is not None
            ports = json.loads(server.stdout.readline())
            config = write_config(Path(folder) / "config", ports)
            yield from _compare(config, Path(folder), ports)
        finally:
            server.kill()


def _compare(config: Path, folder: Path, ports: list[int]) -> Iterator[dict[str, Any]]:
    total = SITES * PAGES
    ours, bare, again = [], [], {}
    for number in range(RUNS):
        data = folder / f"data-{number}"
        bare.append(_run("bare", json.dumps(ports)))
        ours.append(_run("ours", str(config), str(data), FIRST, json.dumps(ports)))
        assert bare[-1]["pages"] == ours[-1]["items"] == total, (bare[-1], ours[-1])
        again = _run("ours", str(config), str(data), SECOND, json.dumps(ports))
        assert again["items"] == total, again
    mine, peer = (total / statistics.median(run["cpu"] for run in runs) for runs in (ours, bare))
    walls = [total / statistics.median(run["wall"] for run in runs) for runs in (ours, bare)]
    yield {
        "name": "crawl",
        "ours": round(mine, 1),
        "peer": round(peer, 1),
        "ratio": round(mine / peer, 3),
        "unit": "pages/s of computing",
        "peer_name": "bare Scrapy spider, json.loads",
        "size": total,
        "wall_ours": round(walls[0], 1),
        "wall_peer": round(walls[1], 1),
        "wall_ratio": round(walls[0] / walls[1], 3),
    }
    for name in ("bytes", "requests"):
        first, second = statistics.median(run[name] for run in ours), again[name]
        yield {
            "name": f"recrawl-{name}",
            "ours": second,
            "peer": first,
            "ratio": round(first / second, 1),
            "unit": name,
            "peer_name": "the first crawl",
            "size": total,
            "share": round(second / first, 4),
        }


def write_config(folder: Path, ports: list[int]) -> Path:
    """The region's own configuration with a source for each port instead of its own."""
    shutil.copytree(ROOT / "config", folder, ignore=shutil.ignore_patterns("sources", "corrections"))
    place = folder / "sources" / "hengelo"
    place.mkdir(parents=True)
    for number, port in enumerate(ports):
        text = SOURCE.format(number=number, port=port)
        (place / f"huis-{number}.yaml").write_text(text, encoding="utf-8")
    return folder


def _run(*command: str) -> dict[str, Any]:
    done = subprocess.run(_command(*command), capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(f"{command[0]}: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    if told["bad"]:
        raise RuntimeError(f"{command[0]}: {told['bad'][:3]}")
    return told


def _command(*more: str) -> list[str]:
    return [sys.executable, "-m", "tests.bench._region", *more]
