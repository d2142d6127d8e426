"""Feed readers that people use take every item with its link, name, date and enclosure.

What they must read is what the JSON Feed of the same address says, as no XML had a part in that.
"""

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
    """(title, link, id, date) of each item."""
    return [(i["title"], i["url"], i["id"], datetime.fromisoformat(i["date_published"])) for i in twin(path)]


def files_of(path: Path) -> list[list[tuple[str, int]]]:
    """(address, size) of the files of each item; RSS knows one."""
    found = [[(a["url"], a["size_in_bytes"]) for a in i.get("attachments", ())] for i in twin(path)]
    return [files[:1] for files in found] if path.suffix == ".rss" else found


def twin(path: Path) -> list[dict[str, Any]]:
    """The items of the JSON Feed beside a feed."""
    items: list[dict[str, Any]] = json.loads(path.with_suffix(".json").read_bytes())["items"]
    return items


def test_there_is_something_to_read(public: Path) -> None:
    for name in ("feeds/region/new.rss", "feeds/region/changed.atom", "feeds/venue/de-spil/week.rss"):
        assert wanted(public / name)
    (paper,) = files_of(public / "pers" / "hengelo" / "pers.rss")
    assert paper[0][1] == (public / "pers" / "hengelo" / "weekblad.docx").stat().st_size


def test_feedparser_reads_every_item(public: Path) -> None:
    for path in feeds(public, "rss", "atom"):
        found = feedparser.parse(path.read_bytes())
        assert not found.bozo, path
        read = [(e.title, e.link, e.id, datetime(*e.published_parsed[:6], tzinfo=UTC)) for e in found.entries]
        assert read == wanted(path), path
        files = [[(f.href, int(f.length)) for f in e.enclosures] for e in found.entries]
        assert files == files_of(path), path


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
        kept = [[(e["url"], int(e["length"]))] if (e := i["enclosure"]) else [] for i in answer["items"]]
        assert path.suffix == ".atom" or kept == files_of(path), path  # of Atom it gives no enclosure


def test_sfeed_reads_every_item(public: Path) -> None:
    if shutil.which("sfeed") is None:
        pytest.skip("needs sfeed (Debian: apt-get install sfeed)")
    for path in feeds(public, "rss", "atom"):
        done = subprocess.run(["sfeed"], input=path.read_bytes(), capture_output=True, timeout=30, check=True)
        lines = [line.split("\t") for line in done.stdout.decode().splitlines()]
        read = [(f[1], f[2], f[5], datetime.fromtimestamp(int(f[0]), UTC)) for f in lines]
        assert read == wanted(path), path
        kept = [f[7] for f in lines]
        assert kept == [files[0][0] if files else "" for files in files_of(path)], path  # it keeps one


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
