"""How sure it is that what a page prints is an event: a bare day says little, a page of vacancies nothing.

Of what printed pages gave, a day with neither year, weekday nor clock time was an event's in one case of
three; with any of them in nineteen of twenty. So a bare day counts where the rest of the page vouches for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import pairwise, takewhile
from urllib.parse import unquote, urlsplit

from aggregator.model import RawEvent
from crawlers.extract.page import Page
from crawlers.platforms.dateish import WEEKDAYS, days_in, holds_time, holds_year
from crawlers.platforms.dom import text_of
from crawlers.platforms.lines import is_agenda, is_under_agenda
from crawlers.platforms.news import is_article, is_past
from crawlers.platforms.titles import leftover

_NO_AGENDA = (
    r"vacatures?|jobs?|werken bij|stellenangebote?|faq|veel ?gestelde vragen|privacy\w*|webshop|colofon"
    r"|(?:algemene )?voorwaarden|openings(?:tijden|uren)|öffnungszeiten|opening hours|jaarverslag(?:en)?"
    r"|jahresbericht|annual report|impressum|datenschutz"
)
_ABOUT = re.compile(
    r"over (?:ons|mij)|about(?: us| me)?|über (?:uns|mich)|contact|kontakt|historie|geschiedenis"
    r"|geschichte|history|wie zijn wij|steun ons|(?:zaal)?verhuur|lid worden",
    re.I,
)
_PATH = re.compile(rf"(?:^|/)(?:{_NO_AGENDA})(?: [^/]*)?(?:/|$)", re.I)
_HEADING = re.compile(rf"(?:{_NO_AGENDA})\b(?!.*\b(?:agenda|programma|concert|voorstelling))", re.I)
_IDLE = re.compile(
    r"\b(?:heeft|hebben|is|zijn|wegens|haben|hat|ist|sind|wegen|closed for)\b.*"
    r"\b(?:\w*vakantie|zomerstop|winterstop|gesloten|\w*ferien|urlaub|geschlossen|closed|holidays)\b"
    r"|^(?:geen|keine) (?:repetities?|les(?:sen)?|bijeenkomst|activiteit(?:en)?|dienst|proben?|training)\b",
    re.I,
)
_LEFT = re.compile(  # of a sentence, or of a heading, when a day is cut out of it
    r"(?i:.*\b(?:bis|tot|until|uiterlijk|spätestens))"
    r"|(?i:treffpunkt|verzamelen)(?: (?:jeweils|telkens|om|um|op|am|bij|beim?|ab|vanaf) |:).*"
    r"|(?:jeweils|telkens|im|am|beim?|bij|op|om|ab|tussen|zwischen) .*"
    r"|(?i:(?:termine|agenda|kalender|programma?|archief|archiv)(?: 20\d\d)?)",
)
_WEEKDAY = re.compile(rf"\b(?:{WEEKDAYS}|mo|mi|fr|sa|so)\b", re.I)
_SENTENCE = 25  # letters beside a day that tell of it
_BACK = 4  # days of a list that goes back in time
_ROTA = 3  # bare days of one name


def is_no_agenda(page: Page) -> bool:
    """Whether a page is called something that announces nothing: vacancies, opening hours, a report.

    Below an agenda such a name is a play's: `/agenda/privacy`.
    """
    if is_under_agenda(page):
        return False
    path = re.sub(r"[-_.]", " ", unquote(urlsplit(page.url).path).rstrip("/"))
    heading = text_of(page.tree, "h1") or ""
    if _PATH.search(path) or _HEADING.match(heading):
        return True
    return _ABOUT.fullmatch(heading) is not None and not is_agenda(page)


def without_doubt(page: Page, events: Iterable[RawEvent]) -> list[RawEvent]:
    """Events without what says that nothing is on, and without bare days that nothing vouches for.

    A bare day is dropped in a sentence, where one name has several (a rota), and where most of a page that
    does not call itself an agenda is bare.
    """
    told = [e for e in events if not _IDLE.search(e.title) and not _LEFT.fullmatch(e.title.strip(" :"))]
    if is_article(page):
        told = [e for e in told if not _in_story(e)]
    told = _before_past(told, page.seen.date())
    bare = {id(event) for event in told if _is_bare(event)}
    often = Counter(
        e.title for e in told if id(e) in bare for o in e.occurrences for _ in days_in(o.text or "")
    )
    unknown = len(bare) > len(told) / 2 and not is_agenda(page)
    return [e for e in told if id(e) not in bare or not (unknown or often[e.title] >= _ROTA or _in_story(e))]


def _before_past(events: list[RawEvent], today: date) -> list[RawEvent]:
    """Events of a list that goes back in time, without years, up to the first that was lately."""
    days = [days_in(o.text or "") for e in events for o in e.occurrences[:1]]
    years = any(o.start or holds_year(o.text or "") for e in events for o in e.occurrences)
    if years or len(days) < _BACK or not all(days):
        return events
    told = [max((month, day) for day, month in each) for each in days]
    if sum(a >= b for a, b in pairwise(told)) < 0.7 * (len(told) - 1) or len(set(told)) < _BACK - 1:
        return events
    ahead = (not all(is_past(o.text or "", today) for o in e.occurrences) for e in events)
    return [e for e, _ in takewhile(lambda pair: pair[1], zip(events, ahead, strict=True))]


def _is_bare(event: RawEvent) -> bool:
    """Whether an event's days stand alone: no year, weekday or clock time, in words or by a machine."""
    said = [(o.start, o.text or "") for o in event.occurrences]
    return not any(
        start or holds_year(text) or holds_time(text) or _WEEKDAY.search(text) for start, text in said
    )


def _in_story(event: RawEvent) -> bool:
    """Whether one day stands in a sentence."""
    said = [o.text or "" for o in event.occurrences]
    return all(len(days_in(text)) == 1 and leftover(text) > _SENTENCE for text in said)
