"""Reading plain values: what is mended, what is refused, and in which words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Listing, Occurrence, Tier, Timed, to_plain
from aggregator.plain import listing_from_plain, raw_from_plain, run_from_plain

RAW = {
    "source_id": "s",
    "page_url": "https://x.nl/",
    "seen_at": "2026-11-24T05:00:00+00:00",
    "method": "json-ld",
}


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ([], "is [], not an object"),
        ({**RAW, "title": 5}, "RawEvent.title: is 5, not text"),
        ({**RAW, "title": "t", "occurrences": "x"}, "RawEvent.occurrences: is 'x', not a list"),
        ({**RAW, "title": "t", "occurrences": [{"start": 1}]}, "RawOccurrence.start: is 1, not text"),
        ({**RAW, "title": "t", "free": "yes"}, "RawEvent.free: is 'yes', not true or false"),
    ],
)
def test_the_field_that_does_not_fit_is_named(plain: object, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("[", r"\[").replace("]", r"\]")):
        raw_from_plain(plain)  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", ["better", None])
def test_an_unknown_outcome_is_refused(outcome: object) -> None:
    with pytest.raises(ValueError, match=r"Run\.outcome"):
        run_from_plain(
            {"run_id": "r", "source_id": "s", "started": "x", "outcome": outcome, "complete": True}
        )


def test_a_missing_field_that_cannot_be_empty_is_named() -> None:
    with pytest.raises(ValueError, match=r"Run\.complete is missing"):
        run_from_plain({"run_id": "r", "source_id": "s", "started": "x", "outcome": "ok"})


def test_an_unknown_key_of_a_newer_version_is_passed_over() -> None:
    assert raw_from_plain({**RAW, "title": "Quiz", "mood": "merry"}).title == "Quiz"


@pytest.mark.parametrize(
    ("said", "kept"),
    [("a\x00b", "ab"), ("caf\u00e9", "caf\u00e9"), ("\ud83d", "\ufffd"), ("\ud83d\ude00", "\U0001f600")],
)
def test_strings_that_no_database_can_hold_are_mended(said: str, kept: str) -> None:
    assert raw_from_plain({**RAW, "title": said}).title == kept


@pytest.mark.parametrize(
    ("moment", "zone"),
    [
        (datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM), AMSTERDAM),
        (datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=AMSTERDAM), AMSTERDAM),
        (datetime(2026, 7, 1, 20, 0, tzinfo=AMSTERDAM), AMSTERDAM),
        (datetime(2026, 7, 1, 20, 0, tzinfo=UTC), UTC),
    ],
)
def test_a_moment_comes_back_in_its_zone(moment: datetime, zone: ZoneInfo) -> None:
    listing = Listing("s", "k", Tier.VENUE, "t", (Occurrence(Timed(moment)),))
    when = listing_from_plain(to_plain(listing)).occurrences[0].when
    assert isinstance(when, Timed)
    assert (when.start, when.start.fold, when.start.utcoffset()) == (moment, moment.fold, moment.utcoffset())
    if zone is AMSTERDAM:
        assert (when.start + timedelta(days=90)).tzinfo is AMSTERDAM


def test_a_day_is_told_from_a_moment_by_its_type() -> None:
    plain = {"source_id": "s", "key": "k", "tier": "venue", "title": "t"}
    day = listing_from_plain({**plain, "occurrences": [{"when": {"first": "2026-11-24", "type": "AllDay"}}]})
    assert isinstance(day.occurrences[0].when, AllDay)
    with pytest.raises(ValueError, match="type is None"):
        listing_from_plain({**plain, "occurrences": [{"when": {"first": "2026-11-24"}}]})
