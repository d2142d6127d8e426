"""What a store remembers of the comparison of listings: as given, in place of what is dropped."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.model import Cluster, Kin, Link, ListingRef
from aggregator.store import Store

A, B, C = (ListingRef("a", "1"), ListingRef("b", "http://b.example/é"), ListingRef("b", "2"))
JOINED = (Cluster((A, B), (Link(A, B, 0.98, "the same title"),)),)
ALONE = (Cluster((C,), ()),)
HASHES = {A: "ha", B: "hb", C: "hc"}
BLOCKS = {A: [1, 2**62], B: [2**62], C: [3]}


def names(store: Store) -> dict[ListingRef, str]:
    return {ref: kin.part for ref, kin in known(store).items()}


def known(store: Store) -> Mapping[ListingRef, Kin]:
    return store.kin([A, B, C])


def test_as_given(store: Store) -> None:
    assert known(store) == {}
    assert store.compared("rules") == 0
    store.save_kin([JOINED, ALONE], HASHES, BLOCKS, "rules")
    assert set(store.parts()) == {JOINED, ALONE}
    assert {ref: kin.content_hash for ref, kin in known(store).items()} == HASHES
    assert names(store)[A] == names(store)[B] != names(store)[C]
    assert set(store.kin([A])) == {A}
    assert (store.compared("rules"), store.compared("other rules")) == (3, 0)
    assert set(store.held_by([names(store)[A]])) == {A, B}
    assert list(store.parts([names(store)[C], "?"])) == [ALONE]
    assert store.marked() == set()
    assert store.filed([2**62, 7]) == {A, B}
    assert store.filed([]) == set()


def test_in_place_of_what_is_dropped(store: Store) -> None:
    store.save_kin([JOINED, ALONE], HASHES, BLOCKS, "rules")
    parted = (Cluster((A,), ()),)
    store.save_kin([parted], {A: "new"}, {A: [5]}, "rules", dropped={names(store)[A]})
    assert set(store.parts()) == {parted, ALONE}
    assert store.marked() == {A, B}  # if the work ends here, what they were part of still waits
    assert known(store)[A] == Kin(names(store)[A], "new")
    assert B not in known(store)
    assert (store.filed([2**62]), store.filed([5, 3])) == (set(), {A, C})
    store.save_kin([ALONE], HASHES, BLOCKS, "rules")
    assert list(store.parts()) == [ALONE]
    assert set(known(store)) == store.filed([1, 2**62, 3, 5]) == {C}


def test_who_stays_as_it_was_lies_where_it_lay(store: Store) -> None:
    """Of a part made anew only what is new says where it lies; who is in no part any more lies nowhere."""
    store.save_kin([JOINED, ALONE], HASHES, BLOCKS, "rules")
    whole = (Cluster((A, C), ()),)
    anew = {C: [8]}
    store.save_kin([whole], HASHES | {C: "new"}, anew, "rules", dropped=set(names(store).values()))
    assert names(store)[A] == names(store)[C]
    assert (store.filed([1]), store.filed([3]), store.filed([8])) == ({A}, set(), {C})
    assert B not in known(store)
    store.save_kin([ALONE, (Cluster((B,), ()),)], HASHES, BLOCKS, "rules", dropped={names(store)[A]})
    assert (store.filed([2**62]), store.filed([8])) == ({B}, set())
