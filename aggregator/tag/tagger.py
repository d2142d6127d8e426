"""Gives an event its pillars and labels, each with the rule and the words that gave it.

Evidence adds up: each rule that applies adds its weights, and a label is given at a sum of about 1, so that
one plain word ("koorconcert") is enough, several weak ones are too, and a contrary one takes away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from aggregator.correct import Book, load_book
from aggregator.labels import AGES, name_label, read_labels, read_reasons
from aggregator.model import Event, Tag
from aggregator.normalise.private import read_private
from aggregator.region import Region, Venue
from aggregator.tag.ages import read_ages
from aggregator.tag.corrections import Corrections
from aggregator.tag.council import COUNCIL, Council
from aggregator.tag.facts import read_facts
from aggregator.tag.genres import load_genres
from aggregator.tag.learned import Learned, load_learned
from aggregator.tag.lexicon import Lexicon
from aggregator.tag.local import load_local
from aggregator.tag.match import fold
from aggregator.tag.reading import Reading, give, weigh
from aggregator.tag.rules import NOT_CULTURE, NOT_EVENT, FieldName, Rule, load_rules

NEEDED = 0.9  # of 1: two or three weaker signs may stand for a strong one
TEXT_MAX = 3000
# What a pillar by its own words takes from "no culture", more where many words say it: who hides a real
# event hides it from everybody, and table tennis among neighbours with tea is a way of meeting.
CLEAR = 0.3
SHOWN_ANYWHERE = (None, "outside", "no-municipality")  # states in which pillars still say something
PRIVATE = "private"


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
        self.council = Council(region)
        self._learned: Learned | None = load_learned(region) if learned else None
        shared = (*self.rules.rules, *self.genres.rules)
        self._shared = Lexicon(shared, self.rules.ignore)
        self._local = load_local(region, shared, self.rules.ignore)
        self._venues = _venue_names(region)
        self._reasons = read_reasons(region)
        self._labels = read_labels(region)

    def tag(self, event: Event) -> Event:
        """The event with its pillars, tags, and the reason why it is hidden, if it is.

        What a person decided in `config/corrections/` goes before everything else. A council meeting whose
        agenda touches culture is hidden as such, with the points that do in its tags.
        """
        if points := self.council.points(event):
            words = ", ".join(f"“{point.because}”" for point in points)
            return replace(event, pillars=(), tags=points, hidden=COUNCIL, hidden_because=words)
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
        kinds = tuple(categories)
        applied = self._lexicon(municipality).apply(
            _fields(title, description or "", location or "", kinds, types, facts, known)
        )
        sums, voices = weigh(applied)
        self._trust_pillars(sums)
        self._add_prior(sums, known)
        guessed = self._guess(sums, f"{title}\n{(description or '')[:TEXT_MAX]}")
        given = [label for label, total in sums.items() if total >= NEEDED - 1e-9]
        private = read_private(title, description, kinds)
        event, culture = NOT_EVENT not in given, NOT_CULTURE not in given and not private
        house = location or (known.name if known else "")
        tags = [give(label, voices.get(label, []), guessed.get(label, ()), house) for label in sorted(given)]
        ages = read_ages(f"{title}\n{description or ''}")
        tags += [Tag(label, AGES, f"“{words}”") for label, words in ages if label not in given]
        could = tuple(t for t in tags if t.tag in self.region.pillars)
        return Reading(
            event=event,
            culture=culture,
            pillars=could if event and culture else (),
            tags=tuple(t for t in tags if t.tag not in (*self.region.pillars, NOT_EVENT, NOT_CULTURE)),
            because={t.tag: t.because for t in tags if t.tag in (NOT_EVENT, NOT_CULTURE)}
            | ({PRIVATE: private} if private else {}),
            sums=sums,
            could=could,
            applied=applied,
            guessed=guessed,
        )

    def _trust_pillars(self, sums: dict[str, float]) -> None:
        """What clearly is of a pillar is culture, so much the more as it is clearer."""
        clearest = max((sums.get(pillar, 0.0) for pillar in self.region.pillars), default=0.0)
        if clearest >= NEEDED:
            sums[NOT_CULTURE] = sums.get(NOT_CULTURE, 0.0) - CLEAR * max(1.0, clearest - 1.0)

    def reason(self, rule: str, language: str = "nl") -> str:
        """What a rule says in words for residents; the rule's id when there is no such rule."""
        texts = self._reasons.get(rule, {})
        return texts.get(language) or texts.get("nl") or rule

    def name(self, label: str, language: str = "nl") -> str:
        """What residents call a pillar, a genre or another label; its id where it has no name."""
        pillar = self.region.pillars.get(label)
        if pillar:
            names = {str(code): text for code, text in pillar.name.items()}
            return names.get(language) or names["nl"]
        return name_label(self._labels, label, language)

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
        """Lets the learned part speak where the rules leave a pillar undecided; the words it goes by."""
        learned = self._learned
        if learned is None:
            return {}
        lowest, highest = NEEDED - learned.most, NEEDED - learned.least
        undecided = [p for p in self.region.pillars if lowest <= sums.get(p, 0.0) < highest]
        if not undecided:
            return {}
        weights = learned.weigh(text)
        for pillar in undecided:
            sums[pillar] = sums.get(pillar, 0.0) + weights.get(pillar, 0.0)
        given = [p for p in undecided if weights.get(p, 0.0) > 0 and sums[p] >= NEEDED - 1e-9]
        return {pillar: learned.words(text, pillar) for pillar in given}

    def _hidden(self, event: Event, read: Reading) -> tuple[str | None, str]:
        if PRIVATE in read.because:
            return PRIVATE, read.because[PRIVATE]
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
