"""What forms on pages offer to choose, and what a choice is called: plain values for templates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from feeds.card import Voice, choice_name
from feeds.choice import SIGNS, Choice
from feeds.site.frame import Alternate, feed_links, render_page, same_path, subscribe_box
from feeds.text import one_line
from feeds.urls import FORMATS, KINDS, MIME, Scope


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a form's field; `number` is that of a pillar, for its mark."""

    value: str
    name: str
    chosen: bool = False
    number: int = 0


def _options(names: Mapping[str, str], chosen: Iterable[str]) -> list[Option]:
    picked = set(chosen)
    return [Option(value, name, value in picked) for value, name in names.items()]


def municipality_options(voice: Voice, choice: Choice) -> list[Option]:
    """The municipalities, in the order of the config."""
    return _options(voice.info.municipalities, choice.municipalities)


def pillar_options(voice: Voice, choice: Choice) -> list[Option]:
    """The pillars, with their numbers."""
    info = voice.info
    return [
        Option(p, info.pillar(p, voice.language), p in choice.pillars, n)
        for n, p in enumerate(info.pillars, 1)
    ]


def genre_options(voice: Voice, choice: Choice) -> list[Option]:
    """The genres by name."""
    info = voice.info
    names = {genre: info.text(texts, voice.language) for genre, texts in info.genres.items()}
    ordered = dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))
    return _options(ordered, choice.genres)


def sign_options(voice: Voice, choice: Choice) -> list[Option]:
    """What one may ask for beside place and kind; each is a field of its own, with the value `yes`."""
    on = {"children": choice.children, "free": choice.free} | {sign: sign in choice.signs for sign in SIGNS}
    return [Option(key, voice.words(f"find.{key}"), ticked) for key, ticked in on.items()]


def venue_options(voice: Voice, choice: Choice) -> list[tuple[str, list[Option]]]:
    """The venues by municipality: (its name, its venues)."""
    info = voice.info
    order = list(info.municipalities)
    known = [(v, found) for v, found in info.venues.items() if found.municipality in info.municipalities]
    known.sort(key=lambda pair: (order.index(pair[1].municipality), pair[1].name.casefold()))
    return [
        (
            info.municipalities[municipality],
            [Option(v, one_line(found.name), v in choice.venues) for v, found in group],
        )
        for municipality, group in groupby(known, key=lambda pair: pair[1].municipality)
    ]


def render_composer(
    key: str, path: Callable[[str], str], choice: Choice, voice: Voice, *, wish: bool, **values: Any
) -> bytes:
    """A page on which one puts something together, `make` or `media`: the form filled in, and its answer.

    `path` gives its path in a language; with a `wish` it is not for search engines.
    """
    words = voice.words
    shared = {
        key: voice.urls.href(path(voice.language)),
        "choice": choice,
        "municipality_options": municipality_options(voice, choice),
        "pillar_options": pillar_options(voice, choice),
        "name": choice_name(choice, voice, short=True),
        "description": words(f"{key}.text"),
        "robots": "noindex" if wish else "",
        "scripts": ("swap", "copy"),
    }
    title, same = words(f"{key}.title"), same_path(voice, path)
    return render_page(f"{key}.html", voice, title, same, key, **shared, **values)


def choice_links(choice: Choice, voice: Voice, quiet: Collection[Scope] = ()) -> list[Alternate]:
    """The calendar and the news feeds of a choice: files where there are any, else from the app.

    `quiet` are the scopes without files.
    """
    if choice.scope is not None and choice.scope not in quiet:
        return feed_links(choice.scope, voice)
    urls, name, words = voice.urls, choice_name(choice, voice), voice.words
    path = urls.combination(choice.query)
    found = [Alternate(MIME["ics"], name, path, urls.href(path))]
    for kind in KINDS:
        for form in FORMATS:
            path = urls.news(form, (("kind", kind), *choice.query))
            found.append(Alternate(MIME[form], f"{name}: {words(f'kind.{kind}')}", path, urls.href(path)))
    return found


def choice_box(choice: Choice, voice: Voice, quiet: Collection[Scope] = ()) -> dict[str, Any]:
    """As `subscribe_box`, of a choice."""
    if choice.scope is not None and choice.scope not in quiet:
        return subscribe_box(choice.scope, voice)
    urls = voice.urls
    path = urls.combination(choice.query)
    kinds = [
        (
            voice.words(f"kind.{kind}"),
            [(f.upper(), urls.href(urls.news(f, (("kind", kind), *choice.query)))) for f in FORMATS],
        )
        for kind in KINDS
    ]
    return {
        "name": choice_name(choice, voice, short=True),
        "webcal": urls.webcal(path),
        "https": urls.absolute(path),
        "href": urls.href(path),
        "kinds": kinds,
    }
