"""A combination looks at few dates, and takes the same as one that looks at all."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from feeds.choice import Choice
from feeds.combine import candidates
from feeds.pieces import Pieces, assemble_calendar
from feeds.select import Agenda
from feeds.urls import REGION
from tests.unit.feeds.feeds_world import INFO, TODAY, voice, world

AGENDA = Agenda(world(), INFO, TODAY)


def some(names: list[str]) -> list[frozenset[str]]:
    """Every choice of at most two of these, none too."""
    return list(map(frozenset, chain.from_iterable(combinations(names, n) for n in range(3))))


@pytest.mark.parametrize("venues", some(list(INFO.venues)))
@pytest.mark.parametrize("municipalities", some(list(INFO.municipalities)))
def test_candidates_hold_all_of_a_choice_in_order(
    municipalities: frozenset[str], venues: frozenset[str]
) -> None:
    for pillars in some(list(INFO.pillars)):
        choice = Choice(municipalities, pillars, venues)
        expected = [s for s in AGENDA.showings(REGION) if choice.takes(s)]
        assert [s for s in candidates(AGENDA, choice) if choice.takes(s)] == expected


def test_what_stayed_the_same_is_not_rendered_again() -> None:
    pieces, first, later = Pieces(), Agenda(world(), INFO, TODAY), Agenda(world()[1:], INFO, TODAY)
    before = assemble_calendar(first, REGION, voice(), pieces)
    made = pieces.rendered
    pieces.drop_unused(later.events.values())
    after = assemble_calendar(later, REGION, voice(), pieces)
    assert (pieces.rendered, len(after) < len(before)) == (made, True)
    assert after == assemble_calendar(later, REGION, voice(), Pieces())
