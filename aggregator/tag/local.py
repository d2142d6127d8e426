"""A municipality's own rules and words: `config/municipalities/<id>.yaml`. They touch its own events alone.

rules:               # as in pillars.yaml; ids of its own
  - id: zonnepaal
    weights: {createch: 1.0}
    words: zonnepaal*
    reason: {nl: ..., en: ...}
words:               # more words for rules that all share
  meeting-format: noaberkroam
ignore: sterrenlicht # phrases whose words count for nothing here
page:                # how its own page looks: aggregator.townpage
  words: {nl: ..., en: ..., de: ...}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field, ValidationError

from aggregator.errors import ConfigError, ConfigMistakesError
from aggregator.fields import Id, Model
from aggregator.region import Region
from aggregator.tag.lexicon import Lexicon
from aggregator.tag.rules import Rule, Words, check_rules
from aggregator.townpage import TownPage, mistake_of

FOLDER = "municipalities/"


class Local(Model):
    """The file of one municipality."""

    rules: tuple[Rule, ...] = ()
    words: Mapping[Id, Words] = Field(default_factory=dict)
    ignore: Words = ()
    page: TownPage | None = None


def load_local(region: Region, shared: Iterable[Rule], ignore: Iterable[str]) -> dict[str, Lexicon]:
    """A lexicon for each municipality that has a file; ConfigMistakesError with every mistake in them."""
    common, mistakes, found = tuple(shared), [], {}
    for name, raw in region.raw.items():
        if not name.startswith(FOLDER):
            continue
        file, home = f"{name}.yaml", name.removeprefix(FOLDER)
        wrong, local = _read(raw, file)
        if home not in region.municipalities:
            wrong.append(ConfigError(f"no municipality is called {home}", file, "", "check the file's name"))
        if local:
            merged = _merge(common, local)
            ids = {rule.id for rule in common}
            wrong += [
                ConfigError(f"no rule is called {id_}", file, "words", "check the spelling")
                for id_ in local.words
                if id_ not in ids
            ]
            wrong += check_rules(merged, file)
            if not wrong:
                found[home] = Lexicon(merged, (*ignore, *local.ignore))
        mistakes += wrong
    if mistakes:
        raise ConfigMistakesError(tuple(mistakes))
    return found


def _read(raw: Any, file: str) -> tuple[list[ConfigError], Local | None]:
    try:
        return [], Local.model_validate(dict(raw or {}))
    except (ValidationError, TypeError, ValueError) as error:
        if isinstance(error, ValidationError):
            return [
                ConfigError(mistake_of(e), file, ".".join(str(part) for part in e["loc"]))
                for e in error.errors()
            ], None
        return [ConfigError("no keys", file, "", "write rules:, words:, ignore: or page:")], None


def _merge(common: tuple[Rule, ...], local: Local) -> tuple[Rule, ...]:
    more = local.words
    widened = (
        rule.model_copy(update={"words": (*rule.words, *more[rule.id])}) if rule.id in more else rule
        for rule in common
    )
    return (*widened, *local.rules)
