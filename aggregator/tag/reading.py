"""What the words of one event come to: the sums of the rules that apply, and the labels that they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aggregator.labels import VENUE
from aggregator.model import Tag
from aggregator.tag.learned import RULE as LEARNED
from aggregator.tag.lexicon import Applied

Voice = tuple[float, str, tuple[str, ...]]  # what a rule weighs for a label, its id, and its words


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: whether it is an event and culture, its pillars and other tags, and all reasons.

    `because` has the words for `not-an-event`, `not-culture` and `private`; `sums` the evidence for every
    label, which is given at 0.9; `could` the pillars that it would have as an event of culture.
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
            *(f"{rule.id}: {quote(words)}" for rule, words in self.applied),
            *(f"{LEARNED}: {quote(words)} ({pillar})" for pillar, words in self.guessed.items()),
        )


def weigh(applied: Applied) -> tuple[dict[str, float], dict[str, list[Voice]]]:
    """The sum of evidence per label, and the rules that speak for it."""
    sums: dict[str, float] = {}
    voices: dict[str, list[Voice]] = {}
    for rule, words in applied:
        weights = rule.weights
        if weights:
            strength = _strength(words)
            for label, weight in weights.items():
                sums[label] = sums.get(label, 0.0) + weight * strength
                if weight > 0:
                    voices.setdefault(label, []).append((weight, rule.id, words))
    return sums, voices


def give(label: str, voices: list[Voice], guessed: tuple[str, ...], house: str) -> Tag:
    """The label with its strongest rule and the words of all rules that speak for it.

    `guessed` are the words of the learned part; where nothing speaks, it is the `house` itself.
    """
    fors = [*voices, (0.0, LEARNED, guessed)] if guessed else voices
    if not fors:
        return Tag(label, VENUE, quote((house,)))
    fors = sorted(fors, key=lambda one: -one[0])
    words = dict.fromkeys(word for _, _, said in fors for word in said)
    return Tag(label, fors[0][1], quote(tuple(words)))


def quote(words: tuple[str, ...]) -> str:
    """The first four of some words, each between quotation marks."""
    return ", ".join(f"“{' '.join(w.split())}”" for w in words[:4])


def _strength(words: tuple[str, ...]) -> float:
    """One word counts once; each further different one a quarter more, up to three."""
    return min(1.0 + 0.25 * (len(words) - 1), 1.75)
