"""Merges and splits that people decided, put upon the clusters that the comparison found. Pure.

A later decision goes before an earlier one that it contradicts. What people joined stays joined; of the
links between the rest the surest are kept, as far as they join nothing that people keep apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from aggregator.correct.entry import Ref
from aggregator.identity import event_uid
from aggregator.model import Cluster, Link, Listing, ListingRef
from aggregator.normalise.key import url_key
from aggregator.region import WHOLE_REGION

DECIDED = "decided: "  # before the reason of a link that a person made
Members = Callable[[str], Collection[ListingRef]]  # every listing ever of the event that a UID leads to now


@dataclass(frozen=True, slots=True)
class Wish:
    """One merge or split: the events that it names, and whether they are one; `home` is its file's."""

    refs: tuple[Ref, ...]
    together: bool
    home: str
    because: str


@dataclass(frozen=True, slots=True)
class _Bound:
    a: ListingRef
    b: ListingRef
    together: bool
    because: str


def regroup(
    clusters: Sequence[Cluster],
    listings: Mapping[ListingRef, Listing],
    wishes: Sequence[Wish],
    members: Members,
) -> list[Cluster]:
    """The clusters as people want them; `wishes` the earliest first.

    A wish of a municipality's file that would touch a listing of another one is passed over, and so
    is an address that several events have.
    """
    finder = _Finder(clusters, listings, members)
    agreed = _agreed(bound for wish in reversed(wishes) for bound in _bounds(wish, finder))
    touched = {finder.home[ref] for bound in agreed for ref in (bound.a, bound.b)}
    kept = [c for n, c in enumerate(clusters) if n not in touched]
    changed = [clusters[n] for n in sorted(touched)]
    return sorted([*kept, *_grown(changed, agreed)], key=lambda c: c.refs)


class _Finder:
    """Finds the listings that an editor names; indexes are made when they are first asked for."""

    def __init__(
        self, clusters: Sequence[Cluster], listings: Mapping[ListingRef, Listing], members: Members
    ) -> None:
        self.clusters, self.listings, self._members = clusters, listings, members
        self.home = {ref: n for n, cluster in enumerate(clusters) for ref in cluster.refs}
        self._founders: dict[str, ListingRef] | None = None
        self._pages: dict[str, list[ListingRef]] | None = None

    def find(self, ref: Ref, *, together: bool) -> tuple[ListingRef, ...]:
        """The listings that are meant, none when they are not there or in doubt.

        An event is its founding listing; when that has gone and it is to be merged, whatever is left.
        """
        if ref.listing is not None:
            return (ref.listing,) if ref.listing in self.home else ()
        if ref.uid is not None:
            founder = self._founder(ref.uid)
            if founder is not None:
                return (founder,)
            left = sorted(r for r in self._members(ref.uid) if r in self.home) if together else []
            if left:
                return tuple(left)
        found = self._at(ref.url) if ref.url else []
        return tuple(found) if len({self.home[r] for r in found}) == 1 else ()

    def _founder(self, uid: str) -> ListingRef | None:
        if self._founders is None:
            self._founders = {event_uid(ref): ref for ref in self.home}
        return self._founders.get(uid)

    def _at(self, url: str) -> list[ListingRef]:
        if self._pages is None:
            self._pages = {}
            for ref in sorted(self.home):
                if key := url_key(self.listings[ref].url):
                    self._pages.setdefault(key, []).append(ref)
        return self._pages.get(url, [])

    def at_home(self, home: str, refs: Iterable[ListingRef]) -> bool:
        """Whether all that hangs together with these listings is of a municipality, or of none."""
        if home == WHOLE_REGION:
            return True
        held = {self.home[ref] for ref in refs}
        places = {self.listings[r].place.municipality for n in held for r in self.clusters[n].refs}
        return home in places and places <= {home, None}


def _bounds(wish: Wish, finder: _Finder) -> Iterator[_Bound]:
    found = [refs for ref in wish.refs if (refs := finder.find(ref, together=wish.together))]
    if len(found) < 2 or not finder.at_home(wish.home, (r for refs in found for r in refs)):
        return
    if wish.together:
        first, *others = sorted({r for refs in found for r in refs})
        pairs = [(first, other) for other in others]
    else:
        pairs = [tuple(sorted((a, b))) for x, y in combinations(found, 2) for a in x for b in y]  # type: ignore
    for a, b in pairs:
        if a != b:
            yield _Bound(a, b, wish.together, wish.because)


class _Groups:
    """Listings joined step by step, and which of them must stay apart."""

    def __init__(self) -> None:
        self._of: dict[ListingRef, set[ListingRef]] = {}
        self._apart: list[tuple[ListingRef, ListingRef]] = []

    def of(self, ref: ListingRef) -> set[ListingRef]:
        """All that is joined with a listing."""
        return self._of.setdefault(ref, {ref})

    def may_join(self, a: ListingRef, b: ListingRef) -> bool:
        """Whether two groups are not one yet and nothing keeps them apart."""
        left, right = self.of(a), self.of(b)
        return left is not right and not any(
            (x in left and y in right) or (x in right and y in left) for x, y in self._apart
        )

    def join(self, a: ListingRef, b: ListingRef) -> None:
        """Make the groups of two listings one."""
        left, right = self.of(a), self.of(b)
        if left is not right:
            left |= right
            self._of.update(dict.fromkeys(right, left))

    def part(self, a: ListingRef, b: ListingRef) -> None:
        """Keep two listings apart from now on."""
        self._apart.append((a, b))


def _agreed(bounds: Iterable[_Bound]) -> list[_Bound]:
    """The bounds that contradict none before them."""
    groups, agreed = _Groups(), []
    for bound in bounds:
        one = groups.of(bound.a) is groups.of(bound.b)
        if bound.together and (one or groups.may_join(bound.a, bound.b)):
            groups.join(bound.a, bound.b)
        elif not bound.together and not one:
            groups.part(bound.a, bound.b)
        else:
            continue
        agreed.append(bound)
    return agreed


def _grown(clusters: Sequence[Cluster], agreed: Sequence[_Bound]) -> list[Cluster]:
    """The clusters grown again: first what people joined, then the surest links that are allowed."""
    groups = _Groups()
    for bound in agreed:
        if not bound.together:
            groups.part(bound.a, bound.b)
    decided = [Link(b.a, b.b, 1.0, DECIDED + b.because) for b in agreed if b.together]
    found = sorted((k for c in clusters for k in c.links), key=lambda k: (-k.score, k.a, k.b))
    links = []
    for link in (*decided, *found):
        if groups.may_join(link.a, link.b):
            groups.join(link.a, link.b)
            links.append(link)
    made: dict[int, set[ListingRef]] = {}
    for ref in (r for c in clusters for r in c.refs):
        made[id(groups.of(ref))] = groups.of(ref)
    links.sort(key=lambda k: (k.a, k.b))
    return [Cluster(tuple(sorted(refs)), tuple(k for k in links if k.a in refs)) for refs in made.values()]
