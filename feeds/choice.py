"""What somebody wants to see or to follow, as it stands in an address. Pure, no language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from aggregator.errors import UsageError
from aggregator.model import Event
from feeds.fold import fold, holds, words_of
from feeds.info import SiteInfo
from feeds.select import Showing
from feeds.urls import REGION, Scope

MOST_VALUES = 200
MOST_LETTERS = 80  # of one word or phrase
CHILDREN = frozenset(("kinderen", "gezinnen", "jeugdtheater"))  # the labels that say: for children
FREE = "free"  # the label of what says so in its text
SIGNS = {  # a wish that one label answers -> the label
    "outdoors": "outdoors",
    "wheelchair": "wheelchair",
    "nodutch": "language-no-problem",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Within a kind any of the values, between the kinds all; empty is no wish.

    `words` and `without` are folded phrases; an event fits a phrase when it has each of its words, and
    is taken when it fits one of the first and none of the second. Of `signs` (keys of SIGNS) it must bear
    all. `language` is that of the answer.
    """

    municipalities: frozenset[str] = frozenset()
    pillars: frozenset[str] = frozenset()
    venues: frozenset[str] = frozenset()
    language: str = "nl"
    keep: bool = False  # cancelled stays CONFIRMED with the word before the title
    exhibitions: bool = True
    genres: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    children: bool = False
    free: bool = False
    signs: frozenset[str] = frozenset()

    def takes(self, showing: Showing) -> bool:
        """Whether an occurrence is wanted; one that left by the place where it was."""
        if (self.keep and showing.merged) or (not self.exhibitions and showing.exhibition):
            return False
        event, before = showing.event, showing.before
        return self.takes_event(event if before is None else replace(event, place=before))

    def takes_event(self, event: Event) -> bool:
        """Whether an event is wanted, whatever its dates."""
        place = event.place
        return (
            (not self.municipalities or place.municipality in self.municipalities)
            and (not self.pillars or any(tag.tag in self.pillars for tag in event.pillars))
            and (not self.venues or place.venue in self.venues)
            and (not self.genres or any(tag.tag in self.genres for tag in event.tags))
            and (not self.children or any(tag.tag in CHILDREN for tag in event.tags))
            and (not self.free or is_free(event))
            and (not self.signs or self._bears(event))
            and (not (self.words or self.without) or self._says(event))
        )

    def _bears(self, event: Event) -> bool:
        own = {tag.tag for tag in event.tags}
        return all(SIGNS[sign] in own for sign in self.signs)

    def _says(self, event: Event) -> bool:
        text = words_of(event, (event.place.municipality or "").replace("-", " "))
        if self.words and not any(_fits(text, phrase) for phrase in self.words):
            return False
        return not any(_fits(text, phrase) for phrase in self.without)

    @property
    def scope(self) -> Scope | None:
        """The scope that takes exactly the same, whose feeds are files; None for a free combination."""
        parts = (self.municipalities, self.pillars, self.venues)
        wishes = self.genres or self.words or self.without or self.children or self.free or self.signs
        if wishes or not self.exhibitions or self.keep or any(len(part) > 1 for part in parts):
            return None
        municipality, pillar, venue = (next(iter(part), None) for part in parts)
        if venue:
            return None if municipality or pillar else Scope(venue=venue)
        return Scope(municipality, pillar) if municipality or pillar else REGION

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The same choice always in the same words."""
        pairs = [("municipality", m) for m in sorted(self.municipalities)]
        pairs += [("pillar", p) for p in sorted(self.pillars)]
        pairs += [("venue", v) for v in sorted(self.venues)]
        pairs += [("genre", g) for g in sorted(self.genres)]
        pairs += [("words", w) for w in sorted(self.words)]
        pairs += [("without", w) for w in sorted(self.without)]
        pairs += [("children", "yes")] if self.children else []
        pairs += [("free", "yes")] if self.free else []
        pairs += [(sign, "yes") for sign in SIGNS if sign in self.signs]
        pairs += [("cancelled", "keep")] if self.keep else []
        pairs += [] if self.exhibitions else [("exhibitions", "no")]
        return (*pairs, ("language", self.language))


def _fits(text: str, phrase: str) -> bool:
    return all(holds(text, word) for word in phrase.split())


def is_free(event: Event) -> bool:
    """Whether nobody has to pay: by its price, else by what its text says."""
    price = event.price
    if price is not None and (price.free is not None or price.min is not None):
        return bool(price.free) or (price.min == 0 and not price.max)
    return any(tag.tag == FREE for tag in event.tags)


def parse_choice(pairs: Iterable[tuple[str, str]], info: SiteInfo, path: str = "/agenda.ics") -> Choice:
    """The choice in a query; UsageError names the key or value that does not exist.

    A value that is empty is no wish: a form sends every field.
    """
    known = _known(info)
    chosen: dict[str, list[str]] = {key: [] for key in (*known, "words", "without")}
    for number, (key, value) in enumerate(pairs):
        if number >= MOST_VALUES:
            raise UsageError(f"more than {MOST_VALUES} values", path, "choose fewer")
        if key not in chosen:
            raise UsageError(f"unknown key {key[:40]!r}", path, f"known are {', '.join(chosen)}")
        if value and key in known and value not in known[key]:
            hint = "the page with all feeds has the names that exist"
            raise UsageError(f"unknown {key} {value[:80]!r}", path, hint)
        if value:
            chosen[key].append(value)
    language = chosen["language"][-1] if chosen["language"] else info.languages[0]
    municipalities, pillars, venues, genres = (
        frozenset(chosen[k]) for k in ("municipality", "pillar", "venue", "genre")
    )
    return Choice(
        municipalities,
        pillars,
        venues,
        language,
        keep=chosen["cancelled"][-1:] == ["keep"],
        exhibitions=chosen["exhibitions"][-1:] != ["no"],
        genres=genres,
        words=_with_places(_phrases(chosen["words"]), info),
        without=_phrases(chosen["without"]),
        children=chosen["children"][-1:] == ["yes"],
        free=chosen["free"][-1:] == ["yes"],
        signs=frozenset(sign for sign in SIGNS if chosen[sign][-1:] == ["yes"]),
    )


def _known(info: SiteInfo) -> Mapping[str, set[str]]:
    """The values that each key may have."""
    return {
        "municipality": set(info.municipalities),
        "pillar": set(info.pillars),
        "venue": set(info.venues),
        "genre": set(info.genres),
        "language": set(info.languages),
        "cancelled": {"keep", "plain"},
        "exhibitions": {"yes", "no"},
        "children": {"yes", "no"},
        "free": {"yes", "no"},
        **{sign: {"yes", "no"} for sign in SIGNS},
    }


def _phrases(texts: Iterable[str]) -> frozenset[str]:
    """Words and phrases, divided by commas."""
    found = (fold(part)[:MOST_LETTERS] for text in texts for part in text.split(","))
    return frozenset(phrase for phrase in found if phrase)


def _with_places(phrases: frozenset[str], info: SiteInfo) -> frozenset[str]:
    """With the place beside its other name, so that "Eanske" and "jazz Eanske" find Enschede."""
    found = set(phrases)
    for phrase in phrases:
        found.add(info.aliases.get(phrase, phrase))
        found.add(" ".join(info.aliases.get(word, word) for word in phrase.split()))
    return frozenset(found)
