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
TITLE = "\ue000"  # of a private area: no text has it
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
    """A document of that moment: its title, then paragraphs and headings; the same bytes for the same."""
    own = "".join((HEADING if is_heading else PARAGRAPH) % escape(text) for is_heading, text in texts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, body in _parts(voice.site_title(), voice.language).items():
            part = zipfile.ZipInfo(name, STAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3
            body = body.replace(TITLE.encode(), escape(title).encode())
            if name == "word/document.xml":
                before, end, after = body.rpartition(b"<w:sectPr")  # the section's settings stay last
                body = before + own.encode() + end + after
            elif name == "docProps/core.xml":
                body = body.replace(b"1980-01-01T00:00:00Z", f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode())
            package.writestr(part, body)
    return out.getvalue()


@cache
def _parts(author: str, language: str) -> dict[str, bytes]:
    """The parts of a document of 1980 that has a mark for its title and no paragraph.

    python-docx makes all that documents have in common: to do it for every one takes it 20 milliseconds.
    """
    document = Document(io.BytesIO(_shell()))
    core = document.core_properties
    core.title, core.author, core.comments = TITLE, author, ""
    core.language = language
    core.created = core.modified = datetime(*STAMP[:3])  # noqa: DTZ001 - as the packer stamps its parts
    document.add_heading(TITLE, level=1)
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as package:
        return {name: package.read(name) for name in package.namelist()}


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
