"""What is remembered of pages, when that is believed, and that a lost memory costs traffic alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.http import Headers, Response

from crawlers.extract.page import Page, Reading
from crawlers.marks import read_marks
from crawlers.memory import Memory
from crawlers.outcome import LONGEST_WAIT, read_patience

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
URL = "https://podium.example/agenda/avond"
DAY = timedelta(days=1)


def memory(path: Path, mark: str, headers: dict[str, str] | None = None) -> Memory:
    """A memory with one page, read at NOW under a mark."""
    made = Memory(path / "m.sqlite")
    made.keep(URL, headers or {}, b"body")
    made.note(URL, mark, "one", NOW)
    return made


@pytest.mark.parametrize(
    ("mark", "said", "headers", "after", "current"),
    [
        ("2026-11-20", "2026-11-20", {}, DAY, True),
        ("2026-11-20", "2026-11-25", {}, DAY, False),
        ("2026-11-20", "", {}, DAY, False),
        ("2026-11-20", "2026-11-20", {}, 14 * DAY, True),
        ("2026-11-20", "2026-11-20", {}, 26 * DAY, False),  # asked now and then all the same
        ("2026-11-20", "2026-11-20", {"ETag": '"1"'}, 4 * DAY, True),
        ("2026-11-20", "2026-11-20", {"ETag": '"1"'}, 10 * DAY, False),  # where asking is cheap
        ("2026-11-24", "2026-11-24", {}, DAY, False),  # it may have changed again on that very day
        ("2026-11-24T06:00:00+01:00", "2026-11-24T06:00:00+01:00", {}, DAY, True),
        ("", "", {}, DAY, False),  # its list says nothing
    ],
)
def test_when_a_page_need_not_be_asked_for(
    tmp_path: Path, mark: str, said: str, headers: dict[str, str], after: timedelta, *, current: bool
) -> None:
    assert memory(tmp_path, mark, headers).is_current(URL, said, NOW + after) is current


def test_a_page_of_which_nothing_is_said_rests_longer_the_longer_it_was_the_same(tmp_path: Path) -> None:
    kept = memory(tmp_path, "")
    kept.note(URL, "", "one", NOW + 8 * DAY)
    assert kept.is_current(URL, "", NOW + 9 * DAY)
    assert not kept.is_current(URL, "", NOW + 10 * DAY)
    kept.note(URL, "", "two", NOW + 10 * DAY)
    assert not kept.is_current(URL, "", NOW + 10 * DAY + timedelta(hours=1))


def test_a_source_whose_lists_were_wrong_is_not_believed(tmp_path: Path) -> None:
    made = Memory(tmp_path / "m.sqlite")
    for number in range(10):
        url = f"{URL}{number}"
        made.keep(url, {}, b"body")
        made.note(url, "2026-11-20", "one", NOW)
        assert made.is_current(url, "2026-11-20", NOW + DAY)
        made.note(url, "2026-11-20", "one" if number > 1 else "two", NOW + DAY)
    made.close()
    assert not Memory(tmp_path / "m.sqlite").is_current(f"{URL}5", "2026-11-20", NOW + 2 * DAY)


def test_memory_lasts_and_forgets_what_no_list_names(tmp_path: Path) -> None:
    made = memory(tmp_path, "2026-11-20", {"ETag": '"1"'})
    made.keep(URL + "/old", {}, b"x")
    made.note(URL + "/old", "", "one", NOW - 40 * DAY)
    made.close(NOW)
    again = Memory(tmp_path / "m.sqlite")
    assert again.find(URL + "?") == ({"ETag": '"1"'}, b"body")
    assert again.find(URL + "/old") is None
    trace = again.trace(URL)
    assert trace is not None
    assert (trace.checked, trace.changed) == (NOW, NOW)


def test_a_page_whose_words_are_the_same_has_not_changed(tmp_path: Path) -> None:
    kept = memory(tmp_path, "")
    assert not kept.note(URL, "", "one", NOW + DAY)
    assert kept.note(URL, "", "two", NOW + 2 * DAY)
    trace = kept.trace(URL)
    assert trace is not None
    assert trace.changed == NOW + 2 * DAY


@pytest.mark.parametrize("damage", [b"no database at all, but long enough to be looked at" * 40, b""])
def test_a_damaged_memory_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    memory(tmp_path, "2026-11-20").close()
    (tmp_path / "m.sqlite").write_bytes(damage)
    broken = Memory(tmp_path / "m.sqlite")
    assert broken.find(URL) is None
    assert not broken.is_current(URL, "2026-11-20", NOW + DAY)
    broken.keep(URL, {}, b"body")
    broken.close()
    assert not memory(tmp_path, "").is_current(URL, "x", NOW)
    assert Memory(tmp_path / "m.sqlite").path.exists()


def test_a_memory_that_cannot_be_opened_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    nowhere = Memory(tmp_path / "file" / "m.sqlite")
    nowhere.keep(URL, {}, b"body")
    assert nowhere.find(URL) is None
    nowhere.close(NOW)


LIST = """<ul class="agenda">
<li class="item"><a href="/a/1">Een</a> <time>5 december</time> <span class="{state}">kaarten</span></li>
<li class="item"><div><a href="/a/2"><img src="x"></a></div><a href="/a/2">Twee</a> {second}</li>
<li class="item"><a href="/a/3">Drie</a> zonder dag</li></ul><p>{foot}</p>"""
FOLLOW = tuple(f"https://podium.example/a/{n}" for n in (1, 2, 3))


def marks(state: str = "status-open", second: str = "6 december 2026", foot: str = "1 januari") -> list[str]:
    body = LIST.format(state=state, second=second, foot=foot).encode()
    page = Page("https://podium.example/agenda", body, seen=NOW)
    found = read_marks(page, Reading(follow=FOLLOW))
    return [found.get(url, "") for url in FOLLOW]


def test_an_entry_speaks_of_its_own_page_alone() -> None:
    first, second, third = marks()
    assert first
    assert second
    assert first != second
    assert third == ""  # an entry without a date says nothing of when its event is
    assert marks(second="7 december 2026")[0] == first
    assert marks(second="7 december 2026")[1] != second
    assert marks(foot="2 januari") == marks()


def test_a_state_that_only_a_class_tells_is_a_change() -> None:
    assert marks(state="status-uitverkocht")[0] != marks()[0]


def test_a_list_of_thousands_is_marked_in_linear_time() -> None:
    rows = "".join(f"<p><a href=/a/{n}>n</a> 5 december</p>" for n in range(5000))
    page = Page("https://podium.example/", f"<div>{rows}</div>".encode(), seen=NOW)
    urls = tuple(f"https://podium.example/a/{n}" for n in range(5000))
    assert len(read_marks(page, Reading(follow=urls))) == 5000


@pytest.mark.parametrize(
    ("status", "said", "seconds"),
    [
        (429, "120", 120),
        (503, "0", 0),
        (503, "Tue, 24 Nov 2026 09:00:00 GMT", 3600),
        (503, "Tue, 24 Nov 2026 07:00:00 GMT", 0),  # over already
        (429, "Fri, 24 Nov 2030 09:00:00 GMT", LONGEST_WAIT),
        (429, "99999999999999999999", LONGEST_WAIT),
        (429, "soon", 0),
        (429, "-5", 0),
        (429, "", 0),
        (500, "120", 0),
    ],
)
def test_for_how_long_a_site_asks_to_be_left_alone(status: int, said: str, seconds: int) -> None:
    headers = Headers({"Retry-After": said, "Date": "Tue, 24 Nov 2026 08:00:00 GMT"})
    assert read_patience(Response(URL, status=status, headers=headers)) == seconds
