"""Tells a person why an event is as it is: whose words it is made of, and by which rules and decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from aggregator.correct.entry import name_of
from aggregator.correct.field import CORRECTION
from aggregator.correct.group import DECIDED
from aggregator.model import Event, EventOccurrence, Evidence, Link, Occurrence, Ruling, Status, Tag
from aggregator.review import Near
from aggregator.wording import Wording, load_wording

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
    event: Event,
    lang: str = "nl",
    reason: Reasons | None = None,
    name: Reasons | None = None,
    apart: Sequence[Near] = (),
) -> str:
    """Lines of plain Dutch, German or English (any other `lang`): why it is one event, in whose words.

    `reason` says in words what a rule of the tags means (`Tagger.reason`), `name` what a tag is called
    (`Tagger.name`); without them only ids are given. `apart` are events that look alike and are others.
    """
    lang = lang if lang in ("nl", "de") else "en"
    parts = (
        _head(event, load_wording(lang)),
        _listings(event, load_wording(lang)),
        _moments(event, load_wording(lang)),
        _tags(event, lang, reason, name),
        _rulings(event.rulings, load_wording(lang)),
        _fields(event, load_wording(lang)),
        _apart(apart, load_wording(lang)),
        _aliases(event, load_wording(lang)),
    )
    return "\n\n".join(text for lines in parts if (text := "\n".join(lines)))


def _head(event: Event, words: Wording) -> Iterator[str]:
    yield f"{event.title} [{event.uid}]"
    if event.hidden:
        hidden = words.name("hidden", event.hidden)
        if event.hidden_because:
            hidden = words("because", reason=hidden, because=words.because(event.hidden_because))
        yield words("hidden", reason=hidden)
    else:
        yield words("shown")
    if event.featured:
        yield words("featured")


def _listings(event: Event, words: Wording) -> Iterator[str]:
    if len(event.listings) < 2:
        refs = ", ".join(map(name_of, event.listings))
        yield words("one", refs=refs) if refs else words("none")
        return
    yield words("many", n=len(event.listings))
    yield from (f"  {name_of(ref)}" for ref in event.listings)
    for link in _spanning(event):
        yield "  " + _link(link, words)


def _link(link: Link, words: Wording) -> str:
    facts = {"a": name_of(link.a), "b": name_of(link.b)}
    if link.because.startswith(DECIDED):
        return words("decided", **facts, because=link.because.removeprefix(DECIDED))
    return words("link", **facts, because=words.because(link.because), score=f"{link.score:.2f}")


def _spanning(event: Event) -> Iterator[Link]:
    """The strongest links that suffice to hold the listings together."""
    group = {ref: {ref} for ref in event.listings}
    for link in sorted(event.links, key=lambda k: (-k.score, k.a, k.b)):
        left, right = group.get(link.a), group.get(link.b)
        if left is not None and right is not None and left is not right:
            yield link
            left |= right
            group.update(dict.fromkeys(right, left))


def _moments(event: Event, words: Wording) -> Iterator[str]:
    place = event.place
    parts = (place.hall, place.name or place.venue, place.address, place.place, place.municipality)
    what = ", ".join(dict.fromkeys(p for p in parts if p)) or words("unknown")
    if place.because:
        yield words("place_because", what=what, because=words.because(place.because))
    else:
        yield words("place", what=what)
    yield words("dates")
    yield from (f"  {_occurrence(o, words)}" for o in event.occurrences)


def _occurrence(one: EventOccurrence, words: Wording) -> str:
    parts = [words.when(one.occurrence)]
    if one.occurrence.status is not Status.SCHEDULED:
        parts.append(words.name("status", one.occurrence.status.value))
    if one.previous is not None:
        parts.append(words("moved", old=words.when(Occurrence(one.previous))))
    return "; ".join(parts)


def _tags(event: Event, lang: str, reason: Reasons | None, name: Reasons | None) -> Iterator[str]:
    words = load_wording(lang)
    yield words("pillars" if event.pillars else "no_pillars")
    yield from (_tag(tag, lang, reason, name) for tag in event.pillars)
    if event.tags:
        yield words("labels")
        yield from (_tag(tag, lang, reason, name) for tag in event.tags)


def _tag(tag: Tag, lang: str, reason: Reasons | None, name: Reasons | None) -> str:
    said = reason(tag.rule, lang) if reason else tag.rule
    called = name(tag.tag, lang) if name else tag.tag
    facts = {"tag": called, "rule": tag.rule, "because": tag.because, "reason": said}
    return "  " + load_wording(lang)("tag" if said == tag.rule else "tag_reason", **facts)


def _rulings(rulings: Sequence[Ruling], words: Wording) -> Iterator[str]:
    if rulings:
        yield words("rulings")
    for one in rulings:
        facts = {"day": words.day(one.date), "role": one.role, "reason": one.reason}
        yield "  " + words("ruling", kind=words.name("kind", one.kind), **facts)


def _fields(event: Event, words: Wording) -> Iterator[str]:
    if event.evidence:
        yield words("fields")
    for name, evidence in event.evidence.items():
        yield from _field(name, evidence, words)


def _field(name: str, evidence: Evidence, words: Wording) -> Iterator[str]:
    chosen = evidence.chosen
    corrected = chosen.source_id == CORRECTION
    origin = words("corrected", because=chosen.key) if corrected else name_of(chosen)
    yield f"  {words.name('field', name)}: {origin}"
    for ref, said in evidence.losers:
        yield "    " + words("loser", ref=name_of(ref), words=words.value(name, said))


def _apart(apart: Sequence[Near], words: Wording) -> Iterator[str]:
    if apart:
        yield words("apart")
    for near in apart:
        when = words.when(near.when) if near.when else words("unknown")
        facts = {"title": near.title, "when": when, "uid": near.uid}
        yield "  " + words("refused", **facts, because=near.say(words))


def _aliases(event: Event, words: Wording) -> Iterator[str]:
    if event.aliases:
        yield words("aliases", uids=", ".join(event.aliases))
