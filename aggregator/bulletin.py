"""The health of the sources as text, JSON and Prometheus metrics, and the report of the first weeks. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from aggregator.health import Silence, SourceHealth, State
from aggregator.model import Outcome, to_plain

MARKS = {
    State.TROUBLED: "!",
    State.QUIET: ".",
    State.NEVER: "-",
    State.FINE: " ",
    State.DISABLED: " ",
}
FIXES: Sequence[tuple[str, tuple[Outcome, ...]]] = (
    ("works: look at its entries once, then write `verified: true`", (Outcome.OK, Outcome.NOT_MODIFIED)),
    ("the address is wrong: one line in its file", (Outcome.NOT_FOUND, Outcome.DNS)),
    ("the address leads elsewhere: one line", (Outcome.UNREACHABLE, Outcome.REFUSED_ADDRESS)),
    ("nothing found: name the page that lists events, or its platform", (Outcome.EMPTY,)),
    ("cannot be read: needs selectors or a mapping", (Outcome.UNREADABLE, Outcome.PAGE_CHANGED)),
    ("too large: name a smaller page or a feed", (Outcome.TOO_LARGE,)),
    ("refuses us: write to its owner", (Outcome.ROBOTS, Outcome.BLOCKED)),
    ("broken on its own side: wait, or write to its owner", (Outcome.SERVER_ERROR, Outcome.TLS)),
    ("crashed: see crawl.log", (Outcome.CRASHED,)),
)

NUMBERS: Sequence[tuple[str, str, Callable[[SourceHealth], float]]] = (
    ("items", "Entries of the last crawl.", lambda h: h.items),
    ("usual_items", "Median of the entries of the last crawls.", lambda h: h.usual),
    ("failing_runs", "Crawls in a row that went wrong.", lambda h: h.failing),
    ("silent", "1 when a source fell silent unlike itself.", lambda h: h.silence is Silence.NEW),
    ("stale", "1 when a source is overdue.", lambda h: h.stale),
)
MOMENTS: Sequence[tuple[str, str, Callable[[SourceHealth], datetime | None]]] = (
    ("last_run", "When the last crawl began.", lambda h: h.last_run),
    ("last_good", "When the last good crawl began.", lambda h: h.last_good),
    ("next_due", "When the next crawl is due.", lambda h: h.next_due),
)


def render_text(healths: Sequence[SourceHealth]) -> str:
    """One line per source, the troubled ones first, below a line that counts them."""
    counts = Counter(h.state for h in healths)
    head = (
        f"{len(healths)} sources: {counts[State.FINE]} fine, {counts[State.TROUBLED]} troubled, "
        f"{counts[State.QUIET]} quiet, {counts[State.NEVER]} not crawled yet, "
        f"{counts[State.DISABLED]} disabled"
    )
    return "\n".join([head, *map(_line, healths)])


def _line(health: SourceHealth) -> str:
    mark = MARKS[health.state]
    if health.state in (State.NEVER, State.DISABLED):
        note = f" ({health.problem})" if health.problem and health.state is State.DISABLED else ""
        return f"{mark} {health.id}: {health.state.replace('-', ' ')}{note}"
    when = f"{health.last_run:%Y-%m-%d %H:%M} UTC" if health.last_run else "an unknown moment"
    usual = f" (usually {health.usual:g})" if health.usual and health.usual != health.items else ""
    facts = f"{mark} {health.id}: {health.outcome}, {health.items} entries{usual} on {when}"
    if not health.problem:
        return facts
    since = f" since {health.since:%Y-%m-%d}" if health.since and health.failing > 1 else ""
    again = f"; see it: {health.command}" if health.state is State.TROUBLED else ""
    return f"{facts}: {health.problem}{since}; {health.remedy}{again}"


def plain_health(healths: Sequence[SourceHealth], now: datetime) -> dict[str, Any]:
    """What `trek status --json` and /status/status.json say."""
    counts = Counter(str(h.state) for h in healths)
    return {
        "at": now.isoformat(),
        "counts": {str(state): counts[str(state)] for state in State},
        "sources": [{**_plain(h), "command": h.command} for h in healths],
    }


def _plain(health: SourceHealth) -> dict[str, Any]:
    plain: dict[str, Any] = dict.fromkeys(f.name for f in fields(health)) | to_plain(health)
    plain["chart"] = [{"items": n, "outcome": str(o)} for n, o in health.chart]
    return plain


def render_metrics(healths: Sequence[SourceHealth], now: datetime) -> str:
    """The health in Prometheus' text format, for a node exporter's textfile folder or a scrape."""
    return "\n".join([*_metrics(healths, now), ""])


def _metrics(healths: Sequence[SourceHealth], now: datetime) -> Iterator[str]:
    crawled = [h for h in healths if h.outcome]
    yield from _gauge("trek_status_timestamp_seconds", "When this was written.", [("", now.timestamp())])
    yield from _gauge(
        "trek_source_up",
        "1 when a source is fine or quiet.",
        [(_name(h), float(h.state in (State.FINE, State.QUIET))) for h in crawled],
    )
    yield from _gauge(
        "trek_source_outcome",
        "1 for how the last crawl of a source ended.",
        [(f'{_name(h)},outcome="{h.outcome}"', 1.0) for h in crawled],
    )
    for metric, text, read in NUMBERS:
        yield from _gauge(f"trek_source_{metric}", text, [(_name(h), read(h)) for h in crawled])
    for metric, text, moment in MOMENTS:
        known = [(_name(h), m.timestamp()) for h in crawled if (m := moment(h))]
        yield from _gauge(f"trek_source_{metric}_timestamp_seconds", text, known)
    yield from _gauge(
        "trek_source_field_coverage",
        "Share of a source's entries that say a field.",
        [(f'{_name(h)},field="{f}"', share) for h in crawled for f, share in h.coverage.items()],
    )


def _name(health: SourceHealth) -> str:
    return f'source="{health.id}",municipality="{health.municipality}"'


def _gauge(metric: str, text: str, values: Sequence[tuple[str, float]]) -> Iterator[str]:
    if not values:
        return
    yield f"# HELP {metric} {text}"
    yield f"# TYPE {metric} gauge"
    for labels, value in values:
        yield f"{metric}{{{labels}}} {value:.10g}" if labels else f"{metric} {value:.10g}"


def render_verify(healths: Sequence[SourceHealth]) -> str:
    """The sources that nobody has verified yet, by what they need, the easiest fix first."""
    open_ones = [h for h in healths if not h.verified and h.state is not State.DISABLED]
    never = [h for h in open_ones if h.outcome is None]
    works = sum(h.outcome in (Outcome.OK, Outcome.NOT_MODIFIED) for h in open_ones)
    head = f"{len(open_ones)} sources are not verified: {works} work, {len(never)} were not crawled yet"
    lines = [head]
    for title, outcomes in FIXES:
        group = sorted((h for h in open_ones if h.outcome in outcomes), key=lambda h: (-h.items, h.id))
        if group:
            lines += ["", f"{title} ({len(group)})", *map(_verify_line, group)]
    if never:
        lines += ["", f"not crawled yet: trek crawl ({len(never)})", *(f"  {h.id}" for h in never)]
    return "\n".join(lines)


def _verify_line(health: SourceHealth) -> str:
    if health.outcome in (Outcome.OK, Outcome.NOT_MODIFIED):
        weak = [f for f in ("start", "place", "url") if health.coverage.get(f, 0.0) < 0.5]
        hint = f", few say: {', '.join(weak)}" if weak and health.coverage else ""
        return f"  {health.id}: {health.items} entries{hint}"
    return f"  {health.id}: {health.problem or health.outcome}"
