"""What a run means for a source's listings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.decide import decide, is_over, settle
from aggregator.doubt import Answers
from aggregator.model import (
    AllDay,
    Change,
    Decision,
    Listing,
    ListingRef,
    Occurrence,
    Outcome,
    Place,
    Run,
    State,
    Status,
    StoredListing,
    Tier,
    Timed,
)

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=AMSTERDAM)
RUN = Run("20261124T050000Z-000000", "s", "x", "y", Outcome.OK, complete=True)
BROKEN = replace(RUN, complete=False)


def evening(days: int, hour: int = 20) -> Occurrence:
    return Occurrence(Timed(NOW.replace(hour=hour) + timedelta(days=days)))


def listing(key: str, title: str = "Quiz", days: int = 7, **more: object) -> Listing:
    values = {"occurrences": (evening(days),), **more}
    return Listing("s", key, Tier.VENUE, title, **values)  # type: ignore[arg-type]


def stored(*listings: Listing, state: State = State.LIVE, missed: int = 0) -> dict[ListingRef, StoredListing]:
    return {x.ref: StoredListing(x, state, NOW, NOW, NOW, missed) for x in listings}


def many(count: int, begin: int = 0) -> list[Listing]:
    return [listing(f"k{n:03}") for n in range(begin, begin + count)]


def told(decision: Decision) -> dict[str, str]:
    return {i.ref.key: i.change.value for i in decision.intents}


A, B, PAST = listing("a"), listing("b"), listing("past", days=-3)
LATER = replace(A, title="Popquiz")


@pytest.mark.parametrize(
    ("known", "seen", "run", "expected"),
    [
        ({}, [A], RUN, {"a": "new"}),
        ({}, [A], BROKEN, {"a": "new"}),
        (stored(A), [A], RUN, {"a": "same"}),
        (stored(A), [LATER], RUN, {"a": "changed"}),
        (stored(A), [LATER], BROKEN, {"a": "changed"}),
        (stored(A, B), [A], RUN, {"a": "same", "b": "missing"}),
        (stored(A, B), [A], replace(RUN, outcome=Outcome.NOT_MODIFIED), {"a": "same", "b": "missing"}),
        (stored(A, B), [A], BROKEN, {"a": "same"}),
        (stored(A, B), [A], replace(RUN, outcome=Outcome.SERVER_ERROR), {"a": "same"}),
        (stored(A, B), [A], replace(RUN, outcome=Outcome.PAGE_CHANGED), {"a": "same"}),
        (stored(A) | stored(B, state=State.MISSING, missed=1), [A], RUN, {"a": "same", "b": "withdrawn"}),
        (stored(A) | stored(B, state=State.MISSING, missed=1), [A], BROKEN, {"a": "same"}),
        (stored(A) | stored(B, state=State.WITHDRAWN, missed=2), [A], RUN, {"a": "same"}),
        (stored(A, state=State.MISSING, missed=1), [A], BROKEN, {"a": "restored"}),
        (stored(A, state=State.WITHDRAWN, missed=2), [LATER], RUN, {"a": "restored"}),
        (stored(A, PAST), [A], RUN, {"a": "same"}),
        (stored(A, PAST), [], replace(RUN, outcome=Outcome.NOT_MODIFIED), {"a": "same"}),
        (stored(A, state=State.MISSING), [], replace(RUN, outcome=Outcome.NOT_MODIFIED), {}),
        (stored(A), [], replace(RUN, outcome=Outcome.BLOCKED, complete=False), {}),
    ],
)
def test_one_intent_per_listing(
    known: dict[ListingRef, StoredListing], seen: Sequence[Listing], run: Run, expected: dict[str, str]
) -> None:
    decision = decide(known, seen, run, NOW)
    assert told(decision) == expected
    assert decision.held is None
    assert all(i.reason for i in decision.intents)


def test_what_is_missing_counts_its_runs() -> None:
    (first,) = (i for i in decide(stored(A, B), [A], RUN, NOW).intents if i.ref == B.ref)
    assert (first.state, first.missed_runs, first.listing) == (State.MISSING, 1, None)
    known = stored(A) | stored(B, state=State.MISSING, missed=1)
    (second,) = (i for i in decide(known, [A], RUN, NOW).intents if i.ref == B.ref)
    assert (second.state, second.missed_runs) == (State.WITHDRAWN, 2)
    (back,) = decide(stored(B, state=State.WITHDRAWN, missed=2), [B], RUN, NOW).intents
    assert (back.state, back.missed_runs, back.listing) == (State.LIVE, 0, B)


def test_a_change_names_the_fields() -> None:
    (changed,) = decide(stored(A), [replace(LATER, url="https://x.nl/")], RUN, NOW).intents
    assert changed.reason == "changed: title, url"


def test_a_hash_kept_by_the_store_is_believed() -> None:
    known = {A.ref: replace(stored(A)[A.ref], content_hash=LATER.content_hash)}
    assert told(decide(known, [LATER], RUN, NOW)) == {"a": "same"}


@pytest.mark.parametrize(
    ("size", "gone", "held"),
    [(6, 5, False), (40, 8, False), (40, 9, True), (29, 6, True), (30, 6, False), (7, 6, True)],
)
def test_a_run_that_loses_more_than_five_and_a_fifth_is_held(size: int, gone: int, held: bool) -> None:
    listings = many(size)
    fresh = listing("fresh")
    decision = decide(stored(*listings), [*listings[gone:], fresh], RUN, NOW)
    changes = list(told(decision).values())
    assert (decision.held is not None) is held
    assert changes.count("missing") == (0 if held else gone)
    assert changes.count("same") == size - gone
    assert told(decision)["fresh"] == "new"
    agreed = decide(stored(*listings), listings[gone:], RUN, NOW, answers=Answers(rest=True))
    assert list(told(agreed).values()).count("missing") == gone


def test_a_loss_that_a_person_agreed_with_is_not_asked_about_again() -> None:
    before, now_gone = stored(*many(20)), stored(*many(10), state=State.MISSING, missed=1)
    second = decide({**before, **now_gone}, many(10, begin=10), RUN, NOW)
    assert second.held is None
    assert list(told(second).values()).count("withdrawn") == 10
    third = decide({**before, **now_gone}, many(9, begin=11), RUN, NOW)
    assert third.held  # more is gone than was agreed with


def test_loss_is_measured_over_what_is_to_come() -> None:
    past = [listing(f"p{n}", days=-9) for n in range(100)]
    coming = many(10)
    assert decide(stored(*past, *coming), coming[6:], RUN, NOW).held
    assert not decide(stored(*past, *coming), coming, RUN, NOW).held


@pytest.mark.parametrize("run", [RUN, replace(RUN, outcome=Outcome.EMPTY)])
def test_a_source_that_shows_nothing_at_all_loses_nothing(run: Run) -> None:
    decision = decide(stored(A, B), [], run, NOW)
    assert decision.intents == ()
    assert decision.held
    assert "no usable event" in decision.held
    assert decide(stored(PAST), [], run, NOW).held is None


@pytest.mark.parametrize(
    ("known", "added", "settled", "held"),
    [
        (10, 25, True, False),
        (10, 40, True, True),
        (14, 42, True, False),
        (0, 500, True, False),
        (10, 40, False, False),
    ],
)
def test_a_run_that_grows_a_source_several_times_over_adds_nothing(
    known: int, added: int, settled: bool, held: bool
) -> None:
    before, fresh = many(known), many(added, begin=500)
    decision = decide(stored(*before), [*before, *fresh], RUN, NOW, settled=settled)
    changes = list(told(decision).values())
    assert (decision.held is not None) is held
    assert changes.count("new") == (0 if held else added)
    assert changes.count("same") == known
    if held:
        assert decide(stored(*before), [*before, *fresh], RUN, NOW, answers=Answers(rest=True)).held is None


@pytest.mark.parametrize(
    ("occurrences", "over"),
    [
        ((evening(-1),), True),
        ((evening(0),), False),
        ((evening(0, hour=5),), True),
        ((evening(-1), evening(1)), False),
        ((Occurrence(AllDay(date(2026, 11, 1), date(2026, 11, 24))),), False),
        ((Occurrence(AllDay(date(2026, 11, 1), date(2026, 11, 23))),), True),
        ((Occurrence(AllDay(date(2026, 11, 24))),), False),
        ((Occurrence(AllDay(None, date(2026, 11, 23))),), True),
        ((), False),
    ],
)
def test_when_a_listing_is_over(occurrences: tuple[Occurrence, ...], over: bool) -> None:
    assert is_over(listing("a", occurrences=occurrences), NOW) is over


def test_one_listing_seen_twice_has_all_its_occurrences() -> None:
    off = replace(evening(7), status=Status.CANCELLED)
    seen = [listing("a", days=14), listing("a"), listing("a", occurrences=(off,))]
    expected = (off, evening(14))
    for order in (seen, seen[::-1]):
        (one,) = settle(order, {})
        assert (one.key, one.occurrences) == ("a", expected)


def test_several_events_under_one_key_stay_several_and_keep_their_keys() -> None:
    quiz, jazz, elsewhere = listing("p"), listing("p", "Jazz"), listing("p", place=Place(name="Kulturhus"))
    first = settle([quiz, jazz, elsewhere], {})
    assert len({x.key for x in first}) == 3
    assert all(x.key.startswith("p#~") for x in first)
    known = stored(*first)
    assert {x.key for x in settle([jazz, elsewhere, quiz], known)} == {x.key for x in first}
    assert [x.key for x in settle([jazz], known)] == [first[1].key]
    assert [x.key for x in settle([listing("p", "Blues")], known)] not in (["p"], [x.key for x in first])


def test_a_page_that_gets_a_second_event_keeps_the_first_ones_key() -> None:
    known = stored(listing("p"))
    quiz, jazz = settle([listing("p"), listing("p", "Jazz")], known)
    assert quiz.key == "p"
    assert jazz.key.startswith("p#~")


def test_a_corrected_title_is_the_same_listing() -> None:
    assert [x.key for x in settle([listing("p", "Quizz")], stored(listing("p")))] == ["p"]


def test_intents_come_in_order_of_identity() -> None:
    listings = many(9)
    decision = decide(stored(*listings[:6]), listings[:2] + listings[5:], RUN, NOW)
    assert [i.ref for i in decision.intents] == sorted(x.ref for x in listings)
    assert Change.MISSING in {i.change for i in decision.intents}
