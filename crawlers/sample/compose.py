"""Composes the events of a venue from the kinds of events and the word lists."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.model import Status
from crawlers.sample.model import Cost, Rule, SampleEvent, SampleVenue, Showing
from crawlers.sample.words import Decks, load_data, slug

WEEKS = 22
DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
SIZES = {
    "stage": 15, "pop": 14, "cafe": 12, "jazz": 11, "library": 10, "kulturhus": 10, "maker": 9,
    "museum": 8, "church": 7, "outdoor": 6, "society": 9, "film": 11, "border": 9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slot:
    """When a kind of event is held: weekdays (0 is Monday), start, length, minutes from doors to start."""

    weekdays: tuple[int, ...]
    start: time
    minutes: int
    doors: int


def parse_slot(text: str) -> Slot:
    """`vr za 20:30 150 30` as a Slot."""
    *days, start, minutes, doors = text.split()
    return Slot(tuple(DAYS.index(d) for d in days), time.fromisoformat(start), int(minutes), int(doors))


def showing(number: int, day: date, slot: Slot) -> Showing:
    """One showing by the wall clock; arithmetic is in wall time, so 22:00 + 6 h is 04:00 in any season."""
    start = datetime.combine(day, slot.start, AMSTERDAM)
    end = start + timedelta(minutes=slot.minutes) if slot.minutes else None
    return Showing(number, start, end, start - timedelta(minutes=slot.doors) if slot.doors else None)


def make_cost(prices: list[int], chance: random.Random) -> Cost:
    """A price between the two given ones in half euros, sometimes with a dearer rank; 0 may be free."""
    low, high = prices
    if high == 0 or (low == 0 and chance.random() < 0.5):
        return Cost(free=True)
    amount = Decimal(chance.randint(max(low, 2) * 2, high * 2)) / 2
    dearer = amount + chance.choice([2, 3, 5]) if low >= 12 and chance.random() < 0.25 else amount
    return Cost(amount.quantize(Decimal("0.01")), dearer.quantize(Decimal("0.01")))


class Composer:
    """Makes events week by week from `monday` on. The same monday gives the same events."""

    def __init__(self, monday: date) -> None:
        self.monday = monday
        self.chance = random.Random("trek sample region, first programme")
        self.decks = Decks(self.chance)
        self.genres: dict[str, dict[str, Any]] = load_data("genres")
        self.busy: set[tuple[str, date]] = set()
        self.titles: set[tuple[str, str]] = set()

    def venue_events(self, venue: SampleVenue) -> list[SampleEvent]:
        """The programme of one venue: first what is always there, then a draw by weight."""
        fitting = {k: g["kinds"][venue.kind] for k, g in self.genres.items() if venue.kind in g["kinds"]}
        fixed = [k for k in fitting if self.genres[k].get("once")]
        free = {k: weight for k, weight in fitting.items() if k not in fixed}
        plan = fixed + self._draw(free, SIZES[venue.kind] - len(fixed))
        return [event for genre in plan if (event := self._event(venue, genre)) is not None]

    def _draw(self, weights: dict[str, float], count: int) -> list[str]:
        """Kinds of events by weight; each kind that fits comes once before any comes twice."""
        shuffled = list(weights)
        self.chance.shuffle(shuffled)
        drawn = sorted(shuffled, key=lambda k: -weights[k])[:count]
        rest = max(count - len(drawn), 0)
        return drawn + self.chance.choices(list(weights), weights=list(weights.values()), k=rest)

    def _event(self, venue: SampleVenue, name: str) -> SampleEvent | None:
        """One event of this kind; None when the venue has no free day left for it."""
        genre = self.genres[name]
        for _ in range(12):
            bound = {"{plaats}": venue.place}
            act, show = (self.decks.fill(genre.get(k, ""), bound) for k in ("act", "show"))
            if (venue.id, f"{act} {show}") not in self.titles:
                break
        else:
            return None
        showings = self._stay(genre) if "stay" in genre else self._showings(venue, genre)
        if not showings:
            return None
        self.titles.add((venue.id, f"{act} {show}"))
        texts = [genre["text"]] if isinstance(genre["text"], str) else genre["text"]
        event = SampleEvent(
            id=f"{venue.id}--{slug(f'{act} {show}')}",
            genre=name,
            act=act,
            show=show,
            venue=venue.id,
            showings=showings,
            category=genre["category"],
            text=self.decks.fill(self.chance.choice(texts), bound),
            pillars=tuple(genre["pillars"]),
            cost=make_cost(genre["price"], self.chance),
            hall=self.chance.choice(venue.halls) if venue.halls else None,
            hours=genre.get("hours"),
            language=genre.get("language", "nl"),
            rule=self._rule(genre, showings),
        )
        return self._fate(event)

    def _showings(self, venue: SampleVenue, genre: dict[str, Any]) -> tuple[Showing, ...]:
        """Free days for the event: one, a run of some days, or a series."""
        times, gap = genre.get("series", (1, 0))
        if "run" in genre and self.chance.random() < 0.3:
            times, gap = self.chance.randint(2, genre["run"]), 1
        for _ in range(40):
            slot = parse_slot(self.chance.choice(genre["slots"]))
            week = self.chance.randrange(WEEKS - (times - 1) * gap // 7)
            first = self.monday + timedelta(days=week * 7 + self.chance.choice(slot.weekdays))
            days = [first + timedelta(days=n * gap) for n in range(times)]
            if not any((venue.id, day) in self.busy for day in days):
                self.busy.update((venue.id, day) for day in days)
                return tuple(showing(n, day, slot) for n, day in enumerate(days, 1))
        return ()

    def _stay(self, genre: dict[str, Any]) -> tuple[Showing, ...]:
        """A span of weeks that may have begun before this week."""
        first = self.monday + timedelta(days=self.chance.randint(-4, 12) * 7 + 5)
        last = first + timedelta(days=self.chance.randint(*genre["stay"]) // 7 * 7 + 1)
        return (Showing(1, first, max(last, self.monday + timedelta(days=13))),)

    @staticmethod
    def _rule(genre: dict[str, Any], showings: tuple[Showing, ...]) -> Rule | None:
        """The weekly rule behind a series, as a calendar feed writes it."""
        first = showings[0].start
        if genre.get("series", (1, 0))[1] != 7 or not isinstance(first, datetime):
            return None
        return Rule(first=first, count=len(showings))

    def _fate(self, event: SampleEvent) -> SampleEvent:
        """Some paid events are sold out, a few are cancelled."""
        if event.cost.free or len(event.showings) > 1 or event.showings[0].stay:
            return event
        draw = self.chance.random()
        if draw < 0.05:
            return replace(event, status=Status.SOLD_OUT)
        return replace(event, status=Status.CANCELLED) if draw < 0.07 else event
