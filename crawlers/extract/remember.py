"""Answers about short texts, kept: pages print the same words many times, and are asked for them again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
_SHORT = 500  # characters; a picture within an address, or the words of a whole page, are not held in memory
_MOST = 4096  # answers of one question


def remembered(ask: Callable[P, T]) -> Callable[P, T]:
    """A function of texts that works out each short one once; longer ones each time."""
    kept = lru_cache(maxsize=_MOST)(ask)
    if ask.__code__.co_argcount == 1:  # one text: no need to look which is the last

        @wraps(ask)
        def answer_one(text: str) -> T:
            return ask(text) if len(text) > _SHORT else kept(text)  # type: ignore[call-arg, arg-type]

        return answer_one  # type: ignore[return-value]

    @wraps(ask)
    def answer(*texts: P.args, **more: P.kwargs) -> T:
        last = texts[-1]
        if isinstance(last, str) and len(last) > _SHORT:
            return ask(*texts, **more)
        return kept(*texts, **more)  # type: ignore[arg-type]

    return answer
