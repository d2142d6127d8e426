"""Prices as Dutch, German and English agendas write them, to amounts and "free"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from price_parser import Price as Found

from aggregator.model import Price, RawOffer

_MOST = Decimal(10_000)  # dearer is a phone number, a year's budget or a mistake

_SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "eur": "EUR",
    "euro": "EUR",
    "gbp": "GBP",
    "usd": "USD",
    "chf": "CHF",
}
_NUMBER = r"\d{1,3}(?:[.\s]\d{3})+(?:,\d{2})?|\d{1,5}(?:[.,]\d{1,2})?"
_TAIL = r"(?:\s?,\s?-{1,2}|\s?,?[–—](?=\s|$)|\.-)?"
_MONEY = re.compile(
    rf"(?P<sign>€|£|\$|\beuro?\b|\bEUR\b)\s*(?P<a>{_NUMBER}){_TAIL}(?!\d)"
    rf"|(?<![\d.,:/])(?P<b>{_NUMBER}){_TAIL}\s*(?P<after>€|£|euro?(?:'?s)?\b|EUR\b)"
    rf"|(?<![\d.,:/])(?P<c>{_NUMBER})\s?,-",
    re.IGNORECASE,
)
# "€ 10 - 12,50", "10 tot 15 euro": the second or first half of a range without its own sign.
_RANGE = re.compile(
    rf"(?:€|£|\$|\bEUR\b|\beuro\b)\s*(?:{_NUMBER}){_TAIL}\s*(?:-|–|—|/|tot|t/m|bis|to|of|en|"
    rf"&)\s*(?P<hi>{_NUMBER}){_TAIL}"
    rf"(?!\s*(?:jaar|jr|uur|u\b|h\b|personen|p\.p|%|[:/]\d))(?![\d])"
    rf"|(?<![\d.,:/])(?P<lo>{_NUMBER})\s*(?:-|–|—|/|tot|bis|to|of|en|à)\s*(?:{_NUMBER})\s*(?:€|euro?\b|"
    rf"EUR\b)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\d.,:/-])\d{1,4}[.,]\d{2}(?![\d.,:/-]|\s*(?:uur|u\b|h\b|uhr|%))", re.IGNORECASE)
_ONLY = re.compile(rf"^\s*(?:{_NUMBER})\s*$")
# What an amount is for, when it is no ticket.
_EXTRA_AFTER = re.compile(
    r"^\s*(?:p\.?p\.?\s+)?(?:aan\s+|per bestelling\s+)?(?:\w*(?:service|reserverings?|transactie|"
    r"administratie|bestel|bespreek|"
    r"garderobe|verzend|annulerings)-?\s?(?:kosten|fee|toeslag)|toeslag|korting|statiegeld|borg|booking fee|"
    r"vorverkaufsgebühr|voor een consumptie|aan consumpties)",
    re.IGNORECASE,
)
_EXTRA_BEFORE = re.compile(
    r"(?:service-?|reserverings?-?|transactie-?|administratie-?|bespreek-?)(?:kosten|fee)(?:\s+(?:van|"
    r"à|:|bedragen))?\s*:?\s*$"
    r"|korting(?:\s+van)?\s*$|parkeren(?:\s+\w+)?\s*:?\s*$",
    re.IGNORECASE,
)

_FREE = re.compile(
    r"\bgratis\b|\bkosteloos\b|\b(?:toegang|entree|inloop|deelname)\s+(?:is\s+)?vrij\b|"
    r"\bvrije?\s+(?:toegang|entree|entrée|inloop|gift)\b"
    r"|\bvrij\s+(?:toegankelijk|entree)\b|\bvrijwillige\s+bijdrage\b|\bpay what you (?:want|can|"
    r"like)\b|\bbetaal wat je wilt\b"
    r"|\bdonatie\b|\bgeen\s+(?:entree|kosten|toegangsprijs)\b|^\s*vrij\s*$"
    r"|\bfree(?:\s+(?:entry|entrance|admission|of charge))?\b|\bno charge\b|\bby donation\b"
    r"|\bkostenlos\b|\bkostenfrei\b|\bumsonst\b|\beintritt\s+(?:ist\s+)?frei\b|\bfreier\s+eintritt\b|"
    r"\bauf spendenbasis\b",
    re.IGNORECASE,
)
# "gratis parkeren", "kinderen gratis", "sugar free", "niet gratis": free, but not the entry for everybody.
_NOT_ENTRY_AFTER = re.compile(
    r"^\s*(?:\w+\s+){0,1}?(?:parkeren|parking|koffie|thee|drankje|consumptie|garderobe|wifi|hapje|"
    r"pendelbus|bus|stalling|"
    r"fietsenstalling|kopje|welkomstdrankje|parkplatz|proeverij|tas)\b",
    re.IGNORECASE,
)
_SOME_AFTER = re.compile(
    r"^\s*(?:entree\s+|toegang\s+)?(?:voor|met|for|für|bij|op vertoon van)\s+(?!iedereen|alle\b|all\b|"
    r"everyone|alle leeftijden|"
    r"jong en oud|bezoekers)",
    re.IGNORECASE,
)
_SOME_BEFORE = re.compile(
    r"(?:kind(?:eren)?|leden|vrienden|studenten|scholieren|jongeren|begeleiders?|"
    r"museum(?:jaar)?kaart(?:houders)?|cjp|jeugd|"
    r"ooievaarspas|members|children|kids|kinder|mitglieder|\d+\s*(?:jaar|jr|years?|"
    r"jahre?)\.?(?:\s+oud)?|\d+-|"
    r"niet|not|nicht|sugar|gluten|smoke)\s*(?:\([^)]*\))?\s*(?:is|zijn|hebben|:|=|,|are|go|"
    r"haben)?\s*(?:de\s+)?$",
    re.IGNORECASE,
)


def parse_price(
    offers: Iterable[RawOffer], said_free: bool | None = None
) -> tuple[Price | None, str, tuple[str, ...]]:
    """Price of an event's offers, the words it was read from, and warnings.

    Amounts are what the general public pays, the cheapest and the dearest; one amount gives both. "vanaf"
    leaves `max` open. `free` is True only when nobody has to pay, None when nothing was said.
    """
    amounts: list[Decimal] = []
    words: list[str] = []
    currency, free, open_end, zero = "", False, False, False
    for offer in offers:
        read = _read_offer(offer)
        zero = zero or Decimal(0) in read.amounts  # a tier that costs nothing, beside others that do
        amounts += read.amounts
        free, open_end, currency = free or read.free, open_end or read.open_end, currency or read.currency
        words += [w for w in (offer.text, offer.price, offer.low, offer.high) if w]
    raw = " | ".join(dict.fromkeys(words))
    paid = [a for a in amounts if a > 0]
    warnings = ("price-conflict",) if said_free and paid else ()
    if paid:
        highest = None if open_end and min(paid) == max(paid) else max(paid)
        lowest = Decimal(0) if zero else min(paid)
        return Price(lowest, highest, currency or "EUR", False), raw, warnings
    if said_free or free or amounts:
        return Price(Decimal(0), Decimal(0), currency or "EUR", True), raw or "isAccessibleForFree", warnings
    if said_free is False:
        return Price(None, None, currency or "EUR", False), raw or "isAccessibleForFree", warnings
    return None, raw, warnings


class _Read:
    """What one offer said."""

    def __init__(self) -> None:
        self.amounts: list[Decimal] = []
        self.free = self.open_end = False
        self.currency = ""


def _read_offer(offer: RawOffer) -> _Read:
    read = _Read()
    for value in (offer.price, offer.low, offer.high):
        if value and value.strip():
            _read_words(value, read, field=True)
    if offer.text and not read.amounts:
        _read_words(offer.text, read, field=True)
    elif offer.text and _is_free(offer.text):
        read.free = True
    code = (offer.currency or "").strip()
    if re.fullmatch(r"[A-Za-z]{3}", code):
        read.currency = code.upper()
    elif code.casefold() in _SYMBOLS:
        read.currency = _SYMBOLS[code.casefold()]
    if offer.low and not offer.high and not offer.price:
        read.open_end = True
    return read


def _read_words(text: str, read: _Read, *, field: bool) -> None:
    """Add what a sentence or a price cell says; `field` allows amounts without a sign."""
    text = text.replace("\xa0", " ").replace("\u202f", " ")[:2000]
    if _ONLY.match(text):
        _add(text, read)
        return
    for match in _MONEY.finditer(text):
        if _EXTRA_AFTER.match(text[match.end() :]) or _EXTRA_BEFORE.search(text[: match.start()]):
            continue
        _add(match["a"] or match["b"] or match["c"], read)
        sign = (match["sign"] or match["after"] or "").casefold().rstrip("'s")
        read.currency = read.currency or _SYMBOLS.get(sign, "")
    for match in _RANGE.finditer(text):
        if not _EXTRA_AFTER.match(text[match.end() :]):
            _add(match["hi"] or match["lo"], read)
    for match in _IN_WORDS.finditer(text):
        read.amounts.append(Decimal(_NUMBERS[match[1].casefold()]))
    if not read.amounts and field:
        for bare in _BARE.findall(text):
            _add(bare, read)
    read.free = read.free or _is_free(text)
    if re.search(r"\b(?:vanaf|v\.?a\.?|from|ab|minimaal)\s*(?:€|£|\$|eur|\d)", text, re.IGNORECASE):
        read.open_end = True


def _add(number: str, read: _Read) -> None:
    separator = "," if re.search(r",\d{1,2}$", number) else "." if re.search(r"\.\d{1,2}$", number) else None
    amount = Found.fromstring(number, decimal_separator=separator).amount
    if amount is not None and 0 <= amount <= _MOST:
        read.amounts.append(amount)


def _is_free(text: str) -> bool:
    """Whether the entry is free for everybody, as far as these words say."""
    for match in _FREE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if not (_NOT_ENTRY_AFTER.match(after) or _SOME_AFTER.match(after) or _SOME_BEFORE.search(before)):
            return True
    return False


def _number_words() -> dict[str, int]:
    """Dutch number words to 99 and German and English ones that prices use."""
    ones = "een twee drie vier vijf zes zeven acht negen".split()
    teens = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
    tens = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
    words = {w: n for n, w in enumerate(ones, 1)} | {w: n for n, w in enumerate(teens, 10)} | {"één": 1}
    for n, ten in enumerate(tens, 2):
        words[ten] = n * 10
        for m, one in enumerate(ones, 1):
            words[one + ("ën" if one.endswith("e") else "en") + ten] = n * 10 + m
    english = "one two three four five six seven eight nine ten eleven twelve".split()
    german = "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()
    words |= {w: n for n, w in enumerate(english, 1)} | {w: n for n, w in enumerate(german, 1)}
    return words | {"fifteen": 15, "twenty": 20, "fünfzehn": 15, "zwanzig": 20, "honderd": 100}


_NUMBERS = _number_words()
_IN_WORDS = re.compile(
    r"\b(" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")\s+euro(?:s)?\b", re.IGNORECASE
)
