"""A run of the inbox is finished or it is not; nothing in between can be mistaken for the other."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import InboxError
from aggregator.model import Outcome, RawEvent, RawOccurrence, Run
from aggregator.plain import raw_from_plain, run_from_plain
from crawlers.inbox import InboxRun, new_run_id

EVENT = RawEvent(
    source_id="podium",
    page_url="https://podium.example/",
    seen_at="2026-11-24T11:00:00+00:00",
    method="json-ld",
    title="Orgelconcert ’t Hoes",
    occurrences=(RawOccurrence(start="2026-12-05T20:00"),),
)


def _run(run_id: str) -> Run:
    return Run(run_id, "podium", "2026-11-24T11:00:00+00:00", None, Outcome.OK, complete=True, items=1)


def test_ids_sort_by_time() -> None:
    early = new_run_id(datetime(2026, 11, 24, 9, tzinfo=UTC))
    late = new_run_id(datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert early < late
    assert early.startswith("20261124T090000Z-")


def test_finished_run_has_a_manifest_that_fits_its_items(tmp_path: Path) -> None:
    run = InboxRun(tmp_path, "podium", "20261124T110000Z-aaaaaa")
    run.write(EVENT)
    run.finish(_run("20261124T110000Z-aaaaaa"))
    folder = tmp_path / "podium" / "20261124T110000Z-aaaaaa"
    manifest = json.loads((folder / "manifest.json").read_text())
    items = (folder / "items.jsonl").read_bytes()
    assert manifest["sha256"] == hashlib.sha256(items).hexdigest()
    assert run_from_plain(manifest).complete
    assert [raw_from_plain(json.loads(line)) for line in items.splitlines()] == [EVENT]
    assert sorted(p.name for p in folder.iterdir()) == ["items.jsonl", "manifest.json"]


def test_broken_off_run_keeps_its_items_and_has_no_manifest(tmp_path: Path) -> None:
    run = InboxRun(tmp_path, "podium", "20261124T110000Z-aaaaaa")
    run.write(EVENT)
    run.close()
    assert [p.name for p in run.folder.iterdir()] == ["items.jsonl"]
    assert (run.folder / "items.jsonl").read_bytes().count(b"\n") == 1


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "podium").write_text("a file stands where a folder must come")
    with pytest.raises(InboxError, match="podium"):
        InboxRun(tmp_path, "podium", "20261124T110000Z-aaaaaa")
