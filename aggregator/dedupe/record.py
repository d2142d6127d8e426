"""A listing prepared for comparison: its words by weight, its times, its place, its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from aggregator.dedupe.marks import Marks, read_marks
from aggregator.dedupe.spot import Spot, Surveyor
from aggregator.dedupe.times import Times, read_times
from aggregator.dedupe.words import TELLING, Word, known, split, weigh
from aggregator.model import Listing, ListingRef, Status

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+|\[\.\.\.\]|\(lees meer\)")
_FOOTER = re.compile(
    r"\b(?:website|agenda|uitagenda|pagina|formulier|organisator|organisatie|voorbehouden|transactiekosten|"
    r"tickets?|kaarten (?:zijn|aan)|tips?|openbaar vervoer|geldig|lees meer|aanmelden|balie|parkeren|"
    r"cookies?|nieuwsbrief)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"\b[A-Z]{3,5}\b")
_READ = 1500  # characters of a description that are looked at
PLAIN = 0.3  # up to this weighs a figure or the name of the own place
_NEAR = 0.15  # weight of a town's or the venue's own name in a title


@dataclass(frozen=True, slots=True)
class Record:
    """`title` in order; `text` the telling words of all else; `address` those of the page's address.

    `grams` are runs of three words of the description, `short` capitals such as TJSO and
    `initials` the first letters of title and text, in which such capitals may be found. `core` are the
    words of the title without figures and the names of its own place.
    """

    listing: Listing
    title: tuple[Word, ...]
    text: frozenset[Word]
    address: tuple[Word, ...]
    grams: frozenset[tuple[str, ...]]
    short: frozenset[str]
    initials: str
    times: Times
    spot: Spot
    marks: Marks
    cancelled: bool
    site: str
    body: str
    core: frozenset[str]

    @property
    def ref(self) -> ListingRef:
        """The identity of the listing."""
        return self.listing.ref

    @property
    def telling(self) -> frozenset[str]:
        """Words of the title that name something."""
        return frozenset(w.text for w in self.title if w.weight >= TELLING)


def prepare(listing: Listing, surveyor: Surveyor) -> Record:
    """The record of a listing."""
    spot = surveyor.spot(listing.place)
    text = split(" ".join(sentences(listing.description)))
    more = [*split(" ".join((listing.subtitle or "", *listing.performers, listing.organiser or ""))), *text]
    name, address = split(listing.title), url_words(listing.url)
    marks = read_marks(listing.title, f"{listing.subtitle or ''} {(listing.description or '')[:_READ]}")
    shouted = listing.title.isupper()
    return Record(
        listing=listing,
        title=(title := weigh_title(listing, spot, surveyor)),
        text=frozenset(known(w) for w in more if weigh(w) >= TELLING and not surveyor.is_town(w)),
        address=tuple(Word(w, 1.0) for w in dict.fromkeys(address) if weigh(w) >= TELLING),
        grams=frozenset(zip(text, text[1:], text[2:], strict=False)),
        short=frozenset(() if shouted else (c.lower() for c in _CAPITALS.findall(listing.title))),
        initials="".join(w[0] for w in (*name, *more)),
        times=read_times(listing.occurrences),
        spot=spot,
        marks=marks,
        cancelled=marks.cancelled or listing.status is Status.CANCELLED,
        site=_site(listing.url),
        body=f" {' '.join((*name, *more, *address))} ",
        core=frozenset(w.text for w in title if w.weight > PLAIN),
    )


def weigh_title(listing: Listing, spot: Spot, surveyor: Surveyor) -> tuple[Word, ...]:
    """The title's words in order, without those that tell nothing; its own place tells little."""
    own = {w.text for w in spot.names} | spot.town
    words = dict.fromkeys(split(listing.title))
    weighed = (known(w, _NEAR) if w in own or surveyor.is_town(w) else known(w) for w in words)
    return tuple(word for word in weighed if word.weight)


def sentences(text: str | None) -> Iterator[str]:
    """The sentences of a description that tell of the event; not the footers of a site."""
    if not text:
        return
    for sentence in _SENTENCE.split(text[:_READ]):
        if sentence and not _FOOTER.search(sentence):
            yield sentence


def url_words(url: str | None) -> list[str]:
    """Words of an address's host and folders; not of its last part, which repeats the title."""
    if not url:
        return []
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").rsplit(".", 1)[0]
    folders = [f for f in parts.path.split("/") if f][:-1]
    return list(_folder_words(host, *folders))


@lru_cache(maxsize=10_000)
def _folder_words(*names: str) -> tuple[str, ...]:
    """The words of a host and its folders, the same for all pages there."""
    return tuple(w for name in names for w in split(name.replace("_", " ")) if not w.isdigit())


def one_site(a: Record, b: Record) -> bool:
    """Whether one source lists both: the same source, or two pages in one folder of one site."""
    if a.listing.source_id == b.listing.source_id:
        return True
    return bool(a.site) and a.site == b.site and a.listing.url != b.listing.url


def _site(url: str | None) -> str:
    """Host and folder of a page; empty when it has none."""
    parts = urlsplit(url or "")
    folders = [f for f in parts.path.split("/") if f][:-1]
    return "/".join([parts.netloc.casefold().removeprefix("www."), *folders]) if folders else ""
