"""What a text was read as, for people: each word, then the answer, then the doubts.

>>> print(explain("za 28 nov, 20.15 uur", date(2026, 11, 23)))
za 28 nov day Saturday 28 November
,         list ,
20.15 uur time 20:15
=> Saturday 28 November 2026, 20:15
"""

from __future__ import annotations

from datetime import date, datetime

from aggregator.normalise.when.answer import When, WhenOccurrence
from aggregator.normalise.when.reader import read_when


def explain(text: str, today: date, lang: str = "nl") -> str:
    """The words with what each was read as; `=>` and an occurrence a line; `!` and a doubt a line."""
    when = read_when(text, today, lang, words=True)
    width = max((len(word.text) for word in when.words), default=0)
    lines = [f"{word.text:{min(width, 30)}} {word.read_as}".rstrip() for word in when.words]
    return "\n".join([*lines, *_answer(when)])


def _answer(when: When) -> list[str]:
    lines = [f"=> {describe(one)}" for one in when.occurrences] or ["=> no event date"]
    if when.hours:
        lines.append(f"   open {when.hours}")
    lines += [f"!  {flag}" for flag in when.flags]
    return lines


def describe(one: WhenOccurrence) -> str:
    """One occurrence in words."""
    text = _moment(one.start) if one.start is not None else "until"
    if one.end is not None:
        same = (
            isinstance(one.end, datetime)
            and isinstance(one.start, datetime)
            and one.end.date() == one.start.date()
        )
        text += f" {'-' if one.start is not None else ''} ".replace("  ", " ")
        text += f"{one.end:%H:%M}" if same else _moment(one.end)
    if one.doors is not None:
        text += f", doors {one.doors:%H:%M}"
    return text + (f", repeats {one.rrule}" if one.rrule else "")


def _moment(moment: date | datetime) -> str:
    day = f"{moment:%A} {moment.day} {moment:%B %Y}"
    return f"{day}, {moment:%H:%M}" if isinstance(moment, datetime) else day
