"""A press list as a Word document, the same bytes for the same list."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from functools import cache
from xml.sax.saxutils import escape

from docx import Document

from feeds.card import Voice
from feeds.press.plain import blocks, closing, period
from feeds.press.rows import PressList

SPARE = ("thumbnail", "stylesWithEffects")  # parts of the template that no document needs
STYLES = (
    *("Normal", "Heading1", "Heading2"),
    *("DefaultParagraphFont", "Heading1Char", "Heading2Char", "TableNormal", "NoList"),
)
PARAGRAPH = "<w:p><w:r><w:t>%s</w:t></w:r></w:p>"
HEADING = '<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>'
STAMP = (1980, 1, 1, 0, 0, 0)  # of every part: the packer would write the clock


def render_docx(listed: PressList, voice: Voice) -> bytes:
    """Title, days as headings, a paragraph per event."""
    return _packed(listed.title, datetime.combine(listed.first, time()), _paragraphs(listed, voice), voice)


def render_note(title: str, text: str, voice: Voice) -> bytes:
    """A document that says only what became of its list."""
    moment = datetime(*STAMP[:3])  # noqa: DTZ001 - as the packer stamps its parts
    return _packed(title, moment, [(False, text)], voice)


def _paragraphs(listed: PressList, voice: Voice) -> Iterator[tuple[bool, str]]:
    """(whether it is a heading, text) of everything below the title."""
    yield False, period(listed, voice)
    found = blocks(listed, voice)
    for heading, lines in found:
        yield True, heading
        yield from ((False, line) for line in lines)
    if not found:
        yield False, voice.words("press.nothing")
    yield from ((False, line) for line in closing(listed, voice))


def _packed(title: str, moment: datetime, texts: Iterable[tuple[bool, str]], voice: Voice) -> bytes:
    """A document of that moment: its title, then paragraphs and headings, the same bytes for the same.

    python-docx makes all but these: it looks up the style for every one, and takes a millisecond for it.
    """
    document = Document(io.BytesIO(_shell()))
    core = document.core_properties
    core.title, core.author, core.comments = title, voice.site_title(), ""
    core.language = voice.language
    core.created = core.modified = moment
    document.add_heading(title, level=1)
    saved = io.BytesIO()
    document.save(saved)
    own = "".join((HEADING if is_heading else PARAGRAPH) % escape(text) for is_heading, text in texts)
    return _settled(saved.getvalue(), own.encode())


@cache
def _shell() -> bytes:
    """python-docx's template without what is most of its size and of the work to read it.

    The template's picture of itself, its styles for another program, and the styles that no list uses.
    """
    document = Document()
    for rels in (document.part.package.rels, document.part.rels):
        for name in [n for n, link in rels.items() if link.reltype.rpartition("/")[2] in SPARE]:
            del rels[name]
    for style in list(document.styles):
        if style.style_id not in STYLES:
            style.delete()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _settled(data: bytes, own: bytes) -> bytes:
    """The same package with these paragraphs at its end and without the time of packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            part = zipfile.ZipInfo(info.filename, STAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3
            body = old.read(info)
            if info.filename == "word/document.xml":
                before, end, after = body.rpartition(b"<w:sectPr")  # the section's settings stay last
                body = before + own + end + after
            new.writestr(part, body)
    return out.getvalue()
