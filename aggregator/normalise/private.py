"""Private hire that a venue's feed shows all the same ("Besloten feestje"): never published."""

from __future__ import annotations

import re

_TITLE = re.compile(
    r"^\W*(?:besloten|priv[eé](?:feest|partij|verhuur|borrel|evenement|bijeenkomst)|private (?:hire|"
    r"party|event|function)|"
    r"geschlossene (?:gesellschaft|veranstaltung)|privatveranstaltung|zaalverhuur\b.*\bbesloten|"
    r"verhuurd?\b\W*$|gereserveerd\W*$|"
    r"bezet\W*$|niet openbaar)\b.*"
    r"|.*(?:\bbesloten (?:feest\w*|partij|borrel|bijeenkomst|avond|middag|bruiloft|gezelschap|"
    r"voorstelling|evenement|"
    r"(?:[a-zé]+)?(?:borrel|feest\w*|diner))|\bprivate (?:hire|party|function)|"
    r"\(\s*(?:besloten|priv[eé]|private|verhuur|closed)\s*\)|[-–—|:]\s*(?:besloten|priv[eé]|private)\s*$)",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"^\W*(?:besloten|dit is een besloten|this is a private|wegens een besloten|geschlossene gesellschaft)"
    r"|\b(?:is|betreft|gaat om) een (?:besloten|priv[eé])[ -]?(?:feest\w*|avond|middag|voorstelling|"
    r"bijeenkomst|evenement|partij|"
    r"concert|optreden)|\bniet (?:openbaar )?toegankelijk voor publiek\b|\balleen op uitnodiging\b|"
    r"\bby invitation only\b",
    re.IGNORECASE,
)
# "Besloten" at the head may be a name ("Besloten Land", a play): the rest must be a gathering.
_NAME = re.compile(r"^\W*besloten\s+(?P<rest>\S.*)$", re.IGNORECASE)
_GATHERING = re.compile(
    r"feest|borrel|partij|party|bruiloft|diner|verhuur|bijeenkomst|avond|middag|abraham|sarah?\b|"
    r"jubileum|verjaardag|gala|"
    r"voorstelling|concert|event|vergadering|training|reünie|familie|bedrijf|personeel|receptie|"
    r"workshop|gezelschap|activiteit|"
    r"schoolvoorstelling|optreden|repetitie|kerst|event|show|rondleiding",
    re.IGNORECASE,
)


def read_private(title: str, description: str | None, kinds: tuple[str, ...] = ()) -> str | None:
    """The words that say that an event is not for the public; None when it is."""
    for kind in kinds:
        if re.fullmatch(
            r"\W*(?:besloten|priv[eé]|private|verhuur|zaalverhuur|private hire)\W*", kind, re.IGNORECASE
        ):
            return kind
    named = _NAME.match(title)
    if _TITLE.match(title) and not (named and not _GATHERING.search(named["rest"])):
        return title
    match = _TEXT.search(description[:1500]) if description else None
    return (
        description[max(0, match.start() - 20) : match.end() + 40].strip() if match and description else None
    )
