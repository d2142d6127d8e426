"""Compares two records field by field: each agreement or difference adds to the odds that they are one.

The weights are log-odds in the manner of Fellegi and Sunter (1969), set by hand from labelled pairs.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

from aggregator.dedupe.record import Record, one_site
from aggregator.dedupe.spot import Where, compare_spots
from aggregator.dedupe.times import NEAR, SEASON, Meeting, When, meet
from aggregator.dedupe.veto import TWO, hopeless, late_veto, postponed, two_houses, veto
from aggregator.dedupe.vocabulary import AGAIN
from aggregator.dedupe.words import Overlap, found_in, overlap, weigh

# What speaks for one event when both tell of one day.
_DAY_BASE = 0.4
_WHEN = {When.MOMENT: 1.2, When.STAY: 1.8, When.DOORS: -1.7, When.CLOCK: -2.7, When.DAY: -1.2}
_WHERE = {
    Where.VENUE: 2.2,
    Where.HOUSE: 1.0,
    Where.NAME: 1.7,
    Where.TOLD: 0.8,
    Where.TOWN: -1.2,
    Where.UNLIKE: -2.0,
    Where.BESIDE: -1.5,
    Where.OPEN: -3.6,
    Where.NOWHERE: -1.5,
    Where.OTHER: -3.0,
    Where.VILLAGES: -3.0,
}
_UNSURE = frozenset({Where.TOWN, Where.OPEN, Where.UNLIKE, Where.BESIDE, Where.OTHER, Where.VILLAGES})
_OTHER = Where.OTHER  # a member is found more slowly in its class
_SOME = 2  # telling words of a text that says something
_VAGUE = frozenset({Where.NOWHERE, Where.OPEN, Where.TOWN, Where.UNLIKE})
_ONE_PLACE = frozenset({Where.VENUE, Where.HOUSE, Where.NAME})
_SAME_SOURCE = -2.8
_SAME_PAGE = 2.5  # one address, and the title says that it is no list
_BARE = -1.8  # nothing is shared but place and time
_ROOMS = -2.5  # in a house where two things may well be at once
_TALKATIVE = -2.2  # though both tell much
# What speaks for one event on several days: the title must say it.
_DAYS_BASE = -3.2
_DAYS = {When.BEGIN: 1.0, When.WITHIN: 0.0, When.LATER: 0.3, When.PART: 0.0, When.NEAR: -1.0}
_DAYS_WHERE = {Where.VENUE: 0.5, Where.HOUSE: 0.5, Where.NAME: 0.3, Where.TOWN: 0.0, Where.NOWHERE: -3.5}
_ELSEWHERE = -2.0
_NOTHING = Overlap(0.0, 0.0, 0.0)
_POSTPONED, _MONTHS = -2.0, -6.0  # months apart, with a notice of a new date and without
_ROUNDED = 1e-6  # more than sums of the same in another order differ
_STAYING = frozenset({When.BEGIN, When.WITHIN})
_ACTIVITY = -2.0  # one source lists the exhibition and, within it, something that is called more
_REPEATED = 2.0  # one source lists one title again
_RHYTHM = 0.8  # the same weekday and time
_FORMULA = 2.0  # what both are called is an activity that comes again with the same content
_UNTOLD = -5.0  # one title again, yet their texts tell of unlike things
_ONE_NAME = 0.3  # weight of what each names alone below which they name one thing
_ONE_TITLE = 0.8  # share of the richer title that is said by both
_NEARBY = _DAYS[When.NEAR]


class Comparison(NamedTuple):
    """All that was compared; `cross` words of a title in the other's text, `told` shared text.

    `alone` is what it weighs that place and time alone agree; 0 when words do.
    """

    when: Meeting
    where: Where
    title: Overlap
    cross: float
    told: float
    runs: int
    same_source: bool
    veto: str | None
    same_page: bool = False
    alone: float = 0.0
    postponed: bool = False
    formula: bool = False
    unlike: bool = False

    @property
    def odds(self) -> float:
        """Log-odds that both are one event; above 0 is more likely than not."""
        return self._same_day() if self.when.when in _WHEN else self._other_days()

    def _same_day(self) -> float:
        title = self.title
        runs = min(self.runs, 5) / 5 if self.runs else 0.0
        page = _SAME_PAGE if self.same_page and title.least >= _ONE_TITLE else 0.0
        words = min(title.shared, 2.5) + (1.5 * title.most + 2.0 * title.least) * _telling(title)
        if self.where in _VAGUE:
            words -= min(title.rival, 1.5)
        text = 2.2 * min(self.cross, 2.0) + 1.2 * min(self.told, 3.0) + 1.1 * runs
        source = page + (_SAME_SOURCE if self.same_source else 0.0)
        return _DAY_BASE + _WHEN[self.when.when] + _WHERE[self.where] + words + text + source + self.alone

    def _other_days(self) -> float:
        title, when = self.title, self.when
        page = _SAME_PAGE if self.same_page and title.least >= _ONE_TITLE else 0.0
        words = _words_of_days(title)
        # one text for all of a series of unlike evenings tells nothing
        text = 3.0 * (min(self.runs, 5) / 5) if self.runs and title.rival < _ONE_NAME else 0.0
        if self.same_source and when.when in _STAYING and title.least < 0.9:
            text += _ACTIVITY
        place = _DAYS_WHERE.get(self.where, _ELSEWHERE)
        text -= _rivalry(title)
        text += _RHYTHM * when.rhythm + _REPEATED * (title.least > 0.99 and self.same_source)
        text += _FORMULA * self.formula + _UNTOLD * self.unlike
        apart = _DAYS.get(when.when, _POSTPONED if self.postponed else _MONTHS)
        return _DAYS_BASE + apart + place + words + text + page

    @property
    def voice(self) -> float:
        """The odds as they count in a group."""
        return self.heard(self.odds)

    def heard(self, odds: float) -> float:
        """These odds of it as they count in a group: other days that look unlike speak hardly against it."""
        if self.when.when in _WHEN:
            return max(-3.0, min(4.0, odds))
        again = self.title.least > 0.9 and self.title.rival < 0.3
        return max(0.0 if again else -0.7, min(4.0, odds))

    @property
    def score(self) -> float:
        """0..1: the odds as a probability."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.odds))))

    @property
    def because(self) -> str:
        """In plain words what holds the two together."""
        title = self.title
        if title.least >= 0.99:
            said = "the same title"
        elif title.shared >= 0.8 or title.most >= 0.9:
            said = "alike titles"
        elif self.cross >= 0.5:
            said = "one's title in the other's text"
        elif self.told >= 0.6:
            said = "texts that share words"
        else:
            said = "other titles, but nothing speaks against it"
        return f"{said}, {self.when.when}, {self.where}"


def compare(a: Record, b: Record, *, whole: bool = True) -> Comparison:
    """The comparison of two records; order does not matter.

    Unless `whole`, no more is weighed of two that are found to be forbidden to be one.
    """
    place, when = compare_spots(a.spot, b.spot), meet(a.times, b.times)
    where, one_day, plain = place.where, when.when in _WHEN, a.plain and b.plain
    reason = hopeless(a, b, when, where, plain)
    if reason is None and not whole and where in TWO and _is_apart(a, b, where, plain and not one_day):
        reason = "two venues"
    if reason is not None:
        return Comparison(when, where, _NOTHING, 0.0, 0.0, 0, False, reason)
    if one_day and where in _UNSURE and _names_place(a, b):
        where, place = Where.TOLD, place._replace(where=Where.TOLD)
    title, site = overlap(a.title, b.title), one_site(a, b)
    said = veto(a, b, when, place, title, site)
    if said and not whole:
        return Comparison(when, where, title, 0.0, 0.0, 0, site, said)
    cross = told = alone = 0.0
    formula = unlike = False
    apart = a.text.isdisjoint(b.text)
    if one_day:
        if a.title is not b.title or a.short or b.short:
            cross = _cross(a, b) + _cross(b, a)
        told = 0.0 if apart else sum(map(weigh, a.text & b.text))
        if title.shared < 0.3 and cross < 0.5 and told < 0.6:
            alone = _alone(a, b)
    else:  # of other days the title must tell, and no text speak against it
        formula = where in _ONE_PLACE and _is_formula(a, b)
        if apart and not formula and title.least >= 0.9:
            unlike = min(len(a.text), len(b.text)) >= _SOME
    if said is None and (site or not plain):
        said = late_veto(a, b, when, title, cross + told, site)
    page = a.url is not None and a.url == b.url
    runs = 0 if a.grams.isdisjoint(b.grams) else len(a.grams & b.grams)
    late = not plain and postponed(a, b)
    return Comparison(when, where, title, cross, told, runs, site, said, page, alone, late, formula, unlike)


def unlikely(a: Record, b: Record) -> bool:
    """Whether a glance tells what `compare` would find: that two of other days are not linked.

    Of two records of one day each: a year or two places are between them, or their titles name two things,
    so much that neither text nor rhythm could make up for it.
    """
    x, y = a.times.evening, b.times.evening
    if x is None or y is None or x[0] == y[0]:
        return False
    gap, where = abs(x[0] - y[0]), compare_spots(a.spot, b.spot).where
    if gap >= SEASON or (where in TWO and a.plain and b.plain):
        return True
    title = overlap(a.title, b.title)
    if title.rival < _ONE_NAME or title.least >= _ONE_TITLE:
        return False
    best = _DAYS_BASE + (_NEARBY if gap <= NEAR else _POSTPONED) + _DAYS_WHERE.get(where, _ELSEWHERE)
    best += _RHYTHM * (gap % 7 == 0) + _FORMULA * (a.title.core == b.title.core)
    return best + _words_of_days(title) - _rivalry(title) < -_ROUNDED


def _words_of_days(title: Overlap) -> float:
    """What the titles of other days say for one event."""
    return 1.2 * min(title.shared, 2.0) + (1.0 * title.most + 2.2 * title.least) * _telling(title)


def _rivalry(title: Overlap) -> float:
    """What the titles of other days say against one event."""
    return 4.0 * min(title.rival, 1.2)


def _is_apart(a: Record, b: Record, where: Where, silent: bool) -> bool:
    """Whether two venues or villages forbid at a glance; `silent` are words that could not help it."""
    return silent or (where is _OTHER and two_houses(a, b))


def _names_place(a: Record, b: Record) -> bool:
    """Whether one's words name the place of the other: "in the library of the Kulturhus"."""
    for x, y in ((a.spot, b), (b.spot, a)):
        if any(name in y.body and name not in y.spot.line for name in x.calls):
            return True
    return False


def _is_formula(a: Record, b: Record) -> bool:
    """Whether both titles say no more than one activity that comes again, as Repair Café or Open Podium."""
    core = a.title.core
    return bool(core) and core == b.title.core and core <= AGAIN


def _alone(a: Record, b: Record) -> float:
    much = min(len(a.text), len(b.text)) >= _SOME
    named = bool(a.title.core and b.title.core)  # not only "Enschede, Concordia"
    return _BARE + _ROOMS * (named and (a.spot.rooms or b.spot.rooms)) + _TALKATIVE * much


def _telling(title: Overlap) -> float:
    """0..1: how far the shared words name something; kinds of event alone say little."""
    return min(1.0, title.shared / 1.2)


def _cross(a: Record, b: Record) -> float:
    """Weight of title words of `a` that stand in the text of `b`, not in its title; or its initials."""
    found = 0.0
    if b.said and a.title.words != b.title.words:
        seen = b.title.texts
        found = found_in([w for w in a.title.telling if w.text not in seen], b.said, b.heard)
    if a.short:
        initials = b.initials
        found += sum(1.0 for short in a.short if short in initials)
    return found
