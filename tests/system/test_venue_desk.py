"""The venue's side of the command line: links, the review list, and that opting out is honoured."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

import trek
from aggregator import clock
from aggregator.model import Outcome, Run
from aggregator.petition import add_petition, load_secret, note_left
from aggregator.store import open_store
from feeds.venue.link import is_signed
from tests.system.home import add_source, make_home

MOMENT = "2026-11-24T07:30:00+00:00"
VENUES = """
venues:
  - {id: de-spil, name: De Spil, municipality: hengelo, place: Hengelo}
  - {id: de-spoel, name: De Spoel, municipality: hengelo, place: Hengelo}
"""


@pytest.fixture
def desk(tmp_path: Path) -> trek.Desk:
    home = make_home(tmp_path)
    (home / "config" / "venues").mkdir(exist_ok=True)
    (home / "config" / "venues" / "hengelo.yaml").write_text(VENUES)
    add_source(home / "config", "spil", "https://spil.invalid/agenda", "venue: de-spil\n")
    return trek.Desk(home / "data", home / "public", None, home / "config")


def say(desk: trek.Desk, *words: str) -> str:
    """What a command prints."""
    places = ["--data", str(desk.data)] + ([] if "done" in words else ["--config", str(desk.config)])
    done = CliRunner().invoke(trek.app, [*words, *places])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.output


def test_who_opted_out_is_not_read_and_is_let_go_once(desk: trek.Desk) -> None:
    source = next(s for s in desk.region.sources.values() if s.venue and s.enabled)
    assert source.venue
    with desk.open() as store:
        assert source.id in desk.due(store, None)
        note_left(desk.data, source.venue, clock.now(), out=True)
        assert source.id not in desk.due(store, None, everything=True)
        assert desk.due(store, [source.id]) == ()
        desk.let_go(store)
        assert not (desk.data / "inbox" / source.id).exists()  # nothing is known of it: nothing to forget
    known = {source.id: Run("r1", source.id, MOMENT, MOMENT, Outcome.OK, True, 3)}
    reader = type("Known", (), {"last_runs": lambda self: known})()
    desk.let_go(reader)
    runs = list((desk.data / "inbox" / source.id).iterdir())
    assert len(runs) == 1
    known[source.id] = Run("r2", source.id, MOMENT, MOMENT, Outcome.FORGOTTEN, True)
    desk.let_go(reader)
    assert list((desk.data / "inbox" / source.id).iterdir()) == runs
    with desk.open() as store:
        note_left(desk.data, source.venue, clock.now(), out=False)
        assert source.id in desk.due(store, None, everything=True)


def test_a_link_from_the_command_line_opens_the_form_of_its_venue_alone(desk: trek.Desk) -> None:
    venue, other = list(desk.region.venues)[:2]
    address = say(desk, "venue", "link", venue, "--lang", "de").strip()
    parts = urlsplit(address)
    assert parts.path == f"/de/podium/{venue}/wijzig/"
    (key,) = parse_qs(parts.query)["key"]
    secret = load_secret(desk.data)
    assert is_signed(key, venue, clock.now(), secret)
    assert not is_signed(key, other, clock.now(), secret)


def test_an_unknown_venue_gets_no_link(desk: trek.Desk) -> None:
    words = ["venue", "link", "de-spul", "--data", str(desk.data), "--config", str(desk.config)]
    done = CliRunner().invoke(trek.app, words)
    assert "no venue has this id" in str(done.exception)
    assert "de-spil" in str(done.exception)


def test_a_proposal_stands_on_the_review_list_until_it_is_done(desk: trek.Desk) -> None:
    venue = next(iter(desk.region.venues.values()))
    facts = {"venue": venue.id, "uid": "e1", "title": "Orgel", "field": "price", "note": "Duurder."}
    with desk.open() as store:
        before = store.revision()
    add_petition(desk.data, facts | {"before": "€ 12", "after": "€ 15"}, clock.now())
    text = say(desk, "review")
    assert "price: € 12" in text
    assert "-> € 15" in text
    assert "€ 15" in say(desk, "review", "--municipality", "hengelo")
    store = open_store(desk.database, read_only=True)
    assert store.revision() == before  # it changes nothing by itself
    store.close()
    found = re.search(r"trek venue done (\w+)", text)
    assert found is not None
    assert "off the list" in say(desk, "venue", "done", found[1])
    assert "€ 15" not in say(desk, "review")


def test_a_week_can_be_printed_for_a_letter(desk: trek.Desk) -> None:
    with desk.open():
        pass
    venue = next(iter(desk.region.venues.values()))
    text = say(desk, "venue", "digest", venue.id, "--lang", "en")
    assert text.startswith(venue.name)
    assert text.rstrip().endswith(f"/en/podium/{venue.id}/controle/")
