"""The rules of the W3C feed validator over every kind of feed that is published or answered, and that a
feed which breaks one is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
from litestar.testing import TestClient
from lxml import etree

from feeds.press.deadline import Paper
from feeds.publish import publish
from feeds.statuspage import render_alarms
from feeds.web import create_app
from tests.unit.feeds.feeds_world import TODAY
from tests.unit.feeds.test_feeds_council import MEETINGS
from tests.unit.feeds.venue_world import SITE, VenueReader, venue_events

HUB = "https://hub.example/"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAPER = Paper("weekblad", "de weekbladen", 0, time(12))
INFO = replace(SITE, languages=("nl",), hub=HUB, papers=(PAPER,))
ATOM = "{http://www.w3.org/2005/Atom}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ALARM = {
    "key": "spil:dns",
    "problem": "De Spil & <co>: dns",
    "remedy": "wait",
    "since": "2026-11-24T11:00:00+00:00",
}
ASKED = (  # what the running app answers
    "/podium/de-spil/controle.atom",
    "/feeds.rss?kind=changed&words=concert",
    "/feeds.atom?kind=new&free=yes",
    "/feeds.rss?kind=week&days=14&municipality=hengelo&municipality=enschede",
)
UNHUBBED = ("status/", "controle.atom")  # for one person each, and with every run


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every feed by its address."""
    public = tmp_path_factory.mktemp("rules") / "public"
    publish(VenueReader([*venue_events(), *MEETINGS]), INFO, public, TODAY)
    files = sorted([*public.rglob("*.rss"), *public.rglob("*.atom")])
    found = {f"https://agenda.example/{p.relative_to(public).as_posix()}": p.read_bytes() for p in files}
    found["https://agenda.example/status/alarms.atom"] = render_alarms(INFO, "", [ALARM]).encode()
    app = create_app(public, VenueReader, INFO, lambda: NOON)
    with TestClient(app) as client:
        for path in ASKED:
            answer = client.get(path)
            assert answer.status_code == 200, path
            found[own_address(answer.content)] = answer.content
    return found


def own_address(data: bytes) -> str:
    """What an answer to a question says that its address is: the question in a set order."""
    links = etree.fromstring(data).iter(f"{ATOM}link")
    return next(link.get("href") or "" for link in links if link.get("rel") == "self")


def faults(address: str, data: bytes) -> list[str]:
    """What the validator would say of a feed at this address, as words."""
    if not data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>') or ILLEGAL.search(data.decode()):
        return ["encoding"]
    root = etree.fromstring(data)
    if root.tag == "rss":
        return [*_links(address, root[0], "application/rss+xml"), *_rss(root[0], data)]
    return [*_links(address, root, "application/atom+xml"), *_atom(root)]


def _links(address: str, home: etree._Element, kind: str) -> Iterator[str]:
    own = [link for link in home.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if [(link.get("href"), link.get("type")) for link in own] != [(address, kind)]:
        yield "self"
    hubs = [link.get("href") for link in home.findall(f"{ATOM}link") if link.get("rel") == "hub"]
    if hubs != ([] if any(part in address for part in UNHUBBED) else [HUB]):
        yield "hub"


def _is_absolute(url: str | None) -> bool:
    parts = urlsplit(url or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and (url or "").isascii()


def _once(home: etree._Element, *names: str) -> Iterator[str]:
    counts = Counter(child.tag for child in home if isinstance(child.tag, str))
    for name in names:
        if counts[name] != 1 or not (home.findtext(name) or "").strip():
            yield f"one {etree.QName(name).localname}"


def _is_past(text: str, form: re.Pattern[str]) -> bool:
    if not form.fullmatch(text):
        return False
    moment = parsedate_to_datetime(text) if form is RFC822 else datetime.fromisoformat(text)
    return moment <= NOON


def _rss(channel: etree._Element, data: bytes) -> Iterator[str]:
    yield from _once(channel, "title", "link", "description", "language", "lastBuildDate", "ttl")
    if not _is_absolute(channel.findtext("link")) or channel.findtext("link") == HUB:
        yield "channel link"
    if not _is_past(channel.findtext("lastBuildDate") or "", RFC822):
        yield "date"
    for title in re.findall(rb"<title[^>]*>(.*?)</title>", data, re.DOTALL):
        if re.search(rb"&(?!#x26;|#x3C;|gt;)|<|&#x26;(amp|lt|gt|quot);", title):
            yield "title"
    guids = [guid.text for guid in channel.iter("guid")]
    if len(set(guids)) != len(guids):
        yield "guids"
    for item in channel.iter("item"):
        yield from _once(item, "title", "link", "description", "guid", "pubDate", ENCODED)
        names = [child.tag for child in item]
        guid, url = item.find("guid"), item.findtext("link")
        if (
            guid is None
            or guid.get("isPermaLink") != "false"
            or not (guid.text or "").startswith("urn:trek:")
        ):
            yield "guid"
        if not _is_absolute(url):
            yield "link"
        if not _is_past(item.findtext("pubDate") or "", RFC822):
            yield "date"
        if "description" in names and ENCODED in names and names.index("description") > names.index(ENCODED):
            yield "content before description"
        files = item.findall("enclosure")
        if len(files) > 1 or any(not (f.get("length") or "").isdigit() or not f.get("type") for f in files):
            yield "enclosure"


def _atom(root: etree._Element) -> Iterator[str]:
    if not root.findtext(f"{ATOM}author/{ATOM}name"):
        yield "author"
    idents = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    if len(set(idents)) != len(idents):
        yield "ids"
    for home in (root, *root.iter(f"{ATOM}entry")):
        yield from _once(home, *(f"{ATOM}{name}" for name in ("id", "title", "updated")))
        updated = home.findtext(f"{ATOM}updated") or ""
        published = home.findtext(f"{ATOM}published") or updated
        if not (
            _is_past(updated, RFC3339) and _is_past(published, RFC3339) and published[:19] <= updated[:19]
        ):
            yield "date"
        links = [link for link in home.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        kinds = [(link.get("type"), link.get("hreflang")) for link in links]
        if len(kinds) != 1 or not all(_is_absolute(link.get("href")) for link in home.findall(f"{ATOM}link")):
            yield "alternate"
        if any(c.get("type") not in (None, "text", "html") for c in home.findall(f"{ATOM}content")):
            yield "type"


def test_every_kind_of_feed_keeps_every_rule(documents: dict[str, bytes]) -> None:
    assert {address: found for address, data in documents.items() if (found := faults(address, data))} == {}


def test_no_kind_of_feed_is_left_out(documents: dict[str, bytes]) -> None:
    """Each of these has items to be judged by, in both formats where there are two."""
    full = [a for a, data in documents.items() if b"<item>" in data or b"<entry>" in data]
    for part in ("/feeds/region/", "/feeds/venue/de-spil/", "/feeds/hengelo/muziek/", "/pers/hengelo/pers.",
                 "/raad/region/cultuur.", "/raad/hengelo/cultuur."):  # fmt: skip
        assert {a.rpartition(".")[2] for a in full if part in a} == {"rss", "atom"}, part
    for part in ("status/alarms.atom", "/podium/de-spil/controle.atom", "/feeds.rss?", "/feeds.atom?"):
        assert [a for a in full if part in a], part


SEEDED: list[tuple[str, str, bytes, bytes, str]] = [
    # what is wrong, in which feed, the words, what stands there instead, what must be told
    ("named entity in a title", "region/week.rss", b"Bach &#x26; zonen", b"Bach &amp; zonen", "title"),
    ("entity told twice", "region/week.rss", b"Bach &#x26; zonen", b"Bach &#x26;amp; zonen", "title"),
    ("self of another feed", "region/new.rss", b"/feeds/region/new.rss", b"/feeds/region/week.rss", "self"),
    ("self without type", "region/new.rss", b'"self" type="application/rss+xml"', b'"self"', "self"),
    ("no hub", "raad/region/cultuur.rss", b' rel="hub"', b' rel="other"', "hub"),
    ("hub as site", "region/new.rss", b"<link>https://agenda.example/</link>",
     b"<link>https://hub.example/</link>", "channel link"),
    ("two links", "region/new.rss", b"<ttl>", b"<link>https://agenda.example/</link><ttl>", "one link"),
    ("guid as address", "venue/de-spil/new.rss", b'<guid isPermaLink="false">', b"<guid>", "guid"),
    ("one guid twice", "region/week.rss", b"o-nacht#week", b"o-orgel#week", "guids"),
    ("date of ISO", "region/new.rss", b"<pubDate>Fri, 20 Nov 2026", b"<pubDate>2026-11-20", "date"),
    ("date to come", "region/new.rss", b"<pubDate>Fri, 20 Nov 2026", b"<pubDate>Sat, 28 Nov 2026", "date"),
    ("zone by name", "raad/region/cultuur.rss", b" +0000</pubDate>", b" GMT</pubDate>", "date"),
    ("no size", "pers/hengelo/pers.rss", b' length="', b' size="', "enclosure"),
    ("relative link", "region/new.rss", b"<link>https://agenda.example/ev", b"<link>/ev", "link"),
    ("control character", "region/new.rss", b"Bach", b"Ba\x0bch", "encoding"),
    ("two alternates", "region/week.atom", b' rel="via" type="text/html"/>',
     b' rel="alternate" type="text/html"/>', "alternate"),
    ("no alternate", "raad/region/cultuur.atom", b' rel="alternate" type="text/html"/>', b' rel="related"/>',
     "alternate"),
    ("CDATA as type", "region/week.atom", b'<content type="html">', b'<content type="CDATA">', "type"),
    ("no author", "status/alarms.atom", b"<name>Culture calendar of Twente</name>", b"", "author"),
    ("updated twice", "region/week.atom", b"<published>", b"<updated>x</updated><published>", "one updated"),
    ("no moment", "podium/de-spil/controle.atom", b"<updated>2026", b"<updated>26", "date"),
    ("one id twice", "region/week.atom", b"o-nacht#week", b"o-orgel#week", "ids"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "old", "new", "code"), [s[1:] for s in SEEDED], ids=[s[0] for s in SEEDED])
def test_a_feed_that_breaks_a_rule_is_told(
    documents: dict[str, bytes], where: str, old: bytes, new: bytes, code: str
) -> None:
    address = next(a for a in documents if a.endswith(where))
    broken = documents[address].replace(old, new, 1)
    assert broken != documents[address]
    assert code in faults(address, broken)
