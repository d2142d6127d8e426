"""The files of `/zicht/`: the page, its charts for a report, its figures for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from feeds.card import Voice
from feeds.select import Agenda
from feeds.sight.chart import render_png, render_svg
from feeds.sight.figures import Figures, count
from feeds.sight.page import CHARTS, charts, render_figures, render_sight
from feeds.state import digest_of

File = tuple[str, Callable[[], bytes], str]


def sight_files(agenda: Agenda, voices: list[Voice]) -> Iterator[File]:
    """(name, what renders it, key) in every language: nothing is drawn again while the figures stay."""

    @cache
    def figures() -> Figures:
        return count(agenda)

    key = digest_of(agenda.today, *sorted(agenda.stale), figures())

    for voice in voices:
        here = voice.urls.sight(voice.language)
        yield voice.urls.file(here), partial(_page, figures, voice), key
        yield voice.urls.file(f"{here}zicht.csv"), partial(_csv, figures, voice), key
        for name in CHARTS:
            yield voice.urls.file(f"{here}{name}.svg"), partial(_svg, figures, name, voice), key
            yield voice.urls.file(f"{here}{name}.png"), partial(_png, figures, name, voice), key


def _page(figures: Callable[[], Figures], voice: Voice) -> bytes:
    return render_sight(figures(), voice)


def _csv(figures: Callable[[], Figures], voice: Voice) -> bytes:
    return render_figures(figures(), voice)


def _svg(figures: Callable[[], Figures], name: str, voice: Voice) -> bytes:
    return render_svg(charts(figures(), voice)[name], alone=True).encode()


def _png(figures: Callable[[], Figures], name: str, voice: Voice) -> bytes:
    return render_png(charts(figures(), voice)[name])
