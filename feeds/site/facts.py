"""Where each fact of an event comes from, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Event, ListingRef, Timed
from feeds.card import Voice, address_line, title_of
from feeds.fold import fold
from feeds.seen import sources_of
from feeds.text import one_line, shorten
from feeds.words import Words

CORRECTION = "correction"  # stands for a source where a person said it
HIDDEN_FIELDS = ("description", "image", "subtitle")  # texts of others that rights may not let us repeat
MOST_MOMENTS = 3  # of an event that are named where its facts are set side by side


@dataclass(frozen=True, slots=True)
class Fact:
    """A field, what we show, the source that it was taken from, and what other sources said."""

    field: str
    value: str  # in words; empty for what is long or an address
    source: str
    id: str  # the source's
    href: str  # its page here
    others: tuple[str, ...]

    def followed(self, words: Words) -> str:
        """The source that we follow, with what we show by it."""
        return words("facts.said", source=self.source, words=self.value) if self.value else self.source


def build_facts(event: Event, voice: Voice) -> list[Fact]:
    """The facts in the order of the locale's field names; unknown fields under their own name."""
    words = voice.words
    order = [key.removeprefix("field.") for key in words.keys if key.startswith("field.")]
    names = sorted(event.evidence, key=lambda n: (order.index(n) if n in order else len(order), n))
    facts = []
    for name in names:
        evidence = event.evidence[name]
        losers = () if name in HIDDEN_FIELDS else evidence.losers
        said = ((ref, _told(name, text, event, voice)) for ref, text in losers)
        others = tuple(dict.fromkeys(_said(ref, text, voice) for ref, text in said if one_line(text)))
        label = words(f"field.{name}") if words.has(f"field.{name}") else name
        chosen = evidence.chosen
        href = voice.urls.href(voice.urls.source(voice.language, chosen.source_id))
        value = _value(name, event, voice)
        facts.append(Fact(label, value, source_name(chosen, voice), chosen.source_id, href, others))
    return facts


def _value(name: str, event: Event, voice: Voice) -> str:
    """What we show of a field, as short as it can be set beside what others say."""
    words = voice.words
    if name == "title":
        return title_of(event)
    if name == "place":
        return address_line(event, voice.info)
    if name == "price":
        return words.price(event.price)
    if name == "status":
        return words(f"status.{event.status.value}")
    if name == "occurrences":
        moments = [words.when(one.occurrence.when, short=True) for one in event.occurrences[:MOST_MOMENTS]]
        return "; ".join([*moments, "…"] if len(event.occurrences) > MOST_MOMENTS else moments)
    return ""


def _told(name: str, text: str, event: Event, voice: Voice) -> str:
    """What another listing says of a field as a reader would; empty where it says the same as we show."""
    if name == "place":
        return _placed(text, voice)
    if name == "title":
        return "" if (fold(text) or text) == (fold(event.title) or event.title) else text
    if name == "status":
        return voice.words(f"status.{text}") if voice.words.has(f"status.{text}") else text
    if name == "occurrences":
        return "" if _kept(text, event) else "; ".join(_dated(part, voice.words) for part in text.split("; "))
    return text


def _dated(text: str, words: Words) -> str:
    """`2026-11-27 20:00` and `2026-11-27 – 2026-11-29`, as the evidence keeps them, for a reader."""
    first, _, last = text.partition(" – ")
    try:
        if ":" in first:
            moment = datetime.fromisoformat(first).replace(tzinfo=AMSTERDAM)
            return words.when(Timed(moment), short=True)
        return words.when(AllDay(date.fromisoformat(first), date.fromisoformat(last or first)), short=True)
    except ValueError:  # an open end, or cut short
        return text


def source_name(ref: ListingRef, voice: Voice) -> str:
    """A source as residents know it; who corrected a fact where a person did."""
    if ref.source_id == CORRECTION:
        return voice.words("facts.editor")
    source = voice.info.sources.get(ref.source_id)
    return one_line(source.name) if source else ref.source_id


def _said(ref: ListingRef, text: str, voice: Voice) -> str:
    return voice.words("facts.said", source=source_name(ref, voice), words=shorten(one_line(text), 120))


def _placed(text: str, voice: Voice) -> str:
    """A place with its municipality by name, not by id; not twice where the town is called the same."""
    before, _, municipality = text.rpartition(", ")
    if municipality not in voice.info.municipalities:
        return text
    name = voice.info.municipalities[municipality]
    return before if before.split(", ")[-1] == name else ", ".join(filter(None, (before, name)))


def _kept(text: str, event: Event) -> bool:
    """Whether an event has every moment that another listing tells: a page for each date is no other date."""
    moments = {_moment(one.occurrence.when) for one in event.occurrences}
    return all(moment in moments for moment in text.removesuffix("; …").split("; "))


def _moment(when: Timed | AllDay) -> str:
    """A moment in the words in which the evidence keeps those of other listings."""
    if isinstance(when, Timed):
        return f"{when.start.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
    first = when.first or "…"
    return f"{first} – {when.last}" if when.last and when.last != when.first else f"{first}"


def build_checks(event: Event, voice: Voice) -> list[tuple[str, str, str]]:
    """(id, name, its page here) of each source of an event, once."""
    urls, info = voice.urls, voice.info
    return [
        (s, one_line(info.sources[s].name), urls.href(urls.source(voice.language, s)))
        for s in sources_of(event)
        if s in info.sources
    ]
