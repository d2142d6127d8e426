"""How much of a page is more than any agenda needs: told from the bytes, before a parser takes them.

A parser is one call that nothing can end, and takes a multiple of the bytes: 100 bytes and more a tag or an
object, and for one tag's attributes time by their square. The limits stand some twenty times above the
largest real page known; no page within them takes 200 MB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARKUP = 6 * 1024**2  # bytes
_TAGS = 150_000
_NAMES = 1000  # different attributes of one tag
_OBJECTS = 300_000
_VALUES = 1_500_000
_LINES = 1_000_000
_LONG = 4000  # bytes without a `>`: a tag with many attributes is as long
_SHORTEST = 2000  # bytes that so many different names take at least
_TAG = re.compile(rb"<[/a-zA-Z]")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_NAME = re.compile(rb"[^\s=/\"']+")
_GIVEN = re.compile(rb"[\s\"']([^\s=/\"'<]+)\s*=")


def find_excess(body: bytes, markup: bool = False) -> str | None:
    """What a page has too much of, in words; None where it can be read.

    With `markup` it is held for markup even where it begins as JSON or a calendar.
    """
    if b"\0" in body[:100]:
        body = body.replace(b"\0", b"")  # UTF-16 and UTF-32: the marks of markup are those of ASCII
    if markup:
        return _markup_excess(body)
    head = body[:300].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if head[:1] in (b"{", b"["):
        return _more(body.count(b"{") + body.count(b"["), _OBJECTS, "objects and lists") or _more(
            body.count(b","), _VALUES, "values"
        )
    if head[:6].upper() == b"BEGIN:":
        return _more(body.count(b"\n") + body.count(b"\r"), _LINES, "lines")
    return _markup_excess(body)


def _markup_excess(body: bytes) -> str | None:
    return (
        _more(len(body), _MARKUP, "bytes of markup")
        or _more(body.count(b"<"), _TAGS, "tags")
        or _more(_most_names(body), _NAMES, "attributes on one tag")
    )


def _more(count: int, most: int, what: str) -> str | None:
    return f"more than {most} {what}" if count > most else None


def _most_names(body: bytes) -> int:
    """The most different attribute names that one tag may have; 0 where that are surely few.

    Names with a value are counted wherever they stand, as damage upstream can make them part of a tag that
    begins long before; names alone only in what looks like a tag, for they look like words.
    """
    most = 0
    for stretch in _long_stretches(body):
        if stretch.count(b"=") > _NAMES:
            most = max(most, len(set(_GIVEN.findall(stretch))))
        tag = _TAG.search(stretch)
        if tag and len(stretch) - tag.start() > _SHORTEST:
            most = max(most, len(set(_NAME.findall(_QUOTED.sub(b" ", stretch[tag.start() :])))))
    return most


def _long_stretches(body: bytes) -> Iterator[bytes]:
    """What stands between two `>` that are far apart: each fills a block of half that length."""
    half, done = _LONG // 2, 0
    for at in range(0, len(body), half):
        if at < done or body.find(b">", at, at + half) >= 0:
            continue
        first, end = body.rfind(b">", 0, at) + 1, body.find(b">", at)
        done = len(body) if end < 0 else end
        if done - first >= _LONG:
            yield body[first:done]
