"""JSON lists of events: with a declared JMESPath mapping, or by a careful guess."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

import jmespath
from jmespath.exceptions import JMESPathError

from aggregator.model import RawEvent, RawOccurrence, RawOffer
from aggregator.region import Source
from crawlers.extract.page import Page, Problem, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dom import absolute
from crawlers.platforms.guess import guess_events
from crawlers.platforms.make import collect, make_event, make_place, plain, stamp, zone_of
from crawlers.platforms.pluck import text

_NEXT = (
    "next_rest_url", "paging.next", "links.next", "links.next.href", "_links.next.href", "next_page_url",
    "next", "pagination.next", "pagination.next_url", "pagination.nextPageUrl", "meta.next",
)  # fmt: skip
FIELDS = frozenset(
    "items title subtitle start end door text zone url key status description image ticket_url organiser "
    "category price price.low price.high price.currency free next place.name place.address place.place "
    "place.postcode place.latitude place.longitude".split()
)


class Json(Platform):
    """`source.mapping` names a JMESPath for each field: `items`, `title`, `start`, `place.name`, ..."""

    name: ClassVar[str] = "json"

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Events as mapped, else as guessed; the next page when the answer links to it."""
        data = page.json
        if data is None:
            return Reading(problems=(Problem("no-json", page.text[:60]),) if page.body.strip() else ())
        if source is not None and source.mapping:
            return _mapped(page, source, data, source.mapping)
        events = collect(guess_events(page, source, data, f"platform:{self.name}"))
        more = absolute(page.url, text(data, *_NEXT)) if events else None
        return Reading(events, next=(more,) if more and more != page.url else ())


def check_mapping(mapping: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with a mapping, one sentence a mistake; empty when it can be used."""
    wrong = [
        f"unknown field {name!r}; known are {', '.join(sorted(FIELDS))}"
        for name in mapping
        if name not in FIELDS
    ]
    for name, path in mapping.items():
        try:
            _compiled(path)
        except JMESPathError as error:
            wrong.append(f"{name}: {path!r} is no JMESPath: {str(error).splitlines()[0]}")
    return tuple(wrong)


@lru_cache(maxsize=1024)
def _compiled(path: str) -> Any:
    return jmespath.compile(path)  # type: ignore[no-untyped-call]


def _search(path: str | None, data: Any) -> Any:
    if not path:
        return None
    try:
        return _compiled(path).search(data)
    except (JMESPathError, TypeError, ValueError, AttributeError):
        return None  # a function on a value of another type: this row has no such field


def _mapped(page: Page, source: Source, data: Any, mapping: Mapping[str, str]) -> Reading:
    mistakes = check_mapping(mapping)
    if mistakes:
        return Reading(problems=tuple(Problem("bad-mapping", m) for m in mistakes))
    rows = _search(mapping.get("items", "@"), data)
    rows = rows if isinstance(rows, list) else [rows]
    events, problems = [], []
    for row in rows:
        event = _event(page, source, row, mapping)
        if event is not None:
            events.append(event)
        elif row is not None:
            problems.append(Problem("no-title-or-start", str(row)[:80]))
    more = absolute(page.url, plain(_search(mapping.get("next"), data)))
    return Reading(collect(events), next=(more,) if more else (), problems=tuple(problems))


def _event(page: Page, source: Source, row: Any, mapping: Mapping[str, str]) -> RawEvent | None:
    said = {name: _search(path, row) for name, path in mapping.items() if name not in ("items", "next")}
    word = {name: plain(value) for name, value in said.items()}
    start = stamp(said.get("start")) if not isinstance(said.get("start"), dict | list) else None
    title = word.get("title")
    if not title or not (start or word.get("text")):
        return None
    end = stamp(word.get("end"))
    when = RawOccurrence(
        start=start,
        end=end if end != start else None,
        door=stamp(word.get("door")),
        text=word.get("text"),
        zone=word.get("zone") or zone_of(source),
    )
    places = {name.removeprefix("place."): word[name] for name in word if name.startswith("place.")}
    return make_event(
        page,
        source,
        f"platform:{Json.name}",
        title,
        occurrences=(when,),
        source_key=word.get("key"),
        subtitle=word.get("subtitle"),
        url=absolute(page.url, word.get("url")),
        status=word.get("status"),
        place=make_place(**places),
        offers=_offers(word),
        free=True if str(said.get("free")).lower() in ("true", "1") else None,
        ticket_url=absolute(page.url, word.get("ticket_url")),
        description=word.get("description"),
        image=absolute(page.url, word.get("image")),
        organiser=word.get("organiser"),
        categories=_list(said.get("category")),
    )


def _offers(word: Mapping[str, str | None]) -> tuple[RawOffer, ...]:
    said = {name: word.get(name) for name in ("price", "price.low", "price.high")}
    if not any(said.values()):
        return ()
    return (
        RawOffer(
            text=said["price"],
            low=said["price.low"],
            high=said["price.high"],
            currency=word.get("price.currency"),
        ),
    )


def _list(value: Any) -> tuple[str, ...]:
    return tuple(w for v in (value if isinstance(value, list) else [value]) if (w := plain(v)))
