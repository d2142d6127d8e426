"""The page where one makes a calendar of one's own: the form, and what a choice gives. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import segno
from markupsafe import Markup

from feeds.card import Voice, choice_name
from feeds.choice import Choice
from feeds.select import Agenda, days
from feeds.site.forms import (
    choice_links,
    genre_options,
    render_composer,
    sign_options,
    venue_options,
)
from feeds.site.rows import build_days
from feeds.urls import REGION, Flavour, Scope

PREVIEW = 8  # dates shown
WEEKS = 4  # over which the number a week is taken
PROGRAMS = ("apple", "google", "outlook_com", "outlook", "thunderbird", "nextcloud")
OUTLOOK = "https://outlook.live.com/calendar/0/addfromweb"
GOOGLE = "https://calendar.google.com/calendar/render"


def render_make(agenda: Agenda, choice: Choice, voice: Voice) -> bytes:
    """The form with a choice filled in, and its result."""
    words = voice.words
    return render_composer(
        "make",
        voice.urls.make,
        choice,
        voice,
        wish=choice != Choice(language=voice.language),
        genre_options=genre_options(voice, choice),
        sign_options=sign_options(voice, choice),
        venue_options=venue_options(voice, choice),
        words_in=", ".join(sorted(choice.words)),
        words_out=", ".join(sorted(choice.without)),
        programs=[(words(f"program.{p}"), words(f"program.{p}.soon")) for p in PROGRAMS],
        alternates=choice_links(choice, voice, agenda.quiet),
        **_result(agenda, choice, voice),
    )


def _result(agenda: Agenda, choice: Choice, voice: Voice) -> dict[str, Any]:
    coming = [s for s in agenda.coming(REGION) if choice.takes(s)]
    soon = agenda.today + timedelta(weeks=WEEKS)
    soon_events = [s for s in coming if not s.off and not s.exhibition and days(s.when)[0] < soon]
    quiet = agenda.quiet
    path = calendar_path(choice, voice, quiet)
    kept = calendar_path(replace(choice, keep=True), voice, quiet)
    https, name = voice.urls.absolute(path), choice_name(choice, voice)
    return {
        "answer": choice.query,
        "https": https,
        "webcal": voice.urls.webcal(path),
        "google": f"{GOOGLE}?cid={quote(voice.urls.webcal(kept), safe='')}",
        "outlook": f"{OUTLOOK}?url={quote(https, safe='')}&name={quote(name, safe='')}",
        "qr": render_qr(https, voice.words("make.qr_label", name=name)),
        "count": len({s.event.uid for s in coming}),
        "weekly": _weekly(len(soon_events), voice),
        "days": build_days(coming[:PREVIEW], voice, agenda.today),
    }


def _weekly(number: int, voice: Voice) -> str:
    """How many a week in words: `ongeveer 12 per week`, `minder dan 1 per week`."""
    if number == 0:
        return voice.words("make.none_soon", weeks=WEEKS)
    weekly = round(number / WEEKS)
    return voice.words.count("make.weekly", weekly) if weekly else voice.words("make.rarely")


def calendar_path(choice: Choice, voice: Voice, quiet: Collection[Scope] = ()) -> str:
    """The address of a choice's calendar: a file where there is one, else from the app."""
    plain = replace(choice, keep=False)
    flavour = Flavour.KEEP if choice.keep else Flavour.ALL
    if not choice.exhibitions and not choice.keep:
        plain, flavour = replace(plain, exhibitions=True), Flavour.SHORT
    if plain.scope is None or plain.scope in quiet:
        return voice.urls.combination(choice.query)
    return voice.urls.calendar(choice.language, plain.scope, flavour)


def render_qr(address: str, label: str) -> Markup:
    """A QR code (ISO/IEC 18004) as an inline SVG in the page's own colours, dark on light."""
    code = segno.make(address, error="m", micro=False)
    size = code.symbol_size(border=4)[0]
    steps = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.matrix_iter(border=4))
        for x, dark in enumerate(row)
        if dark
    )
    return Markup(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>'
    ).format(label, size, size, size, size, steps)
