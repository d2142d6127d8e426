"""`feeds.yaml`: papers, hub and licence are checked, and reach what is published."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from aggregator.config_loader import load_region
from aggregator.errors import ConfigMistakesError
from feeds.info import is_feed, read_info
from feeds.press.deadline import Paper

ROOT = Path(__file__).parents[3] / "config"


def config(folder: Path, text: str) -> Path:
    """The real configuration with other words in `feeds.yaml` behind its first keys."""
    for file in ROOT.rglob("*.yaml"):
        path = folder / file.relative_to(ROOT)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(file)
    (folder / "feeds.yaml").unlink()
    (folder / "feeds.yaml").write_text("base_url: https://agenda.example/\ntitle: {nl: Agenda}\n" + text)
    return folder


def test_papers_hub_and_licence_are_handed_on(tmp_path: Path) -> None:
    text = (
        "hub: https://hub.example/\nlicence: https://licence.example/\n"
        "press:\n  - {id: krant, name: De Krant, day: thursday, time: 09:30, municipality: borne, days: 3}\n"
    )
    info = read_info(load_region(config(tmp_path, text)))
    assert (info.hub, info.licence) == ("https://hub.example/", "https://licence.example/")
    assert info.papers == (Paper("krant", "De Krant", 3, time(9, 30), "borne", 1, 1, 3),)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("press: [{id: k, name: K, day: thursday, municipality: bornee}]", "unknown municipality bornee"),
        ("press: [{id: k, name: K, day: donderdag}]", "press.0.day"),
        ("press: [{id: k, name: K, day: friday, time: '24:00'}]", "press.0.time"),
        ("press: [{id: week, name: K, day: friday}]", "Trek's own list"),
        ("press: [{id: k, name: K, day: friday, dagen: 3}]", "dagen"),
        ("press: [{id: k, name: K, day: friday}, {id: k, name: L, day: friday}]", "a second time"),
        ("hub: hub.example", "no web address"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, wanted: str) -> None:
    with pytest.raises(ConfigMistakesError) as error:
        load_region(config(tmp_path, text + "\n"))
    (mistake,) = error.value.mistakes
    assert wanted in str(mistake)
    assert str(mistake).startswith("feeds.yaml:3")


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://x.example/feed", True),
        ("https://x.example/feed/", True),
        ("https://x.example/nieuws.rss", True),
        ("https://x.example/rss.xml?n=1", True),
        ("https://x.example/agenda", False),
        ("https://x.example/sitemap.xml", False),
        ("https://x.example/feedback", False),
    ],
)
def test_an_address_says_whether_it_is_a_feed(url: str, wanted: bool) -> None:
    assert is_feed(url) is wanted
