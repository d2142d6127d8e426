"""What `trek config check` and `trek config show` say."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from aggregator.config_entries import closest
from aggregator.config_loader import SourceCheck, load_region
from aggregator.errors import ConfigError, ConfigMistakesError, UsageError
from aggregator.fields import Model
from aggregator.region import WHOLE_REGION, Region, Source, Venue

KINDS = ("municipalities", "venues", "sources", "pillars", "rights", "feeds", "settings")


def check_config(folder: Path, check_source: SourceCheck | None = None) -> list[ConfigError]:
    """Every mistake in every file of a configuration; an empty list when there is none."""
    try:
        load_region(folder, check_source)
    except ConfigMistakesError as error:
        return list(error.mistakes)
    return []


def show_config(region: Region, what: str | None = None) -> str:
    """The region in counts, one kind as a list, or one entry with all its fields.

    `what` is a kind ("sources"), or the id of a municipality, venue, source, pillar or right; a
    municipality is shown with its venues and sources. UsageError when nothing has that name.
    """
    if what is None:
        return _overview(region)
    if what == "feeds":
        return _fields(region.feeds)
    if what == "settings":
        return _fields(region.settings)
    if what in KINDS:
        return "\n".join(f"{entry.id}  {_title(entry)}" for entry in getattr(region, what).values())
    found = [
        _fields(kind[what])
        for kind in (region.municipalities, region.venues, region.sources, region.pillars, region.rights)
        if what in kind
    ]
    if what in region.municipalities or what == WHOLE_REGION:
        found += _held_by(region, what)
    if not found:
        known = [
            *KINDS,
            *region.municipalities,
            *region.venues,
            *region.sources,
            *region.pillars,
            *region.rights,
        ]
        raise UsageError(f"nothing is called {what}", "trek config show", closest(what, known))
    return "\n\n".join(found)


def _overview(region: Region) -> str:
    sources = region.sources.values()
    lines = [
        f"region          {region.settings.name.get('nl', region.settings.id)}",
        f"municipalities  {len(region.municipalities)}",
        f"venues          {len(region.venues)} ({sum(v.verified for v in region.venues.values())} verified)",
        f"sources         {len(sources)} ({sum(s.enabled for s in sources)} enabled, "
        f"{sum(s.verified for s in sources)} verified)",
        f"pillars         {', '.join(region.pillars)}",
        "",
        f"{'':<16}{'venues':>7}{'sources':>9}{'enabled':>9}",
    ]
    for home in (*region.municipalities, WHOLE_REGION):
        own = region.sources_of(home)
        enabled = sum(s.enabled for s in own)
        lines.append(f"{home:<16}{len(region.venues_of(home)):>7}{len(own):>9}{enabled:>9}")
    return "\n".join(lines)


def _held_by(region: Region, home: str) -> list[str]:
    parts = []
    if venues := region.venues_of(home):
        parts.append("venues\n" + _listed(venues))
    if sources := region.sources_of(home):
        parts.append("sources\n" + _listed(sources))
    return parts


def _listed(entries: Iterable[Venue | Source]) -> str:
    return "\n".join(f"  {entry.id}  {_title(entry)}" for entry in entries)


def _title(entry: Model) -> str:
    name = getattr(entry, "name", "")
    text = str(name if isinstance(name, str) else next(iter(name.values()), ""))
    if isinstance(entry, Source):
        text += f"  {entry.start_urls[0]}" + ("" if entry.enabled else "  (not enabled)")
    return text


def _fields(model: Model) -> str:
    """A model's fields that were set, one a line, long lists cut."""
    lines = []
    for name, value in model.model_dump(mode="json", exclude_defaults=True).items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = ", ".join(str(item.get("name", item)) for item in value)
        elif isinstance(value, list):
            value = ", ".join(str(item) for item in value)
        elif isinstance(value, dict):
            value = ", ".join(f"{k}: {v}" for k, v in value.items())
        text = str(value)
        lines.append(f"{name:<14}  {text if len(text) <= 400 else text[:400] + ' ...'}")
    return "\n".join(lines)
