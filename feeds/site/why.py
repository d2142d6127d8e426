"""Why an event has its pillars and labels: the rule in the reader's language, and the words that made it."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.labels import name_label
from aggregator.model import Event
from feeds.card import Voice, label_names, pillar_ids
from feeds.text import one_line


@dataclass(frozen=True, slots=True)
class Why:
    """A pillar or label by its name, what its rule says, and the words of the source."""

    name: str
    reason: str
    words: str


def build_why(event: Event, voice: Voice) -> list[Why]:
    """One for each pillar and label that is shown, in the same order."""
    info, language = voice.info, voice.language
    names = {p: info.pillar(p, language) for p in pillar_ids(event, info)} | dict(label_names(event, voice))
    tags = {tag.tag: tag for tag in (*event.tags, *event.pillars)}
    return [
        Why(name, name_label(info.reasons, tags[label].rule, language), one_line(tags[label].because))
        for label, name in names.items()
    ]
