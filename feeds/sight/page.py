"""`/zicht/`: the region in figures, for whoever has to report them; charts with their tables. Pure."""

from __future__ import annotations

import csv
import io
from typing import Any

from feeds.card import Voice
from feeds.sight.chart import Chart, draw_columns, draw_groups, draw_ranges, render_svg
from feeds.sight.estimate import LEAST, Estimate
from feeds.sight.figures import Figures
from feeds.site.frame import render_page, same_path
from feeds.tally import NONE, WHOLE

DEFINED = ("event", "month", "pillar", "free", "children", "near")
CHARTS = ("pijlers", "maanden", "schatting")


def charts(figures: Figures, voice: Voice) -> dict[str, Chart]:
    """The charts by name: by municipality and pillar, by month, what we miss."""
    words, info = voice.words, voice.info
    names = [info.pillar(p, voice.language) for p in info.pillars]
    rows = [(name, [figures.total(m, p) for p in info.pillars]) for m, name in info.municipalities.items()]
    told = [
        (name, one.seen, one.total, one.low, one.high)
        for m, name in info.municipalities.items()
        if (one := figures.estimates[m]).total is not None and one.low is not None and one.high is not None
    ]
    return {
        "pijlers": draw_groups(words("sight.by_pillar"), names, rows),
        "maanden": draw_columns(
            words("sight.by_month"), [(month_name(m, voice), figures.month(WHOLE, m)) for m in figures.months]
        ),
        "schatting": draw_ranges(
            words("sight.missed_title"), (words("sight.seen"), words("sight.likely")), told
        ),
    }


def month_name(month: str, voice: Voice) -> str:
    """`dec 26`."""
    return f"{voice.words.lists['date.months_short'][int(month[5:]) - 1]} {month[2:4]}"


def render_sight(figures: Figures, voice: Voice) -> bytes:
    """The page."""
    words, info, urls = voice.words, voice.info, voice.urls
    here = urls.href(urls.sight(voice.language))
    drawn = charts(figures, voice)
    return render_page(
        "sight.html",
        voice,
        words("sight.title", name=info.text(info.name, voice.language)),
        same_path(voice, urls.sight),
        "sight",
        heading=words("sight.title", name=info.text(info.name, voice.language)),
        span=f"{month_name(figures.months[0], voice)} – {month_name(figures.months[-1], voice)}",
        charts={name: render_svg(chart) for name, chart in drawn.items()},
        files={name: (f"{here}{name}.svg", f"{here}{name}.png") for name in CHARTS},
        csv=f"{here}zicht.csv",
        names=[info.pillar(p, voice.language) for p in info.pillars],
        rows=[_row(m, name, figures, voice) for m, name in _places(voice)],
        months=[month_name(m, voice) for m in figures.months],
        details=[_detail(m, name, figures, voice) for m, name in _places(voice)],
        sources=[_sources(m, name, figures, voice) for m, name in _places(voice)],
        gaps=[
            words("feed.pillar_in", pillar=info.pillar(p, voice.language), name=info.municipalities[m])
            for m, p in figures.gaps
        ],
        estimates=[_estimate(name, figures.estimates[m], voice) for m, name in _places(voice)],
        least=LEAST,
        defined=[words(f"sight.defined.{key}") for key in DEFINED],
        any_estimate=any(one.total is not None for one in figures.estimates.values()),
        description=words("sight.text"),
    )


def _places(voice: Voice) -> list[tuple[str, str]]:
    info = voice.info
    return [*info.municipalities.items(), (WHOLE, info.text(info.name, voice.language))]


def _row(place: str, name: str, figures: Figures, voice: Voice) -> dict[str, Any]:
    pillars = [(figures.total(place, p), _percent(figures.share(place, p))) for p in voice.info.pillars]
    return {
        "name": name,
        "whole": place == WHOLE,
        "total": figures.total(place),
        "pillars": pillars,
        "none": figures.total(place, NONE),
        "free": figures.free.get(place, 0),
        "children": figures.children.get(place, 0),
    }


def _percent(share: float) -> str:
    return f"{round(share * 100)} %"


def _detail(place: str, name: str, figures: Figures, voice: Voice) -> tuple[str, list[Any]]:
    """A municipality's events by pillar and month."""
    info, words = voice.info, voice.words
    keys = [(p, info.pillar(p, voice.language)) for p in info.pillars] + [(NONE, words("report.none"))]
    keys.insert(0, ("all", words("report.all")))
    return name, [(label, [figures.month(place, m, key) for m in figures.months]) for key, label in keys]


def _sources(place: str, name: str, figures: Figures, voice: Voice) -> dict[str, Any]:
    found, info = figures.sources[place], voice.info
    title = voice.words("sight.whole_region") if place == WHOLE else name
    return {
        "name": title,
        "read": found.read,
        "silent": ", ".join(info.sources[s].name for s in found.silent),
        "failing": ", ".join(info.sources[s].name for s in found.failing),
    }


def _estimate(name: str, one: Estimate, voice: Voice) -> dict[str, Any]:
    said = voice.words("sight.too_few")
    if one.total is not None and one.missed is not None and one.low is not None and one.high is not None:
        low, high = round(one.low - one.seen), round(one.high - one.seen)
        said = voice.words("sight.missed", n=max(0, round(one.missed)), low=low, high=high)
    return {
        "name": name,
        "own": one.own,
        "others": one.others,
        "both": one.both,
        "seen": one.seen,
        "said": said,
    }


def render_figures(figures: Figures, voice: Voice) -> bytes:
    """CSV (RFC 4180, UTF-8 with a mark): a line per municipality, pillar and month."""
    out, words, info = io.StringIO(), voice.words, voice.info
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([words(f"sight.column.{key}") for key in ("municipality", "pillar", "month", "events")])
    keys = [("all", words("report.all")), *((p, info.pillar(p, voice.language)) for p in info.pillars)]
    for place, name in _places(voice):
        for key, label in (*keys, (NONE, words("report.none"))):
            writer.writerows([name, label, m, figures.month(place, m, key)] for m in figures.months)
    return out.getvalue().encode("utf-8-sig")
