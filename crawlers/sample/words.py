"""The word lists, venues, sites and kinds of events of the sample, read from `data/`."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

DATA = Path(__file__).parent / "data"
_FIELD = re.compile(r"{(\w+?)(2?)}")


@cache
def load_data(name: str) -> Any:
    """The content of `data/<name>.yaml` as plain dicts, lists and strings."""
    return YAML(typ="safe", pure=True).load(DATA / f"{name}.yaml")


def slug(text: str) -> str:
    """`Café De Demo (4+)` as `cafe-de-demo-4`: lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


class Decks:
    """Word lists as decks of cards: no word comes back before all were dealt."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.words: Mapping[str, list[str]] = load_data("words")
        self.left: dict[str, list[str]] = {}

    def deal(self, name: str) -> str:
        """The next word of a list; `persoon` is a first name and a surname."""
        if name == "persoon":
            return f"{self.deal('voornaam')} {self.deal('achternaam')}"
        if not self.left.get(name):
            cards = list(self.words[name])
            self.chance.shuffle(cards)
            self.left[name] = cards
        return self.left[name].pop()

    def fill(self, template: str, bound: dict[str, str]) -> str:
        """The template with each `{word}` dealt once; the same word stays the same in `bound`."""

        def value(match: re.Match[str]) -> str:
            field = match.group(0)
            if field not in bound:
                bound[field] = self.deal(match.group(1))
            return bound[field]

        return _FIELD.sub(value, template)
