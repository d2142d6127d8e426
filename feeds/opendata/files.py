"""The files of the open data, and what changed since a moment, removed events too."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from aggregator.model import Edit, Event
from feeds.card import Voice
from feeds.news import EPOCH, updated_of
from feeds.opendata.fields import COLUMNS
from feeds.opendata.paper import render_catalogue, render_dictionary, render_schema
from feeds.opendata.record import dump, render_line, render_rows, utc
from feeds.select import Agenda
from feeds.tally import months_from, render_csv, tally_of

File = tuple[str, Callable[[], bytes], tuple[object, ...]]


class Keeper(Protocol):
    """Keeps rendered pieces by event: `feeds.pieces.Pieces`."""

    def owner(self, event: Event) -> str:
        """A digest of the event."""
        ...

    def keep(self, name: str, mark: str, render: Callable[[], bytes]) -> bytes:
        """The kept piece of a shelf, else a fresh one."""
        ...


def data_files(agenda: Agenda, voice: Voice, pieces: Keeper) -> Iterator[File]:
    """(name, what renders it, what its bytes depend on): every public event, past ones too."""
    marks = tuple(map(pieces.owner, agenda.events.values()))
    newest = max(map(updated_of, agenda.events.values()), default=EPOCH)
    yield "data/events.ndjson", partial(_joined, agenda, voice, pieces, "data/line", render_line), marks
    yield "data/events.csv", partial(_table, agenda, voice, pieces), marks
    months = tuple(months_from(agenda.today))
    yield "data/pillars.csv", partial(_pillars, agenda, months), (*marks, *months)
    yield "data/schema.json", render_schema, ()
    yield "data/dictionary.md", partial(render_dictionary, voice), ()
    yield "data/catalog.jsonld", partial(render_catalogue, voice, newest), (newest,)


def _joined(
    agenda: Agenda, voice: Voice, pieces: Keeper, part: str, render: Callable[[Event, Voice], bytes]
) -> bytes:
    events = agenda.events.values()
    return b"".join(pieces.keep(part, pieces.owner(event), partial(render, event, voice)) for event in events)


def _table(agenda: Agenda, voice: Voice, pieces: Keeper) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(COLUMNS)
    return out.getvalue().encode() + _joined(agenda, voice, pieces, "data/rows", render_rows)


def _pillars(agenda: Agenda, months: tuple[str, ...]) -> bytes:
    return render_csv(tally_of(agenda, months), agenda.info)


def changes(
    agenda: Agenda, edits: Iterable[Edit], find: Callable[[str], Event | None], since: datetime, voice: Voice
) -> bytes:
    """NDJSON: the events that changed at or after `since`, then those that went, each as a tombstone.

    `edits` is the journal from then on, `find` the store's event by UID or former UID. What
    appeared and went within that time is left out: nobody can have it.
    """
    lines = [render_line(event, voice) for event in agenda.events.values() if updated_of(event) >= since]
    lines += [dump(stone) for stone in _tombstones(agenda, edits, find, voice)]
    return b"".join(lines)


def _tombstones(
    agenda: Agenda, edits: Iterable[Edit], find: Callable[[str], Event | None], voice: Voice
) -> Iterator[Mapping[str, Any]]:
    appeared: set[str] = set()
    last: dict[str, datetime] = {}
    for edit in edits:
        if edit.field == "event" and edit.old is None:
            appeared.add(edit.uid)
        last[edit.uid] = edit.at
    for uid in sorted(last.keys() - agenda.events.keys() - appeared):
        event = find(uid)
        merged = event is not None and event.uid != uid
        reason = "merged" if merged else "hidden"
        if event is not None and not merged and event.hidden in ("withdrawn", "outside"):
            reason = event.hidden
        stone = {"@context": "https://schema.org", "@type": "Event", "@id": voice.urls.tag(uid)}
        stone |= {"identifier": uid, "removed": True, "reason": reason}  # type: ignore[dict-item]
        if merged and event is not None and event.uid in agenda.events:
            stone["supersededBy"] = event.uid
        yield stone | {"dateModified": utc(last[uid])}
