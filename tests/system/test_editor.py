"""An editor at the command line: finds a doubt, decides it, sees what became of it, and what does nothing."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from aggregator.correctcli import find_named
from aggregator.errors import UsageError
from aggregator.model import Event, ListingRef, Place


@pytest.fixture(scope="module")
def homes() -> ModuleType:
    """The small agenda of the tests at the borders."""
    spec = importlib.util.spec_from_file_location("trek_editor_home", Path(__file__).with_name("home.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_from_doubt_to_decision(homes: ModuleType, tmp_path: Path) -> None:
    home = homes.make_home(tmp_path / "home")
    path = home / "config" / "region.yaml"
    path.write_text(re.sub(r"(?m)^languages:.*$", "languages: [nl]", path.read_text("utf-8")), "utf-8")
    (home / "config" / "learned.yaml").unlink()
    assert homes.call(home, "publish").status == 0

    unknown = homes.call(home, "venues", "unknown")
    assert "12 × Grote Kerk (Hengelo)" in unknown.out
    assert "venues/hengelo.yaml:\n  - id: grote-kerk\n    name: Grote Kerk\n    place: Hengelo" in unknown.out

    event = "kerk (kerk.invalid/3)"
    wrong = homes.call(home, "correct", "event", event, "--field", "times=5 dec", "--reason", "Gebeld.")
    assert wrong.status == 2
    assert "corrections/hengelo.yaml" in wrong.err
    assert "write 2026-12-05T20:00" in wrong.err
    assert not (home / "config" / "corrections" / "hengelo.yaml").exists()

    words = ("--field", "title=Orgel en koor", "--field", "times=2026-12-03T19:30", "--feature")
    fixed = homes.call(home, "correct", "event", event, *words, "--reason", "Gebeld: koor erbij.")
    assert (fixed.status, fixed.err) == (0, "")
    hidden = homes.call(home, "correct", "event", "https://kerk.invalid/4", "--hide", "--reason", "Besloten.")
    assert hidden.status == 0
    merged = homes.call(
        home, "correct", "merge", "kerk (kerk.invalid/5)", "kerk (kerk.invalid/6)", "--reason", "Eén."
    )
    assert merged.status == 0
    done = homes.call(home, "publish")
    assert " decisions  3 hold " in done.out
    data = json.loads((home / "public" / "feeds" / "hengelo" / "new.json").read_text("utf-8"))
    featured = [i for i in data["items"] if i["_agenda"].get("featured")]
    assert len(featured) == 1
    assert "Orgel en koor" in featured[0]["title"]
    assert featured[0]["_agenda"]["start"] == "2026-12-03T19:30+01:00"
    shown = (home / "public" / "agenda" / "hengelo.ics").read_text("utf-8")
    assert "Orgelconcert 4" not in shown
    assert (
        shown.splitlines().count("SUMMARY:Orgelconcert 5") == 2
    )  # two dates of one event, each with its UID

    told = homes.call(home, "explain", event_uid(home, "Orgel en koor"))
    assert "  24 november 2026, redactie: gegevens verbeterd: Gebeld: koor erbij." in told.out
    assert "  Titel: verbeterd: Gebeld: koor erbij. (redactie, 2026-11-24)" in told.out
    assert "Orgelconcert 3" in told.out

    twins = event_uid(home, "Orgelconcert 5")
    split = homes.call(home, "correct", "split", twins, "--reason", "Toch twee.")
    assert split.status == 0
    assert homes.call(home, "publish").status == 0
    listed = homes.call(home, "correct", "list").out
    assert "4 decisions hold; 1 to look at." in listed
    assert "a later decision says otherwise" in listed
    assert json.loads(homes.call(home, "status", "--json").out)["decisions"]
    shown = (home / "public" / "agenda" / "hengelo.ics").read_text("utf-8")
    assert {"SUMMARY:Orgelconcert 5", "SUMMARY:Orgelconcert 6"} <= set(shown.splitlines())


def event_uid(home: Path, title: str) -> str:
    """The UID of an event as its page's address has it."""
    pages = (home / "public" / "evenement").glob("*/index.html")
    return next(p.parent.name for p in pages if f">{title}</h1>" in p.read_text("utf-8"))


NAMELESS = [
    ("quiz", "names no event; write a UID, a web address, or source (key)"),
    ("kerk (99)", "names no event"),
    ("https://kerk.invalid/agenda", "names 2 events"),
]


@pytest.mark.parametrize(("name", "said"), NAMELESS)
def test_a_name_that_names_nothing_or_several_is_told(name: str, said: str) -> None:
    page = "https://kerk.invalid/agenda"
    one = Event("u1", "Quiz", (), Place("hengelo"), (ListingRef("kerk", "1"),), url=page)
    with pytest.raises(UsageError) as caught:
        find_named([one, replace(one, uid="u2", listings=(ListingRef("kerk", "2"),))], [name])
    assert said in str(caught.value)
