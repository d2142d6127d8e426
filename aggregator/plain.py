"""Plain JSON values back into the dataclasses of `aggregator.model`: the inverse of `to_plain`.

Standard library only, so that crawlers, store and inbox share it. A decoder is composed once
per type from its annotations and kept. `to_plain` leaves empty fields out; here a field that is
absent gets its default, or the empty value of its type. An unknown key is passed over, so that a
file written by a newer Trek with more fields can still be read.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Edit, Event, Listing, RawEvent, Reject, Run, Timed

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def from_plain(kind: type[T], plain: Any) -> T:
    """A `kind` out of JSON values; ValueError names the field that does not fit.

    Strings lose what no database and no XML can hold (NUL, half of a surrogate pair). A datetime
    whose offset is the region's own at that moment comes back in the region's zone.
    """
    decode: Decoder = _decoder(typing.cast(Any, kind))
    return typing.cast(T, decode(plain))


def raw_from_plain(plain: Mapping[str, Any]) -> RawEvent:
    """A `RawEvent` out of one line of the inbox; ValueError names the field that does not fit."""
    return from_plain(RawEvent, plain)


def run_from_plain(plain: Mapping[str, Any]) -> Run:
    """A `Run` out of a manifest; ValueError names the field that does not fit."""
    return from_plain(Run, plain)


def listing_from_plain(plain: Mapping[str, Any]) -> Listing:
    """A `Listing` out of the store; ValueError names the field that does not fit."""
    return from_plain(Listing, plain)


def event_from_plain(plain: Mapping[str, Any]) -> Event:
    """An `Event` out of the store; ValueError names the field that does not fit."""
    return from_plain(Event, plain)


def reject_from_plain(plain: Mapping[str, Any]) -> Reject:
    """A `Reject` out of the store; ValueError names the field that does not fit."""
    return from_plain(Reject, plain)


def edit_from_plain(plain: Mapping[str, Any]) -> Edit:
    """An `Edit` out of the store; ValueError names the field that does not fit."""
    return from_plain(Edit, plain)


@cache
def _decoder(kind: Any) -> Decoder:
    """The decoder of one annotated type."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _union(tuple(typing.get_args(kind)))
    if origin is tuple:
        return _tuple(typing.get_args(kind))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(typing.get_args(kind)[1])
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return _SCALARS[kind]


def _union(parts: tuple[Any, ...]) -> Decoder:
    """`X | None`, or `Timed | AllDay` told apart by their `type`."""
    optional = type(None) in parts
    by_name = {p.__name__: _decoder(p) for p in parts if p is not type(None)}

    def decode(value: Any) -> Any:
        if value is None and optional:
            return None
        if len(by_name) == 1:
            return next(iter(by_name.values()))(value)
        name = value.get("type") if isinstance(value, Mapping) else None
        if name not in by_name:
            raise ValueError(f"type is {name!r}, not one of {', '.join(by_name)}")
        return by_name[name](value)

    if optional and len(by_name) == 1:  # the commonest case, without the detour
        one = next(iter(by_name.values()))
        return lambda value: None if value is None else one(value)
    return decode


def _tuple(args: tuple[Any, ...]) -> Decoder:
    if len(args) == 2 and args[1] is Ellipsis:
        each = _decoder(args[0])
        return lambda value: tuple([each(v) for v in _list(value)])
    parts = tuple(_decoder(a) for a in args)

    def decode(value: Any) -> tuple[Any, ...]:
        if len(_list(value)) != len(parts):
            raise ValueError(f"has {len(value)} parts, not {len(parts)}")
        return tuple(one(v) for one, v in zip(parts, value, strict=True))

    return decode


def _mapping(value_kind: Any) -> Decoder:
    one = _decoder(value_kind)
    return lambda value: {_string(k): one(v) for k, v in _object(value).items()}


def _record(kind: type[Any]) -> Decoder:
    hints = typing.get_type_hints(kind)
    fields = {f.name: _decoder(hints[f.name]) for f in dataclasses.fields(kind)}
    empty = {f.name: _empty(hints[f.name]) for f in dataclasses.fields(kind) if _required(f)}

    def decode(value: Any) -> Any:
        found = {}
        name = ""
        try:
            for name, plain in _object(value).items():
                if name in fields:
                    found[name] = fields[name](plain)
        except (ValueError, OverflowError) as error:
            if not name:
                raise
            raise ValueError(f"{kind.__name__}.{name}: {error}") from error
        for name, make in empty.items():
            if name not in found:
                if make is None:
                    raise ValueError(f"{kind.__name__}.{name} is missing")
                found[name] = make()
        return kind(**found)

    return decode


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _empty(kind: Any) -> Callable[[], Any] | None:
    """What makes the value that `to_plain` left out as empty; None when the type has none."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return (lambda: None) if type(None) in typing.get_args(kind) else None
    if kind is str:
        return str
    if origin is tuple:
        return tuple if typing.get_args(kind)[-1] is Ellipsis else None
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind not in (Timed, AllDay):
        return lambda: _decoder(kind)({})
    return None


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"is {_show(value)}, not a list")
    return value


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"is {_show(value)}, not an object")
    return value


def _string(value: Any) -> str:
    if type(value) is str and value.isascii() and "\x00" not in value:
        return value  # as most
    if not isinstance(value, str):
        raise ValueError(f"is {_show(value)}, not text")
    text: str = value
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "")


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"is {_show(value)}, not a whole number")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"is {_show(value)}, not a number")
    return float(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is {_show(value)}, not true or false")
    return value


def _amount(value: Any) -> Decimal:
    try:
        return Decimal(_string(value))
    except InvalidOperation:
        raise ValueError(f"is {_show(value)}, not an amount") from None


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_string(value))
    local = moment.astimezone(AMSTERDAM) if moment.tzinfo else moment
    return local if local.utcoffset() == moment.utcoffset() else moment


def _day(value: Any) -> date:
    return date.fromisoformat(_string(value))


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


_SCALARS: Mapping[Any, Decoder] = {
    Any: lambda value: value,
    str: _string,
    int: _whole,
    float: _number,
    bool: _truth,
    Decimal: _amount,
    datetime: _moment,
    date: _day,
}
