"""Texts a second of the date reader and of dateparser, on the same texts, in turn.

The peer is dateparser's `search_dates`, the call that does the same work: find the dates in a text, here
told the three languages that we read. `parse`, which reads a text that is nothing but one date, is measured
beside it and given as `peer_parse` and `ratio_parse`.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from aggregator.normalise.when import parse_when

TODAY = date(2026, 11, 23)
RUNS = 7
LANGUAGES = ["nl", "de", "en"]
# As venues print dates: one moment, doors, ranges, lists, rhythms, relative words, prose, nothing at all.
TEXTS = (
    "za 28 nov 2026, 20.15 uur",
    "Zaterdag 5 december | zaal open 19.30 | aanvang 20.15 uur",
    "06-12-2026 15:00",
    "vrijdag 11 en zaterdag 12 december, 20.00 uur",
    "do 12 t/m za 14 maart, 20.15 uur",
    "28 november 2026 t/m 3 januari 2027, di t/m zo van 11.00 tot 17.00 uur",
    "t/m 3 januari",
    "elke eerste zondag van de maand van 14.00 tot 16.00 uur",
    "vanavond half negen",
    "Tweede Kerstdag 15.00 uur",
    "Sat, 12 Dec 2026 19:00:00 GMT",
    "2026-12-05T20:30:00+01:00",
    "Samstag, 5. Dezember 2026, 20:30 Uhr, Einlass 19:30 Uhr",
    "Op vrijdagavond 27 november speelt het orkest om 20:00 uur in de Waag; de zaal is vanaf 19:15 uur geopend.",
    "Voorverkoop vanaf 1 november. Concert zaterdag 5 december, 20.30 uur. Tel. 074-2421234",
    "€ 12,50 / € 10,00 voor leden",
    "Verplaatst van 28 november naar 12 december, 20.00 uur",
    "wo 9 dec 14.00 uur | voor kinderen van 6 tot 12 jaar | groep 3 t/m 5",
    "13 december, 3 januari 2027 en nog 9 dagen",
    "Film: zo 29 nov 14:15, 98 min.",
)


def measure() -> dict[str, Any]:
    """One line for `make bench`: texts a second, the median of `RUNS` runs taken in turn with the peer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _measure()


def _measure() -> dict[str, Any]:
    import dateparser
    from dateparser.search import search_dates

    settings: Any = {"DATE_ORDER": "DMY", "RELATIVE_BASE": datetime.combine(TODAY, datetime.min.time())}
    readers: dict[str, Callable[[str], object]] = {
        "ours": lambda text: parse_when(text, TODAY),
        "peer": lambda text: search_dates(text, languages=LANGUAGES, settings=settings),
        "parse": lambda text: dateparser.parse(text, languages=LANGUAGES, settings=settings),
    }
    rounds = {"ours": 20, "peer": 1, "parse": 2}
    speeds: dict[str, list[float]] = {name: [] for name in readers}
    for run in range(RUNS + 1):  # the first warms both up and is not counted
        for name, read in readers.items():
            started = time.process_time()
            for _ in range(rounds[name]):
                for text in TEXTS:
                    read(text)
            spent = time.process_time() - started
            if run:
                speeds[name].append(len(TEXTS) * rounds[name] / spent)
    ours, peer, parse = (statistics.median(speeds[name]) for name in ("ours", "peer", "parse"))
    return {
        "name": "when",
        "ours": round(ours),
        "peer": round(peer, 1),
        "ratio": round(ours / peer, 1),
        "unit": "texts/s",
        "peer_name": "dateparser search_dates (nl, de, en)",
        "size": len(TEXTS),
        "peer_parse": round(parse, 1),
        "ratio_parse": round(ours / parse, 1),
    }


if __name__ == "__main__":
    print(measure())
