"""Reading calendars by their parts finds what reading them whole finds."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds.pieces import Pieces, assemble_calendar
from feeds.select import Agenda
from feeds.urls import REGION
from tests.system.whole import BEGIN, END, Calendars, check_calendar
from tests.unit.feeds.feeds_world import INFO, TODAY, voice, world

BODY = assemble_calendar(Agenda(world()[:2], INFO, TODAY), REGION, voice(), Pieces())
LINES = BODY.splitlines(keepends=True)
EVENT = BEGIN + BODY.removesuffix(END).split(BEGIN)[1]
CALENDARS = Calendars()  # as in a long run: it remembers what was sound


def found(body: bytes) -> tuple[list[str], list[str]]:
    """The faults by parts and whole; what the library cannot read is a fault by itself."""
    both: list[list[str]] = []
    for check in (CALENDARS.check, check_calendar):
        try:
            both.append(check(body))
        except ValueError as error:
            both.append([type(error).__name__])
    return both[0], both[1]


def test_a_sound_calendar_has_no_fault() -> None:
    assert found(BODY) == ([], [])


@given(st.integers(0, len(LINES) - 1), st.sampled_from(["drop", "twice", "swap", "cut", "first"]))
@settings(max_examples=60, deadline=None)
@example(0, "drop")
def test_a_damaged_line_is_found_by_parts_as_in_the_whole(at: int, how: str) -> None:
    line, after = LINES[at], LINES[at + 1 : at + 2]
    made = {
        "drop": [],
        "twice": [line, line],
        "swap": [*after, line],
        "cut": [line[: len(line) // 2]],
        "first": [b"X" + line],
    }[how]
    rest = LINES[at + 2 :] if how == "swap" else LINES[at + 1 :]
    parts, whole = found(b"".join([*LINES[:at], *made, *rest]))
    assert parts == whole


def test_one_uid_twice_and_a_zone_that_is_not_declared_are_found() -> None:
    for body in (
        BODY.removesuffix(END) + EVENT + END,
        BODY.replace(b"TZID:Europe/Amsterdam", b"TZID:Europe/Berlin"),
        BODY.removesuffix(END),
        b"",
    ):
        parts, whole = found(body)
        assert parts == whole != []
