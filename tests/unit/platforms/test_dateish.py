"""Whether a text holds a date or a time: the cheap look, on what venues print."""

from __future__ import annotations

import pytest

from crawlers.platforms.dateish import (
    date_in_url,
    days_in,
    holds_date,
    holds_time,
    holds_year,
    is_stamp,
    next_day,
    with_year,
)

DATES = [
    "Za 17 okt. 2026 - 20:30 uur",
    "wo 14 okt '26",
    "11.04.2019",
    "wo 17-03",
    "di0906 21:00",
    "Oct 28",
    "Tuesday, Apr. 28, 2026",
    "Sonntag, 24. September",
    "op 1 maart",
    "t/m 07 aug",
    "2026-10-14",
    "29/06–08/07/2018",
    "vandaag",
    "1e maart",
    "11 Mär",
    "Mi 04.03",
]
NO_DATES = [
    "20:30",
    "€ 12.50",
    "maart 2026",
    "3 mannen",
    "12 maar dan anders",
    "zaal 4",
    "2026",
    "31.05",
    "12 marktkramen",
    "8 decibel",
]


@pytest.mark.parametrize("text", DATES)
def test_holds_date(text: str) -> None:
    assert holds_date(text)


@pytest.mark.parametrize("text", NO_DATES)
def test_holds_no_date(text: str) -> None:
    assert not holds_date(text)


@pytest.mark.parametrize(
    "text",
    ["20:30", "20.30 uur", "20 uur", "aanvang 20.15u", "8pm", "19:30-23:00 uur", "11 Uhr", "19u30", "20h00"],
)
def test_holds_time(text: str) -> None:
    assert holds_time(text)


@pytest.mark.parametrize("text", ["€ 12.50", "11.04.2019", "2026-10-14", "zaal 12", "7511 AA"])
def test_holds_no_time(text: str) -> None:
    assert not holds_time(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9 Oct 20.15", {(9, 10)}),
        ("Oct 9", {(9, 10)}),
        ("wo 17-03", {(17, 3)}),
        ("1 en 2 augustus", {(2, 8)}),
        ("30 dec t/m 2 jan", {(30, 12), (2, 1)}),
        ("geen", set()),
    ],
)
def test_days_in(text: str, found: set[tuple[int, int]]) -> None:
    assert days_in(text) == found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://x.nl/programma/een/01-10-2026-20-15", ("2026-10-01", "20:15")),
        ("https://x.nl/?speeldata=2026-10-09-20-15", ("2026-10-09", "20:15")),
        ("https://x.nl/een-27-08-2022/", ("2022-08-27", None)),
        ("https://x.nl/een/16-10-2026-20-001", ("2026-10-16", None)),
        ("https://x.nl/e/?occurrence=2026-11-14", ("2026-11-14", None)),
        ("https://x.nl/een/45-13-2026", None),
        ("https://x.nl/een", None),
    ],
)
def test_date_in_url(url: str, found: tuple[str, str | None] | None) -> None:
    assert date_in_url(url) == found


@pytest.mark.parametrize(
    ("text", "url", "told"),
    [
        ("9 Oct 20:15", "https://x.nl/een/2026-10-09", "9 Oct 2026 20:15"),
        ("wo 17-03 20:00", "https://x.nl/een/17-03-2027", "wo 17-03-2027 20:00"),
        ("10 okt", "https://x.nl/een/09-10-2026", "10 okt"),  # the address names another day
        ("9 t/m 12 okt", "https://x.nl/een/09-10-2026", "9 t/m 12 okt"),
        ("9 okt 2027", "https://x.nl/een/09-10-2026", "9 okt 2027"),  # what is printed is believed
        ("9 okt", None, "9 okt"),
    ],
)
def test_with_year(text: str, url: str | None, told: str) -> None:
    assert with_year(text, url) == told


def test_holds_year() -> None:
    assert holds_year("wo 14 okt '26")
    assert not holds_year("wo 14 okt 20:26")


@pytest.mark.parametrize(
    "text", ["2026-10-14", "2026-10-14T20:15:00Z", "2026-10-14 20:15", "20261014T201500+0200"]
)
def test_is_stamp(text: str) -> None:
    assert is_stamp(text)


@pytest.mark.parametrize("text", ["14-10-2026", "2026-13-01", "morgen", "2026", "2026-10-14 en 15"])
def test_is_no_stamp(text: str) -> None:
    assert not is_stamp(text)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Vrijdag 29 januari", "30 jan"),
        ("za 31 oktober 2026", "1 nov 2026"),
        ("31 dec 2026", "1 jan 2027"),
        ("28 februari", "28 februari"),  # of a leap year or not
        ("28 februari 2028", "29 feb 2028"),
        ("9 t/m 12 okt", "9 t/m 12 okt"),
    ],
)
def test_next_day(text: str, after: str) -> None:
    assert next_day(text) == after
