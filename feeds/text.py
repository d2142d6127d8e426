"""Text from elsewhere made safe for every format: no control characters, no trick addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

# C0 but tab and newline, DEL, C1, surrogates, non-characters (XML 1.0 §2.2, RFC 5545 §3.1), and the
# characters that turn the reading direction and so can make a line say something else.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
KNOWN = 4_096  # texts remembered: every format and language asks for the same ones
_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w/.~%+&=?#,;:@!$'()*-]*)?", re.ASCII)
_SPACE = re.compile(r"[\s\u2028\u2029]+")


def is_plain(text: str) -> bool:
    """Whether nothing in it can be forbidden or a second space; most texts are so, and it is told fast."""
    return text.isprintable() and "  " not in text


def clean(text: str | None) -> str:
    """Paragraphs: newlines kept (LF), runs of blank lines and forbidden characters gone."""
    if not text:
        return ""
    return text.strip() if is_plain(text) else _cleaned(text)


@lru_cache(maxsize=KNOWN)
def _cleaned(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = _FORBIDDEN.sub("", text.replace("\u2028", "\n").replace("\u2029", "\n"))
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str | None) -> str:
    """The text on one line."""
    if not text:
        return ""
    text = text.replace("\xa0", " ")
    return text.strip() if is_plain(text) else _joined(text)


@lru_cache(maxsize=KNOWN)
def _joined(text: str) -> str:
    return _SPACE.sub(" ", _FORBIDDEN.sub("", _SPACE.sub(" ", text))).strip()


def shorten(text: str, most: int) -> str:
    """At most `most` characters, cut between words, with an ellipsis when something was left out."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > most // 2 else cut).rstrip(" ,;:.-–—\n") + "…"


def web_address(url: str | None) -> str | None:
    """An http(s) address that can stand in a page, a calendar and a feed as it is; else None."""
    if not url:
        return None
    return url if _PLAIN.fullmatch(url) else _mended(url)


@lru_cache(maxsize=KNOWN)
def _mended(url: str) -> str | None:
    if _FORBIDDEN.search(url) or re.search(r"[\s<>\"\\^`{}|]", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return url if url.isascii() else _quoted(url)


def _quoted(url: str) -> str:
    parts = urlsplit(url)
    try:
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    except UnicodeError:
        host = quote(parts.netloc)
    safe = "/%:=&?~#+!$,;'@()*[]-._"
    path, query, fragment = (quote(part, safe) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, host, path, query, fragment))
