"""Marks that set an event apart."""

from __future__ import annotations

import pytest

from aggregator.dedupe.marks import read_marks


@pytest.mark.parametrize(
    ("title", "mark"),
    [
        ("Nagesprek bij De Grindweg", "talk"),
        ("Meet & Greet Wolkenveld", "talk"),
        ("Inleiding: De Grindweg", "introduction"),
        ("Opening tentoonstelling Rietorgels", "opening"),
        ("Vernissage Rietorgels", "opening"),
        ("Rietorgels met gids", "tour"),
        ("Theaterdiner bij Wolkenveld", "dinner"),
        ("Camping Rietfestival", "camping"),
        ("Abonnement kamermuziek", "pass"),
        ("Open repetitie Wolkenveld", "rehearsal"),
        ("Schoolvoorstelling De Grindweg", "school"),
        ("Symposium over riet", "symposium"),
    ],
)
def test_side_programme(title: str, mark: str) -> None:
    assert mark in read_marks(title, "").beside


@pytest.mark.parametrize(
    "title",
    ["Wolkenveld – De Grindweg", "Lunchconcert Wolkenveld", "Studium Generale: riet", "Openluchtspel"],
)
def test_no_side_programme(title: str) -> None:
    assert read_marks(title, "met nagesprek en diner").beside == frozenset()


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Rietgeschiedenis deel 2", {"2"}),
        ("Rietgeschiedenis, deel II", {"2"}),
        ("Pubquiz #41", {"41"}),
        ("De 12e editie van de rietloop", {"12"}),
        ("Rietkoning III: het einde", {"3"}),
        ("Wolkenveld – show 2", set()),
        ("Wolkenveld om 20 uur", set()),
    ],
)
def test_numbered_parts(title: str, parts: set[str]) -> None:
    assert read_marks(title, "").parts == parts


def test_levels_years_ages_and_notices() -> None:
    assert read_marks("Salsa voor beginners", "").levels == {"beginners"}
    assert read_marks("Salsa gevorderden", "").levels == {"advanced"}
    assert read_marks("Rietfeest 2026", "").years == read_marks("Rietfeest '26", "").years == {"2026"}
    assert read_marks("Grindweg (6+)", "").ages == {"6"}
    assert read_marks("Wolkenveld", "Ter vervanging van Grindweg").replaces
    assert read_marks("AFGELAST: Wolkenveld", "").cancelled
    assert read_marks("Wolkenveld", "Verplaatst naar de kleine zaal").moved
    assert not read_marks("Wolkenveld", "Verplaatst naar de kleine zaal").redated
    assert read_marks("Wolkenveld", "Nieuwe datum, kaarten blijven geldig").redated
    assert read_marks("Tribute to Wolkenveld", "").tribute
    assert read_marks("Besloten feest", "").private


@pytest.mark.parametrize(
    "text",
    ["Een film over het verzet.", "Muziek, oorspronkelijk uit Cuba.", "Das Konzert findet im Saal statt."],
)
def test_common_words_are_no_notice(text: str) -> None:
    marks = read_marks("Wolkenveld", text)
    assert (marks.redated, marks.replaces, marks.moved) == (False, False, False)
