"""Prices from words and from machine fields."""

from decimal import Decimal

import pytest

from aggregator.model import RawOffer
from aggregator.normalise.price import parse_price

NOTHING = (None, None, None)
WORDS = [
    ("€ 12,50", ("12.50", "12.50", False)),
    ("12,50 euro", ("12.50", "12.50", False)),
    ("€ 12,-", ("12", "12", False)),
    ("v.a. 15 euro", ("15", None, False)),
    ("vanaf € 15", ("15", None, False)),
    ("€ 35,50–€ 37,50", ("35.50", "37.50", False)),
    ("€ 10 - 12,50", ("10", "12.50", False)),
    ("10 tot 15 euro", ("10", "15", False)),
    ("vijftien euro", ("15", "15", False)),
    ("vijfentwintig euro", ("25", "25", False)),
    ("Normaal tarief € 24,50", ("24.50", "24.50", False)),
    ("vvk € 10 / dk (aan de deur) € 12", ("10", "12", False)),
    ("leden gratis, niet-leden € 5", ("5", "5", False)),
    ("Kinderen t/m 12 jaar gratis, volwassenen € 7,50", ("7.50", "7.50", False)),
    ("€ 1.250,00", ("1250.00", "1250.00", False)),
    ("€ 22,50 (incl. € 2,50 servicekosten)", ("22.50", "22.50", False)),
    ("12.00 uur, € 7", ("7", "7", False)),
    ("€ 10 t/m 12 jaar", ("10", "10", False)),
    ("17,50", ("17.50", "17.50", False)),
    ("20.15 uur 12,50", ("12.50", "12.50", False)),
    ("Gratis parkeren, € 5", ("5", "5", False)),
    ("$63.25", ("63.25", "63.25", False)),
    ("gratis", ("0", "0", True)),
    ("Gratis, wel even aanmelden", ("0", "0", True)),
    ("Toegang vrij", ("0", "0", True)),
    ("vrijwillige bijdrage na afloop", ("0", "0", True)),
    ("pay what you want", ("0", "0", True)),
    ("Eintritt frei", ("0", "0", True)),
    ("€ 0,00", ("0", "0", True)),
    ("gratis voor leden", NOTHING),
    ("kinderen gratis", NOTHING),
    ("gratis parkeren", NOTHING),
    ("niet gratis", NOTHING),
    ("entree inclusief koffie", NOTHING),
    ("CJP/65+", NOTHING),
    ("museumkaart geldig", NOTHING),
    ("uitverkocht", NOTHING),
    ("bel 0547 123456", NOTHING),
    ("", NOTHING),
]
FIELDS = [
    (RawOffer(price="19.50", currency="EUR"), ("19.50", "19.50", False)),
    (RawOffer(price="12,50"), ("12.50", "12.50", False)),
    (RawOffer(price=""), NOTHING),
    (RawOffer(price="0", currency="EUR"), ("0", "0", True)),
    (RawOffer(low="10", high="20.5", currency="EUR"), ("10", "20.5", False)),
    (RawOffer(low="10"), ("10", None, False)),
    (RawOffer(price="999999"), NOTHING),
]


def _plain(offer: RawOffer) -> tuple[str | None, str | None, bool | None]:
    price = parse_price([offer])[0]
    if price is None:
        return NOTHING
    low, high = (None if p is None else str(p) for p in (price.min, price.max))
    return low, high, price.free


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_price_words(text: str, expected: tuple[str | None, str | None, bool | None]) -> None:
    assert _plain(RawOffer(text=text)) == expected


@pytest.mark.parametrize(("offer", "expected"), FIELDS)
def test_price_fields(offer: RawOffer, expected: tuple[str | None, str | None, bool | None]) -> None:
    assert _plain(offer) == expected


def test_currency_comes_from_the_field_then_the_sign() -> None:
    assert parse_price([RawOffer(price="5", currency="gbp")])[0].currency == "GBP"  # type: ignore[union-attr]
    assert parse_price([RawOffer(text="$ 5")])[0].currency == "USD"  # type: ignore[union-attr]


def test_free_flag_against_an_amount_is_told() -> None:
    price, raw, warnings = parse_price([RawOffer(price="10", currency="EUR")], said_free=True)
    assert price is not None
    assert (price.min, price.free) == (Decimal(10), False)
    assert (raw, warnings) == ("10", ("price-conflict",))


def test_a_tier_that_costs_nothing() -> None:
    price = parse_price([RawOffer(price="0"), RawOffer(price="10")])[0]
    assert price is not None
    assert (price.min, price.max, price.free) == (Decimal(0), Decimal(10), False)


def test_flags_without_words() -> None:
    assert parse_price([], said_free=True)[0].free is True  # type: ignore[union-attr]
    assert parse_price([], said_free=False)[0].free is False  # type: ignore[union-attr]
    assert parse_price([])[0] is None
