"""One site of the sample region: which address gives which bytes, and since when."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from threading import Lock

from crawlers.sample.markup import STYLES
from crawlers.sample.markup.page import Body, Desk

CRAWL_DELAY = 3  # seconds, asked by the slow site
MOST_REMEMBERED = 5_000
TILLS = ("/bestel/", "/order/")  # where tickets would be sold; robots.txt keeps crawlers out


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answers: status, bytes, their type, and what a client needs to ask again politely."""

    status: int
    body: Body
    etag: str = ""
    modified: datetime | None = None

    def fresh(self, headers: Mapping[str, str | None]) -> bool:
        """Whether the client has this already (RFC 9110 §13.1.2 before §13.1.3)."""
        asked = headers.get("If-None-Match")
        if asked is not None:
            known = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
            return asked.strip() == "*" or self.etag in known
        since = _parse_date(headers.get("If-Modified-Since"))
        return since is not None and self.modified is not None and self.modified <= since


@dataclass
class Site:
    """A site that serves one desk. `outage` is `error` (500 everywhere), `empty` (an empty list), or ""."""

    desk: Desk
    outage: str = ""
    _seen: dict[tuple[str, tuple[tuple[str, str], ...]], Answer] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        """The address of the front page."""
        return f"{self.desk.source.home}/"

    @property
    def paths(self) -> tuple[str, ...]:
        """Every address of the site, lists without their queries."""
        start = STYLES[self.desk.source.style].start
        return tuple(
            dict.fromkeys(("/", "/robots.txt", "/sitemap.xml", start, *(e.path for e in self.desk.entries)))
        )

    def answer(self, path: str, query: Mapping[str, str]) -> Answer:
        """The answer for an address. A page keeps its modification time as long as its bytes are the same."""
        with self._lock:
            if self.outage == "error" and path != "/robots.txt":
                return Answer(500, self._message("Er ging iets mis", "Probeer het later nog eens."))
            body = self._body(path, query)
            if body is None:
                return Answer(404, self._message("Niet gevonden", "Deze pagina bestaat niet (meer)."))
            key = (path, tuple(sorted(query.items())))
            etag = f'"{hashlib.sha256(body.data).hexdigest()[:24]}"'
            known = self._seen.get(key)
            if known is not None and known.etag == etag:
                return known
            made = Answer(200, body, etag, self.desk.changed)
            if len(self._seen) < MOST_REMEMBERED:
                self._seen[key] = made
            return made

    def retell(self, desk: Desk, outage: str) -> None:
        """From now on serve another desk."""
        with self._lock:
            self.desk, self.outage = desk, outage

    def _body(self, path: str, query: Mapping[str, str]) -> Body | None:
        desk, style = self._shown(), STYLES[self.desk.source.style]
        if path == "/robots.txt":
            return Body(self._robots().encode(), "text/plain; charset=utf-8")
        if path == "/sitemap.xml":
            return Body(_sitemap(desk, style.start).encode(), "application/xml; charset=utf-8")
        if path == "/":
            return desk.html("home.html", entries=desk.entries, start=style.start)
        if path == style.start:
            return style.render(desk, query)
        if path.startswith(TILLS):
            return self._message("Kaarten", "Dit is een voorbeeld: hier wordt niets verkocht.")
        entry = next((e for e in desk.entries if e.path == path), None)
        return style.detail(desk, entry) if entry is not None else None

    def _shown(self) -> Desk:
        if self.outage != "empty":
            return self.desk
        return replace(self.desk, entries=())

    def _message(self, title: str, text: str) -> Body:
        return self.desk.html("message.html", heading=title, text=text)

    def _robots(self) -> str:
        lines = ["User-agent: *"]
        if self.desk.source.trait == "forbidden":
            return "User-agent: *\nDisallow: /\n"
        if self.desk.source.trait == "slow":
            lines.append(f"Crawl-delay: {CRAWL_DELAY}")
        tills = [f"Disallow: {path}" for path in TILLS]
        return "\n".join([*lines, *tills, f"Sitemap: {self.url}sitemap.xml", ""])


def _sitemap(desk: Desk, start: str) -> str:
    """Every page with the day of its last change (sitemaps.org 0.9)."""
    listed = [start] if "." not in start and "/wp-json" not in start else []
    days = dict.fromkeys(("/", *listed), desk.changed) | {e.path: desk.since(e) for e in desk.entries}
    urls = "".join(
        f"<url><loc>{desk.source.home}{path}</loc><lastmod>{day.date()}</lastmod></url>\n"
        for path, day in days.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{urls}</urlset>\n"


def _parse_date(text: str | None) -> datetime | None:
    """An HTTP date; None when it is none (RFC 9110 §13.1.3 passes such a header over)."""
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
