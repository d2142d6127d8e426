"""Kinds of values in `config/`, each with its check, and the model that their records are made on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Postcode4 = Annotated[str, Field(pattern=r"^[1-9][0-9]{3}$")]  # the digits of a Dutch postcode
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Point = tuple[Latitude, Longitude]
Language = Literal["nl", "en", "de"]
Texts = Mapping[Language, str]  # one text per language


def parse_interval(text: str) -> timedelta:
    """`6h`, `1d`, `2w` as a timedelta; ValueError otherwise."""
    units = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
    if not text or text[-1] not in units or not text[:-1].isdecimal() or int(text[:-1]) == 0:
        raise ValueError(f"{text!r} is no interval; write 6h, 1d or 2w")
    return timedelta(**{units[text[-1]]: int(text[:-1])})


def _check_interval(text: str) -> str:
    parse_interval(text)
    return text


def _check_web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")) or any(c.isspace() for c in text):
        raise ValueError(f"{text!r} is no web address; write https://host/path")
    return text


def _split_words(value: Any) -> Any:
    return [w.strip() for w in value.split(",") if w.strip()] if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_split_words)]  # a list, or text with commas
Interval = Annotated[str, AfterValidator(_check_interval)]
WebAddress = Annotated[str, AfterValidator(_check_web_address)]


class Model(BaseModel):
    """Frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")
