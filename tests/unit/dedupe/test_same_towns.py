"""Municipalities shared out over processes: the same parts as over one, where a fork does no harm."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aggregator.dedupe import towns

# In a process of its own, which has no other threads: as elsewhere, only such a one is forked.
SHARED = """
from dataclasses import replace
from aggregator.config_loader import find_config, load_region
from aggregator.dedupe import Deduper, towns
from aggregator.model import Place
from tests.bench._programme import programme

region = load_region(find_config(None))
listings = [one.listing for one in programme(region, 500)]
listings = [replace(k, place=Place()) if n % 40 == 0 else k for n, k in enumerate(listings)]
deduper, blocks, towns.LIFE = Deduper(region), {}, 150  # so that several generations of processes are needed
alone = list(towns.parts(listings, deduper._prepare))
by_ref = {k.ref: k for k in listings}
shared = []
for part in towns.parts(listings, deduper._prepare, 2, blocks):
    refs = [ref for one in part for ref in one.refs]
    known = [ref for ref in refs if ref in blocks]
    assert all(list(blocks[ref]) == deduper.filed(by_ref[ref]) for ref in known)
    shared.append((part, len(known)))
assert [part for part, _ in shared] == alone and not blocks
assert max(len(one.refs) for part in alone for one in part) > 2
print(sum(known for _, known in shared), len({k.place.municipality for k in listings}))
"""


def test_shared_out_parts_and_blocks_are_those_of_one_process() -> None:
    root = Path(__file__).parents[3]
    told = subprocess.run(
        [sys.executable, "-c", SHARED], cwd=root, stdout=subprocess.PIPE, text=True, check=True
    )
    known, municipalities = map(int, told.stdout.split())
    assert known > 300
    assert municipalities > 10


def test_few_listings_or_other_threads_are_no_reason_to_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(towns.threading, "active_count", lambda: 1)
    monkeypatch.setattr(towns.sys, "platform", "linux")
    monkeypatch.setattr(towns.os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert towns.hands(towns.MANY) == 3
    assert towns.hands(towns.MANY - 1) == 1
    monkeypatch.setattr(towns.threading, "active_count", lambda: 2)
    assert towns.hands(towns.MANY) == 1
    assert threading.active_count() == 2
