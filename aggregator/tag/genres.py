"""The controlled list of genres in `config/genres.yaml`, with what sources call them, as rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, ValidationError

from aggregator.errors import ConfigError, ConfigMistakesError
from aggregator.fields import Id, Model, Texts
from aggregator.labels import HEAD, SAID
from aggregator.region import Region
from aggregator.tag.match import fold
from aggregator.tag.rules import FieldName, Rule, Weight, Words

FILE = "genres.yaml"
SOURCE: tuple[FieldName, ...] = ("categories", "types")


class Genre(Model):
    """A genre: its names, its NDTRC codes and schema.org type, and the words by which it is known."""

    id: Id
    name: Texts
    ndtrc: tuple[str, ...] = ()
    schema_type: str = Field(alias="schema")
    sources: Words = ()
    words: Words = ()
    weights: Mapping[Id, Weight] = Field(default_factory=dict)
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def rules(self) -> Iterator[Rule]:
        """The rule of the source's own word, and that of the words in the text if there are any."""
        reason = {code: f"{HEAD[code]}: {name}" for code, name in self.name.items()}
        yield Rule(
            id=f"{self.id}-source",
            weights={self.id: 1.0, **self.weights},
            words=tuple(fold(word) for word in (*self.sources, *self.ndtrc)),
            where=SOURCE,
            reason={code: f"{SAID[code]}: {name}" for code, name in self.name.items()},
            yes=self.sources[:1],
            no=("afgeschaft",),
        )
        if self.words:
            yield Rule(
                id=f"{self.id}-genre",
                weights={self.id: 1.0},
                words=self.words,
                where=("title", "text"),
                reason=reason,
                yes=self.yes,
                no=self.no,
            )


class Outside(Model):
    """Words of sources that are no genre but say something all the same: sport, business."""

    id: Id
    ndtrc: tuple[str, ...] = ()
    sources: Words = ()
    weights: Mapping[Id, Weight] = Field(default_factory=dict)
    reason: Texts
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def rule(self) -> Rule:
        """The rule of the source's own word."""
        return Rule(
            id=self.id,
            weights=self.weights,
            words=tuple(fold(word) for word in (*self.sources, *self.ndtrc)),
            where=("categories",),
            reason=self.reason,
            yes=self.yes,
            no=self.no,
        )


class Label(Model):
    """What residents call another label that the rules give: free, outdoors, for children."""

    id: Id
    name: Texts


class _File(Model):
    genres: tuple[Genre, ...] = ()
    labels: tuple[Label, ...] = ()
    elsewhere: tuple[Outside, ...] = ()


@dataclass(frozen=True, slots=True)
class Genres:
    """The genres by id, and the rules that they make together with what is no genre."""

    by_id: Mapping[str, Genre]
    rules: tuple[Rule, ...]

    def name(self, genre: str, language: str = "nl") -> str:
        """A genre's name for residents; its id when it is unknown."""
        found = self.by_id.get(genre)
        texts = {str(code): text for code, text in found.name.items()} if found else {}
        return texts.get(language) or texts.get("nl") or genre

    def ndtrc(self, genre: str) -> tuple[str, ...]:
        """A genre's codes in the national database of tourism and culture, the closest first."""
        found = self.by_id.get(genre)
        return found.ndtrc if found else ()

    def schema_type(self, genre: str) -> str:
        """A genre's type of schema.org; `Event` when there is none."""
        found = self.by_id.get(genre)
        return found.schema_type if found else "Event"


def load_genres(region: Region) -> Genres:
    """The genres of a region, none without the file; ConfigMistakesError with every mistake in it."""
    raw: Mapping[str, Any] = region.raw.get("genres") or {}
    try:
        file = _File.model_validate(dict(raw))
    except ValidationError as error:
        raise ConfigMistakesError(
            tuple(
                ConfigError(str(e["msg"]), FILE, ".".join(str(part) for part in e["loc"]))
                for e in error.errors()
            )
        ) from None
    rules = (*(r for genre in file.genres for r in genre.rules()), *(o.rule() for o in file.elsewhere))
    twice = {r.id for r in rules if sum(r.id == other.id for other in rules) > 1}
    if twice:
        raise ConfigMistakesError(
            (ConfigError(f"{', '.join(sorted(twice))} stands twice", FILE, "genres", "give one another id"),)
        )
    return Genres({genre.id: genre for genre in file.genres}, rules)
