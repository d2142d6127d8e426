"""Listings of made-up events at real and made-up venues, with the truth: which are one event at one moment.

One copy of the region holds about 150 listings a day; beyond 100,000 listings there are more regions, not
fuller days. Each event is told by one to five sources as sources do: act and show swapped, only one of them,
a notice in front, a support act left out, another language, a slip of the pen, a headline, doors for start,
a clock in UTC, no time, a hall, a former name or the town alone. Planted beside them, and never the same:
the tour's next town, a second thing in the house, a talk afterwards, part 2, a tribute, last year's edition,
the same film in another house, a week later in a series.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Listing, Occurrence, Place, Tier, Timed
from aggregator.region import Region
from tests.bench._words import (
    ADJECTIVES,
    AGAIN,
    CRAFTS,
    ENGLISH,
    FOOTERS,
    NOTICES,
    NOUNS,
    SYLLABLES,
    TEXTS,
    THEMES,
    TOWNS,
)

FIRST = date(2026, 9, 1)
A_DAY, WHOLE = 150, 100_000  # listings of one region


@dataclass(frozen=True, slots=True)
class Told:
    """A listing, and the number of the event and moment that it tells of."""

    listing: Listing
    truth: int


@dataclass(frozen=True, slots=True)
class House:
    """A venue with the ways in which sources write it, and the source of its own."""

    place: Place
    names: tuple[str, ...]
    halls: tuple[str, ...]
    many: bool


@dataclass(slots=True)
class Plan:
    """One event before it is told."""

    kind: str
    act: str
    show: str
    house: House
    start: datetime
    extra: tuple[str, ...] = ()
    last: date | None = None


def programme(region: Region, size: int, seed: int = 1) -> list[Told]:
    """So many listings, in an order that says nothing; the same for the same seed."""
    chance = random.Random(seed)
    regions = max(1, round(size / WHOLE))
    days = max(20, size // regions // A_DAY)
    told: list[Told] = []
    truth = 0
    for copy in range(regions):
        full = size * (copy + 1) // regions
        for plan in _plans(chance, _houses(region, copy), days):
            truth += 1
            told += _tell(chance, plan, truth, len(told))
            if len(told) >= full:
                break
    del told[size:]
    chance.shuffle(told)
    return told


def _houses(region: Region, copy: int) -> list[House]:
    """The region's venues; of a further copy under made-up names in towns that are nowhere."""
    houses = []
    for venue in sorted(region.venues.values(), key=lambda v: v.id):
        names = (venue.name, *venue.aliases, *venue.former)
        town, identity, owner = venue.place or venue.municipality, venue.id, venue.municipality
        if copy:
            town, owner = f"{TOWNS[len(owner) % len(TOWNS)]}{copy}", f"{owner}-{copy}"
            chance = random.Random(f"{copy}{identity}")
            names = tuple(f"{name.split()[0]} {_name(chance)}" for name in names[:1])
            identity = f"{identity}-{copy}"
        place = Place(owner, identity, names[0], place=town, address=venue.address if not copy else None)
        many = venue.kind in ("library", "museum", "community centre", "kulturhus", "makerspace")
        houses.append(House(place, names, venue.halls, many))
    return houses


def _plans(chance: random.Random, houses: Sequence[House], days: int) -> Iterator[Plan]:
    """Events without end, with what is planted beside them."""
    while True:
        house = chance.choice(houses)
        start = _start(chance, FIRST + timedelta(days=chance.randrange(days)))
        act, show = _act(chance), _show(chance)
        kind = chance.choices(
            ("concert", "theatre", "choir", "film", "lecture", "workshop", "stay", "again"),
            (24, 24, 6, 12, 10, 10, 6, 6),
        )[0]
        plan = Plan(kind, act, show, house, start)
        if kind == "concert":
            plan.extra = tuple(_act(chance) for _ in range(chance.randrange(3)))
        elif kind == "stay":
            plan.last = start.date() + timedelta(days=chance.randrange(3, 120))
        yield plan
        yield from _beside(chance, plan, houses, days)


def _beside(chance: random.Random, plan: Plan, houses: Sequence[House], days: int) -> Iterator[Plan]:
    """What looks like an event and is another, or another moment of it."""
    later = plan.start + timedelta(days=chance.randrange(1, 9))
    other = chance.choice(houses)
    if plan.kind in ("theatre", "concert", "film") and chance.random() < 0.4:
        yield replace(plan, house=other, start=plan.start if chance.random() < 0.3 else later)
    if plan.kind == "theatre" and chance.random() < 0.2:
        yield replace(plan, kind="talk", start=plan.start + timedelta(hours=2))
    if plan.kind == "theatre" and chance.random() < 0.2:
        yield replace(plan, start=plan.start + timedelta(hours=5 if plan.start.hour < 16 else -5))
    if plan.kind in ("lecture", "workshop") and chance.random() < 0.5:
        yield replace(plan, act=_act(chance), show=_show(chance), start=plan.start + timedelta(days=7))
    if plan.kind == "concert" and chance.random() < 0.1:
        yield replace(plan, kind="tribute", start=later, extra=())
    if plan.kind == "choir" and chance.random() < 0.5:
        yield replace(plan, act=_act(chance), start=later)
    if plan.kind == "again":
        for week in range(1, chance.randrange(3, 10)):
            yield replace(plan, start=plan.start + timedelta(days=7 * week))
    if (plan.house.halls or plan.house.many) and chance.random() < 0.3:
        yield replace(plan, kind="theatre", act=_act(chance), show=_show(chance), extra=(), last=None)
    if chance.random() < 0.05:
        year = timedelta(days=364)
        last = plan.last - year if plan.last else None
        yield replace(plan, start=plan.start - year, last=last)


def _tell(chance: random.Random, plan: Plan, truth: int, number: int) -> Iterator[Told]:
    """The listings of one event: the house's own, and what others make of it."""
    text = _text(chance, plan)
    tellers = [Tier.VENUE]
    for tier, often in ((Tier.REGIONAL, 0.6), (Tier.MUNICIPAL, 0.5), (Tier.SELLER, 0.35)):
        tellers += [tier] * (chance.random() < often)
    if plan.kind in ("concert", "theatre", "tribute"):
        tellers += [Tier.ORGANISER] * (chance.random() < 0.15)
    tellers += [Tier.PRESS] * (chance.random() < 0.08)
    for at, tier in enumerate(tellers):
        source = f"{tier.value}-{plan.house.place.municipality}"
        if tier is Tier.VENUE:
            source = f"own-{plan.house.place.venue}"
        elif tier is Tier.SELLER:
            source = "seller"
        title = _title(chance, plan, tier)
        listing = Listing(
            source,
            f"{number + at}",
            tier,
            title,
            (_moment(chance, plan, tier),),
            _place(chance, plan, tier),
            description=_said(chance, text, plan, tier),
            url=f"https://{source}.example/agenda/{number + at}",
        )
        yield Told(listing, truth)


def _title(chance: random.Random, plan: Plan, tier: Tier) -> str:
    town = plan.house.place.place
    title = _plain(chance, plan, tier)
    if tier is Tier.ORGANISER and chance.random() < 0.4:
        return f"{town}, {plan.house.names[0]}"
    if chance.random() < 0.07:
        title = chance.choice(NOTICES) + title
    if tier in (Tier.REGIONAL, Tier.PRESS) and chance.random() < 0.1:
        title = f"{title} in {town}"
    if chance.random() < 0.06:
        title = title.upper()
    return _slip(chance, title) if chance.random() < 0.07 else title


def _plain(chance: random.Random, plan: Plan, tier: Tier) -> str:
    act, show, form = plan.act, plan.show, chance.random()
    if plan.kind == "concert":
        names = [act, *plan.extra]
        if tier is not Tier.VENUE and form < 0.3:
            return act
        if form < 0.5:
            chance.shuffle(names)
        return chance.choice((" + ", ", ", " & ")).join(names)
    if plan.kind == "theatre":
        if tier is Tier.SELLER and form < 0.5:
            return act if form < 0.25 else show
        return f"{show} – {act}" if form < 0.4 else f"{act}: {show}" if form < 0.7 else f"{act} - {show}"
    plain = {
        "choir": f"Kerstconcert {act}", "film": show, "lecture": f"Lezing {_theme(plan)} door {act}",
        "workshop": f"Workshop {_craft(plan)}", "stay": show, "talk": f"Nagesprek {show}",
        "tribute": f"Tribute to {act}", "again": _formula(plan),
    }[plan.kind]  # fmt: skip
    if tier is Tier.VENUE or form < 0.5:
        return plain
    varied = {
        "choir": f"{act} zingt kerst", "film": f"Filmhuis: {show}", "stay": f"Expositie {show}",
        "lecture": f"{act} over {_theme(plan)}", "workshop": f"{_craft(plan).capitalize()} voor iedereen",
        "again": f"{_formula(plan)} {plan.house.place.place}",
    }.get(plan.kind, plain)  # fmt: skip
    if plan.kind in ("stay", "film") and form > 0.95:
        return "Exhibition " + " ".join(ENGLISH.get(w, w) for w in show.split())
    return varied


def _moment(chance: random.Random, plan: Plan, tier: Tier) -> Occurrence:
    if plan.last:
        last = None if tier is not Tier.VENUE and chance.random() < 0.15 else plan.last
        return Occurrence(AllDay(plan.start.date(), last))
    shift = chance.random() if tier is not Tier.VENUE else 1.0
    if shift < 0.06:
        return Occurrence(AllDay(plan.start.date()))
    minutes = 30 if shift < 0.12 else 60 if shift < 0.15 else 120 if shift < 0.17 else 0
    return Occurrence(Timed(plan.start - timedelta(minutes=minutes)))


def _place(chance: random.Random, plan: Plan, tier: Tier) -> Place:
    place, form = plan.house.place, chance.random()
    if tier is Tier.VENUE:
        hall = chance.choice(plan.house.halls) if plan.house.halls and form < 0.3 else None
        return replace(place, hall=hall)
    if form < 0.08:
        return Place(place.municipality, place=place.place)
    if form < 0.12:
        return Place(place.municipality, name=plan.house.names[-1], place=place.place)
    return replace(place, name=chance.choice(plan.house.names))


def _text(chance: random.Random, plan: Plan) -> str:
    n, m = chance.sample(NOUNS, 2)
    return chance.choice(TEXTS).format(a=plan.act, s=plan.show, n=n, m=m)


def _said(chance: random.Random, text: str, plan: Plan, tier: Tier) -> str | None:
    form = chance.random()
    if form < 0.25:
        return None
    if form < 0.45:
        return chance.choice(FOOTERS)
    own = text if form < 0.8 else _text(chance, plan)
    return own[: chance.randrange(30, 90)] + "…" if tier is Tier.SELLER else f"{own} {chance.choice(FOOTERS)}"


def _slip(chance: random.Random, title: str) -> str:
    at = chance.randrange(max(1, len(title) - 1))
    return title[:at] + title[at + 1 : at + 2] + title[at] + title[at + 2 :]


def _start(chance: random.Random, day: date) -> datetime:
    hour, minute = chance.choice(((10, 0), (14, 0), (15, 0), (19, 30), (20, 0), (20, 15), (20, 30)))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM)


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.choice((2, 2, 3)))).capitalize()


def _act(chance: random.Random) -> str:
    form = chance.random()
    if form < 0.5:
        return f"{_name(chance)} {_name(chance)}"
    return (
        f"{_name(chance)} Kwartet" if form < 0.6 else f"De {_name(chance)}s" if form < 0.75 else _name(chance)
    )


def _show(chance: random.Random) -> str:
    noun, adjective = chance.choice(NOUNS), chance.choice(ADJECTIVES)
    return f"De {adjective} {noun}" if chance.random() < 0.5 else f"{_name(chance)} en de {noun}"


def _theme(plan: Plan) -> str:
    return THEMES[sum(map(ord, plan.show + plan.act)) % len(THEMES)]


def _craft(plan: Plan) -> str:
    return CRAFTS[sum(map(ord, plan.show + plan.act)) % len(CRAFTS)]


def _formula(plan: Plan) -> str:
    return AGAIN[sum(map(ord, plan.act)) % len(AGAIN)]
