"""Words of `trek explain` and `trek review` in Dutch, English and German.

Reasons are kept in English in the store, made of fixed phrases; here they are said in another language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Occurrence, Status

LANGUAGES = ("nl", "en", "de")


@dataclass(frozen=True)
class Wording:
    """The words of one language."""

    texts: Mapping[str, Mapping[str, str]]
    sentences: tuple[tuple[re.Pattern[str], str], ...]

    def __call__(self, key: str, **facts: Any) -> str:
        """A line with its facts filled in; KeyError when there is no such line."""
        return self.texts["words"][key].format(**facts)

    def name(self, kind: str, key: str) -> str:
        """What a `field`, `status`, `kind` of decision or reason to be `hidden` is called; else its id."""
        return self.texts[kind].get(key, key)

    def because(self, english: str) -> str:
        """A reason, of which every known phrase is said in this language; what is unknown stays as it is."""
        known = self.texts["because"]
        whole = known.get(english)
        if whole is not None or not english:
            return whole or ""
        parts = self._phrases(english)
        if parts is not None:
            return ", ".join(parts)
        for pattern, says in self.sentences:
            if found := pattern.fullmatch(english):
                return says.format(*(self._part(text) for text in found.groups()))
        return english

    def _phrases(self, english: str) -> list[str] | None:
        """The phrases that a reason is made of, the longest first; None when it is made of others."""
        known, words, found = self.texts["because"], english.split(", "), []
        while words:
            for count in range(len(words), 0, -1):
                phrase = known.get(", ".join(words[:count]))
                if phrase is not None:
                    found.append(phrase)
                    words = words[count:]
                    break
            else:
                return None
        return found

    def _part(self, text: str) -> str:
        """What stands within a sentence: a name, or a sentence of its own."""
        return self.because(text) if any(p.fullmatch(text) for p, _ in self.sentences) else text

    def day(self, day: date) -> str:
        """A day with its month written out."""
        return self("day", d=day.day, month=self("months").split()[day.month - 1], y=day.year)

    def when(self, occurrence: Occurrence) -> str:
        """The moment or span of an occurrence, local."""
        when = occurrence.when
        if isinstance(when, AllDay):
            last = self.day(when.last) if when.last else ""
            if when.first is None:
                return self("only_until", last=last)
            return f"{self.day(when.first)} {self('through', last=last)}" if last else self.day(when.first)
        start = when.start.astimezone(AMSTERDAM)
        text = self("time", day=self.day(start.date()), h=start.hour, m=start.minute)
        if when.end is None:
            return text
        return f"{text} {self('until', end=self._end(when.end.astimezone(AMSTERDAM), start.date()))}"

    def _end(self, end: datetime, day: date) -> str:
        """The clock time, with its day when that is another one."""
        if end.date() == day:
            return self("clock", h=end.hour, m=end.minute)
        return self("time", day=self.day(end.date()), h=end.hour, m=end.minute)

    def value(self, field: str, words: str) -> str:
        """What a source said of a field; a status in this language, all else as it is."""
        return self.name("status", words) if field == "status" and words in set(Status) else words


@cache
def load_wording(language: str) -> Wording:
    """The words of a language; English for one that there is not."""
    code = language if language in LANGUAGES else "en"
    data = tomllib.loads((files("aggregator") / "locale" / f"{code}.toml").read_text("utf-8"))
    sentences = data.pop("sentence", [])
    return Wording(data, tuple((re.compile(one["english"]), one["says"]) for one in sentences))
