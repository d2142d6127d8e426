"""The commands of discovery: `trek source try` and `trek source new`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator import clock
from aggregator.config_loader import find_config, load_region
from aggregator.errors import UsageError
from aggregator.options import Config
from aggregator.region import Region

if TYPE_CHECKING:
    from aggregator.model import RawEvent
    from crawlers.discover.ways import Found
    from crawlers.extract.page import Page

source_app = typer.Typer(no_args_is_help=True, help="From an address to a source: try a site, add it.")

Address = Annotated[str, typer.Argument(help="Address of the site or of its agenda.")]
Allow = Annotated[
    list[str] | None,
    typer.Option(help="host:port of your own that may be fetched beside public addresses; may be repeated."),
]


@source_app.command("try", epilog="Example: trek source try https://podium.example/")
def source_try(
    url: Address,
    config: Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of words.")] = False,
    allow: Allow = None,
) -> None:
    """Look at a site as a crawl would: what there is to read, by which way, a sample, what is missing."""
    from crawlers.discover.tell import plain_found, render_found

    with tempfile.TemporaryDirectory(prefix="trek-look-") as folder:
        found = find(url, load_region(find_config(config)), Path(folder), allow or ())
        if as_json:
            typer.echo(json.dumps(plain_found(found), ensure_ascii=False))
        else:
            typer.echo("\n".join(render_found(found)))
    raise typer.Exit(0 if any(way.lines for way in found.ways) else 1)


def find(url: str, region: Region, folder: Path, allowed: Sequence[str] = (), delay: float = 1.0) -> Found:
    """Look at an address and judge what is there; pages are kept in `folder`.

    Raises TrekError with the reason when the address must not or cannot be looked at.
    """
    from crawlers.discover.look import look
    from crawlers.discover.visit import Mission
    from crawlers.discover.ways import find_ways

    moment = clock.now().isoformat()
    mission = Mission(
        with_scheme(url), region.settings.user_agent, str(folder), moment, tuple(allowed), delay=delay
    )
    return find_ways(look(mission), make_tell(region))


def with_scheme(url: str) -> str:
    """The address as it is fetched: people write `podium.example`."""
    if any(c.isspace() for c in url) or not url:
        raise UsageError(f"{url!r} is no web address", "URL", "write it as https://podium.example/agenda")
    return url if "://" in url else f"https://{url}"


def make_tell(region: Region) -> Any:
    """Raw events as the lines of `trek try page`: with the dates, places and prices that are read in them."""
    from aggregator.pages import Found as Read
    from aggregator.pages import PageReader

    def tell(events: Sequence[RawEvent], page: Page) -> list[dict[str, Any]]:
        reader = PageReader(region, lambda *_: Read(events))
        return list(reader.lines(b"", page.url, page.seen, None))

    return tell
