"""Sections under headings: the lines of a paragraph apart, the elements of a section in one."""

from __future__ import annotations

import pytest

from crawlers.platforms.dom import fragment, words
from crawlers.platforms.sections import join_nodes, split_lines


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        ("<p>1 mei koor<br>2 mei <b>band</b> om 20 uur<br/>3 mei film</p>", 3),
        ("<p>1 mei koor<br><br>2 mei band</p>", 2),
        ("<p><b>1 mei</b> koor</p>", 1),
        ("<p>\x0b1 mei\x01 koor<br>\x0c2 mei\x1f band</p>", 2),
        ("<p><br></p>", 0),
    ],
)
def test_each_line_of_a_paragraph_is_an_element_whatever_is_in_it(html: str, rows: int) -> None:
    (paragraph,) = fragment(html)
    made = split_lines(paragraph)
    assert len(made) == rows
    assert "".join(map(words, made)).replace(" ", "") == "".join(
        c for c in words(paragraph).replace(" ", "") if c.isprintable()
    )


def test_a_section_is_a_copy_and_the_page_stays_as_it_was() -> None:
    page = fragment("<h3>Koor</h3><p>1 mei</p><p>Zaal</p>")
    section = join_nodes(list(page)[:2])
    assert (words(section), words(page)) == ("Koor 1 mei", "Koor 1 mei Zaal")
