"""Tells a person why an event is as it is: whose words it is made of, and by which rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Protocol

from aggregator.clock import AMSTERDAM
from aggregator.model import (
    AllDay,
    Event,
    EventOccurrence,
    Evidence,
    Link,
    ListingRef,
    Occurrence,
    Status,
    Tag,
)

WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "shown": "Dit evenement staat in de agenda.",
        "hidden": "Dit evenement staat niet in de agenda: {reason}.",
        "because": "{reason} ({because})",
        "none": "Geen enkele bron noemt het nog.",
        "one": "Eén bron noemt het: {refs}.",
        "many": "{n} vermeldingen zijn samen dit evenement:",
        "link": "{a} en {b} zijn hetzelfde, want {because} (zekerheid {score})",
        "place": "Waar: {what}.",
        "place_because": "Waar: {what}, want {because}.",
        "unknown": "onbekend",
        "dates": "Wanneer:",
        "moved": "verplaatst van {old}",
        "until": "tot {end}",
        "through": "t/m {last}",
        "only_until": "t/m {last}, begin onbekend",
        "pillars": "Pijlers:",
        "no_pillars": "Geen pijler past erop.",
        "labels": "Ook gevonden:",
        "tag": "{tag}: {because} (regel {rule})",
        "tag_reason": "{tag}: {reason}: {because} (regel {rule})",
        "fields": "Waar elk gegeven vandaan komt:",
        "loser": "{ref} zegt: {words}",
        "aliases": "Het verving eerder: {uids}.",
        "day": "{d} {month} {y}",
        "time": "{day}, {h:02}.{m:02} uur",
        "clock": "{h:02}.{m:02} uur",
    },
    "en": {
        "shown": "This event is in the calendar.",
        "hidden": "This event is kept out of the calendar: {reason}.",
        "because": "{reason} ({because})",
        "none": "No source lists it any more.",
        "one": "One source lists it: {refs}.",
        "many": "{n} listings together are this event:",
        "link": "{a} and {b} are the same, because {because} (certainty {score})",
        "place": "Where: {what}.",
        "place_because": "Where: {what}, because {because}.",
        "unknown": "unknown",
        "dates": "When:",
        "moved": "moved from {old}",
        "until": "until {end}",
        "through": "through {last}",
        "only_until": "through {last}, its beginning is unknown",
        "pillars": "Pillars:",
        "no_pillars": "No pillar fits it.",
        "labels": "Also found:",
        "tag": "{tag}: {because} (rule {rule})",
        "tag_reason": "{tag}: {reason}: {because} (rule {rule})",
        "fields": "Where each field comes from:",
        "loser": "{ref} says: {words}",
        "aliases": "It replaced: {uids}.",
        "day": "{d} {month} {y}",
        "time": "{day}, {h:02}:{m:02}",
        "clock": "{h:02}:{m:02}",
    },
}
MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}
HIDDEN = {
    "nl": {
        "private": "het is besloten",
        "not-culture": "het is geen cultuur",
        "not-an-event": "het is een bericht of oproep, geen activiteit",
        "outside": "het is buiten de regio",
        "no-municipality": "het is onbekend in welke gemeente het is",
        "withdrawn": "de bronnen noemen het niet meer",
        "correction": "een redacteur heeft dit besloten",
        "council": "het is een raadsvergadering, met cultuur op de agenda",
    },
    "en": {
        "private": "it is private",
        "not-culture": "it is no culture",
        "not-an-event": "it is a message or a call, no activity",
        "outside": "it is outside the region",
        "no-municipality": "nobody knows which municipality it is in",
        "withdrawn": "its sources list it no more",
        "correction": "an editor decided this",
        "council": "it is a council meeting, with culture on its agenda",
    },
}
STATUS = {
    "nl": {
        Status.RESCHEDULED: "verplaatst",
        Status.POSTPONED: "uitgesteld",
        Status.CANCELLED: "afgelast",
        Status.MOVED_ONLINE: "online",
        Status.SOLD_OUT: "uitverkocht",
    },
    "en": {
        Status.RESCHEDULED: "rescheduled",
        Status.POSTPONED: "postponed",
        Status.CANCELLED: "cancelled",
        Status.MOVED_ONLINE: "moved online",
        Status.SOLD_OUT: "sold out",
    },
}


Reasons = Callable[[str, str], str]  # a rule's or tag's id and a language to its words; the id when unknown


class Events(Protocol):
    """What the search for one event needs of a store."""

    def event(self, uid: str) -> Event | None: ...
    def events(self, *, hidden: bool = False) -> Iterator[Event]: ...


def find_event(store: Events, uid: str) -> Event | None:
    """The event of this UID: its own, a former one, or that of one date, as calendars show it."""
    dated = (e for e in store.events(hidden=True) if any(uid == o.uid for o in e.occurrences))
    return store.event(uid) or next(dated, None)


def explain_event(
    event: Event, lang: str = "nl", reason: Reasons | None = None, name: Reasons | None = None
) -> str:
    """Lines of plain Dutch or English (any other `lang`): why it is one event and where all came from.

    `reason` says in words what a rule of the tags means (`Tagger.reason`), `name` what a tag is called
    (`Tagger.name`); without them only ids are given.
    """
    return "\n".join(_lines(event, "nl" if lang == "nl" else "en", reason, name))


def _lines(event: Event, lang: str, reason: Reasons | None, name: Reasons | None) -> Iterator[str]:
    words = WORDS[lang]
    yield f"{event.title} [{event.uid}]"
    if event.hidden:
        hidden = HIDDEN[lang].get(event.hidden, event.hidden)
        if event.hidden_because:
            hidden = words["because"].format(reason=hidden, because=event.hidden_because)
        yield words["hidden"].format(reason=hidden)
    else:
        yield words["shown"]
    yield ""
    yield from _listings(event, words)
    yield ""
    yield from _place(event, words)
    yield words["dates"]
    yield from (f"  {_occurrence(o, lang)}" for o in event.occurrences)
    yield ""
    yield words["pillars"] if event.pillars else words["no_pillars"]
    yield from (_tag(tag, words, lang, reason, name) for tag in event.pillars)
    if event.tags:
        yield words["labels"]
        yield from (_tag(tag, words, lang, reason, name) for tag in event.tags)
    if event.evidence:
        yield ""
        yield words["fields"]
        for name, evidence in event.evidence.items():
            yield from _field(name, evidence, words)
    if event.aliases:
        yield ""
        yield words["aliases"].format(uids=", ".join(event.aliases))


def _listings(event: Event, words: Mapping[str, str]) -> Iterator[str]:
    if len(event.listings) < 2:
        refs = ", ".join(map(_ref, event.listings))
        yield words["one"].format(refs=refs) if refs else words["none"]
        return
    yield words["many"].format(n=len(event.listings))
    yield from (f"  {_ref(ref)}" for ref in event.listings)
    for link in _spanning(event):
        facts = {"a": _ref(link.a), "b": _ref(link.b), "because": link.because, "score": f"{link.score:.2f}"}
        yield "  " + words["link"].format(**facts)


def _spanning(event: Event) -> Iterator[Link]:
    """The strongest links that suffice to hold the listings together."""
    group = {ref: {ref} for ref in event.listings}
    for link in sorted(event.links, key=lambda k: (-k.score, k.a, k.b)):
        left, right = group.get(link.a), group.get(link.b)
        if left is not None and right is not None and left is not right:
            yield link
            left |= right
            group.update(dict.fromkeys(right, left))


def _place(event: Event, words: Mapping[str, str]) -> Iterator[str]:
    place = event.place
    parts = (place.hall, place.name or place.venue, place.address, place.place, place.municipality)
    what = ", ".join(dict.fromkeys(p for p in parts if p)) or words["unknown"]
    yield words["place_because" if place.because else "place"].format(what=what, because=place.because)


def _tag(tag: Tag, words: Mapping[str, str], lang: str, reason: Reasons | None, name: Reasons | None) -> str:
    said = reason(tag.rule, lang) if reason else tag.rule
    line = words["tag" if said == tag.rule else "tag_reason"]
    called = name(tag.tag, lang) if name else tag.tag
    return "  " + line.format(tag=called, rule=tag.rule, because=tag.because, reason=said)


def _field(name: str, evidence: Evidence, words: Mapping[str, str]) -> Iterator[str]:
    yield f"  {name}: {_ref(evidence.chosen)}"
    for ref, said in evidence.losers:
        yield "    " + words["loser"].format(ref=_ref(ref), words=said)


def _occurrence(one: EventOccurrence, lang: str) -> str:
    parts = [_when(one.occurrence, lang)]
    if one.occurrence.status is not Status.SCHEDULED:
        parts.append(STATUS[lang][one.occurrence.status])
    if one.previous is not None:
        parts.append(WORDS[lang]["moved"].format(old=_when(Occurrence(one.previous), lang)))
    return "; ".join(parts)


def _when(occurrence: Occurrence, lang: str) -> str:
    words, when = WORDS[lang], occurrence.when
    if isinstance(when, AllDay):
        last = _day(when.last, lang) if when.last else ""
        if when.first is None:
            return words["only_until"].format(last=last)
        first = _day(when.first, lang)
        return f"{first} {words['through'].format(last=last)}" if last else first
    start = when.start.astimezone(AMSTERDAM)
    text = words["time"].format(day=_day(start.date(), lang), h=start.hour, m=start.minute)
    if when.end is None:
        return text
    return f"{text} {words['until'].format(end=_end(when.end.astimezone(AMSTERDAM), start.date(), lang))}"


def _end(end: datetime, day: date, lang: str) -> str:
    """The clock time, with its day when that is another one."""
    words = WORDS[lang]
    if end.date() == day:
        return words["clock"].format(h=end.hour, m=end.minute)
    return words["time"].format(day=_day(end.date(), lang), h=end.hour, m=end.minute)


def _day(day: date, lang: str) -> str:
    return WORDS[lang]["day"].format(d=day.day, month=MONTHS[lang][day.month - 1], y=day.year)


def _ref(ref: ListingRef) -> str:
    return f"{ref.source_id} ({ref.key})"
