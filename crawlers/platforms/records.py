"""The repeated blocks of a page that hold a date and a title: one record an event."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import islice

from lxml.html import HtmlElement

from crawlers.extract.outline import outline_of
from crawlers.platforms.dom import classes
from crawlers.platforms.spots import Peers, Spot, find_record, is_peer, shape
from crawlers.platforms.titles import has_lead, has_title, leftover

_DEEP = 16  # levels between a date and a block of a known kind
_SENTENCE = 25  # letters beside a date that is no line of its own
_COMMON = re.compile(
    r"^(?:col|row|container|grid|flex|item|block|box|section|wp-|elementor|e-con|uk-|clearfix|[a-z]{1,2}-)"
)


def collect_records(
    spots: list[Spot], ask: Callable[[HtmlElement], bool] = has_title
) -> dict[HtmlElement, list[Spot]]:
    """The record around each spot, outermost where one holds another, with its spots.

    `ask` says whether an element holds a title. Beside blocks in which a title is set apart, those of
    their kind count in which a line names the event, and blocks of their kind elsewhere on the page.
    """
    shapes: dict[object, list[Spot]] = {}
    for spot in spots:
        shapes.setdefault(shape(spot), []).append(spot)
    found: dict[HtmlElement, list[Spot]] = {}
    named: dict[HtmlElement, bool] = {}
    for alike in shapes.values():
        peers = Peers(alike)
        for spot in alike:
            record = find_record(spot, peers, named, ask)
            if record is not None:
                found.setdefault(record, []).append(spot)
    apart = _apart(found)
    others = _alike(apart, spots)
    moved = {spot for group in others.values() for spot in group}
    kept = {r: left for r, group in apart.items() if (left := [s for s in group if s not in moved])}
    return _in_order({**kept, **others})


def _apart(found: dict[HtmlElement, list[Spot]]) -> dict[HtmlElement, list[Spot]]:
    """Records of which none holds another: a group of several is no record, a frame around one is."""
    inner: dict[HtmlElement, list[HtmlElement]] = {}
    for record in found:
        for around in record.iterancestors():
            if around in found:
                inner.setdefault(around, []).append(record)
    apart = {r: s for r, s in found.items() if len(inner.get(r, ())) < 2}
    for record in list(apart):
        outer = next((a for a in record.iterancestors() if a in apart), None)
        if outer is not None:
            apart[outer] = [*apart[outer], *apart.pop(record)]
    return apart


def _alike(records: dict[HtmlElement, list[Spot]], spots: list[Spot]) -> dict[HtmlElement, list[Spot]]:
    """Blocks around other dates that are of a record's kind: its brother, or one of its name elsewhere."""
    home = {spot: record for record, group in records.items() for spot in group}
    firsts = {record.getparent(): record for record in reversed(records)}
    kinds = Counter((r.tag, name) for r in records for name in classes(r) if not _COMMON.match(name))
    found: dict[HtmlElement, list[Spot]] = {}
    for spot in spots:
        if spot.headed:
            continue
        own = home.get(spot)
        for node in (spot.node, *islice(spot.node.iterancestors(), _DEEP)):
            if node in records:
                break
            brother = firsts.get(node.getparent())
            if brother is not None and is_peer(node, brother):
                if node.tag != "p" and leftover(spot.text) <= _SENTENCE and has_lead(node):
                    found.setdefault(node, []).append(spot)
                break
            if any(kinds[node.tag, name] > (own is not None) for name in classes(node)):
                if has_title(node) and not any(r in records for r in node.iter()):
                    found.setdefault(node, []).append(spot)
                break
    return found


def _in_order(records: dict[HtmlElement, list[Spot]]) -> dict[HtmlElement, list[Spot]]:
    """Records as they stand on the page."""
    return dict(sorted(records.items(), key=lambda pair: outline_of(pair[0]).place[pair[0]]))
