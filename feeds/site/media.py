"""The page for newsrooms: the feeds, one of their own, the week's press list, what changed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.errors import UsageError
from feeds.card import Voice, short_when, title_of, town
from feeds.choice import Choice, parse_choice
from feeds.formats.change import change_line
from feeds.info import SiteInfo
from feeds.news import Entry, changed_for, entries
from feeds.press.files import press_path
from feeds.press.plain import render_text
from feeds.press.rows import press_list
from feeds.select import Agenda, Window
from feeds.site.forms import render_composer
from feeds.site.frame import feed_links
from feeds.urls import FORMATS, KINDS, REGION, Scope

SAMPLES = 3  # items shown of a feed
DAYS = (7, 14, 31)  # windows offered
MOST_DAYS = 92
PRESS = (("Word", "week.docx"), ("Text", "week.txt"), ("CSV", "week.csv"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A news feed that somebody puts together: a choice, what kind, and how many days ahead."""

    choice: Choice
    kind: str = "week"
    days: int = 7

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The same wish always in the same words."""
        ahead = (("days", str(self.days)),) if self.kind == "week" and self.days != 7 else ()
        return (("kind", self.kind), *ahead, *self.choice.query)


def parse_wanted(pairs: Iterable[tuple[str, str]], info: SiteInfo, path: str) -> Wanted:
    """The feed in a query (`kind`, `days`, and a choice); UsageError names what does not exist."""
    own: dict[str, str] = {}
    rest = []
    for key, value in pairs:
        if key in ("kind", "days"):
            own[key] = value
        else:
            rest.append((key, value))
    kind = own.get("kind") or "week"
    if kind not in KINDS:
        raise UsageError(f"unknown kind {kind[:40]!r}", path, f"known are {', '.join(KINDS)}")
    text = own.get("days") or "7"
    if not (text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MOST_DAYS):
        raise UsageError(f"days is {text[:40]!r}", path, f"write days=1 to days={MOST_DAYS}")
    return Wanted(parse_choice(rest, info, path), kind, int(text))


def narrowed(agenda: Agenda, choice: Choice) -> Agenda:
    """An agenda of the events that a choice takes."""
    events = [event for event in agenda.events.values() if choice.takes_event(event)]
    uids = {event.uid for event in events}
    edits = [edit for uid, lines in agenda.edits.items() if uid in uids for edit in lines]
    return Agenda(events, agenda.info, agenda.today, edits, agenda.stale)


def wanted_entries(agenda: Agenda, wanted: Wanted) -> list[Entry]:
    """The entries of the feed that somebody wants."""
    ahead = timedelta(days=wanted.days - 1)
    scope = wanted.choice.scope
    if scope is not None:
        return entries(agenda, scope, wanted.kind, ahead)
    if wanted.kind == "changed":
        return changed_for(agenda, wanted.choice.takes_event)
    return entries(narrowed(agenda, wanted.choice), REGION, wanted.kind, ahead)


def render_media(agenda: Agenda, wanted: Wanted, voice: Voice) -> bytes:
    """The page with a wish filled in; without one it is a file."""
    words, choice = voice.words, wanted.choice
    return render_composer(
        "media",
        voice.urls.media,
        choice,
        voice,
        wish=wanted != Wanted(Choice(language=voice.language)),
        kinds=[(k, words(f"kind.{k}"), words(f"media.{k}"), k == wanted.kind) for k in KINDS],
        windows=[(n, words.count("media.days", n), n == wanted.days) for n in DAYS],
        samples={kind: _sample(entries(agenda, REGION, kind), agenda, voice) for kind in KINDS},
        kind=words(f"kind.{wanted.kind}"),
        answer=wanted.query,
        addresses=_addresses(wanted, voice, agenda.quiet),
        found=_sample(wanted_entries(agenda, wanted), agenda, voice, 8),
        changed=_since_yesterday(agenda, voice),
        alternates=feed_links(REGION, voice),
        **_press(agenda, choice, voice),
    )


def _sample(found: list[Entry], agenda: Agenda, voice: Voice, most: int = SAMPLES) -> list[dict[str, str]]:
    """The first items as a reader of feeds shows them."""
    return [_item(entry, agenda, voice) for entry in found[:most]]


def _item(entry: Entry, agenda: Agenda, voice: Voice) -> dict[str, str]:
    event, words = entry.event, voice.words
    when = short_when(entry.showings[0].when, words, agenda.today) if entry.showings else ""
    lines = [change_line(change, event, voice) for change in entry.changes[:3]]
    return {
        "href": voice.urls.href(voice.urls.event(voice.language, event.uid)),
        "title": title_of(event),
        "when": when,
        "town": town(event, voice.info),
        "said": " · ".join(lines),
    }


def _since_yesterday(agenda: Agenda, voice: Voice) -> list[dict[str, str]]:
    """What was announced since yesterday morning."""
    since = datetime.combine(agenda.today - timedelta(days=1), time(), AMSTERDAM)
    found = [e for e in entries(agenda, REGION, "changed") if e.published >= since]
    return _sample(found, agenda, voice, len(found))


def _addresses(wanted: Wanted, voice: Voice, quiet: Collection[Scope]) -> list[tuple[str, str]]:
    """(form, address): the file where there is one, else from the app."""
    urls, scope = voice.urls, wanted.choice.scope
    if scope is not None and scope not in quiet and (wanted.kind != "week" or wanted.days == 7):
        return [(f.upper(), urls.absolute(urls.feed(voice.language, scope, wanted.kind, f))) for f in FORMATS]
    return [(f.upper(), urls.absolute(urls.news(f, wanted.query))) for f in FORMATS]


def _press(agenda: Agenda, choice: Choice, voice: Voice) -> dict[str, Any]:
    """The coming week's list for what was chosen; its files are those of the municipality, or of all."""
    first, last = agenda.today, agenda.today + timedelta(days=6)
    span = Window(first, last)
    showings = [s for s in agenda.showings(REGION) if not s.gone and span.holds(s.when) and choice.takes(s)]
    one = choice.municipalities if len(choice.municipalities) == 1 else ()
    scope = Scope(municipality=next(iter(one))) if one else REGION
    text = render_text(press_list(showings, scope, voice, first, last, agenda.stale_of(scope)), voice)
    urls = voice.urls
    return {
        "press_name": voice.scope_name(scope),
        "press_text": text.decode("utf-8-sig").replace("\r\n", "\n"),
        "press_files": [(label, urls.href(press_path(voice, scope, name))) for label, name in PRESS],
        "press_feed": urls.absolute(press_path(voice, scope, "pers.rss")),
    }
