"""Feed readers that people use take every item with its link, name, date and enclosure."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import feedparser
import pytest

from feeds.info import SiteInfo
from feeds.press.deadline import Paper
from feeds.publish import publish
from tests.unit.feeds.feeds_world import INFO, TODAY, Reader, world

HERE = Path(__file__).parent
SITE: SiteInfo = replace(INFO, languages=("nl",), papers=(Paper("weekblad", "de weekbladen", 0, time(12)),))


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers") / "public"
    publish(Reader(world()), SITE, folder, TODAY)
    return folder


def feeds(public: Path, *forms: str) -> list[Path]:
    return sorted(p for form in forms for p in public.rglob(f"*.{form}"))


def wanted(path: Path) -> list[tuple[str, str, str, datetime]]:
    """(title, link, id, date) of each item, as feedparser reads it."""
    found = feedparser.parse(path.read_bytes()).entries
    return [(e.title, e.link, e.id, datetime(*e.published_parsed[:6], tzinfo=UTC)) for e in found]


@pytest.mark.node
def test_rss_parser_reads_every_item(public: Path) -> None:
    if shutil.which("node") is None or not (HERE / "node_modules" / "rss-parser").is_dir():
        pytest.skip("needs Node.js and `npm ci --prefix tests/browser`")
    paths = feeds(public, "rss", "atom")
    done = subprocess.run(
        ["node", str(HERE / "read_feed.mjs"), *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(answers) == len(paths) > 100
    for path, answer in zip(paths, answers, strict=True):
        read = [
            (i["title"], i["link"], i["id"], datetime.fromisoformat(i["date"].replace("Z", "+00:00")))
            for i in answer["items"]
        ]
        assert read == wanted(path), path
    press = next(a for a in answers if a["path"].endswith("pers/hengelo/pers.rss"))
    enclosure = press["items"][0]["enclosure"]
    assert int(enclosure["length"]) == (public / "pers" / "hengelo" / "weekblad.docx").stat().st_size


def test_sfeed_reads_every_item(public: Path) -> None:
    if shutil.which("sfeed") is None:
        pytest.skip("needs sfeed (Debian: apt-get install sfeed)")
    for path in feeds(public, "rss", "atom"):
        done = subprocess.run(["sfeed"], input=path.read_bytes(), capture_output=True, timeout=30, check=True)
        lines = [line.split("\t") for line in done.stdout.decode().splitlines()]
        read = [(f[1], f[2], f[5], datetime.fromtimestamp(int(f[0]), UTC)) for f in lines]
        assert read == wanted(path), path
        files = {f[7] for f in lines if f[7]}
        name = path.relative_to(public).with_name("weekblad.docx").as_posix()
        assert files == ({f"https://agenda.example/{name}"} if path.match("pers/*/pers.rss") else files)
        assert not files or path.name.startswith("pers.")


@pytest.fixture
def address(public: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server has it
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(public))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_newsboat_reads_every_item(public: Path, address: str, tmp_path: Path) -> None:
    if shutil.which("newsboat") is None:
        pytest.skip("needs newsboat (Debian: apt-get install newsboat)")
    names = ["feeds/region/week.rss", "feeds/region/changed.atom", "pers/hengelo/pers.rss"]
    (tmp_path / "urls").write_text("".join(f"{address}/{name}\n" for name in names))
    (tmp_path / "config").write_text("")
    command = ["newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=True)
    base = sqlite3.connect(tmp_path / "cache.db")
    query = (
        "select title, url, guid, pubDate from rss_item where feedurl = ?"  # it keeps files of sound alone
    )
    for name in names:
        rows = base.execute(query, (f"{address}/{name}",)).fetchall()
        read = {(t, u, g, datetime.fromtimestamp(d, UTC)) for t, u, g, d in rows}
        assert read == set(wanted(public / name)), name
    base.close()
