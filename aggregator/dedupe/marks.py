"""Marks in a title that set an event apart from its neighbours: side programme, part, age, audience."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from aggregator.dedupe.words import fold

# Something beside, before or after an event, or only for some: never the event itself.
_BESIDE = {
    "talk": r"nagesprek|nabespreking|nazit|q\s?(?:&|and|en)\s?a|meet\W{0,3}(?:&|and|en|n)?\W{0,3}greet|"
    r"signeersessie|nachgesprach|aftertalk|artist talk",
    "introduction": r"inleiding|lezing vooraf|einfuhrung|introductie|pre-?talk",
    "opening": r"opening|openingsfeest|openingsavond|vernissage|eroffnung|finissage",
    "tour": r"\w*rondleiding(?:en)?|met gids|gidswandeling|guided|fuhrung|achter de schermen|backstage",
    "dinner": r"theaterdiner|diner|dinner|arrangement|high tea|brunch|"
    r"lunch(?!concert|pauze|voorstelling|theater)",
    "camping": r"camping|kamperen|campingticket|overnachten",
    "pass": r"abonnement|passe-?partout|strippenkaart|seizoenskaart|serie kaart",
    "rehearsal": r"open(?:bare)? repetitie|(?<!studium )generale(?: repetitie)?|doorloop",
    "after": r"after\W?party|after\W?show|borrel|napraten",
    "symposium": r"symposium|congres|conferentie|conference",
    "screening": r"live\W?registratie|opname|in de bioscoop|op het witte doek|live in cinema|"
    r"national theatre live|metropolitan opera",
    "contest": r"inschrijving|voorronde|kwalificatie|auditie",
    "school": r"school\w*voorstelling|besloten|voor scholen|scholenvoorstelling",
    "workshop": r"\w*workshops?|masterclass|knutselen|\w*cursus",
    "demo": r"demo'?s?|demo ?day|meet\W?up|team ?building|kick\W?off",
}
_LEVELS = {
    "beginners": r"beginners?|beginnend\w*|starters|intro|level 1|niveau 1",
    "advanced": r"gevorderden?|half ?gevorderden?|advanced|level [23]|niveau [23]|fortgeschrittene\w*",
    "small": r"baby'?s?|dreumes\w*|peuters?|kleuters?",
    "children": r"kinder\w*|kinderen|kids?|junior",
    "teens": r"tieners?|tiener\w*|teens?|jongeren\w*|brugklas\w*",
    "grown": r"volwassenen|18 ?\+|senioren|ouderen|55 ?\+|60 ?\+|65 ?\+",
}
_TRIBUTE = re.compile(
    r"\b(?:tribute\w*|eerbetoon|hommage|coverband|ode aan|plays|speelt de (?:muziek|hits)|"
    r"best of)\b"
)
_PART = re.compile(
    r"(?:\b(?:deel|part|teil|aflevering|afl|les|college|nr|nummer|no|vol|volume|editie|hoofdstuk)\b\W{0,2}|#\s?)"
    r"(\d{1,3}|[ivx]{1,4})\b"
)
_ORDINAL = re.compile(r"\b(\d{1,3})(?:e|de|ste|th|nd|rd)\s+(?:editie|keer|concert|avond|deel)\b")
_TAIL = re.compile(
    r"(?<!show)(?<!voorstelling)(?<!ronde)(?<!sessie)(?<=[a-z])\s+(\d{1,2}|ii|iii|iv|vi{1,3}|ix)\s*(?:$|[:–—|(-])"
)
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b|(?<!\d)'(\d\d)\b")
_AGE = re.compile(r"(\d{1,2})\s?(?:t/?m|tot|-|–|/)\s?(\d{1,2})\s?(?:j|jr|jaar|years)|\b(\d{1,2})\s?\+")
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_MOVED = re.compile(
    r"\b(?:verplaatst|locatiewijziging|verhuis(?:t|d)|nieuwe locatie|andere locatie|gewijzigde locatie|"
    r"verlegt|uitgeweken|wijkt uit|naar binnen|new venue|moved to|neuer ort|"
    r"i\.?v\.?m\.? verbouwing|in plaats van in)\b"
)
_PRIVATE = re.compile(r"\b(?:besloten|privefeest\w*|private party|geschlossene gesellschaft)\b")
_REDATED = (
    r"uitgesteld|(?:is|wordt|werd) verzet|verzet naar|nieuwe datum|andere datum|stond gepland|"
    r"oorspronkelijk (?:gepland|op|zou|stond)|oorspronkelijke datum|inhaal\w*|postponed|"
    r"rescheduled|"
    r"new date|verschoben|neuer termin"
)
_POSTPONED = re.compile(rf"\b(?:verplaatst|was (?:eerder )?\d{{1,2}}|{_REDATED})\b")
_NEW_DATE = re.compile(rf"\b(?:{_REDATED})\b")
_REPLACES = re.compile(
    r"\b(?:ter vervanging|vervang(?:t|en|er|end|ing)|in plaats van|valt (?:\w+ )?in|invaller|als vervanger|"
    r"anstelle|anstatt|ersatz|replaces|instead of)\b"
)
_CANCELLED = re.compile(r"\b(?:afgelast|geannuleerd|gecanceld|gaat niet door|vervalt|cancell?ed|abgesagt)\b")
_FIGURE = re.compile(r"\d")
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Marks:
    """What a listing's words say about its standing; sets hold names of marks or figures.

    `moved` may be said of hall, house or date; `postponed` may be of the date, `redated` surely is.
    """

    beside: frozenset[str] = _NONE
    levels: frozenset[str] = _NONE
    tribute: bool = False
    private: bool = False
    parts: frozenset[str] = _NONE
    years: frozenset[str] = _NONE
    ages: frozenset[str] = _NONE
    moved: bool = False
    postponed: bool = False
    redated: bool = False
    replaces: bool = False
    cancelled: bool = False


UNMARKED = Marks()


def read_marks(title: str, text: str, subtitle: str = "") -> Marks:
    """The marks of a title; of the further text only notices of moving, replacing and cancelling.

    `UNMARKED` itself when there is none, as of most.
    """
    found = _notices(f"{title} {subtitle} {text}") if subtitle else _notices(title) | _notices(text)
    marks = _of_title(title)
    if not found:
        return marks
    return replace(
        marks,
        moved="moved" in found,
        postponed="postponed" in found,
        redated="redated" in found,
        replaces="replaces" in found,
    )


@lru_cache(maxsize=20_000)
def _notices(text: str) -> frozenset[str]:
    """Which notices a text gives, as names of marks."""
    said = fold(text)
    return _named(_NOTICES, said) if _NOTICE.search(said) else _NONE


@lru_cache(maxsize=20_000)
def _of_title(title: str) -> Marks:
    """The marks of a title alone, without notices."""
    head = fold(title)
    marked = bool(_MARKED.search(head))
    figures = bool(_FIGURE.search(head))
    marks = Marks(
        beside=_named(_BESIDE_RE, head) if marked else _NONE,
        levels=_named(_LEVELS_RE, head) if marked else _NONE,
        tribute=marked and bool(_TRIBUTE.search(head)),
        private=marked and bool(_PRIVATE.search(head)),
        parts=frozenset(_figure(f) for p in (_PART, _ORDINAL, _TAIL) for f in p.findall(head)),
        years=frozenset(full or f"20{short}" for full, short in _YEAR.findall(head)) if figures else _NONE,
        ages=frozenset(f"{a or c}" for a, _, c in _AGE.findall(head)) if figures else _NONE,
        cancelled=bool(_CANCELLED.search(head)),
    )
    return UNMARKED if marks == UNMARKED else marks


def _compiled(table: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"\b(?:{words})\b") for name, words in table.items()}


_BESIDE_RE, _LEVELS_RE = _compiled(_BESIDE), _compiled(_LEVELS)
# One look that tells of most titles and texts that there is nothing to look for.
_MARKED = re.compile(
    "|".join(p.pattern for p in (*_BESIDE_RE.values(), *_LEVELS_RE.values(), _TRIBUTE, _PRIVATE))
)
_NOTICES = {"moved": _MOVED, "postponed": _POSTPONED, "redated": _NEW_DATE, "replaces": _REPLACES}
_NOTICE = re.compile("|".join(p.pattern for p in _NOTICES.values()))


def _named(table: dict[str, re.Pattern[str]], text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in table.items() if pattern.search(text))


def _figure(text: str) -> str:
    return _ROMAN.get(text, text.lstrip("0") or "0")
