"""A page that has too much of something is not begun, and a reading that takes too much is ended."""

from __future__ import annotations

import signal
import threading
import time
from datetime import UTC, datetime

import pytest

from crawlers.extract.guard import TooHeavyError, held_memory, read_guarded
from crawlers.extract.limits import find_excess
from crawlers.extract.page import Page, Reading

PAGE = Page("https://huis.example/agenda", b"<p>12 mei</p>", seen=datetime(2026, 10, 9, 10, tzinfo=UTC))
FINE = Reading(follow=("https://huis.example/agenda/een",))
ODD = b"<p " + b" ".join(b"a%d" % n for n in range(1100)) + b">"


def spin(_page: Page) -> Reading:
    """Compute without end, under a net such as readers have."""
    while True:
        try:
            for _ in range(1000):
                sum(range(100))
        except Exception:
            return FINE


def hoard(_page: Page) -> Reading:
    """Hold more and more."""
    kept = []
    while True:
        kept.append(bytearray(b"x") * 100_000)


@pytest.mark.parametrize(("read", "said"), [(spin, "0.2 seconds"), (hoard, "20 MB of memory")])
def test_a_reading_that_takes_too_much_is_ended_and_told(read, said: str) -> None:  # type: ignore[no-untyped-def]
    seconds = 0.2 if read is spin else 60
    reading = read_guarded(read, PAGE, seconds=seconds, memory=20 * 1024**2)
    assert [p.code for p in reading.problems] == ["too-heavy"]
    assert said in reading.problems[0].detail
    assert PAGE.url in reading.problems[0].detail
    assert reading.events == ()


def test_after_a_reading_nothing_is_timed_any_more() -> None:
    assert read_guarded(lambda _: FINE, PAGE) == FINE
    assert read_guarded(spin, PAGE, seconds=0.1).problems
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    signal.raise_signal(signal.SIGPROF)  # one that comes late ends nothing


def test_a_reading_within_a_reading_has_the_bounds_of_the_outer_one() -> None:
    def outer(page: Page) -> Reading:
        assert read_guarded(lambda _: FINE, page, seconds=0) == FINE
        assert signal.getitimer(signal.ITIMER_PROF) != (0.0, 0.0)
        return spin(page)

    assert [p.code for p in read_guarded(outer, PAGE, seconds=0.1).problems] == ["too-heavy"]


def test_what_a_reader_raises_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        read_guarded(lambda _: Reading() if 1 / 0 else FINE, PAGE)
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert not issubclass(TooHeavyError, Exception)


def test_no_memory_left_is_told() -> None:
    def starve(_page: Page) -> Reading:
        raise MemoryError

    assert [p.code for p in read_guarded(starve, PAGE).problems] == ["too-heavy"]


def test_in_another_thread_a_page_is_read_without_a_clock() -> None:
    told: list[Reading] = []
    thread = threading.Thread(target=lambda: told.append(read_guarded(lambda _: FINE, PAGE, seconds=0)))
    thread.start()
    thread.join()
    assert told == [FINE]


def test_memory_is_told_in_bytes() -> None:
    assert 10 * 1024**2 < held_memory() < 64 * 1024**3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<p>" * 150_001, "tags"),
        (b"<p>" + b"x" * 6 * 1024**2, "bytes of markup"),
        (b"<!-- x -->" + ODD, "attributes"),
        (ODD.replace(b" a", b"\na").replace(b">", b"='x>y' >"), "attributes"),
        (b'<p title="a > b" ' + b" ".join(b'x%d="a"' % n for n in range(3000)), "attributes"),
        ("\ufeff<!-- x -->".encode("utf-16") + ODD.decode().encode("utf-16-le"), "attributes"),
        (b"\xff\xfe" + "<p>".encode("utf-16-le") * 150_001, "tags"),
        (b"[" + b"{}," * 300_000 + b"{}]", "objects"),
        (b"\xef\xbb\xbf\n[" + b"0," * 1_500_001 + b"0]", "values"),
        (b"BEGIN:VCALENDAR" + b"\r" * 1_000_001, "lines"),
    ],
)
def test_too_much_of_anything_is_told_before_it_is_parsed(body: bytes, said: str) -> None:
    page = Page(PAGE.url, body, seen=PAGE.seen)
    began = time.process_time()
    (problem,) = read_guarded(spin, page).problems
    assert (problem.code, said in problem.detail, PAGE.url in problem.detail) == (
        "page-too-large",
        True,
        True,
    )
    assert time.process_time() - began < 10
    assert (len(page.tree.findall(".//p")), page.json) == (0, None)


@pytest.mark.parametrize(
    "body",
    [
        b"<p>" * 100_000,
        b"<p>" + b"x" * 5 * 1024**2,
        b'<img src="data:image/png;base64,' + b"AbCd efgh" * 300_000 + b'">',
        b"<div x-data='{" + b"a: 1, " * 2000 + b"}'>",
        b"<p>1 <b and " + b"then the same words again " * 5000,
        b"[" + b"{}," * 290_000 + b"{}]",
        b"BEGIN:VCALENDAR\r\n" * 400_000,
        b"",
    ],
)
def test_much_is_not_too_much(body: bytes) -> None:
    assert find_excess(body) is None


@pytest.mark.parametrize("before", [b"", b"<p>" * 667, b"x" * 1999, b"y" * 1990 + b">", b"<b>" + b"z" * 3998])
def test_a_long_tag_is_found_wherever_it_begins(before: bytes) -> None:
    assert find_excess(before + b">" + ODD) == "more than 1000 attributes on one tag"
    assert find_excess(before + b">" + ODD[:-1]) == "more than 1000 attributes on one tag"


@pytest.mark.parametrize("head", [b"BEGIN:VCALENDAR\r\n", b"\xef\xbb\xbf[", b"{", b"words "])
def test_data_is_not_parsed_as_markup_where_it_would_be_too_much(head: bytes) -> None:
    whole, odd = (Page(PAGE.url, head + b"<p>1 mei</p>" + more, seen=PAGE.seen) for more in (b"", ODD))
    assert len(whole.tree.findall(".//p")) == 1
    assert len(odd.tree.findall(".//p")) == 0
