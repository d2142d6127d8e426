"""A press list as a Word document, the same bytes for the same list."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, time
from functools import cache

from docx import Document
from docx.document import Document as WordDocument

from feeds.card import Voice
from feeds.press.plain import blocks, closing, period
from feeds.press.rows import PressList

SPARE = ("thumbnail", "stylesWithEffects")  # parts of the template that no document needs
STYLES = (
    *("Normal", "Heading1", "Heading2"),
    *("DefaultParagraphFont", "Heading1Char", "Heading2Char", "TableNormal", "NoList"),
)
STAMP = (1980, 1, 1, 0, 0, 0)  # of every part: the packer would write the clock


def render_docx(listed: PressList, voice: Voice) -> bytes:
    """Title, days as headings, a paragraph per event."""
    document = _blank()
    core = document.core_properties
    core.title, core.author, core.comments = listed.title, voice.site_title(), ""
    core.language = voice.language
    core.created = core.modified = datetime.combine(listed.first, time())
    document.add_heading(listed.title, level=1)
    _fill(document, list(_paragraphs(listed, voice)))
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


def render_note(title: str, text: str, voice: Voice) -> bytes:
    """A document that says only what became of its list."""
    document = _blank()
    core = document.core_properties
    core.title, core.author, core.comments = title, voice.site_title(), ""
    core.language = voice.language
    core.created = core.modified = datetime(*STAMP[:3])  # noqa: DTZ001 - as the packer stamps its parts
    document.add_heading(title, level=1)
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


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


def _fill(document: WordDocument, texts: list[tuple[bool, str]]) -> None:
    """Paragraphs and headings: copies of one of each, as python-docx looks up the style for every one."""
    patterns = {True: document.add_heading("…", level=2)._p, False: document.add_paragraph("…")._p}
    end = patterns[False].getnext()  # the section's settings stay last
    for is_heading, text in texts:
        made = deepcopy(patterns[is_heading])
        made.r_lst[0].text = text
        end.addprevious(made)
    for pattern in patterns.values():
        pattern.getparent().remove(pattern)


def _blank() -> WordDocument:
    """An empty document."""
    return Document(io.BytesIO(_shell()))


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


def _settled(data: bytes) -> bytes:
    """The same package without the time of packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            part = zipfile.ZipInfo(info.filename, STAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3
            new.writestr(part, old.read(info))
    return out.getvalue()
