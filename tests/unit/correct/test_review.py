"""What an editor is shown: weak merges, near misses, unknown venues, each with lines that settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import find_config, load_region
from aggregator.correct.book import Book, Placed
from aggregator.correct.entry import Decision
from aggregator.correct.group import DECIDED
from aggregator.dedupe import Deduper
from aggregator.dedupe.compare import compare
from aggregator.dedupe.record import prepare
from aggregator.dedupe.spot import Surveyor
from aggregator.model import Event, Link, Listing, Occurrence, Place, Ruling, Tier, Timed
from aggregator.review import doubts, near
from aggregator.unknown import unknown_venues
from aggregator.wording import load_wording

REGION = load_region(find_config(None))
DEDUPER = Deduper(REGION)
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
HALL = Place("hengelo", name="Zaal aan de Kade", place="Hengelo")


def listing(
    source: str, title: str, hour: int = 20, place: Place = HALL, day: int = 6, **more: str
) -> Listing:
    when = Occurrence(Timed(datetime(2027, 3, day, hour, tzinfo=AMSTERDAM)))
    return Listing(
        source, title, Tier.VENUE, title, (when,), place, url=f"https://{source}.nl/{title}", **more
    )


def events(*listings: Listing) -> list[Event]:
    known = {k.ref: k for k in listings}
    made = []
    for cluster in DEDUPER.cluster(listings):
        draft = DEDUPER.merge([known[ref] for ref in cluster.refs], cluster.links)
        made.append(replace(draft, uid=f"u-{cluster.refs[0].source_id}"))
    return made


A = listing("a", "Trio Wolkenveld speelt Bach")


def apart(*listings: Listing) -> list[Event]:
    """An event of each."""
    return [event for one in listings for event in events(one)]


def nearly() -> Listing:
    """A listing that is nearly the same event as A: whatever the weights are, one of these is."""
    surveyor = Surveyor(REGION)
    titles = ("Wolkenveld en gasten", "Trio met gasten", "Bach op zaterdag", "Avond met muziek", "Wolkenveld")
    places = (HALL, Place("hengelo", place="Hengelo"), Place("hengelo", name="Kroeg"), Place())
    tries = [listing("d", t, hour, p) for t in titles for hour in (15, 19, 20) for p in places]
    made = ((compare(prepare(A, surveyor), prepare(one, surveyor)), one) for one in tries)
    return next(one for c, one in made if c.veto is None and 0.12 < c.score < 0.45)


FAR = listing("c", "Goochelshow voor kinderen", 14)


def weakly(score: float, because: str = "alike titles, at the same moment, at the same venue") -> list[Event]:
    (joined,) = (e for e in events(A, replace(A, source_id="b")) if len(e.listings) == 2)
    one, two = joined.listings
    return [replace(joined, links=(Link(one, two, score, because),))]


def both() -> list[Listing]:
    return [A, replace(A, source_id="b")]


def test_a_weak_merge_is_shown_with_the_lines_that_settle_it() -> None:
    (doubt,) = doubts(REGION, weakly(0.7), both(), NOW)
    assert (doubt.merged, doubt.municipality, doubt.score) == (True, "hengelo", 0.7)
    assert doubt.file == "corrections/hengelo.yaml"
    lines = doubt.entry("split", date(2026, 11, 24), "Zelf gezien.")
    assert lines.startswith('  - split: ["a (Trio Wolkenveld speelt Bach)", "b (Trio Wolkenveld')
    facts = {"date": "2026-11-24", "role": "redactie", "reason": "Zelf gezien."}
    refs = ["a (Trio Wolkenveld speelt Bach)", "b (Trio Wolkenveld speelt Bach)"]
    decision = Decision.model_validate({"split": refs, **facts})
    book = Book(REGION, [Placed(decision, "f", 1, "hengelo", "m")])
    listings = {k.ref: k for k in both()}
    assert len(book.group(DEDUPER.cluster(both()), listings, lambda uid: ())) == 2


def test_what_is_sure_hidden_over_or_decided_is_not_asked() -> None:
    assert doubts(REGION, weakly(0.95), both(), NOW) == []
    assert doubts(REGION, [replace(e, hidden="private") for e in weakly(0.7)], both(), NOW) == []
    assert doubts(REGION, weakly(0.7), both(), datetime(2027, 5, 1, tzinfo=UTC)) == []
    assert doubts(REGION, weakly(0.7, f"{DECIDED}Zelf gezien."), both(), NOW) == []
    assert doubts(REGION, weakly(0.7), both(), NOW, "borne") == []
    assert len(doubts(REGION, weakly(0.7), both(), NOW, "hengelo")) == 1


def near_misses(made: Sequence[Event], *listings: Listing) -> list[float]:
    return [d.score for d in doubts(REGION, made, listings, NOW) if not d.merged]


def test_a_near_miss_is_shown_until_somebody_decided() -> None:
    lunch = nearly()
    made = apart(A, lunch)
    found = near_misses(made, A, lunch)
    assert len(found) == 1
    assert 0.1 <= found[0] <= 0.5
    ruling = Ruling("split", "Twee concerten.", "redactie", date(2026, 11, 24), "m")
    assert near_misses([replace(e, rulings=(ruling,)) for e in made], A, lunch) == []
    assert near_misses(apart(A, FAR), A, FAR) == []


def test_the_strongest_doubt_comes_first() -> None:
    other = [replace(k, title="Rietorgel", key=k.key + "x") for k in both()]
    weak = [*weakly(0.85), *(replace(e, uid="z", listings=tuple(k.ref for k in other)) for e in weakly(0.55))]
    weak[1] = replace(weak[1], links=(Link(other[0].ref, other[1].ref, 0.55, "alike titles"),))
    assert [d.score for d in doubts(REGION, weak, [*both(), *other], NOW) if d.merged] == [0.55, 0.85]


def test_an_event_is_told_what_looks_like_it_and_why_it_is_another() -> None:
    lunch = nearly()
    talk = listing("e", "Nagesprek Trio Wolkenveld speelt Bach", 22)
    made = apart(A, lunch, talk, FAR)
    event = made[0]
    found = near(REGION, event, made, [A, lunch, talk, FAR])
    assert FAR.title not in [n.title for n in found]
    vetoed = next(n for n in found if n.title == talk.title)
    assert vetoed.say(load_wording("nl")) == "het ene is een onderdeel naast het andere"
    assert "zekerheid" in next(n for n in found if n.title == lunch.title).say(load_wording("nl"))


def at(name: str | None, town: str = "Enter", municipality: str | None = "wierden", **more: str) -> Place:
    return Place(municipality, name=name, place=town, **more)


def test_unknown_names_by_count_with_an_entry() -> None:
    places = [
        *[at("Zaal De Zomp", address="Dorpsstraat 9", postcode="7468 AA")] * 2,
        at("zaal de zomp"),
        at("Oude Kerk: 't Zand", "Wierden"),
        *[at(name) for name in ("Grote zaal", "Diverse locaties", "Enter", None)],
        at("Café Ergens", municipality="outside"),
        replace(at("De Wiezer"), venue="de-wiezer"),
        at("Nergenshuis", "Ergens", None),
    ]
    listings = [listing(f"s{n % 2}", f"Avond {n}", place=place) for n, place in enumerate(places)]
    found = unknown_venues(REGION, listings)
    assert [(u.name, u.count, u.municipality) for u in found] == [
        ("Zaal De Zomp", 3, "wierden"),
        ("Nergenshuis", 1, None),
        ("Oude Kerk: 't Zand", 1, "wierden"),
    ]
    first, lost, church = found
    assert (first.towns, first.sources, first.file) == (("Enter",), ("s0", "s1"), "venues/wierden.yaml")
    assert first.examples[0] == ("Avond 0", "https://s0.nl/Avond 0")
    assert first.entry == (
        "  - id: zaal-de-zomp\n    name: Zaal De Zomp\n    place: Enter\n"
        '    address: Dorpsstraat 9\n    postcode: "7468 AA"\n    unverified: [address, postcode]\n'
    )
    assert 'name: "Oude Kerk: \'t Zand"' in church.entry
    assert "kind: church" in church.entry
    assert lost.file is None
    assert [u.name for u in unknown_venues(REGION, listings, "wierden")] == [first.name, church.name]


def test_another_spelling_of_a_known_venue_is_named() -> None:
    (found,) = unknown_venues(REGION, [listing("s", "Quiz", place=Place("hengelo", name="Metropol Hengelo"))])
    assert found.alike == "metropool-hengelo"
    assert found.entry.splitlines()[0].strip() == "- id: metropol-hengelo"
