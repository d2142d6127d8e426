"""The main job is killed at random moments; what readers see is whole at each, and nothing is lost after."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from sample import DAY, Workplace, at, digests
from whole import Witness, check_public

from crawlers.sample.sites import SampleRegion, free_base_port
from tests.kills import storm

MORNING = "2026-11-24T08:00+00:00"
KILLS = 2  # of whole jobs, started as they are by hand
POINTS = 20  # within stages; `make kills` does two hundred
SCRIPT = Path(__file__).with_name("sample.py")


def start(place: Workplace, config: Path, sample: SampleRegion) -> subprocess.Popen[bytes]:
    """The job as a process group of its own."""
    ports = [str(sample.ports.start), str(sample.ports.stop)]
    command = [sys.executable, str(SCRIPT), str(config), str(place.folder), *ports]
    place.folder.mkdir(parents=True, exist_ok=True)
    with (place.folder / "job.log").open("ab") as log:
        return subprocess.Popen(command, start_new_session=True, stdout=log, stderr=log)


def finish(place: Workplace, config: Path, sample: SampleRegion) -> None:
    """The job, undisturbed."""
    status = start(place, config, sample).wait(180)
    assert status == 0, (place.folder / "job.log").read_text()[-2000:]


@pytest.fixture(scope="module")
def sites() -> Iterator[SampleRegion]:
    with at(MORNING), SampleRegion(DAY, free_base_port(9400)) as sample:
        yield sample


def test_a_killed_job_goes_on_where_it_was(sites: SampleRegion, tmp_path: Path) -> None:
    calm = Workplace(tmp_path / "calm", sites.ports.start, "borne", dutch=True)
    with at(MORNING):
        config = calm.prepare(sites)
        began = time.monotonic()
        finish(calm, config, sites)
        length = time.monotonic() - began
        stormy = Workplace(tmp_path / "stormy", sites.ports.start, "borne", dutch=True)
        config = stormy.prepare(sites)
        chance, witness = random.Random(20261124), Witness()
        for _ in range(KILLS):
            process = start(stormy, config, sites)
            time.sleep(chance.uniform(0.2, length))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            check_public(stormy.folder / "public")
            assert witness.look(stormy.folder / "data") == []
        finish(stormy, config, sites)
    assert check_public(stormy.folder / "public") > 50
    assert stormy.events().keys() == calm.events().keys()
    assert [(s.listing.ref, s.listing.content_hash) for s in stormy.listings()] == [
        (s.listing.ref, s.listing.content_hash) for s in calm.listings()
    ]
    assert digests(stormy.folder / "public") == digests(calm.folder / "public")


def test_a_stage_that_is_killed_anywhere_loses_nothing(tmp_path: Path) -> None:
    killed, faults = storm(tmp_path, 20261124, POINTS)
    assert faults == []
    assert killed.total() > POINTS / 4, "most of the points came too late to try anything"
