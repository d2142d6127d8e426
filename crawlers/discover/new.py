"""Writes what a look found as a source: its file in `config/`, recorded pages, what they should give."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from aggregator.errors import UsageError
from aggregator.model import Tier, to_plain
from aggregator.region import WHOLE_REGION, Region, Source
from crawlers.discover.tell import render_line
from crawlers.discover.visit import Visit
from crawlers.discover.ways import Found, Way
from crawlers.extract.home import read_home
from crawlers.extract.page import Page
from crawlers.platforms import PLATFORMS

_ORIGIN = ("source_id", "page_url", "seen_at")  # of an event: where it was read, not what it says
_OWN = ("id", "name", "municipality", "tier", "start_urls")  # keys that a recorded case does not repeat
_SAMPLE = 5  # events shown with a proposal
_HEAVY = 300_000  # bytes of a recorded page that is better cut down


@dataclass(frozen=True)
class Wish:
    """What the caller asks for: who the source is, and which way to read it (1 is the best)."""

    id: str
    municipality: str
    tier: Tier = Tier.VENUE
    venue: str | None = None
    name: str | None = None
    number: int = 1


@dataclass(frozen=True)
class Draft:
    """A source in the making: the plain values of its file, and the files of its recorded cases by path."""

    wish: Wish
    way: Way
    entry: dict[str, Any]
    cases: dict[str, bytes]

    @property
    def file(self) -> str:
        """Where the source's file stands below `config/`."""
        return f"sources/{self.wish.municipality}/{self.wish.id}.yaml"

    @property
    def yaml(self) -> str:
        """The source's file."""
        return dump(self.entry)


def check_wish(wish: Wish, region: Region) -> None:
    """UsageError when the source cannot be added: before anything is fetched."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", wish.id):
        raise UsageError(f"{wish.id!r} is no id", "ID", "write it in small letters: oude-fabriek")
    if wish.id in region.sources:
        where = region.sources[wish.id].municipality
        raise UsageError(f"{wish.id} exists", f"config/sources/{where}/{wish.id}.yaml", "choose another id")
    known = (*region.municipalities, WHOLE_REGION)
    if wish.municipality not in known:
        raise UsageError(
            f"no municipality {wish.municipality!r}", "--municipality", f"one of {', '.join(known)}"
        )
    if wish.venue and wish.venue not in region.venues:
        raise UsageError(f"no venue {wish.venue!r}", "--venue", "add it to config/venues first")


def make_draft(found: Found, wish: Wish) -> Draft:
    """The source of the way that was chosen; UsageError when there is no such way."""
    usable = [way for way in found.ways if way.lines]
    if not usable:
        why = found.start.detail or "no events to come were found"
        raise UsageError(f"nothing to make a source of: {why}", found.start.url, "see: trek source try")
    if not 1 <= wish.number <= len(usable):
        raise UsageError(f"there is no way {wish.number}", "--from", f"choose 1 to {len(usable)}")
    way = usable[wish.number - 1]
    entry = make_entry(found, way, wish)
    pages = {wish.id: way.visit}
    if way.samples and (detail := _detail(found, way)) is not None:
        pages[f"{wish.id}-event"] = detail
    cases = {
        f"{way.platform}/{name}/{file}": body
        for name, visit in pages.items()
        for file, body in record_case(visit, entry).items()
    }
    return Draft(wish, way, entry, cases)


def make_entry(found: Found, way: Way, wish: Wish) -> dict[str, Any]:
    """The source as plain values, in the order in which people read it."""
    home = read_home(found.start.page) if found.start.ok else None
    parts = urlsplit(way.url)
    entry: dict[str, Any] = {
        "id": wish.id,
        "name": wish.name or (home.name if home else None) or wish.id.replace("-", " ").title(),
        "start_urls": [way.url],
        "home": f"{parts.scheme}://{parts.netloc}/",
        "platform": way.platform,
        "tier": wish.tier.value,
    }
    if wish.venue:
        entry["venue"] = wish.venue
    entry |= {"rights": "facts", "interval": "1d"}
    for name, part in (
        ("selectors", way.learned.selectors if way.learned else None),
        ("paging", way.paging),
        ("follow", way.follow),
    ):
        if part is not None:
            entry[name] = part.model_dump(exclude_none=True, exclude_defaults=True)
    entry["verified"] = False
    if way.learned:
        entry["note"] = way.learned.note
    return entry


def record_case(visit: Visit, entry: dict[str, Any]) -> dict[str, bytes]:
    """The files of one recorded case: the page, what it is, and what it gives now, for a person to check."""
    page = visit.page
    body = _as_utf8(page)
    more = {key: value for key, value in entry.items() if key in _READING}
    case = {
        "url": visit.url,
        "seen": page.seen.isoformat(),
        "platform": entry["platform"],
        "synthetic": False,
        "origin": f"{visit.url}, {page.seen.date().isoformat()}",
        "source": more,
    }
    wanted = expect(visit.url, body, page, entry["platform"], more)
    return {
        f"page.{_suffix(page)}": body,
        "case.yaml": dump(case).encode(),
        "expected.json": (json.dumps(wanted, ensure_ascii=False, indent=1) + "\n").encode(),
    }


_READING = ("selectors", "paging", "follow", "mapping", "options")


def expect(url: str, body: bytes, page: Page, platform: str, more: dict[str, Any]) -> dict[str, Any]:
    """What the recorded page gives when it is read as the tests of recorded pages read it."""
    source = Source(
        id="recorded", name="Recorded", municipality="hengelo", start_urls=(url,), tier=Tier.VENUE, **more
    )
    reading = PLATFORMS[platform].read(Page(url, body, seen=page.seen, source_id="recorded"), source)
    return {
        "events": [{k: v for k, v in to_plain(e).items() if k not in _ORIGIN} for e in reading.events],
        "next": list(reading.next),
        "follow": list(reading.follow),
        "problems": [p.code for p in reading.problems],
    }


def write_draft(draft: Draft, config: Path, recorded: Path | None) -> list[Path]:
    """Write the source's file and its cases; the paths written. Nothing that exists is written over."""
    files = {config / draft.file: draft.yaml.encode()}
    if recorded is not None:
        files |= {recorded / name: body for name, body in draft.cases.items()}
    if taken := next((path for path in files if path.exists()), None):
        raise UsageError("exists already", str(taken), "remove it or choose another id")
    for path, body in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return list(files)


def to_check(draft: Draft) -> Iterator[str]:
    """What a person should look at before `verified` is set."""
    way = draft.way
    yield f"Open {way.url} and compare: are all its events there, with the right day and time?"
    if way.samples:
        yield f"Only {len(way.lines)} of about {way.count} pages of events were looked at."
    if way.missing:
        lacks = ", ".join(f"{name} ({number} of {len(way.lines)})" for name, number in way.missing.items())
        yield f"Missing: {lacks}. Does the page say it?"
    if not draft.wish.venue and draft.wish.tier is Tier.VENUE:
        yield "Events that name no place have none: give `venue` when the site is one house's."
    if way.learned and way.learned.lacking:
        yield f"Seen but not learned as selectors: {', '.join(way.learned.lacking)}."
    if way.paging:
        yield f"The list seems to go on ({dump(draft.entry['paging']).strip()}): is the second page read?"
    elif not way.reading.next and not way.samples:
        yield "No way to a second page was found: does the list go on?"
    if any(len(body) > _HEAVY for body in draft.cases.values()):
        yield "The recorded page is heavy: cut it down to a few events, and expected.json with it."
    yield "`rights: facts` shows no text and no picture; change it only when the site allows more."
    yield "Read expected.json through: it is what Trek reads now, not what is right."


def propose(found: Found, source: Source) -> Iterator[str]:
    """Lines that tell a person what to put in a source's file now that its page has changed.

    UsageError when nothing on the site can be read any more.
    """
    usable = [way for way in found.ways if way.lines]
    if not usable:
        why = found.start.detail or "no events to come were found"
        raise UsageError(f"nothing to propose: {why}", found.start.url, "look at the site")
    here = [way for way in usable if way.visit.kind == "page"] or usable
    way = next((way for way in here if way.learned), here[0])
    entry = make_entry(found, way, Wish(source.id, source.municipality, source.tier))
    names = [n for n in ("start_urls", "platform", "selectors", "paging", "follow", "note") if n in entry]
    yield f"In sources/{source.municipality}/{source.id}.yaml put, if the events below are right:"
    yield ""
    yield dump({name: entry[name] for name in names}).rstrip()
    yield ""
    yield f"{way.count} events to come, such as:"
    yield from (f"- {render_line(line)}" for line in way.lines[:_SAMPLE])
    yield "Then record the page again: its recorded case no longer holds."


def dump(values: dict[str, Any]) -> str:
    """Values as YAML."""
    yaml = YAML()
    yaml.width = 1000
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(values, stream)
    return stream.getvalue()


def _detail(found: Found, way: Way) -> Visit | None:
    return next((v for v in found.visits if v.kind == "event" and v.ok and v.origin == way.visit.url), None)


def _as_utf8(page: Page) -> bytes:
    """The body as it came; as UTF-8 with its mark where only the header told how to read it."""
    bare = Page(page.url, page.body, seen=page.seen)
    return page.body if bare.text == page.text else b"\xef\xbb\xbf" + page.text.encode("utf-8", "replace")


def _suffix(page: Page) -> str:
    head = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:300].lower()
    if head.startswith((b"{", b"[")):
        return "json"
    if head.startswith(b"begin:"):
        return "ics"
    return (
        "xml"
        if head.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset")) and b"<html" not in head
        else "html"
    )
