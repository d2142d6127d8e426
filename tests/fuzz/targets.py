"""What is fuzzed, as functions of bytes: an exception is a fault. For `make fuzz`, and for the suite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from aggregator.clock import AMSTERDAM
from aggregator.errors import UsageError
from aggregator.model import AllDay, Event, EventOccurrence, ListingRef, Occurrence, Place, Status, Timed
from aggregator.normalise.when import expand_rrule, parse_duration, parse_stamp, parse_when
from crawlers.extract.guard import read_guarded
from crawlers.extract.page import Page
from crawlers.platforms.auto import read_any
from feeds.ask import parse_range, parse_since
from feeds.choice import parse_choice
from feeds.lint import lint_calendar
from feeds.news import entries
from feeds.pieces import Pieces, assemble_calendar, assemble_feed
from feeds.select import Agenda
from feeds.urls import KINDS, REGION
from feeds.view import parse_view
from tests.unit.feeds.feeds_world import INFO, TODAY, voice

if TYPE_CHECKING:
    from atheris import FuzzedDataProvider

SEEN = datetime(2026, 11, 24, 12, tzinfo=AMSTERDAM)
LONGEST = {"readers": 65_536, "dates": 400, "feeds": 2_000, "query": 1_000}  # bytes of an input
NETS = ("unreadable", "reader-failed")  # problems that say that an exception was caught


def fuzz_readers(data: bytes) -> None:
    """Any bytes as a page: told as it is, no exception, none caught either."""
    told = read_guarded(read_any, Page("https://x.example/agenda", data, seen=SEEN))
    caught = [f"{p.code}: {p.detail}" for p in told.problems if p.code in NETS]
    if caught:
        raise AssertionError(caught[0])


def fuzz_dates(data: bytes) -> None:
    """Any text as a time: answers are real moments in order, rules expand to an end."""
    text = data.decode("utf-8", "replace")
    today = TODAY + timedelta(days=len(data))
    for lang in ("nl", "en", "de"):
        found = parse_when(text, today, lang)
        if found != parse_when(text, today, lang):
            raise AssertionError("not the same answer twice")
        for one in found.occurrences:
            if one.rrule:
                expand_rrule(one, today + timedelta(days=400))
    parse_stamp(text)
    parse_duration(text)


def fuzz_feeds(data: bytes) -> None:
    """Any event as a feed: our linter finds no fault, the same bytes twice, every form can be made."""
    from atheris import FuzzedDataProvider

    agenda = Agenda([_event(FuzzedDataProvider(data))], INFO, TODAY)
    calendar = assemble_calendar(agenda, REGION, voice(), Pieces())
    if faults := lint_calendar(calendar):
        raise AssertionError(str(faults[0]))
    if calendar != assemble_calendar(agenda, REGION, voice(), Pieces()):
        raise AssertionError("not the same bytes twice")
    for kind in KINDS:
        for form in ("rss", "atom", "json"):
            assemble_feed(entries(agenda, REGION, kind), REGION, kind, form, voice(), Pieces())
    lint_calendar(data)  # of strangers: any bytes


def fuzz_query(data: bytes) -> None:
    """Any query to the app: an answer, or one sentence that says what is wrong."""
    from urllib.parse import parse_qsl

    text = data.decode("utf-8", "replace")
    pairs = parse_qsl(text, keep_blank_values=True)
    for parse in (
        lambda: parse_choice(pairs, INFO).query,
        lambda: parse_view(pairs, INFO, TODAY, "nl", "/").query,
        lambda: parse_range(pairs, INFO, "/pers.txt"),
        lambda: parse_since(pairs, "/data/changes.ndjson").astimezone(UTC),
    ):
        try:
            parse()
        except UsageError as error:
            if "\n" in str(error):
                raise AssertionError("more than one line") from error


def _event(dice: FuzzedDataProvider) -> Event:
    """An event whose words are any words that a store can hold, at any times."""

    def words() -> str:
        return dice.ConsumeUnicodeNoSurrogates(60)

    dates = tuple(
        EventOccurrence(
            f"e-o{number}",
            Occurrence(_when(dice), dice.PickValueInList(list(Status)), hours=words()),
            dice.ConsumeIntInRange(0, 3),
            SEEN,
            SEEN,
        )
        for number in range(dice.ConsumeIntInRange(1, 3))
    )
    place = Place("hengelo", dice.PickValueInList([None, "de-spil"]), words(), words(), words())
    return Event(
        "e",
        words(),
        dates,
        place,
        (ListingRef("de-spil", "1"),),
        subtitle=words(),
        ticket_url=words(),
        description=words(),
        organiser=words(),
        performers=(words(),),
        sources=(("de-spil", words()),),
        status=dice.PickValueInList(list(Status)),
        created=SEEN,
        modified=SEEN,
    )


def _when(dice: FuzzedDataProvider) -> Timed | AllDay:
    first = date.fromordinal(dice.ConsumeIntInRange(TODAY.toordinal() - 60, TODAY.toordinal() + 400))
    length = dice.ConsumeIntInRange(0, 9_000)
    if dice.ConsumeBool():
        start = datetime(first.year, first.month, first.day, length % 24, length % 60, tzinfo=UTC)
        start = start.astimezone(AMSTERDAM)
        end = (start.astimezone(UTC) + timedelta(minutes=length)).astimezone(AMSTERDAM)
        return Timed(start, end if length else None)
    return AllDay(first, first + timedelta(days=length % 100))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "readers": fuzz_readers,
    "dates": fuzz_dates,
    "feeds": fuzz_feeds,
    "query": fuzz_query,
}
