"""Opening a database: what is made, what is refused and in which words, and that nothing is touched."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import aggregator.store.engine as opening
from aggregator.errors import StoreError
from aggregator.store import open_reader, open_store
from aggregator.store.tables import METADATA, VERSION


def address(path: Path) -> str:
    return f"sqlite:///{path}"


def make(path: Path) -> None:
    open_store(address(path)).close()


def statements(*lines: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with closing(sqlite3.connect(path)) as file:
            for line in lines:
                file.execute(line)
            file.commit()

    return write


def newer(path: Path) -> None:
    make(path)
    statements("UPDATE alembic_version SET version_num = '9999'")(path)


def damaged(path: Path) -> None:
    make(path)
    body = path.read_bytes()
    path.write_bytes(body[:1000] + b"\xff" * (len(body) - 1000))


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    ("write", "words"),
    [
        (newer, "made by a newer Trek; this one knows"),
        (lambda path: path.write_bytes(b"no database at all, by far " * 99), "another kind of file"),
        (damaged, "damaged"),
        (statements("CREATE TABLE recipes (name TEXT)"), "cannot be used|not Trek's database"),
        (lambda path: path.mkdir(), "this is a folder"),
    ],
)
def test_a_file_that_trek_cannot_use_is_named_and_left_alone(
    tmp_path: Path, write: Callable[[Path], object], words: str, read_only: bool
) -> None:
    path = tmp_path / "trek.sqlite"
    write(path)
    before = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else None
    with pytest.raises(StoreError, match=words) as caught:
        open_store(address(path), read_only=read_only)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert before == (hashlib.sha256(path.read_bytes()).digest() if path.is_file() else None)


@pytest.mark.parametrize("openings", [open_reader, lambda url: open_store(url, read_only=True)])
def test_reading_makes_no_database(tmp_path: Path, openings: Callable[[str], object]) -> None:
    path = tmp_path / "trek.sqlite"
    with pytest.raises(StoreError, match="there is no database yet"):
        openings(address(path))
    assert not path.exists()
    path.touch()
    with pytest.raises(StoreError, match="the database is empty"):
        openings(address(path))
    assert path.stat().st_size == 0


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "new" / "trek.sqlite"
    path.parent.mkdir()
    path.touch()
    make(path)
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert file.execute("SELECT version_num FROM alembic_version").fetchone() == (VERSION,)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("trek.sqlite", "no database address"),
        ("mysql://me:geheim@host/x", r"SQLite or PostgreSQL only|no database address"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
        ("oracel://me:geheim@host/x", "no database address"),
        ("postgresql://me:geheim@127.0.0.1:9/x", "check that the server runs"),
        ("postgres://me:geheim@127.0.0.1:9/x", "check that the server runs"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        open_store(url)
    assert "geheim" not in str(caught.value)
    assert "geheim" not in caught.value.database


def test_the_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    path = tmp_path / "trek.sqlite"
    make(path)
    engine = sa.create_engine(address(path))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_the_newest_migration_is_the_version_that_the_code_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(opening.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [VERSION]


def test_a_migration_that_fails_leaves_an_empty_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "trek.sqlite"

    def half(config: Config, _target: str) -> None:
        config.attributes["connection"].execute(sa.text("CREATE TABLE runs (x INTEGER)"))
        raise OSError("no space left")

    monkeypatch.setattr("alembic.command.upgrade", half)
    with pytest.raises(OSError, match="no space"):
        make(path)
    monkeypatch.undo()
    make(path)


def test_two_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    url = address(tmp_path / "trek.sqlite")
    code = f"from aggregator.store import open_store; open_store({url!r}).close()"
    both = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait(timeout=60) for process in both] == [0, 0, 0]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another account can look into."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


READ_ONLY = """
import os, sys
from aggregator.errors import StoreError
from aggregator.store import open_store
open_store(sys.argv[1]).close()
if os.getuid() == 0:  # the superuser may write anywhere
    os.setgid(65534), os.setuid(65534)
for read_only in (False, True):  # a database in WAL mode needs a writable folder to be read, too
    try:
        open_store(sys.argv[2], read_only=read_only)
    except StoreError as error:
        print(error)
"""


def test_a_read_only_folder_is_refused_in_one_line(tmp_path: Path, open_folder: Path) -> None:
    path = open_folder / "trek.sqlite"
    make(path)
    path.chmod(0o444)
    open_folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, address(tmp_path / "other.sqlite"), address(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert ["make the file and its folder writable" in line for line in lines] == [True, True]
