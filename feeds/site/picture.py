"""An event's picture for social media, made of text alone: no photograph, so no rights to ask. Pure."""

from __future__ import annotations

import io
import zlib
from functools import cache, lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from aggregator.model import Event
from feeds.card import Voice, loud_title, pillar_ids, short_place, title_of
from feeds.select import all_showings
from feeds.text import shorten

SIZE = (1200, 630)  # as Open Graph readers show it whole
EDGE = 80
PAPER, INK = (0xFB, 0xFA, 0xF6), (0x1B, 0x1D, 0x22)
COLOURS = ((0x1B, 0x6B, 0x58), (0xB3, 0x27, 0x2F), (0x34, 0x47, 0xB5))
GREYS = 13  # steps from ink to paper; with the three colours a file of four bits a point
SOFT = 80  # of 255, for lines that matter less
MOST_TITLE = 110
GAP, LINE = 28, 52  # below the title, from line to line
RISE, ABOVE = 24, 8  # room for what stands on a capital, in the title and in a line


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont:
    """The site's own letters in a size."""
    data = (files("feeds") / "site" / "static" / "newsreader.woff2").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size)


def render_picture(event: Event, voice: Voice) -> bytes:
    """A PNG with title, days, place and the marks of the pillars; it depends on the event alone."""
    own = pillar_ids(event, voice.info)
    marked = [n for n, pillar in enumerate(voice.info.pillars) if pillar in own]
    said = (_days(event, voice), short_place(event, voice.info))
    return _paint(_title(event, voice), said, marked, voice)


def render_blank(voice: Voice) -> bytes:
    """The same without an event: what an address shows whose event may not be shown any longer."""
    return _paint(voice.site_title(), (), [], voice)


def _paint(title: str, said: tuple[str, ...], marked: list[int], voice: Voice) -> bytes:
    image, top = _paper(voice.site_title()).copy(), 150
    font, lines = _fit(ImageDraw.Draw(image), shorten(title, MOST_TITLE))
    step = round(font.size * 1.12)
    strip = Image.new("L", (SIZE[0], RISE + step * len(lines) + GAP), 255)
    for number, line in enumerate(lines):
        ImageDraw.Draw(strip).text((EDGE, RISE + step * number), line, 0, font)
    image.paste(_toned(strip), (0, top - RISE))
    top += step * len(lines) + GAP - ABOVE
    for number, text in enumerate(part for part in said if part):
        image.paste(_line(shorten(text, 58)), (0, top + number * LINE))
    image.putpalette(_palette())
    for place, number in enumerate(marked or range(len(COLOURS))):
        _mark(ImageDraw.Draw(image), number % len(COLOURS), EDGE + place * 74)
    out = io.BytesIO()
    image.save(out, "PNG", bits=4, compress_level=1, compress_type=zlib.Z_RLE)  # long runs
    return out.getvalue()


def _toned(greys: Image.Image) -> Image.Image:
    """A picture in greys as steps of the palette: drawn in colours it takes many times as long."""
    return greys.point([round(level / 255 * (GREYS - 1)) for level in range(256)], "L")


@cache
def _paper(site: str) -> Image.Image:
    """The empty picture with the site's name, in steps of the palette."""
    image = Image.new("L", SIZE, 255)
    ImageDraw.Draw(image).text((SIZE[0] - EDGE, 70), site, 0, font_of(34), anchor="ra")
    return _toned(image)


@lru_cache(maxsize=500)
def _line(text: str) -> Image.Image:
    """A day or a place across the picture: many events have them in common."""
    strip = Image.new("L", (SIZE[0], LINE), 255)
    ImageDraw.Draw(strip).text((EDGE, ABOVE), text, SOFT, font_of(38))
    return _toned(strip)


@cache
def _palette() -> list[int]:
    steps = [step / (GREYS - 1) for step in range(GREYS)]
    greys = [round(INK[n] + (PAPER[n] - INK[n]) * step) for step in steps for n in range(3)]
    return greys + [part for colour in COLOURS for part in colour]


def _title(event: Event, voice: Voice) -> str:
    """The title, with the status before it that all its dates have."""
    showings = all_showings(event)
    same = len({s.status for s in showings}) == 1
    return loud_title(showings[0], voice.words) if same else title_of(event)


def _days(event: Event, voice: Voice) -> str:
    """The one moment in full, or from the first to the last day."""
    showings = all_showings(event)
    if not showings:
        return ""
    if len(showings) == 1:
        return voice.words.when(showings[0].when)
    first, last = showings[0].begin.date(), showings[-1].begin.date()
    return voice.words.span(first, last) if first < last else voice.words.day(first)


def _fit(draw: ImageDraw.ImageDraw, title: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The title in the largest letters in which it takes no more than four lines."""
    for size in (88, 76, 64, 54):
        font = font_of(size)
        lines = _wrap(draw, title, font)
        if len(lines) * size * 1.12 <= 300:
            break
    return font, lines[:4]


def _wrap(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font) > SIZE[0] - 2 * EDGE:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _mark(draw: ImageDraw.ImageDraw, number: int, left: int) -> None:
    """Circle, triangle, square."""
    box, colour = (left, 66, left + 50, 116), GREYS + number
    if number == 0:
        draw.ellipse(box, colour)
    elif number == 1:
        draw.polygon([(left, 116), (left + 25, 66), (left + 50, 116)], colour)
    else:
        draw.rectangle(box, colour)
