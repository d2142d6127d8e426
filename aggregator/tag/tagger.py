"""Gives an event its pillars and labels, each with the rule and the words that gave it.

Evidence adds up: each rule that applies adds its weights, and a label is given at a sum of about 1, so that
one plain word ("koorconcert") is enough, several weak ones are too, and a contrary one takes away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from aggregator.correct import Book, load_book
from aggregator.model import Event, Tag
from aggregator.normalise.private import read_private
from aggregator.region import Region, Venue
from aggregator.tag.ages import read_ages
from aggregator.tag.corrections import RULE as CORRECTION
from aggregator.tag.corrections import Corrections
from aggregator.tag.facts import read_facts
from aggregator.tag.genres import load_genres
from aggregator.tag.learned import RULE as LEARNED
from aggregator.tag.learned import Learned, load_learned
from aggregator.tag.lexicon import Applied, Lexicon
from aggregator.tag.local import load_local
from aggregator.tag.match import fold
from aggregator.tag.rules import NOT_CULTURE, NOT_EVENT, FieldName, Rule, load_rules

NEEDED = 0.9  # of 1: two or three weaker signs may stand for a strong one
TEXT_MAX = 3000
# What a pillar by its own words takes from "no culture": who hides a real event hides it from everybody.
CLEAR = 0.3
SHOWN_ANYWHERE = (None, "outside", "no-municipality")  # states in which pillars still say something
AGES, VENUE = "ages", "venue"
OWN_REASONS = {
    AGES: {"nl": "De leeftijd staat erbij", "en": "The age is stated"},
    CORRECTION: {"nl": "Een redacteur heeft dit besloten", "en": "An editor decided this"},
    VENUE: {"nl": "Op deze plek is dit gewoonlijk zo", "en": "This place usually has this"},
    LEARNED: {
        "nl": "De woorden lijken op die van eerdere voorbeelden",
        "en": "The words resemble those of earlier examples",
    },
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: whether it is an event and culture, its pillars and other tags, and all reasons.

    `because` has the words for `not-an-event` and `not-culture`; `sums` the evidence for every label,
    which is given at 0.9; `could` the pillars that it would have as an event of culture.
    """

    event: bool
    culture: bool
    pillars: tuple[Tag, ...]
    tags: tuple[Tag, ...]
    because: Mapping[str, str]
    sums: Mapping[str, float] = field(default_factory=dict)
    could: tuple[Tag, ...] = ()
    applied: Applied = field(default_factory=list)
    guessed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every rule that applies with its words, for editors."""
        return (
            *(f"{rule.id}: {_quote(words)}" for rule, words in self.applied),
            *(f"{LEARNED}: {_quote(words)} ({pillar})" for pillar, words in self.guessed.items()),
        )


class Tagger:
    """Reads texts by the rules of a region; the search automata are built once.

    `today` is the day on which corrections of people must still hold; without it none has ended. `book`
    are those corrections, where they have been read already.
    """

    def __init__(
        self, region: Region, today: date | None = None, learned: bool = True, book: Book | None = None
    ) -> None:
        self.region = region
        self.rules = load_rules(region)
        self.genres = load_genres(region)
        self.corrections = Corrections(book or load_book(region, today))
        self._learned: Learned | None = load_learned(region) if learned else None
        shared = (*self.rules.rules, *self.genres.rules)
        self._shared = Lexicon(shared, self.rules.ignore)
        self._local = load_local(region, shared, self.rules.ignore)
        self._venues = _venue_names(region)

    def tag(self, event: Event) -> Event:
        """The event with its pillars, tags, and the reason why it is hidden, if it is.

        What a person decided in `config/corrections/` goes before everything else.
        """
        read = self.read_event(event)
        hidden, because = self._hidden(event, read)
        shown = hidden in SHOWN_ANYWHERE
        tagged = replace(
            event,
            pillars=read.pillars if shown else (),
            tags=read.tags if shown else (),
            hidden=hidden,
            hidden_because=because,
        )
        return self.corrections.apply(tagged, read.could)

    def read_event(self, event: Event) -> Reading:
        """What an event's own words and facts say, before anybody's decision."""
        text = "\n".join(t for t in (event.subtitle, event.description) if t)
        return self.read(
            event.title,
            text,
            event.place.name,
            event.place.venue,
            event.categories,
            event.types,
            read_facts(event),
            event.place.municipality,
        )

    def read(
        self,
        title: str,
        description: str | None = None,
        location: str | None = None,
        venue: str | None = None,
        categories: Iterable[str] = (),
        types: Iterable[str] = (),
        facts: Iterable[str] = (),
        municipality: str | None = None,
    ) -> Reading:
        """What the words of one event say.

        `venue` is a venue's id, else the location's name is looked up; `facts` are as `read_facts` gives
        them; the local rules of `municipality` are added, if it has any.
        """
        known = self.region.venues.get(venue or self._venues.get(fold(location or "").strip(), ""))
        applied = self._lexicon(municipality).apply(
            _fields(title, description or "", location or "", categories, types, facts, known)
        )
        sums = _sums(applied)
        if any(sums.get(pillar, 0.0) >= NEEDED for pillar in self.region.pillars):
            sums[NOT_CULTURE] = sums.get(NOT_CULTURE, 0.0) - CLEAR
        self._add_prior(sums, known)
        guessed = self._guess(sums, f"{title}\n{(description or '')[:TEXT_MAX]}")
        given = [label for label, total in sums.items() if total >= NEEDED - 1e-9]
        event, culture = NOT_EVENT not in given, NOT_CULTURE not in given
        house = location or (known.name if known else "")
        tags = [_tag(label, applied, guessed, house) for label in sorted(given)]
        ages = read_ages(f"{title}\n{description or ''}")
        tags += [Tag(label, AGES, f"“{words}”") for label, words in ages if label not in given]
        could = tuple(t for t in tags if t.tag in self.region.pillars)
        return Reading(
            event=event,
            culture=culture,
            pillars=could if event and culture else (),
            tags=tuple(t for t in tags if t.tag not in (*self.region.pillars, NOT_EVENT, NOT_CULTURE)),
            because={t.tag: t.because for t in tags if t.tag in (NOT_EVENT, NOT_CULTURE)},
            sums=sums,
            could=could,
            applied=applied,
            guessed=guessed,
        )

    def reason(self, rule: str, language: str = "nl") -> str:
        """What a rule says in words for residents; the rule's id when there is no such rule."""
        found = self._shared.rules.get(rule) or self._local_rule(rule)
        texts: Mapping[str, str] = (
            {str(code): text for code, text in found.reason.items()} if found else OWN_REASONS.get(rule, {})
        )
        return texts.get(language) or texts.get("nl") or rule

    def weights(self, rule: str) -> Mapping[str, float]:
        """What a rule weighs for each label; nothing for one that is unknown."""
        found = self._shared.rules.get(rule) or self._local_rule(rule)
        return found.weights if found else {}

    def explain(
        self,
        title: str,
        description: str = "",
        location: str = "",
        categories: Iterable[str] = (),
        types: Iterable[str] = (),
        facts: Iterable[str] = (),
    ) -> dict[str, tuple[str, ...]]:
        """The ids of the rules that apply, each with the words on which it does."""
        fields = _fields(title, description, location, categories, types, facts, None)
        return {rule.id: words for rule, words in self._shared.apply(fields)}

    def _lexicon(self, municipality: str | None) -> Lexicon:
        return self._local.get(municipality or "", self._shared)

    def _local_rule(self, rule: str) -> Rule | None:
        return next((own.rules[rule] for own in self._local.values() if rule in own.rules), None)

    def _add_prior(self, sums: dict[str, float], venue: Venue | None) -> None:
        for pillar in venue.prior if venue else ():
            hint = self.rules.kinds.get(venue.kind, self.rules.prior) if venue else 0.0
            sums[pillar] = sums.get(pillar, 0.0) + hint

    def _guess(self, sums: dict[str, float], text: str) -> dict[str, tuple[str, ...]]:
        """Adds what the learned part says; the words that it goes by for the pillars that are given."""
        if self._learned is None:
            return {}
        known = self.region.pillars
        weights = {p: weight for p, weight in self._learned.weigh(text).items() if p in known}
        for pillar, weight in weights.items():
            sums[pillar] = sums.get(pillar, 0.0) + weight
        given = [p for p, weight in weights.items() if weight > 0 and sums[p] >= NEEDED - 1e-9]
        return {pillar: self._learned.words(text, pillar) for pillar in given}

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


def _fields(
    title: str,
    text: str,
    place: str,
    categories: Iterable[str],
    types: Iterable[str],
    facts: Iterable[str],
    venue: Venue | None,
) -> tuple[tuple[FieldName, str], ...]:
    kind = (f"soort {venue.kind}",) if venue else ()
    return (
        ("title", title),
        ("text", text[:TEXT_MAX]),
        ("categories", "\n".join(categories)),
        ("place", place),
        ("types", "\n".join(types)),
        ("facts", "\n".join((*facts, *kind))),
    )


def _sums(applied: Applied) -> dict[str, float]:
    sums: dict[str, float] = {}
    for rule, words in applied:
        if rule.weights:
            strength = _strength(words)
            for label, weight in rule.weights.items():
                sums[label] = sums.get(label, 0.0) + weight * strength
    return sums


def _tag(label: str, applied: Applied, guessed: Mapping[str, tuple[str, ...]], house: str) -> Tag:
    """The label with its strongest rule and the words of all rules that speak for it."""
    fors = [(r.weights[label], r.id, w) for r, w in applied if r.weights.get(label, 0) > 0]
    if guessed.get(label):
        fors.append((0.0, LEARNED, guessed[label]))
    fors.sort(key=lambda one: -one[0])
    words = dict.fromkeys(word for _, _, said in fors for word in said) or {house: None}
    return Tag(label, fors[0][1] if fors else VENUE, _quote(tuple(words)))


def _strength(words: tuple[str, ...]) -> float:
    """One word counts once; each further different one a quarter more, up to three."""
    return min(1.0 + 0.25 * (len(words) - 1), 1.75)


def _quote(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{' '.join(w.split())}”" for w in words[:4])


def _venue_names(region: Region) -> dict[str, str]:
    """Folded names, aliases and former names of venues to their ids.

    A name of several venues stands for one of them when it says the same of each, else for none.
    """
    names: dict[str, Venue | None] = {}
    for venue in region.venues.values():
        for name in {fold(n).strip() for n in (venue.name, *venue.aliases, *venue.former)}:
            other = names.get(name, venue)
            same = other is not None and (other.kind, other.prior) == (venue.kind, venue.prior)
            names[name] = other if same else None
    return {name: venue.id for name, venue in names.items() if venue}
