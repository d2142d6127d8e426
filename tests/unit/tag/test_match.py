"""Finding patterns with their borders."""

import pytest

from aggregator.tag.match import Matcher, fold, spell_out

FOUND = [
    ("koor", "Het koor zingt", ["koor"]),
    ("koor", "De koorleden zingen", []),
    ("koor*", "De koorleden zingen", ["koorleden"]),
    ("*concert*", "Twee kerstconcerten", ["kerstconcerten"]),
    ("*concert", "Twee kerstconcerten", []),
    ("repair cafe*", "Repair Café's", ["Repair Café"]),
    ("repair cafe*", "REPAIR-CAFÉ", ["REPAIR-CAFÉ"]),
    ("open huis", "Het is open. Huis te koop.", []),
    ("opera's", "Drie opera’s", ["opera’s"]),
    ("3d print*", "3D-printen", ["3D-printen"]),
    ("r b", "R&B", ["R&B"]),
    ("kinderen", "KINDEREN!", ["KINDEREN"]),
]


@pytest.mark.parametrize(("pattern", "text", "words"), FOUND)
def test_find(pattern: str, text: str, words: list[str]) -> None:
    hits = Matcher([(7, pattern)]).find(fold(text))
    assert [text[h.start : h.end] for h in hits] == words
    assert all(h.owner == 7 for h in hits)


def test_several_owners_of_one_word() -> None:
    hits = Matcher([(1, "band"), (2, "band*"), (3, "lopende band")]).find(fold("aan de lopende band"))
    assert sorted(h.owner for h in hits) == [1, 2, 3]


def test_pattern_without_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="no letters"):
        Matcher([(1, "**")])


def test_fold_keeps_the_length() -> None:
    text = "Ünïcödé – ﬁets ½ ß Æ \U0001f3ad!"
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("family", "patterns"),
    [
        ("koor*", ("koor*",)),
        ("(brei|haak)(club|cafe)*", ("breiclub*", "breicafe*", "haakclub*", "haakcafe*")),
        ("loop (gewoon |)binnen", ("loop gewoon binnen", "loop binnen")),
        ("board( |)game", ("board game", "boardgame")),
        ("(a|a) b", ("a b",)),
        ("(a|b", ("(a|b",)),
    ],
)
def test_families_are_spelled_out(family: str, patterns: tuple[str, ...]) -> None:
    assert spell_out(family) == patterns
