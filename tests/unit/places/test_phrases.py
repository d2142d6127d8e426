"""Locations as people write them: ambiguous villages, halls, former names, the source's own home."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from aggregator.config_loader import find_config, load_region
from aggregator.model import RawPlace
from aggregator.normalise.place import PlaceFinder

ROWS: list[str] = YAML(typ="safe").load((Path(__file__).parent / "phrases.yaml").read_text("utf-8"))[
    "phrases"
]
REGION = load_region(find_config(Path(__file__).parents[3] / "config"))
FINDER = PlaceFinder(REGION)


@pytest.mark.parametrize("row", ROWS)
def test_where_it_is(row: str) -> None:
    name, address, place, source, municipality, venue = (part.strip() or None for part in row.split("|"))
    raw = RawPlace(name=name, address=address, place=place)
    found = FINDER.find(raw, None, REGION.sources[source] if source else None)
    assert found.municipality == municipality, found.because
    assert venue is None or (found.venue or "-") == venue, found.because


def test_a_house_of_the_same_name_elsewhere_is_not_ours() -> None:
    found = FINDER.find(RawPlace(name="Poppodium Metropool Hengelo", place="Hengelo (Gld)"))
    assert (found.municipality, found.venue) == ("outside", None)
    assert FINDER.find(RawPlace(name="Schouwburg Hengelo", place="Hengelo")).venue == "schouwburg-hengelo"
