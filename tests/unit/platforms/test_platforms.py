"""What every platform promises: a name, start addresses, what it knows, and no exception on any bytes."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from aggregator.errors import ConfigError
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms import PLATFORMS, check_mapping, platform_of, read_any
from crawlers.platforms.auto import RECOGNISED

RECORDED = Path(__file__).parents[2] / "recorded"
SEEN = datetime(2026, 10, 9, 10, 0, tzinfo=UTC)
PAGES = sorted(RECORDED.glob("*/*/page.*"))


def make_source(**keys: Any) -> Source:
    told = {"start_urls": ("https://huis.example/agenda",), "municipality": "hengelo", "tier": "venue"} | keys
    return Source(id="huis", name="Huis", **told)


def make_page(body: bytes, url: str = "https://huis.example/agenda") -> Page:
    return Page(url, body, seen=SEEN, source_id="huis")


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_platform_is_found_by_its_name(name: str) -> None:
    assert PLATFORMS[name].name == name
    assert platform_of(make_source(platform=name)) is PLATFORMS[name]


def test_unknown_platform_is_one_clear_error() -> None:
    with pytest.raises(ConfigError, match="unknown platform 'wordperfect'") as caught:
        platform_of(make_source(platform="wordperfect"))
    assert "config/sources/hengelo/huis.yaml" in str(caught.value)
    assert "tribe" in caught.value.hint


def test_every_configured_source_has_its_platform() -> None:
    files = sorted((Path(__file__).parents[3] / "config" / "sources").glob("*/*.yaml"))
    assert files
    for file in files:
        told = YAML(typ="safe").load(file)
        assert told.get("platform", "auto") in PLATFORMS, file
        assert check_mapping(told.get("mapping") or {}) == (), file


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("https://huis.example/agenda", "https://huis.example/wp-json/tribe/events/v1/events?per_page=50"),
        ("https://huis.example/wp-json/tec/v1/events", "https://huis.example/wp-json/tec/v1/events"),
    ],
)
def test_tribe_starts_at_the_rest_route(url: str, start: str) -> None:
    assert PLATFORMS["tribe"].start(make_source(start_urls=(url,)), SEEN) == (start,)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p.parts[-3]}-{p.parts[-2]}")
def test_only_its_own_system_is_recognised(page: Path) -> None:
    """A page of a system is known by that system's reader and by no other."""
    folder = page.parts[-3]
    url = "https://cafe.stager.co/shop" if folder == "stager" else "https://huis.example/x"
    known = [p.name for p in RECOGNISED if p.recognises(make_page(page.read_bytes(), url))]
    assert known == ([folder] if folder in {p.name for p in RECOGNISED} - {"ibabs"} else [])


def test_ibabs_is_known_by_its_address() -> None:
    body = (RECORDED / "ibabs" / "calendar" / "page.json").read_bytes()
    url = "https://raad.bestuurlijkeinformatie.nl/Calendar/GetAgendasForCalendar"
    assert PLATFORMS["ibabs"].recognises(make_page(body, url))


@pytest.mark.parametrize(
    ("mapping", "wrong"),
    [
        ({"items": "[]", "title": "naam"}, None),
        ({"titel": "naam"}, "unknown field 'titel'"),
        ({"title": "naam["}, "no JMESPath"),
    ],
)
def test_check_mapping(mapping: dict[str, str], wrong: str | None) -> None:
    found = check_mapping(mapping)
    assert (wrong is None and found == ()) or (wrong is not None and wrong in found[0])


def test_bad_mapping_reads_nothing_and_says_so() -> None:
    reading = PLATFORMS["json"].read(make_page(b"[]"), make_source(mapping={"title": "a["}))
    assert [p.code for p in reading.problems] == ["bad-mapping"]


def test_list_pages_end_at_most() -> None:
    source = make_source(
        platform="html",
        selectors={"block": "li", "title": "b", "when": "i"},
        paging={"parameter": "p", "first": 0, "most": 2},
    )
    body = b"<ul><li><b>Koor</b><i>6 nov 2026</i></li></ul>"
    first = PLATFORMS["html"].read(make_page(body), source)
    assert first.next == ("https://huis.example/agenda?p=1",)
    assert PLATFORMS["html"].read(make_page(body, first.next[0]), source).next == ()
    assert PLATFORMS["html"].read(make_page(b"<ul></ul>"), source).next == ()


def test_gzipped_sitemap() -> None:
    import gzip

    body = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.b/agenda/een</loc></url></urlset>'
    assert PLATFORMS["sitemap"].read(make_page(gzip.compress(body))).follow == ("https://a.b/agenda/een",)
    broken = PLATFORMS["sitemap"].read(make_page(gzip.compress(body)[:20]))
    assert broken.follow == ()


def test_entities_of_an_xml_bomb_are_not_expanded() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<trcxml xmlns="http://www.vvvnederland.nl/XMLSchema/TrcXml/2.0">'
        b'<trcitem entitytype="EVENEMENT">&b;</trcitem></trcxml>'
    )
    assert PLATFORMS["ndtrc"].read(make_page(bomb)).events == ()


# --- any bytes ----------------------------------------------------------------------------


def read_all(body: bytes) -> None:
    """Every reader, with and without a source: a Reading, never an exception."""
    source = make_source(
        selectors={"block": "div", "title": "h3"},
        mapping={"title": "title", "start": "start_date"},
        follow={"pattern": "/agenda/"},
    )
    for platform in PLATFORMS.values():
        for known in (None, source):
            page = make_page(body)
            assert isinstance(platform.read(page, known), Reading)
            assert platform.recognises(page) in (True, False)
    reading = read_any(make_page(body))
    assert all(p.code != "reader-failed" for p in reading.problems), reading.problems


@given(st.binary(max_size=400))
@settings(max_examples=25)
def test_any_bytes(body: bytes) -> None:
    read_all(body)


BODIES = [page.read_bytes() for page in PAGES]


@given(st.sampled_from(BODIES), st.data())
@settings(max_examples=60)
def test_any_damage(body: bytes, data: st.DataObject) -> None:
    """A recorded page with a piece cut out, doubled, or overwritten."""
    start = data.draw(st.integers(0, len(body)))
    stop = data.draw(st.integers(start, min(len(body), start + 80)))
    filling = data.draw(
        st.sampled_from([b"", body[start:stop] * 3, b"\x00\xff<", b"null", b"[]", b"{", b'"', b"9" * 40])
    )
    read_all(body[:start] + filling + body[stop:])


KEYS = (
    "events title name start start_date date venue meeting meetings attributes plannings trcItem calendar"
    " singleDates when patternDates opens html pages currentPage result dmu location priceElements entitytype"
    " url id"
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just("2026-11-06T20:00"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS.split()),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(JSON)
@settings(max_examples=60)
def test_any_json(value: Any) -> None:
    import json

    read_all(json.dumps(value).encode())


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Agenda</h1>" + "".join(f"<h3>Avond {i}</h3><p>{i % 28 + 1} nov 2026</p>" for i in range(2000)),
        "".join(
            f'<div class="c{i}"><p class="d">{i % 28 + 1} nov 2026</p><a>Naam</a></div>' for i in range(2000)
        ),
        "".join(f"<div>{i % 28 + 1} nov 2026 <b>Titel {i}</b>" for i in range(2000)),
        "<p>" + "datum tijd zaal open 1.1.1- " * 8000,
        "<p>" + " " * 200_000 + "1 nov 2026",
    ],
    ids=["flat", "unlike", "nested", "words", "blanks"],
)
def test_no_page_takes_long(body: str) -> None:
    """The work grows with the page, not with its square: the limit leaves a busy machine room."""
    begin = time.process_time()
    read_any(make_page(body.encode()))
    assert time.process_time() - begin < 5
