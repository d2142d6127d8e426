"""Whatever a stage can say survives being written down and read again."""

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.clock import AMSTERDAM
from aggregator.model import Event, Listing, RawEvent, Reject, Run, to_plain
from aggregator.plain import from_plain

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    int: st.integers(),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    datetime: st.datetimes(
        datetime(1980, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
        datetime(2100, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, AMSTERDAM]),
        allow_imaginary=False,  # no clock ever shows them
    ),
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Values of an annotated type, without the empty ones that plain values leave out."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(st.none() if a is type(None) else anything(a) for a in args)
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(anything(args[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(anything, args))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return st.dictionaries(WORDS, anything(args[1]), max_size=2)
    if dataclasses.is_dataclass(kind):
        return _records(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    return SCALARS[kind]


def _records(kind: Any) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind)
    fields = st.fixed_dictionaries({f.name: anything(hints[f.name]) for f in dataclasses.fields(kind)})

    def build(values: dict[str, Any]) -> Any:
        try:
            return kind(**values)
        except ValueError:  # a span of no days at all
            return None

    return fields.map(build).filter(lambda record: record is not None and to_plain(record) != {})


@pytest.mark.parametrize("kind", [RawEvent, Run, Listing, Event, Reject])
def test_round_trip(kind: type[Any]) -> None:
    @settings(max_examples=40, deadline=None)
    @given(anything(kind))
    def same_again(value: Any) -> None:
        written = json.dumps(to_plain(value))
        again = from_plain(kind, json.loads(written))
        assert again == value
        assert json.dumps(to_plain(again)) == written

    same_again()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([f.name for f in dataclasses.fields(RawEvent)]), inner, max_size=6)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_nonsense_is_a_value_error_or_a_record(plain: Any) -> None:
    try:
        value = from_plain(RawEvent, plain)
    except ValueError:
        return
    assert isinstance(value, RawEvent)
