"""Thunderbird's parser (ical.js) and node-ical read every published calendar as it is meant."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.model import AllDay
from feeds.card import loud_title
from feeds.publish import publish
from feeds.select import Agenda, begin
from feeds.urls import REGION
from tests.unit.feeds.feeds_world import INFO, TODAY, Reader, voice, world

HERE = Path(__file__).parent
pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    if shutil.which("node") is None or not (HERE / "node_modules" / "ical.js").is_dir():
        pytest.skip("needs Node.js and `npm ci --prefix tests/browser`")
    public = tmp_path_factory.mktemp("node") / "public"
    publish(Reader(world()), INFO, public, TODAY)
    files = sorted(map(str, public.rglob("*.ics")))
    command = ["node", str(HERE / "read_calendar.mjs"), *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(found) == len(files)
    assert sum("/agenda/" in name for name in files) == 3 * 18 * 3
    assert sum("/evenement/" in name for name in files) > 3 * 11
    return found


def test_both_read_the_region_as_it_is(answers: list[dict[str, Any]]) -> None:
    read = next(a for a in answers if a["path"].endswith("public/agenda/region.ics"))
    showings = Agenda(world(), INFO, TODAY).showings(REGION)
    uids = {s.occurrence.uid for s in showings}
    assert set(read["thunderbird"]) == set(read["node"]) == uids
    for showing in showings:
        uid, when = showing.occurrence.uid, showing.when
        one, other = read["thunderbird"][uid], read["node"][uid]
        assert one["summary"].startswith(loud_title(showing, voice().words))
        assert one["summary"] == other["summary"]
        assert one["status"] == other["status"] == ("CANCELLED" if showing.off else "CONFIRMED")
        assert one["location"] == other["location"]
        assert one["allDay"] == isinstance(when, AllDay)
        if isinstance(when, AllDay):
            first = begin(when).date()
            last = max(when.last or first, first) + timedelta(days=1)  # the day after
            assert (one["start"], one["end"]) == (first.isoformat(), last.isoformat())
            days = datetime.fromisoformat(other["end"]) - datetime.fromisoformat(other["start"])
            assert round(days / timedelta(days=1)) == (last - first).days  # an hour more or less in between
            continue
        start = when.start.astimezone(UTC)
        assert datetime.fromisoformat(one["start"]) == datetime.fromisoformat(other["start"]) == start
        end = (when.end or when.start).astimezone(UTC)
        assert datetime.fromisoformat(one["end"]) == datetime.fromisoformat(other["end"]) == end


def test_both_see_the_same_events_in_every_calendar(answers: list[dict[str, Any]]) -> None:
    for read in answers:
        assert set(read["thunderbird"]) == set(read["node"]), read["path"]
