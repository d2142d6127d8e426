"""The page with which a venue checks what we show of it, and why: `/podium/<venue>/controle/`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.model import Event, Link, Listing
from aggregator.wording import load_wording
from feeds.card import Voice, short_when, title_of
from feeds.select import all_showings
from feeds.site.facts import Fact, build_facts, source_name
from feeds.site.frame import Alternate, render_page, same_path
from feeds.sourcepages import render_seen
from feeds.text import one_line, shorten, web_address
from feeds.urls import MIME, Scope
from feeds.venue.claims import Claims
from feeds.venue.fix import render_fix
from feeds.venue.gaps import WEIGHTS, gaps_of, score_of
from feeds.venue.widget import snippet
from feeds.words import Words

DECIDED = "decided: "  # how the reason of a merge begins that a person made
MOST_EVENTS = 60  # told in full; the score is of all
MOST_REFUSED = 40
QUOTED = ("no-date", "unreadable-date", "recurrence-over")  # whose detail is what the page says
SECRET = "private"  # what is left out for this reason is counted, never named


@dataclass(frozen=True)
class Told:
    """One event as its venue reads it."""

    uid: str
    title: str
    href: str
    when: str
    gaps: tuple[str, ...]
    facts: tuple[Fact, ...]
    conflicts: tuple[Fact, ...]
    merged: tuple[str, ...]
    warnings: tuple[str, ...]
    how: tuple[tuple[str, str, str], ...]  # source, how it was read, the address of the page
    fix: str


def lacking(claims: Claims) -> dict[str, list[str]]:
    """What each shown event lacks, by UID."""
    return {e.uid: gaps_of(e, listings_of(e, claims)) for e in claims.shown}


def listings_of(event: Event, claims: Claims) -> list[Listing]:
    """The listings that an event is made of."""
    return [claims.listings[ref].listing for ref in event.listings if ref in claims.listings]


def render_check(claims: Claims, voice: Voice) -> bytes:
    """Everything shown, with its origin; what is missing and how to mend it; conflicts; what was left out."""
    words, urls, venue = voice.words, voice.urls, claims.venue
    gaps, scope = lacking(claims), Scope(venue=venue)
    name = voice.scope_name(scope)
    score = score_of(list(gaps.values()))
    told = [_told(event, gaps[event.uid], claims, voice) for event in claims.shown[:MOST_EVENTS]]
    feed = urls.check_feed(voice.language, venue)
    return render_page(
        "check.html",
        voice,
        words("venue.title", name=name),
        same_path(voice, lambda code: urls.check(code, venue)),
        "",
        name=name,
        up=(name, urls.href(urls.listing(voice.language, scope))),
        score=score,
        gains=[(words(f"venue.gap.{g.gap}"), g, words(f"venue.fix.{g.gap}")) for g in score.gains],
        weights=", ".join(f"{words(f'venue.gap.{g}')} {weight}" for g, weight in WEIGHTS.items()),
        example=next((one for one in told if one.gaps), None),
        events=told,
        conflicts=[one for one in told if one.conflicts],
        more=len(claims.shown) - len(told),
        left_out=_left_out(claims, voice),
        refused=_refused(claims, voice),
        sources=[
            (one_line(voice.info.sources[s].name), render_seen(r, voice)) for s, r in claims.runs.items()
        ],
        feed=urls.absolute(feed),
        digest=urls.href(urls.check_digest(voice.language, venue)),
        snippet=snippet(scope, voice),
        alternates=[Alternate(MIME["atom"], words("venue.feed", name=name), feed, urls.href(feed))],
        description=words("venue.text", name=name),
        robots="noindex",
        scripts=("copy",),
    )


def contradicted(facts: Sequence[Fact], words: Words) -> tuple[Fact, ...]:
    """The facts that sources tell differently; that each has its own page is no contradiction."""
    return tuple(fact for fact in facts if fact.others and fact.field != words("field.url"))


def _told(event: Event, gaps: Sequence[str], claims: Claims, voice: Voice) -> Told:
    words, listings = voice.words, listings_of(event, claims)
    facts = tuple(build_facts(event, voice))
    coming = [s for s in all_showings(event) if s.last >= claims.today]
    return Told(
        event.uid,
        title_of(event),
        voice.urls.href(voice.urls.event(voice.language, event.uid)),
        short_when(coming[0].when, words, claims.today) if coming else "",
        tuple(words(f"venue.gap.{gap}") for gap in gaps),
        facts,
        contradicted(facts, words),
        tuple(dict.fromkeys(_merge_line(link, voice) for link in event.links)),
        tuple(dict.fromkeys(words.named("venue.warning", code) for k in listings for code in k.warnings)),
        tuple((source_name(k.ref, voice), _method(k), web_address(k.url) or "") for k in listings),
        render_fix(event, listings, voice) if gaps else "",
    )


def _merge_line(link: Link, voice: Voice) -> str:
    """Why two listings are one event."""
    names = {"a": source_name(link.a, voice), "b": source_name(link.b, voice)}
    wording = load_wording(voice.language)
    if link.because.startswith(DECIDED):
        return voice.words("venue.decided", **names, because=link.because.removeprefix(DECIDED))
    return voice.words("venue.merged", **names, because=wording.because(link.because))


def _method(listing: Listing) -> str:
    return next((origin.method for origin in listing.origins.values()), "?")


def _left_out(claims: Claims, voice: Voice) -> list[tuple[str, str]]:
    """(title, why) of the events that are not shown; those of a private kind only by their number."""
    wording, found = load_wording(voice.language), []
    secret = sum(e.hidden == SECRET for e in claims.hidden)
    for event in claims.hidden[:MOST_REFUSED]:
        if event.hidden and event.hidden != SECRET:
            because = f" ({wording.because(event.hidden_because)})" if event.hidden_because else ""
            found.append((title_of(event), wording.name("hidden", event.hidden) + because))
    if secret:
        found.append((voice.words.count("venue.secret", secret), wording.name("hidden", SECRET)))
    return found


def _refused(claims: Claims, voice: Voice) -> list[tuple[str, str, str]]:
    """(title, why, the source's words) of what our reading of the venue's own pages could not use."""
    return [
        (
            one_line(r.title) or r.page_url,
            voice.words.named("reject", r.reason),
            shorten(one_line(r.detail), 160) if r.reason in QUOTED else "",
        )
        for r in claims.rejects[:MOST_REFUSED]
        if r.reason != SECRET
    ]
