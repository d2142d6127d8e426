"""Where one block of a page says that its event is: by class, label, column, or the look of a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from lxml.html import HtmlElement

from aggregator.model import RawPlace
from crawlers.platforms.dateish import TIME, holds_date, holds_time
from crawlers.platforms.dom import attr, clean, column_of, find, lines, words
from crawlers.platforms.make import make_place
from crawlers.platforms.titles import BUTTON, is_name

_MARKED = (
    "[class*='location'], [class*='locatie'], [class*='venue'], [class*='place']:not([class*='holder']), "
    "[class*='zaal'], [class*='room'], [class*='podium'], [class*='theater'], [class~='hall'], "
    "[class~='loc'], [class*='_loc'], [class*='-loc'], [class*='stage'], "
    "[class~='where'], [class~='waar'], [class~='ort'], [class*='address']:not(a), [class~='adres'], "
    "[data-hook*='location'], address, [itemprop=location]"
)
_TOWNS = "[class~='plaats'], [class~='city'], [class~='stad'], [class~='town'], [class~='gemeente']"
_WHERE = (
    r"(?:waar|vestiging|vertrekpunt|startpunt|meeting point|treffpunkt|veranstaltungsort|locatie|zaal|plaats"
    r"|location|where|ort|venue|adres|address|adresse)"
)
PLACE_COLUMN = re.compile(r"^(?:waar|locatie|plaats|zaal|ruimte|where|venue|location|ort|raum)$", re.I)
_ROOM = (
    r"(?:zaal|foyer|studio|hal|zolder|kelder|keller|aula|auditorium|kapel|arena|podium|stage|saal|hall|room|lounge|kantine|werkraum"
    r"|huiskamer|binnentuin|café)"
)
_HOUSE = (
    r"(?:kerk|basiliek|synagoge|klooster|theater|theatre|schouwburg|museum|bibliotheek|stadhuis|gemeentehuis|"
    r"kulturhus|cultuurhuis|dorpshuis|buurthuis|wijkcentrum|huis|centrum|galerie|atelier|boekhandel|filmhuis|"
    r"bioscoop|poppodium|club|kasteel|landgoed|boerderij|hoeve|molen|mühle|haus|kirche|museum|church|library|bibliothek|"
    r"gallery|cinema|school|sporthal|park|plein|markt|terrein|tent|station|hotel|restaurant|brouwerij|fabriek|loods|"
    r"college|tuin|strand|haven|camping|binnenstad|dorpskern|innenstadt|café|cafe|kroeg|taverne)"
)
_NAMED = re.compile(rf"(?:^|[\s\w-])(?:{_HOUSE}|{_ROOM})(?:$|\s|,|\s\d)", re.I)
_IS_ROOM = re.compile(rf"^(?:\w+\s){{0,2}}[\w-]*{_ROOM}(?:\s(?:\d|[a-z]|\w+))?$", re.I)
_ARTICLE = re.compile(
    r"^(?:De|Het|'t|’t|Den|The|Die|Das|Der|Café|Theater|Kasteel|Hotel|Club|Huize?|Hof)\s[A-Z]"
)
_STREET = re.compile(r"^[A-Z][\w.'’-]*(?:\s[\w.'’-]+){0,3}\s\d{1,4}(?:\s?[a-zA-Z]\b|-\d+)?$")
_POSTCODE = re.compile(r"^([1-9]\d{3}\s?[A-Z]{2})\b\s*(.*)$")
_TOWN = re.compile(r"^(?:'s-|’s-)?[A-Z][\w'’-]+(?:\s(?:aan|op|a/d|bij|den|de|van|het|[A-Z][\w'’-]+)){0,3}$")
_HOUSE_TOWN = re.compile(r"^[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]+){1,2},\s(?:[A-Z][\w-]+\s?){1,2}$")
_AT = re.compile(
    rf"^(?:in|op|bij|te|im|at)\s(?:(?:de|het|'t|the|der|den)\s)?([A-Z][\w'’ -]*{_HOUSE}\b[\w'’ -]*)$", re.I
)
_GOES_ON = re.compile(
    rf"^[\s,]*(?:in|bij|op|te|im|at)\s((?:(?:de|het|'t|the|der|den|ons|onze)\s)?(?:{_HOUSE}|{_ROOM}|[A-Z])[\w'’-]*"
    r"(?:\s(?:de|het|van|'t|[A-Z])[\w'’-]*){0,4})"
)
_NO_PLACE = re.compile(
    r"€|£|\b(?:(?:zaal|foyer|huis|deur(?:en)?)\sopen|gratis|euro|uitverkocht|geannuleerd|kaarten|tickets?|reserveer|meld|entree|toegang|eintritt"
    r"|minuten|jaar|met|door|over|naar|with|mit)\b|[?!]|@|https?:|(?<!\bSt)\.\s",
    re.I,
)
_TIMED = re.compile(rf"^.*{TIME.pattern}(?:\s?uur)?", re.I)
_MOST = 80  # characters of a line that names a place
_WORDS = 10


def read_where(block: HtmlElement, title: str, line: str = "") -> RawPlace | None:
    """The place that a block names, in parts; None where nothing in it is clearly one.

    `line` is the printed date with what stands behind it: theatres end it with the hall.
    """
    short = [said for line in lines(block) if len(line) <= _MOST for said in re.split(r"\s[|·•]\s", line)]
    named = {part for h in find(block, "h1, h2, h3") if title in words(h) for part in lines(h)}
    short = [said for said in short if said not in named]
    short = _without_company(short, lines(block), title)
    marked = _marked(block, title)
    town = next((w for n in find(block, _TOWNS) if _TOWN.match(w := words(n))), None)
    town = town or attr(block, "[itemprop=addressLocality]", "content")
    said = marked or _column(block) or labelled_place(short) or _tail(line) or next(_told(short, title), None)
    place = split_place(said) if said else None
    if place is None:
        return make_place(place=town)
    return make_place(
        name=place.name,
        address=place.address,
        postcode=place.postcode,
        place=place.place or (town if town != said else None),
    )


def at_house(text: str) -> str | None:
    """The house that running text goes on with: `in zaal De Haere, Dorpsstraat 12` gives `zaal De Haere`."""
    found = _GOES_ON.match(text)
    return clean(found[1]) if found else None


def at_named_house(text: str | None) -> str | None:
    """The house that a whole phrase names: `In de Oude Kerk`, and not `In het huis`, which is a play's."""
    found = _AT.match(text or "")
    return found[1] if found and len(found[1].split()) > 1 and found[1][0].isupper() else None


def is_house_name(text: str) -> bool:
    """Whether a text is no more than the name of a building or a room."""
    return len(text.split()) <= 4 and (
        _IS_ROOM.match(text) is not None or _NAMED.search(f"{text} ") is not None
    )


def is_place_line(text: str) -> bool:
    """Whether a line is no more than a place: a building or a room, with its town behind it or not."""
    parts = text.split(", ")
    housed = _NAMED.search(f"{parts[0]} ") is not None or is_house_name(parts[0])
    return (len(parts) == 2 and housed and _TOWN.match(parts[1]) is not None) or is_house_name(text)


def split_place(text: str) -> RawPlace | None:
    """`Grote Kerk, Marktplein 1, 7471 AB Goor` in its parts; what is no address or town stays in the name."""
    name: list[str] = []
    address = postcode = town = None
    parts = [p for p in (clean(p) for p in re.split(r",\s|\s[|·•]\s", text.strip(" ,|"))) if p]
    if len(parts) == 2 and _IS_ROOM.match(parts[0]) and not _POSTCODE.match(parts[1]):
        return make_place(name=", ".join(parts))  # a room, and the house that it is in
    for number, part in enumerate(parts):
        code = _POSTCODE.match(part)
        if code:
            postcode, town = code[1], code[2] or town
        elif address is None and _STREET.match(part) and (number or not _is_house(part)):
            address = part
        elif number and number == len(parts) - 1 and _TOWN.match(part) and not _NAMED.search(part):
            town = town or part
        else:
            name.append(part)
    return make_place(name=", ".join(name) or None, address=address, postcode=postcode, place=town)


def _is_house(part: str) -> bool:
    """Whether a name is a building's or a room's, also where a number stands behind it."""
    return any(pattern.search(part) for pattern in (_NAMED, _IS_ROOM, _ARTICLE))


def labelled_place(short: list[str]) -> str | None:
    """What stands after `Locatie:`, or on the line under `Locatie`."""
    for line, following in zip_longest(short, short[1:], fillvalue=""):
        if re.fullmatch(_WHERE, line.rstrip(" :"), re.I):
            return following if following and not _NO_PLACE.search(following) else None
        if said := re.search(rf"(?:^|\s){_WHERE}\s*:\s*(.{{3,60}})", line, re.I):
            return re.split(r"\s+(?:open|aanvang|deur|tijd)\s*:", said[1], flags=re.I)[0]
    return None


def _marked(block: HtmlElement, title: str) -> str | None:
    for node in find(block, _MARKED):
        said = re.sub(r"\s*\((?:map|kaart|route|karte)\)$", "", words(node), flags=re.I)
        if 2 < len(said) <= 120 and said != title and not holds_date(said) and is_name(said):
            return said
    return None


def _column(row: HtmlElement) -> str | None:
    """What a table's row holds in the column that is headed as that of places."""
    cells = row if row.tag == "tr" else ()
    return next((words(cell) for cell in cells if PLACE_COLUMN.match(column_of(cell))), None) or None


def _tail(line: str) -> str | None:
    """The hall or house at the end of a date line: `za 17 okt. - 20:30 uur - Grote Zaal`."""
    parts = [clean(p) for p in re.split(r"\s[-–|]\s", line)]
    last = parts[-1]
    if len(parts) < 2 or not holds_date(parts[0]) or holds_date(last) or holds_time(last):
        return None
    return last if len(last) <= _MOST and is_name(last) and not _NO_PLACE.search(last) else None


def _told(short: list[str], title: str) -> Iterator[str]:
    """Lines that look like a place, the surest first: with a town or an address, a house, a room."""
    bare = [b for s in short if (b := _bare(s)) and b != title and not BUTTON.match(b)]
    for said in bare:
        parts = said.split(", ")
        named = _NAMED.search(parts[0]) or _ARTICLE.match(parts[0]) or _STREET.match(parts[0])
        if len(parts) > 1 and named and (_TOWN.match(parts[-1]) or any(_POSTCODE.match(p) for p in parts)):
            yield said
    yield from (said for s in short if (said := _behind(s, title)))
    behind = [clean(_TIMED.sub("", s)).strip(" |,-–") for s in short if holds_date(s) and holds_time(s)]
    for said in (*bare, *behind):
        if found := _AT.match(said):
            yield found[1]
    for s in short:
        if holds_time(s) and (house := at_house(s[_end_of_time(s) :])):
            yield house
    before = (clean(TIME.split(s)[0]).strip(" |,-–") for s in short if holds_time(s))
    yield from (s for s in before if _IS_ROOM.match(s) and s != title and not _NO_PLACE.search(s))
    comma = [s for s in bare if _HOUSE_TOWN.match(s)]
    houses = [s for s in bare if len(s.split()) <= 5 and _NAMED.search(f"{s} ") and s[0].isupper()]
    yield from (s for s in houses if len(s.split()) > 1 or _IS_ROOM.match(s))  # `Muziektheater` is a genre
    yield from comma


def _without_company(short: list[str], told: list[str], title: str) -> list[str]:
    """Lines without the one right above the title where a room stands below it: that is who plays there."""
    at = next((number for number, line in enumerate(told) if title in line), 0)
    pieces = (piece for line in told[at + 1 :] for piece in re.split(r"\s[|·•]\s", line))
    return [s for s in short if s != told[at - 1]] if at and any(map(_IS_ROOM.match, pieces)) else short


def _behind(line: str, title: str) -> str:
    """The house or room right behind a title: `Prinsenbal, 't Trefpunt, 20.11 uur`."""
    if not title or not line.startswith(f"{title}, "):
        return ""
    said = line[len(title) + 2 :].split(", ")[0]
    return said if _is_house(said) and said[0] in "'’" + said[0].upper() and _bare(said) == said else ""


def _end_of_time(line: str) -> int:
    """Where the last clock time of a line ends, the word for hour included."""
    last = list(TIME.finditer(line))[-1].end()
    return last + (4 if re.match(r"\s(?:uur|uhr)\b", line[last:], re.I) else 0)


def _bare(line: str) -> str:
    """The line, or what stands behind its time; nothing where it says something else than a place."""
    if _NO_PLACE.search(line) or len(line.split()) > _WORDS or holds_date(line):
        return ""
    return (clean(_TIMED.sub("", line)) if holds_time(line) else line).strip(" |,-–")
