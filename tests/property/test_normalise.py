"""What must hold for any raw event, however odd."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.feed_settings import FeedSettings
from aggregator.model import AllDay, Listing, RawEvent, RawOccurrence, RawOffer, RawPlace, Reject, Timed
from aggregator.normalise.key import canonical_url, url_key
from aggregator.normalise.listing import Normaliser
from aggregator.normalise.price import parse_price
from aggregator.normalise.status import split_status
from aggregator.normalise.text import clean_line, clean_text, cut, excerpt
from aggregator.region import Region, RegionSettings

NOW = datetime(2026, 10, 9, 10, tzinfo=UTC)
REJECTS = {"no-title", "private", "no-date", "unreadable-date", "recurrence-over"}

words = st.text(max_size=60)
maybe = st.none() | words
moments = st.datetimes(datetime(1980, 1, 1), datetime(2040, 1, 1))  # noqa: DTZ001
stamps = st.none() | words | moments.map(lambda moment: moment.isoformat())
days = st.dates(date(2026, 1, 1), date(2028, 1, 1))
places = st.none() | st.builds(RawPlace, name=maybe, place=maybe, postcode=maybe)
rules = st.sampled_from(
    [None, "FREQ=DAILY", "FREQ=WEEKLY;COUNT=3", "FREQ=MINUTELY", "FREQ=YEARLY;BYMONTHDAY=31", "x"]
)
occurrences = st.builds(
    RawOccurrence,
    start=stamps,
    end=stamps,
    door=maybe,
    duration=st.sampled_from([None, "PT2H", "P3D", "x"]),
    text=maybe,
    status=maybe,
    rrule=rules,
    zone=st.sampled_from([None, "Europe/London", "Mars/Olympus", "../etc"]),
    end_exclusive=st.booleans(),
    local_z=st.booleans(),
    place=places,
)
offers = st.builds(
    RawOffer, text=maybe, price=maybe, low=maybe, high=maybe, currency=maybe, availability=maybe
)
raws = st.builds(
    RawEvent,
    source_id=st.just("bron"),
    page_url=st.sampled_from(["https://example.org/agenda", "https://example.org/agenda?page=2"]),
    seen_at=st.just("2026-10-09T10:00:00+00:00"),
    method=st.just("json-ld"),
    title=words,
    occurrences=st.lists(occurrences, max_size=3).map(tuple),
    source_key=st.none() | st.sampled_from(["1", "2"]),
    url=st.none() | st.sampled_from(["https://example.org/a", "https://example.org/b#c"]) | words,
    place=places,
    status=maybe,
    offers=st.lists(offers, max_size=2).map(tuple),
    free=st.none() | st.booleans(),
    description=maybe,
    categories=st.lists(words, max_size=2).map(tuple),
)


@cache
def _normaliser() -> Normaliser:
    region = RegionSettings(
        id="streek", name={"nl": "Streek"}, contact="a@example.org", user_agent="Trek/test (a@example.org)"
    )
    feeds = FeedSettings(base_url="https://agenda.example", title={"nl": "Agenda"})
    return Normaliser(Region(region, feeds, {}, {}, {}, {}, {}))


@settings(deadline=None, max_examples=150)
@given(st.lists(raws, max_size=4))
def test_every_raw_event_becomes_a_sound_listing_or_a_reason(events: list[RawEvent]) -> None:
    made = _normaliser().listings(events, NOW)
    listings = [m for m in made if isinstance(m, Listing)]
    assert len({m.ref for m in listings}) == len(listings), "two listings with one identity"
    for one in made:
        if isinstance(one, Reject):
            assert one.reason in REJECTS
            continue
        assert one.title == clean_line(one.title)
        assert one.key.strip()
        assert one.occurrences
        assert all(_sound(o.when) for o in one.occurrences)
        assert one.price is None or one.price.min is None or one.price.min >= 0
        assert "title" in one.origins
        assert "occurrences" in one.origins


def _sound(when: Timed | AllDay) -> bool:
    if isinstance(when, Timed):
        return when.start.tzinfo is not None and (when.end is None or when.end > when.start)
    return when.first is None or when.last is None or when.last > when.first


@settings(deadline=None, max_examples=60)
@given(st.lists(raws, max_size=3))
def test_same_input_same_output(events: list[RawEvent]) -> None:
    assert _normaliser().listings(events, NOW) == _normaliser().listings(list(events), NOW)


@given(days, st.integers(0, 23), st.integers(1, 59), st.integers(1, 20))
def test_clean_stamps_come_through_exactly(day: date, hour: int, minute: int, length: int) -> None:
    start = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
    end = start + timedelta(hours=length)
    occurrence = RawOccurrence(start=start.isoformat(), end=end.isoformat())
    raw = RawEvent(
        "bron", "https://example.org/a", "2026-10-09T10:00:00+00:00", "json-ld", "Avond", (occurrence,)
    )
    made = _normaliser().listing(raw, NOW)
    assert isinstance(made, Listing)
    assert made.occurrences[0].when == Timed(start, end)


@given(st.text())
def test_text_is_clean_and_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (clean_line, clean_text):
        once = clean(text)
        if once is None:
            continue
        assert not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in once)
        assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068") & set(once)


@given(st.text(), st.integers(5, 200))
def test_caps_hold(text: str, cap: int) -> None:
    assert len(cut(text, cap)) <= cap
    assert len(excerpt(text, cap)) <= cap
    assert len(clean_line(text, cap) or "") <= cap


@given(st.text() | st.from_regex(r"https?://[a-z]{1,9}\.nl/[ -~]{0,30}", fullmatch=True))
def test_canonical_url_is_a_fixed_point(url: str) -> None:
    once = canonical_url(url)
    if once is not None:
        assert canonical_url(once) == once
        assert "#" not in once
        assert url_key(once) == url_key(url)


@given(
    st.decimals(Decimal("0.01"), Decimal("9999"), places=2),
    st.sampled_from(["€ {}", "{} euro", "EUR {}", "{} €"]),
)
def test_a_printed_amount_is_read_exactly(amount: Decimal, form: str) -> None:
    price = parse_price([RawOffer(text=form.format(f"{amount:.2f}".replace(".", ",")))])[0]
    assert price is not None
    assert (price.min, price.max, price.free) == (amount, amount, False)


@given(st.text())
def test_title_keeps_its_words(title: str) -> None:
    rest, status, _ = split_status(title)
    assert status is not None or rest in title or rest == title
    assert rest or not title
