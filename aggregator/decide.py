"""What a run means for a source's listings. Pure: it looks at values and touches nothing.

Absent is not cancelled. Only a complete, healthy run may say that something is gone; two such
runs in a row withdraw it; a run that would lose or add too much at once is held for a person, and so
is a single date that cannot well be true.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from aggregator.clock import AMSTERDAM
from aggregator.doubt import NONE, Answers, doubt
from aggregator.model import (
    AllDay,
    Change,
    Decision,
    Intent,
    Listing,
    ListingRef,
    Occurrence,
    Outcome,
    Reject,
    Run,
    State,
    Status,
    StoredListing,
    to_plain,
)

FEW = 5  # so many may always disappear at once
SHARE = 5  # and of more than that, one in so many
GROWTH = 4  # a settled source does not become so many times as large in one run
HEALTHY = (Outcome.OK, Outcome.EMPTY, Outcome.NOT_MODIFIED)  # not modified: it says again what it said
MARK = "#~"  # between a page's key and the mark of one of several events on it
BURST = 25  # unless it is about so few that a person can see at a glance what happened


def decide(
    stored: Mapping[ListingRef, StoredListing],
    seen: Sequence[Listing],
    run: Run,
    now: datetime,
    *,
    settled: bool = True,
    answers: Answers = NONE,
) -> Decision:
    """One intent per listing of the source that was seen or is gone, in order of identity.

    `stored` and `seen` are of the run's source alone; `now` is the moment of the run. `settled`
    says that a complete run of this source was applied before, so that its size is known; `answers` is what
    a person said who looked at what was held: `rest` agrees with the whole run.
    """
    if run.outcome is Outcome.FORGOTTEN:
        return Decision(tuple(_forgotten(stored, now)))
    if run.outcome is Outcome.NOT_MODIFIED and not seen:
        return Decision(tuple(_unmodified(stored, now)))
    present = {listing.ref: listing for listing in settle(seen, stored)}
    confirmed = answers.rest
    judged, doubts = _judge(present, stored, now, answers)
    found = [_found(listing, stored.get(ref)) for ref, listing in sorted(judged.items())]
    added = sum(1 for i in found if i.change is Change.NEW)
    held = None if confirmed or not settled else _too_many(stored, added)
    if held:
        found = [i for i in found if i.change is not Change.NEW]
    gone = [s for ref, s in sorted(stored.items()) if ref not in present and _expected(s, now)]
    if gone and not held and run.complete and run.outcome in HEALTHY:
        kept = sum(1 for ref, s in stored.items() if ref in present and _expected(s, now))
        news = any(s.state is State.LIVE for s in gone)  # else the run before was let by, or agreed with
        held = _too_few(run, gone, kept, bool(present)) if news and not confirmed else None
        if not held:
            found += [_gone(s) for s in gone]
    return Decision(tuple(sorted(found, key=lambda i: i.ref)), held, doubts)


def _judge(
    present: Mapping[ListingRef, Listing],
    stored: Mapping[ListingRef, StoredListing],
    now: datetime,
    answers: Answers,
) -> tuple[dict[ListingRef, Listing], tuple[Reject, ...]]:
    """What was seen without the dates that must wait for a person, and a reject for each of those."""
    judged: dict[ListingRef, Listing] = {}
    doubts: list[Reject] = []
    for ref, listing in sorted(present.items()):
        known = stored.get(ref)
        sure, rejects = doubt(listing, known.listing if known else None, now, answers)
        doubts += rejects
        if sure is not None:
            judged[ref] = sure
    return judged, tuple(doubts)


def settle(seen: Iterable[Listing], stored: Mapping[ListingRef, StoredListing]) -> list[Listing]:
    """The seen listings with one listing per identity.

    One identity seen twice under one title and place is one listing with all its occurrences. Under
    several titles it is a page with several events that have no address or id of their own; merging
    them would be false and keeping one would lose the rest, so each gets the page's key with a mark
    of its own, which stays as long as title and place do.
    """
    groups: dict[ListingRef, dict[str, list[Listing]]] = {}
    for listing in seen:
        groups.setdefault(listing.ref, {}).setdefault(_mark(listing), []).append(listing)
    marked = {(ref.source_id, ref.key.rpartition(MARK)[0]) for ref in stored if MARK in ref.key}
    result: list[Listing] = []
    for ref, by_mark in groups.items():
        known = stored.get(ref)
        for mark, same in by_mark.items():
            own = ListingRef(ref.source_id, f"{ref.key}{MARK}{mark}")
            alone = len(by_mark) == 1 and (known is not None or (ref.source_id, ref.key) not in marked)
            holds = known is not None and _mark(known.listing) == mark
            bare = own not in stored and (alone or holds)
            result.append(_joined(same, ref.key if bare else own.key))
    return result


def is_over(listing: Listing, now: datetime) -> bool:
    """Whether every occurrence has begun (a moment) or ended (a span of days).

    An agenda drops what has been; that is no news about it.
    """
    today = now.astimezone(AMSTERDAM).date()

    def over(occurrence: Occurrence) -> bool:
        when = occurrence.when
        if isinstance(when, AllDay):
            day = when.last or when.first
            return day is not None and day < today
        return when.start <= now

    return bool(listing.occurrences) and all(map(over, listing.occurrences))


def _mark(listing: Listing) -> str:
    """Short hash of the words that tell two events on one page apart."""
    where = listing.place.venue or listing.place.name or ""
    words = " ".join(f"{listing.title} @ {where}".casefold().split())
    return hashlib.sha256(words.encode()).hexdigest()[:8]


def _joined(same: Sequence[Listing], key: str) -> Listing:
    """The fullest listing with the occurrences of all; what is said beside "scheduled" wins.

    Pages come in any order, so the choice goes by what they say.
    """
    if len(same) == 1:
        return same[0] if same[0].key == key else dataclasses.replace(same[0], key=key)
    same = sorted(same, key=lambda listing: (-len(to_plain(listing)), listing.content_hash))
    first = same[0]
    by_when: dict[object, Occurrence] = {}
    for occurrence in sorted((o for listing in same for o in listing.occurrences), key=_begin):
        before = by_when.setdefault(occurrence.when, occurrence)
        if before.status is Status.SCHEDULED:
            by_when[occurrence.when] = occurrence if occurrence.status is not before.status else before
    return dataclasses.replace(first, key=key, occurrences=tuple(by_when.values()))


def _begin(occurrence: Occurrence) -> tuple[str, str]:
    """Sorts occurrences by day, then by moment."""
    when = occurrence.when
    if isinstance(when, AllDay):
        return str(when.first or when.last), ""
    return str(when.start.date()), when.start.astimezone(AMSTERDAM).isoformat()


def _found(listing: Listing, before: StoredListing | None) -> Intent:
    """The intent for a listing that is at its source."""
    if before is None:
        return Intent(Change.NEW, listing.ref, "seen for the first time", listing)
    if before.state is not State.LIVE:
        return Intent(Change.RESTORED, listing.ref, f"seen again after it was {before.state}", listing)
    if (before.content_hash or before.listing.content_hash) == listing.content_hash:
        return Intent(Change.SAME, listing.ref, "says what it said", listing)
    return Intent(Change.CHANGED, listing.ref, f"changed: {', '.join(_differing(before, listing))}", listing)


def _differing(before: StoredListing, listing: Listing) -> list[str]:
    """Names of the fields that are not as they were."""
    names = [f.name for f in dataclasses.fields(Listing) if f.name != "origins"]
    return [n for n in names if getattr(before.listing, n) != getattr(listing, n)] or ["wording"]


def _unmodified(stored: Mapping[ListingRef, StoredListing], now: datetime) -> Iterable[Intent]:
    """The source says that nothing changed: what was there is there still."""
    for ref, known in sorted(stored.items()):
        if known.state is State.LIVE and not is_over(known.listing, now):
            yield Intent(Change.SAME, ref, "the source was not modified")


def _forgotten(stored: Mapping[ListingRef, StoredListing], now: datetime) -> Iterable[Intent]:
    """A person took the source out: what it alone told of is withdrawn at once, what has been stays."""
    for ref, known in sorted(stored.items()):
        if _expected(known, now):
            yield Intent(
                Change.WITHDRAWN, ref, "its source was taken out", None, State.WITHDRAWN, known.missed_runs
            )


def _expected(known: StoredListing, now: datetime) -> bool:
    """Whether a complete run ought to show this listing."""
    return known.state is not State.WITHDRAWN and not is_over(known.listing, now)


def _gone(known: StoredListing) -> Intent:
    """The intent for a listing that a complete, healthy run did not show."""
    missed = known.missed_runs + 1
    ref = known.listing.ref
    if missed == 1:
        reason = "not at its source in a complete run; withdrawn if the next one does not show it either"
        return Intent(Change.MISSING, ref, reason, None, State.MISSING, missed)
    return Intent(
        Change.WITHDRAWN, ref, "not at its source in two complete runs", None, State.WITHDRAWN, missed
    )


def _too_few(run: Run, gone: Sequence[StoredListing], kept: int, any_seen: bool) -> str | None:
    """Why a person must look before these listings go; None when they may."""
    total = len(gone) + kept
    if run.outcome is Outcome.EMPTY or not any_seen:
        return f"the source gave no usable event, where {total} were to come; nothing was removed"
    if len(gone) > FEW and len(gone) * SHARE > total:
        return f"{len(gone)} of {total} coming events would be lost at once; nothing was removed"
    return None


def _too_many(stored: Mapping[ListingRef, StoredListing], added: int) -> str | None:
    """Why a person must look before so many are added; None when they may.

    What has been counts too, or a theatre's new season would look like an explosion.
    """
    known = sum(1 for s in stored.values() if s.state is not State.WITHDRAWN)
    if known and added > BURST and known + added > GROWTH * known:
        return f"{added} events would join {known} known ones at once; none was added"
    return None
