"""Words as evidence: folded, told apart by how much they tell, and compared with forgiveness.

The background is fixed: what a word weighs does not depend on which listings there are, so that one
listing's coming or going never changes what is thought of the others.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import pairwise
from operator import or_
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
SHORTEST = 4  # letters of a word that may be like another one
SLIPPING = 5  # letters of a word that may have a slip


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
        return text.lower().replace("`", "'")
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
    if len(short) < SLIPPING or short[0] not in (long[0], long[1:2]):
        return 0.0
    slip = OSA.normalized_similarity(short, long, score_cutoff=BELOW) >= LIKE
    return 0.85 if slip or OSA.normalized_similarity(x, y, score_cutoff=BELOW) - 0.02 >= LIKE else 0.0


@lru_cache(maxsize=200_000)
def trace(word: str) -> int:
    """Bits of what a word may be like another by: two words without a common bit are not alike at all.

    One slip leaves the first two or the last two letters, of the word or of its sound; where there may be
    more slips, one of the first two letters is what is left.
    """
    if len(word) < SHORTEST or word.isdigit():
        return 0
    heard = sound(word)
    ends = [word[:2], word[-2:], heard[:2], heard[-2:]]
    if len(word) >= _TWICE or len(heard) >= _TWICE_HEARD:
        ends += word[:2]
    return reduce(or_, (1 << _WIDE * min(zone, 4) + hash(end) % _WIDE for zone, end in enumerate(ends)))


_TWICE, _TWICE_HEARD = 8, 10  # letters of a word, and of its sound, from which two slips may be in it
_WIDE = 97  # bits for each kind of trace
PLAIN = 0.3  # up to this weighs a figure or the name of the own place


@dataclass(frozen=True, slots=True, eq=False)
class Title:
    """The words of a title in order, with what is asked of them again and again.

    `whole` is their weight, `core` those that are no figure and no name of the own place, `telling` those
    that name something; `joined` each two neighbours written as one.
    """

    words: tuple[Word, ...]
    texts: frozenset[str]
    whole: float
    core: frozenset[str]
    telling: tuple[Word, ...]
    joined: tuple[str, ...]
    traces: tuple[int, ...]
    trace: int


@lru_cache(maxsize=100_000)
def read_title(words: tuple[Word, ...]) -> Title:
    """The title of these words: one object for all that say the same, by which it is known again."""
    traces = tuple(trace(w.text) for w in words)
    return Title(
        words,
        frozenset(w.text for w in words),
        sum(w.weight for w in words),
        frozenset(w.text for w in words if w.weight > PLAIN),
        tuple(w for w in words if w.weight >= TELLING),
        tuple(a.text + b.text for a, b in pairwise(words)),
        traces,
        reduce(or_, traces, 0),
    )


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
def overlap(a: Title, b: Title) -> Overlap:
    """How far the words of two titles are the same."""
    if not a.whole or not b.whole:
        return Overlap(0.0, 0.0, 0.0)
    if a is b or a.words == b.words:
        return Overlap(a.whole, 1.0, 1.0)
    here, there = _said(a, b)
    if not b.texts.isdisjoint(a.joined):
        _join(a, b, here, there)
    if not a.texts.isdisjoint(b.joined):
        _join(b, a, there, here)
    from_a, own_a, named_a = _weighed(a, here)
    from_b, own_b, named_b = _weighed(b, there)
    x, y = from_a / a.whole, from_b / b.whole
    least, most = (x, y) if x < y else (y, x)
    return Overlap(
        from_a if from_a < from_b else from_b,
        most,
        least,
        own_a if own_a < own_b else own_b,
        named_a if named_a < named_b else named_b,
    )


def _weighed(title: Title, said: list[float]) -> tuple[float, float, float]:
    """Weight of what the other title says too, of what it does not, and of that what names something."""
    shared = own = named = 0.0
    for (_, weight), like in zip(title.words, said, strict=True):
        shared += weight * like
        if like < ALIKE:
            own += weight
            if weight >= TELLING:
                named += weight
    return shared, own, named


def _said(a: Title, b: Title) -> tuple[list[float], list[float]]:
    """For each word of the one how far the other says it too, 0..1."""
    both = a.texts & b.texts
    here = [1.0 if text in both else 0.0 for text, _ in a.words]
    there = [1.0 if text in both else 0.0 for text, _ in b.words]
    if len(both) == len(here) == len(there) or not a.trace & b.trace:
        return here, there
    every = b.trace
    for i, mine in enumerate(a.traces):
        if not mine & every:
            continue  # is like no other word
        x = a.words[i][0]
        for j, its in enumerate(b.traces):
            if not mine & its or here[i] == there[j] == 1.0:
                continue  # neither is like the other, or neither can be said more
            if like := likeness(x, b.words[j][0]):
                here[i], there[j] = max(here[i], like), max(there[j], like)
    return here, there


def _join(a: Title, b: Title, here: list[float], there: list[float]) -> None:
    """Two words of `a` that stand in `b` as one, "repair café" and "repaircafé", are said by both."""
    for i, whole in enumerate(a.joined):
        for j, (text, _) in enumerate(b.words):
            if text == whole:
                here[i] = here[i + 1] = there[j] = 1.0


def found_in(words: Iterable[Word], among: frozenset[str], traces: int = -1) -> float:
    """Weight of those words that are also among the others, or are like one of them.

    `traces` are those of all others, as far as they are known.
    """
    total = 0.0
    for text, weight in words:
        if text in among:
            total += weight
        elif weight and (mine := trace(text) & traces):
            like = [likeness(text, other) for other in among if mine & trace(other)]
            if like:
                total += weight * max(like)
    return total
