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

from dataclasses import dataclass

from aggregator.normalise.when.vocabulary import LEXEME, Means, Vocabulary, load_vocabulary

NOTHING: Means = {}
LONGEST_NUMBER = 14  # digits: YYYYMMDDhhmmss


@dataclass(slots=True)
class Token:
    """One token. `gap` is what stands before it: 0 nothing, 1 blank, 2 a new line.

    `number` is the value of a run of digits, -1 for any other token and for endless runs.
    `part` is the part of the day in a weekday compound, `form` its form (whole, plural, ...).
    """

    text: str
    gap: int
    means: Means
    number: int = -1
    part: str | None = None
    form: str = ""


PADDING = 12
END = Token("", 2, NOTHING)


def read_tokens(text: str, lang: str = "nl") -> list[Token]:
    """All tokens of a cleaned text, and `PADDING` empty ones, so that looking ahead needs no care."""
    words = load_vocabulary(lang)
    raw = LEXEME.findall(text)
    tokens: list[Token] = []
    i, count = 0, len(raw)
    single, several = words.single, words.several
    while i < count:
        space, word = raw[i]
        gap = 0 if not space else 2 if "\n" in space else 1
        length = 1
        means = single.get(word, NOTHING)
        if word in several:
            means, length = _longest(raw, i, several[word], means)
        if word[0] in "0123456789" and length == 1:
            number = int(word) if len(word) <= LONGEST_NUMBER else -1
            tokens.append(Token(word, gap, NOTHING, number))
        elif length > 1:
            tokens.append(Token(_join(raw, i, length), gap, means))
        else:
            token, length = _word(raw, i, gap, means, words)
            tokens.append(token)
        i += length
    tokens.extend(END for _ in range(PADDING))
    return tokens


def _longest(
    raw: list[tuple[str, str]], i: int, forms: tuple[tuple[tuple[str, ...], Means], ...], means: Means
) -> tuple[Means, int]:
    """The longest form of several words that begins at `i`, else the single word."""
    for rest, found in forms:
        end = i + 1 + len(rest)
        if end <= len(raw) and all(raw[i + 1 + k][1] == word for k, word in enumerate(rest)):
            return found, 1 + len(rest)
    return means, 1


def _join(raw: list[tuple[str, str]], i: int, length: int) -> str:
    return raw[i][1] + "".join((" " if space else "") + word for space, word in raw[i + 1 : i + length])


def _word(raw: list[tuple[str, str]], i: int, gap: int, means: Means, words: Vocabulary) -> tuple[Token, int]:
    """A single word: known, or a compound of a weekday, or a name that the line or a scan broke."""
    word = raw[i][1]
    if not word[0].isalpha():
        return Token(word, gap, means), 1
    whole, length = _mend(raw, i, words)
    if length > 1:
        return Token(whole, gap, words.broken[whole]), length
    if not means and len(word) > 6:
        compound = words.compound(word)
        if compound is not None:
            day, part, form = compound
            kind = {"habit": "weekday_habit", "compound": "weekday_noun"}.get(form, "weekday")
            return Token(word, gap, {kind: day}, -1, part, form), 1
        part = words.part_of(word)
        if part is not None:
            return Token(word, gap, {"partnoun": part}), 1
    return Token(word, gap, means), 1


def _mend(raw: list[tuple[str, str]], i: int, words: Vocabulary) -> tuple[str, int]:
    """Puts "ma art" and "okto-<new line>ber" together when that makes a name."""
    word = raw[i][1]
    if word in words.broken or i + 1 >= len(raw):
        return word, 1
    if raw[i + 1][0] == " " and word + raw[i + 1][1] in words.broken:
        return word + raw[i + 1][1], 2
    if raw[i + 1] == ("", "-") and i + 2 < len(raw) and "\n" in raw[i + 2][0]:
        whole = word + raw[i + 2][1]
        if whole in words.broken:
            return whole, 3
    return word, 1
