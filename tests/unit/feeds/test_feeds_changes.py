"""What is announced as changed: from the journal, with old and new, once and for ever under one id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import feedparser
import pytest

from aggregator.journal import edits as journal
from aggregator.model import AllDay, Edit, Event, Place, Status, Timed
from feeds.changes import Announcement, Kind, announcements
from feeds.live import render_news
from feeds.news import entries
from feeds.pieces import Pieces, assemble_feed
from feeds.select import Agenda
from feeds.site.media import parse_wanted, wanted_entries
from feeds.urls import REGION, Scope
from tests.unit.feeds.feeds_world import INFO, SEEN, TODAY, at, event, occurrence, voice

HALL = Place("hengelo", "de-spil", "De Spil", "grote zaal", "Markt 1", "7551 AB", "Hengelo")
START = event("e", "Concert", occurrence("o", Timed(at(28), at(28, 22))), place=HALL)
Step = Callable[[Event], Event]


def status(value: Status) -> Step:
    return lambda e: replace(
        e,
        occurrences=tuple(replace(o, occurrence=replace(o.occurrence, status=value)) for o in e.occurrences),
    )


def when(value: Timed | AllDay) -> Step:
    return lambda e: replace(
        e,
        occurrences=tuple(replace(o, occurrence=replace(o.occurrence, when=value)) for o in e.occurrences),
    )


def place(**fields: str | None) -> Step:
    return lambda e: replace(e, place=replace(e.place, **fields))  # type: ignore[arg-type]


def live(first: Event, *steps: Step) -> tuple[Event, list[Edit]]:
    """The event after a step a day, and its journal as the store writes it."""
    lines, now = list(journal(None, first, SEEN)), first
    for number, step in enumerate(steps, start=1):
        moment = SEEN + timedelta(hours=number)
        before, now = now, replace(step(now), modified=moment)
        lines += journal(before, now, moment)
    return now, lines


def told(first: Event, *steps: Step) -> list[Announcement]:
    return announcements(*live(first, *steps))


def kinds(first: Event, *steps: Step) -> list[list[str]]:
    return [[str(c.kind) for c in a.changes] for a in told(first, *steps)]


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        (status(Status.CANCELLED), ["cancelled"]),
        (status(Status.POSTPONED), ["postponed"]),
        (status(Status.SOLD_OUT), ["sold-out"]),
        (status(Status.MOVED_ONLINE), ["moved-online"]),
        (lambda e: replace(e, status=Status.CANCELLED), ["cancelled"]),
        (lambda e: replace(status(Status.CANCELLED)(e), status=Status.CANCELLED), ["cancelled"]),
        (when(Timed(at(29), at(29, 22))), ["moved"]),
        (when(Timed(at(28, 19), at(28, 22))), ["moved"]),
        (lambda e: when(Timed(at(29)))(status(Status.RESCHEDULED)(e)), ["moved"]),
        (lambda e: when(Timed(at(29)))(status(Status.CANCELLED)(e)), ["cancelled"]),
        (status(Status.RESCHEDULED), ["rescheduled"]),
        (place(hall="kleine zaal"), ["hall"]),
        (place(venue="ketelhal", name="Ketelhal", hall=None), ["place"]),
        (place(venue=None, name="Het Park"), ["place"]),
        (lambda e: place(hall="kleine zaal")(status(Status.SOLD_OUT)(e)), ["hall", "sold-out"]),
    ],
)
def test_a_change_is_told_as_what_it_is(step: Step, wanted: list[str]) -> None:
    assert kinds(START, step) == [wanted]


@pytest.mark.parametrize(
    "step",
    [
        lambda e: replace(e, title="Groot concert", subtitle="Met koor", description="Nieuw", organiser="X"),
        lambda e: replace(e, image="https://x.example/a.jpg", ticket_url="https://x.example/t"),
        lambda e: replace(e, pillars=(), performers=("A",), sources=()),
        when(Timed(at(28))),  # the end is not known any more
        when(Timed(at(28), at(28, 23))),
        when(AllDay(date(2026, 11, 28))),
        place(hall="Grote Zaal"),
        place(hall=None),
        place(name="Theater De Spil", address="Markt 1a"),
        place(venue=None, name="Spil"),
        lambda e: replace(e, occurrences=()),  # gone from the source is not cancelled
        lambda e: replace(e, hidden="private"),
        lambda e: replace(e, occurrences=(*e.occurrences, occurrence("o2", Timed(at(30))))),
    ],
)
def test_new_words_and_what_became_known_are_never_announced(step: Step) -> None:
    assert kinds(START, step) == []


def test_what_comes_back_is_told_and_the_older_news_says_so() -> None:
    back = told(START, status(Status.CANCELLED), status(Status.SCHEDULED))
    assert [a.changes[0].kind for a in back] == [Kind.RESTORED, Kind.CANCELLED]
    assert [a.changes[0].again for a in back] == [False, True]
    assert kinds(START, status(Status.SOLD_OUT), status(Status.SCHEDULED))[0] == ["available"]
    dates = told(START, when(Timed(at(29))), when(Timed(at(30))))
    assert [(a.changes[0].old, a.changes[0].new) for a in dates] == [
        (Timed(at(29)), Timed(at(30))),
        (Timed(at(28), at(28, 22)), Timed(at(29))),
    ]


@pytest.mark.parametrize("off", [Status.CANCELLED, Status.POSTPONED, Status.RESCHEDULED])
def test_a_new_date_says_of_what_was_off_that_it_is_no_longer_so(off: Status) -> None:
    anew: Step = lambda e: when(Timed(at(29)))(status(Status.SCHEDULED)(e))  # noqa: E731
    news = told(START, status(off), anew)
    assert [(a.changes[0].kind, a.changes[0].again) for a in news] == [
        (Kind.MOVED, False),
        (Kind(off.value), True),
    ]
    moved = told(START, when(Timed(at(29))), status(off))
    assert [a.changes[0].again for a in moved] == [False, True]  # nor does the date that it moved to


def test_off_when_first_seen_is_news_sold_out_is_not() -> None:
    assert kinds(status(Status.CANCELLED)(START)) == [["cancelled"]]
    assert kinds(status(Status.SOLD_OUT)(START)) == []
    added = occurrence("o2", Timed(at(30)), Status.CANCELLED)
    later: Step = lambda e: replace(e, occurrences=(*e.occurrences, added))  # noqa: E731
    (news,) = told(START, later)
    assert [(c.kind, c.occurrence) for c in news.changes] == [(Kind.CANCELLED, "o2")]


def test_what_was_over_is_no_news() -> None:
    over = event("e", "Concert", occurrence("o", Timed(at(10))), place=HALL)
    assert kinds(over, status(Status.CANCELLED)) == []
    assert kinds(over, place(hall="kleine zaal")) == []


def test_ids_are_permanent_and_no_two_are_alike() -> None:
    steps = (status(Status.CANCELLED), status(Status.SCHEDULED), when(Timed(at(29))))
    found = [a.id for n in range(1, 4) for a in told(START, *steps[:n])]
    assert len(set(found)) == 3
    assert [a.id for a in told(START, *steps)] == [
        "e#20261120T093000",
        "e#20261120T083000",
        "e#20261120T073000",
    ]
    only_words = lambda e: replace(e, description="Anders")  # noqa: E731
    assert [a.id for a in told(START, *steps, only_words)] == [a.id for a in told(START, *steps)]


def items(now: Event, lines: list[Edit], scope: Scope = REGION, language: str = "nl") -> list[dict[str, str]]:
    agenda = Agenda([now], INFO, TODAY, lines)
    found = entries(agenda, scope, "changed")
    data = assemble_feed(found, scope, "changed", "rss", voice(language), Pieces())
    parsed = feedparser.parse(data)
    assert not parsed.bozo
    return list(parsed.entries)


@pytest.mark.parametrize(
    ("step", "title", "line"),
    [
        (
            status(Status.CANCELLED),
            "za 28 nov 20:00 · AFGELAST: Concert — De Spil, Hengelo",
            "Afgelast: zaterdag 28 november 2026, 20:00–22:00 uur (was: gaat door)",
        ),
        (
            when(Timed(at(29), at(29, 22))),
            "zo 29 nov 20:00 · VERPLAATST: Concert — De Spil, Hengelo",
            "Verplaatst: zaterdag 28 november 2026, 20:00–22:00 uur wordt zondag 29 november 2026, 20:00",
        ),
        (
            place(hall="kleine zaal"),
            "za 28 nov 20:00 · ANDERE ZAAL: Concert — De Spil, Hengelo",
            "Andere zaal: grote zaal wordt kleine zaal",
        ),
        (
            place(venue="ketelhal", name="Ketelhal", hall=None, municipality="enschede", place="Enschede"),
            "za 28 nov 20:00 · ANDERE PLEK: Concert — Ketelhal, Enschede",
            "Andere plek: De Spil, Hengelo wordt Ketelhal, Enschede",
        ),
    ],
)
def test_the_text_has_the_old_and_the_new_value(step: Step, title: str, line: str) -> None:
    (item,) = items(*live(START, step))
    assert item["title"] == title
    assert item["summary"].startswith(line)
    assert line in item["content"][0]["value"]  # type: ignore[index]
    assert item["published"] == "Fri, 20 Nov 2026 07:30:00 +0000"
    assert item["id"] == "urn:trek:e#20261120T073000"


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "Cancelled: Saturday 28 November"), ("de", "Abgesagt: Samstag")],
)
def test_it_is_told_in_each_language(language: str, line: str) -> None:
    (item,) = items(*live(START, status(Status.CANCELLED)), language=language)
    assert item["summary"].startswith(line)


def test_who_follows_the_old_place_hears_that_it_left() -> None:
    moved = place(venue="ketelhal", name="Ketelhal", hall=None, municipality="enschede", place="Enschede")
    now, lines = live(START, moved)
    for scope in (Scope("hengelo"), Scope(venue="de-spil"), Scope("enschede"), Scope(venue="ketelhal")):
        assert len(items(now, lines, scope)) == 1, scope
    assert items(now, lines, Scope("hof-van-twente")) == []


@pytest.mark.parametrize(
    ("choice", "hears"),
    [
        ([("municipality", "hengelo"), ("free", "yes")], False),  # it never was free
        ([("municipality", "hengelo"), ("municipality", "hof-van-twente")], True),  # where it was
        ([("municipality", "enschede"), ("without", "jazz")], True),  # where it is
        ([("venue", "de-spil"), ("words", "concert")], True),
        ([("municipality", "hof-van-twente"), ("words", "concert")], False),
        ([("words", "Hengelo concert")], True),  # found by the name of the place that it left
    ],
)
def test_who_follows_an_own_feed_hears_that_it_left(choice: list[tuple[str, str]], hears: bool) -> None:
    moved = place(venue="ketelhal", name="Ketelhal", hall=None, municipality="enschede", place="Enschede")
    now, lines = live(START, moved)
    wanted = parse_wanted([("kind", "changed"), *choice], INFO, "/feeds.rss")
    assert wanted.choice.scope is None
    data = render_news(Agenda([now], INFO, TODAY, lines), wanted, "rss", voice().urls, Pieces())
    found = [entry.summary for entry in feedparser.parse(data).entries]
    assert len(found) == hears
    assert all("Andere plek: De Spil, Hengelo wordt Ketelhal, Enschede" in text for text in found)


def test_an_own_feed_has_the_newest_changes_and_no_more_than_others() -> None:
    one, two = live(START, status(Status.CANCELLED)), live(replace(START, uid="f"), place(hall="kleine zaal"))
    later = [replace(edit, at=edit.at + timedelta(hours=1)) for edit in two[1]]
    agenda = Agenda([one[0], two[0]], replace(INFO, most_items=1), TODAY, [*one[1], *later])
    wanted = parse_wanted([("kind", "changed"), ("words", "concert")], INFO, "/feeds.rss")
    assert [entry.event.uid for entry in wanted_entries(agenda, wanted)] == ["f"]


def test_a_later_edit_of_words_leaves_the_bytes_alone() -> None:
    first = live(START, status(Status.CANCELLED))
    agenda = Agenda([first[0]], INFO, TODAY, first[1])
    tomorrow = Agenda([first[0]], INFO, TODAY + timedelta(days=1), first[1])
    one, other = (
        assemble_feed(entries(a, REGION, "changed"), REGION, "changed", "atom", voice(), Pieces())
        for a in (agenda, tomorrow)
    )
    assert one == other


def test_changes_are_forgotten_after_thirty_days() -> None:
    now, lines = live(START, status(Status.CANCELLED))
    later = TODAY + timedelta(days=30)
    assert entries(Agenda([now], INFO, later, lines), REGION, "changed") == []
    assert entries(Agenda([now], INFO, later - timedelta(days=5), lines), REGION, "changed") != []


def test_nothing_is_dated_after_it_happened() -> None:
    now, lines = live(START, status(Status.CANCELLED), when(Timed(at(29))))
    for item in entries(Agenda([now], INFO, TODAY, lines), REGION, "changed"):
        assert item.published in {line.at for line in lines}
        assert item.updated >= item.published
        assert isinstance(item.published, datetime)
