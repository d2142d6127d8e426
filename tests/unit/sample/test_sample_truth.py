"""The truth agrees with the programme and with itself."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from crawlers.sample.change import Change, change_programme
from crawlers.sample.model import Programme
from crawlers.sample.programme import make_programme
from crawlers.sample.truth import REASONS, Truth, truth

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def programme() -> Programme:
    return make_programme(TODAY)


@pytest.fixture(scope="module")
def known(programme: Programme) -> Truth:
    return truth(programme)


def test_every_entry_is_a_listing_of_its_event(programme: Programme, known: Truth) -> None:
    assert len(known.listings) == len(programme.entries)
    for entry in programme.entries:
        assert known.event_of[(entry.source, programme.address(entry))] == entry.event


def test_ids_of_a_site_are_of_one_event_each(known: Truth) -> None:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in known.listings:
        if row.key is not None:
            owners[(row.source, row.key)].add(row.event)
    assert owners
    assert {key: events for key, events in owners.items() if len(events) > 1} == {}


def test_shown_and_hidden_are_everything(programme: Programme, known: Truth) -> None:
    assert len(known.shown) + len(known.hidden) == len(known.events)
    assert {e.hidden for e in known.hidden} <= set(REASONS)
    assert all(any(row.readable for row in e.listings) for e in known.shown)


def test_every_shown_time_is_told_by_some_site_unless_an_agenda_cut_the_series(known: Truth) -> None:
    for event in known.shown:
        told = [o.listed for o in event.occurrences]
        assert any(told), event.id
        assert told == sorted(told, reverse=True), event.id  # what is left out is at the end


def test_what_a_forbidden_site_alone_tells_is_hidden(known: Truth) -> None:
    alone = [
        e for e in known.events.values() if {row.source for row in e.listings} == {"bibliotheek-rijssen"}
    ]
    assert alone
    assert {e.hidden for e in alone} == {"robots"}


def test_what_an_agenda_also_tells_is_shown(known: Truth) -> None:
    for event in known.shown:
        sources = {row.source for row in event.listings}
        if "bibliotheek-rijssen" in sources:
            assert len(sources) > 1
            break
    else:
        pytest.fail("no event of the forbidden library stands on an agenda")


def test_an_outage_hides_what_only_that_site_tells(programme: Programme, known: Truth) -> None:
    without = truth(programme, {"cultuurhuis-de-steekproef": "server-error"})
    gone = {e.id for e in known.shown} - {e.id for e in without.shown}
    assert gone
    for name in gone:
        assert {row.source for row in known.events[name].listings} == {"cultuurhuis-de-steekproef"}
        assert without.events[name].hidden == "server-error"


def test_cancelled_at_the_house_is_told_though_an_agenda_is_late(known: Truth) -> None:
    event = known.events["afgelast"]
    assert (event.status.value, event.status_told, event.hidden) == ("cancelled", True, None)


def test_a_moved_event_has_its_new_time_only(programme: Programme, known: Truth) -> None:
    event = known.events["verplaatst-datum"]
    (occurrence,) = event.occurrences
    assert occurrence.previous is not None
    assert occurrence.previous < occurrence.start
    assert {row.source: row.stale for row in event.listings} == {
        "muziekhuis-de-soundcheck": False,
        "agenda-oldenzaal": True,
    }


def test_the_true_start_is_told_by_some_site(programme: Programme, known: Truth) -> None:
    """A doors time in place of the start is only printed beside a site that prints the start."""
    for event in known.shown:
        rows = [row for row in event.listings if row.readable and not row.stale]
        assert any(not row.doors for row in rows), event.id
    assert any(row.doors for row in known.listings)


def test_the_same_title_and_minute_in_two_towns_are_two_events(known: Truth) -> None:
    here, there = known.events["quiz-hengelo"], known.events["quiz-geesteren"]
    assert here.title == there.title
    assert here.occurrences[0].start == there.occurrences[0].start
    assert here.municipality != there.municipality


@pytest.mark.parametrize("kind", ["retitle", "cancel", "sell-out", "move", "drop", "add"])
def test_changes_touch_one_site_only(programme: Programme, kind: str) -> None:
    entry = next(e for e in programme.by_source["poppodium-testbeeld"] if not e.first.stay)
    change = Change(kind, "poppodium-testbeeld", entry.path, "Een nieuwe naam", 7)  # type: ignore[arg-type]
    changed = change_programme(programme, change)
    differing = {name for name in programme.sources if changed.by_source[name] != programme.by_source[name]}
    assert differing == {"poppodium-testbeeld"}
    assert len(changed.entries) - len(programme.entries) == {"drop": -1, "add": 1}.get(kind, 0)
    assert set(truth(changed).events) >= {e.event for e in changed.entries}
