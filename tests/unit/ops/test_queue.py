"""What `trek worker` and `trek run --workers` say where there is no PostgreSQL; where a queue stands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click import Context
from typer.main import get_command
from typer.testing import CliRunner

import trek
from aggregator.errors import UsageError
from aggregator.queue import address_of


@pytest.mark.parametrize(
    "given",
    ["postgresql://u:p@db/trek", "postgresql+psycopg://u:p@db/trek", "postgres://u:p@db/trek"],
)
def test_any_address_of_postgresql_will_do(given: str) -> None:
    assert address_of(given) == "postgresql://u:p@db/trek"


def test_another_database_is_refused_without_its_password() -> None:
    with pytest.raises(UsageError, match="workers need PostgreSQL") as caught:
        address_of("mysql://u:secret@db/trek")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("words", [["worker"], ["run", "--workers", "--once"]])
def test_sqlite_is_refused_in_one_line(words: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "trek", *words, "--data", str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=Path(trek.__file__).parent, check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "workers need PostgreSQL" in done.stderr
    assert "trek migrate --to" in done.stderr
    assert list(tmp_path.iterdir()) == [], "nothing was made"


def test_the_help_shows_an_example_that_can_be_typed() -> None:
    shown = CliRunner().invoke(trek.app, ["worker", "--help"]).output
    example = re.search(r"Example: trek worker (.*)", " ".join(shown.split()))
    assert example
    command = get_command(trek.app).commands["worker"]  # type: ignore[attr-defined]
    made = command.make_context("worker", shlex.split(example[1]), parent=Context(get_command(trek.app)))
    assert made.params["at_once"] == 4
