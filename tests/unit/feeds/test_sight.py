"""The region in figures: the estimate against known populations, what is counted, charts, files."""

from __future__ import annotations

import csv
import html
import io
import random
import re
from dataclasses import replace
from statistics import mean
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from aggregator.model import Event, ListingRef, Timed
from feeds.select import Agenda
from feeds.sight.chart import draw_groups, render_png, render_svg
from feeds.sight.estimate import LEAST, estimate
from feeds.sight.figures import count
from feeds.sight.page import render_figures, render_sight
from feeds.tally import WHOLE
from feeds.words import load_words
from tests.unit.feeds.feeds_world import TODAY, at, event, occurrence, voice, world
from tests.unit.feeds.venue_world import SITE


def test_the_estimate_is_chapmans() -> None:
    found = estimate(200, 150, 30)
    assert found.total == pytest.approx(201 * 151 / 31 - 1)
    assert found.seen == 320
    assert found.low is not None
    assert found.high is not None
    assert found.seen < found.low < found.total < found.high


@pytest.mark.parametrize("counts", [(0, 0, 0), (50, 0, 0), (50, 40, LEAST - 1)])
def test_too_little_overlap_says_nothing(counts: tuple[int, int, int]) -> None:
    assert estimate(*counts).total is None


def test_two_lists_that_agree_wholly_miss_nothing() -> None:
    found = estimate(20, 20, 20)
    assert (found.missed, found.low, found.high) == (0, 20, 20)


def test_an_overlap_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="both lists"):
        estimate(3, 5, 4)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Populations of 400 of which each list names half or a third, by chance alone."""
    dice, held, totals = random.Random(7), 0, []
    for _ in range(400):
        own = {n for n in range(400) if dice.random() < 0.5}
        others = {n for n in range(400) if dice.random() < 0.33}
        found = estimate(len(own), len(others), len(own & others))
        assert found.total is not None
        assert found.low is not None
        assert found.high is not None
        totals.append(found.total)
        held += found.low <= 400 <= found.high
    assert mean(totals) == pytest.approx(400, rel=0.02)
    assert 0.92 <= held / 400 <= 0.985


def test_lists_that_copy_from_each_other_make_it_too_low() -> None:
    """What the page says of a failing assumption is so."""
    dice, totals = random.Random(7), []
    for _ in range(100):
        own = {n for n in range(400) if dice.random() < 0.4}
        others = {n for n in range(400) if dice.random() < (0.6 if n in own else 0.2)}
        totals.append(estimate(len(own), len(others), len(own & others)).total or 0)
    assert mean(totals) < 330


def told(n: int, *sources: str) -> Event:
    """An event of December that these sources tell."""
    refs = tuple(ListingRef(source, str(n)) for source in sources)
    moment = occurrence(f"o{n}", Timed(at(1 + n % 28, month=12)))
    return event(f"t{n}", f"Avond {n}", moment, listings=refs)


def test_figures_of_the_world() -> None:
    figures = count(Agenda(world(), SITE, TODAY))
    assert figures.total(WHOLE) == sum(figures.total(m) for m in SITE.municipalities)
    assert figures.free[WHOLE] == 2
    assert dict(figures.children) == {"hof-van-twente": 1, WHOLE: 1}
    assert figures.total("hengelo", "muziek") == 3  # a cancelled concert does not count
    assert ("enschede", "muziek") in figures.gaps
    assert ("hengelo", "muziek") not in figures.gaps
    assert figures.sources["hengelo"].silent == ("uit-hengelo",)
    failing = count(Agenda(world(), SITE, TODAY, stale=("uit-hengelo",))).sources["hengelo"]
    assert (failing.silent, failing.failing) == ((), ("uit-hengelo",))


def test_houses_and_others_are_the_two_lists() -> None:
    events = [told(n, "de-spil") for n in range(10)]
    events += [told(n, "de-spil", "uit-hengelo") for n in range(10, 20)]
    events += [told(n, "strikt") for n in range(20, 25)]
    found = count(Agenda(events, SITE, TODAY)).estimates["hengelo"]
    assert (found.own, found.others, found.both, found.seen) == (20, 15, 10, 25)


def test_the_page_has_a_table_behind_each_chart_and_no_style_or_script_of_its_own() -> None:
    events = [*world(), *(told(n, "de-spil", "uit-hengelo") for n in range(9))]
    figures = count(Agenda(events, SITE, TODAY))
    for language in ("nl", "en", "de"):
        page, words = render_sight(figures, voice(language, SITE)).decode(), load_words(language)
        assert page.count('<svg class="chart" role="img"') == 3
        assert " style=" not in page
        assert "<script>" not in page
        assert html.escape(words("sight.fails", least=LEAST)) in page.replace("&#39;", "&#x27;")
        assert "True" not in page
        tables = re.findall(r'<table class="figures">.*?</table>', page, re.DOTALL)
        assert len(tables) == 3 + len(SITE.municipalities) + 1
        row = re.search(r'<th scope="row">Hengelo</th><td>(\d+)</td>', tables[0])
        assert row is not None
        assert int(row[1]) == figures.total("hengelo")


def test_figures_for_a_spreadsheet_are_all_there() -> None:
    figures = count(Agenda(world(), SITE, TODAY))
    rows = list(csv.reader(io.StringIO(render_figures(figures, voice("nl", SITE)).decode("utf-8-sig"))))
    assert rows[0] == ["Gemeente", "Pijler", "Maand", "Evenementen"]
    assert len(rows) == 1 + 4 * 5 * 12
    picked = {(r[0], r[1], r[2]): int(r[3]) for r in rows[1:]}
    assert picked["Hengelo", "Muziek", "2026-12"] == figures.month("hengelo", "2026-12", "muziek")


def test_a_chart_is_well_formed_and_its_picture_is_as_large() -> None:
    chart = draw_groups("A <b> & c", ["x"], [("<i>", [3]), ("leeg", [0])])
    root = ET.fromstring(render_svg(chart, alone=True))
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "A <b> & c"
    image = Image.open(io.BytesIO(render_png(chart)))
    assert image.size == (760 * 2, round(chart.high) * 2)


def test_nothing_at_all_is_a_page_too() -> None:
    page = render_sight(count(Agenda([], replace(SITE, sources={}), TODAY)), voice("nl", SITE)).decode()
    assert load_words("nl")("sight.too_few") in page
