"""A change in words, with what it was and what it is now."""

from __future__ import annotations

from dataclasses import replace

from aggregator.model import AllDay, Event, Place, Status, Timed
from feeds.card import Voice, place_name, short_place
from feeds.changes import Change, Kind
from feeds.text import one_line
from feeds.words import Words


def change_word(change: Change, words: Words) -> str:
    """`Afgelast`, `Verplaatst`, `Andere zaal`, ..."""
    return words(f"change.{change.kind.value}")


def change_line(change: Change, event: Event, voice: Voice) -> str:
    """`Verplaatst: woensdag 25 november 2026, 20:00 uur wordt woensdag 2 december 2026, 20:00 uur`."""
    words = voice.words
    if change.kind in (Kind.WITHDRAWN, Kind.LISTED):
        line = words(f"change.{change.kind.value}_line")
        return words("change.again", line=line) if change.again else line
    old, new = _value(change.old, change, event, voice), _value(change.new, change, event, voice)
    if isinstance(change.new, Status):
        line = words.when(change.when) if change.when else ""
        if old:
            line = words("change.was", now=line, old=old)
    else:
        line = words("change.from_to", old=old, new=new)
    line = f"{change_word(change, words)}: {line}"
    return words("change.again", line=line) if change.again else line


def _value(value: Timed | AllDay | Place | Status | None, change: Change, event: Event, voice: Voice) -> str:
    words = voice.words
    if value is None:
        return ""
    if isinstance(value, Status):
        key = "change.scheduled" if value is Status.SCHEDULED else f"status.{value.value}"
        return words(key).lower() if voice.language != "de" else words(key)
    if isinstance(value, Place):
        there = replace(event, place=value)
        if change.kind is Kind.HALL:
            return one_line(value.hall)
        return short_place(there, voice.info) or place_name(there)
    return words.when(value)
