"""A source whose file is gone: its events stay, marked, until somebody says go; then they are gone."""

from __future__ import annotations

from pathlib import Path

from tests.system.home import add_source, call, make_home


def agenda(home: Path) -> str:
    return (home / "public" / "agenda" / "hengelo.ics").read_text().replace("\r\n ", "")


def test_events_of_a_source_that_is_gone_stay_marked_until_they_are_forgotten(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    file = add_source(home / "config", "kerk", "https://kerk.invalid/agenda")
    assert call(home, "publish").status == 0
    said = call(home, "forget", "kerk")
    assert (said.status, len(said.lines)) == (2, 1)
    assert "enabled: false" in said.err
    file.unlink()
    said = call(home, "run", "--once")
    assert "kerk: read no more, 12 coming events" in said.err
    assert "trek forget kerk" in said.err
    assert agenda(home).count("BEGIN:VEVENT") == 12
    assert "kerk" in agenda(home).split("BEGIN:VEVENT")[0]  # the calendar says what was not checked
    said = call(home, "forget", "kerk")
    assert said.status == 0
    assert "12 coming events withdrawn" in said.out
    assert "BEGIN:VEVENT" not in agenda(home)
    assert "kerk" not in call(home, "run", "--once").err
