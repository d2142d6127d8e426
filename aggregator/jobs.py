"""The aggregator's job: what lies in the inbox becomes events in the store.

A runner that decides nothing itself; each stage comes in as a callable. Every step is one transaction
that can be repeated, so a crash at any moment is made good by the next run. Moments come from the
runs themselves and not from the clock, and a backlog is clustered day by day: so a store rebuilt from
the inbox has the same events, UIDs and stamps as one that was kept up every day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

from aggregator.clustering import cluster_events
from aggregator.decide import decide
from aggregator.doubt import Answers
from aggregator.errors import InboxError
from aggregator.intake import Arrival, Report, find_arrivals, read_items, run_moment
from aggregator.ledger import Applied, Ledger
from aggregator.lock import hold_lock
from aggregator.model import (
    Change,
    Cluster,
    Decision,
    Event,
    Link,
    Listing,
    RawEvent,
    Reject,
)
from aggregator.refused import answers_of, load_refused
from aggregator.revise import revise
from aggregator.rooms import Compares, Decides, Normalises, Rooms, Tags, code_of
from aggregator.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Summary:
    """What the job did and what there is now.

    `runs` were applied and `changed` events written by this job; `listings`, `events` (of which
    `merges` are told of by several listings) and `rejects` are there now; `held` says which sources
    wait for a person, and why.
    """

    runs: int = 0
    listings: int = 0
    rejects: int = 0
    events: int = 0
    merges: int = 0
    changed: int = 0
    held: Mapping[str, str] = field(default_factory=dict)


def aggregate(
    inbox: Path,
    store: Store,
    normaliser: Normalises,
    cluster: Callable[[Sequence[Listing]], list[Cluster]],
    merge: Callable[[Sequence[Listing], Sequence[Link]], Event],
    tagger: Tags,
    now: datetime,
    report: Report,
    *,
    rules: str = "",
    confirmed: Collection[str] = (),
    ledger: Ledger | None = None,
    decisions: Decides | None = None,
    compares: Compares | None = None,
) -> Summary:
    """Bring the inbox into the store; what was done. Nothing is clustered when nothing changed.

    `rules` is a fingerprint of configuration and code, and after a dot of the `decisions` in force: when the
    first differs from last time, what the sources say is read again, and when either does all events are
    made anew. `confirmed` names the sources whose held run a person agrees with, and single dates
    (`source:mark`); what a person refused lies beside the inbox. `ledger` notes the steps; the inbox's own
    unless given. BusyError when another process works on the same data folder, StoreError when the database
    cannot be used.
    """
    rooms = Rooms(normaliser, cluster, merge, tagger, decisions, compares)
    ledger = ledger or Ledger(inbox)
    with hold_lock(inbox.parent / "trek.lock"):
        refused = load_refused(inbox.parent)
        arrivals = find_arrivals(inbox, store.applied_runs, now, report)
        changed = 0
        for day, runs in groupby(arrivals, key=lambda a: a.run.run_id[:8]):
            if _newest_run(store)[:8] != day:
                changed += _catch_up(store, rooms, now, store.rules(), ledger)
            for arrival in runs:
                try:
                    said = answers_of(arrival.run.source_id, confirmed, refused)
                    apply_arrival(arrival, store, normaliser, now, report, said, ledger)
                except InboxError as error:
                    report(str(error))
        if store.rules() and code_of(store.rules()) != code_of(rules):
            revise(inbox, store, lambda raws, at: _normalise(normaliser, raws, at), now, report, refused)
        changed += _catch_up(store, rooms, now, rules, ledger)
        return _summary(store, len(arrivals), changed)


def apply_arrival(
    arrival: Arrival,
    store: Store,
    normaliser: Normalises,
    now: datetime,
    report: Report,
    answers: Answers,
    ledger: Ledger | None = None,
) -> None:
    """Carry out one run: read, normalise, decide, store; one transaction, noted in the ledger before."""
    run, raws = read_items(arrival, report)
    moment = min(arrival.moment, now)
    made = _normalise(normaliser, raws, moment)
    seen = [m for m in made if isinstance(m, Listing)]
    rejects = [m for m in made if isinstance(m, Reject)]
    stored = {s.listing.ref: s for s in store.listings(run.source_id)}
    settled = store.is_settled(run.source_id)
    decision = decide(stored, seen, run, moment, settled=settled, answers=answers)
    if run.run_id < max(store.applied_runs(run.source_id), default=""):
        new = tuple(i for i in decision.intents if i.change is Change.NEW)
        decision = replace(decision, intents=new, held=None)  # newer runs have the say about the rest
    if decision.held:
        report(f"{run.source_id}: held for a person: {decision.held}")
    if settled:
        run = replace(run, counters={**run.counters, "news": _news(decision)})
    if ledger:
        no = tuple(d.mark for d in decision.doubts if d.mark in answers.no)
        yes = tuple(sorted(answers.yes))
        ledger.applied(Applied(run.source_id, run.run_id, moment, answers.rest, yes, no))
    store.apply_run(run, decision, [*rejects, *decision.doubts], moment)


def _news(decision: Decision) -> int:
    """How many listings of a run said something that was not known: what makes a source a busy one."""
    return sum(i.change in (Change.NEW, Change.CHANGED, Change.RESTORED) for i in decision.intents)


def _normalise(normaliser: Normalises, raws: Sequence[RawEvent], now: datetime) -> list[Listing | Reject]:
    """Listings and rejects; an entry that the normaliser breaks on is rejected alone."""
    try:
        return list(normaliser.listings(raws, now))
    except Exception:
        made: list[Listing | Reject] = []
        for raw in raws:
            try:
                made += normaliser.listings([raw], now)
            except Exception as error:
                detail = f"{type(error).__name__}: {error}"
                made.append(Reject(raw.source_id, raw.page_url, "unreadable", detail, raw.title))
        return made


def _newest_run(store: Store) -> str:
    return max((run.run_id for run in store.last_runs().values()), default="")


def _catch_up(store: Store, rooms: Rooms, now: datetime, rules: str, ledger: Ledger) -> int:
    """Cluster when there is work to do; how many events changed.

    What listings changed is dated by the newest run, what the rules changed by the clock.
    """
    if not store.unclustered(rules):
        return 0
    anew = rules != store.rules()
    newest = _newest_run(store)
    at = min(run_moment(newest), now) if newest and not anew else now
    return cluster_events(store, rooms, at, rules, anew=anew, ledger=ledger)


def _summary(store: Store, runs: int, changed: int) -> Summary:
    sizes = store.sizes()
    return Summary(
        runs,
        listings=sum(size * events for size, events in sizes.items()),
        rejects=sum(1 for _ in store.rejects()),
        events=sum(sizes.values()),
        merges=sum(events for size, events in sizes.items() if size > 1),
        changed=changed,
        held=store.held(),
    )
