"""The lexer: text to tokens, each with every meaning its word can have.

A run of digits, a run of letters or one other sign is a token; `20u15`, `ZO29NOV` and
`zaterdag6maart` therefore fall apart by themselves. Forms of several words become one token.

>>> [(t.text, t.means) for t in read_tokens("za 28 t/m 30 mei") if t.means]
... # doctest: +NORMALIZE_WHITESPACE
[('za', {'weekday_short': 5}), ('t/m', {'range': 'word', 'deadline_word': 'before'}),
 ('mei', {'month': 5})]
>>> [t.text for t in read_tokens("decem ber okto-\\nber 20u15") if t.text]
['december', 'oktober', '20', 'u', '15']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from aggregator.normalise.when.clean import STRUCK, UNSTRUCK
from aggregator.normalise.when.vocabulary import LEXEME, Means, Vocabulary, load_vocabulary

Rests = tuple[tuple[tuple[str, ...], Means], ...]
NOTHING: Means = {}
LONGEST_NUMBER = 14  # digits: YYYYMMDDhhmmss


@dataclass(slots=True)
class Token:
    """One token, shared and never changed. `gap` is what stands before it: 0 nothing, 1 blank, 2 a new line.

    `number` is the value of a run of digits, -1 for any other token and for endless runs.
    `part` is the part of the day in a weekday compound, `form` its form (whole, plural, ...).
    `small` words are read over inside a date, `inner` ones and signs between its parts; a `plain` token
    cannot begin a longer form, of which `forms` holds the words that follow; `kind` is the class under
    which the scanner reads the word.
    """

    text: str
    gap: int
    means: Means
    number: int = -1
    part: str | None = None
    form: str = ""
    kind: str = ""
    plain: bool = False
    small: bool = False
    inner: bool = False
    forms: Mapping[str, Rests] | None = None


PADDING = 12
END = Token("", 2, NOTHING)
SPACES = ("", " ", "\n")
MEMORY = 50_000  # tokens kept: agendas say the same words over and over, and a token never changes
# Classes of words in the order in which a word of several meanings is tried by the scanner.
ORDER = (
    "drop_near drop_deadline frequency each every relative weekend week coming holiday holiday_numbered "
    "month month_short weekday weekday_short weekday_habit weekday_noun days ordinal after clockword numword "
    "duration role range moved status list begin between part partnoun parity ofmonth except both whole more "
    "door_noun opening at"
).split()


def _kind(means: Means) -> str:
    """The class under which the scanner reads a word."""
    for kind in ORDER:
        if kind in means and not (kind == "clockword" and means[kind] in ("past", "to")):
            return kind
    return ""


class Lexer:
    """Turns texts into tokens; keeps those it made, as they are never changed."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.known: dict[tuple[str, str], Token] = {}

    def read(self, text: str) -> list[Token]:
        """All tokens of a cleaned text, and `PADDING` empty ones, so that looking ahead needs no care."""
        raw = LEXEME.findall(text)
        known = self.known
        tokens: list[Token] = []
        i, count = 0, len(raw)
        while i < count:
            pair = raw[i]
            token = known.get(pair)
            if token is None:
                token = self._token(pair)
            if not token.plain and i + 1 < count:
                if token.forms is None:
                    length = self._mended(raw, i, tokens)
                else:
                    rests = token.forms.get(raw[i + 1][1])
                    length = self._several(raw, i, tokens, rests) if rests else 0
                if length:
                    i += length
                    continue
            tokens.append(token)
            i += 1
        tokens += [END] * PADDING
        return tokens

    def _mended(self, raw: list[tuple[str, str]], i: int, tokens: list[Token]) -> int:
        """Adds a name that a line end or a scan broke; its length, or 0."""
        whole, length = _mend(raw, i, self.words)
        if length == 1:
            return 0
        tokens.append(_make(whole, _gap(raw[i][0]), self.words.broken[whole]))
        return length

    def _several(self, raw: list[tuple[str, str]], i: int, tokens: list[Token], rests: Rests) -> int:
        """Adds the longest of the forms of several words that begin at `i`; its length, or 0."""
        for rest, means in rests:
            size = len(rest) + 2
            if i + size <= len(raw) and all(raw[i + 2 + k][1] == word for k, word in enumerate(rest)):
                gap = _gap(raw[i][0])
                key = (SPACES[gap], _join(raw, i, size))
                token = self.known.get(key)
                if token is None:
                    token = self.known[key] = _make(key[1], gap, means)
                tokens.append(token)
                return size
        return 0

    def _token(self, pair: tuple[str, str]) -> Token:
        word = pair[1]
        token = _single(word, _gap(pair[0]), self.words)
        token.forms = self.words.several.get(word)
        token.plain = token.forms is None and word not in self.words.beginnings
        if len(self.known) >= MEMORY:
            self.known.clear()
        if len(pair[0]) + len(pair[1]) < 40:
            self.known[pair] = token
        return token


def _gap(space: str) -> int:
    return 0 if not space else 2 if "\n" in space else 1


@lru_cache(maxsize=8)
def load_lexer(lang: str) -> Lexer:
    """The lexer of a language."""
    return Lexer(load_vocabulary(lang))


def read_tokens(text: str, lang: str = "nl") -> list[Token]:
    """The tokens of a cleaned text."""
    return load_lexer(lang).read(text)


def _join(raw: list[tuple[str, str]], i: int, length: int) -> str:
    return raw[i][1] + "".join((" " if space else "") + word for space, word in raw[i + 1 : i + length])


# What a sign between two things makes.
SIGNS = {
    ",": "list",
    "&": "list",
    "+": "list",
    "|": "list",
    ";": "list",
    "/": "range",
    "-": "range",
    STRUCK: "struck",
    UNSTRUCK: "struck",
}
# Signs that may stand inside a date: "za | 28 | nov", "[11] vr", "Vrijdag, 24 April , 2026".
INSIDE = frozenset(",.|[](>)*:'\"")
SMALL = frozenset(("stop", "label"))
INNER = frozenset(("stop", "part", "label", "partnoun"))


def _make(
    word: str, gap: int, means: Means, number: int = -1, part: str | None = None, form: str = ""
) -> Token:
    """A token with what can be said of it once and for all."""
    small = not SMALL.isdisjoint(means)
    inner = word in INSIDE or not INNER.isdisjoint(means)
    kind = _kind(means) or ("number" if number >= 0 else "sign" if word in SIGNS else "")
    return Token(word, gap, means, number, part, form, kind, False, small, inner)


def _single(word: str, gap: int, words: Vocabulary) -> Token:
    """A single word: a number, a known word or a compound of a weekday or a part of the day."""
    if word[0] in "0123456789":
        return _make(word, gap, NOTHING, int(word) if len(word) <= LONGEST_NUMBER else -1)
    means = words.single.get(word, NOTHING)
    if not means and len(word) > 6 and word.isalpha():
        compound = words.compound(word)
        if compound is not None:
            day, part, form = compound
            kind = {"habit": "weekday_habit", "compound": "weekday_noun"}.get(form, "weekday")
            return _make(word, gap, {kind: day}, -1, part, form)
        named = words.part_of(word)
        if named is not None:
            return _make(word, gap, {"partnoun": named})
    return _make(word, gap, means)


def _mend(raw: list[tuple[str, str]], i: int, words: Vocabulary) -> tuple[str, int]:
    """Puts "ma art" and "okto-<new line>ber" together when that makes a name."""
    word, after = raw[i][1], raw[i + 1]
    if after[0] and "\n" not in after[0]:
        if word + after[1] in words.broken:
            return word + after[1], 2
    elif after == ("", "-") and i + 2 < len(raw) and "\n" in raw[i + 2][0]:
        whole = word + raw[i + 2][1]
        if whole in words.broken:
            return whole, 3
    return word, 1
