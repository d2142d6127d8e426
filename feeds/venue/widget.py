"""The lines that a site copies to show an agenda of ours in its own page: a custom element, no tracking."""

from __future__ import annotations

from html import escape

from feeds.card import Voice
from feeds.urls import Scope


def snippet(scope: Scope, voice: Voice) -> str:
    """HTML for a venue or municipality; without a script it is a link to the agenda."""
    urls, language = voice.urls, voice.language
    kind, value = ("venue", scope.venue) if scope.venue else ("municipality", scope.municipality)
    page = urls.absolute(urls.listing(language, scope))
    name = escape(voice.words("venue.widget_link", name=voice.scope_name(scope)))
    return (
        f'<script src="{escape(urls.absolute("/widget.js"))}" async></script>\n'
        f'<trek-agenda {kind}="{escape(value or "")}" lang="{language}" days="31" most="8">\n'
        f'  <a href="{escape(page)}">{name}</a>\n'
        f"</trek-agenda>"
    )
