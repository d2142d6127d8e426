"""Where on a site events may be: what a page says of feeds, REST routes and agendas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import lxml.etree

from crawlers.extract.page import Page
from crawlers.platforms.dom import absolute, find, words
from crawlers.platforms.links import is_event_path
from crawlers.platforms.pluck import items, text
from crawlers.platforms.tribe import ROUTE

AGENDA = re.compile(
    r"\b(?:\w*agenda|\w*programma(?:overzicht)?|programme|kalender|calendar|activiteiten(?:kalender)?"
    r"|evenementen(?:kalender)?|events?|voorstellingen|concerten|concerts|optredens|shows|exposities"
    r"|tentoonstellingen|exhibitions|films|bioscoop|what'?s[ -]?on|(?:wat is er )?te doen|komende|upcoming"
    r"|termine|veranstaltungen|spielplan|konzerte)\b",
    re.I,
)
_NO_AGENDA = re.compile(
    r"archief|archive|\bterug|verhuur|zakelijk|privacy|contact|over[ -]ons|nieuws|news|login|account"
    r"|winkelwagen|cart|vacature|technische|jaarprogramma|beleid|raad(?:s|sstukken)?\b|agenda-?setting"
    r"|\.(?:pdf|docx?|jpe?g|png)(?:\?|$)",
    re.I,
)
_FOREIGN = re.compile(r"/(?:en|de|fr)(?:/|$)")
_MENU = re.compile(r"webcal:", re.I)
_EVENTFUL = re.compile(
    r"event|agenda|activit|voorstelling|concert|productie|production|program|show|film|expo", re.I
)
_NO_MAP = re.compile(r"image|video|author|categor|tag|post-|news|nieuws", re.I)
_FEEDS = {"application/rss+xml": "RSS", "application/atom+xml": "Atom", "text/calendar": "iCalendar"}
_TRIBE = "REST route of The Events Calendar"
_CORE = frozenset({"posts", "pages", "media", "menu-items", "blocks", "templates", "users", "comments"})


@dataclass(frozen=True)
class Lead:
    """An address worth a look: `kind` as in Visit, `why` in words, the lower `rank` the sooner."""

    kind: str
    url: str
    why: str
    rank: int = 5


def read_leads(page: Page) -> tuple[Lead, ...]:
    """Leads of an HTML page, each address once, the best first."""
    found = [*_feeds(page), *_wordpress(page), *_agendas(page)]
    seen: dict[str, Lead] = {}
    for lead in sorted(found, key=lambda lead: lead.rank):
        if _bare(lead.url) != _bare(page.url):
            seen.setdefault(_bare(lead.url), lead)
    return tuple(seen.values())


def sitemap_leads(page: Page) -> tuple[Lead, ...]:
    """Sitemaps that a sitemap index names: those of events first, and no pictures, news or authors."""
    body = page.body.lstrip()[:2000]
    if b"<sitemapindex" not in body:
        return ()
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = lxml.etree.fromstring(page.body.strip(), parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return ()
    found = (absolute(page.url, e.text) for e in root.iter("{*}loc")) if root is not None else ()
    urls = [
        u for u in dict.fromkeys(found) if u and not re.search(r"image|video|author|categor|tag|post-", u)
    ]
    urls.sort(key=lambda u: _EVENTFUL.search(urlsplit(u).path) is None)  # stable: the order stays
    return tuple(Lead("sitemap", u, "named by the sitemap index") for u in urls)


def route_leads(page: Page) -> tuple[Lead, ...]:
    """Routes of a WordPress REST index that list something like events."""
    data = page.json
    base = text(data, "routes./wp/v2._links.self.0.href") or urljoin(page.url, "/wp-json/wp/v2")
    routes = data.get("routes") if isinstance(data, dict) else None
    names = [str(n) for n in items(data, "namespaces")]
    found: list[Lead] = []
    if any(n.startswith("tribe/events") for n in names):
        found.append(Lead("rest", urljoin(page.url, ROUTE) + "?per_page=50", _TRIBE))
    for route in routes if isinstance(routes, dict) else ():
        kind = re.fullmatch(r"/wp/v2/([\w-]+)", str(route))
        if kind and kind[1] not in _CORE and _EVENTFUL.search(kind[1]) and "categor" not in kind[1]:
            found.append(Lead("rest", f"{base}/{kind[1]}?per_page=50", f"WordPress content type {kind[1]!r}"))
    return tuple(found)


def _feeds(page: Page) -> Iterator[Lead]:
    for node in find(page.tree, "link[rel~='alternate'][type][href]"):
        form = _FEEDS.get((node.get("type") or "").split(";")[0].strip().lower())
        url = absolute(page.url, node.get("href"))
        if form and url and "comments" not in url:
            rank = 1 if form == "iCalendar" else 3 if _EVENTFUL.search(urlsplit(url).path) else 7
            yield Lead("feed", url, f"{form} feed named by the page", rank)
    for node in find(page.tree, "a[href]"):
        url = absolute(page.url, _MENU.sub("https:", node.get("href") or ""))
        if url and _is_calendar(url) and not is_event_path(urlsplit(url)._replace(query="").geturl()):
            yield Lead("feed", url, "link to a calendar file", 1)


def _is_calendar(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path.lower().endswith(".ics") or "ical" in parse_qs(parts.query)


def _wordpress(page: Page) -> Iterator[Lead]:
    """REST and calendar routes where the page shows that it comes from WordPress."""
    body = page.body
    api = next(
        (absolute(page.url, n.get("href")) for n in find(page.tree, "link[rel='https://api.w.org/']")), ""
    )
    if not api and b"/wp-content/" not in body and b"/wp-includes/" not in body:
        return
    root = api or urljoin(page.url, "/wp-json/")
    if b"tribe-events" in body or b"tribe_events" in body or b"the-events-calendar" in body:
        route = root.rstrip("/") + ROUTE.removeprefix("/wp-json") + "?per_page=50"
        yield Lead("rest", route, _TRIBE, 0)
        yield Lead("feed", urljoin(page.url, "?ical=1"), "calendar file of The Events Calendar", 2)
    else:
        yield Lead("rest", root, "WordPress REST index", 4)
    yield Lead("feed", urljoin(page.url, "/feed/"), "the RSS feed of WordPress", 8)


def _agendas(page: Page) -> Iterator[Lead]:
    """Links whose words or path name an agenda, of the same site, and that are no event's own page."""
    host = _host(page.url)
    for node in find(page.tree, "a[href]"):
        url = absolute(page.url, node.get("href"))
        if not url or _host(url) != host:
            continue
        said, path = words(node)[:60], urlsplit(url).path
        named = AGENDA.search(said) if len(said) <= 40 else None
        routed = AGENDA.search(re.sub(r"[-_/.]", " ", path))
        if not (named or routed) or _NO_AGENDA.search(f"{said} {path}"):
            continue
        deep = path.strip("/").count("/") if path.strip("/") else 0
        if is_event_path(url) and not (named and len(said.split()) <= 2):
            continue
        foreign = bool(_FOREIGN.match(path)) and not _FOREIGN.match(urlsplit(page.url).path)
        rank = 4 - (named is not None) - (routed is not None) + deep + 2 * foreign + bool(urlsplit(url).query)
        yield Lead("agenda", urldefrag(url)[0], f"link {said!r}" if said else "link", rank)


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")


def _bare(url: str) -> str:
    parts = urlsplit(urldefrag(url)[0])
    return f"{_host(url)}{parts.path.rstrip('/')}?{parts.query}"
