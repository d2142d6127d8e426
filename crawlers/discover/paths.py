"""CSS selectors for elements, by their classes: what a person would write by hand, never a count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawlers.platforms.dom import find

Value = str | None
_NAME = re.compile(r"-?[A-Za-z_][\w-]*$")
_PASSING = re.compile(
    r"^(?:active|current|first|last|odd|even|open|closed|hidden|visible|selected|lazy(?:load(?:ed)?)?|show|in"
    r"|col|row|clearfix|block|inline|flex|grid|relative|absolute|static|sticky|fixed|contents|truncate|[a-z]{1,2}\d{1,2}"
    r"|(?:col|row|offset|order|g|gx|gy|m[trblxy]?|p[trblxy]?|w|h|d|text|font|bg|flex|grid|items"
    r"|justify|align|float|gap|space|rounded|border|shadow|leading|tracking|max|min|sm|md|lg|xl)-[\w-]*)$",
    re.I,
)
_MADE = re.compile(r"\d{3,}|^(?:css|sc|jsx|svelte|emotion|style|post|node|item|id)-?_?[a-z]*\d", re.I)
_HASH = re.compile(
    r"(?:^|[_-])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{5,}(?:$|-)|^(?=[A-Za-z]{5,7}$)[a-z]\w*[A-Z]{2}"
)
_MOST_DEEP = 6  # levels above an element that may lend it a class


def stable_classes(node: HtmlElement) -> list[str]:
    """Class names that say what an element is: no layout grid, no state, no number or hash of a build."""
    names = dict.fromkeys((node.get("class") or "").split())
    return [
        n
        for n in names
        if _NAME.match(n) and not _PASSING.match(n) and not _MADE.search(n) and not _HASH.search(n)
    ]


def own_paths(node: HtmlElement) -> list[str]:
    """Selectors of an element by itself, the most telling first: class, tag with class, itemprop, tag."""
    tag = str(node.tag)
    names = stable_classes(node)
    paths = [f".{n}" for n in names] + [f"{tag}.{n}" for n in names]
    if (prop := node.get("itemprop")) and _NAME.match(prop):
        paths.append(f"[itemprop={prop}]")
    return [*paths, tag]


def inner_paths(node: HtmlElement, block: HtmlElement) -> Iterator[str]:
    """Selectors of an element below a block: its own, then through classes of the elements around it."""
    own = own_paths(node)
    yield from own
    if node is block:
        return
    for around in islice(node.iterancestors(), _MOST_DEEP):
        if around is block:
            return
        for name in stable_classes(around):
            yield from (f".{name} {path}" for path in own)
        if around.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "header", "figure", "time"):
            yield f"{around.tag} {own[-1]}"


def outer_paths(node: HtmlElement) -> Iterator[str]:
    """Selectors of a block in its page: its own classes, then through the classes and ids around it."""
    own = own_paths(node)
    yield from own[:-1]
    for distance, around in enumerate(islice(node.iterancestors(), _MOST_DEEP)):
        names = [f".{n}" for n in stable_classes(around)]
        if (key := around.get("id")) and _NAME.match(key) and not _MADE.search(key):
            names.append(f"#{key}")
        if around.tag == "main":
            names.append("main")
        for name in names:
            yield from (f"{name} > {path}" if distance == 0 else f"{name} {path}" for path in own)


def block_path(tree: HtmlElement, records: Sequence[HtmlElement]) -> tuple[str, list[HtmlElement]] | None:
    """The selector that finds most of the records and least beside them, with what it finds.

    None when no selector by class finds even half of them.
    """
    votes = Counter(path for record in records for path in dict.fromkeys(outer_paths(record)))
    wanted = set(records)
    best: tuple[float, int, str, list[HtmlElement]] | None = None
    for path, _ in votes.most_common(80):
        found = find(tree, path)
        hit = sum(node in wanted for node in found)
        if not found or 2 * hit < len(wanted):
            continue
        score = hit / len(wanted) - 0.5 * (len(found) - hit) / len(found)
        if best is None or (round(score, 3), -len(path)) > (round(best[0], 3), best[1]):
            best = (score, -len(path), path, found)
    return (best[2], best[3]) if best else None


def field_path(
    rows: Sequence[tuple[HtmlElement, Value]],
    nodes: Callable[[HtmlElement, str], Iterable[HtmlElement]],
    tell: Callable[[HtmlElement, str], Value],
    same: Callable[[Value, Value], bool],
) -> tuple[str, float] | None:
    """The selector that gives a field's value in most blocks, and the share of blocks where it is right.

    `rows` are blocks with the value wanted (None: the block has none). `nodes` finds the elements of a
    block that print a value, `tell` what a selector gives in a block, `same` compares the two.
    """
    votes: Counter[str] = Counter()
    for block, value in rows:
        if value is not None:
            paths = (p for node in nodes(block, value) for p in inner_paths(node, block))
            votes.update(list(dict.fromkeys(islice(paths, 60))))
    best: tuple[float, int, str] | None = None
    for order, (path, _) in enumerate(votes.most_common(40)):
        said = [(tell(block, path), value) for block, value in rows]
        right = sum(same(told, value) for told, value in said) / len(rows)
        spare = sum(len(told or "") - len(value or "") for told, value in said) / len(rows)
        rank = (round(right, 2), -_weight(path) - order // 20 - max(0, int(spare)) // 10)
        if best is None or rank > (round(best[0], 2), best[1]):
            best = (right, rank[1], path)
    return (best[2], best[0]) if best else None


def _weight(path: str) -> int:
    """How little a selector says: few classes and bare tags are read less surely next year."""
    return (4 if "." not in path and "[" not in path else 0) + path.count(" ") + (path[:1] not in ".[")
