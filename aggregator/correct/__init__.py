"""What people decided about events: `config/corrections/<municipality>.yaml`, before every rule.

`entry` is how a decision is written, `book` holds those that are in force, `group` merges and splits,
`field` corrects an event's fields, `report` tells which decisions do nothing, `write` adds one.
"""

from __future__ import annotations

from aggregator.correct.book import Book, Placed, load_book

__all__ = ["Book", "Placed", "load_book"]
