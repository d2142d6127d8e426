"""A chart as a few shapes, drawn as SVG for a page or a report, and as PNG. Pure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape
from PIL import Image, ImageDraw

from feeds.site.picture import COLOURS, INK, PAPER, font_of

SOFT = (0x5A, 0x5E, 0x68)
PAINTS = {"f1": COLOURS[0], "f2": COLOURS[1], "f3": COLOURS[2], "ink": INK, "soft": SOFT}
WIDE, SIZE, ROW = 760, 15, 17  # pixels: a chart's width, its letters, a line of it
LEFT, RIGHT, TOP = 150, 60, 44
SCALE = 2  # of the PNG


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in one of PAINTS."""

    x: float
    y: float
    wide: float
    high: float
    paint: str = "ink"


@dataclass(frozen=True, slots=True)
class Word:
    """A text whose middle height is at `y`; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    paint: str = "ink"


@dataclass
class Chart:
    """A drawing of a size in pixels, and what it says in words."""

    title: str
    high: float
    bars: list[Bar] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)


def draw_groups(title: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """A group of bars for each row, one per name: first colour, second, third."""
    most = max((n for _, values in rows for n in values), default=0) or 1
    high = len(names) * ROW + 16
    chart = Chart(title, TOP + len(rows) * high)
    step = (WIDE - LEFT) / max(1, len(names))
    for place, name in enumerate(names):
        x = LEFT + place * step
        chart.bars.append(Bar(x, 12, 14, 14, f"f{place % 3 + 1}"))
        chart.words.append(Word(x + 22, 19, name))
    for line, (label, values) in enumerate(rows):
        top = TOP + line * high
        chart.words.append(Word(LEFT - 12, top + len(names) * ROW / 2, label, "end"))
        for place, number in enumerate(values):
            wide = (WIDE - LEFT - RIGHT) * number / most
            chart.bars.append(Bar(LEFT, top + place * ROW + 2, max(wide, 1), ROW - 4, f"f{place % 3 + 1}"))
            chart.words.append(Word(LEFT + wide + 6, top + place * ROW + ROW / 2, str(number), paint="soft"))
    return chart


def draw_columns(title: str, columns: Sequence[tuple[str, int]]) -> Chart:
    """A column for each label, its number on top."""
    most = max((n for _, n in columns), default=0) or 1
    chart, floor = Chart(title, 300), 262
    step = WIDE / max(1, len(columns))
    for place, (label, number) in enumerate(columns):
        high, middle = 220 * number / most, (place + 0.5) * step
        chart.bars.append(Bar(middle - step * 0.32, floor - high, step * 0.64, max(high, 1)))
        chart.words.append(Word(middle, floor - high - 12, str(number), "middle"))
        chart.words.append(Word(middle, floor + 18, label, "middle", "soft"))
    return chart


def draw_ranges(
    title: str, names: tuple[str, str], rows: Sequence[tuple[str, int, float, float, float]]
) -> Chart:
    """For each row a bar of what was seen, a line from the lowest to the highest, a mark at the likeliest."""
    most = max((high for *_, high in rows), default=0) or 1
    high = 34
    chart = Chart(title, TOP + len(rows) * high)
    chart.bars += [Bar(LEFT, 12, 14, 14, "f1"), Bar(LEFT + 250, 17, 24, 4), Bar(LEFT + 259, 12, 6, 14)]
    chart.words += [Word(LEFT + 22, 19, names[0]), Word(LEFT + 284, 19, names[1])]
    per = (WIDE - LEFT - RIGHT) / most
    for line, (label, seen, likely, low, top) in enumerate(rows):
        y = TOP + line * high
        chart.words.append(Word(LEFT - 12, y + 14, label, "end"))
        chart.bars.append(Bar(LEFT, y + 6, max(seen * per, 1), 16, "f1"))
        chart.bars.append(Bar(LEFT + low * per, y + 12, max((top - low) * per, 2), 4))
        chart.bars.append(Bar(LEFT + likely * per - 3, y + 6, 6, 16))
        chart.words.append(Word(LEFT + top * per + 8, y + 14, str(round(likely)), paint="soft"))
    return chart


def render_svg(chart: Chart, *, alone: bool = False) -> Markup:
    """SVG 1.1; within a page it takes the page's colours by class, `alone` it has a ground of its own."""
    parts = [_bar(bar) for bar in chart.bars] + [_word(word) for word in chart.words]
    name = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
    ground = f'<rect width="{WIDE}" height="{chart.high:g}" fill="{_hex(PAPER)}"/>' if alone else ""
    size = f'viewBox="0 0 {WIDE} {chart.high:g}" width="{WIDE}" height="{chart.high:g}"'
    letters = f'font-family="Georgia, serif" font-size="{SIZE}"'
    label = escape(chart.title)
    head = f'<svg{name} class="chart" role="img" aria-label="{label}" {size} {letters}>'
    return Markup(f"{head}<title>{label}</title>{ground}{''.join(parts)}</svg>")  # all texts are escaped


def _bar(bar: Bar) -> str:
    return (
        f'<rect class="{bar.paint}" x="{bar.x:.1f}" y="{bar.y:.1f}" width="{bar.wide:.1f}" '
        f'height="{bar.high:.1f}" fill="{_hex(PAINTS[bar.paint])}"/>'
    )


def _word(word: Word) -> str:
    return (
        f'<text class="{word.paint}" x="{word.x:.1f}" y="{word.y:.1f}" dy=".35em" '
        f'text-anchor="{word.anchor}" fill="{_hex(PAINTS[word.paint])}">{escape(word.text)}</text>'
    )


def _hex(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def render_png(chart: Chart) -> bytes:
    """The same in points, twice as fine, for a text processor."""
    image = Image.new("RGB", (WIDE * SCALE, round(chart.high) * SCALE), PAPER)
    draw = ImageDraw.Draw(image)
    for bar in chart.bars:
        box = (bar.x, bar.y, bar.x + bar.wide, bar.y + bar.high)
        draw.rectangle([round(edge * SCALE) for edge in box], PAINTS[bar.paint])
    anchors = {"start": "lm", "middle": "mm", "end": "rm"}
    for word in chart.words:
        at = (word.x * SCALE, word.y * SCALE)
        draw.text(at, word.text, PAINTS[word.paint], font_of(SIZE * SCALE), anchor=anchors[word.anchor])
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()
