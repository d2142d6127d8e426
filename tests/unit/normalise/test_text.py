"""Cleaning of text."""

import pytest

from aggregator.normalise.text import clean_line, clean_text, cut, excerpt, slug

LINES = [
    ("  Jan\n  en\tPiet ", "Jan en Piet"),
    ("Rock &amp; roll", "Rock & roll"),
    ("De meester&amp;#039;s hand", "De meester's hand"),
    ("&amp;amp;amp;", "&"),
    ("<b>Jan</b><br/>Piet", "Jan Piet"),
    ("a < b en c > d", "a < b en c > d"),
    ("abc\u202edef\u200b", "abcdef"),
    ("a\x00b\x07c", "abc"),
    ("cafe\u0301", "café"),
    ("geluids\u00admeting", "geluidsmeting"),
    ("AT&T", "AT&T"),
    ("kapot \ud83d paar", "kapot paar"),
    ("\u200b \n", None),
    (None, None),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_clean_line(text: str | None, expected: str | None) -> None:
    assert clean_line(text) == expected


def test_clean_text_lays_html_out() -> None:
    html = "<p>Eerste &amp; tweede</p><script>alert(1)</script><ul><li>a</li><li>b</li></ul>"
    assert clean_text(html) == "Eerste & tweede\n\na\nb"


def test_clean_text_reads_escaped_markup() -> None:
    assert clean_text("&lt;p&gt;Een&lt;/p&gt;&lt;p&gt;twee&lt;/p&gt;") == "Een\n\ntwee"


def test_clean_text_keeps_lines_of_plain_text() -> None:
    assert clean_text("een\r\ntwee\n\n\n\ndrie") == "een\ntwee\n\ndrie"


def test_caps() -> None:
    assert clean_line("woord " * 100, 20) == "woord woord woord…"
    assert cut("x" * 30, 10) == "x" * 9 + "…"
    assert cut("kort", 10) == "kort"


def test_excerpt_ends_with_a_sentence() -> None:
    text = "Eerste zin over de avond. " + "Tweede zin die veel te lang is om er nog bij te passen " * 5
    assert excerpt(text, 100) == "Eerste zin over de avond."
    assert excerpt("Kort.") == "Kort."
    assert len(excerpt("zonder einde " * 50)) <= 200


def test_slug() -> None:
    assert slug("Déjà vu: 't Feest!") == "deja-vu-t-feest"
    assert slug("!!!") == "x"
