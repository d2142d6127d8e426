"""Gives an event its pillars and labels, each with the rule and the words that gave it.

Evidence adds up: each rule that applies adds its weights, and a label is given at a sum of about 1, so that
one plain word ("koorconcert") is enough, several weak ones are too, and a contrary one takes away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from aggregator.model import Event, Tag
from aggregator.normalise.private import read_private
from aggregator.region import Region
from aggregator.tag.match import Matcher, fold
from aggregator.tag.rules import NOT_CULTURE, NOT_EVENT, FieldName, Rule, load_rules

NEEDED = 0.9  # of 1: two or three weaker signs may stand for a strong one
TEXT_MAX = 3000
_IGNORED = -1
# "Dr. Karel Muziek": a name after a form of address is no subject.
_ADDRESSED = re.compile(
    r"\b(?:dr|drs|prof|ing|ir|mr|dhr|mevr|mw|mevrouw|meneer|de heer|pastor|dominee|ds)\.?\s+(?:\w+\s+)?$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: whether it is an event and culture, its pillars and other tags, and all reasons."""

    event: bool
    culture: bool
    pillars: tuple[Tag, ...]
    tags: tuple[Tag, ...]
    reasons: tuple[str, ...]
    because: Mapping[str, str]  # the words for `not-an-event` and `not-culture`


class Tagger:
    """Reads texts by the rules of a region; the search automaton is built once."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.rules = load_rules(region)
        self._by_id = {rule.id: rule for rule in self.rules.rules}
        self._words = [rule for rule in self.rules.rules if rule.words]
        self._made = [rule for rule in self.rules.rules if not rule.words]
        patterns = [(number, word) for number, rule in enumerate(self._words) for word in rule.words]
        self._matcher = Matcher([*patterns, *((_IGNORED, word) for word in self.rules.ignore)])
        self._venues = _venue_names(region)

    def tag(self, event: Event) -> Event:
        """The event with its pillars, tags, and the reason why it is hidden, if it is."""
        text = "\n".join(t for t in (event.subtitle, event.description) if t)
        read = self.read(
            event.title,
            text,
            event.place.name,
            event.place.venue,
            event.categories,
            getattr(event, "types", ()),
        )
        hidden, because = self._hidden(event, read)
        shown = hidden is None or hidden in ("outside", "no-municipality")
        return replace(
            event,
            pillars=read.pillars if shown else (),
            tags=read.tags if shown else (),
            hidden=hidden,
            hidden_because=because,
        )

    def read(
        self,
        title: str,
        description: str | None = None,
        location: str | None = None,
        venue: str | None = None,
        categories: Iterable[str] = (),
        types: Iterable[str] = (),
    ) -> Reading:
        """What the words of one event say; `venue` is a venue's id, else the location's name is looked up."""
        applied = self._apply(title, description or "", location or "", categories, types)
        sums: dict[str, float] = {}
        for rule, words in applied:
            for label, weight in rule.weights.items():
                sums[label] = sums.get(label, 0.0) + weight * _strength(words)
        known = self.region.venues.get(venue or self._venues.get(fold(location or "").strip(), ""))
        for pillar in known.prior if known else ():
            hint = self.rules.kinds.get(known.kind, self.rules.prior) if known else 0.0
            sums[pillar] = sums.get(pillar, 0.0) + hint
        given = [label for label, total in sums.items() if total >= NEEDED - 1e-9]
        event, culture = NOT_EVENT not in given, NOT_CULTURE not in given
        tags = tuple(self._tag(label, applied) for label in sorted(given))
        return Reading(
            event=event,
            culture=culture,
            pillars=tuple(t for t in tags if t.tag in self.region.pillars) if event and culture else (),
            tags=tuple(t for t in tags if t.tag not in (*self.region.pillars, NOT_EVENT, NOT_CULTURE)),
            reasons=tuple(f"{rule.id}: {_quote(words)}" for rule, words in applied),
            because={t.tag: t.because for t in tags if t.tag in (NOT_EVENT, NOT_CULTURE)},
        )

    def reason(self, rule: str, language: str = "nl") -> str:
        """What a rule says in words for residents; the rule's id when there is no such rule."""
        found = self._by_id.get(rule)
        texts = {str(code): text for code, text in found.reason.items()} if found else {}
        return texts.get(language) or texts.get("nl") or rule

    def explain(
        self,
        title: str,
        description: str = "",
        location: str = "",
        categories: Iterable[str] = (),
        types: Iterable[str] = (),
    ) -> dict[str, tuple[str, ...]]:
        """The ids of the rules that apply, each with the words on which it does."""
        applied = self._apply(title, description, location, categories, types)
        return {rule.id: words for rule, words in applied}

    def _apply(
        self, title: str, text: str, place: str, categories: Iterable[str], types: Iterable[str]
    ) -> list[tuple[Rule, tuple[str, ...]]]:
        """The rules that apply, with the words that made them."""
        fields: tuple[tuple[FieldName, str], ...] = (
            ("title", title),
            ("text", text[:TEXT_MAX]),
            ("categories", "\n".join(categories)),
            ("place", place),
            ("types", "\n".join(types)),
        )
        found: dict[str, list[str]] = {}
        for name, text in fields:
            if not text:
                continue
            folded = fold(text)
            hits = self._matcher.find(folded)
            covered = [(h.start, h.end) for h in hits if h.owner == _IGNORED]
            for hit in hits:
                if hit.owner == _IGNORED or any(a <= hit.start and hit.end <= b for a, b in covered):
                    continue
                rule = self._words[hit.owner]
                if name in rule.where and not _ADDRESSED.search(text, max(0, hit.start - 30), hit.start):
                    words = found.setdefault(rule.id, [])
                    word = text[hit.start : hit.end]
                    if word.casefold() not in (w.casefold() for w in words):
                        words.append(word)
        candidates = [*(self._by_id[id_] for id_ in found), *self._made]
        return [(rule, said) for rule in candidates if (said := _words_of(rule, found))]

    def _tag(self, label: str, applied: list[tuple[Rule, tuple[str, ...]]]) -> Tag:
        """The label with its strongest rule and the words of all rules that speak for it."""
        fors = [(r.weights[label], r, w) for r, w in applied if r.weights.get(label, 0) > 0]
        fors.sort(key=lambda one: -one[0])
        words = dict.fromkeys(word for _, _, said in fors for word in said)
        return Tag(label, fors[0][1].id if fors else "venue", _quote(tuple(words)))

    def _hidden(self, event: Event, read: Reading) -> tuple[str | None, str]:
        private = read_private(event.title, event.description, event.categories)
        if private:
            return "private", private
        for label, right in ((NOT_EVENT, read.event), (NOT_CULTURE, read.culture)):
            if not right:
                return label, read.because.get(label, "")
        if event.place.municipality == "outside":
            return "outside", event.place.because
        if event.place.municipality is None:
            return "no-municipality", event.place.because
        return None, ""


def _words_of(rule: Rule, found: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The words on which a rule applies; empty when it does not. `found` has the words of each rule."""
    if any(other not in found for other in rule.all) or any(other in found for other in rule.none):
        return ()
    others = [other for other in rule.any if other in found]
    if rule.any and not others:
        return ()
    return tuple(found.get(rule.id) or (found[other][0] for other in (*rule.all, *others[:1])))


def _strength(words: tuple[str, ...]) -> float:
    """One word counts once; each further different one a quarter more, up to three."""
    return min(1.0 + 0.25 * (len(words) - 1), 1.75)


def _quote(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{' '.join(w.split())}”" for w in words[:4])


def _venue_names(region: Region) -> dict[str, str]:
    """Folded names, aliases and former names of venues to their ids; names of two venues are left out."""
    names: dict[str, str | None] = {}
    for venue in region.venues.values():
        for name in {fold(n).strip() for n in (venue.name, *venue.aliases, *venue.former)}:
            names[name] = None if name in names and names[name] != venue.id else venue.id
    return {name: id_ for name, id_ in names.items() if id_}
