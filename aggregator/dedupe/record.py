"""A listing prepared for comparison: telling words, days, moments, place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Listing, Occurrence, Timed

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
LONGEST_STAY = timedelta(days=92)  # of a span whose days are looked at one by one

# Words that say what kind of thing it is, or how it stands, but not which one.
GENERAL = frozenset(
    (
        "de het een der den van voor met in op te tot aan bij en of the and at with for die das und mit im "
        "live uitverkocht geannuleerd afgelast verplaatst nieuw extra gratis try out tryout premiere "
        "voorstelling concert concerten theater theatervoorstelling muziek film cabaret workshop cursus "
        "lezing festival markt tentoonstelling expositie avond middag ochtend dag week editie show tour "
        "tournee seizoen zaal open presenteert speelt zingt olv ovb ism mmv feat ft support"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Record:
    """`words` are the telling words of title and subtitle; `moments` day and minutes (None: no time)."""

    listing: Listing
    words: frozenset[str]
    text: str
    moments: tuple[tuple[date, int | None], ...]
    spans: tuple[tuple[date, date], ...]

    @property
    def days(self) -> frozenset[date]:
        """Every single day that is named."""
        return frozenset(day for day, _ in self.moments)


def prepare(listing: Listing) -> Record:
    """The record of a listing; words of its own town and venue tell nothing and are left out."""
    place = listing.place
    where = fold(" ".join(filter(None, (place.place, place.municipality, place.name))))
    title = fold(f"{listing.title} {listing.subtitle or ''}")
    tokens = [w for w in WORD.findall(title) if w not in GENERAL]
    near = set(WORD.findall(where))
    words = frozenset(w for w in tokens if w not in near and not _is_year(w)) or frozenset(tokens)
    moments = tuple(sorted(_moments(listing.occurrences), key=lambda m: (m[0], m[1] or 0)))
    spans = tuple(_spans(listing.occurrences))
    return Record(listing, words, " ".join(sorted(words)), moments, spans)


def fold(text: str) -> str:
    """Lower case without accents: what is compared, never what is shown."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'")


def _moments(occurrences: tuple[Occurrence, ...]) -> Iterator[tuple[date, int | None]]:
    for occurrence in occurrences:
        when = occurrence.when
        if isinstance(when, Timed):
            local = when.start.astimezone(AMSTERDAM)
            yield local.date(), local.hour * 60 + local.minute
        elif when.first is not None and (when.last is None or when.last == when.first):
            yield when.first, None


def _spans(occurrences: tuple[Occurrence, ...]) -> Iterator[tuple[date, date]]:
    for occurrence in occurrences:
        when = occurrence.when
        if isinstance(when, AllDay) and when.last is not None and when.last != when.first:
            yield when.first or when.last - LONGEST_STAY, when.last


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word.startswith("20")
