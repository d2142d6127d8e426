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
LEAST = 1400  # bytes: what fits one packet gains nothing
WORKERS = 4
GZIP_LEVEL, BROTLI_QUALITY = 6, 5  # beyond these it costs much and saves little


def squeeze(data: bytes, coding: str) -> bytes:
    """The data in a content coding (`gzip`, RFC 1952 without time and name; `br`, RFC 7932)."""
    if coding == "br":
        return bytes(brotli.compress(data, quality=BROTLI_QUALITY))
    return gzip.compress(data, GZIP_LEVEL, mtime=0)


def is_wanted(name: str) -> bool:
    """Whether a file of this name has variants."""
    return name[name.rfind(".") :] in SUFFIXES


def lost_variants(root: Path, stands: Mapping[str, tuple[int, int]]) -> list[str]:
    """The files, by name with size and time of change (ns), of which a variant is not there or of another."""
    large = ((name, changed) for name, (size, changed) in stands.items() if size >= LEAST and is_wanted(name))
    return [n for n, changed in large if not all(_is_made(f"{root}/{n}{s}", changed) for s in CODINGS)]


def write_variants(root: Path, names: Iterable[str]) -> int:
    """Bring the variants of these files up to date; how many were written.

    PublishError when one cannot be written. The files themselves are on the disk already.
    """
    wanted = enumerate(filter(is_wanted, names))
    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(
            pool.map(lambda job: _refresh(root / job[1], root / TEMPORARY / f"variant-{job[0]}"), wanted)
        )


def _refresh(file: Path, desk: Path) -> int:
    try:
        changed = file.stat()
    except OSError:
        return 0  # it went meanwhile
    if changed.st_size < LEAST:
        for suffix in CODINGS:
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        return 0
    moment = changed.st_mtime_ns
    stale = [s for s in CODINGS if not _is_made(f"{file}{s}", moment)]
    if stale:
        data = file.read_bytes()
        for suffix in stale:
            put(file.with_name(file.name + suffix), squeeze(data, CODINGS[suffix]), desk, moment)
    return len(stale)


def _is_made(variant: str, moment: int) -> bool:
    """Whether a variant is there and of the file that was changed at this moment."""
    try:
        return os.stat(variant).st_mtime_ns == moment  # noqa: PTH116 - a Path costs more than the look
    except OSError:
        return False
