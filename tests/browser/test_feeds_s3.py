"""The public folder in a real S3 server (s3rver): types, cache headers, and only what changed is put."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.errors import PublishError
from feeds.publish import publish
from feeds.sink import LEDGER, ObjectSink, bucket_of, in_order, open_sink, send
from tests.browser.s3 import s3_server, said_of
from tests.ports import free_port
from tests.unit.feeds.feeds_world import INFO, TODAY, Reader, world

SITE = replace(INFO, languages=("nl",))
pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3_server(tmp_path_factory.mktemp("s3")) as address:
        yield address


def sink_at(endpoint: str) -> ObjectSink:
    return open_sink("s3://agenda/twente", **said_of(endpoint))


def test_a_bucket_holds_the_folder_and_gets_only_what_changed(endpoint: str, tmp_path: Path) -> None:
    public, sink = tmp_path / "public", sink_at(endpoint)
    publish(Reader(world()), SITE, public, TODAY)
    whole = [n for n in in_order(public) if not n.endswith((".gz", ".br"))]
    assert send(public, in_order(public), sink) == len(whole) > 100
    for name in ("index.html", "agenda/region.ics", "feeds/region/new.rss", "data/events.ndjson"):
        assert sink.get(name) == (public / name).read_bytes()
    with urllib.request.urlopen(f"{endpoint}/agenda/twente/feeds/region/new.rss") as answer:
        assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=900"
    assert send(public, in_order(public), sink) == 0
    done = publish(Reader([replace(e, title="Anders") for e in world()][:3], 2), SITE, public, TODAY)
    assert 0 < send(public, in_order(public), sink) == done.written
    assert sink.get("index.html") == (public / "index.html").read_bytes()
    assert sink.get("none") is None
    assert sink.get(LEDGER) is not None


def test_storage_that_is_down_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(PublishError, match="storage refuses"):
        send(tmp_path, ["a.txt"], sink_at(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(PublishError, match="no storage can be opened"):
        open_sink("s4://agenda")


def test_the_front_page_comes_last(tmp_path: Path) -> None:
    public = tmp_path / "public"
    publish(Reader(world()), SITE, public, TODAY)
    order = in_order(public)
    assert order[-1] == "index.html"
    assert order.index("evenement/e-orgel/index.html") < order.index("gemeente/hengelo/index.html")
    assert order.index("gemeente/hengelo/index.html") < order.index("feeds/region/new.rss")
    assert not [name for name in order if name.startswith(".")]


def test_a_bucket_is_known_by_its_address() -> None:
    assert bucket_of(Path("s3://agenda/twente")) == "s3://agenda/twente"
    assert bucket_of(Path("/srv/s3")) is None


class Shelf:
    """A sink in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self.objects.get(name)

    def put(self, name: str, data: bytes, attributes: Mapping[str, str]) -> None:
        self.objects[name] = data


def test_only_files_that_changed_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public, sink, read = tmp_path / "public", Shelf(), []
    for name in ("a.txt", "b.txt", "c.txt"):
        (public / name).parent.mkdir(exist_ok=True)
        (public / name).write_text(name)
    assert send(public, in_order(public), sink) == 3
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))
    (public / "b.txt").write_text("another text")
    assert send(public, in_order(public), sink) == 1
    assert {name for name in read if name.endswith(".txt")} == {"b.txt"}
    assert sink.objects["b.txt"] == b"another text"
    sink.objects.clear()  # another bucket: all is sent, whatever was noted
    assert send(public, in_order(public), sink) == 3
    notes = next(tmp_path.glob(".public.trek-sent.json"))
    notes.write_text("[1]")
    assert send(public, in_order(public), sink) == 0
