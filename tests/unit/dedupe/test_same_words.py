"""What words tell, how forgiving they are compared, and what two titles share."""

from __future__ import annotations

import pytest

from aggregator.dedupe.words import Title, Word, fold, likeness, overlap, read_title, sound, split, weigh


def words(text: str) -> Title:
    return read_title(tuple(Word(w, weigh(w)) for w in split(text) if weigh(w)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café Ørsted – ’t Hoekje", "cafe orsted – 't hoekje"),
        ("ZÜRICH", "zurich"),
        ("Straße", "strasse"),
    ],
)
def test_folding_keeps_letters_and_drops_accents(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_other_languages_and_roman_numbers_read_as_one() -> None:
    assert split("Christmas Concert II") == split("Kerst Concert 2")


@pytest.mark.parametrize(
    ("word", "least", "most"),
    [
        ("de", 0, 0),
        ("uitverkocht", 0, 0),
        ("zaterdag", 0, 0),
        ("2027", 0, 0),
        ("concert", 0.1, 0.49),
        ("kerstmarkt", 0.1, 0.49),
        ("spelletjesmiddag", 0.1, 0.5),  # a compound of two words that tell little
        ("fluisterboom", 1, 1.5),
        ("ooi", 0.5, 0.9),
    ],
)
def test_a_word_tells_more_the_rarer_its_kind(word: str, least: float, most: float) -> None:
    assert least <= weigh(word) <= most


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("prokofiev", "prokofjev"),
        ("schostakovitsj", "sjostakovitsj"),
        ("molenwiek", "molnewiek"),
        ("harpconcert", "harp"),
        ("fotografie", "photografie"),
        ("wandelingen", "wandeling"),
        ("haven", "ahven"),  # one slip in five letters: just alike
    ],
)
def test_spellings_and_slips_are_alike(a: str, b: str) -> None:
    assert likeness(a, b) == likeness(b, a) >= 0.6


@pytest.mark.parametrize(
    ("a", "b"), [("bas", "bassist"), ("tango", "mango"), ("12", "123"), ("harp", "hart"), ("oud", "oudejaar")]
)
def test_short_or_other_words_are_not(a: str, b: str) -> None:
    assert likeness(a, b) == 0


def test_a_word_sounds_as_it_is_spelled_in_three_languages() -> None:
    assert sound("rachmaninov") == sound("rachmaninow")


def test_titles_share_words_in_any_order() -> None:
    there = overlap(words("Trio Wolkenveld speelt De Grindweg"), words("De Grindweg – Trio Wolkenveld"))
    assert there.most == there.least == 1
    assert there.rival == 0


def test_a_title_within_a_longer_one_shares_all_of_the_shorter() -> None:
    both = overlap(words("Wolkenveld"), words("Wolkenveld + Grindweg + Rietorgel"))
    assert both.most == 1
    assert both.least < 0.5
    assert both.named == 0


def test_rivals_are_what_each_names_alone() -> None:
    both = overlap(words("Workshop mandoline"), words("Workshop trombone"))
    assert both.named >= 1
    assert both.shared < 0.5


def test_no_words_share_nothing() -> None:
    assert overlap(words(""), words("Wolkenveld")).shared == 0
