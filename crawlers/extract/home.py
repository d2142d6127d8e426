"""What a page says of the site that it is on: its name, and the one address of the house that runs it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from aggregator.model import RawPlace
from crawlers.extract.jsonld import read_blocks
from crawlers.extract.outline import outline_of
from crawlers.extract.page import Page
from crawlers.extract.place import place_of
from crawlers.extract.values import NESTED, Node, clean_text, get_text, types_of

_HOUSES = re.compile(
    r"Organization|Business|Place|Theater|Venue|Museum|Library|Gallery|Church|Hall|Club|Cinema|Bar|Pub"
    r"|CivicStructure|Restaurant|Stadium|Zoo|Park$|School|University"
)
_EVENT = re.compile(r"Event$|^Festival$|^Course|^Offer$|^Person$|^Article$|^NewsArticle$|^Product$")
_TOWN = (
    r"(?:'s-|’s-)?[A-Z][\w'’-]+(?:\s(?:(?:aan|op|a/d|bij|den|de|van)\s){0,2}"
    r"(?!Tel|Route|Nederland|Info|Mail|KvK|Contact|Open|Bel|Plan|Volg|Bekijk)[A-Z][\w'’-]+){0,2}"
)
_POSTCODE = re.compile(rf"\b([1-9]\d{{3}}\s?[A-Z]{{2}})\b[\s|,·•-]{{1,4}}({_TOWN})")
_MAYBE_CODE = re.compile(r"\d{4}\s*[a-z]{2}")
_NO_DOOR = re.compile(  # where post goes and not people; a year behind its month is no postcode
    r"\b(?:postbus|antwoordnummer|po box)\b|(?:januari|februari|maart|april|mei|juni|juli|augustus|september"
    r"|oktober|november|december)[\s|]*$",
    re.I,
)
_STREET = re.compile(r"([A-Z][\w.'’-]*(?:\s[\w.'’-]+){0,4}\s\d{1,4}(?:\s?[a-zA-Z]\b|-\d+)?)[\s|,·•-]{0,5}$")
_KIND = (
    r"(?:podium|poppodium|theater|theatre|schouwburg|club|museum|bibliotheek|bioscoop|kerk|cultuurhuis"
    r"|filmhuis|nachtclub|concertzaal|muziekcentrum|jongerencentrum|galerie|atelier|kulturhus|venue"
    r"|concert hall)"
)
_HOUSE_IN = re.compile(rf"\b(?i:{_KIND}\s(?:in|van|te|at|of))\s({_TOWN})")
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "select", "textarea", "title"})
_GREETING = re.compile(r"^(?:welkom (?:bij|op|in)|welcome (?:to|at)|home)\b[\s:]*", re.I)
_MOST = 200_000  # characters of words looked through
_SHOPS = ("tickets", "ticket", "kassa", "kaarten", "shop", "webshop")  # before a house's own domain
_ARTICLES = ("de", "het")
_BUILDING = (
    r"(?:theater|theatre|schouwburg|podium|museum|bioscoop|cultuurhuis|filmhuis|kulturhus|concertzaal)"
)
_ONLY_BUILDING = re.compile(rf".{{0,4}}|{_BUILDING}s?")
_NAME = 60  # characters; a longer one is a slogan


@dataclass(frozen=True, slots=True)
class Home:
    """The site's own name and address; None where the page does not say it, or says two different ones.

    `hosts` is True where the page's markup puts events at a place whose own address is this site.
    """

    name: str | None = None
    address: str | None = None
    postcode: str | None = None
    town: str | None = None
    hosts: bool = False

    @property
    def place(self) -> RawPlace | None:
        """The house as a place; None without a name."""
        if not self.name:
            return None
        return RawPlace(name=self.name, address=self.address, postcode=self.postcode, place=self.town)


def read_home(page: Page) -> Home:
    """Name and address of the site: what its markup declares, then what its title and foot print.

    A place in an event's markup is the event's and not the site's, unless its own address is this site.
    """
    named = _site_name(page)
    found = _address(page, named)
    name = named or found.name or (_of_domain(page) if found.town else _house_of_domain(page))
    name = name or _spelled(page)
    return replace(found, name=_short(name))


def _address(page: Page, named: str | None) -> Home:
    """The address that the markup declares, else the one that is printed, else the town in a description."""
    declared = _declared(page, named)
    if declared.town or declared.postcode:
        return declared
    postcode, town, street = _printed(page.tree)
    if postcode:
        return Home(declared.name, street or declared.address, postcode, town, declared.hosts)
    return replace(declared, town=_told(page))


# --- the name ---------------------------------------------------------------------------


def _site_name(page: Page) -> str | None:
    """`og:site_name`, the name of a `WebSite`, or the part of the title that the domain is named after."""
    told = [
        _meta(page.tree, "og:site_name"),
        *(get_text(n, "name") for n in _nodes(page) if "WebSite" in types_of(n)),
        _suffix(_title(page.tree)),
    ]
    return next((name for text in told if (name := _short(text))), None)


def _short(text: str | None) -> str | None:
    """A name without the slogan behind it."""
    name = re.split(r"\s[>|»–-]\s", clean_text(text) or "")[0].strip()
    return name if 1 < len(name) <= _NAME else None


def _of_domain(page: Page) -> str | None:
    """The part of the title that holds the domain's own name, or its first part before a hyphen.

    Less sure than a site's name for itself: `read_home` takes it only beside a town.
    """
    labels = _host(page.url).split(".")
    label = labels[-2] if len(labels) > 1 else ""
    parts = re.split(r"\s[|–-]\s|[!?.:,](?:\s|$)", _title(page.tree) or "")
    for wanted in dict.fromkeys((label.replace("-", ""), label.split("-")[0])):
        for part in (_GREETING.sub("", p).strip() for p in parts):
            runs = re.findall(r"[\w'’&.-]+", part)
            spans = {_flat("".join(runs[i:j])) for i in range(len(runs)) for j in range(i + 1, len(runs) + 1)}
            if len(wanted) > 2 and len(runs) <= 6 and wanted in spans:
                return part
    return None


def _house_of_domain(page: Page) -> str | None:
    """The part of the title that the domain is named after, where it also says what kind of house it is."""
    name = _of_domain(page)
    return name if name and re.search(rf"\b{_KIND}\b", name, re.I) else None


def _spelled(page: Page) -> str | None:
    """The domain cut into words that the page prints: `hetvat` as `Het Vat` where the page says `Vat`.

    For a page without a title, and a house alone: the domain says what it is, or it sells its own tickets
    (`tickets.hetvat.example`). None where the words do not make up the whole domain.
    """
    host = _host(page.url)
    label = host.split(".")[0].replace("-", "")
    sells = any(f"//{shop}.{host}".encode() in page.lower for shop in _SHOPS)
    if host.count(".") != 1 or _ONLY_BUILDING.fullmatch(label) or not (sells or re.search(_BUILDING, label)):
        return None
    said: dict[str, str] = {}
    for word in re.findall(r"[^\W\d_]{3,}", _words(page.tree)):
        if word[0].isupper() and (flat := _flat(word)) in label:
            said.setdefault(flat, word.title() if word.isupper() else word)
    return _cut(label, said)


def _cut(label: str, said: dict[str, str]) -> str | None:
    """A domain as one to three printed words, an article before them or not; the fewest words that do."""
    for article in ("", *_ARTICLES):
        if not label.startswith(article):
            continue
        rest = label.removeprefix(article)
        cuts = itertools.combinations_with_replacement(range(len(rest), 2, -1), 2)
        for second, first in cuts:
            parts = [part for part in (rest[:first], rest[first:second], rest[second:]) if part]
            if all(part in said for part in parts):
                return " ".join([*([article.title()] if article else []), *(said[p] for p in parts)])
    return None


def _flat(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _suffix(title: str | None) -> str | None:
    """What stands after the last bar or dash of a title."""
    parts = re.split(r"\s[|–-]\s", title or "")
    return parts[-1].strip() if len(parts) > 1 else None


# --- the address ------------------------------------------------------------------------


def _declared(page: Page, named: str | None) -> Home:
    """The house in the page's JSON-LD; nothing when there are several with different addresses."""
    host = _host(page.url)
    found: dict[tuple[str | None, ...], Home] = {}
    for node in _nodes(page):
        own = _is_front(get_text(node, "url", "sameAs"), host)  # it runs the site that this page is on
        inside = node.get(_WITHIN) is True
        if not any(_HOUSES.search(kind) for kind in types_of(node)) or (inside and not own):
            continue
        place = place_of(node)
        if place is None or not (place.address or place.place or place.postcode):
            continue
        home = Home(clean_text(place.name), place.address, place.postcode, place.place, inside)
        found.setdefault((place.address, place.postcode, place.place), home)
    if len(found) > 1 and named:
        found = {k: h for k, h in found.items() if h.name and _flat(h.name) == _flat(named)}
    return next(iter(found.values())) if len(found) == 1 else Home(named)


_WITHIN = "_within_event"


def _nodes(page: Page) -> Iterator[Node]:
    """Every object of the page's JSON-LD; those that hang under an event are marked."""
    if b"ld+json" not in page.body:
        return
    queue: list[tuple[object, bool]] = [(block, False) for block in read_blocks(page)[0]]
    for value, inside in queue:
        if isinstance(value, list):
            queue += [(child, inside) for child in value[:500]]
        elif isinstance(value, dict) and len(queue) < 20_000:
            yield {**value, _WITHIN: inside}
            within = inside or any(_EVENT.search(kind) for kind in types_of(value))
            queue += [(child, within) for child in value.values() if isinstance(child, NESTED)]


def _printed(tree: HtmlElement) -> tuple[str | None, str | None, str | None]:
    """Postcode, town and street where the page prints one Dutch postcode; Nones when none or several."""
    if not _MAYBE_CODE.search(outline_of(tree).lower):
        return None, None, None
    said = _words(tree)
    marks = (
        m for m in _POSTCODE.finditer(said) if not _NO_DOOR.search(said[max(0, m.start() - 40) : m.start()])
    )
    found = {(m[1].replace(" ", ""), m[2]): m for m in marks}
    if len({code for code, _ in found}) != 1:
        return None, None, None
    mark = min(found.values(), key=lambda m: len(m[2]))
    before = _STREET.search(said[max(0, mark.start() - 80) : mark.start()])
    return mark[1], mark[2], before[1] if before else None


def _told(page: Page) -> str | None:
    """The town of "poppodium in Groningen", in the title or the page's description of itself."""
    told = (_title(page.tree), _meta(page.tree, "og:description"), _meta(page.tree, "description"))
    towns = {found[1] for text in told if text and (found := _HOUSE_IN.search(text))}
    return towns.pop() if len(towns) == 1 else None


def _words(tree: HtmlElement) -> str:
    """What people read on the page, with bars between the pieces."""
    pieces: list[str] = []
    length = 0
    for node, text, behind in outline_of(tree).texts:
        if behind or node.tag not in _SILENT:
            said = " ".join(text.split())
            pieces.append(said)
            length += len(said)
            if length > _MOST:
                break
    return " | ".join(pieces)


def _title(tree: HtmlElement) -> str | None:
    element = tree.find(".//head/title")
    return clean_text(element.text) if element is not None else None


def _meta(tree: HtmlElement, name: str) -> str | None:
    for node in tree.iter("meta"):
        if name in (node.get("property"), node.get("name")) and (node.get("content") or "").strip():
            return clean_text(node.get("content"))
    return None


def _is_front(url: str | None, host: str) -> bool:
    """Whether an address is a site's front page: the page of one venue on a seller's site is not."""
    return bool(url) and _host(url or "") == host and urlsplit(url or "").path.strip("/") in ("", "nl")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
