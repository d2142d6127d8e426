"""Runs of a list: a period without times, whose performances stand on its own page."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.model import RawEvent
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.dateish import days_in, holds_time
from crawlers.platforms.links import is_event_path

_PERIOD = re.compile(r"t/m|\btot\b|\bbis\b|\buntil\b|\bto\b|\s[-–—]\s", re.I)
_SHOWN = re.compile(r"expo|tentoonstelling|ausstellung|exhibition|te zien|museum|galerie|gallery", re.I)


def follow_runs(page: Page, source: Source | None, reading: Reading) -> Reading:
    """A reading in which the runs of a list are followed to their own pages, which tell their times.

    What a crawl holds of them meanwhile is what the list prints. A page that is tried alone keeps them as
    printed, with their pages to follow. An exhibition is no run: its period is all that there is to tell.
    """
    runs = {str(e.url): e for e in reading.events if _is_run(page, e)}
    if not runs:
        return reading
    follow = tuple(dict.fromkeys((*reading.follow, *runs)))
    if source is None:
        return replace(reading, follow=follow)
    kept = tuple(e for e in reading.events if str(e.url) not in runs)
    return replace(reading, events=kept, follow=follow, held={**reading.held, **runs})


def _is_run(page: Page, event: RawEvent) -> bool:
    """Whether an event has one period of a few days, no time, and a page of its own on this site."""
    url, said = event.url or "", [o.text or "" for o in event.occurrences]
    if len(said) != 1 or not _PERIOD.search(said[0]) or holds_time(said[0]) or len(days_in(said[0])) != 2:
        return False
    ours = urlsplit(url).netloc == urlsplit(page.url).netloc and url.split("#")[0] != page.url.split("#")[0]
    return ours and is_event_path(url) and not _SHOWN.search(f"{event.title} {url}")
