"""What an operator looks at: `/status/`, its JSON, metrics and alarms, as files of the public folder.

They stand beside the calendar and not in its plan: they change with every run, the calendar does not.
Plain values in, as `aggregator.bulletin` and `aggregator.alarm` give them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from feeds.disk import Folder
from feeds.info import SiteInfo
from feeds.site.frame import load_template
from feeds.urls import Urls

WIDTH, HEIGHT, BAR = 480, 40, 8  # of a chart and of one run in it, in pixels
GOOD = ("ok", "not-modified")


def publish_status(
    public: Path,
    info: SiteInfo,
    health: Mapping[str, Any],
    metrics: str,
    alarms: Sequence[Mapping[str, Any]],
) -> list[str]:
    """Writes the four files, each whole; the names of those that differ from before.

    PublishError as `feeds.publish.publish`.
    """
    with Folder(public) as folder:
        folder.open()
        for name, data in (
            ("status/status.json", json.dumps({**health, "alarms": alarms}, ensure_ascii=False, indent=1)),
            ("status/metrics.prom", metrics),
            ("status/alarms.atom", render_alarms(info, health["at"], alarms)),
            ("status/index.html", render_status(info, health, alarms)),
        ):
            folder.write(name, data.encode())
        folder.settle()
        return folder.written


def render_status(info: SiteInfo, health: Mapping[str, Any], alarms: Sequence[Mapping[str, Any]]) -> str:
    """The page: alarms, then every source by its state, each with a chart of its last runs."""
    urls, sources = Urls(info.base_url, info.languages[0]), health["sources"]
    return load_template("status.html").render(
        title=info.text(info.title, "en"),
        style=urls.href("/trek.css"),
        icon=urls.href("/favicon.svg"),
        home=urls.href("/"),
        at=health["at"],
        counts=health["counts"],
        alarms=[alarm for alarm in alarms if not alarm.get("over")],
        groups=[(state, list(group)) for state, group in groupby(sources, key=lambda s: s["state"])],
        charts={s["id"]: render_chart(s["chart"], s["name"]) for s in sources if s.get("chart")},
    )


def render_alarms(info: SiteInfo, at: str, alarms: Sequence[Mapping[str, Any]]) -> str:
    """The alarms as an Atom feed (RFC 4287), the newest first; its stamp moves only when one changes."""
    ordered = sorted(alarms, key=lambda a: str(a.get("over") or a["since"]), reverse=True)
    first = next(iter(ordered), None)
    return load_template("alarms.atom").render(
        title=info.text(info.title, "en"),
        base=Urls(info.base_url).absolute("/"),
        domain=urlsplit(info.base_url).hostname or "trek.invalid",
        updated=(first.get("over") or first["since"]) if first else "1970-01-01T00:00:00+00:00",
        alarms=ordered,
    )


def render_chart(runs: Sequence[Mapping[str, Any]], name: str) -> Markup:
    """A bar per run as inline SVG, as high as its entries; a run that failed is a hollow bar."""
    most = max((run["items"] for run in runs), default=0) or 1
    bars = []
    for number, run in enumerate(runs):
        good = run["outcome"] in GOOD
        high = max(2, round(run["items"] / most * HEIGHT)) if good else HEIGHT
        paint = 'fill="currentColor"' if good else 'fill="none" stroke="currentColor"'
        bars.append(
            f'<rect x="{number * BAR + 1}" y="{HEIGHT - high}" width="{BAR - 2}" height="{high}" {paint}>'
            f"<title>{escape(run['outcome'])}: {run['items']}</title></rect>"
        )
    failed = sum(run["outcome"] not in GOOD for run in runs)
    label = escape(f"{name}: the last {len(runs)} runs, at most {most} entries, {failed} failed")
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return Markup(f'<svg role="img" aria-label="{label}" {size}>{"".join(bars)}</svg>')
