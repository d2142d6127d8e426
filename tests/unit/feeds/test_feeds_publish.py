"""Publishing: whole files, nothing without reason, nothing that somebody may hold a link to lost."""

from __future__ import annotations

import errno
import gzip
import json
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import brotli
import feedparser
import pytest

from aggregator.errors import PublishError
from aggregator.model import Event
from feeds.compress import CODINGS
from feeds.disk import Folder
from feeds.info import SiteInfo, VenueInfo
from feeds.lint import lint_calendar
from feeds.press.deadline import Paper
from feeds.publish import Published, publish
from feeds.state import state_path
from feeds.words import load_words
from tests.unit.feeds.feeds_world import INFO, SEEN, TODAY, Reader, world

SMALL = replace(INFO, languages=("nl",))
GONE = load_words("nl")("gone.feed")


@pytest.fixture
def public(tmp_path: Path) -> Path:
    return tmp_path / "public"


def run(
    public: Path, events: list[Event] | None = None, info: SiteInfo = SMALL, revision: int = 1
) -> Published:
    return publish(Reader(world() if events is None else events, revision), info, public, TODAY)


def snapshot(public: Path) -> dict[str, tuple[bytes, int]]:
    """Every file but the compressed variants, and the sources' pages, which go by the crawls."""
    files = (
        p for p in public.rglob("*") if p.is_file() and p.suffix not in CODINGS and "bron" not in p.parts
    )
    return {p.relative_to(public).as_posix(): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


def said(public: Path) -> str:
    """All that any file says, the packed ones too."""
    texts = []
    for path in (p for p in public.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as packed:
                data = b"".join(map(packed.read, packed.namelist()))
        elif path.suffix in CODINGS:
            data = gzip.decompress(data) if path.suffix == ".gz" else brotli.decompress(data)
        texts.append(data.decode("utf-8", "replace"))
    return "".join(texts)


def page(public: Path, name: str) -> str:
    return (public / name / "index.html").read_text()


def test_everything_is_there_in_three_languages(public: Path) -> None:
    done = run(public, info=INFO)
    for name in ("index.html", "agenda/region.ics", "feeds/region/new.rss", "feeds/index.html", "404.html"):
        for prefix in ("", "en/", "de/"):
            assert (public / (prefix + name)).is_file()
    for name in ("robots.txt", "sitemap.xml", "trek.css", "favicon.svg", "feeds/trek.opml"):
        assert (public / name).is_file()
    assert done.files == done.written == len(snapshot(public))
    # calendars and news, press lists, councils
    assert done.feeds == 3 * 18 * 12 + 3 * 4 * 3 + 3 * 4 * 3
    assert not [f for f in snapshot(public) if Path(f).name.startswith(".")]


def test_every_calendar_and_feed_is_valid(public: Path) -> None:
    run(public, info=INFO)
    for path in public.rglob("*.ics"):
        assert lint_calendar(path.read_bytes()) == [], path
    for path in (*public.rglob("*.rss"), *public.rglob("*.atom")):
        assert not feedparser.parse(path.read_bytes()).bozo, path
    for path in (p for p in public.rglob("*.json") if not {"data", "zoek", "bron"} & set(p.parts)):
        assert json.loads(path.read_text())["items"] is not None
    for path in (*public.rglob("*.opml"), public / "sitemap.xml", public / "favicon.svg"):
        ET.parse(path)


def test_second_run_touches_nothing(public: Path) -> None:
    run(public)
    before = snapshot(public)
    done = run(public)
    assert done.skipped
    assert snapshot(public) == before


def test_without_its_state_a_second_run_renders_the_same_bytes(public: Path) -> None:
    run(public)
    before = snapshot(public)
    state_path(public).unlink()
    done = run(public)
    assert (done.skipped, done.written, done.unchanged) == (False, 0, len(before))
    assert snapshot(public) == before


def test_cold_and_incremental_are_equal(public: Path, tmp_path: Path) -> None:
    two = replace(INFO, languages=("nl", "en"))
    changed = [replace(world()[0], title="Anders"), *world()[1:]]
    run(public, info=two)
    run(public, changed, info=two, revision=2)
    cold = tmp_path / "cold"
    run(cold, changed, info=two, revision=2)
    assert {n: b for n, (b, _) in snapshot(public).items()} == {n: b for n, (b, _) in snapshot(cold).items()}


def test_only_what_holds_the_change_is_written(public: Path) -> None:
    run(public)
    at = SEEN + timedelta(days=3)
    moved = next(e for e in world() if e.uid == "e-cafe")
    others = [e for e in world() if e.uid != "e-cafe"]
    done = run(public, [replace(moved, title="Repair café in Goor", modified=at), *others], revision=2)
    for name in done.changed:
        assert "hengelo" not in name
        assert "enschede" not in name
    assert {"agenda/region.ics", "agenda/hof-van-twente.ics", "evenement/e-cafe/index.html"} <= set(
        done.changed
    )
    assert "agenda/pillar/muziek.ics" not in done.changed


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("missing file", lambda p: (p / "agenda/region.ics").unlink()),
        ("changed file", lambda p: (p / "agenda/region.ics").write_bytes(b"")),
        ("no state", lambda p: state_path(p).unlink()),
        ("state that is no database", lambda p: state_path(p).write_text("{" * 5000)),
        ("state that is empty", lambda p: state_path(p).write_bytes(b"")),
    ],
)
def test_state_is_not_believed_when_anything_is_odd(
    public: Path, what: str, spoil: Callable[[Path], object]
) -> None:
    run(public)
    before = snapshot(public)
    spoil(public)
    assert not run(public).skipped, what
    assert {n: b for n, (b, _) in snapshot(public).items()} == {n: b for n, (b, _) in before.items()}


def test_other_events_under_the_same_revision_are_published(public: Path) -> None:
    run(public)
    assert not run(public, [replace(world()[0], title="Ander gegevensbestand")]).skipped


def test_another_day_and_config_are_published(public: Path) -> None:
    run(public)
    assert not publish(Reader(world()), SMALL, public, TODAY + timedelta(days=1)).skipped
    assert not publish(
        Reader(world()), SMALL, public, TODAY + timedelta(days=1), base_url="http://x.example"
    ).skipped
    assert b"http://x.example/" in (public / "agenda/region.ics").read_bytes()


def test_withdrawn_page_says_so_and_leaves_the_feeds(public: Path) -> None:
    run(public)
    text = page(public, "evenement/e-weg")
    assert "“Verdwenen” staat niet meer op de site" in text
    assert "https://despil.example/agenda/e-weg" in text
    assert 'content="noindex"' in text
    assert b"Verdwenen" not in (public / "agenda/region.ics").read_bytes()


def test_event_that_becomes_private_is_wiped(public: Path) -> None:
    run(public)
    assert "Orgelconcert" in page(public, "evenement/e-orgel")
    hidden = [replace(e, hidden="private") if e.uid == "e-orgel" else e for e in world()]
    done = run(public, hidden, revision=2)
    assert done.closed == 3  # its page, its calendar file, its picture
    assert "Orgelconcert" not in said(public)
    assert "staat niet (meer) in de agenda" in page(public, "evenement/e-orgel")


def test_private_event_never_gets_a_page(public: Path) -> None:
    run(public)
    assert not (public / "evenement/e-prive").exists()
    assert "Bruiloft" not in said(public)


def test_merged_page_leads_to_the_kept_one(public: Path) -> None:
    run(public)
    text = page(public, "evenement/e-jonger")
    assert 'href="/evenement/e-samen/"' in text
    assert '<link rel="canonical" href="https://agenda.example/evenement/e-samen/">' in text


def test_ended_venue_keeps_valid_empty_feeds(public: Path) -> None:
    run(public)
    fewer = replace(SMALL, venues={k: v for k, v in SMALL.venues.items() if k != "de-spil"})
    done = run(public, info=fewer, revision=2)
    assert done.closed == 13  # three calendars, nine feeds, page
    data = (public / "agenda/venue/de-spil.ics").read_bytes()
    assert lint_calendar(data) == []
    assert b"BEGIN:VEVENT" not in data
    assert b"niet meer bijgehouden" in data.replace(b"\r\n ", b"")
    parsed = feedparser.parse((public / "feeds/venue/de-spil/new.rss").read_bytes())
    assert (parsed.bozo, parsed.entries) == (False, [])
    assert "niet meer bijgehouden" in page(public, "podium/de-spil")
    assert run(public, info=fewer, revision=2).skipped


def test_a_venue_has_feeds_from_its_first_event_on_and_keeps_them(public: Path) -> None:
    quiet = VenueInfo("Stille Zaal", "hengelo", "Hengelo")
    info = replace(SMALL, venues=SMALL.venues | {"stil": quiet})
    run(public, info=info)
    feed, calendar = public / "feeds/venue/stil/new.rss", public / "agenda/venue/stil.ics"
    listed = [public / "feeds/index.html", public / "feeds/trek.opml", public / "podium/stil/index.html"]
    assert not feed.exists()
    assert not calendar.exists()
    assert not [path for path in listed if "venue/stil" in path.read_text()]
    there = replace(world()[0], uid="e-stil", place=replace(world()[0].place, venue="stil"))
    run(public, [*world(), there], info=info, revision=2)
    assert b"BEGIN:VEVENT" in calendar.read_bytes()
    assert all("venue/stil" in path.read_text() for path in listed)
    run(public, info=info, revision=3)
    assert lint_calendar(calendar.read_bytes()) == []
    assert b"BEGIN:VEVENT" not in calendar.read_bytes()
    assert b"niet meer bijgehouden" not in calendar.read_bytes().replace(b"\r\n ", b"")
    assert feedparser.parse(feed.read_bytes()).bozo is False
    assert all("venue/stil" in path.read_text() for path in listed)


def test_a_press_list_that_ended_stays_valid_and_says_so(public: Path) -> None:
    paper = Paper("krant", "De Krant", 2, time(12))
    run(public, info=replace(SMALL, papers=(paper,)))
    folder = public / "pers/hengelo"
    assert "Orgelconcert" in (folder / "krant.txt").read_text()
    run(public, info=replace(SMALL, papers=()), revision=2)
    assert (folder / "krant.txt").read_text().endswith("\n\n" + GONE + "\n")
    assert len((folder / "krant.csv").read_text().splitlines()) == 1
    with zipfile.ZipFile(folder / "krant.docx") as packed:
        assert GONE in packed.read("word/document.xml").decode()
    before = snapshot(public)
    run(public, info=replace(SMALL, papers=()), revision=3)
    assert snapshot(public) == before


def test_a_lost_variant_comes_back_though_nothing_changed(public: Path) -> None:
    run(public)
    lost = public / "feeds/region/new.rss.gz"
    kept = lost.read_bytes()
    lost.unlink()
    assert run(public).skipped
    assert lost.read_bytes() == kept


def test_files_of_others_are_left_alone(public: Path) -> None:
    run(public)
    (public / "logo.png").write_bytes(b"x")
    (public / "agenda/notes.txt").write_bytes(b"y")
    run(public, revision=2)
    assert (public / "logo.png").read_bytes() == b"x"
    assert (public / "agenda/notes.txt").read_bytes() == b"y"


def test_leftovers_of_a_killed_run_are_cleaned(public: Path) -> None:
    run(public)
    (public / ".trek-tmp" / "7").write_bytes(b"half")
    assert run(public).removed == 1
    assert not list((public / ".trek-tmp").iterdir())


def test_killed_half_way_the_next_run_finishes(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path(str(public) + "-whole")
    run(whole)
    real, calls = Folder.write, 0

    def dying(folder: Folder, name: str, data: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == 90:
            raise KeyboardInterrupt
        real(folder, name, data)

    monkeypatch.setattr(Folder, "write", dying)
    with pytest.raises(KeyboardInterrupt):
        run(public)
    monkeypatch.setattr(Folder, "write", real)
    for path in public.rglob("*.ics"):
        assert lint_calendar(path.read_bytes()) == []
    assert not run(public).skipped
    assert {n: b for n, (b, _) in snapshot(public).items()} == {n: b for n, (b, _) in snapshot(whole).items()}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_disk_that_refuses_gives_one_line_and_no_half_file(
    public: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(public)
    before = {n: b for n, (b, _) in snapshot(public).items()}

    def refuse(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(PublishError) as caught:
        run(public, [replace(world()[0], title="Anders")], revision=2)
    assert "\n" not in str(caught.value)
    assert str(public) in str(caught.value)
    assert {n: b for n, (b, _) in snapshot(public).items()} == before


def test_public_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("x")
    with pytest.raises(PublishError, match="choose another --public"):
        run(tmp_path / "public")


def test_front_page_comes_last(public: Path) -> None:
    names = run(public).changed
    place = {name: number for number, name in enumerate(names)}
    assert place["evenement/e-orgel/index.html"] < place["gemeente/hengelo/index.html"]
    assert place["gemeente/hengelo/index.html"] < place["agenda/region.ics"] < place["index.html"]


def test_every_link_within_the_site_has_its_file(public: Path) -> None:
    run(public, info=INFO)
    for path in public.rglob("*.html"):
        for href in re.findall(r'(?:href|src)="(/[^"#]*)"', path.read_text()):
            if href.endswith("/controle/"):
                continue  # answered by the running app
            target = public / href.lstrip("/")
            assert (target / "index.html" if href.endswith("/") else target).is_file(), (path, href)


def test_site_below_a_path(public: Path) -> None:
    run(public, info=replace(SMALL, base_url="https://host.example/trek"))
    text = page(public, "gemeente/hengelo")
    assert 'href="/trek/trek.css"' in text
    assert 'href="/trek/evenement/e-orgel/"' in text
    assert "webcal://host.example/trek/agenda/hengelo.ics" in text


def test_event_page_tells_all(public: Path) -> None:
    run(public)
    text = page(public, "evenement/e-orgel")
    assert "Orgelconcert: Bach &amp; zonen" in text
    assert "Koor &lt;Example&gt;" in text
    assert "zaterdag 28 november 2026, 20:00–22:30 uur" in text
    assert "Uit in Hengelo: Orgel in De Spil" in text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert block is not None
    assert "<" not in block[1]
    found = json.loads(block[1])
    assert found["startDate"] == "2026-11-28T20:00+01:00"
    assert found["doorTime"] == "2026-11-28T19:30+01:00"
    assert found["location"]["address"]["postalCode"] == "7551 AB"
    assert found["offers"]["price"] == "12.50"


def test_status_is_loud(public: Path) -> None:
    run(public)
    assert '<p class="loud s-cancelled"><strong>Afgelast</strong></p>' in page(public, "evenement/e-af")
    assert '<p class="loud s-over"><strong>Voorbij</strong></p>' in page(public, "evenement/e-oud")
    assert "EventCancelled" in page(public, "evenement/e-af")
    assert '<strong class="status">Uitverkocht</strong>' in page(public, "gemeente/hengelo")
