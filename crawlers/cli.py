"""The commands of discovery: `trek source try`, `new` and `renew`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator import clock
from aggregator.config_loader import find_config, load_region
from aggregator.errors import TrekError, UsageError
from aggregator.model import Tier
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


@source_app.command("new", epilog="Example: trek source new oude-fabriek https://fabriek.example -m hengelo")
def source_new(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help="Name of the new file: small letters and hyphens.")],  # noqa: A002
    url: Address,
    municipality: Annotated[str, typer.Option("--municipality", "-m", help="Where its file goes.")],
    tier: Annotated[
        Tier, typer.Option(help="Whose word it is: a venue's own, or one that gathers.")
    ] = Tier.VENUE,
    venue: Annotated[str | None, typer.Option(help="Where its events are when they do not say.")] = None,
    name: Annotated[str | None, typer.Option(help="Name for people; the site's own unless given.")] = None,
    number: Annotated[int, typer.Option("--from", help="Which way of `source try`; 1 is the best.")] = 1,
    recorded: Annotated[
        Path | None, typer.Option(help="Folder of recorded pages; tests/recorded beside the configuration.")
    ] = None,
    config: Config = None,
    allow: Allow = None,
) -> None:
    """Add a site: write its file, record a page with what it should give, and say what to check by eye."""
    from crawlers.discover.new import Wish, check_wish, make_draft, to_check, write_draft

    folder = find_config(config)
    region = load_region(folder, ctx.obj.check_source)
    wish = Wish(id, municipality, tier, venue, name, number)
    check_wish(wish, region)
    place = recorded or _recorded(folder)
    with tempfile.TemporaryDirectory(prefix="trek-look-") as pages:
        draft = make_draft(find(url, region, Path(pages), allow or ()), wish)
    written = write_draft(draft, folder, place)
    try:
        load_region(folder, ctx.obj.check_source)
    except TrekError:
        for path in written:
            path.unlink()
        raise
    typer.echo("\n".join([*(f"wrote {path}" for path in written), "", draft.yaml, "Check by eye:"]))
    for number, line in enumerate(to_check(draft), 1):
        typer.echo(f"{number}. {line}")
    typer.echo(f"\nThen: trek config check; pytest tests/unit/platforms/test_recorded.py -k {id}")


@source_app.command("renew", epilog="Example: trek source renew oude-fabriek")
def source_renew(
    id: Annotated[str, typer.Argument(help="A source whose page looks different.")],  # noqa: A002
    config: Config = None,
    allow: Allow = None,
) -> None:
    """Propose new selectors for a source whose page has changed; nothing is written."""
    from crawlers.discover.new import propose

    region = load_region(find_config(config))
    if id not in region.sources:
        raise UsageError(f"no such source: {id}", "ID", "see: trek config show")
    source = region.sources[id]
    with tempfile.TemporaryDirectory(prefix="trek-look-") as pages:
        found = find(source.start_urls[0], region, Path(pages), allow or ())
        typer.echo("\n".join(propose(found, source)))


def _recorded(config: Path) -> Path:
    tests = config.parent / "tests"
    if not tests.is_dir():
        hint = "name the folder of the recorded pages with --recorded"
        raise UsageError("no folder tests beside the configuration", str(config.parent), hint)
    return tests / "recorded"
