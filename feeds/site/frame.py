"""What every page shares: the templates, the head, the menu, the footer, the box to subscribe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from feeds.card import Voice
from feeds.site.rows import Line, all_pillars, build_row
from feeds.urls import FORMATS, KINDS, MIME, Scope
from feeds.words import load_words

MOST_HEADS = 2_000  # days in a language


@cache
def _templates() -> Environment:
    folder = files("feeds") / "site" / "templates"
    found = Environment(
        loader=FileSystemLoader(str(folder)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    found.globals |= {"kept_line": kept_line, "kept_head": kept_head}
    return found


def kept_line(line: Line, place: bool) -> Markup:
    """A line of an agenda as HTML, with its place or without: pages have most lines in common."""
    showing, voice, today = line.showing, line.voice, line.today

    def render() -> str:
        return str(_parts().line(build_row(showing, voice, today), place))

    return voice.line(showing, today, "line" if place else "line/bare", render)


@lru_cache(maxsize=MOST_HEADS)
def kept_head(iso: str, number: int, weekday: str, month: str, heading: str, relative: str) -> Markup:
    """What stands over the lines of a day, in one language as HTML: hundreds of pages have the same days."""
    return Markup(_parts().head(iso, number, weekday, month, heading, relative))


@cache
def _parts() -> Any:
    """The macros that pages share."""
    return load_template("_parts.html").module


@cache
def load_template(name: str) -> Template:
    """A template of the site's folder; values are escaped in all of them."""
    return _templates().get_template(name)


@dataclass(frozen=True, slots=True)
class Alternate:
    """A feed of what a page shows."""

    mime: str
    title: str
    path: str
    href: str


def feed_links(scope: Scope, voice: Voice) -> list[Alternate]:
    """The calendar and the news feeds of a scope, for a page's head and its subscribe box."""
    urls, language = voice.urls, voice.language
    path = urls.calendar(language, scope)
    found = [Alternate(MIME["ics"], voice.feed_title(scope, "calendar"), path, urls.href(path))]
    for kind in KINDS:
        for form in FORMATS:
            path = urls.feed(language, scope, kind, form)
            found.append(Alternate(MIME[form], voice.feed_title(scope, kind), path, urls.href(path)))
    return found


def subscribe_box(scope: Scope, voice: Voice) -> dict[str, Any]:
    """The addresses under which a listing can be followed."""
    urls, language = voice.urls, voice.language
    path = urls.calendar(language, scope)
    kinds = [
        (
            voice.words(f"kind.{kind}"),
            [(f.upper(), urls.href(urls.feed(language, scope, kind, f))) for f in FORMATS],
        )
        for kind in KINDS
    ]
    return {
        "name": voice.scope_name(scope),
        "webcal": urls.webcal(path),
        "https": urls.absolute(path),
        "href": urls.href(path),
        "kinds": kinds,
    }


def render_page(
    template: str, voice: Voice, title: str, same: Mapping[str, str], here: str, **values: Any
) -> bytes:
    """A page; `same` holds its path in every language, `here` the menu entry that is current."""
    info, urls, language = voice.info, voice.urls, voice.language
    site = voice.site_title()
    page = {
        "w": voice.words,
        "language": language,
        "title": title if title == site else f"{title} – {site}",
        "site": site,
        "region": info.text(info.name, language),
        "home": urls.href(urls.home(language)),
        "follow": urls.href(urls.follow(language)),
        "finder": urls.href(urls.find(language)),
        "maker": urls.href(urls.make(language)),
        "newsroom": urls.href(urls.media(language)),
        "sight": urls.href(urls.sight(language)),
        "trial": urls.href(urls.trial(language)),
        "council": urls.href(f"{urls.home(language)}raad/"),
        "style": urls.href("/trek.css"),
        "font": urls.href("/newsreader.woff2"),
        "icon": urls.href("/favicon.svg"),
        "canonical": urls.absolute(same[language]),
        "languages": [
            (code, load_words(code)("language"), urls.href(path), urls.absolute(path), code == language)
            for code, path in same.items()
        ],
        "pillars": [mark for _, mark in all_pillars(voice)],
        "contact": info.contact,
        "attribution": info.attribution,
        "source_count": len(info.sources),
        "here": here,
        "alternates": [],
        "robots": "",
        "description": "",
    }
    values["scripts"] = [urls.href(f"/{name}.js") for name in values.get("scripts", ())]
    return load_template(template).render(page | values).encode()


def same_path(voice: Voice, path: Callable[[str], str]) -> dict[str, str]:
    """The page's path in each language of the site."""
    return {language: path(language) for language in voice.info.languages}
