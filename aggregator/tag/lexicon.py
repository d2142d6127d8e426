"""Rules with their words, ready to be looked for: which apply to the fields of a text, and on what words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from aggregator.tag.match import Matcher, fold
from aggregator.tag.rules import FieldName, Rule

Applied = list[tuple[Rule, tuple[str, ...]]]

_IGNORED, _FORM = -1, -2
_OWN = ("title", "text")  # fields that are another one for each event
_KEPT = 5_000
# "Dr. Karel Muziek": a name after a form of address is no subject.
_FORMS = (
    "dr", "drs", "prof", "ing", "ir", "mr", "dhr", "mevr", "mw", "mevrouw", "meneer", "de heer", "pastor",
    "dominee", "ds", "herr", "frau",
)  # fmt: skip
_ADDRESS = re.compile(rf"\b(?:{'|'.join(_FORMS)})\.?\s+(\w+\s+)?", re.I)


class Lexicon:
    """The rules of one place, with their search automaton; made once, used for every text."""

    def __init__(self, rules: Iterable[Rule], ignore: Iterable[str]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self._words = [rule for rule in self.rules.values() if rule.words]
        self._made: dict[str, list[Rule]] = {}  # rules without words, by a rule that they cannot do without
        for rule in self.rules.values():
            if not rule.words:
                for needed in rule.all[:1] or rule.any:
                    self._made.setdefault(needed, []).append(rule)
        self._plain = {r.id for r in self._words if not (r.all or r.any or r.none)}
        self._places = [(rule.id, frozenset(rule.where)) for rule in self._words]
        patterns = [(number, word) for number, rule in enumerate(self._words) for word in rule.words]
        patterns += [(_FORM, form) for form in _FORMS]
        self._kept: dict[tuple[FieldName, str], list[tuple[str, str]]] = {}
        self._matcher = Matcher([*patterns, *((_IGNORED, word) for word in ignore)])

    def apply(self, fields: Iterable[tuple[FieldName, str]]) -> Applied:
        """The rules that apply, each with the words of the text that made it."""
        found: dict[str, dict[str, str]] = {}
        for name, text in fields:
            if text:
                for id_, word in self._search(name, text) if name in _OWN else self._again(name, text):
                    found.setdefault(id_, {}).setdefault(word.casefold(), word)
        said = {id_: tuple(words.values()) for id_, words in found.items()}
        applied = [
            (self.rules[id_], words)
            for id_, words in said.items()
            if id_ in self._plain or _words_of(self.rules[id_], said)
        ]
        made = {rule.id: rule for id_ in said for rule in self._made.get(id_, ())}
        return applied + [(rule, words) for rule in made.values() if (words := _words_of(rule, said))]

    def _again(self, name: FieldName, text: str) -> list[tuple[str, str]]:
        """Houses, categories and types come again and again: what was found in them is kept."""
        key = (name, text)
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = self._search(name, text)
        return self._kept[key]

    def _search(self, name: FieldName, text: str) -> list[tuple[str, str]]:
        """The ids of rules with the words of theirs that stand in one field."""
        hits = self._matcher.find(fold(text))
        covered = [(start, end) for owner, start, end in hits if owner == _IGNORED]
        addressed: set[int] = set()
        if any(owner == _FORM for owner, _, _ in hits):
            addressed = {place for m in _ADDRESS.finditer(text) for place in (m.end(), m.start(1))}
        found = []
        for owner, start, end in hits:
            if owner < 0 or start in addressed:
                continue
            if covered and any(a <= start and end <= b for a, b in covered):
                continue
            id_, where = self._places[owner]
            if name in where:
                found.append((id_, text[start:end]))
        return found


def _words_of(rule: Rule, found: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words on which a rule applies; empty when it does not. `found` has the words of each rule."""
    if any(other not in found for other in rule.all) or any(other in found for other in rule.none):
        return ()
    others = [other for other in rule.any if other in found]
    if rule.any and not others:
        return ()
    if rule.id in found:
        return found[rule.id]
    parts = [found[other] for other in rule.all]
    parts += [tuple(word for other in others for word in found[other])] if others else []
    if len({word.casefold() for words in parts for word in words}) < len(parts):
        return ()  # "huiskamer" is a house and a word of company: one word is not two signs
    return _chosen(parts)


def _chosen(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """A word of each part, another one where there is one."""
    chosen: dict[str, None] = {}
    for words in parts:
        chosen[next((word for word in words if word not in chosen), words[0])] = None
    return tuple(chosen)
