"""A small lxml tree as the tree that mf2py reads, without writing it out and parsing it a second time."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from lxml.html import HtmlElement


def make_soup(element: HtmlElement) -> BeautifulSoup:
    """An element with all that is in it as a BeautifulSoup; it must nest no deeper than Python can go."""
    return BeautifulSoup("", builder=_Copier(element))


class _Copier(HTMLTreeBuilder):
    """Feeds a soup from an element instead of from text."""

    NAME = "lxml"  # the parser that the element came from

    def __init__(self, element: HtmlElement) -> None:
        super().__init__()
        self._element = element

    def feed(self, _markup: Any) -> None:
        self._copy(self._element)

    def _copy(self, element: HtmlElement) -> None:
        soup: Any = self.soup
        soup.handle_starttag(element.tag, None, None, dict(element.attrib))
        if element.text:
            soup.handle_data(element.text)
        for child in element:
            self._copy(child)
            if child.tail:
                soup.handle_data(child.tail)
        soup.handle_endtag(element.tag)
