"""Files over HTTP: type and manners of each, validators, and the smaller variant that a client takes.

Strong ETags of the bytes that are sent, Last-Modified, 304 (RFC 9110 §13); a variant (`x.rss.gz`,
`x.rss.br`) has an ETag of its own and is sent only while it is not older than the file.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
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
    "font-src 'self'; base-uri 'none'; form-action 'self'"
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


class Files:
    """The public folder, read for each request; ETags are kept by inode, size and time of change."""

    def __init__(self, public: Path) -> None:
        self._root = public.resolve()
        self._tags: dict[str, tuple[tuple[int, int, int], str]] = {}

    def find(self, path: str) -> Path | None:
        """The file that answers a path; None for what is absent, hidden, or outside the folder."""
        parts = path.split("/")[1:]
        if "\\" in path or "\x00" in path or any(p.startswith(".") for p in parts):
            return None
        file = self._root.joinpath(*[p for p in parts if p])
        if path.endswith("/"):
            file = file / "index.html"
        try:
            real = file.resolve(strict=True)
        except OSError:
            return None
        return real if real.is_file() and real.is_relative_to(self._root) else None

    def read(self, file: Path) -> tuple[bytes, str, datetime]:
        """Bytes, ETag and time of change, all three of one version of the file."""
        with file.open("rb") as handle:
            data = handle.read()
            stat = os.fstat(handle.fileno())
        stand = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        known = self._tags.get(str(file))
        if known is None or known[0] != stand:
            known = self._tags[str(file)] = (stand, etag_of(data))
        return data, known[1], datetime.fromtimestamp(stat.st_mtime, UTC)

    def answer(self, path: str, asked: Headers) -> Answer:
        """A file, 304, a redirect to the folder's address, or 404."""
        file = self.find(path)
        if file is None and not path.endswith("/") and self.find(path + "/"):
            return Answer(301, {"location": f"/{quote(path.strip('/'))}/"})  # never another host
        if file is None:
            return self._missing(path)
        headers = headers_for(file.suffix, path) | {"cache-control": FRESH}
        if file.suffix in SUFFIXES:
            headers["vary"] = "accept-encoding"
        if file.suffix in STYLED:
            headers["vary"] += ", sec-fetch-dest"
            if asked.get("sec-fetch-dest") == "document":
                headers["content-type"] = TYPES[".xml"]
        body, coding = self._variant(file, asked.get("accept-encoding", ""))
        if coding:
            headers["content-encoding"] = coding
        data, etag, changed = self.read(body)
        headers |= {"etag": etag, "last-modified": format_datetime(changed, usegmt=True)}
        return Answer(304, headers) if is_fresh(asked, etag, changed) else Answer(200, headers, data)

    def _variant(self, file: Path, accepted: str) -> tuple[Path, str]:
        """The smallest variant that the client takes and that is not older than the file, else the file."""
        if file.suffix in SUFFIXES:
            for suffix, coding in CODINGS.items():
                if not takes(accepted, coding):
                    continue
                small = file.with_name(file.name + suffix)
                try:
                    if small.stat().st_mtime_ns >= file.stat().st_mtime_ns:
                        return small, coding
                except OSError:
                    continue
        return file, ""

    def _missing(self, path: str) -> Answer:
        """A page for people; plain text for programs, which would take HTML for a broken feed."""
        if path.endswith(FEEDS):
            return Answer(404, {"content-type": TYPES[".txt"]}, b"No such calendar or feed.\n")
        first = path.split("/")[1] if "/" in path else ""
        page = self.find(f"/{first}/404.html") or self.find("/404.html")
        return Answer(404, headers_for(".html"), page.read_bytes() if page else b"Not found")


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
