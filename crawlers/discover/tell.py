"""A look in words for people, and as JSON: what was found, by which way, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aggregator.model import Outcome
from crawlers.discover.ways import FIELDS, Found, Line, Way
from crawlers.extract.home import read_home

_SHOWN = 5  # events of the best way
_OTHERS = 2  # events of each other way


def render_found(found: Found) -> Iterator[str]:
    """Lines for a terminal."""
    home = read_home(found.start.page) if found.start.ok else None
    if home and (home.name or home.town):
        where = " ".join(p for p in (home.address, home.postcode, home.town) if p)
        yield f"Site: {home.name or '(no name)'}{f', {where}' if where else ''}"
    for visit in found.visits:
        said = visit.detail if visit.kind == "robots" else visit.detail or _got(found, visit.url)
        if visit.outcome == Outcome.NOT_FOUND and visit is not found.start:
            said = ""  # an address that we made up, or a stale link: nothing that was and is no more
        yield f"  {visit.kind:8} {visit.outcome:14} {visit.url}  {said}".rstrip()
    if not found.ways:
        yield "No events found. Look at the site: an agenda in a picture, a PDF or a script is not read."
        return
    for number, way in enumerate(found.ways, 1):
        yield ""
        yield f"{number}. {way.platform}  {way.url}"
        yield from (f"   {line}" for line in _way_lines(way, _SHOWN if number == 1 else _OTHERS))
    yield ""
    yield f"Next: trek source new ID {found.start.url} --municipality NAME [--from NUMBER]"


def plain_found(found: Found) -> dict[str, Any]:
    """The same as one JSON object."""
    home = read_home(found.start.page) if found.start.ok else None
    return {
        "url": found.start.url,
        "site": {"name": home.name, "address": home.address, "postcode": home.postcode, "town": home.town}
        if home
        else None,
        "looked": [
            {k: getattr(v, k) for k in ("kind", "url", "why", "outcome", "detail")} for v in found.visits
        ],
        "ways": [_plain_way(number, way) for number, way in enumerate(found.ways, 1)],
    }


def _plain_way(number: int, way: Way) -> dict[str, Any]:
    return {
        "number": number,
        "platform": way.platform,
        "url": way.url,
        "how": way.how,
        "score": round(way.score, 3),
        "events": way.count,
        "past": way.past,
        "sampled": way.samples,
        "missing": way.missing,
        "selectors": way.learned.selectors.model_dump(exclude_none=True) if way.learned else None,
        "follow": way.follow.model_dump(exclude_defaults=True) if way.follow else None,
        "paging": way.paging.model_dump(exclude_defaults=True) if way.paging else None,
        "sample": list(way.lines[:_SHOWN]),
    }


def _got(found: Found, url: str) -> str:
    told = [f"{way.count} events ({way.platform})" for way in found.ways if way.visit.url == url]
    return ", ".join(dict.fromkeys(told))


def _way_lines(way: Way, most: int) -> Iterator[str]:
    yield way.how
    over = f", {way.past} over" if way.past else ""
    seen = f" ({len(way.lines)} looked at)" if way.samples else ""
    yield f"{way.count} events to come{seen}{over}"
    for line in way.lines[:most]:
        yield f"- {render_line(line)}"
    if way.lines and way.missing:
        lacks = (f"{n} ({way.missing[n]} of {len(way.lines)})" for n in FIELDS if n in way.missing)
        yield f"missing: {', '.join(lacks)}"
    if way.learned and way.learned.lacking:
        yield f"seen but not learned as selectors: {', '.join(way.learned.lacking)}"


def render_line(line: Line) -> str:
    """One event on one line: day and time as read, title, place."""
    where = line.get("location") or {}
    place = ", ".join(p for p in (where.get("name"), where.get("place")) if p)
    end = f" – {line['end']}" if line.get("end") and line["end"] != line["start"] else ""
    return f"{line['start']}{end}  {line['title']}{f'  @ {place}' if place else ''}"
