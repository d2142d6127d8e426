"""What crawls remember of a source's pages: their bytes, what a list last said of them, when they changed.

One SQLite file a source, beside the inbox. It only saves traffic: without it, or when it is damaged,
every page is asked for again and nothing else is different.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from w3lib.url import canonicalize_url

from crawlers.extract.remember import remembered

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings

KEPT_FOR = timedelta(days=30)  # a page that no list names any more
TRUST = timedelta(days=20)  # so long a list is believed that says that a page is as it was
TRUST_CHEAP = timedelta(days=7)  # the same where asking costs next to nothing
CALM = timedelta(days=3)  # the longest rest of a page of which no list says anything
LIES = 0.1  # of a source's pages that had changed although its list said otherwise: it is not believed
ENOUGH = 10  # such looks before that is known
TOGETHER = 50  # pages written at once
_TABLE = """
create table if not exists page (
  url text primary key, headers text not null, body blob not null, mark text not null default '',
  sum text not null default '', checked text not null default '', changed text not null default '',
  used text not null default '', checks integer not null default 0, lies integer not null default 0
) without rowid
"""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of a page beside its bytes; times are aware, `mark` is what a list said of it."""

    mark: str
    sum: str
    checked: datetime
    changed: datetime
    cheap: bool


class Memory:
    """The remembered pages of one source; every failure of the file ends it silently for this crawl."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._waiting = 0
        self._known: set[str] = set()  # keys of pages in the file: a page that is new is not looked up
        self._db: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=1)
            self._db.execute("pragma synchronous = off")
            self._db.execute(_TABLE)
            checks, lies = self._db.execute("select total(checks), total(lies) from page").fetchone()
            self.honest = checks < ENOUGH or lies <= LIES * checks
            self._known = {url for (url,) in self._db.execute("select url from page")}
        except (sqlite3.Error, OSError) as error:
            self.honest = False
            self._give_up(error)

    def find(self, url: str) -> tuple[dict[str, str], bytes] | None:
        """Headers and bytes of a page as they came over the wire; None when it is not remembered."""
        if page_key(url) not in self._known:
            return None
        rows = self._ask("select headers, body from page where url = ? and body != ''", page_key(url))
        if not rows:
            return None
        with suppress(ValueError, zlib.error):
            return json.loads(rows[0][0]), zlib.decompress(rows[0][1])
        return None

    def keep(self, url: str, headers: dict[str, str], body: bytes) -> None:
        """Remember a page's bytes."""
        self._ask(
            "insert into page (url, headers, body) values (?, ?, ?)"
            " on conflict do update set headers = excluded.headers, body = excluded.body",
            page_key(url),
            json.dumps(headers),
            zlib.compress(body, 1),
        )
        self._written()

    def trace(self, url: str) -> Trace | None:
        """What is known of a page that was read before and whose bytes are here."""
        if page_key(url) not in self._known:
            return None
        told = "mark, sum, checked, changed, headers"
        rows = self._ask(
            f"select {told} from page where url = ? and checked != '' and body != ''", page_key(url)
        )
        if not rows:
            return None
        mark, total, checked, changed, headers = rows[0]
        cheap = '"ETag"' in headers or '"Last-Modified"' in headers
        return Trace(mark, total, datetime.fromisoformat(checked), datetime.fromisoformat(changed), cheap)

    def is_current(self, url: str, mark: str, now: datetime) -> bool:
        """Whether a page need not be asked for: its list says of it what it said when it was last read.

        Now and then it is asked for all the same, not all pages on one day; sooner where an answer
        "not modified" is cheap. A page of which lists say nothing rests the longer the longer it was the
        same, and only where asking would cost all its bytes.
        """
        known = self.trace(url)
        if known is None or known.mark != mark:
            return False
        rest = now - known.checked
        if mark and self.honest and _is_settled(mark, known.checked):
            return rest < (TRUST_CHEAP if known.cheap else TRUST) * _spread(url)
        return not known.cheap and rest < min((known.checked - known.changed) / 4, CALM)

    def note(self, url: str, mark: str, total: str, now: datetime) -> bool:
        """Note what a page said now, as a sum; whether it is another than before (False for a new one)."""
        known = self.trace(url)
        moment = now.isoformat()
        differs = known is not None and known.sum != total
        same_mark = known is not None and mark != "" and known.mark == mark
        self._ask(
            "update page set mark = ?, sum = ?, checked = ?, used = ?, checks = checks + ?, lies = lies + ?,"
            " changed = case when sum = ? and changed != '' then changed else ? end where url = ?",
            mark, total, moment, moment, int(same_mark), int(same_mark and differs), total, moment,
            page_key(url),
        )  # fmt: skip
        self._known.add(page_key(url))
        self._written()
        return differs

    def used(self, url: str, now: datetime) -> None:
        """Note that a page is still named by a list, so that it stays remembered."""
        if page_key(url) in self._known:
            self._ask("update page set used = ? where url = ?", now.isoformat(), page_key(url))
            self._written()

    def close(self, now: datetime | None = None) -> None:
        """Write what waits; with `now` forget the pages that were not used for a month."""
        if now is not None:
            limit = (now - KEPT_FOR).isoformat()
            self._ask("delete from page where used != '' and used < ?", limit)
        if self._db is not None:
            try:
                self._db.commit()
                self._db.close()
            except sqlite3.Error as error:
                self._give_up(error)
        self._db = None

    def _written(self) -> None:
        self._waiting += 1
        if self._waiting >= TOGETHER and self._db is not None:
            self._waiting = 0
            try:
                self._db.commit()
            except sqlite3.Error as error:
                self._give_up(error)

    def _ask(self, words: str, *values: object) -> list[tuple[Any, ...]]:
        if self._db is None:
            return []
        try:
            return self._db.execute(words, values).fetchall()
        except sqlite3.Error as error:
            self._give_up(error)
            return []

    def _give_up(self, error: Exception) -> None:
        """Go on without; a file that is no database any more is removed, the next crawl begins a new one."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
        self._db = None
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            with suppress(OSError):
                self.path.unlink()


class Storage:
    """Scrapy's cache storage over a source's memory, which the spider finds as its own `memory`."""

    def __init__(self, settings: BaseSettings) -> None:
        self.folder = Path(settings["HTTPCACHE_DIR"])
        self.memory: Memory | None = None

    def open_spider(self, spider: Spider) -> None:
        """Open the file of this spider's source."""
        self.memory = Memory(self.folder / f"{spider.name}.sqlite")
        if hasattr(spider, "memory"):
            spider.memory = self.memory

    def close_spider(self, spider: Spider) -> None:
        """Write and close it."""
        if self.memory is not None:
            self.memory.close(getattr(spider, "now", None))

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:
        """The page as it was answered; None when it is not remembered."""
        found = self.memory.find(request.url) if self.memory and request.method == "GET" else None
        if found is None:
            return None
        headers = Headers(found[0])
        kind = responsetypes.from_args(headers=headers, url=request.url, body=found[1])
        return kind(request.url, status=200, headers=headers, body=found[1])

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        """Remember a page; of its headers only those that are needed to read it and to ask again."""
        if self.memory is None or request.method != "GET":
            return
        wanted = ("Content-Type", "Content-Encoding", "ETag", "Last-Modified", "Cache-Control")
        said = {name: response.headers.get(name) for name in wanted}
        headers = {name: value.decode("latin-1") for name, value in said.items() if value}
        self.memory.keep(request.url, headers, response.body)


@remembered
def page_key(url: str) -> str:
    """An address in the one form of all that lead to its page; asked for half a dozen times a page."""
    return canonicalize_url(url)


def _is_settled(mark: str, checked: datetime) -> bool:
    """Whether a page read then can no longer change under this mark: a bare day says nothing of its hours."""
    return len(mark) != 10 or mark.count("-") != 2 or mark < checked.date().isoformat()


def _spread(url: str) -> float:
    """Between 0.75 and 1.25, always the same for one address, so that pages do not fall due together."""
    return 0.75 + zlib.crc32(url.encode()) % 1000 / 2000
