"""The rules of `config/pillars.yaml`, checked: what gives an event its pillars and labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from aggregator.errors import ConfigError, ConfigMistakesError
from aggregator.fields import Id, Model, Texts
from aggregator.region import Region
from aggregator.tag.match import spell_out

FILE = "pillars.yaml"
NOT_EVENT, NOT_CULTURE = "not-an-event", "not-culture"
FieldName = Literal["title", "text", "categories", "place", "types", "facts"]
TEXT_FIELDS: tuple[FieldName, ...] = ("title", "text", "categories")


def _split_words(value: Any) -> Any:
    """Patterns may stand in one text with commas, which is how people can read and edit hundreds."""
    if not isinstance(value, str):
        return value
    return tuple(word for part in value.split(",") for word in spell_out(part) if word)


Weight = Annotated[float, Field(ge=-3, le=3)]
Words = Annotated[tuple[str, ...], BeforeValidator(_split_words)]


class Rule(Model):
    """Words that speak for or against labels.

    `weights` go by pillar, `not-an-event`, `not-culture` or a tag; a label is given at a sum of 0.9. The
    rule applies when one of `words` is found in the fields `where`; a rule without words when every
    rule of `all` and one of `any` found some. A rule of `none` that found some forbids it. `yes` and
    `no` are texts on which it must and must not apply.
    """

    id: Id
    weights: Mapping[Id, Weight] = Field(default_factory=dict)
    words: Words = ()
    where: tuple[FieldName, ...] = TEXT_FIELDS
    all: tuple[Id, ...] = ()
    any: tuple[Id, ...] = ()
    none: tuple[Id, ...] = ()
    reason: Texts
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


class Rules(Model):
    """All rules, and phrases whose words count for nothing ("Muziekkwartier" is an address).

    `prior` is what a venue's usual pillars weigh, `kinds` the same for venues of a kind.
    """

    prior: Weight = 0.35
    kinds: Mapping[str, Weight] = Field(default_factory=dict)
    ignore: Words = ()
    rules: tuple[Rule, ...] = ()


def load_rules(region: Region) -> Rules:
    """The rules of a region; ConfigMistakesError with every mistake in them."""
    raw: Mapping[str, Any] = region.raw.get("pillars") or {}
    try:
        rules = Rules.model_validate(dict(raw))
    except ValidationError as error:
        mistakes = [
            ConfigError(str(e["msg"]), FILE, ".".join(str(part) for part in e["loc"])) for e in error.errors()
        ]
        raise ConfigMistakesError(tuple(mistakes)) from None
    found = tuple(check_rules(rules.rules))
    if found:
        raise ConfigMistakesError(found)
    return rules


def check_rules(rules: Iterable[Rule], file: str = FILE) -> list[ConfigError]:
    """References to rules that are not there, twice the same id, rules that can never apply."""
    known: dict[str, Rule] = {}
    wrong = []
    rules = tuple(rules)
    for rule in rules:
        if rule.id in known:
            wrong.append(ConfigError(f"rule {rule.id} stands twice", file, "rules", "give one another id"))
        known.setdefault(rule.id, rule)
    for rule in rules:
        where = f"rules.{rule.id}"
        if not rule.words and not rule.all and not rule.any:
            wrong.append(ConfigError("a rule without words", file, where, "add words:, all: or any:"))
        for other in (*rule.all, *rule.any, *rule.none):
            if other not in known:
                wrong.append(ConfigError(f"no rule is called {other}", file, where, "check the spelling"))
            elif not known[other].words:
                wrong.append(ConfigError(f"{other} has no words", file, where, "name a rule that has"))
        for word in rule.words:
            if not word.strip("* ") or word != word.lower() or any(mark in word for mark in "()|"):
                wrong.append(ConfigError(f"{word!r} is no pattern", file, where, "write it in lower case"))
    return wrong
