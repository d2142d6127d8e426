"""Runs on their way through a bucket: whole or not there, in order, and removed only when told."""

from __future__ import annotations

from pathlib import Path

import pytest
from obstore.store import MemoryStore

from aggregator.errors import InboxError
from aggregator.intake import newest_finished
from aggregator.slot import Slot, open_slot

OLD, NEW = "20261123T060000Z-000001", "20261124T060000Z-000001"


@pytest.fixture
def slot() -> Slot:
    return Slot(MemoryStore(), "s3://inbox")


def write_run(inbox: Path, source: str, run: str, items: str = "{}\n", *, finished: bool = True) -> Path:
    folder = inbox / source / run
    folder.mkdir(parents=True)
    (folder / "items.jsonl").write_text(items)
    if finished:
        (folder / "manifest.json").write_text(f'{{"run_id": "{run}"}}')
    return folder


def test_a_run_comes_out_as_it_went_in(slot: Slot, tmp_path: Path) -> None:
    for source, run in (("kerk", OLD), ("kerk", NEW), ("huis", NEW)):
        slot.put(write_run(tmp_path / "there", source, run, f"{source} {run}\n"))
    assert slot.newest("kerk") == NEW
    assert slot.newest("ker") == "", "another source's name that begins alike"
    assert slot.fetch(tmp_path / "here") == [("kerk", OLD), ("huis", NEW), ("kerk", NEW)]
    for file in (tmp_path / "there").rglob("*.*"):
        if file.is_file():
            assert (
                tmp_path / "here" / file.relative_to(tmp_path / "there")
            ).read_bytes() == file.read_bytes()
    assert newest_finished(tmp_path / "here" / "kerk") == NEW
    assert not list((tmp_path / "here").rglob(".*"))


def test_sending_leaves_nothing_behind(slot: Slot, tmp_path: Path) -> None:
    write_run(tmp_path, "kerk", OLD)
    write_run(tmp_path, "kerk", NEW, finished=False)
    slot.send(tmp_path / "kerk")
    slot.send(tmp_path / "kerk")
    slot.send(tmp_path / "never-crawled")
    assert slot.finished() == [("kerk", OLD)]
    assert list((tmp_path / "kerk").iterdir()) == []


def test_what_is_removed_is_gone_and_the_rest_stays(slot: Slot, tmp_path: Path) -> None:
    slot.put(write_run(tmp_path / "there", "kerk", OLD))
    runs = slot.fetch(tmp_path / "here")
    slot.put(write_run(tmp_path / "there", "kerk", NEW))
    slot.remove(runs)
    assert slot.finished() == [("kerk", NEW)]
    slot.remove(runs)  # as after a kill: once more does nothing


def test_a_run_counts_from_its_manifest_on(slot: Slot, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "there", "kerk", OLD, finished=False)
    with pytest.raises(InboxError, match="the run cannot be put"):
        slot.put(folder)
    assert slot.newest("kerk") == ""
    assert slot.fetch(tmp_path / "here") == []
    assert not (tmp_path / "here").exists()


def test_a_fetch_that_was_broken_off_is_done_again(slot: Slot, tmp_path: Path) -> None:
    slot.put(write_run(tmp_path / "there", "kerk", OLD, "whole\n"))
    half = write_run(tmp_path / "here", "kerk", OLD, "ha", finished=False)
    slot.fetch(tmp_path / "here")
    assert (half / "items.jsonl").read_text() == "whole\n"
    assert (half / "manifest.json").exists()


def test_a_bucket_that_cannot_be_named_is_told() -> None:
    with pytest.raises(InboxError, match="no storage can be opened"):
        open_slot("nonsense")
