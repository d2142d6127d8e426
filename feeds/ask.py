"""What the app answers beside files: a press list of any days, and what changed in the open data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from aggregator.clock import AMSTERDAM
from aggregator.errors import UsageError
from feeds.card import Voice
from feeds.info import SiteInfo
from feeds.press.files import RENDER
from feeds.press.rows import press_list, within
from feeds.select import Agenda
from feeds.urls import REGION, Scope, Urls

MOST_DAYS = 92
Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Range:
    """Which days, of which municipality, in which language."""

    scope: Scope
    first: date
    last: date
    language: str


def parse_range(pairs: Pairs, info: SiteInfo, path: str) -> Range:
    """The range in a query (`from`, `to`, `municipality`, `language`); UsageError says what is wrong."""
    asked = _once(pairs, ("municipality", "from", "to", "language"), path)
    first, last = _day(asked, "from", path), _day(asked, "to", path)
    if not first <= last or (last - first).days >= MOST_DAYS:
        raise UsageError("no such range of days", path, f"name from <= to, at most {MOST_DAYS} days")
    municipality = asked.get("municipality")
    if municipality is not None and municipality not in info.municipalities:
        known = ", ".join(info.municipalities)
        raise UsageError(f"unknown municipality {municipality[:80]!r}", path, f"known are {known}")
    language = asked.get("language", info.languages[0])
    if language not in info.languages:
        raise UsageError(
            f"unknown language {language[:20]!r}", path, f"known are {', '.join(info.languages)}"
        )
    return Range(Scope(municipality=municipality) if municipality else REGION, first, last, language)


def parse_since(pairs: Pairs, path: str) -> datetime:
    """The moment in a query (`since`: ISO 8601; a bare day begins at local midnight)."""
    text = _once(pairs, ("since",), path).get("since", "").strip().replace(" ", "+")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        hint = "write since=2026-11-20T06:30:00Z; for everything take /data/events.ndjson"
        raise UsageError(f"{text[:40]!r} is no moment", path, hint) from None
    if len(text) <= 10:
        return datetime.combine(moment.date(), time(), AMSTERDAM)
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


def render_range(agenda: Agenda, wanted: Range, kind: str, urls: Urls) -> bytes:
    """The press list of a range as `txt`, `csv` or `docx`; UsageError where the agenda does not reach."""
    if wanted.last < agenda.window.first or wanted.first > agenda.window.last:
        reach = f"{agenda.window.first} to {agenda.window.last}"
        raise UsageError("no days of the agenda", f"/pers.{kind}", f"it holds {reach}")
    voice = Voice(agenda.info, urls, wanted.language)
    showings = within(agenda, wanted.scope, wanted.first, wanted.last)
    render: Callable[..., bytes] = RENDER[kind]
    stale = agenda.stale_of(wanted.scope)
    return render(press_list(showings, wanted.scope, voice, wanted.first, wanted.last, stale), voice)


def _once(pairs: Pairs, known: tuple[str, ...], path: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key, value in pairs:
        if key not in known:
            raise UsageError(f"unknown key {key[:40]!r}", path, f"known are {', '.join(known)}")
        if key in found:
            raise UsageError(f"{key} is there twice", path, "name it once")
        found[key] = value
    return found


def _day(asked: Mapping[str, str], key: str, path: str) -> date:
    try:
        return date.fromisoformat(asked.get(key, ""))
    except ValueError:
        what = f"{key} is {asked[key][:40]!r}, no day" if key in asked else f"{key} is missing"
        raise UsageError(what, path, f"write {key}=2026-12-01") from None
