"""Smaller variants of files beside them, for servers that send them as they are: `x.rss.gz`, `x.rss.br`.

Never of calendars: Outlook's web importer trips over compressed ones. Equal bytes give equal variants. A
variant bears the time of change of its file to the nanosecond, and only then counts as made of it: a clock
that was set back cannot make an old one look new. Before a file is replaced its variants go (`feeds.disk`).
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

from feeds.disk import TEMPORARY, VARIANTS, put

SUFFIXES = frozenset(
    (
        ".html",
        ".css",
        ".js",
        ".svg",
        ".xml",
        ".opml",
        ".rss",
        ".atom",
        ".json",
        ".jsonld",
        ".ndjson",
        ".csv",
        ".md",
    )
)
CODINGS = dict(zip(VARIANTS, ("br", "gzip"), strict=True))
ALL, PLAIN = tuple(CODINGS), (VARIANTS[-1],)
# Folders of pages and feeds of which there are very many and each has few readers. There gzip alone: every
# client takes it, brotli spares a twelfth of the bytes more and costs three times as much of the processor.
MANY = frozenset(("bron", "dag", "evenement", "feeds", "gemeente", "pers", "pijler", "podium", "raad"))
LEAST = 1400  # bytes: what fits one packet gains nothing
WORKERS = 4
GZIP_LEVEL, BROTLI_QUALITY = 6, 5  # beyond these it costs much and saves little


def squeeze(data: bytes, coding: str) -> bytes:
    """The data in a content coding (`gzip`, RFC 1952 without time and name; `br`, RFC 7932)."""
    if coding == "br":
        return bytes(brotli.compress(data, quality=BROTLI_QUALITY))
    return gzip.compress(data, GZIP_LEVEL, mtime=0)


def variants_of(name: str) -> tuple[str, ...]:
    """The endings of the variants that a file of this name has, the smallest first."""
    if name[name.rfind(".") :] not in SUFFIXES:
        return ()
    first, _, rest = name.partition("/")
    if len(first) == 2:  # a language
        first, _, rest = rest.partition("/")
    return PLAIN if first in MANY and not rest.startswith("region/") else ALL


def lost_variants(root: Path, stands: Mapping[str, tuple[int, int]]) -> list[str]:
    """The files, by name with size and time of change (ns), of which a variant is not there or of another."""
    large = ((name, changed) for name, (size, changed) in stands.items() if size >= LEAST)
    return [n for n, at in large if not all(_is_made(f"{root}/{n}{s}", at) for s in variants_of(n))]


def write_variants(root: Path, names: Iterable[str]) -> int:
    """Bring the variants of these files up to date; how many were written.

    PublishError when one cannot be written. The files themselves are on the disk already.
    """
    wanted = [(f"{root}/{name}", own) for name in names if (own := variants_of(name))]
    desk = f"{root}/{TEMPORARY}/variant"

    def work(number: int) -> int:
        return sum(_refresh(file, own, f"{desk}-{number}") for file, own in wanted[number::WORKERS])

    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(pool.map(work, range(WORKERS)))


def _refresh(file: str, own: tuple[str, ...], desk: str) -> int:
    """Write the variants of one file that are not of it as it is now; how many were written."""
    try:
        changed = os.stat(file)  # noqa: PTH116 - as below
    except OSError:
        return 0  # it went meanwhile
    moment = changed.st_mtime_ns
    if changed.st_size < LEAST:
        for suffix in CODINGS:
            Path(file + suffix).unlink(missing_ok=True)
        return 0
    stale = [s for s in own if not _is_made(file + s, moment)]
    if stale:
        data = Path(file).read_bytes()
        for suffix in stale:
            put(file + suffix, squeeze(data, CODINGS[suffix]), desk, moment)
    return len(stale)


def _is_made(variant: str, moment: int) -> bool:
    """Whether a variant is there and of the file that was changed at this moment."""
    try:
        return os.stat(variant).st_mtime_ns == moment  # noqa: PTH116 - a Path costs more than the look
    except OSError:
        return False
