"""Every calendar as libical reads it: the parser of Evolution, KOrganizer and GNOME Calendar."""

from __future__ import annotations

import ctypes
import ctypes.util

import pytest

from feeds.pieces import Pieces, assemble_calendar
from feeds.scopes import scopes
from feeds.select import Agenda
from feeds.urls import Flavour
from tests.unit.feeds.feeds_world import INFO, TODAY, voice, world

VEVENT = 4  # enum icalcomponent_kind: NO, ANY, XROOT, XATTACH, VEVENT


def load_libical() -> ctypes.CDLL | None:
    """The library, ready to be called; None where it is not installed."""
    name = ctypes.util.find_library("ical")
    if name is None:
        return None
    found = ctypes.CDLL(name)
    found.icalparser_parse_string.restype = ctypes.c_void_p
    found.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    for name in ("icalcomponent_count_errors", "icalcomponent_get_uid", "icalcomponent_free"):
        getattr(found, name).argtypes = [ctypes.c_void_p]
    for name in ("icalcomponent_get_first_component", "icalcomponent_get_next_component"):
        getattr(found, name).argtypes = [ctypes.c_void_p, ctypes.c_int]
        getattr(found, name).restype = ctypes.c_void_p
    found.icalcomponent_get_uid.restype = ctypes.c_char_p
    found.icalerror_set_errors_are_fatal(0)  # a mistake is counted and does not end the process
    return found


@pytest.fixture(scope="module")
def library() -> ctypes.CDLL:
    found = load_libical()
    if found is None:
        pytest.skip("needs libical: apt-get install libical3")
    return found


def read(library: ctypes.CDLL, data: bytes) -> tuple[int, list[str]]:
    """How many mistakes libical finds, and the UIDs of the events that it reads."""
    root = library.icalparser_parse_string(data)
    assert root, "libical reads no calendar"
    uids = []
    event = library.icalcomponent_get_first_component(root, VEVENT)
    while event:
        uids.append(library.icalcomponent_get_uid(event).decode())
        event = library.icalcomponent_get_next_component(root, VEVENT)
    mistakes = library.icalcomponent_count_errors(root)
    library.icalcomponent_free(root)
    return mistakes, uids


@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_libical_reads_every_event_and_finds_no_mistake(library: ctypes.CDLL, language: str) -> None:
    agenda, pieces = Agenda(world(), INFO, TODAY), Pieces()
    for scope in scopes(INFO):
        for flavour in Flavour:
            data = assemble_calendar(agenda, scope, voice(language), pieces, flavour)
            mistakes, uids = read(library, data)
            assert mistakes == 0, (scope, flavour)
            assert len(uids) == len(set(uids)) == data.count(b"BEGIN:VEVENT\r\n")
            if flavour is Flavour.ALL:
                assert set(uids) == {s.occurrence.uid for s in agenda.showings(scope)}


def test_libical_finds_what_is_wrong(library: ctypes.CDLL) -> None:
    data = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\n"
        b"DTSTAMP:20261124T080000Z\r\nDTSTART:tomorrow\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    mistakes, uids = read(library, data)
    assert mistakes > 0
    assert uids == ["a"]
