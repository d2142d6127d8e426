"""The models of `feeds.yaml`: what published files have in common, and when papers want their lists."""

from __future__ import annotations

from datetime import time as clock_time
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, field_validator

from aggregator.fields import Id, Interval, Model, Texts, WebAddress, parse_interval


class PressDeadline(Model):
    """A paper's deadline: its list is ready `ahead` days before, and covers `days` days.

    The first of these days is `start` days after the deadline. Without `municipality` every
    municipality and the region have this list. `id` is the file's name: /pers/<municipality>/<id>.txt.
    """

    id: Id
    name: Annotated[str, Field(min_length=1)]
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    time: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "12:00"
    municipality: Id | None = None
    ahead: Annotated[int, Field(ge=0, le=6)] = 1
    start: Annotated[int, Field(ge=-6, le=30)] = 1
    days: Annotated[int, Field(ge=1, le=31)] = 7

    @field_validator("id")
    @classmethod
    def _free(cls, value: str) -> str:
        if value in ("week", "pers"):
            raise ValueError(f"{value!r} is the name of Trek's own list; choose another")
        return value

    @property
    def at(self) -> clock_time:
        """The hour of the deadline, local."""
        return clock_time.fromisoformat(self.time)


class FeedSettings(Model):
    """What the published files have in common: `feeds.yaml`."""

    base_url: WebAddress
    title: Texts
    description: Texts = Field(default_factory=dict)
    days_past: Annotated[int, Field(ge=0, le=3660)] = 31
    days_future: Annotated[int, Field(ge=1, le=3660)] = 400
    max_events: Annotated[int, Field(ge=1)] = 5000
    max_bytes: Annotated[int, Field(ge=10_000)] = 1_000_000
    max_items: Annotated[int, Field(ge=1)] = 100  # of an RSS or Atom feed
    refresh: Interval = "6h"
    hub: WebAddress | None = None  # a WebSub hub that is told of new items
    licence: WebAddress | None = None  # of the open data
    press: tuple[PressDeadline, ...] = ()

    @property
    def refresh_every(self) -> timedelta:
        """How often a calendar program should ask again."""
        return parse_interval(self.refresh)
