"""What every store does, whatever database it is on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.errors import StoreError
from aggregator.model import (
    AllDay,
    Change,
    Decision,
    Edit,
    Event,
    EventOccurrence,
    Evidence,
    Intent,
    Listing,
    ListingRef,
    Occurrence,
    Origin,
    Outcome,
    Place,
    Reject,
    Run,
    State,
    Status,
    Tier,
    Timed,
)
from aggregator.store import Store, open_reader, open_store

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=AMSTERDAM)
DAY = timedelta(days=1)


def listing(key: str, title: str = "Quiz", source: str = "metropool") -> Listing:
    when = Timed(datetime(2026, 12, 1, 20, 0, tzinfo=AMSTERDAM))
    origins = {"title": Origin("json-ld", "https://x.nl/", title)}
    return Listing(source, key, Tier.VENUE, title, (Occurrence(when),), Place("hengelo"), origins=origins)


def new(*listings: Listing) -> Decision:
    return Decision(tuple(Intent(Change.NEW, x.ref, "seen for the first time", x) for x in listings))


def run(day: int = 0, source: str = "metropool", **more: object) -> Run:
    began = NOON + day * DAY
    values = {"finished": "x", "outcome": Outcome.OK, "complete": True, "items": 1, **more}
    return Run(began.strftime("%Y%m%dT%H%M%SZ-000000"), source, began.isoformat(), **values)  # type: ignore[arg-type]


def event(uid: str, *refs: ListingRef, title: str = "Quiz", **more: object) -> Event:
    moment = EventOccurrence(f"{uid}-1", Occurrence(Timed(datetime(2026, 12, 1, 20, 0, tzinfo=AMSTERDAM))))
    values: dict[str, object] = {"occurrences": (moment,), "created": NOON, "modified": NOON, **more}
    return Event(uid, title, place=Place("hengelo"), listings=refs, **values)  # type: ignore[arg-type]


A, B = listing("a"), listing("b", "Jazz \u2019n \U0001f600 caf\u00e9")


def apply(store: Store, decision: Decision, day: int = 0, *rejects: Reject, **more: object) -> None:
    store.apply_run(run(day, **more), decision, rejects, NOON + day * DAY)


def test_an_empty_store_knows_nothing(store: Store) -> None:
    assert (store.revision(), list(store.events(hidden=True)), list(store.listings())) == (0, [], [])
    assert (store.event("x"), store.last_runs(), list(store.rejects()), list(store.edits())) == (
        None,
        {},
        [],
        [],
    )
    assert (store.memberships(), store.bases(), store.held()) == ({}, {}, {})
    assert not store.unclustered()
    assert not store.is_settled("metropool")


def test_listings_come_back_as_they_went_in(store: Store) -> None:
    apply(store, new(B, A))
    first, second = store.listings()
    assert (first.listing, second.listing) == (A, B)
    assert (first.state, first.missed_runs, first.content_hash) == (State.LIVE, 0, A.content_hash)
    assert {first.first_seen, first.last_seen, first.changed_at} == {NOON}
    assert first.first_seen.utcoffset() == timedelta(0)


def test_listings_of_one_source_alone(store: Store) -> None:
    other = listing("a", source="wilminktheater")
    apply(store, new(A))
    apply(store, new(other), source="wilminktheater")
    assert [s.listing.ref for s in store.listings("wilminktheater")] == [other.ref]


def test_same_moves_last_seen_alone(store: Store) -> None:
    apply(store, new(A, B))
    apply(store, Decision((Intent(Change.SAME, A.ref, "same", A),)), 1)
    first, second = store.listings()
    assert (first.last_seen, first.changed_at, second.last_seen) == (NOON + DAY, NOON, NOON)


def test_thousands_of_same_in_one_run(store: Store) -> None:
    many = [listing(f"k{n:05}") for n in range(5100)]
    apply(store, new(*many))
    apply(store, Decision(tuple(Intent(Change.SAME, x.ref, "same", x) for x in many)), 1)
    assert {s.last_seen for s in store.listings()} == {NOON + DAY}


def test_changed_keeps_when_it_was_first_seen(store: Store) -> None:
    apply(store, new(A))
    later = replace(A, title="Popquiz")
    apply(store, Decision((Intent(Change.CHANGED, A.ref, "changed", later),)), 1)
    (known,) = store.listings()
    assert (known.listing, known.content_hash) == (later, later.content_hash)
    assert (known.first_seen, known.changed_at, known.last_seen) == (NOON, NOON + DAY, NOON + DAY)


def test_missing_and_withdrawn_keep_what_was_said(store: Store) -> None:
    apply(store, new(A))
    for day, change, state in [(1, Change.MISSING, State.MISSING), (2, Change.WITHDRAWN, State.WITHDRAWN)]:
        apply(store, Decision((Intent(change, A.ref, "gone", None, state, day),)), day)
        (known,) = store.listings()
        assert (known.listing, known.state, known.missed_runs) == (A, state, day)
        assert (known.last_seen, known.changed_at) == (NOON, NOON + day * DAY)
    apply(store, Decision((Intent(Change.RESTORED, A.ref, "back", A),)), 3)
    (known,) = store.listings()
    assert (known.state, known.missed_runs, known.first_seen) == (State.LIVE, 0, NOON)


def test_a_run_is_applied_once(store: Store) -> None:
    apply(store, new(A))
    apply(store, new(B))
    assert [s.listing.ref for s in store.listings()] == [A.ref]
    assert store.is_applied(run().run_id)
    assert store.is_applied(run().run_id, "metropool")
    assert not store.is_applied(run().run_id, "wilminktheater")
    assert not store.is_applied(run(1).run_id)


def test_a_run_whose_manifest_came_late_is_applied_again(store: Store) -> None:
    apply(store, new(A), finished=None, complete=False, outcome=Outcome.CRASHED)
    assert store.applied_runs("metropool") == {run().run_id: False}
    assert not store.is_settled("metropool")
    apply(store, new(B))
    assert store.applied_runs("metropool") == {run().run_id: True}
    assert [s.listing.ref for s in store.listings()] == [A.ref, B.ref]
    assert store.is_settled("metropool")


def test_the_newest_run_of_each_source(store: Store) -> None:
    for day in (1, 0):
        apply(store, Decision((), f"held {day}"), day)
    apply(store, Decision(()), 0, source="wilminktheater")
    assert store.last_runs() == {"metropool": run(1), "wilminktheater": run(0, "wilminktheater")}
    assert store.held() == {"metropool": "held 1"}


def test_rejects_are_those_of_the_newest_run_that_said_something(store: Store) -> None:
    old, fresh = (Reject("metropool", "https://x.nl/", "no-date", n) for n in ("old", "fresh"))
    apply(store, new(A), 0, old)
    apply(store, Decision(()), 1, fresh)
    apply(store, Decision(()), 2, items=0, outcome=Outcome.SERVER_ERROR)
    assert list(store.rejects()) == list(store.rejects("metropool")) == [fresh]
    assert list(store.rejects("wilminktheater")) == []


def test_clustering_has_work_when_listings_or_rules_changed(store: Store) -> None:
    apply(store, new(A))
    assert store.unclustered()
    assert store.marked() == {A.ref}
    store.save_events([], {}, {}, now=NOON, rules="1")
    assert store.unclustered("1")  # saved without a word of what was marked
    store.save_events([], {}, {}, now=NOON, rules="1", settled=store.marked())
    assert not store.unclustered("1")
    assert store.unclustered("2")
    apply(store, Decision((Intent(Change.SAME, A.ref, "same", A),)), 1)
    assert not store.unclustered("1")
    apply(store, Decision((Intent(Change.MISSING, A.ref, "gone", None, State.MISSING, 1),)), 2)
    assert store.unclustered("1")


def test_listings_revised_by_new_rules_were_not_seen_again(store: Store) -> None:
    old, fresh = (Reject("metropool", "https://x.nl/", "no-date", n) for n in ("old", "fresh"))
    apply(store, new(A), 0, old)
    saved(store, event("u1", A.ref), settled=[A.ref])
    store.revise_listings("metropool", [], [fresh], NOON + DAY)
    assert not store.unclustered()
    assert list(store.rejects()) == [fresh]
    better = replace(A, title="Popquiz")
    found = [Intent(Change.CHANGED, A.ref, "", better), Intent(Change.NEW, B.ref, "", B)]
    store.revise_listings("metropool", found, [], NOON + DAY)
    first, second = store.listings()
    assert (first.listing, first.first_seen, first.last_seen) == (better, NOON, NOON)
    assert (first.changed_at, first.content_hash) == (NOON + DAY, better.content_hash)
    assert (second.listing, second.first_seen) == (B, NOON + DAY)
    assert list(store.rejects()) == []
    assert store.unclustered()
    assert list(store.applied_runs("metropool")) == [run().run_id]


def saved(store: Store, *events: Event, aliases: dict[str, str] | None = None, **more: object) -> int:
    members = {ref: e.uid for e in events for ref in e.listings}
    return store.save_events(events, members, aliases or {}, **{"now": NOON, **more})  # type: ignore[arg-type]


def test_events_come_back_as_they_went_in(store: Store) -> None:
    apply(store, new(A, B))
    span = EventOccurrence("o", Occurrence(AllDay(date(2026, 11, 1), None), Status.CANCELLED), sequence=3)
    full = event("u1", A.ref, occurrences=(span,), evidence={"title": Evidence(A.ref, ((B.ref, "Jazz"),))})
    private = event("u2", B.ref, hidden="private", hidden_because="besloten")
    assert saved(store, private, full, bases={"u1": "x"}) == 2
    assert list(store.events()) == [full]
    assert list(store.events(hidden=True)) == [full, private]
    assert store.event("u2") == private
    assert store.bases() == {"u1": "x", "u2": ""}
    assert store.memberships() == {A.ref: "u1", B.ref: "u2"}


def test_the_revision_rises_with_a_change_alone(store: Store) -> None:
    apply(store, new(A))
    assert saved(store, event("u1", A.ref)) == 1
    before = store.revision()
    assert saved(store, event("u1", A.ref)) == 0
    assert store.revision() == before
    assert saved(store, event("u1", A.ref, title="Popquiz")) == 1
    assert store.revision() > before


def test_a_listing_that_left_is_remembered(store: Store) -> None:
    apply(store, new(A, B))
    saved(store, event("u1", A.ref, B.ref))
    saved(store, event("u1", B.ref))
    assert store.memberships() == {A.ref: "u1", B.ref: "u1"}
    assert store.memberships(active=True) == {B.ref: "u1"}


def test_a_merged_event_is_found_under_both_uids(store: Store) -> None:
    other = listing("c")
    apply(store, new(A, B, other))
    saved(store, event("u1", A.ref), event("u2", B.ref), event("u3", other.ref))
    saved(store, event("u2", B.ref, other.ref), aliases={"u3": "u2"})
    saved(store, event("u1", A.ref, B.ref, other.ref), aliases={"u2": "u1"})
    assert [e.uid for e in store.events()] == ["u1"]
    assert [getattr(store.event(uid), "uid", None) for uid in ("u1", "u2", "u3")] == ["u1"] * 3
    assert set(store.memberships().values()) == {"u1"}


def test_a_retired_uid_can_live_again(store: Store) -> None:
    apply(store, new(A, B))
    saved(store, event("u1", A.ref), event("u2", B.ref))
    saved(store, event("u1", A.ref, B.ref), aliases={"u2": "u1"})
    saved(store, event("u1", A.ref), event("u2", B.ref, title="Jazz"))
    found = store.event("u2")
    assert found is not None
    assert found.title == "Jazz"
    assert store.memberships(active=True) == {A.ref: "u1", B.ref: "u2"}


def test_a_merge_that_cannot_be_written_leaves_all_as_it_was(store: Store) -> None:
    apply(store, new(A))
    saved(store, event("u1", A.ref))
    before = list(store.events(hidden=True)), store.revision(), list(store.edits())
    with pytest.raises(StoreError, match="cannot be used"):
        saved(store, event("u1", A.ref, title="Popquiz"), event("u2", B.ref))  # B was never seen
    assert (list(store.events(hidden=True)), store.revision(), list(store.edits())) == before


def test_the_journal_tells_old_and_new(store: Store) -> None:
    apply(store, new(A, B))
    saved(store, event("u1", A.ref), event("u2", B.ref, title="Jazz"))
    saved(store, event("u1", A.ref, title="Popquiz"), now=NOON + DAY)
    saved(store, event("u1", A.ref, B.ref, title="Popquiz"), aliases={"u2": "u1"}, now=NOON + 2 * DAY)
    assert list(store.edits(since=NOON + DAY)) == [
        Edit("u1", NOON + DAY, "title", "Quiz", "Popquiz"),
        Edit("u2", NOON + 2 * DAY, "event", "Jazz", "merged into u1"),
        Edit("u2", NOON + 2 * DAY, "place", {"municipality": "hengelo"}, None),
    ]
    assert [e.field for e in store.edits(uid="u1")] == ["event", "title"]


def test_what_is_written_is_there_after_closing(url: str) -> None:
    first = open_store(url)
    apply(first, new(A))
    first.close()
    for opened in (open_store(url), open_reader(url)):
        assert [s.listing for s in opened.listings()] == [A]
        getattr(opened, "close", lambda: None)()


def test_a_read_only_store_refuses_to_write(url: str, store: Store) -> None:
    reading = open_store(url, read_only=True)
    with pytest.raises(StoreError, match=r"read.?only"):
        apply(reading, new(A))
    assert list(store.listings()) == []
    reading.close()


def test_a_reader_keeps_to_what_it_began_with(store: Store) -> None:
    many = [listing(f"k{n:04}") for n in range(1200)]
    apply(store, new(*many))
    reading = store.listings()
    next(reading)
    apply(store, Decision((Intent(Change.CHANGED, many[-1].ref, "", replace(many[-1], title="Late")),)), 1)
    assert [s.listing.title for s in reading][-1] == "Quiz"
    assert [s.listing.title for s in store.listings()][-1] == "Late"


def test_a_naive_moment_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="no zone"):
        store.apply_run(run(), new(A), (), datetime(2026, 11, 24))  # noqa: DTZ001
