"""The sample region as running sites: start it, change it while it serves, stop it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from aggregator import clock
from aggregator.clock import AMSTERDAM
from crawlers.sample.change import OUTAGES, Change, change_programme
from crawlers.sample.markup.page import Desk
from crawlers.sample.model import HOST, Programme
from crawlers.sample.programme import BASE_PORT, load_sources, make_programme, pass_time
from crawlers.sample.server import Exchange, find_base_port
from crawlers.sample.site import Site

__all__ = ["BASE_PORT", "HOST", "SampleRegion", "free_base_port", "noted_port"]


class SampleRegion:
    """All sites of the sample on `today`, one port each from `base_port` on.

    Use it as a context manager, or call `start` and `stop`. `changes` are made before it starts;
    `apply` makes one while it serves. PortTakenError when a port of the block is in use.
    """

    def __init__(self, today: date, base_port: int = BASE_PORT, changes: Iterable[Change] = ()) -> None:
        self.programme: Programme = make_programme(today, base_port)
        midnight, monday = (_midnight(day) for day in (today, today - timedelta(days=today.weekday())))
        self._written = monday
        self._touched: dict[str, dict[str, datetime]] = {name: {} for name in self.programme.sources}
        self.sites: dict[str, Site] = {}
        for name, source in self.programme.sources.items():
            outage = source.trait if source.trait in ("error", "empty") else ""
            self.sites[name] = Site(self._desk(name, midnight), outage)
        self._exchange: Exchange | None = None
        for change in changes:
            self.apply(change)

    @property
    def addresses(self) -> dict[str, str]:
        """The front page of each site by its source id."""
        return {name: site.url for name, site in self.sites.items()}

    @property
    def ports(self) -> range:
        """The ports that the sites serve on."""
        ports = [source.port for source in self.programme.sources.values()]
        return range(min(ports), max(ports) + 1)

    def start(self) -> Self:
        """Serve until `stop`."""
        if self._exchange is None:
            self._exchange = Exchange(self.sites.values())
        return self

    def stop(self) -> None:
        """Stop serving and end all connections."""
        if self._exchange is not None:
            self._exchange.close()
            self._exchange = None

    def apply(self, change: Change) -> None:
        """Change one site; only its own pages answer otherwise from now on."""
        before = {e.path: e for e in self.programme.by_source.get(change.source, ())}
        self.programme = change_programme(self.programme, change)
        now, site = clock.now(), self.sites[change.source]
        after = self.programme.by_source[change.source]
        self._touched[change.source] |= {e.path: now for e in after if before.get(e.path) != e}
        site.retell(self._desk(change.source, now), OUTAGES.get(change.kind, site.outage))

    def turn(self, today: date) -> None:
        """A later day: what is over is told no longer; other sites answer as before."""
        before = self.programme.by_source
        self.programme = pass_time(self.programme, today)
        for name, site in self.sites.items():
            if self.programme.by_source[name] != before[name]:
                site.retell(self._desk(name, clock.now()), site.outage)

    def _desk(self, name: str, changed: datetime) -> Desk:
        programme = self.programme
        return Desk(
            source=programme.sources[name],
            entries=programme.by_source[name],
            venues=programme.venues,
            venue_of={event.id: event.venue for event in programme.events.values()},
            today=programme.today,
            changed=changed,
            written=self._written,
            touched=dict(self._touched[name]),
        )

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def free_base_port(wanted: int = BASE_PORT) -> int:
    """`wanted`, or the first port of the next block with room for all sites of the sample."""
    return find_base_port(wanted, len(load_sources(wanted)))


def noted_port(data: Path) -> int:
    """The first port of the sites of a data folder: the one used before, so that addresses stay the same."""
    note = data / "sample-port"
    if note.is_file() and (text := note.read_text("utf-8", "replace").strip()).isdecimal():
        return int(text)
    port = free_base_port()
    data.mkdir(parents=True, exist_ok=True)
    note.write_text(str(port))
    return port
