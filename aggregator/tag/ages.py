"""For which ages a text says that it is: "(8+)", "van 9 tot 13 jaar", "ages 12-16", "ab 6 Jahren"."""

from __future__ import annotations

import re

_YEARS = r"(?:jaar|jarigen?|yrs?|years?|jahren?)\b"
_TO = r"\s*(?:-|–|t/m|tot en met|tot|bis|to|und|en)\s*"
_NUMBERS = re.compile(
    rf"(?<![\d€.,:/-])(?<!€ )(?P<low>\d{{1,2}})(?:{_TO}(?P<high>\d{{1,2}})(?![\d:.]))?"
    rf"(?:\s?(?P<plus>\+)(?! ?\d)|\s*(?P<years>{_YEARS}))?",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"(?:ages?|aged|leeftijd(?:en)?:?|kids|kinderen|children|kinder)\s+(?:van\s+|from\s+)?$", re.I
)
_SINCE = re.compile(r"(?:vanaf|v\.a\.|ab|from|age)\s+$", re.I)
CHILDREN = "kinderen"
_OLDEST = 25
_OLDEST_CHILD = 17
_CHILD = 12  # "(12+)" is still for children, "(16+)" is not


def read_ages(text: str) -> list[tuple[str, str]]:
    """Labels `ages-8-12` or `ages-4-up` with the words for them; the first that make sense.

    `kinderen` is added when they are children's ages.
    """
    for match in _NUMBERS.finditer(text[:3000]):
        low, high = int(match["low"]), int(match["high"] or 0)
        before, words = text[max(0, match.start() - 20) : match.start()], match[0].strip()
        if high and (match["years"] or _FOR.search(before)) and low < high <= _OLDEST:
            return _labels(f"ages-{low}-{high}", high <= _OLDEST_CHILD, words)
        since = match["plus"] or (match["years"] and _SINCE.search(before))
        if not high and since and 0 < low <= _OLDEST_CHILD + 1:
            return _labels(f"ages-{low}-up", low <= _CHILD, words)
    return []


def _labels(ages: str, for_children: bool, words: str) -> list[tuple[str, str]]:
    return [(ages, words), *([(CHILDREN, words)] if for_children else [])]
