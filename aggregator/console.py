"""What the operator sees: lines and a bar on standard error, a table of figures on standard output."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

screen = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """One line for the operator."""
    screen.print(text, markup=False)


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error that advances by one at each call."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen) as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)


def show_figures(rows: Mapping[str, str]) -> None:
    """Names and figures in two columns on standard output."""
    table = Table(show_header=False, box=None)
    for name, value in rows.items():
        table.add_row(name, value)
    Console(highlight=False, soft_wrap=True).print(table)
