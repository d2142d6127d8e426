"""Words made comparable: no case, no accents, one spelling; and the words of an event that are searched.

The search script of the pages folds in the same way (`site/static/fold.js`; a test compares the two).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from aggregator.model import Event

KNOWN = 60_000
WITHIN = 4  # letters of a word that is found within another
_ONE = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "’": "", "'": "", "‘": ""}
)
_NO_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """`Café d'Eänske!` becomes `cafe deanske`: words of a-z and 0-9 with single spaces."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_ONE))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return _NO_WORD.sub(" ", letters.lower()).strip()


@lru_cache(maxsize=KNOWN)
def _folded(*texts: str | None) -> str:
    return fold(" ".join(text for text in texts if text))


def words_of(event: Event, municipality: str = "") -> str:
    """What of an event is searched, folded: title, subtitle, place, who makes it; not its description."""
    place = event.place
    return _folded(
        event.title,
        event.subtitle,
        place.name,
        place.hall,
        place.place,
        municipality,
        event.organiser,
        *event.performers,
    )


def holds(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text, from the beginning of a word on; a longer one also within a word.

    In Dutch and German the word that one looks for is often the end of another: an organ concert is an
    "orgelconcert".
    """
    return f" {phrase}" in f" {text}" or (len(phrase) >= WITHIN and phrase in text)
