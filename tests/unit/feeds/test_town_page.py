"""A municipality's own words, colour and chosen events: on its own pages, and nowhere else."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from aggregator.config_loader import load_region
from aggregator.errors import ConfigMistakesError
from aggregator.model import Place, Timed
from aggregator.tag.local import load_local
from aggregator.townpage import GROUNDS, contrast, load_pages
from feeds.info import TownInfo
from feeds.publish import publish
from tests.unit.feeds.feeds_world import INFO, TODAY, Reader, at, event, occurrence, world

REGION = load_region(Path(__file__).parents[3] / "config")
MARK = "Zes molens en een vlinder"
OWN = TownInfo({"nl": MARK, "en": f"EN {MARK}"}, ("#8a1f4b", "#f2a3c0"), ("e-uitgelicht", "e-elders"))
SITE = replace(INFO, pages={"hengelo": OWN, "enschede": TownInfo({"nl": "Anders"})})
THERE = Place("enschede", None, "Hal", None, None, None, "Enschede")
CHOSEN = [
    event("e-uitgelicht", "Vlinders tellen", occurrence("o-u", Timed(at(30)))),
    event("e-elders", "Van een ander", occurrence("o-e", Timed(at(30))), place=THERE),
]


def region_with(page: Any) -> Any:
    return replace(REGION, raw={**REGION.raw, "municipalities/borne": {"page": page}})


def test_what_one_file_says_stands_on_its_own_pages_alone(tmp_path: Path) -> None:
    public = tmp_path / "public"
    publish(Reader([*world(), *CHOSEN]), SITE, public, TODAY)
    pages = {str(p.relative_to(public)): p.read_text("utf-8") for p in public.rglob("*.html")}
    own = {f"{lang}gemeente/hengelo/index.html" for lang in ("", "en/", "de/")}
    below = {name for name in pages if "gemeente/hengelo/" in name}
    assert {name for name, text in pages.items() if MARK in text} == own
    assert f"EN {MARK}" in pages["en/gemeente/hengelo/index.html"]
    assert MARK in pages["de/gemeente/hengelo/index.html"]  # Dutch where there is no German
    assert {name for name, text in pages.items() if "accent.css" in text} == below
    assert len(below) == 3 * (1 + len(INFO.pillars))
    found = {name for name, text in pages.items() if 'id="featured"' in text}
    assert found == own  # e-uitgelicht has no pillar, and e-elders is another's: its naming does nothing
    first = pages["gemeente/hengelo/index.html"]
    part = first[first.index('id="featured"') : first.index('id="running"')]
    assert re.findall(r'<h4><a href="[^"]*/evenement/([^/]*)/', part) == ["e-uitgelicht"]
    style = (public / "gemeente" / "hengelo" / "accent.css").read_text()
    assert "#8a1f4b" in style
    assert "dark) { :root { --accent: #f2a3c0" in style
    assert not (public / "gemeente" / "enschede" / "accent.css").exists()


def test_a_page_entry_of_the_configuration_is_read() -> None:
    page = {"words": {"nl": "Welkom"}, "accent": {"light": "#8A1F4B", "dark": "#f2a3c0"}, "featured": ["u1"]}
    found = load_pages(region_with(page))["borne"]
    assert found.words == {"nl": "Welkom"}
    assert found.accent is not None
    assert found.accent.light == "#8a1f4b"
    assert found.featured == ("u1",)
    assert load_pages(REGION).keys() <= set(REGION.municipalities)


WRONG = [
    ({"accent": {"light": "#f2a3c0", "dark": "#f2a3c0"}}, "page.accent", "make it darker"),
    ({"accent": {"light": "#8a1f4b", "dark": "#8a1f4b"}}, "page.accent", "make it lighter"),
    ({"accent": {"light": "purple", "dark": "#f2a3c0"}}, "page.accent.light", "is no colour"),
    ({"accent": {"light": "#8a1f4b"}}, "page.accent.dark", "required"),
    ({"words": {"fy": "Wolkom"}}, "page.words.fy", ""),
    ({"words": {"nl": "x" * 601}}, "page.words", "between 1 and 600"),
    ({"featured": [str(n) for n in range(13)]}, "page.featured", "12"),
    ({"colour": "red"}, "page.colour", ""),
]


@pytest.mark.parametrize(("page", "key", "said"), WRONG)
def test_a_wrong_page_entry_is_told_by_the_check(page: Any, key: str, said: str) -> None:
    for load in (load_pages, lambda region: load_local(region, (), ())):
        with pytest.raises(ConfigMistakesError) as caught:
            load(region_with(page))
        told = str(caught.value)
        assert f"municipalities/borne.yaml {key}" in told
        assert said in told
        assert "Value error" not in told


def test_contrast_is_that_of_wcag_and_on_the_paper_of_the_site() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    style = (files("feeds") / "site" / "static" / "trek.css").read_text("utf-8")
    assert re.findall(r"--paper: (#\w+)", style) == [GROUNDS["light"], GROUNDS["dark"]]
