"""A listing prepared for comparison: its words by weight, its times, its place, its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from urllib.parse import urlsplit

from aggregator.dedupe.marks import UNMARKED, Marks, read_marks
from aggregator.dedupe.spot import Spot, Surveyor
from aggregator.dedupe.times import Times, read_times
from aggregator.dedupe.words import TELLING, Title, known, read_title, split, trace, weigh
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
_NEAR = 0.15  # weight of a town's or the venue's own name in a title
_MEETING = "CouncilMeeting"  # the type of what a council's calendar tells


@dataclass(slots=True, eq=False)
class Record:
    """`text` the telling words of all but the title; `said` with those of the page's address.

    `heard` are the traces of all that is `said`, `grams` hashes of the runs of three words of the
    description, `short` capitals such as TJSO, `spoken` all words of title and text, in whose `initials`
    such capitals may be found. `plain` are most: no mark, not cancelled, no council's meeting.
    """

    listing: Listing
    ref: ListingRef
    url: str | None
    title: Title
    text: frozenset[str]
    said: frozenset[str]
    heard: int
    grams: frozenset[int]
    short: frozenset[str]
    spoken: tuple[str, ...]
    times: Times
    spot: Spot
    marks: Marks
    cancelled: bool
    site: str
    body: str
    meeting: bool
    plain: bool

    @property
    def initials(self) -> str:
        """The first letters of all words."""
        return "".join(w[0] for w in self.spoken)


def prepare(listing: Listing, surveyor: Surveyor) -> Record:
    """The record of a listing."""
    spot = surveyor.spot(listing.place)
    said = _said(listing.description, surveyor)
    if listing.subtitle or listing.performers or listing.organiser:
        names = (listing.subtitle or "", *listing.performers, listing.organiser or "")
        said = said.after(tuple(split(" ".join(names))), surveyor)
    marks = read_marks(listing.title, (listing.description or "")[:_READ], listing.subtitle or "")
    site, address = _address(_folder(listing.url)) if listing.url else ("", ())
    title = weigh_title(listing, spot, surveyor)
    spoken = (*_split(listing.title), *said.words)
    named = frozenset(w for w in address if weigh(w) >= TELLING)
    cancelled = marks.cancelled or listing.status is Status.CANCELLED
    meeting = _MEETING in listing.types
    return Record(
        listing=listing,
        ref=listing.ref,
        url=listing.url,
        title=title,
        text=said.telling,
        said=said.telling | named if named else said.telling,
        heard=reduce(or_, map(trace, named), said.heard),
        grams=said.grams,
        short=_shouted(listing.title),
        spoken=spoken,
        times=read_times(listing.occurrences),
        spot=spot,
        marks=marks,
        cancelled=cancelled,
        site=site,
        body=f" {' '.join((*spoken, *address))} ",
        meeting=meeting,
        plain=marks is UNMARKED and not (cancelled or meeting),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What is told beside the title: all words, those that tell, their traces, runs of three of the text."""

    words: tuple[str, ...]
    telling: frozenset[str]
    heard: int
    grams: frozenset[int]

    def after(self, words: tuple[str, ...], surveyor: Surveyor) -> _Said:
        """The same with other words in front."""
        telling = _telling(words, surveyor)
        heard = reduce(or_, map(trace, telling), self.heard)
        return _Said((*words, *self.words), self.telling | telling, heard, self.grams)


@lru_cache(maxsize=5_000)
def _said(description: str | None, surveyor: Surveyor) -> _Said:
    """What a description tells; one object for all that have it."""
    words = told_words(description)
    telling = _telling(words, surveyor)
    grams = frozenset(map(hash, zip(words, words[1:], words[2:], strict=False)))
    return _Said(words, telling, reduce(or_, map(trace, telling), 0), grams)


def _telling(words: tuple[str, ...], surveyor: Surveyor) -> frozenset[str]:
    return frozenset(w for w in words if weigh(w) >= TELLING and not surveyor.is_town(w))


def weigh_title(listing: Listing, spot: Spot, surveyor: Surveyor) -> Title:
    """The title's words in order, without those that tell nothing; its own place tells little."""
    return _weigh_title(listing.title, spot.own, surveyor)


@lru_cache(maxsize=20_000)
def _weigh_title(text: str, own: frozenset[str], surveyor: Surveyor) -> Title:
    words = dict.fromkeys(_split(text))
    weighed = (known(w, _NEAR) if w in own or surveyor.is_town(w) else known(w) for w in words)
    return read_title(tuple(word for word in weighed if word.weight))


@lru_cache(maxsize=20_000)
def _split(title: str) -> tuple[str, ...]:
    return tuple(split(title))


@lru_cache(maxsize=20_000)
def _shouted(title: str) -> frozenset[str]:
    """Capitals in a title that is not all capitals."""
    return frozenset(() if title.isupper() else (c.lower() for c in _CAPITALS.findall(title)))


def told_words(description: str | None) -> tuple[str, ...]:
    """The words of a description that tell of the event."""
    return tuple(split(" ".join(sentences(description))))


def sentences(text: str | None) -> Iterator[str]:
    """The sentences of a description that tell of the event; not the footers of a site."""
    if not text:
        return
    for sentence in _SENTENCE.split(text[:_READ]):
        if sentence and not _FOOTER.search(sentence):
            yield sentence


def _folder(url: str) -> str:
    """The address with something else in place of its last part, so that all pages of a folder have one."""
    page = url.rstrip("/")
    if page.count("/") < 3 or "?" in url or "#" in url:
        return url
    return page.rpartition("/")[0] + "/-"


@lru_cache(maxsize=10_000)
def _address(url: str) -> tuple[str, tuple[str, ...]]:
    """Host and folder of a page, empty when it has none; and their words.

    Without the last part, which repeats the title.
    """
    parts = urlsplit(url)
    folders = [f for f in parts.path.split("/") if f][:-1]
    site = "/".join([parts.netloc.casefold().removeprefix("www."), *folders]) if folders else ""
    host = (parts.hostname or "").removeprefix("www.").rsplit(".", 1)[0]
    names = (host, *folders)
    return site, tuple(w for name in names for w in split(name.replace("_", " ")) if not w.isdigit())


def one_site(a: Record, b: Record) -> bool:
    """Whether one source lists both: the same source, or two pages in one folder of one site."""
    if a.ref.source_id == b.ref.source_id:
        return True
    return bool(a.site) and a.site == b.site and a.url != b.url
