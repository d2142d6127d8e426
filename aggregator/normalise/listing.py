"""Raw events to listings: one source's claim about one event, with real dates, place, price and status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.errors import TrekError
from aggregator.model import Listing, Occurrence, Origin, Place, RawEvent, RawPlace, Reject, Status, Tier
from aggregator.normalise.group import Named, name_events, part_by_place
from aggregator.normalise.key import canonical_url, listing_key, public_url, url_key
from aggregator.normalise.moments import Moments, Window, read_moments
from aggregator.normalise.place import PlaceFinder
from aggregator.normalise.price import parse_price
from aggregator.normalise.private import read_private
from aggregator.normalise.status import decisive, parse_status, read_notice, split_status
from aggregator.normalise.text import LINE_MAX, TITLE_MAX, clean_line, clean_text
from aggregator.region import Region, Source

HORIZON = timedelta(days=400)
PRIVATE = "private"  # the Reject's reason, and the warning of a listing that is kept for looking at


@dataclass(frozen=True, slots=True)
class _Told:
    """The words of a raw event after cleaning."""

    title: str
    status: Status | None
    status_words: str
    subtitle: str | None
    description: str | None
    categories: tuple[str, ...]
    types: tuple[str, ...]


class Normaliser:
    """Turns raw events into listings; indexes over places and sources are built once.

    With `keep_private` what is not for the public becomes a listing with the warning `private`, for
    whoever looks at a page; without it a Reject.
    """

    def __init__(self, region: Region, *, keep_private: bool = False) -> None:
        self.region, self._keep_private = region, keep_private
        self._finder = PlaceFinder(region)
        self._lists = {
            s.id: frozenset(k for k in (url_key(u) for u in (*s.start_urls, s.home or "")) if k)
            for s in region.sources.values()
        }

    def listings(
        self, raws: Iterable[RawEvent], now: datetime, until: datetime | None = None
    ) -> list[Listing | Reject]:
        """Listings and rejects of one run of one source, in the order in which they were read.

        Needs all of the run, because only together they tell whether an address names one event:
        several raw events with one key and one title are united ("koopzondag", one address for all dates);
        with different titles or places they stay apart, each with the title or place in its key.
        """
        return [self._listing(named, now, until) for named in name_events(raws, self._key)]

    def listing(self, raw: RawEvent, now: datetime, until: datetime | None = None) -> Listing | Reject:
        """The listing that one raw event makes alone, or the reason why it makes none.

        Recurrences are expanded from the day on which the page was seen to `until` (400 days on).
        Reject codes: `no-title`, `private`, `no-date`, `unreadable-date`, `recurrence-over`. Occurrences
        at another place than the event's are left out, with the warning `other-places`; use `listings`.
        """
        parts = part_by_place(raw, self._key)
        made = self._listing(parts[0], now, until)
        if len(parts) > 1 and isinstance(made, Listing):
            return replace(made, warnings=(*made.warnings, "other-places"))
        return made

    def _listing(self, named: Named, now: datetime, until: datetime | None) -> Listing | Reject:
        raw = named.raw
        source = self.region.sources.get(raw.source_id)
        told = _read_words(raw)
        if not told.title:
            return self._reject(raw, "no-title", raw.title or raw.url or raw.page_url)
        private = read_private(told.title, told.description, (*told.categories, raw.status or ""))
        if private and not self._keep_private:
            return self._reject(raw, PRIVATE, private, told.title)
        moments = read_moments(raw.occurrences, self._window(raw, source, now, until))
        if moments.problem:
            return self._reject(raw, moments.problem, moments.raw, told.title)
        made = self._make(named, source, told, moments)
        return replace(made, warnings=(*made.warnings, PRIVATE)) if private else made

    def _make(self, named: Named, source: Source | None, told: _Told, moments: Moments) -> Listing:
        raw = named.raw
        place = self._finder.find(raw.place or RawPlace(), told.title, source)
        price, price_words, price_warnings = parse_price(raw.offers, raw.free)
        status, status_words = _status(raw, told)
        occurrences = _with_status(moments.occurrences, status)
        if status is Status.SCHEDULED and len({o.status for o in occurrences}) == 1:
            status = occurrences[0].status
        listing = Listing(
            source_id=raw.source_id,
            key=named.key,
            tier=source.tier if source else Tier.PRESS,
            title=told.title,
            occurrences=occurrences,
            place=place,
            subtitle=told.subtitle,
            url=public_url(raw.url) or public_url(raw.page_url),
            ticket_url=_ticket_url(raw),
            price=price,
            status=status,
            description=told.description,
            image=canonical_url(raw.image) and raw.image,
            image_credit=clean_line(raw.image_credit),
            organiser=clean_line(raw.organiser),
            performers=_lines(raw.performers),
            categories=told.categories,
            types=told.types,
            language=_language(raw, source),
            rights=source.rights if source else "facts",
            warnings=tuple(
                dict.fromkeys(
                    (*moments.warnings, *price_warnings, *(("weak-identity",) if named.weak else ()))
                )
            ),
        )
        words = {"occurrences": moments.raw, "price": price_words, "status": status_words}
        return replace(listing, origins=_origins(raw, listing, words))

    def _key(self, raw: RawEvent) -> tuple[str, bool]:
        title = split_status(clean_line(raw.title, TITLE_MAX) or "")[0]
        return listing_key(raw, title, self._lists.get(raw.source_id, frozenset()))

    def _window(self, raw: RawEvent, source: Source | None, now: datetime, until: datetime | None) -> Window:
        seen = _moment(raw.seen_at, now)
        zone = source.zone if source else self.region.settings.zone
        return Window(seen, until or seen + HORIZON, zone, self.region.settings.zone)

    @staticmethod
    def _reject(raw: RawEvent, reason: str, detail: str, title: str | None = None) -> Reject:
        words = clean_line(detail, 500) or ""
        return Reject(raw.source_id, raw.page_url, reason, words, title or clean_line(raw.title, TITLE_MAX))


def _moment(text: str, now: datetime) -> datetime:
    """When the page was seen; `now` when the inbox does not say."""
    if not text:
        return now
    try:
        seen = datetime.fromisoformat(text)
    except ValueError as error:
        raise TrekError(
            f"{text!r} is no ISO 8601 time", "seen_at", "write 2026-10-09T10:00:00+00:00"
        ) from error
    return seen if seen.tzinfo else seen.replace(tzinfo=now.tzinfo)


def _read_words(raw: RawEvent) -> _Told:
    title, status, words = split_status(clean_line(raw.title, TITLE_MAX) or "")
    subtitle = clean_line(raw.subtitle)
    return _Told(
        title=title,
        status=status,
        status_words=words,
        subtitle=subtitle if subtitle and subtitle.casefold() != title.casefold() else None,
        description=clean_text(raw.description),
        categories=_lines(raw.categories),
        types=_lines(raw.types),
    )


def _status(raw: RawEvent, told: _Told) -> tuple[Status, str]:
    """The most decisive of what field, title, description and tickets say, with the words."""
    notice, notice_words = read_notice(told.description)
    said = [
        (parse_status(raw.status), raw.status or ""),
        (told.status, told.status_words),
        (notice, notice_words),
    ]
    tickets = [(parse_status(o.availability), o.availability or "") for o in raw.offers if o.availability]
    if tickets and all(status is Status.SOLD_OUT for status, _ in tickets):
        said.append(tickets[0])
    prices = [(parse_status(o.text), o.text or "") for o in raw.offers if o.text]
    said += [p for p in prices if p[0] is Status.SOLD_OUT and len(raw.offers) == 1]
    known = [(status, words) for status, words in said if status]
    status = decisive([s for s, _ in known])
    return status, " | ".join(w for s, w in known if s is status)


def _with_status(occurrences: tuple[Occurrence, ...], status: Status) -> tuple[Occurrence, ...]:
    """Occurrences that say nothing of their own take the event's status."""
    if status is Status.SCHEDULED:
        return occurrences
    return tuple(replace(o, status=status) if o.status is Status.SCHEDULED else o for o in occurrences)


def _ticket_url(raw: RawEvent) -> str | None:
    return next((u for u in (raw.ticket_url, *(o.url for o in raw.offers)) if canonical_url(u)), None)


def _language(raw: RawEvent, source: Source | None) -> str | None:
    said = (raw.language or "").strip().casefold()[:2]
    return said if said.isalpha() and len(said) == 2 else (source.language if source else None)


def _lines(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in (clean_line(v, LINE_MAX) for v in values) if line))


def _origins(raw: RawEvent, listing: Listing, words: dict[str, str]) -> dict[str, Origin]:
    """For each filled field: how and where it was read, and the words there."""
    place = raw.place or RawPlace()
    parts = (place.name, place.address, place.postcode, place.place, place.country)
    read = {
        "title": raw.title,
        "place": ", ".join(p for p in parts if p),
        "subtitle": raw.subtitle,
        "url": raw.url,
        "ticket_url": listing.ticket_url,
        "description": raw.description,
        "image": raw.image,
        "image_credit": raw.image_credit,
        "organiser": raw.organiser,
        "performers": ", ".join(raw.performers),
        "categories": ", ".join(raw.categories),
        "types": ", ".join(raw.types),
        "language": raw.language,
        **words,
    }
    return {
        name: Origin(raw.method, raw.page_url, (said or "")[:1000])
        for name, said in read.items()
        if said and getattr(listing, name) not in (None, (), Place())
    }
