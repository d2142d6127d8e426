"""The feed that brings a press list when a paper needs it, in RSS, Atom and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from types import ModuleType

from feeds.card import Voice
from feeds.formats import atom, jsonfeed, rss
from feeds.formats.item import Item
from feeds.formats.mended import Channel
from feeds.news import EPOCH, updated_of
from feeds.press.deadline import Edition
from feeds.press.plain import blocks, closing, period
from feeds.press.rows import PressList, dotted, press_title
from feeds.text import shorten
from feeds.urls import Scope

FORMS: Mapping[str, ModuleType] = {"rss": rss, "atom": atom, "json": jsonfeed}


@dataclass(frozen=True, slots=True)
class Carried:
    """An edition with its list, and its files: (address, size in bytes, media type), Word first."""

    edition: Edition
    listed: PressList
    files: tuple[tuple[str, int, str], ...]


def press_item(carried: Carried, scope: Scope, voice: Voice) -> Item:
    """The item of an edition: dated when it was ready, changed when one of its events was."""
    edition, listed, words = carried.edition, carried.listed, voice.words
    due = f"{words.day(edition.due.date(), year=False)}, {words.clock(edition.due)}"
    title = words("press.item", title=listed.title, period=period(listed, voice))
    said = words("press.due", name=edition.paper.name, when=dotted(due, words))
    parts = [f"<p>{escape(said)}</p>"]
    for heading, lines in blocks(listed, voice):
        parts.append(f"<h3>{escape(heading)}</h3><p>{'<br>'.join(map(escape, lines))}</p>")
    if len(parts) == 1:
        parts.append(f"<p>{escape(words('press.nothing'))}</p>")
    parts += [f"<p>{escape(line)}</p>" for line in closing(listed, voice)]
    links = (f'<a href="{escape(url)}">{escape(url.rpartition(".")[2])}</a>' for url, _, _ in carried.files)
    parts.append(f"<p>{' · '.join(links)}</p>")
    return Item(
        id=f"urn:trek:pers:{scope.key}:{edition.id}:{voice.language}",
        title=title,
        url=voice.urls.absolute(voice.urls.listing(voice.language, scope)),
        summary=shorten(said, 500),
        html="".join(parts),
        published=edition.ready,
        updated=max([edition.ready, *(updated_of(row.event) for row in listed.rows)]),
        enclosures=carried.files,
    )


def render_press_feed(
    found: list[Carried],
    scope: Scope,
    form: str,
    address: str,
    voice: Voice,
    style: str | None = None,
    note: str = "",
    stale: Iterable[str] = (),
) -> bytes:
    """The feed of a scope at `address`; valid also without any paper, and then with a `note`.

    `stale` are the names of sources that cannot be read at present.
    """
    items = [press_item(carried, scope, voice) for carried in found]
    info, words = voice.info, voice.words
    said = [note or words("press.text", scope=press_title(scope, voice))]
    if names := ", ".join(stale):
        said.append(words("feed.stale", names=names))
    channel = Channel(
        title=words("press.feed", title=voice.site_title(), scope=voice.scope_name(scope)),
        description=" ".join(said),
        home=voice.urls.absolute(voice.urls.listing(voice.language, scope)),
        address=address,
        language=voice.language,
        updated=max((item.updated for item in items), default=EPOCH),
        author=voice.site_title(),
        contact=info.contact,
        minutes=int(info.refresh.total_seconds() // 60),
        hub=info.hub,
        style=style,
    )
    kind = FORMS[form]
    data: bytes = kind.render_feed(channel, [kind.render_item(item) for item in items])
    return data
