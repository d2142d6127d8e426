"""Where a list goes on, and which links lead to pages with one event."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urldefrag, urlencode, urlsplit, urlunsplit

from aggregator.region import Follow, Source
from crawlers.extract.page import Page
from crawlers.platforms.dom import absolute, find, words

EVENT_PATH = re.compile(
    r"/(?:agenda|evenement(?:en)?|events?|programma|programme|voorstelling(?:en)?|activiteit(?:en)?|concert(?:en|s)?"
    r"|shows?|theater|production|producties?|optredens?|gigs?|whats-?on|veranstaltung(?:en)?|cursus(?:sen)?|lezing(?:en)?|film(?:s)?"
    r"|tentoonstelling(?:en)?|termine|vorstellung(?:en)?|exhibitions?|workshops?|expo(?:sities?)?|agenda-item)/(?:[^/?#]+/)*[^/?#]{3,}/?(?:\?.*)?$",
    re.I,
)
MORE = re.compile(
    r"^(?:volgende(?: pagina)?|verder|meer (?:laden|evenementen|activiteiten|voorstellingen|concerten)"
    r"|laad meer|(?:toon|laad|bekijk) meer(?: \w+)?|next(?: page)?|(?:load|show) more(?: \w+)?"
    r"|weiter|nächste(?: seite)?|mehr (?:laden|anzeigen))$",
    re.I,
)
_BUTTONS = "a[href], button[data-url], button[data-href], button[data-next], button[data-next-url], [hx-get]"
_NO_EVENT = re.compile(
    r"/(?:page|pagina|archief|archive|categor(?:y|ie)|tag|genre|feed|search|zoeken|tickets?)(?:/|$)"
    r"|\.(?:jpe?g|png|gif|pdf|ics|xml|css|js|webp|svg|zip)(?:\?|$)",
    re.I,
)


def next_pages(page: Page, source: Source | None, found: int) -> tuple[str, ...]:
    """The page after this one; none after an empty page.

    By the source's paging, else by `rel=next`, else by a link or button that says that it loads more.
    """
    paging = source.paging if source else None
    if found == 0:
        return ()
    if paging and paging.parameter:
        return _counted(page.url, paging.parameter, paging.first, paging.most)
    css = paging.next if paging and paging.next else "a[rel~='next'], link[rel~='next']"
    for element in find(page.tree, css):
        url = absolute(page.url, element.get("href"))
        if url and url != page.url:
            return (url,)
    return () if paging else _more(page)


def _more(page: Page) -> tuple[str, ...]:
    """Where a `load more` leads, on the same site: the address of a link or of a button."""
    for element in find(page.tree, _BUTTONS):
        if not MORE.match(words(element) or element.get("aria-label") or ""):
            continue
        for name in ("href", "data-url", "data-href", "data-next", "data-next-url", "hx-get"):
            url = absolute(page.url, element.get(name))
            if url and url != page.url and _host(url) == _host(page.url):
                return (url,)
    return ()


def follow_links(page: Page, follow: Follow) -> tuple[str, ...]:
    """Addresses that the source's rule says to follow: by selector, by pattern, or both."""
    elements = find(page.tree, follow.links) if follow.links else find(page.tree, "a[href]")
    pattern = compile_pattern(follow.pattern)
    urls = (absolute(page.url, e.get("href")) for e in elements)
    chosen = (urldefrag(u)[0] for u in urls if u and (pattern is None or pattern.search(u)))
    return tuple(dict.fromkeys(u for u in chosen if u != page.url))[: follow.most]


def event_links(page: Page, most: int = 1000) -> tuple[str, ...]:
    """Links of the same site that look like the page of one event; for pages that print no dates."""
    host = _host(page.url)
    seen: dict[str, None] = {}
    for element in find(page.tree, "a[href]"):
        url = absolute(page.url, element.get("href"))
        if url and _host(url) == host and is_event_path(url):
            seen.setdefault(urldefrag(url)[0])
    seen.pop(page.url, None)
    return tuple(seen)[:most]


def is_event_path(url: str) -> bool:
    """Whether an address reads like the page of one event (`/agenda/naam-van-de-avond`)."""
    path = urlsplit(url)._replace(scheme="", netloc="").geturl()
    return EVENT_PATH.search(path) is not None and _NO_EVENT.search(path) is None


def compile_pattern(pattern: str | None) -> re.Pattern[str] | None:
    """A source's pattern, compiled; None when there is none or it is no regular expression."""
    try:
        return re.compile(pattern) if pattern else None
    except re.error:
        return None


def _counted(url: str, name: str, first: int, most: int) -> tuple[str, ...]:
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    present = query.get(name, [str(first)])[-1]
    number = int(present) + 1 if present.isdigit() else first + 1
    if number >= first + most:
        return ()
    query[name] = [str(number)]
    return (urlunsplit(parts._replace(query=urlencode(query, doseq=True))),)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
