"""The learned part: a linear model over words, their beginnings and ends, made from `config/examples.jsonl`.

It speaks beside the rules, with at most `most` of evidence, so that it can tip what the rules leave undecided
and never carry a pillar on one word. Its words are the reason it gives. Training is plain logistic regression
(AdaGrad, fixed order), takes seconds and gives the same file from the same examples.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from aggregator.errors import ConfigError, ConfigMistakesError
from aggregator.region import Region
from aggregator.tag.match import fold

RULE = "learned"
FILE = "learned.yaml"
_WORD = re.compile(r"[a-z0-9]{2,}")
_HEAD, _TAIL = (
    5,
    6,
)  # letters of a beginning and an end: "licht*" of "lichtobjecten", "*concert" of "tuinconcert"
_EPOCHS, _RATE, _SHRINK, _SEED = 30, 0.5, 0.002, 1
# Where evidence begins for each pillar, cross-validated on the examples.
MIDDLE = {"muziek": -1.1, "third-places": -1.3, "createch": -1.6}
_SILENT = frozenset(
    """
    de het een en van in op te met voor aan is om bij uit tot als er door naar over ook dan die dat dit
    deze je jij we wij hij zij ze hun haar zijn was wordt worden wie wat waar hoe niet geen of maar al
    nog alle elk elke iedere hier daar tussen langs onder boven na per the a an and to on at for with by
    from are be it its this that you your our they who what all new one two der das den dem des ein eine
    einer einem und im am zu mit von vom auf aus bei zum zur fur ist sind sich wer wir ihr uur jaar euro
    twee drie vier vijf zes zeven acht negen tien januari februari maart april mei juni juli augustus
    september oktober november december maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    """.split()
)
_ENOUGH = 5  # words, from which on a text says enough to be guessed from
_SEEN = 2  # a pair of words in a single example is chance
_SMALLEST = 0.05  # weights below it are not kept


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights per feature in the order of `pillars`; the rest makes evidence of a score.

    From the score `middle` of a pillar on, evidence grows by `slope`, to at most `most`.
    """

    pillars: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]
    middle: tuple[float, ...] = ()
    slope: float = 0.45
    least: float = -0.15
    most: float = 0.5

    def scores(self, text: str) -> tuple[list[float], dict[str, tuple[float, ...]]]:
        """The log-odds per pillar, and the weights of each feature that was met."""
        features = read_features(text)
        weights = self.weights
        met = {f: weights[f] for f in features if f in weights}
        norm = 1 / math.sqrt(len(features) or 1)
        columns = zip(*met.values(), strict=True) if met else ((),) * len(self.pillars)
        sums = [norm * sum(column) + bias for column, bias in zip(columns, self.bias, strict=True)]
        return sums, met

    def weigh(self, text: str) -> dict[str, float]:
        """The evidence per pillar, `least` to `most`."""
        sums, _ = self.scores(text)
        much = min(len(text.split()) / _ENOUGH, 1.0)
        return {
            pillar: much * min(max(self.slope * (sums[k] - self.middle[k]), self.least), self.most)
            for k, pillar in enumerate(self.pillars)
        }

    def words(self, text: str, pillar: str) -> tuple[str, ...]:
        """The up to three words of the text that say most for a pillar, as the page wrote them."""
        _, met = self.scores(text)
        return _words(text, met, self.pillars.index(pillar))


def read_features(text: str) -> list[str]:
    """The features of a text, each once: words, pairs of words, beginnings (`licht*`), ends (`*concert`)."""
    words = [w for w in _WORD.findall(fold(text)) if w not in _SILENT and not w.isdigit()]
    heads = [f"{word[:_HEAD]}*" for word in words if len(word) > _HEAD]
    tails = [f"*{word[-_TAIL:]}" for word in words if len(word) > _TAIL + 1]
    return list(dict.fromkeys((*words, *heads, *tails, *map(" ".join, pairwise(words)))))


def _words(text: str, met: Mapping[str, tuple[float, ...]], k: int) -> tuple[str, ...]:
    """The up to three words of the text that say most for pillar number `k`, as the page wrote them."""
    folded, found = fold(text), {}
    for match in _WORD.finditer(folded):
        word = match[0]
        parts = (word, f"{word[:_HEAD]}*", f"*{word[-_TAIL:]}")
        weight = sum(met[p][k] for p in parts if p in met)
        if weight > 0 and word not in found:
            found[word] = (weight, text[match.start() : match.end()])
    best = sorted(found.values(), key=lambda one: -one[0])[:3]
    return tuple(word for _, word in best)


def learn(examples: Sequence[tuple[str, frozenset[str]]], pillars: tuple[str, ...]) -> Learned:
    """A model from texts with their pillars; the same examples give the same model."""
    features = [read_features(text) for text, _ in examples]
    seen = Counter(name for row in features for name in row)
    fitted = [_fit(features, [pillar in given for _, given in examples]) for pillar in pillars]
    names = sorted(name for name, times in seen.items() if times >= _SEEN or " " not in name)
    rows = {name: tuple(round(weights.get(name, 0.0), 2) for weights, _ in fitted) for name in names}
    kept = {name: row for name, row in rows.items() if max(map(abs, row)) >= _SMALLEST}
    middle = tuple(MIDDLE.get(pillar, -1.0) for pillar in pillars)
    return Learned(pillars, tuple(round(bias, 3) for _, bias in fitted), kept, middle)


def _fit(features: Sequence[Sequence[str]], right: Sequence[bool]) -> tuple[dict[str, float], float]:
    """Weights and bias of one pillar."""
    weights: dict[str, float] = {}
    squares: dict[str, float] = {}
    bias, order, chance = 0.0, list(range(len(features))), random.Random(_SEED)
    for _ in range(_EPOCHS):
        chance.shuffle(order)
        for n in order:
            row = features[n]
            norm = 1 / math.sqrt(len(row) or 1)
            score = bias + norm * sum(weights.get(name, 0.0) for name in row)
            error = 1 / (1 + math.exp(-score)) - right[n]
            bias -= 0.05 * error
            for name in row:
                step = error * norm + _SHRINK * weights.get(name, 0.0)
                squares[name] = squares.get(name, 1e-8) + step * step
                weights[name] = weights.get(name, 0.0) - _RATE * step / math.sqrt(squares[name])
    return weights, bias


def read_examples(lines: Iterable[str]) -> list[tuple[str, frozenset[str]]]:
    """Texts with their pillars from JSON Lines as `trek try pillars` takes them, with a key `pillars`.

    What is no event or no culture is left out: pillars are asked of the others only.
    """
    rows = [json.loads(line) for line in lines if line.strip()]
    return [
        (f"{row['title']}\n{row.get('description') or ''}", frozenset(row["pillars"]))
        for row in rows
        if row.get("event", True) and row.get("culture", True)
    ]


def render_learned(model: Learned) -> str:
    """The model as the text of `config/learned.yaml`: one feature a line, its weight per pillar."""
    lines = [
        "# Made by `trek tag learn` from config/examples.jsonl; do not edit.",
        f"pillars: [{', '.join(model.pillars)}]",
        f"bias: [{', '.join(str(b) for b in model.bias)}]",
        f"middle: [{', '.join(str(m) for m in model.middle)}]",
        "weights: |",
        *(f"  {name} = {' '.join(f'{w:g}' for w in row)}" for name, row in model.weights.items()),
    ]
    return "\n".join(lines) + "\n"


def load_learned(region: Region) -> Learned | None:
    """The model in a region's `learned.yaml`, None without one; ConfigMistakesError when it is damaged."""
    raw: Mapping[str, Any] | None = region.raw.get("learned")
    if not raw:
        return None
    try:
        pillars = tuple(str(p) for p in raw["pillars"])
        weights = {
            name: tuple(float(w) for w in row.split())
            for name, _, row in (line.rpartition(" = ") for line in raw["weights"].splitlines() if line)
        }
        bias, middle = (tuple(float(b) for b in raw[key]) for key in ("bias", "middle"))
        if any(len(row) != len(pillars) for row in (bias, middle, *weights.values())):
            raise ValueError("a line has not one weight per pillar")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        mistake = ConfigError(f"damaged ({error})", FILE, "weights", "make it anew with `trek tag learn`")
        raise ConfigMistakesError((mistake,)) from None
    return Learned(pillars, bias, weights, middle)
