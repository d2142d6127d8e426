"""A store made anew from the inbox: the same steps in the same order give the same events and UIDs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from aggregator.clustering import cluster_events
from aggregator.doubt import Answers
from aggregator.errors import InboxError
from aggregator.identity import event_uid
from aggregator.intake import Report, arrival_at
from aggregator.jobs import apply_arrival
from aggregator.ledger import Applied, Clustered, Ledger, published, read_ledger, retired
from aggregator.model import Event
from aggregator.rooms import Rooms, rules_of
from aggregator.store.protocol import EventReader, Store

BASE = "base.sqlite"  # the store as it was when the oldest runs left the inbox


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was done: runs brought in, runs that the inbox has no more, retired UIDs given back."""

    runs: int = 0
    missing: int = 0
    aliases: int = 0


def replay(
    inbox: Path, store: Store, rooms: Rooms, now: datetime, report: Report, rules: str, ledger: Ledger
) -> Rebuilt:
    """Do the steps of the inbox's ledger again on a store that is empty or holds the first of them.

    They are noted in `ledger`, the new store's own. Each is done with the decisions of people that held
    then. Runs that no step speaks of are left for `aggregate`. With the rules of then the store becomes what
    it was, byte for byte; with other rules the UIDs stay, and each retired one leads to where it led.
    """
    steps, began = read_ledger(inbox), store.revision()
    runs = missing = 0
    held: tuple[str, ...] = ()
    for step in steps:
        if isinstance(step, Clustered):
            if step.revision >= began:
                with rooms.decisions.as_of(step.decisions) if rooms.decisions else nullcontext():
                    then = rules_of(rules, rooms.decisions)
                    cluster_events(store, rooms, step.at, then, anew=step.decisions != held, ledger=ledger)
                held = step.decisions
            continue
        if store.applied_runs(step.source_id).get(step.run_id):
            continue
        if _bring(step, inbox, store, rooms, report, ledger):
            runs += 1
        else:
            missing += 1
    given_back = give_back(inbox, store, (), now, store.rules() or rules, ledger)
    return Rebuilt(runs, missing, given_back)


def _bring(step: Applied, inbox: Path, store: Store, rooms: Rooms, report: Report, ledger: Ledger) -> bool:
    """Bring one run in as it was then; False when the inbox has it no more."""
    folder = inbox / step.source_id / step.run_id
    try:
        arrival = arrival_at(folder, step.at) if folder.is_dir() else None
        if arrival is None:
            raise InboxError("is no more in the inbox", str(folder), "what it alone said is lost")
        said = Answers(frozenset(step.yes), frozenset(step.no), rest=step.confirmed)
        apply_arrival(arrival, store, rooms.normaliser, step.at, lambda line: None, said, ledger)
    except InboxError as error:
        report(str(error))
        return False
    return True


def give_back(
    inbox: Path, store: Store, given_once: Iterable[str], now: datetime, rules: str, ledger: Ledger
) -> int:
    """UIDs that were given once and that today's rules never give lead to their event again; how many.

    `given_once` are those known from elsewhere (the old store), beside those of the inbox's ledger. A
    UID comes from its founding listing, so it belongs to the event that this listing is part of now.
    """
    steps = read_ledger(inbox)
    aliases, members = retired(steps), store.memberships()
    homes = {event_uid(ref): uid for ref, uid in members.items()}
    given: dict[str, str] = {}
    for old in published(steps) | set(given_once):
        if store.event(old):
            continue
        kept = homes.get(old) or aliases.get(old)
        while kept in aliases and not store.event(kept):
            kept = aliases[kept]
        if kept and (event := store.event(kept)):
            given[old] = event.uid
    if given:
        wanted: dict[str, set[str]] = {}
        for old, uid in given.items():
            wanted.setdefault(uid, set()).add(old)
        events = [_with_aliases(store, uid, more) for uid, more in sorted(wanted.items())]
        ledger.clustered(Clustered(now, store.revision(), given))
        store.save_events(events, {}, given, now=now, rules=rules)
    return len(given)


def _with_aliases(store: Store, uid: str, more: Iterable[str]) -> Event:
    event = store.event(uid)
    assert event is not None
    return replace(event, aliases=tuple(sorted({*event.aliases, *more})))


def compare(old: EventReader, new: EventReader) -> list[str]:
    """What a resident would miss in the new store, one line each: UIDs that lead nowhere any more.

    Nothing when every UID that was ever published still leads to an event, and no sequence number fell.
    """
    lines = []
    for before in old.events(hidden=True):
        after = new.event(before.uid)
        if after is None:
            lines.append(f"{before.uid}: {json.dumps(before.title, ensure_ascii=False)} is gone")
            continue
        lines += [f"{uid}: leads nowhere any more" for uid in before.aliases if new.event(uid) is None]
        numbers = {o.uid: o.sequence for o in after.occurrences}
        fallen = [o.uid for o in before.occurrences if numbers.get(o.uid, o.sequence) < o.sequence]
        lines += [f"{uid}: its sequence number would fall" for uid in fallen]
    return lines
