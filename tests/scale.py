"""`make scale`: a country's day in a simulation, held against the arithmetic of docs/scale.md.

342 municipalities, 10,000 sources, 3 million occurrences a year, 5 million subscribers. Sources are polite
hosts in a queue; each subscriber's program asks at its own times and has a copy that is old or new; a
content network has twenty places, each with its own copies for as long as `max-age` says. Every twentieth
calendar is simulated with all its subscribers, as what a place keeps depends on how many ask there. Prints
each figure beside the page's; exit status 1 when one is further from it than a quarter.
"""

from __future__ import annotations

import heapq
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

PAGE = Path(__file__).parents[1] / "docs" / "scale.md"
DAY = 86_400
SOURCES, PAGES, CHANGED = 10_000, 8, 0.15  # pages that are asked for, and how many of them changed
CHANGED_BYTES, SAME_BYTES = 20_000, 300
AT_ONCE, PAUSE, ANSWER = 24, 1.0, 0.25  # hosts side by side; seconds between requests and for an answer
CALENDARS, SUBSCRIBERS, SHARE = 10_000, 5_000_000, 20
NEWS = 4  # changes of a calendar a day, all at a round of the publisher's
PLACES, MAX_AGE = 20, 900
FULL_BYTES = 150_000
# Hours between two looks of a subscriber's program, and how many have it so: calendar programs look seldom.
PROGRAMS = ((0.5, 0.04), (1, 0.04), (6, 0.32), (12, 0.30), (24, 0.30))
AWAKE = (1, 1, 1, 1, 1, 2, 5, 9, 10, 8, 7, 7, 8, 7, 7, 7, 8, 9, 9, 8, 7, 5, 3, 2)  # looks by hour of the day
OCCURRENCES, PER_EVENT, TOLD = 3_000_000, 1.4, 2  # occurrences an event, sources that tell of it
LISTING_BYTES, EVENT_BYTES, STORE_BYTES = 1_800, 3_500, 12_000
WITHIN = 0.25


@dataclass(frozen=True)
class Figure:
    """What is simulated, as the page names it, and in which unit."""

    name: str
    value: float
    unit: str


def simulate(seed: int = 20261124) -> Iterator[Figure]:
    """All figures, in the order of the page."""
    dice = Random(seed)
    yield from crawl(dice)
    yield from stored(dice)
    yield from served(dice)


def crawl(dice: Random) -> Iterator[Figure]:
    """A round over all sources: requests, bytes, and how long one process takes."""
    requests = received = same = 0
    free = [0.0] * AT_ONCE
    for _ in range(SOURCES):
        pages = 1 + sum(dice.random() < (PAGES - 1) / 14 for _ in range(14))
        begun = heapq.heappop(free)
        heapq.heappush(free, begun + pages * max(ANSWER, PAUSE) + 2 * ANSWER)  # robots.txt before them
        requests += pages
        for _ in range(pages):
            if dice.random() < CHANGED:
                received += CHANGED_BYTES
            else:
                received, same = received + SAME_BYTES, same + 1
    yield Figure("requests", requests, "")
    yield Figure("unchanged", 100 * same / requests, "%")
    yield Figure("received", received / 1e6, "MB")
    yield Figure("round", max(free) / 60, "minutes")


def stored(dice: Random) -> Iterator[Figure]:
    """A year in the store, from a hundredth of it."""
    events = listings = occurrences = 0
    while occurrences < OCCURRENCES / 100:
        count = 1
        while dice.random() < 1 - 1 / PER_EVENT:
            count += 1
        events, occurrences = events + 1, occurrences + count
        listings += 1 + (dice.random() < 0.6) + (dice.random() < 0.4)
    yield Figure("events", events / 1e4, "million")
    yield Figure("listings", listings / 1e4, "million")
    yield Figure("listings and events", (listings * LISTING_BYTES + events * EVENT_BYTES) / 1e7, "GB")
    yield Figure("store file", events * STORE_BYTES / 1e7, "GB")


def served(dice: Random) -> Iterator[Figure]:
    """A day of subscribers: what they ask, what the network answers, what comes through to us."""
    polls = full = origin = origin_full = 0
    by_hour = [0] * 24
    weights = [1 / (rank + 50) for rank in range(CALENDARS)]
    scale = SUBSCRIBERS / sum(weights)
    for rank in range(dice.randrange(SHARE), CALENDARS, SHARE):
        news = sorted(dice.randrange(DAY) for _ in range(NEWS))
        looks = sorted(_looks(dice, round(weights[rank] * scale)))
        kept: dict[int, tuple[float, int]] = {}  # place: fetched when, with how many changes in it
        seen: dict[int, int] = {}  # subscriber: with how many changes
        change = 0
        for moment, who in looks:
            while change < NEWS and news[change] <= moment:
                change += 1
            place = who % PLACES
            fetched, has = kept.get(place, (-DAY, -1))
            if moment - fetched > MAX_AGE:
                origin, origin_full = origin + 1, origin_full + (has != change)
                has = change
                kept[place] = (moment, has)
            polls, full = polls + 1, full + (seen.get(who, 0) != has)
            seen[who] = has
            by_hour[int(moment // 3600)] += 1
    yield Figure("polls", polls * SHARE / 1e6, "million")
    yield Figure("polls a second", polls * SHARE / DAY, "")
    yield Figure("polls a second in the busiest hour", max(by_hour) * SHARE / 3600, "")
    yield Figure("of these unchanged", 100 - 100 * full / polls, "%")
    yield Figure("sent in full", full * SHARE * FULL_BYTES / 1e9, "GB")
    yield Figure("origin", origin * SHARE / DAY, "requests a second")
    yield Figure("origin, in full", origin_full * SHARE / DAY, "requests a second")


def _looks(dice: Random, count: int) -> Iterator[tuple[float, int]]:
    """When the programs of so many subscribers look on a day: at all hours, more by day."""
    hours = list(range(24))
    for who in range(count):
        (every,) = dice.choices([p[0] for p in PROGRAMS], [p[1] for p in PROGRAMS])
        for _ in range(round(24 / every)):
            yield (dice.choices(hours, AWAKE)[0] + dice.random()) * 3600, who


def page_figures(text: str) -> dict[str, float]:
    """The figures in the page's table of what is checked: name and number."""
    rows = re.findall(r"^\| ([a-z][^|]*?) \| ([\d,.]+)[^|]*\|", text, re.M)
    return {name: float(number.replace(",", "")) for name, number in rows}


def main() -> int:
    """Exit status: 0 when page and simulation agree."""
    began, said, wrong = time.process_time(), page_figures(PAGE.read_text("utf-8")), 0
    for one in simulate():
        told = said.get(one.name)
        off = told is None or abs(one.value - told) > WITHIN * told
        wrong += off
        print(f"{one.name:36} {one.value:12,.1f} {one.unit:18} page: {told}{'   <- differs' if off else ''}")
    print(f"{wrong} differ; {time.process_time() - began:.0f} s of computing")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
