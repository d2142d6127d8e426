"""The date reader on any text, on the same text written otherwise, and on layouts made from known dates."""

from __future__ import annotations

import html
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalise.when import When, parse_duration, parse_stamp, parse_when

TODAY = date(2026, 11, 23)
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = ("januari februari maart april mei juni juli augustus september oktober november december").split()
SHORT = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
WORDS = st.sampled_from(
    "za zo ma 12 3 28 2026 nov december t/m - / , . | ( ) en tot van vanaf elke wekelijks om 20.15 20u30 "
    "half acht uur verkoop aanmelden voor gesloten was naar verplaatst Pasen Kerstdag tweede laatste maand "
    "morgen vandaag zaal open aanvang einde duur min kwartier over week weekend 06 € euro jaar 's avonds "
    "<br> &nbsp; behalve december juli 1e 2026-11-28T20:00Z oneven weken zomer nog".split()
)
DAYS = st.dates(date(2025, 12, 1), date(2027, 10, 30))
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))


def occurrences(text: str, today: date = TODAY) -> tuple[object, ...]:
    return parse_when(text, today).occurrences


@given(st.text(max_size=400), st.dates())
def test_never_raises_on_any_text(text: str, today: date) -> None:
    assert isinstance(parse_when(text, today), When)
    parse_stamp(text)
    parse_duration(text)


@given(st.lists(WORDS, max_size=40).map(" ".join), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_never_raises_on_words_of_dates(text: str, today: date) -> None:
    read = parse_when(text, today)
    for one in read.occurrences:
        assert one.start is not None or one.end is not None
        if one.start is not None and one.end is not None:
            assert isinstance(one.start, datetime) == isinstance(one.end, datetime)
            assert one.end >= one.start


@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_same_reading_in_capitals_and_with_wide_blanks(text: str) -> None:
    plain = occurrences(text)
    assert occurrences(text.upper()) == plain
    assert occurrences(f"  {text.replace(' ', '   ')}  ") == plain
    assert occurrences(text.replace(" ", "\u00a0")) == plain


@given(st.lists(WORDS.filter(lambda word: word[0] not in "<&"), max_size=25).map(" ".join))
def test_same_reading_with_entities(text: str) -> None:
    coded = "".join(f"&#{ord(c)};" if c in ".:-/," else html.escape(c) for c in text)
    assert occurrences(coded) == occurrences(text)


def layouts(day: date) -> tuple[str, ...]:
    weekday, month, short = WEEKDAYS[day.weekday()], MONTHS[day.month - 1], SHORT[day.month - 1]
    return (
        f"{weekday} {day.day} {month} {day.year}",
        f"{weekday[:2]} {day.day} {short} {day.year}",
        f"{weekday[:2].upper()} {day.day} {short.upper()}. '{day.year % 100:02}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day:%d-%m-%y}",
        day.isoformat(),
        f"{weekday} {day.day} {month}",
        f"{weekday[:2]}. {day.day} {short}.",
        f"{weekday[:2]}\n{day.day}\n{short}\n{day.year}",
        f"{day.day} {month} {day.year} ({weekday})",
        f"{weekday}{day.day}{month}{day.year}",
    )


def clocks(moment: datetime) -> tuple[str, ...]:
    hour, minute = moment.hour, moment.minute
    return (
        f"{hour:02}:{minute:02}",
        f"{hour}.{minute:02} uur",
        f"{hour}u{minute:02}",
        f"om {hour:02}.{minute:02}u",
        f"{hour:02}h{minute:02}",
        f"aanvang {hour:02}.{minute:02} uur",
    )


@given(
    DAYS,
    TIMES,
    st.integers(0, 12),
    st.integers(0, 5),
    st.sampled_from([", ", " - ", " | ", " om ", "\n", " "]),
)
def test_reads_back_a_printed_moment(day: date, at: object, layout: int, clock: int, sign: str) -> None:
    moment = datetime.combine(day, at)  # type: ignore[arg-type]
    text = layouts(day)[layout] + sign + clocks(moment)[clock].removeprefix("om " if sign == " om " else "\0")
    found = parse_when(text, day - timedelta(days=20)).occurrences
    assert [one.start for one in found] == [moment], text


@given(DAYS, st.integers(1, 200), st.sampled_from(["t/m", "tot en met", "-", "tot"]), st.integers(0, 5))
def test_reads_back_a_printed_range(first: date, length: int, sign: str, layout: int) -> None:
    last = first + timedelta(days=length)
    layout = layout if sign != "-" else layout % 2
    text = f"{layouts(first)[layout]} {sign} {layouts(last)[layout]}"
    found = parse_when(text, first).occurrences
    assert [(one.start, one.end) for one in found] == [(first, last)], text


@given(DAYS, st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_reads_back_a_printed_list(first: date, steps: list[int]) -> None:
    days = [first]
    for step in steps:
        days.append(days[-1] + timedelta(days=step))
    printed = [f"{day.day} {MONTHS[day.month - 1]} {day.year}" for day in days]
    text = ", ".join(printed[:-1]) + f" en {printed[-1]}, 20.00 uur"
    found = parse_when(text, first).occurrences
    assert [one.start for one in found] == [datetime(d.year, d.month, d.day, 20) for d in days], text  # noqa: DTZ001


@given(DAYS, st.integers(8, 21), st.integers(1, 30))
def test_reads_back_doors_and_an_end(day: date, hour: int, minutes: int) -> None:
    start = datetime(day.year, day.month, day.day, hour, 30)  # noqa: DTZ001
    doors, end = start - timedelta(minutes=minutes), start + timedelta(minutes=90)
    text = f"{layouts(day)[0]}, zaal open {doors:%H.%M}, aanvang {start:%H.%M} uur, einde {end:%H.%M} uur"
    (one,) = parse_when(text, day).occurrences
    assert (one.start, one.end, one.doors) == (start, end, doors.time())


@given(st.integers(0, 6), TIMES)
def test_reads_back_a_weekly_rhythm(weekday: int, at: object) -> None:
    (one,) = parse_when(f"elke {WEEKDAYS[weekday]} om {at:%H:%M} uur", TODAY).occurrences
    assert one.rrule == f"FREQ=WEEKLY;BYDAY={('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')[weekday]}"
    assert isinstance(one.start, datetime)
    assert one.start.weekday() == weekday
    assert 0 <= (one.start.date() - TODAY).days < 7
