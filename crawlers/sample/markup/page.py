"""What a style needs to draw pages: the site's desk with its entries, templates, and the bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from aggregator.model import Status, Tier
from crawlers.sample.markup import dutch
from crawlers.sample.model import Cost, Entry, SampleSource, SampleVenue

Query = Mapping[str, str]
HTML = "text/html; charset=utf-8"
STATUS_WORDS = {
    Status.SCHEDULED: "",
    Status.CANCELLED: "Geannuleerd",
    Status.SOLD_OUT: "Uitverkocht",
    Status.RESCHEDULED: "Nieuwe datum",
    Status.POSTPONED: "Uitgesteld",
    Status.MOVED_ONLINE: "Online",
}


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of an answer and their Content-Type."""

    data: bytes
    kind: str = HTML


@dataclass(frozen=True)
class Desk:
    """One site at work: who it is and what it tells on `today`."""

    source: SampleSource
    entries: tuple[Entry, ...]
    venues: Mapping[str, SampleVenue]
    venue_of: Mapping[str, str]  # event id -> venue id
    today: date
    changed: datetime  # the last change of anything on the site, aware UTC
    written: datetime  # when all entries were written but for those in `touched`
    touched: Mapping[str, datetime] = field(default_factory=dict)  # path -> its last change

    @property
    def encoding(self) -> str:
        """The character encoding of the site's pages."""
        return "windows-1252" if self.source.trait == "windows-1252" else "utf-8"

    @property
    def agenda(self) -> bool:
        """Whether the site tells of more than its own house."""
        return self.source.tier is not Tier.VENUE

    def url(self, entry: Entry) -> str:
        """The absolute address of an entry."""
        return self.source.home + entry.path

    def since(self, entry: Entry) -> datetime:
        """When the entry was last changed, aware UTC."""
        return self.touched.get(entry.path, self.written)

    def venue(self, entry: Entry) -> SampleVenue:
        """Where the entry's event is."""
        return self.venues[self.venue_of[entry.event]]

    def html(self, template: str, **values: Any) -> Body:
        """A template drawn in the site's encoding; characters that it lacks become entities."""
        text = _templates().get_template(template).render(desk=self, source=self.source, **values)
        kind = HTML if self.encoding == "utf-8" else f"text/html; charset={self.encoding}"
        return Body(text.encode(self.encoding, "xmlcharrefreplace"), kind)


def render_detail(desk: Desk, entry: Entry) -> Body:
    """An event's own page for people: plain words, no markup for machines."""
    return desk.html("detail.html", entry=entry, script="")


def no_key(source: SampleSource, entry: Entry) -> str | None:
    """None: the format has no id of its own, so that the address is the identity."""
    return None


@dataclass(frozen=True)
class Style:
    """A way of marking up: where things are, how they are drawn, and what it can and cannot say.

    `start` is the list's path, `begin` its first address where that has a query; `settings` is what a
    source's YAML must say; `path` makes an entry's address; `whole` says that one address tells all
    times of an event; `ends` that ends are printed; `tells` which states are; `key` gives the
    format's own id of an entry's first showing.
    """

    start: str
    render: Callable[[Desk, Query], Body | None]
    settings: Mapping[str, Any] = field(default_factory=dict)
    detail: Callable[[Desk, Entry], Body] = render_detail
    begin: str = ""
    path: str = "/agenda/{slug}"
    whole: bool = False
    ends: bool = True
    tells: frozenset[Status] = frozenset(Status)
    key: Callable[[SampleSource, Entry], str | None] = no_key


def page_of(
    entries: tuple[Entry, ...], query: Query, name: str, size: int
) -> tuple[tuple[Entry, ...], int, int]:
    """The entries of the page that the query asks for, its number, and the number of pages."""
    asked = query.get(name, "1")
    number = int(asked) if asked.isdigit() and int(asked) > 0 else 1
    return entries[(number - 1) * size : number * size], number, max(-(-len(entries) // size), 1)


def words(entry: Entry) -> str:
    """The description, with the opening hours of a stay."""
    return f"{entry.text} Open {entry.hours}." if entry.hours else entry.text


def price_words(cost: Cost) -> str:
    """`Gratis`, `€ 12,50` or `€ 12,50–€ 15,00`."""
    if cost.low is None:
        return "Gratis"
    low, high = (f"€ {amount:.2f}".replace(".", ",") for amount in (cost.low, cost.high or cost.low))
    return low if low == high else f"{low}–{high}"


def marked_title(entry: Entry) -> str:
    """The title with the state in front, for styles that have no other place for it."""
    word = STATUS_WORDS[entry.status]
    return f"{word}: {entry.title}" if word else entry.title


def titled(entry: Entry) -> str:
    """Title and subtitle in one line."""
    return f"{entry.title} – {entry.subtitle}" if entry.subtitle else entry.title


@cache
def _templates() -> Environment:
    folder = Path(__file__).parent.parent / "templates"
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"price": price_words, "marked": marked_title, "titled": titled, "words": words}
    made.filters |= {name: getattr(dutch, name) for name in dutch.__all__}
    made.globals["STATUS"] = STATUS_WORDS
    return made
