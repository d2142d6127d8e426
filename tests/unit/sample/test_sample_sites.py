"""The sites serve honestly over HTTP: types, validators, conditional requests, outages, changes."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.errors import TrekError, UsageError
from aggregator.tag.local import load_local
from aggregator.townpage import load_pages
from crawlers.sample.change import Change
from crawlers.sample.config import write_config
from crawlers.sample.model import HOST
from crawlers.sample.server import PortTakenError
from crawlers.sample.sites import SampleRegion, free_base_port

TODAY = date(2026, 11, 25)
THEATRE = "theater-de-proefvlucht"
PAGE = """
ignore: sterrenlicht
page:
  words: {nl: Welkom., en: Welcome., de: Willkommen.}
  accent: {light: "#8a1f4b", dark: "#f2a3c0"}
  featured: [2f1e6a9c-0b1d-5c1e-8f3a-1c2d3e4f5a6b]
"""


@pytest.fixture(scope="module")
def region() -> Iterator[SampleRegion]:
    with SampleRegion(TODAY, free_base_port(18_600)) as running:
        yield running


def ask(
    region: SampleRegion, source: str, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one request to one site."""
    connection = http.client.HTTPConnection(HOST, region.programme.sources[source].port, timeout=5)
    try:
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_it_starts_and_stops_within_two_seconds_of_computing() -> None:
    base = free_base_port(28_600)
    begun = time.process_time()
    region = SampleRegion(TODAY, base).start()
    region.stop()
    assert time.process_time() - begun < 2
    assert free_base_port(base) == base


@pytest.mark.parametrize(
    ("source", "path", "kind"),
    [
        (THEATRE, "/voorstellingen", "text/html; charset=utf-8"),
        ("heemkundekring-de-voorloper", "/programma", "text/html; charset=windows-1252"),
        ("kulturhus-de-pilot", "/agenda.ics", "text/calendar; charset=utf-8"),
        ("bibliotheek-goor", "/feed/", "application/rss+xml; charset=utf-8"),
        ("fablab-modelwerk", "/wp-json/tribe/events/v1/events", "application/json; charset=UTF-8"),
        (THEATRE, "/sitemap.xml", "application/xml; charset=utf-8"),
        (THEATRE, "/robots.txt", "text/plain; charset=utf-8"),
    ],
)
def test_types(region: SampleRegion, source: str, path: str, kind: str) -> None:
    status, headers, body = ask(region, source, path)
    assert (status, headers["Content-Type"], int(headers["Content-Length"])) == (200, kind, len(body))


def test_every_site_has_a_front_page_and_robots(region: SampleRegion) -> None:
    for name in region.sites:
        assert ask(region, name, "/robots.txt")[0] == 200
        assert ask(region, name, "/")[0] == (500 if name == "bibliotheek-losser" else 200)


def test_unchanged_pages_cost_a_304(region: SampleRegion) -> None:
    _, headers, _ = ask(region, THEATRE, "/voorstellingen")
    for known in (
        {"If_None_Match": headers["ETag"]},
        {"If_None_Match": f'"other", W/{headers["ETag"]}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": headers["Last-Modified"]},
    ):
        status, again, body = ask(region, THEATRE, "/voorstellingen", **known)
        assert (status, body, again["ETag"]) == (304, b"", headers["ETag"]), known


def test_an_etag_goes_before_a_date(region: SampleRegion) -> None:
    _, headers, _ = ask(region, THEATRE, "/voorstellingen")
    asked = {"If_None_Match": '"other"', "If_Modified_Since": headers["Last-Modified"]}
    assert ask(region, THEATRE, "/voorstellingen", **asked)[0] == 200


def test_a_later_date_gets_a_304(region: SampleRegion) -> None:
    asked = "Thu, 26 Nov 2026 00:00:00 GMT"
    assert ask(region, THEATRE, "/voorstellingen", If_Modified_Since=asked)[0] == 304


def test_an_older_date_gets_the_page(region: SampleRegion) -> None:
    asked = "Sun, 01 Nov 2026 00:00:00 GMT"
    assert ask(region, THEATRE, "/voorstellingen", If_Modified_Since=asked)[0] == 200


def test_a_date_that_is_none_is_passed_over(region: SampleRegion) -> None:
    assert ask(region, THEATRE, "/voorstellingen", If_Modified_Since="gisteren")[0] == 200


def test_head_has_no_body(region: SampleRegion) -> None:
    status, headers, body = ask(region, THEATRE, "/voorstellingen", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_a_connection_is_used_again(region: SampleRegion) -> None:
    connection = http.client.HTTPConnection(HOST, region.programme.sources[THEATRE].port, timeout=5)
    connection.request("GET", "/")
    connection.getresponse().read()
    first = connection.sock
    connection.request("GET", "/voorstellingen")
    assert connection.getresponse().read()
    assert connection.sock is first
    connection.close()


def test_what_is_not_there_is_a_404(region: SampleRegion) -> None:
    assert ask(region, THEATRE, "/niets")[0] == 404


def test_tills_are_open_to_people_and_closed_to_crawlers(region: SampleRegion) -> None:
    assert ask(region, "theaterzaal-de-maquette", "/bestel/1")[0] == 200
    assert b"Disallow: /bestel/" in ask(region, "theaterzaal-de-maquette", "/robots.txt")[2]


def test_robots(region: SampleRegion) -> None:
    assert b"Disallow: /\n" in ask(region, "bibliotheek-rijssen", "/robots.txt")[2]
    assert b"Crawl-delay: 3" in ask(region, "twente-toont", "/robots.txt")[2]


def test_the_broken_and_the_empty_site(region: SampleRegion) -> None:
    assert ask(region, "bibliotheek-losser", "/agenda")[0] == 500
    status, _, body = ask(region, "bibliotheek-vriezenveen", "/voorstellingen")
    assert (status, b"geen activiteiten" in body) == (200, True)


def test_a_change_changes_its_own_pages_only() -> None:
    region = SampleRegion(TODAY)
    site = region.sites[THEATRE]
    entry, other = site.desk.entries[0], site.desk.entries[1]
    before = {path: site.answer(path, {}) for path in site.paths}
    region.apply(Change("retitle", THEATRE, entry.path, "De onverwachte titel"))
    after = {path: site.answer(path, {}) for path in site.paths}
    changed = {p for p in after if after[p].etag != before[p].etag}
    assert changed == {"/", "/voorstellingen", entry.path, "/sitemap.xml"}
    assert after[other.path].modified == before[other.path].modified
    assert after[entry.path].modified != before[entry.path].modified
    assert b"De onverwachte titel" in after["/voorstellingen"].body.data


def test_outages_come_and_go() -> None:
    region = SampleRegion(TODAY, changes=[Change("error", THEATRE)])
    site = region.sites[THEATRE]
    assert site.answer("/voorstellingen", {}).status == 500
    region.apply(Change("empty", THEATRE))
    assert b"geen activiteiten" in site.answer("/voorstellingen", {}).body.data
    region.apply(Change("well", THEATRE))
    assert site.desk.entries[0].path.encode() in site.answer("/voorstellingen", {}).body.data


def test_a_change_of_what_is_not_there_is_refused() -> None:
    region = SampleRegion(TODAY)
    with pytest.raises(UsageError, match="no page /niets"):
        region.apply(Change("drop", THEATRE, "/niets"))
    with pytest.raises(UsageError, match="no site is called nergens"):
        region.apply(Change("error", "nergens"))


def test_a_taken_port_is_named_and_another_block_found() -> None:
    base = free_base_port(38_600)
    with socket.socket() as other:
        other.bind((HOST, base + 3))
        other.listen()
        with pytest.raises(PortTakenError, match=str(base + 3)):
            SampleRegion(TODAY, base).start()
        assert free_base_port(base) > base
    with pytest.raises(TrekError, match="free ports"):
        free_base_port(64_990)


def test_a_later_day_tells_no_more_of_what_is_over_and_moves_nothing_else() -> None:
    region, later = SampleRegion(TODAY), date(2026, 12, 15)  # weeks on
    before = {(e.source, e.path): e for e in region.programme.entries}
    region.turn(later)
    assert region.programme.today == later
    after = {(e.source, e.path): e for e in region.programme.entries}
    assert 0 < len(after) < len(before)
    for key, entry in after.items():
        assert entry.showings == tuple(s for s in before[key].showings if s.last >= later)
    assert all(
        showing.last < later for key in before.keys() - after.keys() for showing in before[key].showings
    )


def test_the_configuration_loads_and_is_always_the_same(tmp_path: Path) -> None:
    here = find_config(None)
    region = SampleRegion(TODAY)
    first = write_config(tmp_path / "a", here, region.programme.sources)
    again = write_config(tmp_path / "b", here, region.programme.sources)
    files = {path.relative_to(first): path.read_bytes() for path in first.rglob("*.yaml")}
    assert files == {path.relative_to(again): path.read_bytes() for path in again.rglob("*.yaml")}
    loaded = load_region(first)
    assert loaded.sources.keys() == region.sites.keys()
    assert {m for v in loaded.venues.values() for m in [v.municipality]} == loaded.municipalities.keys()
    assert all(s.delay == 1 and s.verified for s in loaded.sources.values())


def test_writing_the_configuration_again_leaves_nothing_old(tmp_path: Path) -> None:
    here = find_config(None)
    sources = SampleRegion(TODAY).programme.sources
    write_config(tmp_path, here, sources)
    few = {name: source for name, source in sources.items() if source.municipality == "borne"}
    write_config(tmp_path, here, few)
    assert {path.stem for path in (tmp_path / "sources").rglob("*.yaml")} == few.keys()


def test_what_municipalities_decided_of_their_own_page_comes_along(tmp_path: Path) -> None:
    here, own = find_config(None), tmp_path / "own"
    (own / "municipalities").mkdir(parents=True)
    for path in here.glob("*.yaml"):
        (own / path.name).write_bytes(path.read_bytes())
    (own / "municipalities" / "borne.yaml").write_text(PAGE)
    sources = {s.id: s for s in SampleRegion(TODAY).programme.sources.values() if s.municipality == "borne"}
    written = load_region(write_config(tmp_path / "sample", own, sources))
    page = load_pages(written)["borne"]
    assert page.words == {"nl": "Welkom.", "en": "Welcome.", "de": "Willkommen."}
    assert page.accent is not None
    assert page.accent.light == "#8a1f4b"
    assert load_local(written, (), ()).keys() == {"borne"}
    write_config(tmp_path / "sample", here, sources)
    left = {path.name for path in (tmp_path / "sample" / "municipalities").glob("*")}
    assert left == {path.name for path in (here / "municipalities").glob("*")}
