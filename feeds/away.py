"""Where an event was before, by the journal: those who follow that place are told where it went. Pure.

A calendar that an event leaves would drop it without a word, and to a resident that looks like an event that
is off. A move, a corrected place and a merge with a listing from elsewhere all end in this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from aggregator.model import Edit, Event, Place
from aggregator.plain import from_plain

OUTSIDE, NOWHERE = "outside", "no-municipality"  # hidden for its place alone
GONE = "withdrawn"  # hidden as no source lists it any more
Journal = Mapping[str, Sequence[Edit]]


@dataclass(frozen=True, slots=True)
class Departure:
    """Until `at` (aware UTC) the public saw it at `place`; `alias`: the UID that it had, if it was merged."""

    place: Place
    at: datetime
    alias: str | None = None


def departures(event: Event, journal: Journal) -> Iterator[Departure]:
    """Where the public saw an event or one that became part of it, each with until when, the last first.

    `journal` has the lines of each UID in order of time. Nothing of what is hidden for another reason than
    its place.
    """
    if event.hidden not in (None, OUTSIDE, NOWHERE):
        return
    yield from _places(journal.get(event.uid, ()), event.place, event.hidden, None)
    for alias in event.aliases:
        lines = journal.get(alias, ())
        if any(line.at == lines[-1].at and line.field == "place" and line.new is None for line in lines):
            yield from _places(lines, event.place, None, alias)


def _places(
    lines: Sequence[Edit], place: Place, hidden: str | None, alias: str | None
) -> Iterator[Departure]:
    """Walks back from what is now, moment by moment, to when the event appeared."""
    for at, edits in groupby(reversed(lines), lambda line: line.at):
        was = place
        for edit in edits:
            if edit.field == "event" and edit.old is None:
                return
            if edit.occurrence is None and edit.field == "place":
                was = from_plain(Place, edit.old or {})
            elif edit.occurrence is None and edit.field == "hidden":
                hidden = edit.old
        if was is not place and hidden is None:
            yield Departure(was, at, alias)
        place = was
