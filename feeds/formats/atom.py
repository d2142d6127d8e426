"""Atom 1.0 feeds (RFC 4287)."""

from __future__ import annotations

from feeds.formats.entry import render_atom_entry
from feeds.formats.mended import Channel, render_atom_feed

MIME = "application/atom+xml"

render_item = render_atom_entry


def render_feed(channel: Channel, pieces: list[bytes]) -> bytes:
    """A whole document, UTF-8, of entries in the order given; no entries is valid too."""
    return render_atom_feed(channel, pieces)
