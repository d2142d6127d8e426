"""How decisions are written: what is accepted, and what is said of each mistake, with file, line and cure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import find_config, load_region
from aggregator.correct import load_book
from aggregator.correct.entry import read_ref
from aggregator.correct.field import read_moment, read_price
from aggregator.errors import ConfigMistakesError
from aggregator.model import AllDay, ListingRef, Price, Timed

REGION = load_region(find_config(None))
UID = "2f1e6a9c-0b1d-5c1e-8f3a-1c2d3e4f5a6b"
FACTS = "  date: 2026-11-24\n  role: redactie\n  reason: Zelf gezien.\n"


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=AMSTERDAM)


def mistakes(folder: Path, text: str, home: str = "hengelo") -> list[str]:
    path = folder / "corrections" / f"{home}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    region = replace(REGION, raw={**REGION.raw, f"corrections/{home}": None}, folder=folder)
    try:
        load_book(region)
    except ConfigMistakesError as error:
        return [str(m) for m in error.mistakes]
    return []


@pytest.mark.parametrize(
    ("text", "uid", "url", "listing"),
    [
        (UID, UID, None, None),
        (f"https://agenda.example/evenement/{UID}/", UID, f"agenda.example/evenement/{UID}", None),
        ("https://www.podium.example/quiz/", None, "podium.example/quiz", None),
        ("metropool (quiz-42)", None, None, ListingRef("metropool", "quiz-42")),
        ("uit (x.nl/a#(b))", None, None, ListingRef("uit", "x.nl/a#(b)")),
    ],
)
def test_an_event_is_named_in_three_ways(
    text: str, uid: str | None, url: str | None, listing: ListingRef | None
) -> None:
    ref = read_ref(text)
    assert (ref.uid, ref.url, ref.listing) == (uid, url, listing)


@pytest.mark.parametrize("text", ["", "quiz", "ftp://x.nl/", "metropool quiz-42", f"x{UID}"])
def test_other_words_name_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="write a UID, a web address, or source"):
        read_ref(text)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-12-05T20:00", Timed(moment(5, 20))),
        ("2026-12-05T20:00/22:30", Timed(moment(5, 20), moment(5, 22, 30))),
        ("2026-12-05T22:00/2026-12-06T02:00", Timed(moment(5, 22), moment(6, 2))),
        ("2026-12-05", AllDay(date(2026, 12, 5))),
        ("2026-12-05/2027-01-10", AllDay(date(2026, 12, 5), date(2027, 1, 10))),
    ],
)
def test_times(text: str, when: Timed | AllDay) -> None:
    assert read_moment(text) == when


@pytest.mark.parametrize(
    "text",
    [
        *("5 december", "2026-12-05 20:00", "2026-13-05", "2026-12-05T25:00", "2026-12-05T20:00/19:00"),
        *("2026-12-05/2026-12-01", "20:00", "2026-12-05T20:00+01:00"),
    ],
)
def test_no_times(text: str) -> None:
    with pytest.raises(ValueError, match=r"write 2026-12-05T20:00|ends before it begins"):
        read_moment(text)


def test_prices() -> None:
    assert read_price("gratis").free
    assert (
        read_price("12,50") == read_price("€ 12,50") == Price(Decimal("12.50"), Decimal("12.50"), free=False)
    )
    assert [str(x) for x in (read_price("10 - 15").min, read_price("10 - 15").max)] == ["10", "15"]
    with pytest.raises(ValueError, match="is no price; write gratis"):
        read_price("duur")


GOOD = [
    f"- merge: [{UID}, metropool (42)]\n{FACTS}",
    f'- split: ["https://a.nl/x", "https://b.nl/y"]\n{FACTS}  until: 2027-01-01\n',
    f"- about: {{title: Quiz, on: 2026-12-05}}\n  hide: true\n{FACTS}",
    f"- about: {{uid: {UID}}}\n  feature: true\n  without: [image]\n{FACTS}",
    f"- about: {{listing: a (1)}}\n  correct: {{venue: metropool-hengelo, price: gratis}}\n"
    f"  set: [muziek]\n{FACTS}",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_is_accepted(tmp_path: Path, text: str) -> None:
    assert mistakes(tmp_path, f"corrections:\n{text}") == []


BAD = [
    ("", "hengelo.yaml: empty file"),
    ("decisions: []\n", "unknown key decisions"),
    ("corrections:\n  a: b\n", "no list under `corrections`"),
    (f"corrections:\n- {{}}\n{FACTS}", ""),
    (f"corrections:\n- merge: [{UID}]\n{FACTS}", "hengelo.yaml:2 corrections.0.merge: name at least two"),
    (f"corrections:\n- merge: [{UID}, {UID}]\n{FACTS}", "name at least two"),
    (f"corrections:\n- merge: [{UID}, quiz]\n{FACTS}", "'quiz' names no event; write a UID"),
    (f"corrections:\n- merge: [{UID}, a (1)]\n  hide: true\n{FACTS}", "merge: and split: stand alone"),
    (f"corrections:\n- merge: [{UID}, a (1)]\n  about: {{title: x}}\n{FACTS}", "names its events itself"),
    (f"corrections:\n- about: {{title: Quiz}}\n{FACTS}", "decide something with"),
    (f"corrections:\n- hide: true\n{FACTS}", "name an event by about:"),
    (f"corrections:\n- about: {{listing: quiz}}\n  hide: true\n{FACTS}", "write source (key)"),
    (
        f"corrections:\n- about: {{title: Q}}\n  hid: true\n{FACTS}",
        "hengelo.yaml:3 corrections.0.hid: unknown key",
    ),
    (f"corrections:\n- about: {{title: Q}}\n  hid: true\n{FACTS}", "did you mean hide?"),
    (
        "corrections:\n- about: {title: Q}\n  hide: true\n  date: 2026-11-24\n  role: redactie\n",
        "reason is missing",
    ),
    (f"corrections:\n- about: {{title: Q}}\n  hide: true\n{FACTS}  until: 2026-11-24\n", "is not after date"),
    (
        "corrections:\n- about: {title: Q}\n  hide: true\n  date: gisteren\n  role: r.e\n  reason: abc\n",
        "'gisteren'",
    ),
    (
        "corrections:\n- about: {title: Q}\n  hide: true\n" + FACTS.replace("redactie", "jan@x.nl"),
        "names a person; write what they are",
    ),
    (
        f"corrections:\n- about: {{title: Q}}\n  correct: {{times: [5 dec]}}\n{FACTS}",
        "'5 dec' is no time; write 2026",
    ),
    (
        f"corrections:\n- about: {{title: Q}}\n  correct: {{price: duur}}\n{FACTS}",
        "corrections.0.correct.price",
    ),
    (
        f"corrections:\n- about: {{title: Q}}\n  correct: {{status: weg}}\n{FACTS}",
        "corrections.0.correct.status",
    ),
    (f"corrections:\n- about: {{title: Q}}\n  correct: {{titel: X}}\n{FACTS}", "unknown key titel"),
    (f"corrections:\n- about: {{title: Q}}\n  without: [title]\n{FACTS}", "corrections.0.without.0"),
    (
        f"corrections:\n- about: {{title: Q}}\n  correct: {{venue: metropool-hengeloo}}\n{FACTS}",
        "no venue is called metropool-hengeloo — did you mean metropool-hengelo?",
    ),
    (
        f"corrections:\n- about: {{title: Q}}\n  correct: {{venue: metropool-enschede}}\n{FACTS}",
        "which a file of hengelo must not touch — write it in corrections/region.yaml",
    ),
    (f"corrections:\n- about: {{title: Q}}\n  correct: {{municipality: borne}}\n{FACTS}", "must not touch"),
    (
        f"corrections:\n- about: {{title: Q}}\n  correct: {{municipality: nergens}}\n{FACTS}",
        "no municipality is called",
    ),
    (
        "corrections:\n- about: {title: Q}\n  correct: {venue: metropool-hengelo, municipality: outside}\n"
        + FACTS,
        "is in hengelo, not in outside",
    ),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_each_mistake_says_where_and_what_to_do(tmp_path: Path, text: str, words: str) -> None:
    found = mistakes(tmp_path, text)
    assert any(words in line for line in found), found
    assert all(line.startswith("corrections/hengelo.yaml") for line in found)


def test_every_mistake_in_every_file_at_once(tmp_path: Path) -> None:
    mistakes(tmp_path, "corrections:\n- hide: maybe\n", "borne")
    region = replace(REGION, folder=tmp_path)
    text = "corrections:\n- about: {title: Q}\n  set: [sport]\n  hide: maybe\n"
    (tmp_path / "corrections" / "hengelo.yaml").write_text(text, encoding="utf-8")
    raw = {**REGION.raw, "corrections/borne": None, "corrections/hengelo": None}
    with pytest.raises(ConfigMistakesError) as caught:
        load_book(replace(region, raw=raw))
    assert {str(m).split(":")[0] for m in caught.value.mistakes} == {
        "corrections/borne.yaml",
        "corrections/hengelo.yaml",
    }
    assert len(caught.value.mistakes) >= 8


def test_a_file_of_the_region_may_move_events(tmp_path: Path) -> None:
    text = f"corrections:\n- about: {{title: Q}}\n  correct: {{venue: metropool-enschede}}\n{FACTS}"
    assert mistakes(tmp_path, text, "region") == []
    assert "no municipality is called henglo" in mistakes(tmp_path, text, "henglo")[0]
