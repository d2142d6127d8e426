"""What we take from each source and the day we last looked: `/bron/<source>/` and `/bron/seen.json`.

They stand beside the calendar and not in its plan, as `/status/` does: they change with the day of the
crawl, the pages of events do not, and lead here for it. The day alone, so that a second crawl of a day
changes no byte; the moment of each crawl is in `/status/`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from aggregator.clock import AMSTERDAM
from aggregator.model import Run
from feeds.card import Voice
from feeds.compress import write_variants
from feeds.disk import Folder
from feeds.info import SiteInfo
from feeds.seen import read_days
from feeds.select import FINE
from feeds.site.frame import render_page, same_path
from feeds.text import one_line, web_address
from feeds.urls import SEEN, Urls


def publish_sources(public: Path, info: SiteInfo, runs: Mapping[str, Run]) -> list[str]:
    """Writes a page per source and language, and the days; the names of the files that changed.

    PublishError as `feeds.publish.publish`.
    """
    urls = Urls(info.base_url, info.languages[0])
    seen = {name: day.isoformat() for name, day in read_days(runs).items()}
    with Folder(public) as folder:
        folder.open()
        made = {urls.file(SEEN): json.dumps(seen, indent=0).encode()}
        for language in info.languages:
            voice = Voice(info, urls, language)
            for source in info.sources:
                made[urls.file(urls.source(language, source))] = render_source(
                    source, runs.get(source), voice
                )
        for name, page in made.items():
            folder.write(name, page)
        folder.settle()
        write_variants(public, made)  # of all: a run that was killed here may have left some without
        return folder.written


def render_source(source: str, run: Run | None, voice: Voice) -> bytes:
    """The page of a source; `run` is the newest crawl of it, None before the first."""
    info, words = voice.info, voice.words
    found = info.sources[source]
    name = one_line(found.name)
    return render_page(
        "source.html",
        voice,
        name,
        same_path(voice, lambda code: voice.urls.source(code, source)),
        "",
        name=name,
        seen=render_seen(run, voice),
        site_href=web_address(found.home),
        taken=words(f"source.taken.{found.description}"),
        description=words("source.text", name=name),
        robots="noindex",
    )


def render_seen(run: Run | None, voice: Voice) -> str:
    """The day we last looked, and whether it could be read."""
    words = voice.words
    if run is None or not run.finished:
        return words("source.never")
    when = words.day(_local(run.finished).date())
    return words("facts.seen" if run.outcome in FINE else "source.trouble", when=when)


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(AMSTERDAM)
