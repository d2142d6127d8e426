"""The form behind a signed link: a venue says what is wrong, or that it does not want to be read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.errors import UsageError
from aggregator.model import Event
from feeds.card import Voice, address_line, title_of
from feeds.select import all_showings
from feeds.site.frame import render_page, same_path
from feeds.text import clean, one_line
from feeds.urls import Scope
from feeds.venue.claims import Claims
from feeds.venue.link import expiry_of

FIELDS = ("title", "occurrences", "place", "price", "status", "url", "description", "other")
MOST = 1000  # characters of an answer
WHERE = "form"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A field of an event as it is and as the venue says that it should be; `note` says why."""

    venue: str
    uid: str
    title: str
    field: str
    before: str
    after: str
    note: str


def read_proposal(answers: Mapping[str, str], claims: Claims, voice: Voice) -> Proposal:
    """What was filled in; UsageError says what is amiss."""
    uid, field = answers.get("event", ""), answers.get("field", "")
    event = next((e for e in claims.shown if e.uid == uid), None)
    after, note = clean(answers.get("after", "")), clean(answers.get("note", ""))
    if event is None or field not in FIELDS:
        raise UsageError(voice.words("wrong.choose"), WHERE)
    if not after:
        raise UsageError(voice.words("wrong.empty"), WHERE)
    if len(after) > MOST or len(note) > MOST:
        raise UsageError(voice.words("wrong.long", most=MOST), WHERE)
    return Proposal(claims.venue, uid, title_of(event), field, value_of(event, field, voice), after, note)


def value_of(event: Event, field: str, voice: Voice) -> str:
    """A field in words, as it is shown now."""
    words = voice.words
    match field:
        case "occurrences":
            return "; ".join(words.when(s.when) for s in all_showings(event))
        case "place":
            return address_line(event, voice.info)
        case "price":
            return words.price(event.price)
        case "status":
            return ", ".join(dict.fromkeys(s.status.value for s in all_showings(event)))
        case "other":
            return ""
    return one_line(getattr(event, field))


def render_wrong(
    claims: Claims, key: str, voice: Voice, said: str = "", error: str = "", *, left: bool = False
) -> bytes:
    """The form; `said` is what became of an answer, `error` what is amiss with it, `left`: it opted out."""
    words, urls, venue = voice.words, voice.urls, claims.venue
    name = voice.scope_name(Scope(venue=venue))
    return render_page(
        "wrong.html",
        voice,
        words("wrong.form", name=name),
        same_path(voice, lambda code: urls.wrong(code, venue)),
        "",
        name=name,
        key=key,
        action=urls.href(urls.wrong(voice.language, venue)),
        check=urls.href(urls.check(voice.language, venue)),
        until=words.day(expiry_of(key).date()),
        events=[(e.uid, _option(e, voice)) for e in claims.shown],
        fields=[(f, words("wrong.other") if f == "other" else words(f"field.{f}")) for f in FIELDS],
        most=MOST,
        said=said,
        error=error,
        left=left,
        sources=[one_line(voice.info.sources[s].name) for s in claims.runs],
        robots="noindex",
    )


def _option(event: Event, voice: Voice) -> str:
    showings = all_showings(event)
    when = voice.words.when(showings[0].when, short=True) if showings else ""
    return f"{title_of(event)} ({when})"
