"""Clock times in digits with a unit and in words, and how long something lasts.

Digits are on the 24-hour clock. An hour in words (half negen, kwart over acht, half past eight, halb
neun) is one of twelve and gets its part of the day later, from the words around it.

>>> from datetime import date
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text): return [str(i) if isinstance(i, Clock) else f"{i.number} min"
...     for i in scan_text(text, date(2026, 11, 23)).items if isinstance(i, Clock) or i.kind == "duration"]
>>> show("20.15 uur, 20u15, 20 uur, 8:15 PM, 2015 uur")
['20:15', '20:15', '20:00', '20:15', '20:15']
>>> show("om half negen, kwart over acht, tien voor half 9, viertel nach acht, half past seven")
['8:30', '8:15', '8:20', '8:15', '7:30']
>>> show("duur: 2 uur en 15 minuten; 127 min; anderhalf uur; vijf kwartier; 6 uur lang; 15 min pauze")
['135 min', '127 min', '90 min', '75 min', '360 min']
"""

from __future__ import annotations

from aggregator.normalise.when.digit import CURRENCY, is_number, read_offset
from aggregator.normalise.when.item import Clock, Mark, Scan
from aggregator.normalise.when.name import read_day
from aggregator.normalise.when.token import Token

# Classes of words that are asked for together.
BEFORE_TIME = frozenset(("about", "at", "begin", "between", "role", "stop"))
BEFORE_AMOUNT = frozenset(("about", "list", "numword", "stop"))

HOUR_WORDS = ("u", "h")


def read_clock(s: Scan, i: int) -> int:
    """A clock time that begins with the number at `i`; the token after it, or 0."""
    t = s.tokens
    token, sign, minutes = t[i], t[i + 1], t[i + 2]
    hour = token.number
    if len(token.text) == 4:
        return _four_digits(s, i)
    if hour > 24 or len(token.text) > 2:
        return 0
    if sign.text in (":", ".", ",") and len(minutes.text) == 2 and 0 <= minutes.number < 60:
        return _with_minutes(s, i)
    if "unit" in sign.means and sign.gap < 2:
        return _with_unit(s, i)
    if "ampm" in sign.means and hour <= 12:
        return _finish(s, Clock(i, i + 1, hour * 60, hour_only=True))
    value = sign.means.get("clockword")
    if value in ("past", "to") and hour in (5, 10, 15, 20, 25):
        return _past(s, i, i + 1, hour)
    return 0


def _with_minutes(s: Scan, i: int) -> int:
    t = s.tokens
    sign, minutes, j = t[i + 1], t[i + 2], i + 3
    glued = not sign.gap and not minutes.gap
    unit = "unit" in t[j].means or "ampm" in t[j].means
    if t[j].text in CURRENCY or (t[j].text == "%" and sign.text != ":"):
        return j + 1
    if sign.text == ":" and (sign.gap == 2 or minutes.gap == 2):
        return 0
    if (sign.text == "." and not (glued or unit)) or (sign.text == "," and not (glued and unit)):
        return 0
    soft = sign.text == "." and not unit
    if soft and _is_price(t, i):
        return j
    if t[j].text == ":" and is_number(t[j + 1]) and not t[j + 1].gap and sign.text == ":":
        j += 2
    clock = Clock(i, j, t[i].number * 60 + minutes.number, soft=soft, unit=unit or sign.text == ":")
    return _finish(s, clock)


def _is_price(t: list[Token], i: int) -> bool:
    """ "entree 7.50": an amount, because of the word before it."""
    k = i - 1
    while k >= 0 and k > i - 3 and t[k].text in (":", "vanaf"):
        k -= 1
    return k >= 0 and "not_a_day" in t[k].means and t[k].means["not_a_day"] == "before"


def _with_unit(s: Scan, i: int) -> int:
    """20u15, 20 u 15, 20 uur."""
    t = s.tokens
    sign, minutes = t[i + 1], t[i + 2]
    hour = t[i].number
    near = minutes.gap == 0 or (sign.text in HOUR_WORDS and minutes.gap == 1)
    if len(minutes.text) == 2 and 0 <= minutes.number < 60 and near and not _is_month(t[i + 3]):
        return _finish(s, Clock(i, i + 3, hour * 60 + minutes.number, unit=True))
    return _finish(s, Clock(i, i + 2, hour * 60, hour_only=True, unit=True))


def _four_digits(s: Scan, i: int) -> int:
    token = s.tokens[i]
    hour, minute = divmod(token.number, 100)
    if "unit" in s.tokens[i + 1].means and hour <= 24 and minute < 60 and s.tokens[i + 1].gap < 2:
        return _finish(s, Clock(i, i + 1, hour * 60 + minute, unit=True))
    return 0


def _is_month(token: Token) -> bool:
    return "month" in token.means or "month_short" in token.means


def _finish(s: Scan, clock: Clock) -> int:
    """Reads the unit, am or pm, zone and part of the day around a clock time and keeps it."""
    t, j = s.tokens, clock.j
    if "unit" in t[j].means and t[j].gap < 2:
        clock.unit = True
        j += 1
    if t[j].text == "." and not t[j].gap and t[j - 1].text in HOUR_WORDS:
        j += 1
    half = t[j].means.get("ampm")
    if half is not None:
        hour = clock.minute // 60
        if hour <= 12:
            clock.minute += (
                12 if half == "pm" and hour < 12 else -12 if half == "am" and hour == 12 else 0
            ) * 60
        clock.unit, clock.hour_only, clock.word, clock.ampm = True, False, False, str(half)
        j += 1
    if "zone" in t[j].means:
        clock.offset, j = read_offset(t, j)
    part = t[j].means.get("part")
    if part is not None and t[j].gap < 2:
        clock.part, j = str(part), j + 1
    else:
        clock.part = part_before(t, clock.i)
    clock.j = j
    s.items.append(clock)
    return j


def part_before(t: list[Token], i: int) -> str | None:
    """The part of the day that stands directly before a time: "'s avonds om 8 uur"."""
    for k in range(i - 1, max(i - 4, -1), -1):
        part = t[k].means.get("part")
        if part is not None:
            return str(part)
        if BEFORE_TIME.isdisjoint(t[k].means):
            return None
    return None


def hour_at(t: list[Token], j: int) -> int:
    """The hour of twelve at `j` in digits or words, else 0."""
    value = t[j].means.get("numword", t[j].number)
    return int(value) if 1 <= int(value) <= 12 and len(t[j].text) < 9 else 0


def _past(s: Scan, i: int, j: int, minutes: int) -> int:
    """<minutes> past or to [half] <hour>, from the word past or to at `j`."""
    t = s.tokens
    sign = 1 if t[j].means["clockword"] == "past" else -1
    half = t[j + 1].means.get("clockword") == "half"
    hour = hour_at(t, j + 1 + half)
    if not hour:
        return 0
    minute = hour * 60 - (30 if half else 0) + sign * minutes
    return _finish(s, Clock(i, j + 2 + half, minute, word=True))


def read_clockword(s: Scan, i: int) -> int:
    """half negen, half past eight, kwart over acht, noon, middernacht."""
    t = s.tokens
    value = t[i].means["clockword"]
    if value in ("noon", "midnight"):
        return _finish(s, Clock(i, i + 1, 720 if value == "noon" else 1440, unit=True))
    hour = hour_at(t, i + 1)
    if value == "half" and hour:
        return _finish(s, Clock(i, i + 2, (hour - 1) * 60 + 30, word=True))
    if value == "half_past" and hour:
        return _finish(s, Clock(i, i + 2, hour * 60 + 30, word=True))
    if value == "quarter" and t[i + 1].means.get("clockword") in ("past", "to"):
        return _past(s, i, i + 1, 15) or i + 1
    return i + 1


def read_numword(s: Scan, i: int) -> int:
    """A number in words: a duration, a clock time, a day of a month, or just a number."""
    t = s.tokens
    value = int(t[i].means["numword"])
    end = read_duration(s, i)
    if end:
        return end
    k = i + 1 + (t[i + 1].means.get("duration") == "minute")
    if t[k].means.get("clockword") in ("past", "to") and value in (5, 10, 15, 20, 25):
        end = _past(s, i, k, value)
        if end:
            return end
    before = t[i - 1].means if i else {}
    timed = "at" in before or "begin" in before or "between" in before or "about" in before
    if "unit" in t[i + 1].means and value <= 24 and (value > 1 or timed):
        return _finish(s, Clock(i, i + 2, value * 60, word=value <= 12, hour_only=True, unit=True))
    if "at" in before and value <= 12 and (value > 1 or not t[i + 1].text):
        return _finish(s, Clock(i, i + 1, value * 60, word=True, hour_only=True))
    end = read_day(s, i)
    if end:
        return end
    s.items.append(Mark(i, i + 1, "num", "word", value))
    return i + 1


def read_duration(s: Scan, i: int) -> int:
    """2 uur en 15 minuten, 127 min, anderhalf uur, vijf kwartier: a mark in minutes; else 0."""
    t = s.tokens
    after = t[i + 1]
    if t[i].number >= 0 and not _may_last(t, i, after):
        return 0
    total, j, sure = _iso(t, i) if t[i].means.get("duration") == "iso" else _amount(t, i)
    if not total:
        return 0
    lasting = t[j + (t[j].text in ("(", ","))].means.get("duration") == "lasting"
    alone = (
        total <= 360
        and t[j].text == ")"
        and _in_brackets(t, i)
        and any(isinstance(x, Clock) for x in s.items)
    )
    if not (sure or _named(t, i) or alone or (lasting and total <= 720)):
        return 0
    other = t[j].means.get("pause") or (_before_pause(t, i) and "other")
    kind = "duration" if not other else "before_start" if other == "before" else "aside"
    s.items.append(Mark(i, j, kind, number=total))
    return j


def _may_last(t: list[Token], i: int, after: Token) -> bool:
    """Most digits are no duration, and one look at what follows tells."""
    if after.text in (":", "."):
        return t[i].number < 6
    return (
        t[i + 2].number >= 0 if after.text == "," else "duration" in after.means or after.text in HOUR_WORDS
    )


def _amount(t: list[Token], i: int) -> tuple[int, int, bool]:
    """(minutes, the token after, whether it can be nothing but a duration)."""
    value = _quantity(t[i])
    unit = t[i + 1].means.get("duration")
    if t[i].means.get("duration") == "and_half" and unit == "hours":
        return 90, i + 2, True
    if t[i].means.get("duration") == "half_hour":
        return 30, i + 1, True
    if value < 0:
        return 0, i, False
    if t[i + 1].text in (":", ".") and value < 6 and is_number(t[i + 2]) and len(t[i + 2].text) == 2:
        j = i + 3 + ("unit" in t[i + 3].means)
        return value * 60 + t[i + 2].number, j, False  # only with "duur" before it
    if unit in ("minute", "quarter", "half_hour"):
        return value * {"minute": 1, "quarter": 15, "half_hour": 30}[str(unit)], i + 2, True
    if t[i + 1].text == "," and not t[i + 2].gap and t[i + 3].means.get("duration") == "hours":
        tenths = t[i + 2].number / 10 ** len(t[i + 2].text)
        known = value < 13 and tenths in (0.25, 0.5, 0.75)
        return (int((value + tenths) * 60), i + 4, True) if known else (0, i, False)
    if value > 24 or not (unit == "hours" or t[i + 1].text in HOUR_WORDS):
        return 0, i, False
    if is_number(t[i + 2]) and not t[i + 2].gap and t[i + 3].means.get("duration") != "minute":
        return value * 60 + t[i + 2].number, i + 3, False  # 1u45: only with "duur" before it
    k = i + 2 + ("list" in t[i + 2].means or t[i + 2].text == ",")
    more = _quantity(t[k])
    after = t[k + 1].means.get("duration")
    if more >= 0 and after in ("minute", "quarter"):
        return value * 60 + more * (15 if after == "quarter" else 1), k + 2, True
    return value * 60, i + 2, unit == "hours" and t[i + 1].text != "uur"


def _iso(t: list[Token], i: int) -> tuple[int, int, bool]:
    """PT2H30M (ISO 8601)."""
    total, j = 0, i + 1
    for unit, minutes in (("h", 60), ("m", 1)):
        if is_number(t[j], 3) and t[j + 1].text == unit:
            total, j = total + t[j].number * minutes, j + 2
    return total, j, True


def _quantity(token: Token) -> int:
    value = token.means.get("numword", token.number)
    return int(value) if len(token.text) < 16 and int(value) < 1000 else -1


def _in_brackets(t: list[Token], i: int) -> bool:
    """(ca. 2 uur)."""
    k = i - 1
    while k >= 0 and "about" in t[k].means:
        k -= 1
    return k >= 0 and t[k].text == "("


def _named(t: list[Token], i: int) -> bool:
    """Whether "duur", "speelduur", "duurt" stands before the amount."""
    for k in range(i - 1, max(i - 5, -1), -1):
        if t[k].means.get("duration") == "name":
            return True
        if not (not BEFORE_AMOUNT.isdisjoint(t[k].means) or t[k].text in (":", "(", "=", "-")):
            return False
    return False


def _before_pause(t: list[Token], i: int) -> bool:
    return any("pause" in t[k].means for k in range(max(i - 3, 0), i))
