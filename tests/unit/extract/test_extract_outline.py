"""Selectors as tests of single elements find what lxml finds, in every part of a tree."""

from __future__ import annotations

import pytest
from lxml.cssselect import CSSSelector

from crawlers.extract.outline import outline_of
from crawlers.extract.page import parse_html
from crawlers.extract.select import parse_choices

HTML = """<!-- eerst --><html><head><title>Huis</title><script>if (a < b) "titel"</script></head><body>
<div class="item First card-title" id="a"><h2 class=title>Een <b>avond</b></h2> om <i>20:00</i> uur
  <p class="sub-title" lang="nl">zaal<!-- x --></p><a href="/een" rel="next external">meer</a></div>
<DIV class="item" ID=b><h3>Twee</h3><img src=x.png style="BACKGROUND: background"><a>los</a>
  <div class="item inner" data-titel=""><span class="  title  ">drie</span></div></DIV>
<p></p></body></html>"""
SELECTORS = (
    "h2, h3, .title", "a[href]", "a", ".item", "div.item", "DIV.item.inner", "#a", "div#b",
    "[class*='title']:not([class*='sub'])", "[class*='title']", "[class='item']", "[rel~='next']", "[lang]",
    "a[rel~=next], link[rel~=next]", "[style^='BACK']", "[src$='.png']", "[data-titel]", "p:not(.sub-title)",
    ".First:not(h2):not(.x)", "span[class~=title], [id]",
)  # fmt: skip


@pytest.mark.parametrize("css", SELECTORS)
def test_every_part_of_a_tree_gives_what_lxml_finds_there(css: str) -> None:
    tree = parse_html(HTML, "https://huis.example/")
    choices = parse_choices(css)
    assert choices is not None
    asked = CSSSelector(css, translator="html")
    assert asked(tree), "a selector that finds nothing shows nothing"
    for node in tree.iter("*"):
        assert outline_of(node).find(node, choices) == asked(node)


@pytest.mark.parametrize(
    "css", ["div a", "div > a", "h2 + p", "a:first-child", "*", "a::text", "[class*='']", "a, h2 b", "svg|a"]
)
def test_what_a_test_of_one_element_cannot_say_is_left_to_lxml(css: str) -> None:
    assert parse_choices(css) is None


def test_texts_are_all_that_is_printed_and_nothing_else() -> None:
    outline = outline_of(parse_html(HTML, "https://huis.example/"))
    assert [(node.tag, text.strip(), behind) for node, text, behind in outline.texts] == [
        ("title", "Huis", False),
        ("h2", "Een", False),
        ("div", "om", True),
        ("b", "avond", False),
        ("i", "20:00", False),
        ("div", "uur", True),
        ("p", "zaal", False),
        ("a", "meer", False),
        ("h3", "Twee", False),
        ("a", "los", False),
        ("span", "drie", False),
    ]
    assert "een\0" in outline.lower.replace(" ", "")
    assert outline.lower.endswith("\0")


def test_an_element_ends_where_the_next_begins() -> None:
    tree = parse_html(HTML, "https://huis.example/")
    outline = outline_of(tree)
    for node in tree.iter("*"):
        inside = outline.nodes[outline.place[node] : outline.end(node)]
        assert inside == list(node.iter())
