"""Backup, restore and migration: nothing lost, nothing half-done, every refusal one clear line."""

from __future__ import annotations

import gzip
import random
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from aggregator.backup import backup, drop_old, restore
from aggregator.errors import StoreError, TrekError, UsageError
from aggregator.migrate import migrate
from aggregator.store import Store, open_store

ROOT = Path(__file__).parents[3]
DYING = Path(__file__).with_name("dying.py")
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def data(rooms: ModuleType, tmp_path: Path) -> Path:
    """A data folder after some days of work."""
    folder = tmp_path / "data"
    rooms.history(folder / "inbox", 5, days=3)
    store = open_store(address(folder))
    rooms.work(folder / "inbox", store, 4)
    store.close()
    (folder / "region").write_text("twente")
    return folder


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "corrections").mkdir(parents=True)
    (folder / "corrections" / "borne.yaml").write_text("apart: []\n")
    return folder


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'trek.sqlite'}"


def content(rooms: ModuleType, url: str) -> object:
    store: Store = open_store(url, read_only=True)
    try:
        return rooms.content(store)
    finally:
        store.close()


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_restored_folder_is_the_folder_that_was(
    rooms: ModuleType, data: Path, config: Path, tmp_path: Path
) -> None:
    kept = backup(address(data), data, config, tmp_path / "trek.tar.gz", NOW)
    new = tmp_path / "new"
    about = restore(kept.file, new, address(new), NOW)
    assert about["made"] == NOW.isoformat()
    assert content(rooms, address(new)) == content(rooms, address(data))
    assert files(new / "inbox") == files(data / "inbox")
    assert (new / "region").read_text() == "twente"
    assert (new / "restored-config" / "corrections" / "borne.yaml").read_text() == "apart: []\n"
    assert [p.name for p in tmp_path.glob(".trek-*")] == []
    store = open_store(address(new))
    rooms.fill(new / "inbox", "a", 9, [rooms.raw("a", "1", "Goes on", 50)])
    rooms.work(new / "inbox", store, 10)
    assert any(e.title == "Goes on" for e in store.events())
    store.close()


def test_a_crawl_at_work_is_left_out_and_a_crashed_one_is_kept(
    rooms: ModuleType, data: Path, config: Path, tmp_path: Path
) -> None:
    busy = rooms.fill(data / "inbox", "x", 0, [], manifest=False)
    (busy / ".running").write_text("1")
    dead = rooms.fill(data / "inbox", "y", 0, [rooms.raw("y", "1", "Quiz", 9)], manifest=False)
    kept = backup(address(data), data, config, tmp_path / "trek.tar.gz", rooms.FIRST)
    with tarfile.open(kept.file) as tar:
        names = tar.getnames()
    assert f"inbox/y/{dead.name}/items.jsonl" in names
    assert not any(name.startswith("inbox/x/") for name in names)


def test_of_the_backups_in_a_folder_the_newest_are_kept(data: Path, config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "notes.tar.gz").touch()
    for day in (20, 21, 22):
        backup(address(data), data, config, folder, NOW.replace(day=day))
    assert [p.name for p in drop_old(folder, 2)] == ["trek-20261120T030000Z.tar.gz"]
    assert sorted(p.name for p in folder.iterdir()) == [
        "notes.tar.gz",
        "trek-20261121T030000Z.tar.gz",
        "trek-20261122T030000Z.tar.gz",
    ]


def test_a_python_without_filters_of_tarfile_restores_too(
    data: Path, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian 12's Python 3.11.2 has none."""
    kept = backup(address(data), data, config, tmp_path / "trek.tar.gz", NOW)
    monkeypatch.delattr(tarfile, "data_filter")
    monkeypatch.delattr(tarfile.TarFile, "extractall")
    new = tmp_path / "new"
    restore(kept.file, new, address(new), NOW)
    assert (new / "trek.sqlite").exists()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def other(path: Path) -> None:
    path.write_bytes(gzip.compress(b"no archive"))


def foreign(path: Path) -> None:
    with tarfile.open(path, "w:gz") as tar:
        tar.add(__file__, "test.py")


def escaping(path: Path) -> None:
    with tarfile.open(path, "w:gz") as tar:
        tar.add(__file__, "../escaped.py")


def linking(path: Path) -> None:
    with tarfile.open(path, "w:gz") as tar:
        link = tarfile.TarInfo("inbox")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(link)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (cut, "damaged"),
        (linking, "damaged"),
        (other, "damaged"),
        (foreign, "no backup of Trek"),
        (escaping, "damaged"),
        (lambda path: path.unlink(), "there is no such file"),
    ],
)
def test_a_damaged_backup_leaves_nothing_behind(
    harm: Callable[[Path], None], words: str, data: Path, config: Path, tmp_path: Path
) -> None:
    kept = backup(address(data), data, config, tmp_path / "trek.tar.gz", NOW)
    harm(kept.file)
    new = tmp_path / "new"
    with pytest.raises(TrekError, match=words) as caught:
        restore(kept.file, new, address(new), NOW)
    assert "\n" not in str(caught.value)
    assert not new.exists()
    assert not (tmp_path / "escaped.py").exists()


def test_a_store_that_is_there_is_never_written_over(data: Path, config: Path, tmp_path: Path) -> None:
    kept = backup(address(data), data, config, tmp_path / "trek.tar.gz", NOW)
    before = files(data)
    with pytest.raises(UsageError, match="holds data already"):
        restore(kept.file, data, address(data), NOW)
    with pytest.raises(StoreError, match="holds data already"):
        migrate(address(data), address(data).replace("trek.sqlite", "../data/trek.sqlite"))
    with pytest.raises(UsageError, match="already"):
        migrate(address(data), address(data))
    assert files(data).keys() == before.keys()


def test_a_folder_that_cannot_be_written_is_told(data: Path, config: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TrekError, match="cannot be written"):
        backup(address(data), data, config, tmp_path / "file" / "trek.tar.gz", NOW)


def killed(step: int, *words: object) -> bool:
    """Do the work in a process that dies at so many steps of its database; whether it did die."""
    command = [sys.executable, str(DYING), str(step), *map(str, words)]
    code = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode
    assert code in (0, -signal.SIGKILL)
    return code != 0


def test_killed_at_any_step_a_backup_leaves_the_last_one_whole(
    rooms: ModuleType, data: Path, config: Path, tmp_path: Path
) -> None:
    file = tmp_path / "trek.tar.gz"
    backup(address(data), data, config, file, NOW)
    before, chance = file.read_bytes(), random.Random(20261124)
    for _ in range(4):
        assert killed(chance.randint(1, 30), "backup", data, config, file)
        assert file.read_bytes() == before
    new = tmp_path / "new"
    restore(file, new, address(new), NOW)
    assert content(rooms, address(new)) == content(rooms, address(data))


def test_killed_at_any_step_a_migration_can_be_done_again(
    rooms: ModuleType, data: Path, tmp_path: Path
) -> None:
    before, chance = content(rooms, address(data)), random.Random(7)
    for number in range(5):
        target = f"sqlite:///{tmp_path / f'target-{number}.sqlite'}"
        assert killed(chance.randint(1, 45), "migrate", address(data), target)
        migrate(address(data), target)
        assert content(rooms, target) == before
    assert content(rooms, address(data)) == before


def test_killed_at_any_step_a_rebuild_can_be_done_again(
    rooms: ModuleType, data: Path, tmp_path: Path
) -> None:
    before, chance = content(rooms, address(data)), random.Random(11)
    ledger = (data / "inbox" / ".ledger.jsonl").read_bytes()
    target = f"sqlite:///{tmp_path / 'rebuilt.sqlite'}"
    for _ in range(4):
        assert killed(chance.randint(1, 150), "rebuild", data, target)
        for left in tmp_path.glob("rebuilt.sqlite*"):
            left.unlink()
    assert not killed(0, "rebuild", data, target)
    assert content(rooms, target) == before
    assert content(rooms, address(data)) == before
    assert (data / "inbox" / ".ledger.jsonl").read_bytes() == ledger
