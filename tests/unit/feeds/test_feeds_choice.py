"""What a choice takes, and how it is written in an address."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from aggregator.errors import UsageError
from aggregator.model import Tag, Timed
from feeds.card import choice_name
from feeds.choice import MOST_VALUES, Choice, is_free, parse_choice
from feeds.fold import fold, holds
from feeds.select import all_showings
from feeds.urls import REGION, Scope
from tests.unit.feeds.feeds_world import INFO, at, event, occurrence, voice, world


def choose(query: str) -> Choice:
    return parse_choice(parse_qsl(query, keep_blank_values=True), INFO)


TAKEN = [
    ("genre=jazz", {"e-af"}),
    ("genre=klassiek", set()),
    ("children=yes", {"e-cafe"}),
    ("free=yes", {"e-expo", "e-cafe"}),
    ("free=yes&exhibitions=no", {"e-cafe"}),
    ("free=yes&pillar=third-places&municipality=hof-van-twente", {"e-cafe"}),
    ("words=poezie", {"e-verplaatst"}),
    ("words=POËZIE", {"e-verplaatst"}),
    ("words=Eanske", {"e-verplaatst"}),
    ("words=koor example", {"e-orgel"}),
    ("words=koor van de stad, bandavond", {"e-orgel", "e-vol"}),
    ("words=stad koor", {"e-orgel"}),
    ("words=koor poezie", set()),
    ("words=poezie Eanske", {"e-verplaatst"}),
    ("words=konin", set()),
    ("words=avond", {"e-orgel", "e-vol", "e-verplaatst"}),
    ("words=hof van twente&without=Repair", set()),
    ("venue=ketelhal&without=jazz", {"e-verplaatst"}),
    ("venue=ketelhal&words=&without=&children=&pillar=", {"e-verplaatst"}),
]


SIGNED = [
    ("outdoors=yes", {"a", "b"}),
    ("outdoors=yes&wheelchair=yes", {"a"}),
    ("nodutch=yes", {"c"}),
    ("nodutch=yes&outdoors=yes", set()),
    ("nodutch=no&outdoors=", {"a", "b", "c"}),
]


@pytest.mark.parametrize(("query", "expected"), SIGNED)
def test_what_bears_all_the_signs_is_taken(query: str, expected: set[str]) -> None:
    labels = {"a": ("outdoors", "wheelchair"), "b": ("outdoors",), "c": ("language-no-problem",)}
    found = [
        event(uid, uid, occurrence(uid, Timed(at(28))), tags=tuple(Tag(label, "", "") for label in own))
        for uid, own in labels.items()
    ]
    choice = choose(query)
    assert {e.uid for e in found if choice.takes_event(e)} == expected
    assert choose("&".join(f"{key}={value}" for key, value in choice.query)) == choice
    assert (choice.scope is None) == bool(choice.signs)


@pytest.mark.parametrize(("language", "name"), [("nl", "buiten"), ("en", "outdoors"), ("de", "im Freien")])
def test_a_sign_is_named_in_the_name_of_a_calendar(language: str, name: str) -> None:
    assert choice_name(choose(f"outdoors=yes&language={language}"), voice(language), short=True) == name


@pytest.mark.parametrize(("query", "expected"), TAKEN)
def test_what_is_taken(query: str, expected: set[str]) -> None:
    choice = choose(query)
    shown = [e for e in world() if e.hidden is None and e.place.municipality in INFO.municipalities]
    assert {e.uid for e in shown if any(choice.takes(s) for s in all_showings(e))} == expected


def test_the_same_wish_has_one_address() -> None:
    one = choose("words=Jazz,bach&free=yes&municipality=hengelo&language=de")
    two = choose("language=de&words=bach&words=jazz&municipality=hengelo&free=yes&pillar=")
    assert one == two == choose("&".join(f"{key}={value}" for key, value in one.query))


@pytest.mark.parametrize(
    ("query", "scope"),
    [
        ("", REGION),
        ("municipality=hengelo", Scope(municipality="hengelo")),
        ("municipality=hengelo&pillar=muziek&words=", Scope("hengelo", "muziek")),
        ("venue=de-spil", Scope(venue="de-spil")),
        ("venue=de-spil&pillar=muziek", None),
        ("municipality=hengelo&municipality=enschede", None),
        ("free=yes", None),
        ("exhibitions=no", None),
    ],
)
def test_a_plain_wish_is_a_scope_with_files(query: str, scope: Scope | None) -> None:
    assert choose(query).scope == scope


def test_too_much_is_refused() -> None:
    with pytest.raises(UsageError, match="more than"):
        choose("&".join(["words=a"] * (MOST_VALUES + 1)))


def test_price_goes_before_words() -> None:
    events = {e.uid: e for e in world()}
    assert not is_free(events["e-orgel"])
    assert is_free(events["e-cafe"])
    assert not is_free(events["e-vol"])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café d'Eänske!", "cafe deanske"),
        ("'n Brug", "n brug"),
        ("Straße – Ærø", "strasse aero"),
        ("ＦＵＬＬ ﬁ", "full fi"),
        ("  ", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_word_is_found_from_its_beginning_and_a_long_one_within_another() -> None:
    assert holds("orgelconcert in de kerk", "orgel")
    assert holds("orgelconcert in de kerk", "in de ker")
    assert holds("orgelconcert in de kerk", "concert")
    assert not holds("orgelconcert in de kerk", "erk")
