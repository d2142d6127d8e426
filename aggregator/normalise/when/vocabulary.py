"""The words: one table per language in `words/*.toml`, none of them in code.

A table (`[frequency]`) is a class of word, a key (`"WEEKLY/2"`) what it means, the list its printed
forms. To teach Trek "om de veertien dagen", add that line to the list of `[frequency] "WEEKLY/2"` in
`words/nl.toml`; nothing else changes. A form of several words wins from a shorter one that begins alike,
and one form may stand in several tables ("tot" ends a range and also announces a deadline).

>>> vocabulary = load_vocabulary("nl")
>>> vocabulary.single["zaterdag"]
{'weekday': 5}
>>> dict(vocabulary.several["om"]["de"])[("veertien", "dagen")]
{'frequency': 'WEEKLY/2'}
>>> vocabulary.compound("vrijdagmiddagborrel")
(4, 'afternoon', 'compound')
>>> vocabulary.compound("zaterdagavonden")
(5, 'evening', 'plural')
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

Means = dict[str, "int | str"]

LANGUAGES = ("nl", "de", "en")
CODES = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
NUMBERED = frozenset({"month", "month_short", "numword", "ordinal", "week", "zone"})
PARTS = {
    "ochtend": "morning",
    "morgen": "morning",
    "vormittag": "morning",
    "morning": "morning",
    "middag": "afternoon",
    "namiddag": "afternoon",
    "nachmittag": "afternoon",
    "afternoon": "afternoon",
    "avond": "evening",
    "oavond": "evening",
    "abend": "evening",
    "evening": "evening",
    "nacht": "night",
    "night": "night",
}
_PART_ENDING = re.compile(r"(ochtend|morgen|middag|avond|matinee)(en|s)?$")
LEXEME = re.compile(r"(\s*)([a-z]+[^\W\d_]*|[0-9]+|[^\W\d_]+|.)", re.DOTALL)  # ASCII first: quicker


def fold(text: str) -> str:
    """Lower case without accents: "Märzvóór" gives "marzvoor"."""
    text = text.lower()
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@dataclass(frozen=True)
class Vocabulary:
    """All forms of all languages.

    `single` maps a word to its meanings; `several` maps the first word of longer forms and then the second
    to (the other words, meanings), longest first; `days` maps whole weekday names to 0 (Monday) to 6;
    `broken` holds names of days and months that bad scans split, `beginnings` how those begin; `streets`
    ends of street names.
    """

    single: Mapping[str, Means]
    several: Mapping[str, Mapping[str, tuple[tuple[tuple[str, ...], Means], ...]]]
    days: Mapping[str, int]
    broken: Mapping[str, Means]
    beginnings: frozenset[str]
    streets: tuple[str, ...]
    lengths: tuple[int, ...] = field(default=(10, 9, 8, 7, 6))

    def compound(self, word: str) -> tuple[int, str | None, str] | None:
        """Weekday, part of the day and form of a word that begins with a weekday, else None.

        The form is "whole" (zaterdagavond), "plural" (zaterdagen), "habit" (zaterdagavonds) or
        "compound" (zaterdagmarkt), which is no date by itself.
        """
        for length in self.lengths:
            day = self.days.get(word[:length])
            if day is not None:
                return day, *_ending(word[length:])
        return None

    def part_of(self, word: str) -> str | None:
        """Part of the day that a compound ends in: "toneelavond" gives evening."""
        match = _PART_ENDING.search(word[-10:])
        return None if match is None else PARTS.get(match[1], "afternoon")


def _ending(rest: str) -> tuple[str | None, str]:
    if not rest:
        return None, "whole"
    if rest == "en":
        return None, "plural"
    for name, part in PARTS.items():
        if rest.startswith(name):
            tail = rest[len(name) :]
            form = {"": "whole", "s": "habit", "en": "plural", "e": "plural"}.get(tail, "compound")
            return part, form
    return None, "habit" if rest == "s" else "compound"


@lru_cache(maxsize=8)
def load_vocabulary(lang: str = "nl") -> Vocabulary:
    """The words of all three languages; where two disagree, those of `lang` win."""
    order = [one for one in LANGUAGES if one != lang] + ([lang] if lang in LANGUAGES else [])
    forms: dict[tuple[str, ...], Means] = {}
    streets: list[str] = []
    for language in order:
        tables = tomllib.loads((files(__package__) / "words" / f"{language}.toml").read_text("utf-8"))
        streets += tables.pop("address", {}).get("ending", [])
        for kind, table in tables.items():
            for key, printed in table.items():
                for form in printed:
                    words = tuple(word for _, word in LEXEME.findall(fold(form)))
                    forms.setdefault(words, {})[kind] = _value(kind, key)
    return _index(forms, tuple(fold(street) for street in streets))


def _value(kind: str, key: str) -> int | str:
    if kind.startswith("weekday"):
        return CODES[key]
    return int(key) if kind in NUMBERED else key


def _index(forms: dict[tuple[str, ...], Means], streets: tuple[str, ...]) -> Vocabulary:
    several: dict[str, dict[str, list[tuple[tuple[str, ...], Means]]]] = {}
    for words, means in forms.items():
        if len(words) > 1:
            several.setdefault(words[0], {}).setdefault(words[1], []).append((words[2:], means))
    names = {words[0]: means for words, means in forms.items() if len(words) == 1}
    broken = {
        word: means
        for word, means in names.items()
        if len(word) > 3 and ("weekday" in means or "month" in means)
    }
    return Vocabulary(
        single=names,
        several={
            first: {second: tuple(sorted(rest, key=_longest_first)) for second, rest in following.items()}
            for first, following in several.items()
        },
        days={word: int(means["weekday"]) for word, means in names.items() if "weekday" in means},
        broken=broken,
        beginnings=frozenset(word[:n] for word in broken for n in range(1, len(word))) - broken.keys(),
        streets=streets,
    )


def _longest_first(form: tuple[tuple[str, ...], Means]) -> int:
    return -len(form[0])
