"""Finds many words and phrases in a text at once, in every spelling that a rule asks for.

A pattern is a word or phrase in lower case without accents; a `*` at an end lets the word go on
there: `koor` is the word alone, `koor*` also "koorleden", `*concert*` also "kerstconcerten". A family
stands in one line: `(brei|haak)(club|cafe)*` are four patterns, `loop (gewoon|) binnen` is two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick


class _Fold(dict[int, str]):
    """One folded character for each: lower case, no accent; most of what is no letter or digit is a blank."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = unicodedata.normalize("NFKD", char.lower())[:1] or " "
        folded = base if base.isalnum() else char if char in "\n.!?:;€" else " "
        self[code] = folded
        return folded


_FOLD = _Fold()


def fold(text: str) -> str:
    """The text as patterns are written, of the same length, so that places in both are equal."""
    return text.translate(_FOLD)


_GROUP = re.compile(r"\(([^()]*)\)")


def spell_out(family: str) -> tuple[str, ...]:
    """The patterns of a family, each once: every choice of what stands between `(`, `|` and `)`.

    Other brackets are left as they are, so that who checks the patterns sees them.
    """
    parts = _GROUP.split(family)
    choices = [part.split("|") if n % 2 else [part] for n, part in enumerate(parts)]
    spelled = (" ".join("".join(chosen).split()) for chosen in product(*choices))
    return tuple(dict.fromkeys(spelled))


class Hit(NamedTuple):
    """A pattern's place in the text: its owner's number, first and past-last character of the whole word."""

    owner: int
    start: int
    end: int


class Matcher:
    """Finds the patterns of several owners; made once, used for every text."""

    def __init__(self, patterns: Iterable[tuple[int, str]]) -> None:
        """`patterns` are pairs of an owner's number and a pattern; ValueError for an empty one."""
        self._uses: dict[str, list[tuple[int, bool, bool]]] = {}
        for owner, pattern in patterns:
            literal = fold(pattern.strip("*")).strip()
            if not literal:
                raise ValueError(f"{pattern!r} has no letters")
            self._uses.setdefault(literal, []).append((owner, pattern.startswith("*"), pattern.endswith("*")))
        self._by_number = list(self._uses.values())
        self._automaton = AhoCorasick(list(self._uses))

    def find(self, folded: str) -> list[Hit]:
        """All hits in a folded text, also overlapping ones, in order of their ends."""
        hits = []
        size = len(folded)
        for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            before = start > 0 and folded[start - 1].isalnum()
            after = end < size and folded[end].isalnum()
            whole: tuple[int, int] | None = None if before or after else (start, end)
            for owner, open_left, open_right in self._by_number[number]:
                if (before and not open_left) or (after and not open_right):
                    continue
                whole = whole or _whole(folded, start, end)
                hits.append(Hit(owner, whole[0], whole[1]))
        return hits


def _whole(folded: str, start: int, end: int) -> tuple[int, int]:
    """The places of the whole word or words around a hit."""
    while start > 0 and folded[start - 1].isalnum():
        start -= 1
    while end < len(folded) and folded[end].isalnum():
        end += 1
    return start, end
