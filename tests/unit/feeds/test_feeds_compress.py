"""Smaller variants: the same content, their own validators, never of calendars, written only when needed."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from pathlib import Path

import brotli
import pytest

from feeds import disk
from feeds.compress import CODINGS, LEAST, lost_variants, squeeze, variants_of, write_variants
from feeds.disk import TEMPORARY, Folder
from feeds.publish import publish
from feeds.static import Files, takes
from tests.unit.feeds.feeds_world import INFO, TODAY, Reader, world

TEXT = b"<p>een avond vol muziek</p>" * 200


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / TEMPORARY).mkdir()
    (tmp_path / "a.html").write_bytes(TEXT)
    return tmp_path


@pytest.mark.parametrize("coding", CODINGS.values())
def test_equal_bytes_give_equal_variants_that_unpack_to_them(coding: str) -> None:
    small = squeeze(TEXT, coding)
    assert small == squeeze(TEXT, coding)
    assert len(small) < len(TEXT) / 5
    assert (gzip.decompress(small) if coding == "gzip" else brotli.decompress(small)) == TEXT


@pytest.mark.parametrize(
    ("name", "variants"),
    [
        ("index.html", ".br .gz"),
        ("en/zoek/index.html", ".br .gz"),
        ("trek.css", ".br .gz"),
        ("data/events.ndjson", ".br .gz"),
        ("feeds/region/new.rss", ".br .gz"),
        ("de/feeds/region/music/new.atom", ".br .gz"),
        ("feeds/hengelo/new.rss", ".gz"),
        ("de/evenement/e1/index.html", ".gz"),
        ("evenement/e1.png", ""),
        ("agenda/region.ics", ""),
        ("pers/region/week.docx", ""),
    ],
)
def test_what_many_read_has_the_smallest_variant_too(name: str, variants: str) -> None:
    assert " ".join(variants_of(name)) == variants


def test_only_what_changed_is_written_again(root: Path) -> None:
    assert write_variants(root, ["a.html"]) == 2
    stamps = [(root / f"a.html{s}").stat().st_mtime_ns for s in CODINGS]
    assert write_variants(root, ["a.html"]) == 0
    assert [(root / f"a.html{s}").stat().st_mtime_ns for s in CODINGS] == stamps
    (root / "a.html").write_bytes(TEXT + b"nieuw")
    later = max(stamps) + 10_000_000
    os.utime(root / "a.html", ns=(later, later))
    assert write_variants(root, ["a.html"]) == 2
    assert gzip.decompress((root / "a.html.gz").read_bytes()).endswith(b"nieuw")
    assert not list((root / TEMPORARY).iterdir())


def test_a_clock_that_was_set_back_makes_no_old_variant_look_new(root: Path) -> None:
    write_variants(root, ["a.html"])
    (root / "a.html").write_bytes(TEXT + b"nieuw")
    earlier = (root / "a.html.gz").stat().st_mtime_ns - 3_600_000_000_000
    os.utime(root / "a.html", ns=(earlier, earlier))
    assert lost_variants(root, {"a.html": (len(TEXT) + 5, earlier)}) == ["a.html"]
    assert write_variants(root, ["a.html"]) == 2
    assert brotli.decompress((root / "a.html.br").read_bytes()).endswith(b"nieuw")
    assert lost_variants(root, {"a.html": (len(TEXT) + 5, earlier)}) == []


def test_no_file_is_replaced_before_its_variants_are_gone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends variants without a look at their age never has one of other bytes than the file."""
    write_variants(root, ["a.html"])
    seen: list[set[str]] = []
    real = disk.put

    def watched(path: str, data: bytes, desk: str) -> None:
        seen.append({p.name for p in root.iterdir() if p.is_file()})
        real(path, data, desk)

    monkeypatch.setattr(disk, "put", watched)
    with Folder(root) as folder:
        folder.write("a.html", TEXT)  # as it is: nothing goes
        folder.settle()
        assert (root / "a.html.gz").exists()
        folder.write("a.html", TEXT + b"nieuw")
        folder.settle()
    assert seen == [{"a.html"}]


def test_a_run_that_changes_nothing_mends_one_outdated_variant(tmp_path: Path) -> None:
    public, info = tmp_path / "public", replace(INFO, languages=("nl",))
    publish(Reader(world()), info, public, TODAY)
    both = [("feeds/region/week.rss", suffix) for suffix in CODINGS]
    for name, suffix in (*both, ("bron/de-spil/index.html", ".gz")):
        variant = public / f"{name}{suffix}"
        good, other = variant.read_bytes(), squeeze(b"outdated", CODINGS[suffix])
        variant.write_bytes(other)  # newer than its file, of other bytes
        assert publish(Reader(world()), info, public, TODAY).skipped
        assert variant.read_bytes() == good
        variant.unlink()
        assert publish(Reader(world()), info, public, TODAY).skipped
        assert variant.read_bytes() == good


def test_what_became_small_loses_its_variants(root: Path) -> None:
    write_variants(root, ["a.html"])
    (root / "a.html").write_bytes(b"x" * (LEAST - 1))
    assert write_variants(root, ["a.html"]) == 0
    assert [p.name for p in root.iterdir() if p.suffix in CODINGS] == []


def test_a_variant_older_than_its_file_is_never_sent(root: Path) -> None:
    write_variants(root, ["a.html"])
    asked = {"accept-encoding": "gzip"}
    assert Files(root).answer("/a.html", asked).headers["content-encoding"] == "gzip"
    (root / "a.html").write_bytes(b"new")
    later = (root / "a.html.gz").stat().st_mtime_ns + 10_000_000
    os.utime(root / "a.html", ns=(later, later))
    answer = Files(root).answer("/a.html", asked)
    assert (answer.body, "content-encoding" in answer.headers) == (b"new", False)
    assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0, gzip; q=0", ""),
        ("identity", ""),
        ("", ""),
        ("x-gzip-not", ""),
    ],
)
def test_the_client_chooses(root: Path, accepted: str, coding: str) -> None:
    write_variants(root, ["a.html"])
    answer = Files(root).answer("/a.html", {"accept-encoding": accepted})
    assert answer.headers.get("content-encoding", "") == coding
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[coding]
    assert unpack(answer.body) == TEXT


def test_each_variant_has_its_own_etag_and_304_repeats_vary(root: Path) -> None:
    write_variants(root, ["a.html"])
    answers = [Files(root).answer("/a.html", {"accept-encoding": c}) for c in ("br", "gzip", "identity")]
    assert len({a.headers["etag"] for a in answers}) == 3
    asked = {"accept-encoding": "gzip", "if-none-match": answers[1].headers["etag"]}
    again = Files(root).answer("/a.html", asked)
    assert (again.status, again.headers["vary"]) == (304, "accept-encoding")
    asked["if-none-match"] = answers[0].headers["etag"]
    assert Files(root).answer("/a.html", asked).status == 200


def test_no_calendar_is_ever_compressed(tmp_path: Path) -> None:
    public = tmp_path / "public"
    publish(Reader(world()), INFO, public, TODAY)
    packed = [p for p in public.rglob("*") if p.suffix in CODINGS]
    assert len(packed) > 100
    assert not [p for p in packed if ".ics" in p.name or ".docx" in p.name]
    for path in packed:
        whole = path.with_suffix("").read_bytes()
        data = path.read_bytes()
        assert (gzip.decompress(data) if path.suffix == ".gz" else brotli.decompress(data)) == whole
    answer = Files(public).answer("/agenda/region.ics", {"accept-encoding": "gzip, br"})
    assert not {"content-encoding", "vary"} & answer.headers.keys()


def test_a_weight_of_nought_refuses() -> None:
    assert takes("gzip;q=0.001", "gzip")
    assert not takes("gzip;q=0.000", "gzip")
