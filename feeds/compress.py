"""Smaller variants of files beside them, for servers that send them as they are: `x.rss.gz`, `x.rss.br`.

Never of calendars: Outlook's web importer trips over compressed ones. Equal bytes give equal variants,
and a variant is written only when its file is newer.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

from feeds.disk import TEMPORARY, put

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
CODINGS = {".br": "br", ".gz": "gzip"}  # the smallest first
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


def lost_variants(root: Path, sizes: Mapping[str, int]) -> list[str]:
    """The files, of these with their sizes, of which a variant is not there; each folder is read once."""
    folders: dict[str, set[str]] = {}
    lost = []
    for name, size in sizes.items():
        if size >= LEAST and is_wanted(name):
            folder = name.rpartition("/")[0]
            if folder not in folders:
                folders[folder] = _names(root / folder)
            own = name.rpartition("/")[2]
            if not all(own + suffix in folders[folder] for suffix in CODINGS):
                lost.append(name)
    return lost


def _names(folder: Path) -> set[str]:
    try:
        return set(os.listdir(folder))  # noqa: PTH208 - names are all that is asked, of many folders
    except OSError:
        return set()


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
    stale = [s for s in CODINGS if not _is_newer(file.with_name(file.name + s), changed.st_mtime_ns)]
    if stale:
        data = file.read_bytes()
        for suffix in stale:
            put(file.with_name(file.name + suffix), squeeze(data, CODINGS[suffix]), desk)
    return len(stale)


def _is_newer(variant: Path, moment: int) -> bool:
    try:
        return variant.stat().st_mtime_ns >= moment
    except OSError:
        return False
