"""What must hold after every job, however it ended: nothing lost, UIDs for good, feeds valid, no lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from icalendar import Calendar

from aggregator.errors import StoreError
from aggregator.lock import BusyError, hold_lock
from aggregator.model import ListingRef
from aggregator.store import open_store
from aggregator.store.protocol import EventReader
from feeds.lint import MOST_BYTES, MOST_EVENTS, lint_calendar

BEGIN, END = b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n"
OVER = b"\r\nEND:VEVENT\r\n"
TOP, ZONE = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Trek//Check//NL\r\n", b"BEGIN:VTIMEZONE\r\n"


def check_public(folder: Path) -> int:
    """Every published calendar is whole and valid; how many there are."""
    calendars = sorted(folder.rglob("*.ics"))
    for path in calendars:
        assert check_calendar(path.read_bytes()) == [], path
    return len(calendars)


def check_calendar(body: bytes) -> list[str]:
    """What is wrong with a calendar, for our linter and for a library that others read it with."""
    faults = [f"line {fault.line}: {fault.text}" for fault in lint_calendar(body)]
    try:
        if Calendar.from_ical(body).name != "VCALENDAR":
            faults.append("is no VCALENDAR")
    except ValueError as error:
        faults.append(f"cannot be read: {error}")
    return faults


class Calendars:
    """Checks many calendars that tell the same: each head and each event is read once, by both.

    A region has thousands of calendars of the same events. Every rule is about one line, one event with the
    zones that its calendar declares, or the calendar's head, but for two: a UID stands once in a file, and
    the file is not too large. These are looked at in every file. tests/property/test_whole.py holds this
    against reading every file whole.
    """

    def __init__(self) -> None:
        self.told: dict[bytes, tuple[str, str]] = {}  # VEVENT: UID and STATUS
        self.sound: set[bytes] = set()  # heads, and zones with one event, in which no fault was found

    def check(self, body: bytes) -> list[str]:
        """What is wrong with a calendar, as `check_calendar`."""
        head, *events = body.removesuffix(END).split(BEGIN)
        _, mark, zones = head.partition(ZONE)
        parts = [head, *(TOP + mark + zones + BEGIN + event for event in events)]
        if body.endswith(END) and len(body) < MOST_BYTES and all(map(self.is_sound, parts)):
            uids = [uid for uid, _ in map(self.tell, events)]
            apart = all(event.endswith(OVER) and event.count(b"\nEND:") == 1 for event in events)
            if len(set(uids)) == len(uids) < MOST_EVENTS and apart:
                return []
        return check_calendar(body)

    def is_sound(self, part: bytes) -> bool:
        """Whether a calendar without its last line has no fault."""
        if part not in self.sound and check_calendar(part + END) == []:
            self.sound.add(part)
        return part in self.sound

    def tell(self, event: bytes) -> tuple[str, str]:
        """UID and STATUS of an event, given without its first line."""
        if event not in self.told:
            (one,) = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + BEGIN + event + END).walk("VEVENT")
            self.told[event] = (str(one["UID"]).split("@")[0], str(one.get("STATUS", "")))
        return self.told[event]

    def read(self, path: Path) -> dict[str, str]:
        """STATUS by UID of all events in a file."""
        return dict(map(self.tell, path.read_bytes().removesuffix(END).split(BEGIN)[1:]))


class Witness:
    """Remembers what was in a store, and says what of it is no longer there."""

    def __init__(self) -> None:
        self.listings: set[ListingRef] = set()
        self.uids: set[str] = set()

    def look(self, data: Path) -> list[str]:
        """The invariants broken in a data folder since the last look, each in one line."""
        broken = list(check_lock(data))
        if not (data / "trek.sqlite").exists():
            return broken
        try:
            store = open_store(f"sqlite:///{data / 'trek.sqlite'}", read_only=True)
        except StoreError as error:  # before the first round is kept there need not be a table
            return [*broken, str(error)] if self.listings else broken
        try:
            return broken + list(self.compare(store))
        finally:
            store.close()

    def compare(self, store: EventReader) -> Iterator[str]:
        """Listings that went, and UIDs that lead nowhere (one that was merged away leads to its event)."""
        listings = {stored.listing.ref for stored in store.listings()}
        yield from (f"listing lost: {ref}" for ref in sorted(self.listings - listings))
        events = list(store.events(hidden=True))
        uids = {event.uid for event in events}
        gone = self.uids - uids
        yield from (f"UID leads nowhere: {uid}" for uid in sorted(gone) if store.event(uid) is None)
        owners: dict[str, str] = {}
        for event in events:
            for occurrence in event.occurrences:
                if owners.setdefault(occurrence.uid, event.uid) != event.uid:
                    yield f"UID of two events: {occurrence.uid}"
        self.listings |= listings
        self.uids |= uids


def check_lock(data: Path) -> Iterator[str]:
    """A lock that nobody alive holds and that cannot be taken all the same."""
    try:
        with hold_lock(data / "trek.lock"):
            return
    except BusyError as error:
        yield f"stuck lock: {error}"
