"""The process that a worker's crawls are forked from has loaded what a crawl loads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pytest_httpserver import HTTPServer

from crawlers.run import Job

ROOT = Path(__file__).parents[2]
CRAWL = """
import sys
import crawlers.warm
from crawlers.run import Job, crawl
known = set(sys.modules)
assert not any(name == "twisted.internet.reactor" for name in known)
def tell(run):
    print(run.outcome, run.items, *sorted(set(sys.modules) - known))
crawl(Job.loads(sys.stdin.read()), tell)
"""
PAGE = """<script type="application/ld+json">{"@type": "MusicEvent", "name": "Koor", "url": "/koor",
"startDate": "2026-12-05T20:00"}</script>"""


def test_a_crawl_loads_nothing_that_is_not_loaded_before_but_its_reactor(
    site: HTTPServer, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    site.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    site.expect_request("/agenda").respond_with_data(PAGE, content_type="text/html")
    config = write_config({"id": "huis", "rights": "open", "start_urls": [site.url_for("/agenda")]})
    job = Job(
        str(config),
        ("huis",),
        str(tmp_path / "inbox"),
        str(tmp_path / "cache"),
        "2026-11-24T12:00:00+00:00",
        allowed=(f"127.0.0.1:{site.port}",),
    )
    done = subprocess.run(
        [sys.executable, "-c", CRAWL],
        input=job.dumps(),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.stdout.split() == ["ok", "1", "twisted.internet.reactor"], done.stderr
