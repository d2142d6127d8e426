"""A press list as clean text and as a table (CSV)."""

from __future__ import annotations

import csv
import io

from feeds.card import Voice
from feeds.press.rows import PressList, Row

COLUMNS = ("day", "time", "title", "place", "town", "price", "status", "info", "url", "unread")
FORMULA = ("=", "+", "-", "@", "\t")  # how a cell begins that a spreadsheet would work out


def sentence(row: Row) -> str:
    """`20.00 uur: Orgelconcert, met koor. De Spil, Hengelo. € 12,50. despil.nl`."""
    head = f"{row.time}: {row.title}" if row.time else row.title
    if row.status:
        head += f" ({row.status.lower()})"
    where = ", ".join(part for part in (row.place, row.town) if part)
    parts = [head, where, row.price, row.info]
    return " ".join(_ended(part) for part in parts if part)


def _ended(part: str) -> str:
    return part if part[-1] in ".!?…" else part + "."


def period(listed: PressList, voice: Voice) -> str:
    """`dinsdag 24 november t/m maandag 30 november 2026`."""
    words = voice.words
    if listed.first == listed.last:
        return words.day(listed.last)
    first = words.day(listed.first, year=listed.first.year != listed.last.year)
    return words("date.span", first=first, last=words.day(listed.last))


def blocks(listed: PressList, voice: Voice) -> list[tuple[str, list[str]]]:
    """(heading, lines) of each part that has any."""
    words = voice.words
    found = [(words.day(day, year=False), list(map(sentence, rows))) for day, rows in listed.days]
    for key, rows in (("running", listed.running), ("off", listed.off)):
        if rows:
            found.append((words(f"press.{key}"), list(map(sentence, rows))))
    return found


def closing(listed: PressList, voice: Voice) -> list[str]:
    """Which sources cannot be read at present, if any; where it comes from, and whom to ask."""
    info, words = voice.info, voice.words
    stale = [words("feed.stale", names=", ".join(listed.stale))] if listed.stale else []
    home = voice.urls.absolute(voice.urls.home(voice.language))
    return [*stale, words("press.closing", title=voice.site_title(), url=home, mail=info.contact)]


def render_text(listed: PressList, voice: Voice) -> bytes:
    """UTF-8 text, LF, a line per event under its day."""
    found = blocks(listed, voice)
    parts = [f"{listed.title.upper()}\n{period(listed, voice)}"]
    parts += [f"{heading.upper()}\n" + "\n".join(lines) for heading, lines in found]
    if not found:
        parts.append(voice.words("press.nothing"))
    return ("\n\n".join([*parts, *closing(listed, voice)]) + "\n").encode()


def render_csv(listed: PressList, voice: Voice) -> bytes:
    """A row per event and day, with semicolons and a byte order mark, as Dutch spreadsheets open it."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(voice.words(f"press.column.{name}") for name in COLUMNS)
    for row in listed.rows:
        page = voice.urls.absolute(voice.urls.event(voice.language, row.event.uid))
        day = row.day.isoformat() if row.day else ""
        cells = (
            day,
            row.time,
            row.title,
            row.place,
            row.town,
            row.price,
            row.status,
            row.info,
            page,
            row.unread,
        )
        table.writerow(map(guarded, cells))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def guarded(text: str) -> str:
    """A cell that a spreadsheet takes for text: an apostrophe before what it would work out."""
    return f"'{text}" if text.startswith(FORMULA) else text
