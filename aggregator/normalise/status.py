"""Status from codes (schema.org, iCalendar, ticket systems) and from the words of Dutch agendas."""

from __future__ import annotations

import re

from aggregator.model import Status

# The most decisive first: a cancelled show that was also sold out is cancelled.
RANK = (
    Status.CANCELLED,
    Status.POSTPONED,
    Status.RESCHEDULED,
    Status.MOVED_ONLINE,
    Status.SOLD_OUT,
    Status.SCHEDULED,
)

# schema.org EventStatusType and ItemAvailability, RFC 5545 §3.8.1.11, and states of Dutch ticket systems,
# all folded to letters: `https://schema.org/EventCancelled` -> `eventcancelled`.
_CODES = {
    "eventcancelled": Status.CANCELLED,
    "eventcanceled": Status.CANCELLED,
    "eventpostponed": Status.POSTPONED,
    "eventrescheduled": Status.RESCHEDULED,
    "eventmovedonline": Status.MOVED_ONLINE,
    "eventscheduled": Status.SCHEDULED,
    "cancelled": Status.CANCELLED,
    "canceled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "rescheduled": Status.RESCHEDULED,
    "movedto": Status.RESCHEDULED,
    "movedonline": Status.MOVED_ONLINE,
    "confirmed": Status.SCHEDULED,
    "tentative": Status.SCHEDULED,
    "scheduled": Status.SCHEDULED,
    "soldout": Status.SOLD_OUT,
    "outofstock": Status.SOLD_OUT,
    "vol": Status.SOLD_OUT,
    "volgeboekt": Status.SOLD_OUT,
    "wachtlijst": Status.SOLD_OUT,
    "waitinglist": Status.SOLD_OUT,
    "warteliste": Status.SOLD_OUT,
    "verzet": Status.RESCHEDULED,
    "instock": Status.SCHEDULED,
    "limitedavailability": Status.SCHEDULED,
    "preorder": Status.SCHEDULED,
    "presale": Status.SCHEDULED,
    "onlineonly": Status.SCHEDULED,
    "instoreonly": Status.SCHEDULED,
}

_WORDS: tuple[tuple[Status, str], ...] = (
    (
        Status.CANCELLED,
        r"geannuleerd|geannul?eert|afgelast|gecanceld|gecancelled|gaat (?:helaas )?niet door|vervalt|"
        r"cancell?ed|called off|abgesagt|fällt aus|entfällt",
    ),
    (Status.POSTPONED, r"uitgesteld|postponed|verschoben auf unbestimmte zeit"),
    (Status.RESCHEDULED, r"verplaatst|nieuwe datum|rescheduled|new date|verschoben|verlegt|neuer termin"),
    (Status.SOLD_OUT, r"uitverkocht|sold[ -]?out|ausverkauft|volgeboekt|vol geboekt|fully booked|ausgebucht"),
)
_ANY = re.compile("|".join(f"(?P<s{i}>\\b(?:{w})\\b)" for i, (_, w) in enumerate(_WORDS)), re.IGNORECASE)
_ALMOST = re.compile(
    r"\b(?:nagenoeg|bijna|vrijwel|haast|zo goed als|(?:nog )?niet|nooit|almost|nearly|not(?: yet)?|"
    r"fast|nicht)"
    r"(?:\s+\w+)?\s+$",
    re.IGNORECASE,
)
# "verplaatst naar de grote zaal": the place moved, the date did not.
_OTHER_ROOM = re.compile(
    r"\s*(?:naar|to|in)\s+(?:(?:de|het|een|the|onze)\s+)?(?:\w+\s+)?\w*(?:zaal|kerk|locatie|theater|"
    r"foyer|room|hall|saal)\b",
    re.IGNORECASE,
)

_MARK = "|".join(w for _, w in _WORDS)
_SEP = r"\s*[:|!*–—·-]+\s*"
_FRONT = re.compile(
    rf"^\W{{0,3}}(?P<word>(?:(?:nagenoeg|bijna|vrijwel|almost|fast)\s+)?(?:{_MARK})(?:\s+naar\s+[^:|"
    rf"–—\])]{{1,40}}?)?)"
    rf"(?:\s*[\])*]+(?:{_SEP})?\s*|{_SEP})(?=\S)",
    re.IGNORECASE,
)
_FRONT_SHOUT = re.compile(
    r"^(?P<word>UITVERKOCHT|GEANNULEERD|AFGELAST|UITGESTELD|VERPLAATST|SOLD OUT|CANCELLED)\s+(?=\S)"
)
_BACK = re.compile(
    rf"(?:\s+[|:–—*·-]+\s*|\s*[\[(*]+\s*)(?P<word>(?:(?:nagenoeg|bijna|vrijwel|almost|fast)\s+)?(?:{_MARK})"
    r"(?:\s+naar\s+[^)\]]{1,40})?)\s*[!\])*]*\s*$",
    re.IGNORECASE,
)
# "Geen Afrika Festival dit jaar": the title itself denies the event.
_DENIED = re.compile(
    r"^(?:(?:dit jaar|helaas|in 20\d\d)\s+)?(?:geen|no|kein(?:e)?)\s+\S.*\b(?:dit (?:jaar|seizoen|"
    r"weekend)|deze (?:zomer|winter|"
    r"maand|week|editie)|in 20\d\d|vandaag|vanavond|this year|dieses jahr)\b",
    re.IGNORECASE,
)
# A sentence of the description that can only be about the event itself.
_NOTICE = re.compile(
    r"\b(?:deze|dit|het|de|this|diese[rs]?)\s+(?:\w+\s+)?(?:\w*(?:voorstelling|concert|evenement|"
    r"activiteit|show|optreden|lezing|"
    r"film|workshop|festival|bijeenkomst|middag|avond|editie|event|performance|veranstaltung|konzert))\s+"
    r"(?:is|wordt|gaat|has been|wurde|ist)\s+(?:\w+\s+){0,2}?"
    r"(?P<word>geannuleerd|afgelast|gecanceld|niet door|uitgesteld|verplaatst naar|uitverkocht|"
    r"volgeboekt|cancell?ed|"
    r"postponed|sold out|abgesagt|verschoben|ausverkauft)",
    re.IGNORECASE,
)


def parse_status(text: str | None) -> Status | None:
    """Status of a status field: a code, a class name or words; None when it says nothing known."""
    if not text:
        return None
    code = re.sub(r"[^a-z]", "", text.rsplit("/", 1)[-1].casefold().removeprefix("status-"))
    return _CODES.get(code) or read_words(text)


def read_words(text: str) -> Status | None:
    """Status that words say, the most decisive when several; "nagenoeg uitverkocht" says nothing."""
    found = []
    for match in _ANY.finditer(text):
        status = _WORDS[int((match.lastgroup or "s0")[1:])][0]
        if _ALMOST.search(text[: match.start()]):
            continue
        if status is Status.RESCHEDULED and _OTHER_ROOM.match(text[match.end() :]):
            continue
        found.append(status)
    return decisive(found) if found else None


def decisive(statuses: list[Status]) -> Status:
    """The status that matters most; `scheduled` when there is none."""
    return min(statuses, key=RANK.index, default=Status.SCHEDULED)


def split_status(title: str) -> tuple[str, Status | None, str]:
    """A title without its status words, the status, and the words ("UITVERKOCHT: Jan" -> "Jan", sold out).

    A title that is nothing but such a word stays as it is: it may be the name of the show.
    """
    for pattern in (_FRONT, _FRONT_SHOUT, _BACK):
        match = pattern.search(title)
        if not match:
            continue
        rest = (title[: match.start()] + title[match.end() :]).strip()
        if len(rest) < 2 or (pattern is _FRONT_SHOUT and rest == rest.upper()):
            continue
        return rest, read_words(match["word"]), match["word"].strip()
    denied = _DENIED.search(title)
    return title, Status.CANCELLED if denied else None, denied[0] if denied else ""


def read_notice(description: str | None) -> tuple[Status | None, str]:
    """Status that a description states of its own event ("Deze voorstelling is geannuleerd"), with "
    "the words."""
    match = _NOTICE.search(description[:2000]) if description else None
    if not match:
        return None, ""
    word = match["word"].casefold()
    if word == "niet door":
        return Status.CANCELLED, match[0]
    end = match.end("word")
    return read_words(description[match.start("word") : end + 40] if description else ""), match[0]
