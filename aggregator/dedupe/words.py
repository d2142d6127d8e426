"""Words as evidence: folded, told apart by how much they tell, and compared with forgiveness.

The background is fixed: what a word weighs does not depend on which listings there are, so that one
listing's coming or going never changes what is thought of the others.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from aggregator.dedupe.vocabulary import EMPTY, GENERAL, MEANING, PARTS

_WORD = re.compile(r"[^\W_]+")
_ROMAN = {"II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "XI": "11"}
_ROMAN_FIGURE = re.compile(rf"\b(?:{'|'.join(_ROMAN)})\b")
_SOUNDS = (
    (re.compile(r"t?sch|tsj|tch|tj|ch"), "s"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ck|c(?=[aouklrt])|q"), "k"),
    (re.compile(r"th"), "t"),
    (re.compile(r"ij|y|ie|ee"), "i"),
    (re.compile(r"w"), "v"),
    (re.compile(r"oe|ou|ue"), "u"),
    (re.compile(r"dt\b|d\b"), "t"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_EXTRA = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "’": "'", "‘": "'", "`": "'"})
LIKE = 0.8  # of two words, for a slip of the pen
BELOW = 0.79  # where counting of slips may stop; at LIKE itself it would lose one slip in five letters
TELLING = 0.5  # weight from which a word names something
ALIKE = 0.6  # likeness from which a word is said by both
SHORTEST = 4  # letters of a word that may stand inside a longer one


class Word(NamedTuple):
    """A word and its weight: 0 tells nothing, 1 names something."""

    text: str
    weight: float


@lru_cache(maxsize=200_000)
def known(text: str, most: float = 9.0) -> Word:
    """A word with its weight, `most` at the most; one object for all who say it."""
    return Word(sys.intern(text), min(weigh(text), most))


def fold(text: str) -> str:
    """Lower case without accents: what is compared, never what is shown."""
    if text.isascii():
        return text.casefold().translate(_EXTRA)
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_EXTRA))
    return "".join(c for c in plain if not unicodedata.combining(c))


def split(text: str) -> list[str]:
    """The folded words of a text in order; Roman numbers as figures, event words in Dutch."""
    if _ROMAN_FIGURE.search(text):
        text = _ROMAN_FIGURE.sub(lambda found: _ROMAN[found[0]], text)
    return [MEANING.get(word, word) for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=100_000)
def weigh(word: str) -> float:
    """How much a word tells: 0 for words of every sentence, less than half for kinds of event."""
    if word in EMPTY or (len(word) == 1 and not word.isdigit()):
        return 0.0
    if word.isdigit():
        return 0.0 if len(word) == 4 and word[:2] in ("19", "20") else 0.3
    if word in GENERAL:
        return 0.35
    if _is_compound(word):
        return 0.5
    return 0.6 if len(word) <= 3 else 1.0 if len(word) < 8 else 1.2


def _is_compound(word: str) -> bool:
    """Whether a word is two words that tell little, written as one: "kerstmarkt"."""
    for at in range(3, len(word) - 2):
        if word[at:] in PARTS:
            head = word[:at]
            if (
                head in PARTS
                or (head[-1:] in "se" and head[:-1] in PARTS)
                or head.removesuffix("en") in PARTS
            ):
                return True
    return False


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """A word as it sounds in Dutch, English and German spelling: Tsjaikovski, Tschaikowsky."""
    for pattern, spelling in _SOUNDS:
        word = pattern.sub(spelling, word)
    return word


@lru_cache(maxsize=400_000)
def likeness(a: str, b: str) -> float:
    """0..1: the same word, as it sounds, with a slip, or one within the other (compounds)."""
    if a == b:
        return 1.0
    short, long = (b, a) if len(b) < len(a) else (a, b)
    if len(short) < SHORTEST or short.isdigit() or long.isdigit():
        return 0.0
    if long.startswith(short) or long.endswith(short):
        return 0.8 if len(long) - len(short) <= 2 else 0.65
    x, y = sound(short), sound(long)
    if x == y:
        return 0.95
    if len(short) < 5 or short[0] not in (long[0], long[1:2]):
        return 0.0
    slip = OSA.normalized_similarity(short, long, score_cutoff=BELOW) >= LIKE
    return 0.85 if slip or OSA.normalized_similarity(x, y, score_cutoff=BELOW) - 0.02 >= LIKE else 0.0


class Overlap(NamedTuple):
    """Weight of the shared words, and which share (0..1) of the poorer and richer side they are.

    `rival` is the weight of what each says and the other does not: one instrument against another; `named`
    counts of that only what names something.
    """

    shared: float
    most: float
    least: float
    rival: float = 0.0
    named: float = 0.0


@lru_cache(maxsize=200_000)
def overlap(a: tuple[Word, ...], b: tuple[Word, ...]) -> Overlap:
    """How far the words of two titles are the same."""
    whole_a, whole_b = sum(w.weight for w in a), sum(w.weight for w in b)
    if not whole_a or not whole_b:
        return Overlap(0.0, 0.0, 0.0)
    if a == b:
        return Overlap(whole_a, 1.0, 1.0)
    here, there = _said(a, b)
    _join(a, b, here, there)
    _join(b, a, there, here)
    from_a = sum(w.weight * like for w, like in zip(a, here, strict=True))
    from_b = sum(w.weight * like for w, like in zip(b, there, strict=True))
    own_a = [w.weight for w, like in zip(a, here, strict=True) if like < ALIKE]
    own_b = [w.weight for w, like in zip(b, there, strict=True) if like < ALIKE]
    shares = sorted((from_a / whole_a, from_b / whole_b))
    named = min(sum(w for w in own if w >= TELLING) for own in (own_a, own_b))
    return Overlap(min(from_a, from_b), shares[1], shares[0], min(sum(own_a), sum(own_b)), named)


def _said(a: tuple[Word, ...], b: tuple[Word, ...]) -> tuple[list[float], list[float]]:
    """For each word of the one how far the other says it too, 0..1."""
    both = {w.text for w in a} & {w.text for w in b}
    here = [1.0 if w.text in both else 0.0 for w in a]
    there = [1.0 if w.text in both else 0.0 for w in b]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            if here[i] == there[j] == 1.0:
                continue  # neither can be said more
            like = likeness(x.text, y.text)
            here[i], there[j] = max(here[i], like), max(there[j], like)
    return here, there


def _join(a: tuple[Word, ...], b: tuple[Word, ...], here: list[float], there: list[float]) -> None:
    """Two words of `a` that stand in `b` as one, "repair café" and "repaircafé", are said by both."""
    texts = [w.text for w in b]
    for i in range(len(a) - 1):
        whole = a[i].text + a[i + 1].text
        if whole in texts:
            for j, text in enumerate(texts):
                if text == whole:
                    here[i] = here[i + 1] = there[j] = 1.0


def found_in(words: Iterable[Word], among: Iterable[Word]) -> float:
    """Weight of those words that are also among the others."""
    others = [o.text for o in among if o.weight]
    there = set(others)
    total = 0.0
    for text, weight in words:
        if text in there:
            total += weight
        elif weight:
            total += weight * max((likeness(text, other) for other in others), default=0.0)
    return total
