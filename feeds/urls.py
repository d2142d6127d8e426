"""Every public address in one place. Addresses are for ever: change none, add new ones."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlencode, urlsplit

SEEN = "/bron/seen.json"  # when we last looked at each source
KINDS = ("new", "changed", "week")
KNOWN = 65_536  # names remembered: each language and kind of file asks for the same ones
FORMATS = ("rss", "atom", "json")
MIME = {
    "ics": "text/calendar",
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a feed or listing page is about: one municipality, pillar, both, a venue, or everything."""

    municipality: str | None = None
    pillar: str | None = None
    venue: str | None = None

    @property
    def key(self) -> str:
        """The middle of its address: `region`, `hengelo`, `hengelo/muziek`, `pillar/muziek`, `venue/x`."""
        if self.venue:
            return f"venue/{self.venue}"
        if self.municipality and self.pillar:
            return f"{self.municipality}/{self.pillar}"
        if self.pillar:
            return f"pillar/{self.pillar}"
        return self.municipality or "region"


REGION = Scope()


@lru_cache(maxsize=KNOWN)
def slug(uid: str) -> str:
    """A permanent file name for a UID; different UIDs give different names."""
    if _PLAIN.fullmatch(uid) and ".." not in uid:
        return uid
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", uid).strip("-")[:60] or "e"
    return f"{stem}~{hashlib.sha256(uid.encode()).hexdigest()[:10]}"


class Flavour(StrEnum):
    """Kinds of calendar of one scope; the value stands before `.ics`."""

    ALL = ""
    KEEP = "keep"  # cancelled stays CONFIRMED with the word before the title: Google hides CANCELLED
    SHORT = "no-exhibitions"  # without spans of several days


class Urls:
    """Builds paths and absolute addresses below `base_url`; language `main` has no prefix.

    Paths begin with `/`, a page's path ends in `/`; `href` is what a page links to, `absolute`
    what leaves the site, `file` the file below the public folder.
    """

    def __init__(self, base_url: str, main: str = "nl") -> None:
        self.base = base_url.rstrip("/")
        self.main = main
        self._prefix = urlsplit(self.base).path

    def href(self, path: str) -> str:
        """Address within the site, also where the site lives below a path."""
        return self._prefix + path

    def absolute(self, path: str) -> str:
        """Full address."""
        return self.base + path

    def webcal(self, path: str) -> str:
        """Address that opens a calendar program's subscribe dialogue."""
        return "webcal://" + self.absolute(path).split("://", 1)[1]

    def tag(self, uid: str) -> str:
        """A permanent id for feeds that does not change with the address: a `urn:` (RFC 4287 §4.2.6)."""
        return f"urn:trek:{slug(uid)}"

    @staticmethod
    def file(path: str) -> str:
        """The file below the public folder that answers a path."""
        return path.lstrip("/") + ("index.html" if path.endswith("/") else "")

    def _lang(self, language: str) -> str:
        return "" if language == self.main else f"/{language}"

    def bare(self, language: str, path: str) -> str:
        """A path without the language's prefix."""
        return path.removeprefix(self._lang(language))

    # --- pages ---

    def home(self, language: str) -> str:
        """The front page."""
        return f"{self._lang(language)}/"

    def follow(self, language: str) -> str:
        """The page that lists every feed."""
        return f"{self._lang(language)}/feeds/"

    def not_found(self, language: str) -> str:
        """The page that an unknown address gets."""
        return f"{self._lang(language)}/404.html"

    def listing(self, language: str, scope: Scope) -> str:
        """The page that shows the same events as the scope's feeds."""
        lang = self._lang(language)
        if scope.venue:
            return f"{lang}/podium/{scope.venue}/"
        if scope.municipality:
            return f"{lang}/gemeente/{scope.municipality}/" + (f"{scope.pillar}/" if scope.pillar else "")
        return f"{lang}/pijler/{scope.pillar}/" if scope.pillar else self.home(language)

    @staticmethod
    def accent(municipality: str) -> str:
        """The style sheet with a municipality's own colour, for its own pages."""
        return f"/gemeente/{municipality}/accent.css"

    def event(self, language: str, uid: str) -> str:
        """An event's own page."""
        return f"{self._lang(language)}/evenement/{slug(uid)}/"

    def find(self, language: str, query: tuple[tuple[str, str], ...] = ()) -> str:
        """The page that searches and filters; with a query one view of it, answered by the running app."""
        return f"{self._lang(language)}/zoek/" + (f"?{urlencode(query)}" if query else "")

    def make(self, language: str) -> str:
        """The page where one makes a calendar of one's own."""
        return f"{self._lang(language)}/maak/"

    def media(self, language: str) -> str:
        """The page for newsrooms."""
        return f"{self._lang(language)}/media/"

    def day(self, language: str, day: date) -> str:
        """The page of one day."""
        return f"{self._lang(language)}/dag/{day.isoformat()}/"

    def source(self, language: str, source: str) -> str:
        """The page that says what we take from a source, and when we last looked."""
        return f"{self._lang(language)}/bron/{slug(source)}/"

    def check(self, language: str, venue: str) -> str:
        """The page with which a venue checks what we show of it, answered by the running app."""
        return f"{self._lang(language)}/podium/{venue}/controle/"

    def check_feed(self, language: str, venue: str) -> str:
        """The problems and changes of a venue as Atom, answered by the running app."""
        return f"{self._lang(language)}/podium/{venue}/controle.atom"

    def check_digest(self, language: str, venue: str) -> str:
        """The same of the past week as a text, answered by the running app."""
        return f"{self._lang(language)}/podium/{venue}/week.txt"

    def wrong(self, language: str, venue: str, key: str = "") -> str:
        """The form with which a venue says what is wrong; `key` is what its link was signed with."""
        query = f"?{urlencode({'key': key})}" if key else ""
        return f"{self._lang(language)}/podium/{venue}/wijzig/{query}"

    def trial(self, language: str) -> str:
        """The page on which anybody sees what we read of a page, answered by the running app."""
        return f"{self._lang(language)}/probeer/"

    def sight(self, language: str) -> str:
        """The region in figures."""
        return f"{self._lang(language)}/zicht/"

    # --- files beside pages ---

    def index(self) -> str:
        """What the search of the pages looks in."""
        return "/zoek/index.json"

    def picture(self, uid: str) -> str:
        """An event's picture for social media."""
        return f"/evenement/{slug(uid)}/beeld.png"

    def event_file(self, language: str, uid: str, occurrence: str = "") -> str:
        """A calendar file of an event, or of one of its dates."""
        name = slug(occurrence) if occurrence else "agenda"
        return f"{self.event(language, uid)}{name}.ics"

    # --- feeds ---

    def calendar(self, language: str, scope: Scope, flavour: Flavour = Flavour.ALL) -> str:
        """The iCalendar of a scope: `hengelo.ics`, `hengelo.keep.ics`, `hengelo.no-exhibitions.ics`."""
        end = f".{flavour.value}.ics" if flavour.value else ".ics"
        return f"{self._lang(language)}/agenda/{scope.key}{end}"

    def feed(self, language: str, scope: Scope, kind: str, form: str) -> str:
        """An RSS, Atom or JSON feed of a scope (`kind` of KINDS, `form` of FORMATS)."""
        return f"{self._lang(language)}/feeds/{scope.key}/{kind}.{form}"

    def style(self, language: str) -> str:
        """The style sheet that makes a feed readable in a browser."""
        return f"{self._lang(language)}/feeds/feed.css"

    def opml(self, language: str) -> str:
        """The list of every feed, for a feed reader."""
        return f"{self._lang(language)}/feeds/trek.opml"

    def combination(self, query: tuple[tuple[str, str], ...]) -> str:
        """A free combination, answered by the running app."""
        return f"/agenda.ics?{urlencode(query)}"

    def news(self, form: str, query: tuple[tuple[str, str], ...]) -> str:
        """A news feed of a free combination, answered by the running app."""
        return f"/feeds.{form}?{urlencode(query)}"
