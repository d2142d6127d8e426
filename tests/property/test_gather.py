"""Comparing only what changed gives what comparing everything gives: after news, changes and removals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import find_config, load_region
from aggregator.dedupe import Deduper
from aggregator.dedupe.block import pairs
from aggregator.dedupe.compare import compare
from aggregator.dedupe.record import prepare
from aggregator.dedupe.spot import Surveyor
from aggregator.dedupe.veto import two_houses
from aggregator.gather import gather
from aggregator.model import (
    AllDay,
    Cluster,
    Kin,
    Listing,
    ListingRef,
    Occurrence,
    Outline,
    Place,
    State,
    StoredListing,
    Tier,
    Timed,
)
from aggregator.rooms import Rooms
from aggregator.store.protocol import Store

REGION = load_region(find_config(None))
DEDUPER, SURVEYOR = Deduper(REGION), Surveyor(REGION)
NOW = datetime(2027, 1, 1, tzinfo=UTC)
DAY = date(2027, 3, 6)
TITLES = (
    *(
        "Trio Wolkenveld",
        "Rietorgel",
        "Trio Wolkenveld + Rietorgel",
        "De Grindweg",
        "Taalcafé",
        "Kerstconcert",
    ),
    *("Open Podium De Cactus", "Open Podium", "Verzet: Rietorgel", "Hengelo, Metropool", "Opening Rietorgel"),
)
PLACES = (
    Place(),
    Place("hengelo", "metropool-hengelo", "Metropool", place="Hengelo"),
    Place("hengelo", "metropool-hengelo", "Metropool", "Jupiler Stage", place="Hengelo"),
    Place("hengelo", place="Hengelo"),
    Place("hengelo", name="Wijkcentrum Riet", place="Hengelo"),
    Place("enschede", "wilminktheater", "Wilminktheater", place="Enschede"),
    Place(name="Wilminktheater"),
    Place("outside", place="Zwolle"),
)


class Memory:
    """The part of a store that gathering uses."""

    def __init__(self) -> None:
        self.rows: dict[ListingRef, StoredListing] = {}
        self.code = ""
        self.known: dict[ListingRef, Kin] = {}
        self.found: dict[str, Sequence[Cluster]] = {}
        self.lies: dict[ListingRef, Sequence[int]] = {}
        self.marks: set[ListingRef] = set()
        self.read = 0

    def put(self, listing: Listing, state: State = State.LIVE) -> None:
        self.marks.add(listing.ref)
        self.rows[listing.ref] = StoredListing(listing, state, NOW, NOW, NOW, 0, listing.content_hash)

    def listings(self) -> Iterator[StoredListing]:
        return iter([self.rows[ref] for ref in sorted(self.rows)])

    def outlines(self, refs: Collection[ListingRef] | None = None) -> dict[ListingRef, Outline]:
        some = self.rows if refs is None else [ref for ref in refs if ref in self.rows]
        return {ref: Outline(s.state, s.first_seen, s.content_hash) for ref in some for s in [self.rows[ref]]}

    def some_listings(self, refs: Collection[ListingRef]) -> Iterator[StoredListing]:
        self.read += len(refs)
        return iter([self.rows[ref] for ref in sorted(refs) if ref in self.rows])

    def marked(self) -> set[ListingRef]:
        return set(self.marks)

    def compared(self, code: str) -> int:
        return len(self.known) if self.code == code else 0

    def kin(self, refs: Collection[ListingRef]) -> Mapping[ListingRef, Kin]:
        return {ref: self.known[ref] for ref in refs if ref in self.known}

    def held_by(self, parts: Collection[str]) -> Mapping[ListingRef, Kin]:
        return {ref: kin for ref, kin in self.known.items() if kin.part in parts}

    def parts(self, names: Collection[str] | None = None) -> Iterator[Sequence[Cluster]]:
        return iter([part for name, part in self.found.items() if names is None or name in names])

    def memberships(self, **_: Any) -> dict[ListingRef, str]:
        return {}

    def bases(self, uids: Any = None) -> dict[str, str]:
        return {}

    def aliases(self, uids: Any) -> dict[str, str]:
        return {}

    def filed(self, blocks: Collection[int]) -> set[ListingRef]:
        return {ref for ref, lies in self.lies.items() if not set(lies).isdisjoint(blocks)}

    def save_kin(
        self,
        parts: Any,
        hashes: Mapping[ListingRef, str],
        blocks: Mapping[ListingRef, Sequence[int]],
        code: str,
        *,
        dropped: Collection[str] | None = None,
    ) -> None:
        self.code = code
        self.marks |= self.known.keys() if dropped is None else self.held_by(dropped).keys()
        for ref in [r for r, kin in self.known.items() if dropped is None or kin.part in dropped]:
            del self.known[ref], self.lies[ref]
        self.found = {n: p for n, p in self.found.items() if dropped is not None and n not in dropped}
        for part in parts:
            name = str(min(one.refs[0] for one in part))
            self.found[name] = part
            for ref in (ref for one in part for ref in one.refs):
                assert ref not in self.known
                self.known[ref], self.lies[ref] = Kin(name, hashes[ref]), blocks[ref]


def rooms() -> Rooms:
    return Rooms(cast(Any, None), DEDUPER.cluster, cast(Any, None), cast(Any, None), None, DEDUPER)


@st.composite
def moments(draw: st.DrawFn) -> Occurrence:
    day = DAY + timedelta(days=draw(st.sampled_from([0, 0, 1, 7, 70, 140])))
    form = draw(st.integers(0, 5))
    if form < 2:
        return Occurrence(AllDay(day, day + timedelta(days=9) if form else None))
    hour = draw(st.sampled_from([14, 19, 20, 20]))
    return Occurrence(Timed(datetime(day.year, day.month, day.day, hour, tzinfo=AMSTERDAM)))


@st.composite
def listings(draw: st.DrawFn) -> Listing:
    return Listing(
        draw(st.sampled_from("abcd")),
        f"k{draw(st.integers(0, 9))}",
        Tier.VENUE,
        draw(st.sampled_from(TITLES)),
        tuple(draw(st.lists(moments(), min_size=1, max_size=2))),
        draw(st.sampled_from(PLACES)),
        description=draw(st.sampled_from([None, "Van Trio Wolkenveld.", "Nieuwe datum!", "In Metropool."])),
    )


STEPS = st.lists(st.lists(listings(), max_size=3), max_size=4)


@settings(max_examples=30)
@given(st.lists(listings(), min_size=12, max_size=24), STEPS, st.randoms(use_true_random=False))
def test_what_changed_alone_gives_the_whole(week: list[Listing], steps: Any, chance: Any) -> None:
    store = Memory()
    for listing in week:
        store.put(listing)
    for step in [[], *steps]:
        for listing in step:
            store.put(listing)
        if step and chance.random() < 0.5:
            gone = chance.choice(sorted(store.rows))
            store.put(store.rows[gone].listing, State.WITHDRAWN)
        present = [s.listing for s in store.listings() if s.state is State.LIVE]
        marked = store.marked()
        near = found(store)
        whole = DEDUPER.cluster(present)
        assert sorted(chain.from_iterable(store.parts()), key=lambda c: c.refs) == whole
        concerned = [c for c in whole if not marked.isdisjoint(c.refs)]
        assert all(c in near for c in concerned)
        assert all(c in whole for c in near)
        again = found(store)  # broken off here, it is done again
        assert all(c in again for c in near)
        store.marks.clear()
        assert found(store) == []
        assert found(store, whole=True) == whole


def found(store: Memory, *, whole: bool = False) -> list[Cluster]:
    return gather(cast(Store, store), rooms(), "1", whole=whole).clusters


@settings(max_examples=40)
@given(st.lists(listings(), max_size=14, unique_by=lambda k: k.ref))
def test_parts_know_nothing_of_each_other(week: list[Listing]) -> None:
    known = {k.ref: k for k in week}
    parts = list(DEDUPER.parts(week))
    assert sorted(c.refs for part in parts for c in part) == [c.refs for c in DEDUPER.cluster(week)]
    for part in parts:
        own = [known[ref] for one in part for ref in one.refs]
        assert sorted(DEDUPER.cluster(own), key=lambda c: c.refs) == sorted(part, key=lambda c: c.refs)


@settings(max_examples=60)
@given(listings(), listings())
def test_an_index_finds_whoever_is_compared(a: Listing, b: Listing) -> None:
    """Both ways: the blocks that the one asks for are those in which the other lies."""
    records = [prepare(replace(k, key=str(n)), SURVEYOR) for n, k in enumerate((a, b))]
    towns = {r.spot.municipality for r in records} - {None}
    met = len(towns) < 2 and bool(list(pairs(records)))
    assert (not set(DEDUPER.asked(a)).isdisjoint(DEDUPER.filed(b))) == met
    assert (not set(DEDUPER.asked(b)).isdisjoint(DEDUPER.filed(a))) == met


@settings(max_examples=60)
@given(listings(), listings())
def test_what_is_passed_over_at_a_glance_is_vetoed(a: Listing, b: Listing) -> None:
    x, y = prepare(a, SURVEYOR), prepare(b, SURVEYOR)
    assert two_houses(x, y) == two_houses(y, x)
    if two_houses(x, y):
        assert compare(x, y).veto


def test_news_reads_its_neighbours_only() -> None:
    when = Occurrence(Timed(datetime(2027, 3, 6, 20, tzinfo=AMSTERDAM)))
    store = Memory()
    for n in range(60):
        later = Occurrence(Timed(when.when.start + timedelta(days=n)))  # type: ignore[union-attr]
        store.put(Listing("a", f"{n}", Tier.VENUE, f"Rietorgel{n}", (later,), PLACES[1]))
    found(store)
    store.marks.clear()
    store.put(Listing("b", "new", Tier.REGIONAL, "Rietorgel0", (when,), PLACES[1]))
    near = [c.refs for c in found(store)]
    assert near == [(ListingRef("a", "0"), ListingRef("b", "new"))]
    assert store.read <= 4
