"""CSS selectors taken apart into plain tests of one element, for pages that are asked hundreds of them.

lxml answers a selector through XPath, which makes a string of each attribute of each element at each asking.
What a test of one element cannot say (`a > b`, `:first-child`) is left to lxml.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cssselect
from cssselect.parser import Attrib, Class, Element, Hash, Negation, Tree
from lxml.html import HtmlElement

_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "exists": lambda _held, _wanted: True,
    "=": lambda held, wanted: held == wanted,
    "~=": lambda held, wanted: wanted in held.split(),
    "*=": lambda held, wanted: wanted in held,
    "^=": lambda held, wanted: held.startswith(wanted),
    "$=": lambda held, wanted: held.endswith(wanted),
}


@dataclass(frozen=True)
class Choice:
    """One alternative of a selector: what an element must be, hold and not be.

    `held` are (attribute, operator, value); an empty tag is any.
    """

    tag: str
    held: tuple[tuple[str, str, str], ...]
    unlike: tuple[Choice, ...]

    def fits(self, node: HtmlElement) -> bool:
        """Whether an element is of this kind."""
        if self.tag and node.tag != self.tag:
            return False
        for name, operator, wanted in self.held:
            held = node.get(name)
            if held is None or not _OPERATORS[operator](held, wanted):
                return False
        return not any(other.fits(node) for other in self.unlike)


@lru_cache(maxsize=512)
def parse_choices(css: str) -> tuple[Choice, ...] | None:
    """The alternatives of a selector; None when it says more than a test of one element can.

    Raises cssselect.SelectorError when it is no CSS.
    """
    made = [None if s.pseudo_element else _choice(s.parsed_tree) for s in cssselect.parse(css)]
    sound = [choice for choice in made if choice and (choice.tag or choice.held)]
    return tuple(sound) if len(sound) == len(made) else None


def _choice(tree: Tree) -> Choice | None:
    held: list[tuple[str, str, str]] = []
    unlike: list[Choice] = []
    while not isinstance(tree, Element):
        if isinstance(tree, Negation):
            other = _choice(tree.subselector)
            if other is None:
                return None
            unlike.append(other)
        elif isinstance(tree, Class):
            held.append(("class", "~=", tree.class_name))
        elif isinstance(tree, Hash):
            held.append(("id", "=", tree.id))
        elif isinstance(tree, Attrib) and not tree.namespace and tree.operator in _OPERATORS:
            value = tree.value.value if tree.value is not None else ""
            if value is None or (not value and tree.operator != "exists"):
                return None
            held.append((tree.attrib.lower(), tree.operator, value))
        else:
            return None
        tree = tree.selector
    if tree.namespace:
        return None
    return Choice((tree.element or "").lower(), tuple(held), tuple(unlike))
