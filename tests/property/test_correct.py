"""Decisions of people: the later wins, the order says nothing, others stay as they are, nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import find_config, load_region
from aggregator.correct.book import Book, Placed
from aggregator.correct.entry import Decision, name_of
from aggregator.correct.report import report
from aggregator.dedupe import Deduper
from aggregator.identity import event_uid
from aggregator.model import Cluster, Event, Listing, ListingRef, Occurrence, Place, Tier, Timed

REGION = load_region(find_config(None))
DEDUPER = Deduper(REGION)
START = datetime(2027, 3, 6, 20, tzinfo=AMSTERDAM)
TOWNS = st.sampled_from(["hengelo", "hengelo", "borne", None])


@st.composite
def weeks(draw: st.DrawFn) -> list[Listing]:
    return [
        Listing(
            draw(st.sampled_from("abc")),
            str(number),
            draw(st.sampled_from(Tier)),
            draw(st.sampled_from(["Trio Wolkenveld", "Rietorgel", "Wolkenveld en Rietorgel"])),
            (Occurrence(Timed(START + timedelta(days=draw(st.integers(0, 2))))),),
            Place(draw(TOWNS), name="Zaal aan de Kade"),
            url=f"https://x.example/{draw(st.integers(0, 5))}",
        )
        for number in range(draw(st.integers(2, 8)))
    ]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Listing], list[Placed]]:
    week = draw(weeks())
    names = [
        *(name_of(k.ref) for k in week),
        *(event_uid(k.ref) for k in week),
        *(k.url for k in week),
        "z (1)",
    ]
    placed = []
    for number in range(draw(st.integers(0, 5))):
        chosen = draw(
            st.lists(st.sampled_from(sorted(set(map(str, names)))), min_size=2, max_size=3, unique=True)
        )
        facts = {"date": str(date(2026, 11, 1 + number)), "role": "redactie", "reason": "Zelf gezien."}
        decision = Decision.model_validate({draw(st.sampled_from(["merge", "split"])): chosen, **facts})
        home = draw(st.sampled_from(["hengelo", "region", "borne"]))
        placed.append(Placed(decision, f"corrections/{home}.yaml", number, home, f"m{number}"))
    return week, placed


def grouped(week: Sequence[Listing], placed: Sequence[Placed]) -> list[Cluster]:
    found = DEDUPER.cluster(week)
    return Book(REGION, placed).group(found, {k.ref: k for k in week}, lambda uid: ())


def homes(clusters: Sequence[Cluster]) -> dict[ListingRef, int]:
    return {ref: number for number, cluster in enumerate(clusters) for ref in cluster.refs}


@given(cases(), st.randoms(use_true_random=False))
def test_a_partition_in_any_order(case: tuple[list[Listing], list[Placed]], chance: random.Random) -> None:
    week, placed = case
    clusters = grouped(week, placed)
    assert sorted(ref for c in clusters for ref in c.refs) == sorted(k.ref for k in week)
    for cluster in clusters:
        assert len(cluster.links) == len(cluster.refs) - 1
        assert {ref for k in cluster.links for ref in (k.a, k.b)} <= set(cluster.refs)
    week, placed = chance.sample(week, len(week)), chance.sample(placed, len(placed))
    assert grouped(week, placed) == clusters


@given(cases())
def test_the_last_decision_always_wins(case: tuple[list[Listing], list[Placed]]) -> None:
    """By listings in the region's own file, so that nothing but a still later one could stand against it."""
    week, placed = case
    pair = [name_of(k.ref) for k in week[:2]]
    facts = {"date": "2026-12-31", "role": "redactie", "reason": "Zelf gezien."}
    for deed in ("merge", "split"):
        last = Placed(
            Decision.model_validate({deed: pair, **facts}), "corrections/region.yaml", 1, "region", "z"
        )
        home = homes(grouped(week, [*placed, last]))
        assert (home[week[0].ref] == home[week[1].ref]) is (deed == "merge")


@given(cases())
def test_a_file_touches_events_of_its_own_municipality_alone(
    case: tuple[list[Listing], list[Placed]],
) -> None:
    week, placed = case
    placed = [p for p in placed if p.home == "hengelo"]
    town = {k.ref: k.place.municipality for k in week}

    def of_others(clusters: Sequence[Cluster]) -> set[tuple[ListingRef, ...]]:
        return {
            c.refs
            for c in clusters
            if {town[r] for r in c.refs} & {"borne"} or not any(map(town.get, c.refs))
        }

    before = of_others(DEDUPER.cluster(week))
    after = of_others(grouped(week, placed))
    assert {refs for refs in before if "borne" in {town[r] for r in refs}} <= after


@given(cases())
def test_deciding_twice_is_deciding_once(case: tuple[list[Listing], list[Placed]]) -> None:
    week, placed = case
    listings = {k.ref: k for k in week}
    book = Book(REGION, placed)
    once = book.group(DEDUPER.cluster(week), listings, lambda uid: ())
    again = Book(REGION, [*placed, *(replace(p, mark=f"{p.mark}'") for p in placed)])
    assert again.group(DEDUPER.cluster(week), listings, lambda uid: ()) == once


@given(cases())
def test_without_decisions_nothing_changes(case: tuple[list[Listing], list[Placed]]) -> None:
    week, _ = case
    assert grouped(week, []) == DEDUPER.cluster(week)


@settings(max_examples=60)
@given(cases())
def test_links_of_the_rules_are_kept_but_where_a_decision_stands(
    case: tuple[list[Listing], list[Placed]],
) -> None:
    """A split parts no more than it must: two that no decision names stay together when their link does."""
    week, placed = case
    home = homes(grouped(week, placed))
    named = {ref.listing for p in placed for ref in p.decision.refs} | {
        k.ref for k in week for p in placed for ref in p.decision.refs if ref.uid or ref.url
    }
    for cluster in DEDUPER.cluster(week):
        if not named & set(cluster.refs):
            for a, b in combinations(cluster.refs, 2):
                assert home[a] == home[b]


@given(cases())
def test_every_decision_is_carried_out_or_told(case: tuple[list[Listing], list[Placed]]) -> None:
    week, placed = case
    listings = {k.ref: k for k in week}
    events = []
    for cluster in grouped(week, placed):
        members = [listings[ref] for ref in cluster.refs]
        event = DEDUPER.merge(members, cluster.links)
        events.append(replace(event, uid=event_uid(cluster.refs[0])))
    told = "\n".join(report(Book(REGION, placed), events))
    home = {ref: event.uid for event in events for ref in event.listings}
    for one in placed:
        refs = [ref.listing for ref in one.decision.refs if ref.listing]
        if len(refs) == len(one.decision.refs) and all(ref in home for ref in refs):
            together = len({home[ref] for ref in refs}) == 1
            apart = len({home[ref] for ref in refs}) == len(refs)
            done = together if one.decision.merge else apart
            assert done or f"{one.file}:{one.line}: " in told


EVENT = Event("u", "Quiz", (), Place("hengelo"), (ListingRef("a", "1"),))


@given(st.permutations(range(4)))
def test_fields_go_by_the_date_of_the_decision_not_by_its_place_in_the_file(order: list[int]) -> None:
    placed = []
    for line, number in enumerate(order):
        facts = {"date": str(date(2026, 11, 1 + number)), "role": "redactie", "reason": "Zelf gezien."}
        plain = {"about": {"listing": "a (1)"}, "correct": {"title": f"Titel {number}"}, **facts}
        decision = Decision.model_validate(plain)
        placed.append(Placed(decision, "corrections/hengelo.yaml", line, "hengelo", f"m{number}"))
    event = Book(REGION, placed).correct(EVENT)
    assert event.title == "Titel 3"
    assert [r.mark for r in event.rulings] == ["m0", "m1", "m2", "m3"]
    assert Book(REGION, placed).correct(event).title == "Titel 3"
