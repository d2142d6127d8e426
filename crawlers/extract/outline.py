"""A tree looked at once: its elements in document order, what stands where, what a selector finds.

Readers ask the same things of one page over and over, block by block. The outline hangs on the root of
the tree and lives as long as it does; no reader changes a tree.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawlers.extract.select import Choice

_MUTE = frozenset({"script", "style"})
_BETWEEN = "\0"  # no parsed text holds one


class Outline:
    """Elements and comments of a tree, in document order.

    It keeps every element's object alive: lxml would make them anew at each visit.
    """

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.nodes: list[HtmlElement] = list(root.iter())
        self.place: dict[HtmlElement, int] = {node: number for number, node in enumerate(self.nodes)}
        self._hits: dict[tuple[Choice, ...], list[int]] = {}
        self._ends: dict[HtmlElement, int] = {}
        self._held: dict[str, _Attribute] = {}

    @cached_property
    def texts(self) -> list[tuple[HtmlElement, str, bool]]:
        """Every run of text that is not blank, with the element that prints it.

        Element by element: its own first words, then (True) what its parent prints behind it. Scripts and
        styles print nothing.
        """
        found: list[tuple[HtmlElement, str, bool]] = []
        for node in self.nodes:
            text = node.text
            if text and not text.isspace() and isinstance(node.tag, str) and node.tag not in _MUTE:
                found.append((node, text, False))
            tail = node.tail
            if tail and not tail.isspace():
                found.append((node.getparent(), tail, True))
        return found

    @cached_property
    def lower(self) -> str:
        """All that is printed, in small letters, with a NUL behind each run of text."""
        return _BETWEEN.join([*(text for _, text, _ in self.texts), ""]).lower()

    @cached_property
    def tagged(self) -> dict[str, list[int]]:
        """The places of the elements of each name."""
        found: dict[str, list[int]] = {}
        for number, node in enumerate(self.nodes):
            found.setdefault(node.tag, []).append(number)
        return found

    def end(self, node: HtmlElement) -> int:
        """The place behind the last element inside `node`."""
        known = self._ends.get(node)
        if known is None:
            known = self._ends[node] = self._find_end(node)
        return known

    def _find_end(self, node: HtmlElement) -> int:
        at: HtmlElement | None = node
        while at is not None and at is not self.root:
            following = at.getnext()
            if following is not None:
                return self.place[following]
            at = at.getparent()
        return len(self.nodes)

    def find(self, node: HtmlElement, choices: tuple[Choice, ...]) -> list[HtmlElement]:
        """What a selector finds in a node, itself included, in document order."""
        places = self._hits.get(choices)
        if places is None:
            found = {place for choice in choices for place in self._fitting(choice)}
            places = self._hits[choices] = sorted(found)
        first = bisect_left(places, self.place[node])
        if first == len(places):
            return []
        return [self.nodes[place] for place in places[first : bisect_left(places, self.end(node), first)]]

    def _fitting(self, choice: Choice) -> Iterator[int]:
        if choice.tag:
            near = self.tagged.get(choice.tag, [])
            if not (choice.held or choice.unlike):
                return iter(near)
        else:
            name, _, value = choice.held[0]
            if name not in self._held:
                self._held[name] = _Attribute(self, name)
            near = self._held[name].holding(value)
        return (place for place in near if choice.fits(self.nodes[place]))


class _Attribute:
    """All values of one attribute as one text, to look for words in."""

    def __init__(self, outline: Outline, name: str) -> None:
        holding = None if name == "class" else _having(name)(outline.root)
        nodes = outline.nodes if holding is None else cast("list[HtmlElement]", holding)
        held = [(outline.place[node], value) for node in nodes if (value := node.get(name)) is not None]
        self._places = [place for place, _ in held]
        self._text = _BETWEEN.join([value for _, value in held])
        self._starts = [0, *accumulate(len(value) + 1 for _, value in held)]

    def holding(self, value: str) -> list[int]:
        """The places of the elements whose attribute has these letters in it."""
        found: list[int] = []
        at = self._text.find(value) if self._places else -1
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            found.append(self._places[number])
            at = self._text.find(value, self._starts[number + 1])
        return found


@lru_cache(maxsize=64)
def _having(name: str) -> XPath:
    """The elements that have an attribute; quick for all names but the odd ones that XPath cannot write."""
    plain = re.fullmatch(r"[a-z][a-z0-9-]*", name)
    return XPath(
        f"descendant-or-self::*[@{name}]" if plain else f"descendant-or-self::*[@*[name()='{name}']]"
    )


def outline_of(node: HtmlElement) -> Outline:
    """The outline of the tree that a node is in; noted with the node, which is asked many times."""
    memo = vars(node)
    made: Outline | None = memo.get("outline")
    if made is None:
        root = node.getroottree().getroot()
        made = vars(root).get("outline") or Outline(root)
        memo["outline"] = vars(root)["outline"] = made
    return made
