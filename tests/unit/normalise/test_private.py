"""Private hire is never shown."""

import pytest

from aggregator.normalise.private import read_private

PRIVATE = [
    ("Besloten feestje", None),
    ("Besloten Kerstborrel (tot 19.00uur)", None),
    ("Bedrijfsfeest (besloten)", None),
    ("Café dicht wegens besloten partij", None),
    ("Private party", None),
    ("Geschlossene Gesellschaft", None),
    ("Verhuur", None),
    ("Jubileum", "Dit is een besloten bijeenkomst voor leden."),
    ("Personeelsavond", "Alleen op uitnodiging."),
]
PUBLIC = [
    ("Besloten Land", "Toneel over een grens."),
    ("Feestje", "Iedereen is welkom."),
    ("Private Dancer", "Een avond vol soul."),
    ("De zaal", "Boven is een besloten tuin."),
]


@pytest.mark.parametrize(("title", "description"), PRIVATE)
def test_private(title: str, description: str | None) -> None:
    assert read_private(title, description)


@pytest.mark.parametrize(("title", "description"), PUBLIC)
def test_public(title: str, description: str | None) -> None:
    assert read_private(title, description) is None


def test_kind_says_it() -> None:
    assert read_private("Borrel", None, ("Muziek", "Besloten")) == "Besloten"
