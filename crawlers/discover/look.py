"""Starts a look at a site as a process of its own, as crawls are, and listens to it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from aggregator.errors import TrekError
from crawlers.address import check_address
from crawlers.discover.visit import Mission, Visit

LONGEST = 600  # seconds; a site that asks for long pauses is not looked at further


def look(mission: Mission) -> tuple[Visit, ...]:
    """Every request that was made, in order. AddressRefusedError for an address that must not be fetched.

    Names are checked again when they are resolved, redirects and links when they are followed: such a
    refusal stands in the visit.
    """
    check_address(mission.url, mission.allowed)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "crawlers.discover.scout"],
            input=mission.dumps(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LONGEST,
            cwd=Path(__file__).parents[2],
            check=False,
        )
        output, errors = done.stdout, done.stderr
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
        output, errors = said.decode("utf-8", "replace") if isinstance(said, bytes) else said, ""
    visits = tuple(Visit(**json.loads(line)) for line in output.splitlines() if line.endswith("}"))
    if not visits:
        last = next((line for line in reversed(errors.splitlines()) if line.strip()), "no answer in time")
        raise TrekError(f"could not be looked at ({last.strip()[:200]})", mission.url, "try again later")
    return visits
