"""A municipality's own page: `page:` in `config/municipalities/<id>.yaml`. It shows there and nowhere else.

page:
  words: {nl: Welkom in Borne., en: Welcome to Borne., de: Willkommen in Borne.}
  accent: {light: "#8a1f4b", dark: "#f2a3c0"}   # readable on the light and on the dark page
  featured: [2f1e6a9c-0b1d-5c1e-8f3a-1c2d3e4f5a6b]   # UIDs of its own events, first on its page
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from aggregator.errors import ConfigError, ConfigMistakesError
from aggregator.fields import Model, Texts
from aggregator.region import Region

FOLDER = "municipalities/"
MOST_WORDS = 600  # characters of one language
MOST_FEATURED = 12
LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
GROUNDS: Mapping[str, str] = {"light": "#fbfaf6", "dark": "#14161a"}  # the paper of trek.css; a test compares


def _check_colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f"{text!r} is no colour; write it in quotes as '#8a1f4b'")
    return text.lower()


def _check_words(texts: Texts) -> Texts:
    for language, text in texts.items():
        if not text.strip() or len(text) > MOST_WORDS:
            raise ValueError(f"{language}: between 1 and {MOST_WORDS} characters")
    return texts


Colour = Annotated[str, AfterValidator(_check_colour)]


class Accent(Model):
    """One colour for the light page and one for the dark."""

    light: Colour
    dark: Colour

    @model_validator(mode="after")
    def _readable(self) -> Self:
        for name, ground in GROUNDS.items():
            colour = getattr(self, name)
            if (found := contrast(colour, ground)) < LEAST_CONTRAST:
                change = "darker" if name == "light" else "lighter"
                what = f"{name} {colour} has a contrast of {found:.1f} on {ground}"
                raise ValueError(f"{what}, and {LEAST_CONTRAST} is needed; make it {change}")
        return self


class TownPage(Model):
    """The `page:` entry of one municipality."""

    words: Annotated[Texts, AfterValidator(_check_words)] = Field(default_factory=dict)
    accent: Accent | None = None
    featured: Annotated[tuple[str, ...], Field(max_length=MOST_FEATURED)] = ()


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (`#rrggbb`), 1 to 21: WCAG 2.2, "contrast ratio"."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB, 0 to 1 (WCAG 2.2, "relative luminance")."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def load_pages(region: Region) -> dict[str, TownPage]:
    """The page of each municipality that has one; ConfigMistakesError with every mistake in them."""
    found, mistakes = {}, []
    for name, raw in region.raw.items():
        page = raw.get("page") if name.startswith(FOLDER) and isinstance(raw, Mapping) else None
        home = name.removeprefix(FOLDER)
        if page is None or home not in region.municipalities:
            continue
        try:
            found[home] = TownPage.model_validate(page)
        except ValidationError as error:
            mistakes += [
                ConfigError(mistake_of(e), f"{name}.yaml", ".".join(map(str, ("page", *e["loc"]))))
                for e in error.errors()
            ]
    if mistakes:
        raise ConfigMistakesError(tuple(mistakes))
    return found


def mistake_of(error: Any) -> str:
    """A mistake as pydantic tells it, without its own prefix."""
    return str(error["msg"]).removeprefix("Value error, ")
