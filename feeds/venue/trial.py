"""What we make of a page that somebody tries: `/probeer/`. Pure; the reading itself is handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.model import Event, EventOccurrence, Listing, Occurrence, Place, Reject, Status, Timed
from aggregator.plain import listing_from_plain, reject_from_plain
from aggregator.wording import load_wording
from feeds.card import Voice, address_line
from feeds.site.frame import render_page, same_path
from feeds.text import one_line, shorten, web_address
from feeds.venue.fix import render_fix
from feeds.venue.gaps import gaps_of, score_of

MOST_SHOWN = 20  # events told in full
MOST_DATES = 3
MOST_FOLLOW = 5
MOST_UPLOAD = 2 * 1024**2  # bytes
FIELDS = ("title", "occurrences", "place", "price", "url", "image", "description", "status")
PRIVATE = "private"
Ask = Callable[[str, bytes | None, str], Mapping[str, Any]]  # address, a file's bytes and type -> answer


@dataclass(frozen=True)
class Tried:
    """What was read; `outcome` is `ok`, or why there is nothing. `problems` are codes with words."""

    url: str
    outcome: str
    listings: tuple[Listing, ...] = ()
    rejects: tuple[Reject, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    follow: tuple[str, ...] = ()
    events: int = 0


def read_tried(answer: Mapping[str, Any]) -> Tried:
    """The plain answer of a reading; ValueError names what does not fit."""
    return Tried(
        str(answer["url"]),
        str(answer["outcome"]),
        tuple(listing_from_plain(one) for one in answer.get("listings", ())),
        tuple(reject_from_plain(one) for one in answer.get("rejects", ())),
        tuple((str(code), str(detail)) for code, detail in answer.get("problems", ())),
        tuple(map(str, answer.get("follow", ()))),
        int(answer.get("events", 0)),
    )


def render_trial(
    voice: Voice, today: date, tried: Tried | None = None, *, typed: str = "", error: str = ""
) -> bytes:
    """The form; with `tried` what was read, with `error` why nothing was."""
    words, urls = voice.words, voice.urls
    return render_page(
        "trial.html",
        voice,
        words("trial.title"),
        same_path(voice, urls.trial),
        "trial",
        action=urls.href(urls.trial(voice.language)),
        typed=one_line(typed),
        error=error,
        most=MOST_UPLOAD // 1024**2,
        tried=_result(tried, voice, today) if tried else None,
        description=words("trial.text"),
        robots="noindex" if tried or error else "",
        scripts=("copy",),
    )


def _result(tried: Tried, voice: Voice, today: date) -> dict[str, Any]:
    words, ok = voice.words, tried.outcome == "ok"
    events = [(as_event(k, number), k) for number, k in enumerate(tried.listings)]
    gaps = [gaps_of(event, [k]) for event, k in events]
    score = score_of(gaps)
    lacking = next((pair for pair, one in zip(events, gaps, strict=True) if one), None)
    sample = lacking or (None if events else (blank_event(voice, today), None))
    return {
        "url": one_line(tried.url),
        "href": web_address(tried.url),
        "failed": "" if ok else words.named("trial.outcome", tried.outcome),
        "count": tried.events,
        "methods": [words(key) for key in dict.fromkeys(map(_method, tried.listings))],
        "score": score,
        "gains": [(words(f"venue.gap.{g.gap}"), g, words(f"venue.fix.{g.gap}")) for g in score.gains],
        "events": [_told(event, k, one, voice) for (event, k), one in zip(events, gaps, strict=True)][
            :MOST_SHOWN
        ],
        "more": max(0, tried.events - MOST_SHOWN),
        "refused": [_reject(one, voice) for one in tried.rejects[:MOST_SHOWN]],
        "problems": list(dict.fromkeys(_problem(*one, voice) for one in tried.problems))[:MOST_SHOWN],
        "follow": [url for url in map(web_address, tried.follow) if url][:MOST_FOLLOW],
        "named": len(tried.follow),
        "fix": render_fix(sample[0], [sample[1]] if sample[1] else [], voice) if ok and sample else "",
        "fixed": one_line(sample[0].title) if sample and events else "",
    }


def as_event(listing: Listing, number: int = 0) -> Event:
    """The event that one listing would make alone."""
    dates = tuple(EventOccurrence(f"{number}-{n}", o) for n, o in enumerate(listing.occurrences))
    return Event(
        uid=f"try-{number}",
        title=listing.title,
        occurrences=dates,
        place=listing.place,
        listings=(listing.ref,),
        status=listing.status,
        url=listing.url,
        ticket_url=listing.ticket_url,
        price=listing.price,
        description=listing.description,
        image=listing.image,
    )


def blank_event(voice: Voice, today: date) -> Event:
    """An example to fill in, for a page on which nothing was read."""
    moment = datetime.combine(today + timedelta(days=14), time(20), AMSTERDAM)
    dates = (EventOccurrence("0", Occurrence(Timed(moment))),)
    return Event("try", voice.words("trial.fill_title"), dates, Place(), ())


def _told(event: Event, listing: Listing, gaps: Sequence[str], voice: Voice) -> dict[str, Any]:
    words = voice.words
    home, read = listing.place.municipality, _understood(event, listing, voice)
    rows = []
    for name in FIELDS:
        if name == "status" and listing.status is Status.SCHEDULED:
            continue
        origin = listing.origins.get(name)
        rows.append(
            (words(f"field.{name}"), read[name], shorten(one_line(origin.raw), 200) if origin else "")
        )
    return {
        "title": one_line(listing.title),
        "rows": rows,
        "gaps": [(words(f"venue.gap.{gap}"), words(f"venue.fix.{gap}")) for gap in gaps],
        "warnings": [words.named("venue.warning", code) for code in listing.warnings if code != PRIVATE],
        "private": PRIVATE in listing.warnings,
        "elsewhere": home not in voice.info.municipalities,
    }


def _understood(event: Event, listing: Listing, voice: Voice) -> dict[str, str]:
    """Each field as we take it; empty where nothing is said."""
    words, place = voice.words, listing.place
    dates = [words.when(o.when) for o in listing.occurrences[:MOST_DATES]]
    more = len(listing.occurrences) - len(dates)
    dates += [words.count("trial.more_dates", more)] if more else []
    home = voice.info.municipalities.get(place.municipality or "", "")
    where, because = address_line(event, voice.info), load_wording(voice.language).because(place.because)
    town = words("trial.town", name=home, because=because) if home else ""
    return {
        "title": one_line(listing.title),
        "occurrences": "; ".join(dates),
        "place": " · ".join(part for part in (where, town) if part),
        "price": words.price(listing.price),
        "url": one_line(listing.url),
        "image": one_line(listing.image),
        "description": shorten(one_line(listing.description), 200),
        "status": words(f"status.{listing.status.value}") if listing.status is not Status.SCHEDULED else "",
    }


def _method(listing: Listing) -> str:
    """The key of how a listing was read."""
    method = next((origin.method for origin in listing.origins.values()), "layout")
    kind = method.partition(":")[0]
    known = ("json-ld", "microdata", "rdfa", "h-event", "icalendar", "rss", "platform")
    return f"trial.method.{kind if kind in known else 'layout'}"


def _reject(one: Reject, voice: Voice) -> tuple[str, str, str]:
    """(title, why, the words that show it)."""
    title = one_line(one.title) or voice.words("trial.untitled")
    return title, voice.words.named("reject", one_line(one.reason)), shorten(one_line(one.detail), 160)


def _problem(code: str, detail: str, voice: Voice) -> tuple[str, str]:
    return voice.words.named("trial.problem", one_line(code)), shorten(one_line(detail), 200)
