"""For which ages a text says that it is: "(8+)", "van 9 tot 13 jaar", "ages 12-16", "ab 6 Jahren"."""

from __future__ import annotations

import re

_YEARS = r"(?:jaar|jarigen?|yrs?|years?|jahren?)"
_DIGIT = re.compile(r"\d")
_TO = r"\s*(?:-|–|t/m|tot en met|tot|bis|to|und|en)\s*"
_FOR = r"(?:ages?|aged|leeftijd(?:en)?:?|kids|kinderen|children|kinder)\s+(?:van\s+|from\s+)?"
_AGES = re.compile(
    rf"\b(?P<a>\d{{1,2}}){_TO}(?P<b>\d{{1,2}})\s*{_YEARS}\b"
    rf"|\b{_FOR}(?P<c>\d{{1,2}}){_TO}(?P<d>\d{{1,2}})\b"
    rf"|\b(?:vanaf|v\.a\.|ab|from|age)\s+(?P<since>\d{{1,2}})\s*{_YEARS}"
    r"|(?<![\d€.,])(?P<plus>\d{1,2})\s?\+(?!\d)",
    re.IGNORECASE,
)
CHILDREN = "kinderen"
_OLDEST_CHILD = 17
_CHILD = 12  # "(12+)" is still for children, "(16+)" is not


def read_ages(text: str) -> list[tuple[str, str]]:
    """Labels `ages-8-12` or `ages-4-up` with the words for them; the first that make sense.

    `kinderen` is added when they are children's ages.
    """
    if not _DIGIT.search(text):
        return []
    for match in _AGES.finditer(text[:3000]):
        low, high = match["a"] or match["c"], match["b"] or match["d"]
        if low and high:
            if int(low) < int(high) <= 25:
                return _labels(f"ages-{int(low)}-{int(high)}", int(high) <= _OLDEST_CHILD, match[0].strip())
        else:
            since = int(match["since"] or match["plus"])
            if 0 < since <= _OLDEST_CHILD + 1:
                return _labels(f"ages-{since}-up", since <= _CHILD, match[0].strip())
    return []


def _labels(ages: str, for_children: bool, words: str) -> list[tuple[str, str]]:
    return [(ages, words), *([(CHILDREN, words)] if for_children else [])]
