"""The exact figures that `trek score` prints: one row per set, group and measure.

>>> row = Row("dates", "range", "exact", right=9, total=10, misses=("id: what was wrong",))
>>> f"{row.share:.0%}"
'90%'
>>> table = Table((row, Row("dates", "list", "exact", 10, 10)))
>>> print(table.render())
set    group  measure  right  total    share
dates  range  exact        9     10   90.0 %
dates  list   exact       10     10  100.0 %
  dates range exact: id: what was wrong
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`right` of `total` examples of one group of one set, by one measure.

    `misses` are the first few misses, each one line: the example's id, what was expected, what came.
    """

    set: str
    group: str
    measure: str
    right: int
    total: int
    misses: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share that is right, 0 to 1; 1.0 for an empty group, in which nothing is wrong."""
        return self.right / self.total if self.total else 1.0

    def as_json(self) -> dict[str, object]:
        """The row as a JSON object, with its share as `figure`."""
        return {
            "set": self.set,
            "group": self.group,
            "measure": self.measure,
            "right": self.right,
            "total": self.total,
            "figure": round(self.share, 4),
            "misses": list(self.misses),
        }


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in the order in which they are printed."""

    rows: tuple[Row, ...]

    def render(self, misses: bool = True) -> str:
        """The table for people, columns aligned, the first misses below it."""
        head = ("set", "group", "measure", "right", "total", "share")
        lines = [head, *(_cells(row) for row in self.rows)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
        text = ["  ".join(_pad(cell, widths[i], i) for i, cell in enumerate(line)).rstrip() for line in lines]
        if misses:
            text += [f"  {row.set} {row.group} {row.measure}: {m}" for row in self.rows for m in row.misses]
        return "\n".join(text)


def add_rows(name: str, group: str, rows: Iterable[Row]) -> list[Row]:
    """One row per measure that sums `rows` under `group`, without their misses."""
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        right, total = sums.get(row.measure, (0, 0))
        sums[row.measure] = (right + row.right, total + row.total)
    return [Row(name, group, measure, right, total) for measure, (right, total) in sums.items()]


def _cells(row: Row) -> tuple[str, ...]:
    return (row.set, row.group, row.measure, str(row.right), str(row.total), f"{row.share * 100:.1f} %")


def _pad(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column >= 3 else cell.ljust(width)
