"""What waits for a person, and what a person refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.doubt import HELD, Answers
from aggregator.errors import StoreError
from aggregator.model import Reject
from aggregator.refused import (
    NAME,
    Wait,
    allow,
    answered_to,
    answers_of,
    load_refused,
    refuse,
    report_waiting,
    unanswered,
    waiting,
)

HALF = Reject("spil", "https://spil.invalid/1", HELD, "starts at midnight", "Quiz", "a41c09")
LATE = Reject("spil", "https://spil.invalid/1", HELD, "is far ahead", "Quiz", "77e2d0")
OTHER = Reject("spil", "https://spil.invalid/2", "no-date", "no date", "Bingo")
LOST = "9 of 20 coming events would be lost at once; nothing was removed"
KLOK = Wait("klok", LOST)
QUIZ = Wait("spil:a41c09", "'Quiz' starts at midnight", "https://spil.invalid/1")
FAR = Wait("spil:77e2d0", "'Quiz' is far ahead", "https://spil.invalid/1")


def test_sources_and_single_dates_wait_each_under_a_name_of_its_own() -> None:
    assert waiting({"klok": LOST}, [HALF, OTHER, LATE]) == [KLOK, FAR, QUIZ]
    told = report_waiting([KLOK, QUIZ]).splitlines()
    assert [line.split(": ")[0] for line in told] == ["! klok", "! spil:a41c09"]
    assert "trek hold reject spil:a41c09" in told[1]
    assert "look at https://spil.invalid/1" in told[1]
    assert report_waiting([]) == "No source waits for a person."


def test_a_name_means_a_date_or_all_of_a_source() -> None:
    found = [KLOK, FAR, QUIZ]
    assert answered_to(found, "spil") == [FAR, QUIZ]
    assert answered_to(found, "spil:77e2d0") == [FAR]
    assert answered_to(found, "spil:000000") == answered_to(found, "sp") == []
    names = ["klok", "spil:a41c09", "spil:77e2d0"]
    assert answers_of("spil", names, ["spil:1"]) == Answers(frozenset(("a41c09", "77e2d0")), frozenset("1"))
    assert answers_of("klok", names, ["klok", "spil:1"]) == Answers(rest=True)


def test_a_date_is_refused_by_itself_and_for_good(tmp_path: Path) -> None:
    found = [KLOK, FAR, QUIZ]
    assert unanswered(found, load_refused(tmp_path)) == found
    refuse(tmp_path, [QUIZ])
    assert unanswered(found, load_refused(tmp_path)) == [KLOK, FAR]
    again = Wait(QUIZ.name, "'Popquiz' starts at midnight")  # another title is not another date
    assert unanswered([again], load_refused(tmp_path)) == []
    refuse(tmp_path, [KLOK])
    assert unanswered(found, load_refused(tmp_path)) == [FAR]
    allow(tmp_path, [QUIZ, FAR])
    assert unanswered(found, load_refused(tmp_path)) == [FAR, QUIZ]


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        (LOST, False),
        (LOST.replace("9 of 20", "8 of 19"), False),  # one of them is over by now
        (LOST.replace("9 of 20", "10 of 20"), True),
        (LOST.replace("9 of 20", "9 of 21"), True),
        ("the source gave no usable event, where 9 were to come; nothing was removed", True),
    ],
)
def test_a_run_is_asked_about_again_when_it_is_worse_or_something_else(
    tmp_path: Path, said: str, asks: bool
) -> None:
    refuse(tmp_path, [KLOK])
    assert bool(unanswered([Wait("klok", said)], load_refused(tmp_path))) is asks


@pytest.mark.parametrize("text", ["{", "[]", '{"spil": 1}'])
def test_a_damaged_file_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(StoreError, match="remove it"):
        load_refused(tmp_path)
