"""The region's own configuration, as the feeds take it over."""

from __future__ import annotations

from pathlib import Path

from aggregator.config_loader import load_region
from feeds.info import MOST_BYTES, MOST_EVENTS, read_info

REGION = load_region(Path(__file__).parents[3] / "config")


def test_configuration_of_the_region_is_taken_over() -> None:
    info = read_info(REGION)
    assert len(info.municipalities) == 14
    assert list(info.pillars) == ["third-places", "muziek", "createch"]
    assert info.languages == ("nl", "en", "de")
    assert set(info.venues) == set(REGION.venues)
    assert info.most_events <= MOST_EVENTS
    assert info.most_bytes <= MOST_BYTES
    assert info.pillar("createch", "de") == "CREATECH"
