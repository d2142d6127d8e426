"""An object that lives in a process of its own: whatever it holds and does is not this process's."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

_here: list[Any] = []  # there: the object


class Apart:
    """Makes an object in a fresh process, which ends with the block."""

    def __init__(self, make: Callable[..., object], *args: object) -> None:
        self._pool = ProcessPoolExecutor(1, get_context("spawn"))
        self._made = self._pool.submit(_begin, make, *args)

    def ask(self, name: str, *args: object) -> Future[Any]:
        """What a method of the object answers, when it is done; one is done after the other."""
        self._made.result()
        return self._pool.submit(_answer, name, *args)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def _begin(make: Callable[..., object], *args: object) -> None:
    _here.append(make(*args))


def _answer(name: str, *args: object) -> object:
    return getattr(_here[0], name)(*args)
