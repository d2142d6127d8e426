"""What rules and labels are called, for people: read from the files as they are, for any room that asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aggregator.region import Region

Names = Mapping[str, str]  # by language
AGES, CORRECTION, LEARNED, VENUE = "ages", "correction", "learned", "venue"
OWN: Mapping[str, Names] = {
    AGES: {
        "nl": "De leeftijd staat erbij",
        "en": "The age is stated",
        "de": "Das Alter ist angegeben",
    },
    CORRECTION: {
        "nl": "Een redacteur heeft dit besloten",
        "en": "An editor decided this",
        "de": "Eine Redakteurin oder ein Redakteur hat das entschieden",
    },
    VENUE: {
        "nl": "Op deze plek is dit gewoonlijk zo",
        "en": "This place usually has this",
        "de": "An diesem Ort ist das gewöhnlich so",
    },
    LEARNED: {
        "nl": "De woorden lijken op die van eerdere voorbeelden",
        "en": "The words resemble those of earlier examples",
        "de": "Die Wörter ähneln denen früherer Beispiele",
    },
}
SAID: Names = {"nl": "De bron noemt het", "en": "The source calls it", "de": "Die Quelle nennt es"}
HEAD: Names = {"nl": "Genre", "en": "Genre", "de": "Genre"}
_SPAN = re.compile(r"ages-(?P<low>\d+)-(?P<high>\d+|up)")
_AGES = {
    "nl": ("{low} t/m {high} jaar", "vanaf {low} jaar"),
    "en": ("ages {low} to {high}", "ages {low} and up"),
    "de": ("{low} bis {high} Jahre", "ab {low} Jahren"),
}


def read_reasons(region: Region) -> dict[str, Names]:
    """What each rule says, by language: those of all, of the genres, of municipalities, and our own."""
    return {**OWN, **dict(_reasons(region))}


def read_labels(region: Region) -> dict[str, Names]:
    """The names of genres and other labels, by language, in the order of `genres.yaml`; no pillars."""
    raw: Mapping[str, Any] = region.raw.get("genres") or {}
    return {str(one["id"]): one["name"] for key in ("genres", "labels") for one in raw.get(key) or ()}


def read_kinds(region: Region) -> dict[str, str]:
    """The type of schema.org of each genre."""
    return {str(genre["id"]): str(genre["schema"]) for genre in _genres(region)}


def read_codes(region: Region) -> dict[str, tuple[str, ...]]:
    """The codes of each genre in the national database of tourism and culture (NDTRC), the closest first."""
    return {str(genre["id"]): tuple(map(str, genre.get("ndtrc") or ())) for genre in _genres(region)}


def _genres(region: Region) -> Iterable[Mapping[str, Any]]:
    found: Iterable[Mapping[str, Any]] = (region.raw.get("genres") or {}).get("genres") or ()
    return found


def read_ages(labels: Iterable[str]) -> tuple[int, int | None] | None:
    """The lowest and highest age of the first span among labels (`ages-8-12`, `ages-4-up`)."""
    span = next((found for label in labels if (found := _SPAN.fullmatch(label))), None)
    if span is None:
        return None
    return int(span["low"]), None if span["high"] == "up" else int(span["high"])


def name_label(labels: Mapping[str, Names], label: str, language: str) -> str:
    """What residents call a label; of ages the span (`ages-8-12`); the id where it has no name."""
    span = _SPAN.fullmatch(label)
    if span:
        both = _AGES.get(language, _AGES["nl"])
        return both[span["high"] == "up"].format(**span.groupdict())
    names = labels.get(label, {})
    return names.get(language) or names.get("nl") or label


def _reasons(region: Region) -> Iterator[tuple[str, Names]]:
    files = ["pillars", *(name for name in region.raw if name.startswith("municipalities/"))]
    for name in files:
        for rule in (region.raw.get(name) or {}).get("rules") or ():
            yield rule["id"], rule["reason"]
    raw: Mapping[str, Any] = region.raw.get("genres") or {}
    for genre in raw.get("genres") or ():
        for kind, before in (("source", SAID), ("genre", HEAD)):
            yield f"{genre['id']}-{kind}", {c: f"{before[c]}: {name}" for c, name in genre["name"].items()}
    for rule in raw.get("elsewhere") or ():
        yield rule["id"], rule["reason"]
