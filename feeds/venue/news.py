"""What a venue may want to hear of: problems and changes of its events, as Atom and as text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aggregator.model import Event
from feeds.card import Voice, title_of
from feeds.changes import announcements
from feeds.formats.change import change_line
from feeds.news import EPOCH, created_of
from feeds.site.facts import build_facts
from feeds.site.frame import load_template
from feeds.urls import Scope
from feeds.venue.check import contradicted, lacking
from feeds.venue.claims import Claims
from feeds.venue.gaps import score_of

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Item:
    """One problem or change; `at` aware UTC, from the data and never now."""

    id: str
    title: str
    at: datetime
    lines: tuple[str, ...]
    href: str


def problems(claims: Claims, voice: Voice) -> list[Item]:
    """One item for each event that lacks something or of which sources disagree, the newest first."""
    words, gaps = voice.words, lacking(claims)
    found = []
    for event in claims.shown:
        lines = [words(f"venue.gap.{gap}") for gap in gaps[event.uid]]
        said = [words("venue.lacks", what=", ".join(lines))] if lines else []
        said += [
            words(
                "venue.conflict_line",
                field=fact.field,
                source=fact.followed(words),
                others="; ".join(fact.others),
            )
            for fact in contradicted(build_facts(event, voice), words)
        ]
        if said:
            title = words("venue.problem", title=title_of(event))
            found.append(
                Item(f"{event.uid}#problem", title, _at(event, claims), tuple(said), _href(event, voice))
            )
    return sorted(found, key=lambda i: (-i.at.timestamp(), i.id))


def changes(claims: Claims, voice: Voice) -> list[Item]:
    """One item for each announcement of the journal, and for each event that is new, the newest first."""
    words, found = voice.words, []
    for event in claims.shown:
        edits = sorted((e for e in claims.edits if e.uid == event.uid), key=lambda e: e.at)
        for told in announcements(event, edits):
            lines = tuple(change_line(change, event, voice) for change in told.changes)
            title = words("venue.changed", title=title_of(event))
            found.append(Item(told.id, title, told.at.astimezone(UTC), lines, _href(event, voice)))
        if created_of(event) >= claims.since:
            title = words("venue.new", title=title_of(event))
            found.append(Item(f"{event.uid}#new", title, created_of(event), (), _href(event, voice)))
    return sorted(found, key=lambda i: (-i.at.timestamp(), i.id))


def _at(event: Event, claims: Claims) -> datetime:
    """When the sources last said something else: only then can a problem come or go."""
    known = [claims.listings[ref].changed_at for ref in event.listings if ref in claims.listings]
    return max(known, default=created_of(event)).astimezone(UTC)


def _href(event: Event, voice: Voice) -> str:
    return voice.urls.absolute(voice.urls.event(voice.language, event.uid))


def render_feed(claims: Claims, voice: Voice) -> bytes:
    """The Atom feed (RFC 4287) of problems and changes; its stamp is that of its newest entry."""
    urls, name = voice.urls, voice.scope_name(Scope(venue=claims.venue))
    items = sorted(problems(claims, voice) + changes(claims, voice), key=lambda i: (-i.at.timestamp(), i.id))
    text = load_template("check.atom").render(
        language=voice.language,
        title=voice.words("venue.feed", name=name),
        author=voice.site_title(),
        id=urls.tag(f"check-{voice.language}-{claims.venue}"),
        home=urls.absolute(urls.check(voice.language, claims.venue)),
        address=urls.absolute(urls.check_feed(voice.language, claims.venue)),
        updated=(items[0].at if items else EPOCH).isoformat(),
        items=[(urls.tag(f"check-{voice.language}-{i.id}"), i) for i in items[: voice.info.most_items]],
    )
    return text.encode()


def render_digest(claims: Claims, voice: Voice) -> bytes:
    """The week up to today as plain text for a letter: score, what changed, what is wrong, what to do."""
    return ("\n".join(_digest(claims, voice)) + "\n").encode()


def _digest(claims: Claims, voice: Voice) -> Iterator[str]:
    words, urls = voice.words, voice.urls
    name, score = voice.scope_name(Scope(venue=claims.venue)), score_of(list(lacking(claims).values()))
    first = claims.today - WEEK
    yield words("venue.digest", name=name, span=words.span(first, claims.today))
    yield ""
    yield words.count("page.count", len(claims.shown))
    if score.points is not None:
        yield words("venue.score", points=score.points)
    for gain in score.gains[:3]:
        yield f"  {words(f'venue.gap.{gain.gap}')}: {words(f'venue.fix.{gain.gap}')}"
    fresh = [i for i in changes(claims, voice) if i.at.date() > first]
    for key, items in (("venue.changes_title", fresh), ("venue.problems_title", problems(claims, voice))):
        yield ""
        yield f"{words(key)} ({len(items)})"
        for item in items:
            yield f"- {item.title}"
            yield from (f"    {line}" for line in item.lines)
    yield ""
    yield urls.absolute(urls.check(voice.language, claims.venue))
