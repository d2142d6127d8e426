"""The examples of rules: whether each rule reads its own `yes` and `no` as it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from aggregator.errors import ConfigError, ConfigMistakesError
from aggregator.region import Region
from aggregator.tag.council import Council
from aggregator.tag.genres import FILE as GENRES
from aggregator.tag.genres import load_genres
from aggregator.tag.learned import load_learned
from aggregator.tag.lexicon import Lexicon
from aggregator.tag.local import FOLDER, load_local
from aggregator.tag.rules import FILE, FieldName, Rule, load_rules


def check_tags(region: Region) -> None:
    """Loads all that labels are given by and runs the examples of every rule, also a municipality's own.

    ConfigMistakesError with every mistake of the first of these that has any.
    """
    rules, genres = load_rules(region), load_genres(region).rules
    Council(region)
    load_learned(region)
    shared = (*rules.rules, *genres)
    lexicon = Lexicon(shared, rules.ignore)
    wrong = [*_check(rules.rules, lexicon, FILE), *_check(genres, lexicon, GENRES)]
    known = {rule.id for rule in shared}
    for home, local in load_local(region, shared, rules.ignore).items():
        own = [rule for rule in local.rules.values() if rule.id not in known]
        wrong += _check(own, local, f"{FOLDER}{home}.yaml")
    if wrong:
        raise ConfigMistakesError(tuple(wrong))


def _check(rules: Iterable[Rule], lexicon: Lexicon, file: str) -> Iterator[ConfigError]:
    """The examples that say the opposite of their rule; a text stands in every field at once."""
    for rule in rules:
        for key, texts in (("yes", rule.yes), ("no", rule.no)):
            for text in texts:
                fields: list[tuple[FieldName, str]] = [(name, text) for name in get_args(FieldName)]
                said = {found.id: words for found, words in lexicon.apply(fields)}.get(rule.id, ())
                if bool(said) != (key == "yes"):
                    yield _mistake(rule, key, text, said, file)


def _mistake(rule: Rule, key: str, text: str, said: tuple[str, ...], file: str) -> ConfigError:
    where = f"rules.{rule.id}.{key}"
    if key == "yes":
        hint = "add a word of it to words: or choose another example"
        return ConfigError(f"the rule does not apply to its example {text!r}", file, where, hint)
    words = ", ".join(f"“{word}”" for word in said)
    hint = "narrow the pattern or choose another example"
    return ConfigError(f"the rule applies to its counter-example {text!r} by {words}", file, where, hint)
