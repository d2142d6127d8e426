"""Writes a configuration folder for the sample region, in the same format as the real one."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from aggregator.model import Tier
from crawlers.sample.markup import STYLES
from crawlers.sample.model import SampleSource, SampleVenue
from crawlers.sample.programme import BASE_PORT, load_sources, load_venues

WIDTH = 110
# The kind of venue as `config/venues` words it, and the pillar that it hints at.
KINDS = {
    "stage": ("theatre", ()),
    "pop": ("pop venue", ("muziek",)),
    "jazz": ("jazz club", ("muziek",)),
    "cafe": ("music cafe", ("muziek",)),
    "library": ("library", ("third-places",)),
    "kulturhus": ("community house", ("third-places",)),
    "border": ("community house", ("third-places",)),
    "maker": ("makerspace", ("createch",)),
    "museum": ("museum", ()),
    "church": ("church", ()),
    "outdoor": ("open-air stage", ()),
    "society": ("heritage society", ()),
    "film": ("film house", ()),
}


def write_config(
    folder: Path, region_config: Path, sources: Mapping[str, SampleSource] | None = None
) -> Path:
    """Writes the configuration and returns its folder.

    What describes the region and its municipalities is copied from `region_config`; venues and sources
    are the sample's own. Files that were there before are replaced, the folders' removed. The same input
    gives the same bytes.
    """
    listed = sources if sources is not None else load_sources(BASE_PORT)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("venues", "sources", "corrections", "municipalities"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in sorted((*region_config.glob("*.yaml"), *region_config.glob("municipalities/*.yaml"))):
        copy = folder / path.relative_to(region_config)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    _write_venues(folder / "venues", load_venues().values())
    for source in listed.values():
        home = folder / "sources" / source.municipality
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{source.id}.yaml").write_bytes(render_yaml(source_settings(source)))
    return folder


def source_settings(source: SampleSource) -> dict[str, Any]:
    """What the YAML of one source says."""
    style = STYLES[source.style]
    settings: dict[str, Any] = {
        "id": source.id,
        "name": source.name,
        "start_urls": [f"{source.home}{style.begin or style.start}"],
        "home": f"{source.home}/",
        "platform": style.settings.get("platform", "auto"),
        "tier": source.tier.value,
        "rights": "facts" if source.tier is Tier.SELLER else "open",
        "interval": "1d",
        "verified": True,
        "delay": 1.0,
    }
    if source.venue:
        settings["venue"] = source.venue
    return settings | {key: value for key, value in style.settings.items() if key != "platform"}


def venue_settings(venue: SampleVenue) -> dict[str, Any]:
    """What the YAML says of one venue."""
    kind, prior = KINDS[venue.kind]
    settings: dict[str, Any] = {"id": venue.id, "name": venue.name, "place": venue.place}
    if venue.aliases:
        settings["aliases"] = list(venue.aliases)
    if venue.halls:
        settings["halls"] = list(venue.halls)
    settings |= {
        "kind": kind,
        "address": venue.street,
        "postcode": venue.postcode,
        "latitude": venue.latitude,
        "longitude": venue.longitude,
    }
    if prior:
        settings["prior"] = list(prior)
    return settings | {"verified": True}


def _write_venues(folder: Path, venues: Iterable[SampleVenue]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    homes: dict[str, list[dict[str, Any]]] = {}
    for venue in venues:
        homes.setdefault(venue.municipality, []).append(venue_settings(venue))
    for municipality, listed in homes.items():
        (folder / f"{municipality}.yaml").write_bytes(render_yaml({"venues": listed}))


def render_yaml(value: Any) -> bytes:
    """A value as YAML in UTF-8, keys in the order given."""
    yaml = YAML()
    yaml.default_flow_style, yaml.width, yaml.allow_unicode = False, WIDTH, True
    stream = io.BytesIO()
    yaml.dump(value, stream)
    return stream.getvalue()
