"""What decisions do to clusters and events, and what is told of those that do nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.correct.book import Book, Placed
from aggregator.correct.entry import Decision
from aggregator.correct.group import DECIDED
from aggregator.correct.report import report
from aggregator.identity import event_uid
from aggregator.model import (
    Cluster,
    Event,
    EventOccurrence,
    Evidence,
    Link,
    Listing,
    ListingRef,
    Occurrence,
    Place,
    Status,
    Tier,
    Timed,
)

REGION = load_region(find_config(None))
A, B, C, D = (ListingRef("s", key) for key in "abcd")
WHEN = datetime(2026, 12, 5, 19, tzinfo=UTC)
EVENT = Event(
    event_uid(A),
    "Koorconcert",
    (EventOccurrence("", Occurrence(Timed(WHEN), Status.CANCELLED, url="https://x.nl/kaart")),),
    Place("hengelo", "metropool-hengelo", "Metropool", "Zaal 2", postcode="7551 AA", because="postcode"),
    (A,),
    url="https://kerk.example/7",
    image="https://x.nl/i.jpg",
    image_credit="x",
    evidence={"title": Evidence(A, ((B, "Concert"),)), "image": Evidence(A)},
)


def placed(number: int = 1, home: str = "hengelo", **deed: Any) -> Placed:
    facts = {"date": f"2026-11-{number:02}", "role": "redactie", "reason": "Zelf gezien."}
    decision = Decision.model_validate({**facts, **deed})
    return Placed(decision, f"corrections/{home}.yaml", number, home, f"m{number}")


def listing(ref: ListingRef, url: str | None = None, town: str | None = "hengelo") -> Listing:
    return Listing(
        ref.source_id, ref.key, Tier.VENUE, "Quiz", (Occurrence(Timed(WHEN)),), Place(town), url=url
    )


def regrouped(
    clusters: Sequence[Cluster], *decisions: Placed, urls: dict[ListingRef, str] | None = None
) -> list[Cluster]:
    listings = {ref: listing(ref, (urls or {}).get(ref)) for c in clusters for ref in c.refs}

    def members(uid: str) -> Collection[ListingRef]:
        return [A, B] if uid == event_uid(D) else []

    return Book(REGION, decisions).group(clusters, listings, members)


CHAIN = Cluster((A, B, C), (Link(A, B, 0.9, "one"), Link(B, C, 0.6, "two")))
ALONE = [Cluster((ref,)) for ref in (A, B, C)]


def test_a_split_cuts_the_weakest_link_between() -> None:
    found = regrouped([CHAIN], placed(split=["s (a)", "s (c)"]))
    assert [c.refs for c in found] == [(A, B), (C,)]
    assert found[0].links == (CHAIN.links[0],)


def test_a_merge_is_a_link_with_its_reason() -> None:
    (found, rest) = regrouped(ALONE, placed(merge=["s (a)", event_uid(C)]))
    assert (found.refs, rest.refs) == ((A, C), (B,))
    assert found.links == (Link(A, C, 1.0, f"{DECIDED}Zelf gezien. (redactie, 2026-11-01)"),)


def test_what_was_merged_stays_so_when_a_later_split_cuts_elsewhere() -> None:
    decisions = placed(1, merge=["s (a)", "s (c)"]), placed(2, split=["s (a)", "s (b)"])
    assert [c.refs for c in regrouped([CHAIN], *decisions)] == [(A, C), (B,)]


def test_an_event_whose_founder_is_gone_is_what_is_left_of_it() -> None:
    found = regrouped(ALONE, placed(merge=[event_uid(D), "s (c)"]))
    assert [c.refs for c in found] == [(A, B, C)]
    assert regrouped([CHAIN], placed(split=[event_uid(D), "s (c)"])) == [CHAIN]


def test_an_address_of_several_events_names_none_of_them() -> None:
    page = "https://www.x.example/agenda/"
    merge = placed(merge=[page, "s (c)"])
    assert regrouped(ALONE, merge, urls={A: page, B: page}) == ALONE
    assert [c.refs for c in regrouped(ALONE, merge, urls={A: page})] == [(A, C), (B,)]
    events = [replace(EVENT, uid=str(n), listings=(ref,), url=page) for n, ref in enumerate((A, B))]
    events.append(replace(EVENT, uid="c", listings=(C,)))
    (line,) = report(Book(REGION, [merge]), events)
    assert line.endswith(f"is not carried out: {page} names 2 events; name a listing instead")


def test_an_overruled_decision_is_told() -> None:
    decisions = [placed(1, merge=["s (a)", "s (b)"]), placed(2, split=["s (a)", "s (b)"])]
    events = [replace(EVENT, uid=str(n), listings=(ref,)) for n, ref in enumerate((A, B))]
    (line,) = report(Book(REGION, decisions), events)
    assert "a later decision says otherwise" in line


ABOUT = {"about": {"listing": "s (a)"}}


@pytest.mark.parametrize(
    ("values", "field", "wanted"),
    [
        ({"title": "Kerstconcert"}, "title", "Kerstconcert"),
        ({"performers": "A, B"}, "performers", ("A", "B")),
        ({"ticket_url": "https://x.nl/t"}, "ticket_url", "https://x.nl/t"),
        ({"status": "sold-out"}, "status", Status.SOLD_OUT),
        ({"hall": "Kelder"}, "place", replace(EVENT.place, hall="Kelder", because="correction")),
        (
            {"municipality": "outside"},
            "place",
            Place("outside", None, "Metropool", "Zaal 2", because="correction"),
        ),
    ],
)
def test_a_field_is_corrected(values: dict[str, str], field: str, wanted: object) -> None:
    event = Book(REGION, [placed(**ABOUT, correct=values)]).correct(EVENT)
    assert getattr(event, field) == wanted
    assert event.evidence[field].chosen == ListingRef("correction", "Zelf gezien. (redactie, 2026-11-01)")
    assert [(r.kind, r.role, r.mark) for r in event.rulings] == [("correct", "redactie", "m1")]


def test_the_sources_words_are_kept_beside_the_correction() -> None:
    event = Book(REGION, [placed(**ABOUT, correct={"title": "Kerstconcert"})]).correct(EVENT)
    assert event.evidence["title"].losers == ((A, "Koorconcert"), (B, "Concert"))


def test_a_venue_brings_its_place() -> None:
    event = Book(REGION, [placed(**ABOUT, correct={"venue": "schouwburg-hengelo"})]).correct(EVENT)
    venue = REGION.venues["schouwburg-hengelo"]
    place = event.place
    assert (place.venue, place.name, place.address, place.hall) == (venue.id, venue.name, venue.address, None)


def test_times_replace_all_and_a_known_one_keeps_what_was_said_of_it() -> None:
    times = ["2026-12-06T15:00", "2026-12-05T20:00/22:00"]
    event = Book(REGION, [placed(**ABOUT, correct={"times": times})]).correct(EVENT)
    first, second = (o.occurrence for o in event.occurrences)
    assert (first.url, first.status, first.when.end is not None) == (
        "https://x.nl/kaart",
        Status.CANCELLED,
        True,
    )
    assert (second.url, second.status) == (None, Status.CANCELLED)
    open_again = Book(REGION, [placed(**ABOUT, correct={"status": "scheduled"})]).correct(EVENT)
    assert {o.occurrence.status for o in open_again.occurrences} == {Status.SCHEDULED}
    assert "occurrences" not in open_again.evidence


def test_fields_are_left_out() -> None:
    event = Book(REGION, [placed(**ABOUT, without=["image"], feature=True)]).correct(EVENT)
    assert (event.image, event.image_credit, "image" in event.evidence) == (None, None, False)
    assert event.featured
    assert {r.kind for r in event.rulings} == {"without", "feature"}


def test_who_is_meant_by_a_corrected_title_is_still_known() -> None:
    book = Book(REGION, [placed(about={"title": "Koorconcert"}, correct={"title": "Kerstconcert"})])
    event = book.correct(EVENT)
    assert report(book, [event]) == []
    assert [p.mark for p in book.of(event)] == ["m1"]


def test_an_old_uid_still_names_the_event() -> None:
    book = Book(REGION, [placed(about={"uid": event_uid(B)}, feature=True)])
    assert book.correct(replace(EVENT, listings=(A, B))).featured
    assert book.correct(replace(EVENT, aliases=(event_uid(B),))).featured
    assert not book.correct(EVENT).featured


def test_a_file_may_claim_an_event_of_which_nobody_knows_the_municipality() -> None:
    lost = replace(EVENT, place=Place(name="Zaal"))
    claim = placed(**ABOUT, correct={"municipality": "hengelo"})
    assert Book(REGION, [claim]).correct(lost).place.municipality == "hengelo"
    assert not Book(REGION, [placed(**ABOUT, feature=True)]).correct(lost).featured


def test_what_an_entry_of_another_file_is_about_is_told() -> None:
    book = Book(REGION, [placed(home="borne", **ABOUT, feature=True)])
    (line,) = report(book, [EVENT])
    assert line == (
        "corrections/borne.yaml:1: the decision of 2026-11-01 on s (a) is about no event; "
        "such an event is in hengelo; check it or take it out"
    )


def test_a_correction_of_several_events_is_told() -> None:
    book = Book(REGION, [placed(about={"title": "koorconcert"}, correct={"hall": "Kelder"})])
    (line,) = report(book, [EVENT, replace(EVENT, uid="2", listings=(B,))])
    assert line.endswith("is about 2 events; add on: or name a listing: if one is meant")


def test_marks_and_digest_tell_which_decisions_hold() -> None:
    ending = placed(2, **ABOUT, feature=True, until="2026-12-01")
    book = Book(REGION, [placed(1, **ABOUT, hide=True), ending], date(2026, 12, 1))
    assert book.marks == ("m1",)
    before = Book(REGION, [placed(1, **ABOUT, hide=True), ending], date(2026, 11, 30))
    assert before.marks == ("m1", "m2")
    assert len({book.digest, before.digest, Book(REGION, []).digest}) == 3
    with book.as_of(("m2",)):
        assert (book.marks, book.correct(EVENT).featured) == (("m2",), True)
    assert (book.marks, book.correct(EVENT).featured) == (("m1",), False)
