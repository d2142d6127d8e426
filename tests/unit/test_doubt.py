"""Which dates wait for a person, and what becomes of the listing meanwhile."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.decide import decide
from aggregator.doubt import HELD, Answers, doubt, mark_of
from aggregator.model import (
    AllDay,
    Change,
    Listing,
    Occurrence,
    Outcome,
    Run,
    State,
    StoredListing,
    Tier,
    Timed,
)

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=AMSTERDAM)
RUN = Run("20261124T050000Z-000000", "s", "x", "y", Outcome.OK, complete=True)


def at(year: int, month: int, day: int, hour: int = 20, minute: int = 0) -> Timed:
    return Timed(datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM))


def listing(*whens: Timed | AllDay, title: str = "Quiz") -> Listing:
    return Listing("s", "k", Tier.VENUE, title, tuple(map(Occurrence, whens)))


SOON, MIDNIGHT, FAR = at(2026, 12, 12), at(2026, 12, 12, 0), at(2028, 6, 1)
LONG = AllDay(date(2026, 5, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("seen", "known", "kept", "said"),
    [
        ([SOON], None, [SOON], []),
        ([MIDNIGHT], None, None, ["midnight"]),
        ([at(2026, 12, 12, 0, 30)], None, [at(2026, 12, 12, 0, 30)], []),
        ([FAR], None, None, ["eighteen months"]),
        ([at(2028, 5, 20)], None, [at(2028, 5, 20)], []),
        ([SOON, FAR], None, [SOON], ["eighteen months"]),
        ([MIDNIGHT, FAR], [SOON], [SOON], ["midnight", "eighteen months"]),
        ([MIDNIGHT, FAR], [MIDNIGHT, FAR], [MIDNIGHT, FAR], []),
        ([at(2027, 12, 12)], [SOON], [SOON], ["jump by a year, from 2026-12-12 20:00 to 2027-12-12 20:00"]),
        ([at(2027, 12, 12, 21)], [SOON], [SOON], ["jump by a year"]),
        ([SOON, at(2027, 12, 12)], [SOON], [SOON, at(2027, 12, 12)], []),
        ([at(2027, 12, 11)], [SOON], [at(2027, 12, 11)], []),
        ([at(2025, 12, 12)], [SOON], [at(2025, 12, 12)], []),
        ([AllDay(date(2028, 6, 1))], None, None, ["eighteen months"]),
        (
            [AllDay(date(2026, 5, 1), date(2030, 1, 1))],
            None,
            [AllDay(date(2026, 5, 1), date(2030, 1, 1))],
            [],
        ),
        ([AllDay(None, date(2030, 1, 1))], None, [AllDay(None, date(2030, 1, 1))], []),
        (
            [AllDay(date(2027, 5, 1), date(2027, 6, 1))],
            [AllDay(date(2026, 5, 1), date(2026, 6, 1))],
            [AllDay(date(2026, 5, 1), date(2026, 6, 1))],
            ["from 2026-05-01 to 2026-06-01 to 2027-05-01"],
        ),
        (
            [AllDay(date(2026, 5, 1), date(2027, 6, 1))],
            [AllDay(date(2026, 5, 1), date(2026, 6, 1))],
            [AllDay(date(2026, 5, 1), date(2027, 6, 1))],
            [],
        ),
    ],
)
def test_doubt(
    seen: list[Timed | AllDay],
    known: list[Timed | AllDay] | None,
    kept: list[Timed | AllDay] | None,
    said: list[str],
) -> None:
    left, rejects = doubt(listing(*seen, title="Popquiz"), listing(*known) if known else None, NOW)
    assert (None if left is None else [o.when for o in left.occurrences]) == kept
    assert left is None or left.title == "Popquiz"
    assert [r.reason for r in rejects] == [HELD] * len(said)
    assert all(words in r.detail for words, r in zip(said, rejects, strict=True))


def test_two_evenings_of_one_day_stay_both_when_both_would_jump() -> None:
    early, late = at(2026, 12, 12, 15), at(2026, 12, 12, 20)
    said = listing(at(2027, 12, 12, 20), at(2027, 12, 12, 15))
    left, rejects = doubt(said, listing(early, late), NOW)
    assert left is not None
    assert [o.when for o in left.occurrences] == [late, early]
    assert len({r.mark for r in rejects}) == 2


@pytest.mark.parametrize(
    ("yes", "no", "rest", "kept", "waits"),
    [
        ([], [], False, [SOON], [MIDNIGHT, FAR]),
        ([FAR], [], False, [SOON, FAR], [MIDNIGHT]),
        ([MIDNIGHT], [FAR], False, [SOON, MIDNIGHT], [FAR]),
        ([], [FAR], True, [SOON, MIDNIGHT], [FAR]),  # all of it, but for what was refused
        ([], [SOON], False, [], [SOON, MIDNIGHT, FAR]),  # refused, whatever became of the doubt
        ([], [], True, [SOON, MIDNIGHT, FAR], []),
    ],
)
def test_each_date_is_answered_by_itself(
    yes: list[Timed], no: list[Timed], rest: bool, kept: list[Timed], waits: list[Timed]
) -> None:
    marks = (frozenset(mark_of("k", when) for when in whens) for whens in (yes, no))
    left, rejects = doubt(listing(SOON, MIDNIGHT, FAR), None, NOW, Answers(*marks, rest=rest))
    assert [o.when for o in left.occurrences] == kept if left else kept == []
    assert [r.mark for r in rejects] == [mark_of("k", when) for when in waits]


def test_a_mark_stays_while_the_source_says_this_date() -> None:
    first, again = (doubt(listing(MIDNIGHT, title=title), None, NOW)[1] for title in ("Quiz", "Popquiz"))
    assert first[0].mark == again[0].mark != doubt(listing(at(2026, 12, 13, 0)), None, NOW)[1][0].mark


def test_what_is_shown_is_not_taken_back_by_an_old_no() -> None:
    left, rejects = doubt(listing(SOON), listing(SOON), NOW, Answers(no=frozenset([mark_of("k", SOON)])))
    assert left == listing(SOON)
    assert rejects == []


def test_a_doubtful_date_waits_and_the_rest_of_the_run_holds() -> None:
    stored = {listing().ref: StoredListing(listing(SOON), State.LIVE, NOW, NOW, NOW, 0)}
    other = Listing("s", "other", Tier.VENUE, "Bingo", (Occurrence(MIDNIGHT),))
    decision = decide(stored, [listing(at(2027, 12, 12)), other], RUN, NOW)
    assert [(i.ref.key, i.change) for i in decision.intents] == [("k", Change.SAME)]
    assert decision.held is None
    assert [r.title for r in decision.doubts] == ["Quiz", "Bingo"]
    agreed = decide(stored, [listing(at(2027, 12, 12)), other], RUN, NOW, answers=Answers(rest=True))
    assert [(i.ref.key, i.change) for i in agreed.intents] == [("k", Change.CHANGED), ("other", Change.NEW)]
    assert agreed.doubts == ()


def test_a_doubtful_date_is_not_taken_for_gone() -> None:
    only = listing(MIDNIGHT)
    stored = {only.ref: StoredListing(listing(SOON), State.LIVE, NOW, NOW, NOW, 0)}
    (intent,) = decide(stored, [only], RUN, NOW).intents
    assert intent.change is Change.SAME
