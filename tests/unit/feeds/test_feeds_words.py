"""Words in three languages: the same keys and names everywhere, days and prices spelled right."""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polib
import pytest

import feeds
from aggregator.model import AllDay, Price, Status, Timed
from feeds.text import clean, one_line, shorten, web_address
from feeds.words import LANGUAGES, LISTS, load_words
from tests.unit.feeds.feeds_world import at

FOLDER = Path(feeds.__path__[0]) / "site" / "locale"


def catalogue(language: str) -> dict[str, list[str]]:
    """Each key with its text, or its texts by number."""
    found = polib.pofile(str(FOLDER / f"{language}.po"))
    return {e.msgid: list(e.msgstr_plural.values()) or [e.msgstr] for e in found}


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_and_names_are_the_same_in_every_language(language: str) -> None:
    own, dutch = catalogue(language), catalogue("nl")
    assert set(own) == set(dutch)
    assert {k: len(v) for k, v in load_words(language).lists.items()} == dict.fromkeys(LISTS, 12) | {
        "date.days": 7,
        "date.days_short": 7,
    }
    for key, forms in own.items():
        assert all(text.strip() for text in forms), key
        assert len(forms) == len(dutch[key]), key
        assert set().union(*map(names, forms)) <= set().union(*map(names, dutch[key])) | {"year"}, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_whole(language: str) -> None:
    found = polib.pofile(str(FOLDER / f"{language}.po"), check_for_duplicates=True)
    assert found.metadata["Language"] == language
    assert not found.untranslated_entries()
    assert not found.fuzzy_entries()
    assert not found.obsolete_entries()


USED = re.compile(r"""(?:\bw|words|\.count)\(\s*["']([a-z_]+\.[a-z_.-]+)["']""")


def test_every_key_that_is_used_exists() -> None:
    room = FOLDER.parents[1]
    texts = [p.read_text(encoding="utf-8") for p in room.rglob("*") if p.suffix in (".py", ".html")]
    used = {key for text in texts for key in USED.findall(text)}
    assert len(used) > 100
    assert {key for key in used if not load_words("nl").has(key)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_has_words(language: str) -> None:
    words = load_words(language)
    assert all(words.has(f"status.{s.value}") for s in Status if s is not Status.SCHEDULED)


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "uit 1 bron."), ("en", "from 1 source."), ("de", "Aus 1 Quelle.")]
)
def test_one_source_is_no_plural(language: str, said: str) -> None:
    assert said in load_words(language).count("page.made_from", 1)


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_words("nl")("no.such.key")


SPELLED = [
    ("nl", Timed(at(28), at(28, 22, 30)), "zaterdag 28 november 2026, 20:00–22:30 uur"),
    ("en", Timed(at(28), at(28, 22, 30)), "Saturday 28 November 2026, 20:00–22:30"),
    ("de", Timed(at(28), at(28, 22, 30)), "Samstag, 28. November 2026, 20:00–22:30 Uhr"),
    ("nl", Timed(at(28)), "zaterdag 28 november 2026, 20:00 uur"),
    ("nl", Timed(at(24, 23), at(25, 5)), "dinsdag 24 november 2026, 23:00–05:00 uur"),
    ("nl", AllDay(date(2026, 12, 5), date(2026, 12, 12)), "5 t/m 12 december 2026"),
    ("en", AllDay(date(2026, 12, 5), date(2026, 12, 12)), "5 to 12 December 2026"),
    ("de", AllDay(date(2026, 12, 5), date(2026, 12, 12)), "5. bis 12. Dezember 2026"),
    ("de", AllDay(date(2026, 12, 5), date(2027, 1, 2)), "5. Dezember 2026 bis 2. Januar 2027"),
    ("nl", AllDay(date(2026, 11, 5), date(2026, 12, 2)), "5 november t/m 2 december 2026"),
    ("nl", AllDay(date(2026, 5, 1)), "vrijdag 1 mei 2026"),
    ("nl", AllDay(None, date(2027, 1, 12)), "t/m 12 januari 2027"),
]


@pytest.mark.parametrize(("language", "when", "spelled"), SPELLED)
def test_days_are_spelled_as_in_the_language(language: str, when: Timed | AllDay, spelled: str) -> None:
    assert load_words(language).when(when) == spelled


def test_short_form_leads_with_the_day() -> None:
    assert load_words("nl").when(Timed(at(28)), short=True, year=False) == "za 28 nov 20:00"
    assert load_words("de").when(Timed(at(28)), short=True, year=False) == "Sa, 28. Nov. 20:00"


def test_times_are_local() -> None:
    assert load_words("nl").clock(datetime(2026, 7, 1, 18, tzinfo=UTC)) == "20:00"


PRICES = [
    (Price(Decimal("12.50"), Decimal("12.50")), "€ 12,50", "€12.50", "12,50 €"),
    (Price(Decimal(10), Decimal("15.5")), "€ 10 – € 15,50", "€10 – €15.50", "10 € – 15,50 €"),
    (Price(Decimal(10)), "vanaf € 10", "from €10", "ab 10 €"),
    (Price(None, Decimal(10)), "tot € 10", "up to €10", "bis 10 €"),
    (Price(free=True), "Gratis", "Free", "Eintritt frei"),
    (Price(Decimal(0), Decimal(0)), "Gratis", "Free", "Eintritt frei"),
    (Price(Decimal(10), Decimal(10), "GBP"), "GBP 10", "GBP 10", "10 GBP"),
    (Price(), "", "", ""),
    (None, "", "", ""),
]


@pytest.mark.parametrize(("price", "nl", "en", "de"), PRICES)
def test_prices(price: Price | None, nl: str, en: str, de: str) -> None:
    spelled = [load_words(language).price(price).replace("\xa0", " ") for language in LANGUAGES]
    assert spelled == [nl, en, de]


ADDRESSES = [
    ("https://a.example/b?c=d&e=f#g", "https://a.example/b?c=d&e=f#g"),
    ("https://a.example/é", "https://a.example/%C3%A9"),
    ("https://müsik.example/", "https://xn--msik-0ra.example/"),
    ("javascript:alert(1)", None),
    ("data:text/html,x", None),
    ("https://a.example/\r\nX: y", None),
    ('https://a.example/"onclick="', None),
    ("//a.example/", None),
    ("https://", None),
    ("https://[broken", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("url", "kept"), ADDRESSES)
def test_addresses_that_may_be_linked(url: str | None, kept: str | None) -> None:
    assert web_address(url) == kept


def test_text_is_cleaned() -> None:
    assert clean("a\r\nb\x00\x1b c\u202e\t d\n\n\n\ne") == "a\nb c d\n\ne"
    assert one_line(" a\n\tb\u2028c\xa0d ") == "a b c d"
    assert shorten("een twee drie vier", 12) == "een twee…"
    assert shorten("kort", 12) == "kort"
