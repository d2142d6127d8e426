"""Files over HTTP: type and manners of each, validators, and the smaller variant that a client takes.

Strong ETags of the bytes that are sent, Last-Modified, 304 (RFC 9110 §13); a variant (`x.rss.gz`,
`x.rss.br`) has an ETag of its own and is sent only while it is not older than the file. An answer is kept
as long as every file that it depends on is as it was, so that the next to ask costs a look at those files.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from feeds.compress import CODINGS, SUFFIXES

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".ico": "image/vnd.microsoft.icon",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/feed+json; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".ndjson": "application/x-ndjson; charset=utf-8",
    ".jsonld": "application/ld+json; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
}
SHARED = (".ics", ".json", ".ndjson", ".jsonld", ".csv")  # pages of others may fetch these
NEWS = (".rss", ".atom", ".json")
FEEDS = (".ics", ".rss", ".atom", ".json")
STYLED = (".rss", ".atom")  # a browser that opens one as a page shows its style only for XML by that name
FRESH = "public, max-age=900"
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out: status, headers, body."""

    status: int
    headers: Headers
    body: bytes = b""


def etag_of(data: bytes) -> str:
    """A strong validator: equal for equal bytes only."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def is_fresh(asked: Headers, etag: str, changed: datetime | None) -> bool:
    """Whether the client's copy is the current one: If-None-Match beats If-Modified-Since (§13.1.3)."""
    tags = asked.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in [t.strip().removeprefix("W/") for t in tags.split(",")]
    since = asked.get("if-modified-since")
    if since is None or changed is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return changed.replace(microsecond=0) <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


Stand = tuple[int, ...] | None  # a file's device, inode, size and time of change; None where there is none
Lines = list[tuple[bytes, bytes]]
Key = tuple[str, str, bool]  # path, Accept-Encoding, whether a browser opens it as a page
MOST_KEPT = 64 << 20  # bytes of files in memory
LARGEST_KEPT = 4 << 20


def stand_of(name: str) -> Stand:
    """What changes when a file does; links are followed."""
    try:
        found = os.stat(name)  # noqa: PTH116 - a Path made for each request costs more than the look
    except OSError:
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer for whoever has no copy, and the files it depends on as they were."""

    answer: Answer
    changed: datetime
    stands: tuple[tuple[str, Stand], ...]
    lines: Mapping[int, Lines]  # the headers on the wire, by status

    @property
    def holds(self) -> bool:
        """Whether every file is as it was."""
        return all(stand_of(name) == stand for name, stand in self.stands)

    def is_copy(self, asked: Headers) -> bool:
        """Whether the client has this answer already."""
        return is_fresh(asked, self.answer.headers["etag"], self.changed)

    def to(self, asked: Headers) -> Answer:
        """The answer, or 304 for whoever has this copy."""
        headers = dict(self.answer.headers)
        return Answer(304, headers) if self.is_copy(asked) else Answer(200, headers, self.answer.body)


class Files:
    """The public folder, looked at for each request.

    `link` gives a path's Link header, "" for none.
    """

    def __init__(self, public: Path, link: Callable[[str], str] = lambda _path: "") -> None:
        self._root, self._link = public.resolve(), link
        self._kept: dict[Key, Kept] = {}
        self._size = 0

    def find(self, path: str) -> Path | None:
        """The file that answers a path; None for what is absent, hidden, or outside the folder."""
        name = self._name(path)
        try:
            real = name.resolve(strict=True) if name else None
        except OSError:
            return None
        return real if real and real.is_file() and real.is_relative_to(self._root) else None

    def _name(self, path: str) -> Path | None:
        parts = path.split("/")[1:]
        if "\\" in path or "\x00" in path or any(p.startswith(".") for p in parts):
            return None
        file = self._root.joinpath(*[p for p in parts if p])
        return file / "index.html" if path.endswith("/") else file

    def ready(self, key: Key) -> Kept | None:
        """What was answered before, when all of it still holds."""
        kept = self._kept.get(key)
        return kept if kept and kept.holds else None

    def answer(self, path: str, asked: Headers) -> Answer:
        """A file, 304, a redirect to the folder's address, or 404."""
        key = key_of(path, asked)
        if kept := self.ready(key):
            return kept.to(asked)
        file = self.find(path)
        if file is None and not path.endswith("/") and self.find(path + "/"):
            return Answer(301, {"location": f"/{quote(path.strip('/'))}/"})  # never another host
        if file is None:
            return self._missing(path)
        kept = self._read(file, key)
        self._keep(key, kept)
        return kept.to(asked)

    def _read(self, file: Path, key: Key) -> Kept:
        """The answer that a file makes; what it depends on is looked at before it is read."""
        path, accepted, opened = key
        name = str(self._name(path))
        stands = [(name, stand_of(name))]
        headers = headers_for(file.suffix, path) | {"cache-control": FRESH}
        if file.suffix in SUFFIXES:
            headers["vary"] = "accept-encoding"
            wanted = [suffix for suffix, coding in CODINGS.items() if takes(accepted, coding)]
            stands += [(f"{file}{suffix}", stand_of(f"{file}{suffix}")) for suffix in wanted]
        if file.suffix in STYLED:
            headers["vary"] += ", sec-fetch-dest"
            if opened:
                headers["content-type"] = TYPES[".xml"]
        body, coding = self._open(file, accepted)
        if coding:
            headers["content-encoding"] = coding
        with body as handle:
            data, stat = handle.read(), os.fstat(handle.fileno())
        changed = datetime.fromtimestamp(stat.st_mtime, UTC)
        headers |= {"etag": etag_of(data), "last-modified": format_datetime(changed, usegmt=True)}
        if link := self._link(path):
            headers["link"] = link
        return Kept(Answer(200, headers, data), changed, tuple(stands), lines_of(headers, len(data)))

    def _keep(self, key: Key, kept: Kept) -> None:
        """Keep an answer; the oldest go when there is no room."""
        if (old := self._kept.pop(key, None)) is not None:
            self._size -= len(old.answer.body)
        if len(kept.answer.body) > LARGEST_KEPT:
            return
        self._kept[key] = kept
        self._size += len(kept.answer.body)
        while self._size > MOST_KEPT:
            self._size -= len(self._kept.pop(next(iter(self._kept))).answer.body)

    def _open(self, file: Path, accepted: str) -> tuple[BinaryIO, str]:
        """The smallest variant that the client takes and that is not older than the file, else the file.

        Opened at once: a variant goes when its file is about to be replaced.
        """
        if file.suffix in SUFFIXES:
            for suffix, coding in CODINGS.items():
                if not takes(accepted, coding):
                    continue
                small = file.with_name(file.name + suffix)
                try:
                    if small.stat().st_mtime_ns >= file.stat().st_mtime_ns:
                        return small.open("rb"), coding
                except OSError:
                    continue
        return file.open("rb"), ""

    def _missing(self, path: str) -> Answer:
        """A page for people; plain text for programs, which would take HTML for a broken feed."""
        if path.endswith(FEEDS):
            return Answer(404, {"content-type": TYPES[".txt"]}, b"No such calendar or feed.\n")
        first = path.split("/")[1] if "/" in path else ""
        page = self.find(f"/{first}/404.html") or self.find("/404.html")
        return Answer(404, headers_for(".html"), page.read_bytes() if page else b"Not found")


def lines_of(headers: Headers, size: int) -> dict[int, Lines]:
    """The headers as ASGI sends them: a 304 has no body whose type or length could be told (§15.4.5)."""
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    short = [line for line in lines if line[0] != b"content-type"]
    return {200: [*lines, (b"content-length", str(size).encode())], 304: short}


def key_of(path: str, asked: Headers) -> Key:
    """What of a request decides which bytes a file is answered with."""
    return path, asked.get("accept-encoding", ""), asked.get("sec-fetch-dest") == "document"


def takes(accepted: str, coding: str) -> bool:
    """Whether an Accept-Encoding header names a coding and does not refuse it (RFC 9110 §12.5.3)."""
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == coding:
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)
    return False


def headers_for(suffix: str, path: str = "") -> Headers:
    """Type and manners of a kind of file."""
    kind = TYPES.get(suffix, "application/octet-stream")
    headers = {
        "content-type": "application/schema+json" if path.endswith("/schema.json") else kind,
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
    }
    if suffix in SHARED:
        headers["access-control-allow-origin"] = "*"
    if suffix == ".html":
        headers["content-security-policy"] = POLICY
    return headers
