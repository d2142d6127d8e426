"""What venues send in: proposals that wait once, who opted out, the secret that signs links."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from aggregator import petition
from aggregator.errors import TrekError, UsageError

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
FACTS = {
    "venue": "de-spil",
    "uid": "e1",
    "title": "Orgel",
    "field": "price",
    "before": "€ 12",
    "after": "€ 15",
    "note": "",
}


def test_a_proposal_waits_once_until_it_is_done(tmp_path: Path) -> None:
    first = petition.add_petition(tmp_path, FACTS, NOW)
    assert petition.add_petition(tmp_path, FACTS, NOW) == first
    other = petition.add_petition(tmp_path, FACTS | {"after": "é\n\u2028”"}, NOW)
    assert petition.load_petitions(tmp_path) == [first, other]
    assert petition.drop_petition(tmp_path, first.id) == first
    assert petition.load_petitions(tmp_path) == [other]
    with pytest.raises(UsageError, match="trek review"):
        petition.drop_petition(tmp_path, first.id)


def test_a_venue_cannot_fill_the_list_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(petition, "MOST", 2)
    for n in range(2):
        petition.add_petition(tmp_path, FACTS | {"after": str(n)}, NOW)
    with pytest.raises(UsageError, match="2 proposals"):
        petition.add_petition(tmp_path, FACTS | {"after": "3"}, NOW)
    petition.add_petition(tmp_path, FACTS | {"venue": "ketelhal"}, NOW)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    secret = petition.load_secret(tmp_path / "new")
    assert len(secret) == 64
    assert petition.load_secret(tmp_path / "new") == secret
    path = tmp_path / "new" / petition.SECRET
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert petition.load_secret(tmp_path / "other") != secret
    path.write_text("short")
    with pytest.raises(TrekError, match="too short"):
        petition.load_secret(tmp_path / "new")


def test_who_opted_out_is_left_alone_until_it_is_back(tmp_path: Path) -> None:
    region = SimpleNamespace(
        sources={
            "a": SimpleNamespace(id="a", venue="de-spil"),
            "b": SimpleNamespace(id="b", venue="ketelhal"),
            "c": SimpleNamespace(id="c", venue=None),
        }
    )
    assert petition.left_sources(tmp_path, region) == []  # type: ignore[arg-type]
    petition.note_left(tmp_path, "de-spil", NOW, out=True)
    assert petition.left_sources(tmp_path, region) == ["a"]  # type: ignore[arg-type]
    petition.note_left(tmp_path, "de-spil", NOW, out=False)
    assert petition.left_sources(tmp_path, region) == []  # type: ignore[arg-type]
