"""The news feeds: what is new, changed and on this week, in RSS, Atom and JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
from lxml import etree

from aggregator.model import Event, Timed
from feeds.live import render_news
from feeds.news import entries
from feeds.pieces import Pieces, assemble_feed
from feeds.scopes import scopes
from feeds.select import Agenda
from feeds.site.media import parse_wanted
from feeds.urls import FORMATS, KINDS, REGION, Scope
from tests.unit.feeds.feeds_world import INFO, SEEN, TODAY, at, event, occurrence, voice, world, world_edits

HUB = replace(INFO, hub="https://hub.example/")


def feed(kind: str, form: str, events: list[Event] | None = None, language: str = "nl") -> bytes:
    agenda = Agenda(world() if events is None else events, HUB, TODAY, world_edits())
    found = entries(agenda, REGION, kind)
    return assemble_feed(found, REGION, kind, form, voice(language, HUB), Pieces())


def parse(kind: str, events: list[Event] | None = None, form: str = "rss") -> Any:
    parsed = feedparser.parse(feed(kind, form, events))
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def ids(kind: str, events: list[Event] | None = None) -> list[str]:
    return [e.id for e in entries(Agenda(world() if events is None else events, INFO, TODAY), REGION, kind)]


@pytest.mark.parametrize("form", ["rss", "atom"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_feed_is_read_without_complaint(kind: str, form: str) -> None:
    agenda, pieces = Agenda(world(), HUB, TODAY, world_edits()), Pieces()
    for scope in scopes(HUB):
        found = entries(agenda, scope, kind)
        parsed = feedparser.parse(assemble_feed(found, scope, kind, form, voice("en", HUB), pieces))
        assert not parsed.bozo
        assert len(parsed.entries) == len(found)
        for item in parsed.entries:
            assert item.link.startswith("https://agenda.example/en/evenement/")
            assert item.id.startswith("urn:trek:")
            assert item.title
            assert item.published_parsed <= datetime(2026, 11, 24, 12, tzinfo=UTC).timetuple()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "Let op: De Spil kunnen wij nu niet lezen"),
        ("en", "Note: we cannot read De Spil at present"),
        ("de", "Achtung: De Spil können wir zurzeit nicht lesen"),
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_a_feed_says_in_its_language_which_sources_are_stale(form: str, language: str, told: str) -> None:
    agenda = Agenda(world(), INFO, TODAY, stale=["de-spil", "gemeente-elders"])
    found, stale = entries(agenda, REGION, "week"), agenda.stale_of(REGION)
    data, fresh = (
        assemble_feed(found, REGION, "week", form, voice(language), Pieces(), names) for names in (stale, ())
    )
    said, before = (
        json.loads(d)["description"] if form == "json" else feedparser.parse(d).feed.subtitle
        for d in (data, fresh)
    )
    assert said.startswith(f"{before} {told};")
    assert data.replace(said.removeprefix(before).encode(), b"") == fresh  # and nothing else changed


@pytest.mark.parametrize(("words", "told"), [({"words": "jazz"}, True), ({"venue": "ketelhal"}, False)])
def test_an_own_feed_says_it_too(words: dict[str, str], told: bool) -> None:
    own = {"sources": (("uit-hengelo", "https://uit.example/1"),)}
    events = [replace(e, **own) if e.place.venue == "ketelhal" else e for e in world()]  # type: ignore[arg-type]
    wanted = parse_wanted(list(words.items()), INFO, "/feeds.rss")
    data = render_news(Agenda(events, INFO, TODAY, stale=["de-spil"]), wanted, "rss", voice().urls, Pieces())
    assert ("Let op: De Spil kunnen wij" in feedparser.parse(data).feed.subtitle) == told


def test_new_is_first_seen_the_newest_first_and_nothing_that_is_over_or_off() -> None:
    late = event("e-laat", "Later gezien", occurrence("o", Timed(at(28))), created=SEEN + timedelta(days=1))
    found = ids("new", [*world(), late])
    assert found[0] == "e-laat"
    assert "e-oud" not in found
    assert "e-af" not in found
    entry = next(e for e in parse("new", [late]).entries)
    assert entry.published == "Sat, 21 Nov 2026 06:30:00 +0000"


def test_changed_tells_what_became_of_it() -> None:
    parsed = parse("changed")
    titles = [e.title for e in parsed.entries]
    assert titles == [
        "zo 29 nov 15:00 · AFGELAST: Jazz in de kelder — De Spil, Hengelo",
        "wo 2 dec 20:00 · VERPLAATST: Poëzieavond — Ketelhal, Enschede",
        "vr 27 nov 21:00 · UITVERKOCHT: Bandavond — De Spil, Hengelo",
    ]
    moved = parsed.entries[1].summary
    assert "Verplaatst: woensdag 25 november 2026, 20:00–22:00 uur wordt woensdag 2 december 2026" in moved


def test_week_has_one_item_an_event_in_order_of_time() -> None:
    order = [e.id for e in entries(Agenda(world(), INFO, TODAY), REGION, "week")]
    assert order == [
        "o-expo#week",
        "o-tm#week",
        "o-cafe-0#week",
        "o-nacht#week",
        "o-vol-1#week",
        "o-dag#week",
        "o-orgel#week",
        "o-af#week",
    ]


def test_week_item_is_dated_when_it_came_within_the_week() -> None:
    entry = next(e for e in parse("week").entries if "Orgel" in e.title)
    assert entry.published == "Sat, 21 Nov 2026 23:00:00 +0000"  # midnight of the 22nd, six days before


def test_titles_start_with_the_date_and_hold_no_named_entity() -> None:
    data = feed("week", "rss").decode()
    titles = re.findall(r"<title>(.*?)</title>", data)
    assert (
        "za 28 nov 20:00 · Orgelconcert: Bach &#x26; zonen; een avond, \\ drie stemmen — De Spil, Hengelo"
        in titles
    )
    assert not [t for t in titles if "&amp;" in t or "&lt;" in t]


def test_rss_channel() -> None:
    channel = etree.fromstring(feed("changed", "rss"))[0]
    atom = "{http://www.w3.org/2005/Atom}"
    assert channel.findtext("link") == "https://agenda.example/"
    links = {(a.get("rel"), a.get("href")) for a in channel.findall(f"{atom}link")}
    assert links == {
        ("self", "https://agenda.example/feeds/region/changed.rss"),
        ("hub", "https://hub.example/"),
    }
    assert channel.findtext("lastBuildDate") == "Mon, 23 Nov 2026 06:30:00 +0000"
    assert channel.findtext("language") == "nl"
    assert [g.get("isPermaLink") for g in channel.iter("guid")] == ["false"] * 3


def test_rss_item_carries_the_event() -> None:
    channel = etree.fromstring(feed("week", "rss"))[0]
    item = next(i for i in channel.iter("item") if "Orgel" in (i.findtext("title") or ""))
    names = [etree.QName(child).localname for child in item]
    assert names.index("description") < names.index("encoded")
    ev = "{http://purl.org/rss/1.0/modules/event/}"
    assert item.findtext(f"{ev}startdate") == "2026-11-28T20:00+01:00"
    assert item.findtext(f"{ev}enddate") == "2026-11-28T22:30+01:00"
    assert item.findtext(f"{ev}organizer") == "Stichting Orgel"
    assert item.findtext("{http://www.georss.org/georss}point") == "52.2658 6.7931"
    html = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") or ""
    assert '<a href="https://kaarten.example/orgel?x=1&amp;y=2">Kaarten</a>' in html
    assert [c.text for c in item.iter("category")] == ["Muziek", "Hengelo"]


def test_atom_entry_has_one_alternate_and_typed_content() -> None:
    root = etree.fromstring(feed("week", "atom"))
    ns = {"a": "http://www.w3.org/2005/Atom"}
    assert root.findtext("a:author/a:name", namespaces=ns) == "Cultuuragenda Twente"
    assert {link.get("rel") for link in root.findall("a:link", ns)} == {"alternate", "self", "hub"}
    for entry in root.findall("a:entry", ns):
        rels = [link.get("rel") for link in entry.findall("a:link", ns)]
        assert sorted(rels) == ["alternate", "via"]
        content = entry.find("a:content", ns)
        assert content is not None
        assert content.get("type") == "html"


def test_json_feed_has_what_the_format_asks() -> None:
    value = json.loads(feed("week", "json"))
    assert value["version"] == "https://jsonfeed.org/version/1.1"
    assert value["feed_url"] == "https://agenda.example/feeds/region/week.json"
    assert value["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    item = next(i for i in value["items"] if "Orgel" in i["title"])
    assert item["external_url"] == "https://despil.example/agenda/e-orgel"
    assert item["_agenda"]["start"] == "2026-11-28T20:00+01:00"
    assert item["_agenda"]["price"] == "€\xa012,50"
    assert all(isinstance(i["id"], str) and i["content_html"] for i in value["items"])
    assert json.loads(feed("new", "json", []))["items"] == []


@pytest.mark.parametrize("form", FORMATS)
def test_three_formats_hold_the_same_items(form: str) -> None:
    wanted = [i["id"] for i in json.loads(feed("week", "json"))["items"]]
    data = feed("week", form)
    if form != "json":
        assert [e.id for e in feedparser.parse(data).entries] == wanted
    assert data == feed("week", form)


def test_hostile_words_come_out_harmless() -> None:
    bad = event(
        "e",
        "<script>alert(1)</script> ]]> \x0b\ufffe & <b>",
        occurrence("o", Timed(at(28))),
        description="<img src=x onerror=alert(1)>",
        organiser='"><svg onload=alert(1)>',
        ticket_url="javascript:alert(1)",
        image="https://x.example/a.jpg",
    )
    entry = parse("new", [bad]).entries[0]
    html = entry.content[0].value
    assert "&lt;img" in html
    assert not re.search(r"<(script|svg)|javascript:", html)
    item = json.loads(feed("new", "json", [bad]))["items"][0]
    assert "<script" not in item["content_html"]
    assert not re.search(r"<img src=x|<svg", item["content_html"])


def test_newest_items_only() -> None:
    few = replace(INFO, most_items=5)
    agenda = Agenda(world(), few, TODAY)
    assert len(entries(agenda, REGION, "new")) == 5
    assert entries(agenda, Scope(venue="ketelhal"), "week") == []


def test_piece_is_rendered_once_for_all_feeds() -> None:
    agenda, pieces = Agenda(world(), INFO, TODAY), Pieces()
    for scope in scopes(INFO):
        for kind in KINDS:
            assemble_feed(entries(agenda, scope, kind), scope, kind, "rss", voice(), pieces)
    assert pieces.rendered == sum(len(entries(agenda, REGION, kind)) for kind in KINDS)
