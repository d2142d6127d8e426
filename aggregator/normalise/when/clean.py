"""Printed text out of HTML remnants, bad encodings and scans, before any word is read.

Struck-out text is kept between the marks `STRUCK` and `UNSTRUCK`, because an old date is
worth something when no new one is printed.

>>> clean("za&nbsp;28&nbsp;nov<br>20.15&ndash;22.00 uur")
'za 28 nov\\n20.15-22.00 uur'
>>> clean("Vr 9 okt \\u00e2\\u20ac\\u201c 20.oo uur, 20<sup>15</sup>")
'vr 9 okt - 20.00 uur, 20:15'
>>> clean("<s>12 mei</s> 13 mei") == f" {STRUCK} 12 mei {UNSTRUCK}  13 mei"
True
>>> clean('<time datetime="2026-11-28T20:15">zaterdag</time>')
' 2026-11-28t20:15 \\nzaterdag\\n'
"""

from __future__ import annotations

import html
import re

from aggregator.normalise.when.vocabulary import fold

STRUCK, UNSTRUCK = "\x02", "\x03"

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*|!--)([^<>]*)>", re.IGNORECASE)
_STAMP = re.compile(r"""(?:datetime|content)\s*=\s*["']?(\d{4}-\d\d-\d\d[T \d:.+Z-]{0,24})""", re.IGNORECASE)
_BLOCKS = frozenset("br p div li ul ol tr td th dt dd h1 h2 h3 h4 h5 h6 section article time".split())
_STRIKES = frozenset(("s", "del", "strike"))
_SUP = re.compile(r"(?<=\d)\s?<sup>\s?(\d\d)\s?</sup>", re.IGNORECASE)
_ENTITY_AS_TEXT = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)
_MOJIBAKE = re.compile(r"[ÂÃâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{1,2}")
_LETTER_O = re.compile(r"(?<=\d)(\s?[.:])oo\b")
_INNER_O = re.compile(r"\b([0-2])o(?=[.:]\d\d\b)|(?<=\d[.:])o(?=\d\b)|(?<=[.:]\d)o\b|(?<=\d)o(?=\d\d)")
_NEAR_O = re.compile(r"o(?:(?<=[\d.:]o)|(?<=[.:]\so))")  # begins with the letter: found by a quick scan
_STRIKE_SIGNS = re.compile(r"~~([^~\n]{1,200})~~")
_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f", ""),
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f\u2002\u2003\u3000\t\r\f\v", " "),
        **dict.fromkeys("–—‒−‐‑―", "-"),
        **dict.fromkeys("’‘`´ʼ′", "'"),
        **dict.fromkeys("“”„″«»", '"'),
        **dict.fromkeys("¦·•●▪◦‣∙", "|"),
        "…": " ",
        "½": ",5",
        "¼": ",25",
        "¾": ",75",
        "×": "x",
        "\u2028": "\n",
        "\u2029": "\n",
        "\u0085": "\n",
    }
)
_SUPERSCRIPT = re.compile(r"(?<=\d)([⁰¹²³⁴⁵])([⁰¹²³⁴-⁹])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def clean(text: str) -> str:
    """Lower-case text without tags, entities, odd dashes, accents; blocks of a page become lines."""
    if "&" in text:
        text = html.unescape(text)
        if "&" in text:  # escaped twice, or in capitals
            text = _ENTITY_AS_TEXT.sub(lambda match: html.unescape(match[0].lower()), text)
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    if "<" in text:
        text = _TAG.sub(_tag, _SUP.sub(r":\1", text))
    if not text.isascii():
        text = _MOJIBAKE.sub(_repair, text)
        text = _SUPERSCRIPT.sub(r":\1\2", text).translate(_CHARACTERS)
    else:
        text = text.replace("\t", " ").replace("\r", " ").replace("`", "'")
    if "~~" in text:
        text = _STRIKE_SIGNS.sub(rf" {STRUCK} \1 {UNSTRUCK} ", text)
    text = fold(text)
    if _NEAR_O.search(text):
        text = _LETTER_O.sub(r"\g<1>00", text)
        text = _INNER_O.sub(lambda m: f"{m[1] or ''}0", text)
    return text


def _tag(match: re.Match[str]) -> str:
    name, rest = match[2].lower(), match[3]
    stamp = _STAMP.search(rest) if "-" in rest else None
    told = f" {stamp[1]} " if stamp else ""
    if name in _STRIKES:
        return f" {UNSTRUCK if match[1] else STRUCK} "
    return told + ("\n" if name in _BLOCKS else "")


def _repair(match: re.Match[str]) -> str:
    """UTF-8 that was read as windows-1252, read rightly; left alone when it is none."""
    try:
        return match[0].encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        try:
            return match[0].encode("latin-1").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return match[0]
