"""What forbids that two listings are one event, whatever else agrees: a wrong merge hides a real event."""

from __future__ import annotations

from aggregator.dedupe.record import Record
from aggregator.dedupe.spot import Agreement, Where, compare_spots
from aggregator.dedupe.times import Meeting, When
from aggregator.dedupe.words import Overlap, found_in

_SURE = frozenset({When.MOMENT, When.STAY})
_SAME_PLACE = frozenset({Where.VENUE, Where.HOUSE})
TWO = frozenset({Where.OTHER, Where.VILLAGES})  # places, which need another sign to be one event's
_ONE_DAY = frozenset({When.MOMENT, When.DOORS, When.CLOCK, When.DAY, When.STAY})
_NEVER = frozenset({"camping", "pass"})  # of an event, but never the event itself
_WEAK = frozenset({"workshop"})  # also how others call the event itself
# A member is found more slowly in its class than here.
_APART, _OTHER, _FAR, _SEASON = Where.APART, Where.OTHER, When.FAR, When.SEASON
_NAMED = 0.8  # weight of words by which an event is named


def two_houses(a: Record, b: Record) -> bool:
    """Whether both are at known venues that are not one: what most pairs of a town are, told at a glance."""
    x, y = a.spot, b.spot
    if compare_spots(x, y).where is not _OTHER or a.marks.moved or b.marks.moved:
        return False
    return not (any(call in b.body for call in x.calls) or any(call in a.body for call in y.calls))


def hopeless(a: Record, b: Record, when: Meeting, where: Where, plain: bool) -> str | None:
    """Why nothing else need be compared: a council's meeting, other municipalities, dates that never join.

    `plain` says that both are.
    """
    if not plain and (a.meeting or b.meeting):
        return "a council's meeting, which stands alone with its agenda"
    if where is _APART:
        return "two municipalities"
    if when.when is _FAR:
        return "editions a year apart"
    return None if plain else _by_time(a, b, when)


def veto(a: Record, b: Record, when: Meeting, place: Agreement, title: Overlap, site: bool) -> str | None:
    """Why two that are not hopeless cannot be one event by place, season or marks, or None.

    `site` says that one source lists both.
    """
    said = _by_place(a, b, place, title, site) if place.halls or place.where in TWO else None
    if said is None and when.when is _SEASON:
        said = _by_season(a, b, place.where, title)
    if said is None and not (a.plain and b.plain):
        said = _by_marks(a, b, when, place.where, title)
    return said


def late_veto(a: Record, b: Record, when: Meeting, title: Overlap, more: float, site: bool) -> str | None:
    """Why two without another veto cannot be one event, or None; `more` is shared beside the titles."""
    said = None if a.plain and b.plain else _by_status(a, b, title, more)
    return said or (_by_source(when, title) if site else None)


def _by_place(a: Record, b: Record, place: Agreement, title: Overlap, site: bool) -> str | None:
    where = place.where
    if where in TWO and not _moved(a, b, title):
        return "two venues" if where is _OTHER else "two villages"
    if place.halls and (site or title.shared < _NAMED) and not (a.marks.moved or b.marks.moved):
        return "two halls"
    return None


def _moved(a: Record, b: Record, title: Overlap) -> bool:
    return (a.marks.moved or b.marks.moved) and title.shared >= _NAMED


def _by_time(a: Record, b: Record, when: Meeting) -> str | None:
    if a.marks.private and b.marks.private and when.when not in _ONE_DAY:
        return "two private parties"
    if a.marks.years and b.marks.years and not a.marks.years & b.marks.years:
        return "editions of two years"
    return None


def postponed(a: Record, b: Record) -> bool:
    """Whether one of two tells that its date has changed."""
    return a.marks.postponed or b.marks.postponed


def _by_season(a: Record, b: Record, where: Where, title: Overlap) -> str | None:
    """Months apart, only a new date or one of a series that goes on in between can be the same event."""
    if postponed(a, b):
        return None
    again = title.least > 0.9 and title.rival < 0.3 and where in (*_SAME_PLACE, Where.NAME, Where.TOWN)
    return None if again else "months apart"


def _by_marks(a: Record, b: Record, when: Meeting, where: Where, title: Overlap) -> str | None:
    x, y = a.marks, b.marks
    together = when.when in _SURE and where in (*_SAME_PLACE, Where.NAME)
    if x.parts and y.parts and not x.parts & y.parts:
        return "two numbered parts"
    if x.levels and y.levels and not x.levels & y.levels:
        return "two audiences or levels"
    if x.ages and y.ages and not x.ages & y.ages and title.least < 0.9 and when.when not in _SURE:
        return "two ages"
    if (x.beside ^ y.beside) & _NEVER:
        return "an event and a part beside it"
    if together:
        return None
    if ("school" in x.beside) != ("school" in y.beside):
        return "a performance for schools and a public one"
    one_day = when.when in _ONE_DAY
    beside = (x.beside ^ y.beside) - (_WEAK if one_day else frozenset())
    if beside and not (when.when is When.DAY and title.shared >= 2 * _NAMED):
        return "an event and a part beside it"
    if x.tribute != y.tribute and when.when not in _ONE_DAY:
        return "a tribute and the original"
    if x.levels != y.levels and title.least < 0.9 and when.when not in _SURE:
        return "an event and one for other visitors"
    return None


def _by_status(a: Record, b: Record, title: Overlap, more: float) -> str | None:
    unlike = title.shared < _NAMED
    if unlike and a.cancelled != b.cancelled and more < _NAMED and a.title.telling and b.title.telling:
        return "a cancelled event and another one"
    for x, y in ((a, b), (b, a)):
        if x.marks.replaces and y.cancelled != x.cancelled and title.least < 0.9:
            return "a cancelled event and its replacement"
        if x.marks.replaces and unlike and found_in(y.title.words, x.text) >= 0.5:
            return "a cancelled event and its replacement"
    return None


def _by_source(when: Meeting, title: Overlap) -> str | None:
    if when.when not in _ONE_DAY:
        return None
    if title.named >= 0.5 or (title.shared < 0.5 and title.least < 0.99):
        return "one source lists both under other titles"
    return None
