"""What waits for a person, and what a person refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.doubt import HELD
from aggregator.errors import StoreError
from aggregator.health import report_held
from aggregator.model import Reject
from aggregator.refused import NAME, load_refused, refuse, unanswered, waiting

HALF = Reject("spil", "https://spil.invalid/1", HELD, "starts at midnight", "Quiz")
OTHER = Reject("spil", "https://spil.invalid/2", "no-date", "no date", "Bingo")
FOUND = {"klok": ["9 of 20 would be lost"], "spil": ["'Quiz' starts at midnight"]}


def test_sources_and_dates_wait() -> None:
    assert waiting({"klok": "9 of 20 would be lost"}, [HALF, OTHER]) == FOUND
    told = report_held(FOUND).splitlines()
    assert [line.split(":")[0] for line in told] == ["! klok", "! spil"]
    assert "trek hold reject spil" in told[1]
    assert report_held({}) == "No source waits for a person."


def test_what_was_refused_is_asked_about_again_only_when_it_changes(tmp_path: Path) -> None:
    assert unanswered(FOUND, load_refused(tmp_path)) == FOUND
    refuse(tmp_path, FOUND, ["spil"])
    assert unanswered(FOUND, load_refused(tmp_path)) == {"klok": FOUND["klok"]}
    more = FOUND | {"spil": [*FOUND["spil"], "'Bingo' starts at midnight"]}
    assert unanswered(more, load_refused(tmp_path))["spil"] == ["'Bingo' starts at midnight"]
    refuse(tmp_path, FOUND, ["klok"])
    assert unanswered(FOUND, load_refused(tmp_path)) == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"spil": 1}'])
def test_a_damaged_file_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(StoreError, match="remove it"):
        load_refused(tmp_path)
