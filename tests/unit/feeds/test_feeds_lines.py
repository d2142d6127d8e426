"""Lines of pages are kept: equal to fresh ones, and made anew where they would differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from aggregator.model import AllDay, Status
from feeds.card import Voice
from feeds.pieces import Pieces
from feeds.select import all_showings
from feeds.site.frame import kept_line
from feeds.site.rows import Line, parted
from feeds.urls import Urls
from tests.unit.feeds.feeds_world import INFO, event, occurrence, voice

OLD, NEW = date(2026, 12, 31), date(2027, 1, 1)
SPAN = AllDay(date(2026, 11, 20), date(2027, 2, 28))
SHOWN = event("e-expo", "Beelden", occurrence("o-expo", SPAN))


def keeping() -> tuple[Voice, Pieces]:
    pieces = Pieces()
    return Voice(INFO, Urls(INFO.base_url, "nl"), "nl", pieces), pieces


def test_a_kept_line_equals_a_fresh_one_and_a_new_year_makes_another() -> None:
    kept, pieces = keeping()
    (showing,) = all_showings(SHOWN)
    lines = {day: kept_line(Line(showing, kept, day), True) for day in (OLD, NEW, OLD)}
    assert pieces.rendered == 2
    assert "2027" in lines[OLD]
    assert lines[OLD] != lines[NEW]
    for day, line in lines.items():
        assert line == kept_line(Line(showing, voice(), day), True)


def test_a_changed_event_and_another_look_have_lines_of_their_own() -> None:
    kept, pieces = keeping()
    changed = replace(SHOWN, title="Beelden en <geluid>", status=Status.CANCELLED)
    (first,), (second,) = all_showings(SHOWN), all_showings(changed)
    whole, bare = (kept_line(Line(first, kept, OLD), place) for place in (True, False))
    assert "De Spil" in whole
    assert "De Spil" not in bare
    again = kept_line(Line(second, kept, OLD), True)
    assert "Beelden en &lt;geluid&gt;" in again
    assert 'class="row off"' in again
    assert pieces.rendered == 3


def test_what_runs_today_stands_apart() -> None:
    evening = replace(SHOWN, uid="e-dag", occurrences=(occurrence("o-dag", AllDay(OLD, OLD)),))
    late = replace(SHOWN, uid="e-later", occurrences=(occurrence("o-later", AllDay(NEW, date(2027, 1, 9))),))
    shown = [s for one in (SHOWN, evening, late) for s in all_showings(one)]
    running, fixed = parted(shown, OLD)
    assert [s.event.uid for s in running] == ["e-expo"]
    assert [s.event.uid for s in fixed] == ["e-dag", "e-later"]
