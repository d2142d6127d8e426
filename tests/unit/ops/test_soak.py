"""What the soak holds against Trek can be held against it: a leak, a file left open, a calendar cut short."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.__main__ import Measure, judge
from tests.soak.check import Checks, Verdicts, lay_aside

MB = 1 << 20
SOUND = Verdicts(store=1000, predicted=1100, broken=())


def days(*, grown: int = 0, opened: int = 0, count: int = 30) -> list[Measure]:
    """That many days, of which each adds so many bytes and open files; the first fill caches."""
    first = [Measure(1, 1, 100 * MB + day * 10 * MB, 20, 3, 9) for day in range(count // 3)]
    later = [
        Measure(1, 1, 200 * MB + day * grown + (day % 2) * 4 * MB, 20 + day * opened, 3, 9)
        for day in range(count - count // 3)
    ]
    return first + later


@pytest.mark.parametrize(
    ("lived", "last", "faults"),
    [
        (days(), SOUND, []),
        (days(grown=2 * MB), SOUND, ["memory grows by 2"]),
        (days(opened=1), SOUND, ["open files grow by 1"]),
        (days(grown=2 * MB, count=6), SOUND, []),
        (days(count=3), Verdicts(1000, 2000, ()), ["the store has"]),
    ],
)
def test_what_grows_is_told(lived: list[Measure], last: Verdicts, faults: list[str]) -> None:
    found = list(judge(lived, last))
    assert len(found) == len(faults)
    assert all(line.startswith(start) for line, start in zip(found, faults, strict=True))


def test_a_calendar_of_that_day_is_looked_at_whatever_the_next_one_writes(tmp_path: Path) -> None:
    calendar = tmp_path / "public" / "agenda" / "venue" / "x.ics"
    calendar.parent.mkdir(parents=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "trek.sqlite").touch()
    calendar.write_bytes(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    lay_aside(tmp_path, tmp_path / "aside", ["agenda/venue/x.ics", "index.html"])
    (new := calendar.with_name("new")).write_bytes(b"")
    new.replace(calendar)
    (fault, *_) = Checks(frozenset()).torn(tmp_path / "aside")
    assert fault.startswith("agenda/venue/x.ics: ")
