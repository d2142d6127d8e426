"""Events built by hand for the tests of `feeds/`: our own inventions, one for each thing to get right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from aggregator.clock import AMSTERDAM
from aggregator.model import (
    AllDay,
    Edit,
    Event,
    EventOccurrence,
    Evidence,
    ListingRef,
    Occurrence,
    Place,
    Price,
    Run,
    Status,
    Tag,
    Timed,
    to_plain,
)
from feeds.card import Voice
from feeds.info import SiteInfo, SourceInfo, VenueInfo
from feeds.urls import Urls

TODAY = date(2026, 11, 24)  # a Tuesday
SEEN = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)

MUNICIPALITIES = {"hengelo": "Hengelo", "enschede": "Enschede", "hof-van-twente": "Hof van Twente"}
INFO = SiteInfo(
    name={"nl": "Twente", "en": "Twente", "de": "Twente"},
    title={"nl": "Cultuuragenda Twente", "en": "Culture calendar of Twente", "de": "Kulturkalender Twente"},
    description={"nl": "Wat er te doen is.", "en": "What is on.", "de": "Was los ist."},
    base_url="https://agenda.example",
    contact="contact@agenda.example",
    languages=("nl", "en", "de"),
    attribution=("Plaatsen: CBS, CC BY 4.0",),
    municipalities=MUNICIPALITIES,
    venues={
        "de-spil": VenueInfo("De Spil", "hengelo", "Hengelo", "Markt 1", "https://despil.example/"),
        "ketelhal": VenueInfo("Ketelhal", "enschede", "Enschede"),
    },
    pillars={
        "third-places": {"nl": "Third places", "en": "Third places", "de": "Dritte Orte"},
        "muziek": {"nl": "Muziek", "en": "Music", "de": "Musik"},
        "createch": {"nl": "CREATECH", "en": "CREATECH", "de": "CREATECH"},
    },
    pillar_texts={
        "muziek": {"nl": "Van popzaal tot orgel.", "en": "From pop to organ.", "de": "Von Pop bis Orgel."}
    },
    genres={
        "jazz": {"nl": "Jazz en blues", "en": "Jazz and blues", "de": "Jazz und Blues"},
        "klassiek": {"nl": "Klassieke muziek", "en": "Classical music", "de": "Klassische Musik"},
    },
    aliases={"eanske": "enschede", "gor": "goor"},
    sources={
        "de-spil": SourceInfo(
            "De Spil", "https://despil.example/", "full", True, "De Spil", "https://despil.example/feed"
        ),
        "uit-hengelo": SourceInfo("Uit in Hengelo", "https://uit.example/", "excerpt"),
        "strikt": SourceInfo("Strikt", "https://strikt.example/", "none"),
    },
)


def voice(language: str = "nl", info: SiteInfo = INFO) -> Voice:
    """A voice of the test site."""
    return Voice(info, Urls(info.base_url, info.languages[0]), language)


def at(day: int, hour: int = 20, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    """A local moment."""
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)


def occurrence(
    uid: str,
    when: Timed | AllDay,
    status: Status = Status.SCHEDULED,
    *,
    sequence: int = 0,
    modified: datetime = SEEN,
    previous: Timed | AllDay | None = None,
    doors: datetime | None = None,
    hours: str | None = None,
) -> EventOccurrence:
    """An occurrence first seen on SEEN."""
    inner = Occurrence(when, status, doors, hours)
    return EventOccurrence(uid, inner, sequence, SEEN, modified, previous)


def event(uid: str, title: str, *occurrences: EventOccurrence, **fields: object) -> Event:
    """A public event in Hengelo unless said otherwise."""
    base: dict[str, object] = {
        "place": Place(
            "hengelo", "de-spil", "De Spil", "grote zaal", "Markt 1", "7551 AB", "Hengelo", 52.2658, 6.7931
        ),
        "listings": (ListingRef("de-spil", uid),),
        "sources": (("de-spil", f"https://despil.example/agenda/{uid}"),),
        "created": SEEN,
        "modified": SEEN,
    }
    return Event(uid=uid, title=title, occurrences=occurrences, **(base | fields))  # type: ignore[arg-type]


MUSIC = (Tag("muziek", "concert", "concert"),)
BOTH = (Tag("createch", "synth", "synthesizer"), Tag("third-places", "open", "vrije inloop"))


def world() -> list[Event]:
    """One event of each kind."""
    return [
        event(
            "e-orgel",
            "Orgelconcert: Bach & zonen; een avond, \\ drie stemmen",
            occurrence("o-orgel", Timed(at(28), at(28, 22, 30)), doors=at(28, 19, 30)),
            pillars=MUSIC,
            subtitle="Met het koor van de stad",
            price=Price(Decimal("12.50"), Decimal("12.50"), free=False),
            ticket_url="https://kaarten.example/orgel?x=1&y=2",
            organiser="Stichting Orgel",
            performers=("Anna Example", "Koor <Example>"),
            description="Eerste regel.\n\nTweede alinea, met komma; en puntkomma.",
            evidence={
                "title": Evidence(
                    ListingRef("de-spil", "1"), ((ListingRef("uit-hengelo", "9"), "Orgel in De Spil"),)
                ),
                "price": Evidence(ListingRef("uit-hengelo", "9")),
                "description": Evidence(ListingRef("de-spil", "1")),
            },
        ),
        event(
            "e-af",
            "Jazz in de kelder",
            occurrence(
                "o-af", Timed(at(29, 15)), Status.CANCELLED, sequence=1, modified=SEEN + timedelta(days=3)
            ),
            pillars=MUSIC,
            tags=(Tag("jazz", "jazz-genre", "jazz"),),
        ),
        event(
            "e-verplaatst",
            "Poëzieavond",
            occurrence(
                "o-verplaatst",
                Timed(at(2, 20, month=12), at(2, 22, month=12)),
                Status.RESCHEDULED,
                sequence=2,
                modified=SEEN + timedelta(days=2),
                previous=Timed(at(25, 20), at(25, 22)),
            ),
            place=Place("enschede", "ketelhal", "Ketelhal", None, None, None, "Enschede"),
        ),
        event(
            "e-vol",
            "Bandavond",
            occurrence("o-vol-1", Timed(at(27, 21), at(28, 0, 30)), Status.SOLD_OUT, sequence=1),
            occurrence("o-vol-2", Timed(at(4, 21, month=12))),
            pillars=MUSIC,
        ),
        event(
            "e-expo",
            "Licht en lijn: tentoonstelling",
            occurrence("o-expo", AllDay(date(2026, 10, 3), date(2027, 1, 10)), hours="di t/m zo 11-17 uur"),
            pillars=BOTH,
            price=Price(free=True),
        ),
        event("e-tm", "Foto's van vroeger", occurrence("o-tm", AllDay(None, date(2026, 12, 12)))),
        event("e-dag", "Open dag makers", occurrence("o-dag", AllDay(date(2026, 11, 28))), pillars=BOTH),
        event(
            "e-cafe",
            "Repair café",
            *(
                occurrence(
                    f"o-cafe-{n}", Timed(at(24, 10) + timedelta(weeks=n), at(24, 12) + timedelta(weeks=n))
                )
                for n in range(-3, 8)
            ),
            place=Place("hof-van-twente", None, "Kulturhus", None, "Dorpsstraat 2", "7471 AA", "Goor"),
            pillars=(Tag("third-places", "repair", "repair café"),),
            tags=(Tag("kinderen", "ages", "“4+”"),),
            price=Price(free=True),
        ),
        event("e-nacht", "Nacht van de klok", occurrence("o-nacht", Timed(at(24, 23), at(25, 5)))),
        event("e-weg", "Verdwenen", occurrence("o-weg", Timed(at(30))), hidden="withdrawn"),
        event("e-prive", "Bruiloft van J.", occurrence("o-prive", Timed(at(30))), hidden="private"),
        event("e-buiten", "Elders", occurrence("o-buiten", Timed(at(30))), place=Place("outside")),
        event("e-oud", "Lang geleden", occurrence("o-oud", Timed(at(1, month=3)))),
        event(
            "e-samen",
            "Samengevoegd concert",
            occurrence("o-samen", Timed(at(5, month=12))),
            aliases=("e-jonger",),
            pillars=MUSIC,
        ),
    ]


def world_edits() -> list[Edit]:
    """The journal that belongs to the world: a cancellation, a moved date, a sold-out night."""
    moved = (Timed(at(25, 20), at(25, 22)), Timed(at(2, 20, month=12), at(2, 22, month=12)))
    return [
        Edit("e-vol", SEEN, "status", "scheduled", "sold-out", "o-vol-1"),
        Edit("e-verplaatst", SEEN + timedelta(days=2), "when", *map(to_plain, moved), "o-verplaatst"),
        Edit("e-verplaatst", SEEN + timedelta(days=2), "status", "scheduled", "rescheduled", "o-verplaatst"),
        Edit("e-af", SEEN + timedelta(days=3), "status", "scheduled", "cancelled", "o-af"),
        Edit("e-orgel", SEEN + timedelta(days=3), "description", "Eerste.", "Eerste regel."),
    ]


class Reader:
    """An `EventReader` over a list, with a journal."""

    def __init__(
        self, events: Sequence[Event], revision: int = 1, edits: Sequence[Edit] | None = None
    ) -> None:
        self._events, self._revision = sorted(events, key=lambda e: e.uid), revision
        self.newest: dict[str, Run] = {}
        self._edits = world_edits() if edits is None else list(edits)

    def revision(self) -> int:
        return self._revision

    def events(self, *, hidden: bool = False) -> Iterator[Event]:
        return iter([e for e in self._events if hidden or e.hidden is None])

    def digests(self) -> dict[str, str]:
        return {e.uid: hashlib.sha256(repr(e).encode("utf-8", "replace")).hexdigest() for e in self._events}

    def last_runs(self) -> dict[str, Run]:
        return self.newest

    def runs(self, source_id: str | None = None, *, most: int = 60) -> Iterator[Run]:
        return iter([run for name, run in self.newest.items() if source_id in (None, name)])

    def held(self) -> dict[str, str]:
        return {}

    def event(self, uid: str) -> Event | None:
        return next((e for e in self._events if uid in (e.uid, *e.aliases)), None)

    def edits(self, since: datetime | None = None, uid: str | None = None) -> Iterator[Edit]:
        return iter([e for e in self._edits if (not since or e.at >= since) and uid in (None, e.uid)])

    def __getattr__(self, name: str) -> object:
        raise AttributeError(name)
