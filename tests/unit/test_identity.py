"""Which UID an event and its occurrences have, through merges, splits, moves and returns."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from aggregator.carry import carry_over, withdraw
from aggregator.clock import AMSTERDAM
from aggregator.identity import Assignment, assign, event_uid, start_key
from aggregator.model import (
    AllDay,
    Cluster,
    Event,
    EventOccurrence,
    ListingRef,
    Occurrence,
    Place,
    Price,
    Status,
    Tag,
    Timed,
)

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=AMSTERDAM)
LATER = NOW + timedelta(days=1)
A, B, C, D = (ListingRef("s", key) for key in "abcd")
SEEN = {ref: NOW + timedelta(days=n) for n, ref in enumerate((A, B, C, D))}


def given(
    groups: Sequence[Sequence[ListingRef]],
    memberships: Mapping[ListingRef, str] | None = None,
    active: Mapping[ListingRef, str] | None = None,
) -> Assignment:
    known = memberships or {}
    clusters = [Cluster(tuple(sorted(refs))) for refs in groups]
    return assign(clusters, known, known if active is None else active, SEEN)


def uid(ref: ListingRef) -> str:
    return event_uid(ref)


def test_the_oldest_listing_founds_an_event() -> None:
    assert given([[C, B], [D, A]]) == Assignment((uid(B), uid(A)), {})


def test_of_listings_equally_old_the_first_by_identity_founds() -> None:
    seen = dict.fromkeys(SEEN, NOW)
    assert assign([Cluster((C, D))], {}, {}, seen).uids == (uid(C),)


@pytest.mark.parametrize(
    ("known", "groups", "uids", "aliases"),
    [
        ({A: "a", B: "b"}, [[A, B]], ["a"], {"b": "a"}),
        ({B: "b", C: "c"}, [[B, C, A]], ["b"], {"c": "b"}),  # known before, not: seen before
        ({A: "a", B: "b", C: "c"}, [[A, B, C]], ["a"], {"b": "a", "c": "a"}),
        ({A: "a", B: "a", C: "a"}, [[B, C], [A]], ["b", "a"], {}),
        ({A: "a", B: "a", C: "a"}, [[B, C]], ["a"], {}),  # the founder is gone
        ({A: "a", B: "a", C: "a"}, [[C], [B]], ["c", "a"], {}),  # and the rest falls apart
        ({A: "a", B: "a", C: "c"}, [[A], [B, C]], ["a", "c"], {}),
        ({A: "b", B: "b", C: "b"}, [[A, C], [B]], ["a", "b"], {}),  # an older one had joined
        ({A: "a", B: "a", C: "c", D: "c"}, [[A, C], [B, D]], ["a", "b"], {"c": "a"}),
    ],
)
def test_merges_and_splits(
    known: Mapping[ListingRef, str],
    groups: Sequence[Sequence[ListingRef]],
    uids: Sequence[str],
    aliases: Mapping[str, str],
) -> None:
    long = {"a": uid(A), "b": uid(B), "c": uid(C)}
    result = given(groups, {ref: long[u] for ref, u in known.items()})
    assert result.uids == tuple(long[u] for u in uids)
    assert result.aliases == {long[k]: long[v] for k, v in aliases.items()}


def test_a_listing_that_comes_back_does_not_take_the_uid_from_those_that_stayed() -> None:
    known = {A: uid(A), B: uid(A), C: uid(C)}
    active = {B: uid(A), C: uid(C)}
    assert given([[B], [A, C]], known, active) == Assignment((uid(A), uid(C)), {})
    alone = given([[B], [A], [C]], known, active)
    assert (alone.uids[0], alone.uids[2]) == (uid(A), uid(C))
    assert alone.uids[1] == event_uid(A, 1)
    assert len(set(alone.uids)) == 3


def test_a_listing_that_comes_back_alone_finds_its_event_again() -> None:
    assert given([[A]], {A: uid(A)}, {}) == Assignment((uid(A),), {})


def test_the_order_of_arrival_says_nothing() -> None:
    refs = [ListingRef("s", str(n)) for n in range(12)]
    seen = {ref: NOW + timedelta(hours=n % 5) for n, ref in enumerate(refs)}
    clusters = [Cluster(tuple(refs[n : n + 3])) for n in range(0, 12, 3)]
    known = {ref: event_uid(refs[0 if n < 6 else n]) for n, ref in enumerate(refs[:9])}
    expected = dict(zip(clusters, assign(clusters, known, known, seen).uids, strict=True))
    for seed in range(5):
        mixed = random.Random(seed).sample(clusters, len(clusters))
        shuffled = dict(random.Random(seed).sample(list(known.items()), len(known)))
        result = assign(mixed, shuffled, shuffled, seen)
        assert dict(zip(mixed, result.uids, strict=True)) == expected


# --- occurrences --------------------------------------------------------------------------


def at(days: int, hour: int = 20, **more: object) -> Occurrence:
    return Occurrence(Timed(NOW.replace(hour=hour) + timedelta(days=days)), **more)  # type: ignore[arg-type]


def draft(*occurrences: Occurrence, **more: object) -> Event:
    values: dict[str, object] = {"title": "Quiz", "place": Place("hengelo", venue="metropool"), **more}
    moments = tuple(EventOccurrence("", o) for o in occurrences)
    return Event(uid=uid(A), occurrences=moments, listings=(A,), **values)  # type: ignore[arg-type]


def saved(*occurrences: Occurrence, **more: object) -> Event:
    return carry_over(draft(*occurrences, **more), None, NOW)


def test_a_new_event_is_stamped() -> None:
    event = saved(at(1), at(8))
    assert (event.created, event.modified) == (NOW, NOW)
    assert len({o.uid for o in event.occurrences}) == 2
    assert [(o.sequence, o.created, o.modified, o.previous) for o in event.occurrences] == [
        (0, NOW, NOW, None)
    ] * 2
    assert saved(at(8), at(1)).occurrences[::-1] == event.occurrences


def test_what_says_the_same_is_the_same() -> None:
    event = saved(at(1), at(8))
    assert carry_over(draft(at(1), at(8)), event, LATER) == event


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ({"title": "Popquiz"}, 0),
        ({"price": Price(free=True)}, 0),
        ({"pillars": (Tag("muziek", "r", "band"),)}, 0),
        ({"place": Place("hengelo", venue="metropool", latitude=52.26, longitude=6.79)}, 0),
        ({"status": Status.CANCELLED}, 1),
        ({"place": Place("borne", venue="metropool")}, 1),
        ({"place": Place("hengelo", venue="metropool", hall="zaal 2")}, 1),
    ],
)
def test_a_changed_field_is_stamped_and_only_a_grave_one_counted(
    change: dict[str, object], sequence: int
) -> None:
    event = saved(at(1))
    after = carry_over(draft(at(1), **change), event, LATER)
    (one,) = after.occurrences
    assert (after.created, after.modified) == (NOW, LATER)
    assert (one.uid, one.sequence) == (event.occurrences[0].uid, sequence)
    assert (one.created, one.modified) == (NOW, LATER)


@pytest.mark.parametrize(
    "change",
    [
        {"place": Place("hengelo", venue="metropool", because="postcode")},
        {"hidden_because": "other words"},
        {"links": (), "evidence": {}},
    ],
)
def test_our_own_reasons_are_no_change(change: dict[str, object]) -> None:
    event = saved(at(1))
    after = carry_over(draft(at(1), **change), event, LATER)
    assert (after.modified, after.occurrences) == (NOW, event.occurrences)


@pytest.mark.parametrize(
    ("now", "sequence"),
    [
        (at(1, status=Status.CANCELLED), 1),
        (Occurrence(Timed(at(1).when.start, at(1).when.start + timedelta(hours=2))), 1),  # type: ignore[union-attr]
        (at(1, hours="20-22"), 0),
    ],
)
def test_a_changed_occurrence_leaves_the_others_alone(now: Occurrence, sequence: int) -> None:
    event = saved(at(1), at(8))
    after = carry_over(draft(now, at(8)), event, LATER)
    one, other = after.occurrences
    assert (one.sequence, one.modified, one.created, one.previous) == (sequence, LATER, NOW, None)
    assert other == event.occurrences[1]
    assert after.modified == LATER


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ([at(1)], [at(2)], True),
        ([at(1)], [at(1, 21)], True),
        ([at(1), at(8)], [at(1), at(9)], True),
        ([at(1), at(8)], [at(1, 21), at(8, 21)], True),
        ([at(1), at(8), at(15)], [at(1), at(9), at(15)], True),
        ([Occurrence(AllDay(date(2026, 12, 1)))], [Occurrence(AllDay(date(2026, 12, 2)))], True),
        ([Occurrence(AllDay(date(2026, 11, 25)))], [at(1)], True),  # the hour became known
        ([at(-1)], [at(6)], False),  # it has been; the next one is another
        ([at(1), at(8)], [at(2), at(9)], False),  # two at once: nobody can tell which is which
        ([at(1), at(8), at(15)], [at(8), at(15), at(22)], False),  # the window rolls on
        ([at(1)], [at(1), at(8)], False),
    ],
)
def test_a_date_that_moved_keeps_its_uid(old: list[Occurrence], new: list[Occurrence], moved: bool) -> None:
    event = saved(*old)
    after = carry_over(draft(*new), event, LATER - timedelta(hours=12))
    fresh = [o for o in after.occurrences if o.occurrence.when not in [x.when for x in old]]
    for one in fresh:
        before = [o for o in event.occurrences if o.uid == one.uid]
        assert bool(before) is moved
        assert one.sequence == (1 if moved else 0)
        assert one.previous == (before[0].occurrence.when if moved else None)
        assert one.created == (NOW if moved else one.modified)
    kept = [o for o in after.occurrences if o.occurrence.when in [x.when for x in old]]
    assert all(o in event.occurrences for o in kept)
    assert len({o.uid for o in after.occurrences}) == len(new)


def test_a_move_is_remembered_until_the_next() -> None:
    event = carry_over(draft(at(2)), saved(at(1)), LATER)
    same = carry_over(draft(at(2)), event, LATER + timedelta(hours=1))
    assert same == event
    back = carry_over(draft(at(1)), event, LATER - timedelta(hours=1))
    assert (back.occurrences[0].previous, back.occurrences[0].sequence) == (at(2).when, 2)


def test_a_new_date_where_another_one_began_gets_its_own_uid() -> None:
    moved = carry_over(draft(at(2)), saved(at(1)), NOW)
    both = carry_over(draft(at(1), at(2)), moved, NOW)
    assert both.occurrences[1].uid == moved.occurrences[0].uid
    assert both.occurrences[0].uid != both.occurrences[1].uid


def test_two_occurrences_at_one_moment_are_told_apart() -> None:
    event = saved(at(1), at(1, hours="matinee"))
    assert len({o.uid for o in event.occurrences}) == 2
    assert carry_over(draft(at(1), at(1, hours="matinee")), event, LATER) == event


def test_an_event_that_was_merged_in_brings_its_dates_and_its_uid() -> None:
    one = saved(at(1))
    other = carry_over(replace(draft(at(1), at(8)), uid=uid(B)), None, NOW)
    other = replace(other, aliases=("older",))
    after = carry_over(draft(at(1), at(8)), one, LATER, [other])
    assert [o.uid for o in after.occurrences] == [one.occurrences[0].uid, other.occurrences[1].uid]
    assert after.aliases == tuple(sorted(("older", uid(B))))


def test_pillars_given_by_another_rule_are_no_change() -> None:
    event = saved(at(1), pillars=(Tag("muziek", "concert", "band"),))
    after = carry_over(draft(at(1), pillars=(Tag("muziek", "venue", "popzaal"),)), event, LATER)
    assert (after.modified, after.occurrences) == (NOW, event.occurrences)


def test_a_date_that_became_part_of_another_ends_under_its_own_uid() -> None:
    one = saved(at(2))
    other = carry_over(replace(draft(at(-1), at(2), at(8)), uid=uid(B)), None, NOW)
    after = carry_over(draft(at(2), at(8)), one, LATER, [other])
    (retired,) = after.retired  # what has been needs no end, the date of its own lives on
    assert (retired.uid, retired.sequence, retired.modified) == (other.occurrences[1].uid, 1, LATER)
    again = carry_over(draft(at(2), at(8)), after, LATER + timedelta(days=1))
    assert (again.retired, again.modified) == (after.retired, after.modified)
    assert carry_over(draft(at(2), at(8)), after, LATER + timedelta(days=61)).retired == ()
    hidden = replace(other, hidden="private")
    assert carry_over(draft(at(2), at(8)), one, LATER, [hidden]).retired == ()


def test_an_event_without_a_listing_stays_hidden() -> None:
    event = saved(at(1))
    gone = withdraw(event, LATER)
    assert (gone.uid, gone.hidden, gone.listings, gone.modified) == (event.uid, "withdrawn", (), LATER)
    assert gone.occurrences == event.occurrences
    assert withdraw(gone, LATER + timedelta(days=1)) == gone
    back = carry_over(draft(at(1)), gone, LATER + timedelta(days=2))
    assert back.occurrences[0].uid == event.occurrences[0].uid
    assert (back.created, back.modified) == (NOW, LATER + timedelta(days=2))


@pytest.mark.parametrize(
    ("when", "key"),
    [
        (Timed(datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM)), "2026-10-25T00:30:00+00:00"),
        (Timed(datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=AMSTERDAM)), "2026-10-25T01:30:00+00:00"),
        (AllDay(date(2026, 10, 25), date(2026, 11, 1)), "2026-10-25"),
        (AllDay(None, date(2026, 11, 1)), "until 2026-11-01"),
    ],
)
def test_a_start_as_text(when: Timed | AllDay, key: str) -> None:
    assert start_key(when) == key


def test_uids_are_for_good() -> None:
    """These very values stand in people's calendars; changing how they are made breaks them all."""
    assert event_uid(ListingRef("metropool", "quiz-42")) == "bbf4149e-1fef-5207-897a-4c646717199d"
    assert saved(at(1)).occurrences[0].uid == "e429cc38-a59a-5f01-babc-d4ac14ae6966"
