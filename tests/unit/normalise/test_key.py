"""Identity of listings."""

import pytest

from aggregator.model import RawEvent
from aggregator.normalise.key import canonical_url, listing_key, page_key, public_url, url_key

CANONICAL = [
    ("HTTP://Example.ORG:80/a?b=2&a=1#deel", "http://example.org/a?a=1&b=2"),
    ("https://example.org/a?utm_source=x&fbclid=1&id=3", "https://example.org/a?id=3"),
    ("https://example.org/a;jsessionid=AB12?id=3", "https://example.org/a?id=3"),
    ("https://user:secret@example.org/a", "https://example.org/a"),
    ("https://example.org/caf\u00e9", "https://example.org/caf%C3%A9"),
    ("mailto:iemand@example.org", None),
    ("javascript:alert(1)", None),
    ("/agenda/1", None),
    ("https://[kapot", None),
    ("", None),
    (None, None),
]
KEYS = [
    ("http://www.example.org/agenda/1/", "example.org/agenda/1"),
    ("https://example.org/agenda/1", "example.org/agenda/1"),
    ("https://example.org/?p=12", "example.org?p=12"),
]
PAGES = [
    ("https://example.org/agenda?page=2&soort=muziek", "example.org/agenda?soort=muziek"),
    ("https://example.org/agenda/page/3/", "example.org/agenda"),
    ("https://example.org/agenda", "example.org/agenda"),
]


def _raw(**fields: str | None) -> RawEvent:
    return RawEvent("bron", "https://example.org/agenda", "", "layout", "Zomeravond", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("url", "expected"), CANONICAL)
def test_canonical_url(url: str | None, expected: str | None) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(("url", "expected"), KEYS)
def test_url_key(url: str, expected: str) -> None:
    assert url_key(url) == expected


@pytest.mark.parametrize(("url", "expected"), PAGES)
def test_page_key(url: str, expected: str) -> None:
    assert page_key(url) == expected


def test_order_of_identity() -> None:
    lists = frozenset({"example.org/agenda"})
    own = "https://example.org/agenda/zomeravond"
    assert listing_key(_raw(source_key=" 12 ", url=own), "Zomeravond", lists) == ("12", False)
    assert listing_key(_raw(url=own), "Zomeravond", lists) == ("example.org/agenda/zomeravond", False)
    assert listing_key(_raw(), "Zomeravond", lists) == ("example.org/agenda#zomeravond", True)


def test_address_of_the_list_names_no_event() -> None:
    lists = frozenset({"example.org/agenda"})
    page = "https://example.org/agenda"
    assert listing_key(_raw(url=page), "Zomeravond", lists) == ("example.org/agenda#zomeravond", True)
    assert listing_key(_raw(url=f"{page}#event-17"), "Zomeravond", lists) == (
        "example.org/agenda#event-17",
        False,
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://podium.example/a/b-%28live%29", "https://podium.example/a/b-%28live%29"),
        ("https://podium.example/?b=2&a=1", "https://podium.example/?b=2&a=1"),
        ("https://podium.example/a?utm_source=x&id=7&fbclid=y", "https://podium.example/a?id=7"),
        ("https://podium.example/agenda#show-12", "https://podium.example/agenda#show-12"),
        ("  https://podium.example/caf\u00e9 ", "https://podium.example/caf%C3%A9"),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_public_url_is_the_sources_own_spelling(url: str | None, expected: str | None) -> None:
    assert public_url(url) == expected
