"""Events tagged a second, and the same words as one regular expression per rule, in turn.

The peer does the part that a plain tagger would do: for each rule an alternation of its words, searched in
the same fields of the same events. It finds no more than that; ours also weighs, combines and explains.
Beside it stands what `MANY` events take of one processor, and the price of an event among many against that
among few: about 1 where the work is linear.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator.config_loader import find_config, load_region
from aggregator.model import Event, EventOccurrence, ListingRef, Occurrence, Place, Timed
from aggregator.tag.match import fold
from aggregator.tag.rules import Rule
from aggregator.tag.tagger import Tagger

SIZE = 2_000
MANY = 50_000
RUNS = 5
PEER_PART = 20  # the peer reads one event in so many, as it is that much slower
START = datetime(2026, 12, 1, 19, tzinfo=UTC)
TITLES = (
    "Kerstconcert met koor en orkest", "Repair Café", "De stille stad", "Filmhuis: De brug", "Lichtroute",
    "Workshop zeefdrukken (8+)", "Stand-upcomedy", "Taalcafé op woensdag", "Oude gevels", "Techno in de hal",
)  # fmt: skip
TEXTS = (
    "Schuif aan bij de buren; de koffie staat klaar en aanmelden is niet nodig.",
    "Het ensemble speelt werk van Bach en Telemann in de kerk. Kaarten aan de zaal, aanvang 20.15 uur.",
    "Een installatie met sensoren en projecties reageert op wie langsloopt.",
    "Toneelgroep speelt een blijspel in drie bedrijven over een familie en een erfenis.",
    "Negen schilders tonen nieuw werk. De tentoonstelling is gratis te bezoeken van dinsdag tot zondag.",
)


def measure() -> dict[str, Any]:
    """One line for `make bench`: events a second, the median of `RUNS` runs taken in turn with the peer."""
    tagger = Tagger(load_region(find_config(Path(__file__).parents[2] / "config")))
    events = [_event(n) for n in range(SIZE)]
    patterns = [_alternation(rule) for rule in (*tagger.rules.rules, *tagger.genres.rules) if rule.words]
    few = events[::PEER_PART]
    ours: list[float] = []
    peer: list[float] = []
    for run in range(RUNS + 1):  # the first warms both up and is not counted
        first = _speed(tagger.tag, events)
        second = _speed(lambda event: _search(patterns, event), few)
        if run:
            ours.append(first)
            peer.append(second)
    fast, slow = statistics.median(ours), statistics.median(peer)
    many = _speed(tagger.tag, (_event(n) for n in range(5 * SIZE)))
    return {
        "name": "tag",
        "ours": round(fast),
        "peer": round(slow, 1),
        "ratio": round(fast / slow, 1),
        "unit": "events/s",
        "peer_name": "one regular expression per rule (re)",
        "size": SIZE,
        "seconds_50k": round(MANY / fast, 1),
        "linear": round(fast / many, 2),
    }


def _event(n: int) -> Event:
    title = f"{TITLES[n % len(TITLES)]} {n}"
    text = " ".join(TEXTS[(n + k) % len(TEXTS)] for k in range(1 + n % 4))
    when = EventOccurrence(f"o{n}", Occurrence(Timed(START + timedelta(hours=n))))
    place = Place("hengelo", name="Theater De Proef")
    return Event(f"e{n}", title, (when,), place, (ListingRef("s", str(n)),), description=text)


def _alternation(rule: Rule) -> re.Pattern[str]:
    words = (re.escape(fold(w.strip("*")).strip()) for w in rule.words)
    return re.compile(rf"\b(?:{'|'.join(words)})")


def _search(patterns: list[re.Pattern[str]], event: Event) -> int:
    fields = [fold(t) for t in (event.title, event.description or "", event.place.name or "")]
    return sum(bool(pattern.search(text)) for pattern in patterns for text in fields)


def _speed(work: Callable[[Event], object], events: Iterable[Event]) -> float:
    """Events a second of processor time."""
    made = list(events)
    started = time.process_time()
    for event in made:
        work(event)
    return len(made) / (time.process_time() - started)


if __name__ == "__main__":
    print(measure())
