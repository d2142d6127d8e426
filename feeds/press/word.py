"""A press list as a Word document, the same bytes for the same list."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time

from docx import Document
from docx.document import Document as WordDocument

from feeds.card import Voice
from feeds.press.plain import blocks, closing, period
from feeds.press.rows import PressList

STAMP = (1980, 1, 1, 0, 0, 0)  # of every part: the packer would write the clock


def render_docx(listed: PressList, voice: Voice) -> bytes:
    """Title, days as headings, a paragraph per event."""
    document = _blank()
    core = document.core_properties
    core.title, core.author, core.comments = listed.title, voice.site_title(), ""
    core.language = voice.language
    core.created = core.modified = datetime.combine(listed.first, time())
    document.add_heading(listed.title, level=1)
    document.add_paragraph(period(listed, voice))
    found = blocks(listed, voice)
    for heading, lines in found:
        document.add_heading(heading, level=2)
        for line in lines:
            document.add_paragraph(line)
    if not found:
        document.add_paragraph(voice.words("press.nothing"))
    document.add_paragraph(closing(voice))
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


def _blank() -> WordDocument:
    """An empty document without the template's picture of itself, which is most of its size."""
    document = Document()
    links = document.part.package.rels
    for name in [name for name, link in links.items() if link.reltype.endswith("/thumbnail")]:
        del links[name]
    return document


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
