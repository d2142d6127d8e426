"""Council meetings whose agenda touches culture: entries of their own kind, for local media.

They are no culture and stay out of every culture feed (`hidden` is `council`); what touches culture stands
in their tags, one for each point of the agenda. `config/council.yaml` holds the words.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from aggregator.errors import ConfigError, ConfigMistakesError
from aggregator.fields import Model
from aggregator.model import Event, Tag
from aggregator.region import Region
from aggregator.tag.lexicon import Lexicon
from aggregator.tag.rules import Rule, Words, check_rules

FILE = "council.yaml"
MEETING = "CouncilMeeting"  # the type that readers of council calendars give
COUNCIL = "council"  # why such a meeting is hidden, and the tag of each point


class CouncilRules(Model):
    """The file: rules as in pillars.yaml, and phrases whose words count for nothing ("kunstgras")."""

    ignore: Words = ()
    rules: tuple[Rule, ...] = ()


class Council:
    """Says which points of a meeting touch culture."""

    def __init__(self, region: Region) -> None:
        read = load_council(region.raw.get("council") or {})
        self.rules = read.rules
        self._lexicon = Lexicon(read.rules, read.ignore)

    def points(self, event: Event) -> tuple[Tag, ...]:
        """A tag for each point on the agenda that touches culture, in order; its words in `because`."""
        if MEETING not in event.types:
            return ()
        found = []
        for line in dict.fromkeys(filter(None, (event.title, event.subtitle, *event.categories))):
            applied = self._lexicon.apply((("title", line),))
            found += [Tag(COUNCIL, applied[0][0].id, line)] if applied else []
        return tuple(found)


def load_council(raw: Any) -> CouncilRules:
    """The rules of the file; ConfigMistakesError with every mistake in it."""
    try:
        read = CouncilRules.model_validate(raw)
    except ValidationError as error:
        mistakes = [ConfigError(e["msg"], FILE, ".".join(map(str, e["loc"]))) for e in error.errors()]
        raise ConfigMistakesError(tuple(mistakes)) from None
    if wrong := check_rules(read.rules, FILE):
        raise ConfigMistakesError(tuple(wrong))
    return read
