"""A tree handed to mf2py is the tree that writing and parsing it would give."""

from __future__ import annotations

import mf2py
import pytest
from bs4 import BeautifulSoup
from lxml.etree import tostring

from crawlers.extract.soup import make_soup
from crawlers.platforms.dom import fragment

CARD = (
    '<div class="h-event"><h2 class="p-name">Koor &amp; <b>orgel</b></h2> om '
    '<time class="dt-start" datetime="2026-12-01 20:00">acht uur</time>'
    '<img class="u-photo" src="/a.jpg" alt="x"><p class="p-location h-card">Kerk<br>Plein 1</p></div>'
)


@pytest.mark.parametrize(
    "html", [CARD, "<i class='vevent  h-event'></i>", "<ul><li>1<li>2<ul><li>3</ul></ul>", ""]
)
def test_a_soup_is_the_element_with_all_that_is_in_it(html: str) -> None:
    element = fragment(html)
    written = tostring(element, encoding="unicode", method="html")
    parsed = BeautifulSoup(written, features="lxml")
    assert make_soup(element).div == parsed.div
    assert mf2py.parse(doc=make_soup(element))["items"] == mf2py.parse(doc=parsed)["items"]  # type: ignore[no-untyped-call]
