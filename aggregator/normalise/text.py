"""Text of the web as plain words: entities decoded, markup gone, nothing invisible left."""

from __future__ import annotations

import html
import re
import unicodedata

import html_text

TITLE_MAX = 200
LINE_MAX = 300
TEXT_MAX = 20_000

# Markup as it turns up in titles and plain fields; `<div>` as the subject of a sentence is rare enough.
_TAG = re.compile(
    r"</?(?:a|b|big|br|div|em|font|h[1-6]|hr|i|img|li|mark|ol|p|script|small|span|strike|strong|style|sub|sup|"
    r"table|tbody|td|th|tr|u|ul|wbr)\b[^<>]*>|<!--.*?-->|<!\[CDATA\[|\]\]>",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
# Bidirectional overrides and marks, zero-width spaces, soft hyphen, byte order mark: unseen by a reader,
# yet able to turn a line round or to split a word. The joiner U+200D stays: emoji and scripts need it.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_SPACE = re.compile(r"\s+")


def clean_line(text: str | None, cap: int = LINE_MAX) -> str | None:
    """One line of plain text, at most `cap` characters, cut between words; None when nothing is left."""
    if not text:
        return None
    text = decode_entities(text[: cap * 20])
    text = _SPACE.sub(" ", strip_unseen(_TAG.sub(" ", text))).strip()
    return cut(text, cap) or None


def clean_text(text: str | None, cap: int = TEXT_MAX) -> str | None:
    """Plain text of several lines, at most `cap` characters; HTML is laid out as a browser would."""
    if not text:
        return None
    text = text[: cap * 10]
    if not _TAG.search(text) and _ENTITY.search(text):
        text = decode_entities(text)  # markup that was escaped once more than it should
    text = html_text.extract_text(text) if _TAG.search(text) else text
    text = strip_unseen(decode_entities(text))
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return cut(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), cap) or None


def decode_entities(text: str) -> str:
    """Character references decoded, also where a site escaped them two or three times."""
    for _ in range(3):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def strip_unseen(text: str) -> str:
    """Unicode NFC without control characters (line feed and tab stay), overrides and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _UNSEEN.sub("", text)
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return unicodedata.normalize("NFC", text)


def cut(text: str, cap: int) -> str:
    """At most `cap` characters, ended between words with an ellipsis when something was left out."""
    if len(text) <= cap:
        return text
    short = text[: cap - 1]
    at = short.rfind(" ")
    return (short[:at] if at > cap // 2 else short).rstrip(" ,;:-–") + "…"


def excerpt(text: str, cap: int = 200) -> str:
    """The first sentences that fit in `cap` characters; a too long first sentence is cut between words."""
    line = _SPACE.sub(" ", text).strip()
    if len(line) <= cap:
        return line
    ends = [m.end() for m in re.finditer(r"[.!?…][\"'”’)]?(?=\s+[\"'“‘(]?[A-Z0-9À-Þ])", line[: cap + 1])]
    return line[: ends[-1]] if ends and ends[-1] >= cap // 4 else cut(line, cap)


def slug(text: str) -> str:
    """Lower-case letters and digits joined by hyphens, accents dropped; `x` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return "-".join(re.findall(r"[^\W_]+", plain))[:120] or "x"
