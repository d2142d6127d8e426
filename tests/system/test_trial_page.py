"""A page that anybody tries, in a process of its own: guarded after redirects too, bounded, nothing kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from aggregator.model import Outcome
from crawlers import trial
from crawlers.trial import Asked, answer_trial, try_page
from tests.system.home import make_home

NOW = "2026-11-24T12:00:00+01:00"
EVENT = b"""BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Orgel
DTSTART;TZID=Europe/Amsterdam:20261205T200000\r\nLOCATION:Markt 1, Hengelo\r\nEND:VEVENT
END:VCALENDAR\r\n"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return make_home(tmp_path) / "config"


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go: afterwards there must be none."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost/", "file:///etc/passwd", "http://[::1]/", "ftp://a.example"],
)
def test_an_internal_address_is_refused_before_anything_is_started(
    config: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial.subprocess, "Popen", None)
    assert try_page(url, None, "", config, NOW)["outcome"] == Outcome.REFUSED_ADDRESS


def test_a_page_is_fetched_and_a_redirect_into_the_own_network_refused(
    config: Path, kept: Path, tmp_path: Path
) -> None:
    with HTTPServer(host="127.0.0.1", threaded=True) as site, HTTPServer(host="127.0.0.1") as inner:
        site.expect_request("/robots.txt").respond_with_data("", status=404)
        moved = {"Location": inner.url_for("/secret")}
        site.expect_request("/page").respond_with_data("", status=302, headers=moved)
        site.expect_request("/agenda.ics").respond_with_data(EVENT, content_type="text/calendar")
        allowed = (f"127.0.0.1:{site.port}",)
        read = try_page(site.url_for("/agenda.ics"), None, "", config, NOW, allowed)
        assert (read["outcome"], read["events"]) == (Outcome.OK, 1)
        assert read["listings"][0]["title"] == "Orgel"
        assert "robots.txt" in site.log[0][0].path
        answer = answer_trial(Asked(site.url_for("/page"), str(config), str(tmp_path), NOW, allowed=allowed))
        assert answer["outcome"] == Outcome.REFUSED_ADDRESS
        assert inner.log == []
    assert list(kept.iterdir()) == []


def test_a_file_is_read_all_the_way_and_fetches_nothing(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "sent"
    file.write_bytes(EVENT)
    answer = answer_trial(Asked("", str(config), str(tmp_path), NOW, str(file)))
    assert (answer["outcome"], answer["events"], answer["url"]) == (Outcome.OK, 1, "")
    (listing,) = answer["listings"]
    assert listing["occurrences"][0]["when"]["start"] == "2026-12-05T20:00:00+01:00"
    assert listing["origins"]["title"]["method"] == "icalendar"


def test_what_takes_too_long_is_ended(config: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "PATIENCE", 0)
    assert try_page("", EVENT, "", config, NOW)["outcome"] == trial.TOO_HEAVY
    assert list(kept.iterdir()) == []
