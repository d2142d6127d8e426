"""A slice of `make mutate` over the project's own pages: no damage breaks a reader, or the next page.

What a page takes in time and memory is measured there, each page in a process of its own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import mutate

SEEDS = 3


# A bound that strikes within Hypothesis's hook on the garbage collector is lost there, and strikes again at
# the next look.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_damaged_pages_break_nothing(seed: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mutate, "GOLD", tmp_path / "none")  # the same cases on every machine
    seeds = mutate.load_seeds()
    assert len(seeds) > 30
    verdicts = [mutate.read_case(mutate.damage(seeds, number, seed), number, seed) for number in range(30)]
    assert [(n, v) for n, v in enumerate(verdicts) if v.fault] == []
    assert len({damage for v in verdicts for damage in v.damage.split("+")}) == len(mutate.DAMAGES)


def test_what_breaks_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The harness sees an exception, a caught one, a process that dies, too much time and too much memory."""

    def broken(_page: object, source: object = None) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(mutate, "read_any", broken)
    verdict = mutate.try_case([("page.html", b"<p>1 mei</p>")], 1, 1)
    assert "ZeroDivisionError" in verdict.fault
    slow, large = mutate.Verdict("a", "cut", seconds=2.1), mutate.Verdict("b", "nest", memory=201 * 1024**2)
    fine = mutate.Verdict("c", "flip", problems=("too-heavy",), seconds=1.99)
    mutate.tell_broken([verdict, slow, large, fine], 200, 1)
    told = capsys.readouterr().out
    assert "case 202 of seed 1" in told
    assert "case 203" not in told
    assert mutate.report([verdict, slow, large, fine], 1) == 3
    told += capsys.readouterr().out
    assert all(word in told for word in ("ZeroDivisionError", "2.1 seconds", "201 MB", "1 too-heavy"))
