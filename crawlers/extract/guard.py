"""Reads a page within bounds: what takes too long or too much memory is ended, and told as a problem.

A reader is made for pages that people wrote. A page that breaks it, or was made to, costs itself and
nothing else: not the sites that wait in the same process, and not the machine.
"""

from __future__ import annotations

import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawlers.extract.page import Page, Problem, Reading

PAGE_TOO_LARGE, TOO_HEAVY = "page-too-large", "too-heavy"
SECONDS = 1.6  # of computing; what looks late may take a quarter more
MEMORY = 150 * 1024**2  # bytes beyond what was held before; the same holds
_TICK = 0.05  # seconds of computing between two looks
_STATUS = Path("/proc/self/statm")


class TooHeavyError(BaseException):
    """A reading was ended. No `Exception`: the nets under the readers must let it through."""


def read_guarded(
    read: Callable[[Page], Reading], page: Page, seconds: float = SECONDS, memory: int = MEMORY
) -> Reading:
    """What `read` makes of a page, or raises.

    Problem codes beside those of the reader: `page-too-large` (not begun), `too-heavy` (ended). Bounds of
    time and memory hold in the main thread alone: Python gives signals to no other.
    """
    if page.excess:
        return Reading(problems=(Problem(PAGE_TOO_LARGE, f"{page.excess} on {page.url}"),))
    try:
        with _bounds(seconds, memory):
            return read(page)
    except TooHeavyError as error:
        return Reading(problems=(Problem(TOO_HEAVY, f"{error} on {page.url}"),))
    except MemoryError:
        return Reading(problems=(Problem(TOO_HEAVY, f"no memory left on {page.url}"),))


@dataclass
class _Watch:
    """What a reading began with, and may take; `None` in `_watch` while nothing is read."""

    began: float
    held: int
    seconds: float
    memory: int

    def look(self) -> None:
        """Raise TooHeavyError when it is enough."""
        if time.thread_time() - self.began > self.seconds:
            raise TooHeavyError(f"more than {self.seconds:g} seconds of reading")
        if held_memory() - self.held > self.memory:
            raise TooHeavyError(f"more than {self.memory // 1024**2} MB of memory")


_watch: _Watch | None = None


def _tick(_number: int, _frame: object) -> None:
    if _watch is not None:  # else a signal that comes late
        _watch.look()


@contextmanager
def _bounds(seconds: float, memory: int) -> Iterator[None]:
    """Raises TooHeavyError inside the block once it has computed, or holds, more than is allowed.

    The handler stays when the block ends: to put it in place costs more than to read a small page.
    """
    global _watch
    if _watch is not None or threading.current_thread() is not threading.main_thread():
        yield  # a reading within a reading has the bounds of the outer one
        return
    if signal.getsignal(signal.SIGPROF) is not _tick:
        signal.signal(signal.SIGPROF, _tick)
    _watch = _Watch(time.thread_time(), held_memory(), seconds, memory)
    signal.setitimer(signal.ITIMER_PROF, _TICK, _TICK)
    try:
        yield
    finally:
        _watch = None
        signal.setitimer(signal.ITIMER_PROF, 0)


def held_memory() -> int:
    """Bytes of memory that this process holds now; where the system does not tell, the most it ever held."""
    try:
        return int(_STATUS.read_bytes().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
