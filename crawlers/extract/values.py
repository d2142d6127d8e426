"""Values of schema.org nodes, whatever the syntax that they were written in.

A node is a dict as JSON-LD gives it: `@type`, `@id` and properties with strings, numbers, nodes
or lists of these. Nothing is parsed here; strings stay as written, but for blanks and entities.
"""

from __future__ import annotations

import html
import math
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawlers.extract.remember import remembered

Node = dict[str, Any]

NESTED = (dict, list)  # what holds other values
LABEL = "@label"  # the words of the link that is a node's `url`, kept by the readers of markup
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_VOCABULARY = re.compile(r"^(?:schema:|https?://schema\.org/)")
_LANGUAGES = ("nl", "en", "de")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOCAL = re.compile(r"[/#:]")
_STAMP = re.compile(r"\d{4}-?\d{1,2}(?:\D|\d|$)")
_PLAIN = re.compile(r"https?://[a-z0-9.-]*[a-z0-9]/[\w./~%+,=&-]*(?:\?[\w./~%+,=&-]+)?", re.ASCII)
_SOUND = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")
_UNPADDED = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_LONGEST = 20_000
_LONGEST_ADDRESS = 4000


def get_all(node: Node, *names: str) -> list[Any]:
    """All values of the first property that has any, in the order of `names`; lists are flattened."""
    for name in names:
        value = node.get(name)
        if value is not None and (value or value not in _EMPTY):
            return value if isinstance(value, list) else [value]
    return []


def bare_name(name: str) -> str:
    """A property without the address or the prefix of its vocabulary."""
    return name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] if ":" in name or "/" in name else name


def plain_names(text: str | None) -> list[str]:
    """The names in an attribute, without the vocabulary's own prefix."""
    if not text:
        return []
    return [_VOCABULARY.sub("", name) for name in text.split()] if ":" in text else text.split()


def name_plainly(roots: list[Any]) -> None:
    """Takes the vocabulary's own prefix from the names of all properties: `schema:name` becomes `name`."""
    stack = list(roots)
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack += value
        elif isinstance(value, dict):
            stack += value.values()
            if any(":" in name for name in value):
                plain: Node = {}
                for name, held in value.items():
                    if plain.get(local := _VOCABULARY.sub("", name)) in _EMPTY:
                        plain[local] = held
                value.clear()
                value.update(plain)


def get_text(node: Node, *names: str) -> str | None:
    """The first text that the first of these properties holds, entities resolved, blanks collapsed."""
    for name in names:
        value = node.get(name)
        if value is None:
            continue
        if isinstance(value, str):
            if text := clean_text(value):
                return text
            continue
        for held in value if isinstance(value, list) else (value,):
            if text := clean_text(scalar(held)):
                return text
    return None


def get_raw(node: Node, *names: str) -> str | None:
    """As `get_text`, but line breaks and markup stay: for descriptions."""
    for name in names:
        for value in get_all(node, name):
            text = scalar(value)
            if text and text.strip():
                return unescape(text).strip()[:_LONGEST]
    return None


def get_names(node: Node, *names: str) -> tuple[str, ...]:
    """The names of all things in a property: strings as they are, nodes by their name; no doubles."""
    found: list[str] = []
    for name in names:
        for value in get_all(node, name):
            text = (
                get_text(value, "name", "legalName")
                if isinstance(value, dict) and "@value" not in value
                else None
            )
            text = text or (
                None if isinstance(value, dict) and "@value" not in value else clean_text(scalar(value))
            )
            if text and text not in found:
                found.append(text)
    return tuple(found[:50])


def get_url(node: Node, base: str, *names: str) -> str | None:
    """The first http(s) address that one of these properties holds, made absolute."""
    for name in names:
        for value in get_all(node, name):
            parts = [value]
            if isinstance(value, dict):  # `@id` last: often a mere name such as `#primaryimage`
                parts += [*get_all(value, "contentUrl"), *get_all(value, "url"), value.get("@id")]
            for part in parts:
                if address := absolute(base, scalar(part)):
                    return address
    return None


def scalar(value: Any) -> str | None:
    """A string, number or truth value as text; `{"@value": x}` and `{"nl": x}` as x; None for others."""
    if isinstance(value, dict):
        value = value.get("@value") or next((value[k] for k in _LANGUAGES if k in value), None)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else None
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else None
    return None


def unescape(text: str) -> str:
    """HTML entities resolved, twice: `&amp;#039;` occurs in real markup."""
    return html.unescape(html.unescape(text)) if "&" in text else text


def printable(text: str) -> str:
    """A text without the characters that a tree of elements cannot be given."""
    return _CONTROL.sub("", text)


def clean_text(text: str | None) -> str | None:
    """One line: entities resolved, blanks collapsed; None when nothing is left."""
    if not text:
        return None
    text = text[:_LONGEST]
    return " ".join((unescape(text) if "&" in text else text).split()) or None


def types_of(node: Node) -> tuple[str, ...]:
    """The local names of a node's types: `http://schema.org/MusicEvent` is `MusicEvent`."""
    declared = node.get("@type")
    if isinstance(declared, str):
        return _type_in(declared)
    names = declared if isinstance(declared, list) else []
    local = (_local(name) for name in names[:20] if isinstance(name, str))
    return tuple(dict.fromkeys(name for name in local if name))


@remembered
def _type_in(declared: str) -> tuple[str, ...]:
    return (name,) if (name := _local(declared)) else ()


def _local(name: str) -> str:
    return _LOCAL.split(name.strip())[-1]


@remembered
def absolute(base: str, address: str | None) -> str | None:
    """An address made absolute against the page's; None unless the result is http(s) with a host."""
    if not address or not (address := unescape(address).strip()):
        return None
    if len(address) <= _LONGEST_ADDRESS and _PLAIN.fullmatch(address):
        return address  # as joining would leave it
    try:
        full = urljoin(base, address[:_LONGEST_ADDRESS])
        parts = urlsplit(full)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", full):
        return None
    return full


def host_of(address: str | None) -> str:
    """The host of an address without `www.`; empty when there is none."""
    return _host(address) if address else ""


@remembered
def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def mend_stamp(text: str | None) -> str | None:
    """A machine stamp with the slips of known systems put right; words and sound stamps stay as they are.

    `2026-5-4T9:00`: padded; `12:30:00:00+01:00`: one `:00` too many; `+5.5:00`: an offset in hours.
    """
    if not text or _SOUND.fullmatch(text) or not is_stamp(text):
        return text
    mended = _UNPADDED.sub(lambda m: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}", text.strip())
    mended = re.sub(r"(?<=[T ])(\d):(?=\d\d)", r"0\1:", mended)
    mended = re.sub(r"(T\d\d:\d\d:\d\d):\d\d(?=$|[Z+-])", r"\1", mended)
    return re.sub(r"(T\S*\d)([+-])(\d{1,2})(\.\d+)?(?::00)?$", _mend_offset, mended)


def _mend_offset(found: re.Match[str]) -> str:
    """`+5.5:00` and `+2:00` as `+05:30` and `+02:00`."""
    minutes = min(59, round(float("0" + (found[4] or ".0")) * 60))
    return f"{found[1]}{found[2]}{int(found[3]):02d}:{minutes:02d}"


def is_stamp(text: str | None) -> bool:
    """Whether a text begins as a machine stamp (year first); printed words do not."""
    return bool(text and _STAMP.match(text.strip()))
