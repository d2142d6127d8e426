"""Pages that say something instead of showing events: gone, merged, not found, and the list of feeds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from aggregator.model import Event
from feeds.card import Voice, place_name, short_place, source_links, title_of
from feeds.council import council_path, council_scopes
from feeds.press.files import press_path, press_scopes
from feeds.scopes import scopes
from feeds.site.frame import feed_links, render_page, same_path, subscribe_box
from feeds.urls import FORMATS, REGION, Flavour, Scope

DATA = ("events.ndjson", "events.csv", "pillars.csv", "schema.json", "dictionary.md", "catalog.jsonld")


def _press(scope: Scope, voice: Voice) -> list[tuple[str, str]]:
    names = {"Word": "week.docx", "txt": "week.txt", "CSV": "week.csv", "RSS": "pers.rss"}
    return [(kind, voice.urls.href(press_path(voice, scope, name))) for kind, name in names.items()]


def _box(scope: Scope, voice: Voice) -> dict[str, Any]:
    """The box of a scope, with the calendars for Google and without exhibitions."""
    words, urls = voice.words, voice.urls
    kinds = {Flavour.KEEP: words("follow.kind_keep"), Flavour.SHORT: words("follow.kind_short")}
    links = [(n, urls.href(urls.calendar(voice.language, scope, flavour))) for flavour, n in kinds.items()]
    return subscribe_box(scope, voice) | {"flavours": links}


def _councils(voice: Voice) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """(name, page, feeds) of the councils' meetings of each municipality and of all."""
    urls, language = voice.urls, voice.language
    for scope in council_scopes(voice.info):
        paths = {form.upper(): council_path(urls, language, scope, form) for form in FORMATS}
        feeds = [(form, urls.href(path)) for form, path in paths.items()]
        yield voice.scope_name(scope), urls.href(council_path(urls, language, scope)), feeds


def render_follow(voice: Voice, quiet: Collection[Scope] = ()) -> bytes:
    """The page with every calendar and feed, and how to use them; `quiet` are the scopes without feeds."""
    info, words = voice.info, voice.words
    groups: list[tuple[str, list[dict[str, Any]]]] = [
        (words("page.all_of", name=voice.scope_name(REGION)), [])
    ]
    groups[0][1].append(_box(REGION, voice))
    pillars = [_box(Scope(pillar=p), voice) for p in info.pillars]
    groups.append((words("page.pillars"), pillars))
    for municipality, name in info.municipalities.items():
        own = [s for s in scopes(info) if s.municipality == municipality]
        venues = [Scope(venue=v) for v, found in info.venues.items() if found.municipality == municipality]
        groups.append((name, [_box(s, voice) for s in (*own, *venues) if s not in quiet]))
    return render_page(
        "follow.html",
        voice,
        words("follow.title"),
        same_path(voice, voice.urls.follow),
        "follow",
        groups=[(f"g{number}", name, boxes) for number, (name, boxes) in enumerate(groups, 1)],
        opml=voice.urls.href(voice.urls.opml(voice.language)),
        press=[(voice.scope_name(scope), _press(scope, voice)) for scope in press_scopes(info)],
        councils=list(_councils(voice)),
        data=[(name, voice.urls.href(f"/data/{name}")) for name in DATA],
        alternates=feed_links(REGION, voice),
        description=words("follow.intro"),
    )


def render_notice(
    voice: Voice,
    path: str,
    title: str,
    text: str,
    links: tuple[tuple[str, str], ...] = (),
    canonical: str | None = None,
) -> bytes:
    """A page that says what became of what was here; `path` is its own, without language prefix.

    It is not for search engines; `canonical` names the page that took its place.
    """
    prefixes = {code: voice.urls.home(code).rstrip("/") for code in voice.info.languages}
    return render_page(
        "notice.html",
        voice,
        title,
        {code: prefix + path for code, prefix in prefixes.items()},
        "",
        heading=title,
        text=text,
        links=links,
        robots="noindex",
        **({"canonical": canonical} if canonical else {}),
    )


def render_not_found(voice: Voice) -> bytes:
    """What an unknown address gets."""
    words = voice.words
    home = (words("gone.go_home"), voice.urls.href(voice.urls.home(voice.language)))
    return render_notice(voice, "/404.html", words("not_found.title"), words("not_found.text"), (home,))


def render_withdrawn(voice: Voice, path: str, title: str, sources: tuple[tuple[str, str], ...]) -> bytes:
    """The page of an event that its source no longer shows."""
    words = voice.words
    text = words("gone.withdrawn", title=title)
    links = tuple((words("event.at_source", name=name), url) for name, url in sources)
    return render_notice(voice, path, words("gone.withdrawn_title"), text, links)


def render_outside(voice: Voice, path: str, event: Event) -> bytes:
    """The page of an event that is now at a place outside the region, or at one that cannot be told."""
    words, key, name = voice.words, f"gone.{event.hidden}", voice.scope_name(REGION)
    place = short_place(event, voice.info) or place_name(event)
    text = words(key, title=title_of(event), region=name, place=f" ({place})" if place else "")
    links = tuple((words("event.at_source", name=n), url) for n, url in source_links(event, voice.info))
    return render_notice(voice, path, words(f"{key}_title", region=name), text, links)


def render_merged(voice: Voice, path: str, title: str, kept: str) -> bytes:
    """The page of an event that turned out to be another one (`kept`: that one's UID)."""
    words, urls = voice.words, voice.urls
    target = urls.event(voice.language, kept)
    links = ((title, urls.href(target)),)
    text = words("gone.merged", title=title)
    return render_notice(voice, path, words("gone.merged_title"), text, links, urls.absolute(target))


def render_hidden(voice: Voice, path: str) -> bytes:
    """The page of an event that must not be shown (any longer): nothing of it is said."""
    words = voice.words
    home = (words("gone.go_home"), voice.urls.href(voice.urls.home(voice.language)))
    return render_notice(voice, path, words("gone.hidden_title"), words("gone.hidden"), (home,))


def render_ended(voice: Voice, path: str) -> bytes:
    """The page of a venue or list that is no longer followed."""
    words = voice.words
    home = (words("gone.go_home"), voice.urls.href(voice.urls.home(voice.language)))
    return render_notice(voice, path, words("gone.listing_title"), words("gone.listing"), (home,))


def render_past(voice: Voice, path: str) -> bytes:
    """The page of a day that is long over."""
    words = voice.words
    home = (words("gone.go_home"), voice.urls.href(voice.urls.home(voice.language)))
    return render_notice(voice, path, words("gone.day_title"), words("gone.day"), (home,))
