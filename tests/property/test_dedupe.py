"""Whatever the listings are: a partition, the same in any order, stable, and no veto inside a cluster."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import find_config, load_region
from aggregator.dedupe import Deduper
from aggregator.dedupe.compare import compare, unlikely
from aggregator.dedupe.record import prepare
from aggregator.dedupe.spot import Surveyor
from aggregator.dedupe.words import likeness, trace
from aggregator.model import AllDay, Cluster, Listing, Occurrence, Place, Status, Tier, Timed

REGION = load_region(find_config(None))
DEDUPER = Deduper(REGION)
SURVEYOR = Surveyor(REGION)
DAY = date(2027, 3, 6)

ACTS = st.sampled_from(
    ["Trio Wolkenveld", "Rietorgel", "De Grindweg", "Kerstconcert", "Taalcafé", "Hengelo", "¿?"]
)
EXTRA = st.sampled_from(
    ["", "UITVERKOCHT: ", "Nagesprek ", "AFGELAST ", "Tribute to ", "deel 2 ", "Workshop "]
)
PLACES = st.sampled_from(
    [
        Place(),
        Place("hengelo", "metropool-hengelo", "Metropool", place="Hengelo"),
        Place("hengelo", "metropool-hengelo", "Metropool", "Podium 2", place="Hengelo"),
        Place("hengelo", name="Wijkcentrum Riet", address="Rietweg 4", place="Hengelo"),
        Place("enschede", "wilminktheater", "Wilminktheater", place="Enschede"),
        Place("enschede", place="Glanerbrug"),
        Place(name="Podium 1"),
    ]
)
TEXTS = st.sampled_from(
    [
        None,
        "",
        "Van Trio Wolkenveld.",
        "Ter vervanging van Rietorgel.",
        "Nieuwe datum, kaarten blijven geldig.",
    ]
)


@st.composite
def moments(draw: st.DrawFn) -> Occurrence:
    day = DAY + timedelta(days=draw(st.integers(0, 9)))
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return Occurrence(
            AllDay(draw(st.sampled_from([day, None])), day + timedelta(days=draw(st.integers(1, 20))))
        )
    if kind == 1:
        return Occurrence(AllDay(day))
    hour = draw(st.sampled_from([14, 16, 18, 19, 20]))
    return Occurrence(Timed(datetime(day.year, day.month, day.day, hour, tzinfo=AMSTERDAM)))


@st.composite
def listings(draw: st.DrawFn, number: int = 0) -> Listing:
    return Listing(
        source_id=draw(st.sampled_from("abc")),
        key=f"k{number}",
        tier=draw(st.sampled_from(Tier)),
        title=draw(EXTRA) + draw(ACTS),
        occurrences=tuple(draw(st.lists(moments(), min_size=1, max_size=4))),
        place=draw(PLACES),
        description=draw(TEXTS),
        status=draw(st.sampled_from([Status.SCHEDULED, Status.CANCELLED])),
    )


@st.composite
def weeks(draw: st.DrawFn) -> list[Listing]:
    return [draw(listings(number)) for number in range(draw(st.integers(0, 12)))]


def groups(clusters: list[Cluster]) -> set[frozenset[str]]:
    return {frozenset(ref.key for ref in cluster.refs) for cluster in clusters}


@given(weeks(), st.randoms(use_true_random=False))
def test_a_partition_in_any_order(week: list[Listing], chance: random.Random) -> None:
    clusters = DEDUPER.cluster(week)
    assert sorted(ref for c in clusters for ref in c.refs) == sorted(k.ref for k in week)
    shuffled = list(week)
    chance.shuffle(shuffled)
    assert DEDUPER.cluster(shuffled) == clusters
    assert DEDUPER.label(shuffled, clusters) == DEDUPER.label(week, clusters)


@given(weeks())
def test_no_veto_inside_a_cluster(week: list[Listing]) -> None:
    records = {k.ref: prepare(k, SURVEYOR) for k in week}
    for cluster in DEDUPER.cluster(week):
        for a, b in combinations(cluster.refs, 2):
            assert compare(records[a], records[b]).veto is None
            assert compare(records[a], records[b]).odds == compare(records[b], records[a]).odds


@given(weeks())
def test_links_hold_each_cluster_together(week: list[Listing]) -> None:
    for cluster in DEDUPER.cluster(week):
        assert len(cluster.links) == len(cluster.refs) - 1
        reached = {cluster.refs[0]}
        for _ in cluster.links:
            reached |= {ref for k in cluster.links if {k.a, k.b} & reached for ref in (k.a, k.b)}
        assert reached == set(cluster.refs)
        assert all(k.because and 0.5 <= k.score <= 1 and k.a < k.b for k in cluster.links)


@settings(max_examples=40)
@given(weeks())
def test_one_event_clustered_alone_stays_one(week: list[Listing]) -> None:
    known = {k.ref: k for k in week}
    for cluster in DEDUPER.cluster(week):
        assert DEDUPER.cluster([known[ref] for ref in cluster.refs]) == [cluster]


@given(weeks(), st.randoms(use_true_random=False))
def test_merging_loses_no_listing_and_knows_no_order(week: list[Listing], chance: random.Random) -> None:
    known = {k.ref: k for k in week}
    for cluster in DEDUPER.cluster(week):
        members = [known[ref] for ref in cluster.refs]
        event = DEDUPER.merge(members, cluster.links)
        assert event.listings == cluster.refs
        assert event.occurrences
        assert len({o.occurrence.when for o in event.occurrences}) == len(event.occurrences)
        chance.shuffle(members)
        assert DEDUPER.merge(members, cluster.links) == event


@given(weeks())
def test_a_listing_elsewhere_and_long_ago_changes_nothing(week: list[Listing]) -> None:
    """The weight of a word does not depend on which listings there are."""
    long_ago = Occurrence(Timed(datetime(2025, 1, 1, 20, tzinfo=AMSTERDAM)))
    more = [
        Listing("z", f"z{n}", Tier.VENUE, "Trio Wolkenveld", (long_ago,), Place("borne")) for n in range(3)
    ]
    before, after = groups(DEDUPER.cluster(week)), groups(DEDUPER.cluster([*week, *more]))
    assert before == {g for g in after if not any(key.startswith("z") for key in g)}


@settings(max_examples=100)
@given(st.lists(listings(), min_size=8, max_size=8))
def test_what_a_glance_rules_out_is_no_link(found: list[Listing]) -> None:
    single = [replace(k, occurrences=k.occurrences[:1]) for k in found]
    records = [prepare(listing, SURVEYOR) for listing in single]
    for a, b in combinations(records, 2):
        assert unlikely(a, b) == unlikely(b, a)
        if unlikely(a, b):
            made = compare(a, b)
            assert made.veto or made.odds <= 0


@st.composite
def alike(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with letters put in, left out, exchanged or swapped."""
    word = draw(st.text("aceghijkoqstuwyz", min_size=4, max_size=16))
    other = list(word)
    for _ in range(draw(st.integers(0, 3))):
        at, slip = draw(st.integers(0, len(other) - 1)), draw(st.integers(0, 3))
        letter = draw(st.sampled_from("aceghijkoqstuwyz"))
        other[at : at + 2 - slip % 2] = [
            [letter, *other[at : at + 2]],
            [],
            other[at : at + 2][::-1],
            [letter],
        ][slip]
        other = other or [letter]
    return word, "".join(other)


@settings(max_examples=300)
@given(alike())
def test_only_words_with_a_common_trace_are_alike(pair: tuple[str, str]) -> None:
    a, b = pair
    assert a == b or likeness(a, b) == 0 or trace(a) & trace(b)
