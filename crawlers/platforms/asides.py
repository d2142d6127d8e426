"""What a printed date is for, by the words before it: a deadline, a publication, a closing is no event."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from crawlers.extract.outline import outline_of
from crawlers.platforms.dateish import DATE, holds_date
from crawlers.platforms.dom import column_of, find, words

if TYPE_CHECKING:
    from crawlers.platforms.spots import Spot

_ASIDE = re.compile(
    r"\b(?:geplaatst|gepubliceerd|publicatie|bijgewerkt|gewijzigd|bewerkt|aanmeld\w*|aanmelden|inschrijv\w*|opgeven"
    r"|opgave|reageren|reactie|solliciteren|sollicitat\w*|inleveren|deadline|sluitingsdatum|uiterlijk|inzend\w*|indienen|vóór|submit\w*|submission\w*|before|verkoop"
    r"|voorverkoop|kaartverkoop|bestellingen|contributie|voldoen|betalen|sinds|gesloten|geboren|opgericht|overleden|verslag|notulen"
    r"|veröffentlicht|aktualisiert|anmeld\w*|bewerb\w*|seit|stand(?=:)"
    r"|(?:karten können|kaarten kunnen|tickets kunnen) (?:bis|tot)|vorverkauf|geschlossen|protokoll"
    r"|voor bezichtiging|openingstijd\w*|kantooruren|spreekuur|öffnungszeit\w*|bürozeit\w*|sprechzeit\w*"
    r"|(?:opening|office) (?:hours|times)|aftred\w*|\w*benoem\w*|zittingstermijn|amtszeit"
    r"|verschijn\w*|verschenen|leverbaar|uitgekomen|erschein\w*|erschienen|lieferbar|released"
    r"|closing|deadlines?|apply|published|updated|posted|edited|since|born|founded|closed)\b.{0,25}$",
    re.I,
)
_CHANGES = re.compile(
    rf"\b(?:vanaf|per|ab|from)\s+{DATE.pattern}\s+(?:ook|auch|also)\b", re.I
)  # of what is weekly
_CLOSED = re.compile(r"[^.;!?]{0,40}\b(?:gesloten|geschlossen|closed)\s*(?:$|[.;!?])", re.I)  # behind a day
_WAS = re.compile(  # told of in the past
    r"\b(?:hebben|heeft|haben|hat|have|has)\b.{0,60}\b(?:gedaan|gespeeld|opgetreden|gegeven|georganiseerd"
    r"|plaatsgevonden|gespielt|gegeben|stattgefunden|played|performed)\b"
    r"|\b(?:speelden?|traden|vond plaats|vonden plaats|fand statt|fanden statt|took place)\b",
    re.I,
)
_PUBLISHED = re.compile(r"(?:^|[\s_-])(?:block-post-date|created|modified|pubdate)(?:$|[\s_-])", re.I)
_ENDS = re.compile(
    r"^(?:einde?|eindigt|einddatum|tot|t/m|tot en met|end|ends|until|ende|bis)\b.{0,12}$", re.I
)
_PAST = re.compile(
    r"(?:archief|archive|geweest|eerdere?|afgelopen|voorbij|vorige|terugblik|past|previous|earlier|archiv"
    r"|vergangene|rückblick)(?!\sop\b)(?:\s[\w’'-]+){0,2}\W*$",
    re.I,
)
_NEVER = re.compile(
    r"(?:\w+ )?(?:openingstijden|openingsuren|öffnungszeiten|opening (?:hours|times)|(?:büro|sprech)zeiten)\b"
    r"|(?:veel ?gestelde vragen|faq|häufige fragen)\b",
    re.I,
)
_STRUCK = ("s", "del", "strike")
_CLAUSE = re.compile(r"[.;!?]\s")
_MOST = 40  # characters of what stands before a date and says what it is for


def is_aside(node: HtmlElement, text: str) -> bool:
    """Whether an element prints a date that is no event's: of publication, a deadline, a closing."""
    near = (node, *islice(node.iterancestors(), 2))
    if any(around.tag in _STRUCK for around in (*near, *(node if len(node) == 1 else ()))):
        return True  # it was then, and is not any more
    if any(_PUBLISHED.search(around.get("class") or "") for around in near):
        return True
    column = column_of(node if node.tag == "td" or node.getparent() is None else node.getparent())
    said = (label_of(node, text), column)
    return (
        any(_ASIDE.search(label) for label in said)
        or _CHANGES.search(text) is not None
        or _WAS.search(text) is not None
        or _CLOSED.match(_behind(text)) is not None
    )


def _behind(text: str) -> str:
    """What stands behind the last day of a text."""
    found = list(DATE.finditer(text))
    return text[found[-1].end() :] if found else ""


def tells_aside(text: str) -> bool:
    """Whether a line prints a date that is no event's."""
    found = DATE.search(text)
    return found is not None and _ASIDE.search(_CLAUSE.split(text[: found.start()])[-1]) is not None


def is_end(node: HtmlElement, text: str) -> bool:
    """Whether a date is labelled as the end of something (`Einde: 24-10-2026 12:30`)."""
    return _ENDS.match(label_of(node, text).strip(" :")) is not None


def without_archive(tree: HtmlElement, spots: list[Spot]) -> list[Spot]:
    """Dates that stand under no heading `Archief`, `Geweest` or the like, and none such as `Openingstijden`.

    Where the page itself is called an archive, or is nothing else, all of them but the hours.
    """
    place = outline_of(tree).place
    marks = [(place[h], h.tag, words(h)) for h in find(tree, "h1, h2, h3, h4, h5, h6") if words(h)]
    over: list[str] = []  # the levels of the headings that a place is under and that look back
    never: list[str] = []  # of those that announce nothing
    kept: list[Spot] = []
    past: list[Spot] = []
    for spot in spots:
        while marks and marks[0][0] <= place[spot.node]:
            _, level, said = marks.pop(0)
            over, never = ([above for above in levels if above < level] for levels in (over, never))
            if _PAST.match(said) and level != "h1":
                over.append(level)
            if _NEVER.match(said):
                never.append(level)
        if not never:
            (past if over else kept).append(spot)
    return kept or ([] if find(tree, "h1") else past)


def label_of(node: HtmlElement, text: str) -> str:
    """What stands before a date in its clause; else in the element before it, as a label does."""
    found = DATE.search(text)
    lead = _CLAUSE.split(text[: found.start()])[-1][-120:] if found else ""
    if re.search(r"[^\W\d_]{4}", lead) or node.tag == "li":
        return lead
    before = node.getprevious()
    if before is None or not isinstance(before.tag, str):
        parent = node.getparent()
        own = (parent.text or "").strip() if parent is not None else ""
        return own[-_MOST:]
    said = words(before)
    labels = before.tag in ("dt", "th", "label") or said.endswith(":")
    return said if len(said) <= _MOST and labels and not holds_date(said) else ""
