"""Zone names as calendar programs write them."""

from __future__ import annotations

import pytest

from crawlers.extract.zones import guess_zone, is_known, mend_zones

NAMES = {
    "(UTC+01:00) Amsterdam, Berlijn, Bern, Rome, Stockholm, Wenen": "Europe/Amsterdam",
    "(GMT+01.00) Brussels / Copenhagen / Madrid / Paris": "Europe/Brussels",
    "/eigen.example/20260101_1/Europe/Amsterdam": "Europe/Amsterdam",
    "europe/amsterdam": "Europe/Amsterdam",
    "Central European Time": "Europe/Amsterdam",
    "West-Europa (standaardtijd)": "Europe/Amsterdam",
    "New York": "America/New_York",
    "tzone://Microsoft/Utc": "UTC",
    "UTC+1": None,
    "Customized Time Zone": None,
    "Onze zaal": None,
}


@pytest.mark.parametrize(("name", "zone"), NAMES.items())
def test_guess(name: str, zone: str | None) -> None:
    assert guess_zone(name) == zone


@pytest.mark.parametrize(
    "name", ["Europe/Amsterdam", "W. Europe Standard Time", "Romance Standard Time", "UTC"]
)
def test_known_names_are_left_to_the_library(name: str) -> None:
    assert is_known(name)
    assert mend_zones(f"DTSTART;TZID={name}:20261010T200000", "") == f"DTSTART;TZID={name}:20261010T200000"


def test_zone_that_the_file_defines_stays() -> None:
    line = 'DTSTART;TZID="Amsterdam zaal":20261010T200000'
    assert mend_zones(line, "") == "DTSTART;TZID=Europe/Amsterdam:20261010T200000"
    assert mend_zones(line, "BEGIN:VTIMEZONE\r\nTZID:Amsterdam zaal\r\n") == line
