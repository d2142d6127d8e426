"""What the app answers with pages and news: views of the agenda, calendars in the making, own feeds.

Each page stands as a file under the same address without a question; the renderers are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from feeds.card import Voice, choice_name
from feeds.choice import parse_choice
from feeds.info import SiteInfo
from feeds.pieces import FORMS, Pieces, channel_of
from feeds.select import Agenda
from feeds.site.find import render_find
from feeds.site.make import render_make
from feeds.site.media import Wanted, parse_wanted, render_media, wanted_entries
from feeds.site.notices import render_notice
from feeds.urls import FORMATS, REGION, Urls
from feeds.view import parse_view

Pairs = list[tuple[str, str]]
Render = Callable[[Agenda, Pairs], bytes]
QUOTED = re.compile("(['\"])(.*?)\\1", re.DOTALL)


def page_renderers(info: SiteInfo) -> Iterator[tuple[str, Render]]:
    """(path without its last slash, what renders it for a question) of each page in each language.

    The renderers raise UsageError for a question that makes no sense.
    """
    urls = Urls(info.base_url, info.languages[0])
    for language in info.languages:
        voice = Voice(info, urls, language)
        for path, render in (
            (urls.find(language), _find),
            (urls.make(language), _make),
            (urls.media(language), _media),
        ):
            yield path.rstrip("/"), _bound(render, voice, path)


def _bound(render: Callable[[Agenda, Pairs, Voice, str], bytes], voice: Voice, path: str) -> Render:
    return lambda agenda, pairs: render(agenda, pairs, replace(voice, info=agenda.info), path)


def _find(agenda: Agenda, pairs: Pairs, voice: Voice, path: str) -> bytes:
    view = parse_view(pairs, voice.info, agenda.today, voice.language, path)
    return render_find(agenda, view, voice)


def _make(agenda: Agenda, pairs: Pairs, voice: Voice, path: str) -> bytes:
    choice = parse_choice([("language", voice.language), *pairs], voice.info, path)
    return render_make(agenda, choice, voice)


def _media(agenda: Agenda, pairs: Pairs, voice: Voice, path: str) -> bytes:
    wanted = parse_wanted([("language", voice.language), *pairs], voice.info, path)
    return render_media(agenda, wanted, voice)


def render_news(agenda: Agenda, wanted: Wanted, form: str, urls: Urls, pieces: Pieces) -> bytes:
    """A news feed of a free combination (`form` of FORMATS), with its own name and address."""
    assert form in FORMATS
    voice = Voice(agenda.info, urls, wanted.choice.language)
    words, name = voice.words, choice_name(wanted.choice, voice, short=True)
    found = wanted_entries(agenda, wanted)
    about, stale = words("feed.text", scope=name), agenda.stale_of(wanted.choice.scope or REGION)
    channel = replace(
        channel_of(REGION, wanted.kind, form, voice, found, note=about, stale=stale),
        title=words(f"feed.{wanted.kind}", title=voice.site_title(), scope=name),
        home=urls.absolute(urls.find(voice.language)),
        address=urls.absolute(urls.news(form, wanted.query)),
    )
    data: bytes = FORMS[form].render_feed(channel, pieces.items(found, voice, form))
    return data


def render_wrong(info: SiteInfo, path: str, reason: str) -> bytes:
    """The page for a question that makes no sense, in the language of its address."""
    urls = Urls(info.base_url, info.languages[0])
    language = next((code for code in info.languages[1:] if path.startswith(f"/{code}/")), info.languages[0])
    voice = Voice(info, urls, language)
    words, blank = voice.words, urls.bare(language, path) + "/"
    link = (words("wrong.again"), urls.href(path + "/"))
    quoted = QUOTED.search(reason)  # of the reason, which is English, only what the address says
    text = words("wrong.text", reason=quoted[2] if quoted and quoted[2] else "…")
    return render_notice(voice, blank, words("wrong.title"), text, (link,))
