"""Commands about venues: a link for one, a digest, a proposal that is done."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from aggregator import clock
from aggregator.desk import Desk, desk_of
from aggregator.errors import UsageError
from aggregator.options import Config, Data, Database

venue_app = typer.Typer(no_args_is_help=True, help="What a venue is told, and what it sends in.")

VenueId = Annotated[str, typer.Argument(help="A venue's id: trek config show venues.")]
Lang = Annotated[str, typer.Option(help="nl, en or de")]


def check_venue(desk: Desk, venue: str) -> None:
    """UsageError when the region has no such venue."""
    from aggregator.config_entries import closest

    if venue not in desk.region.venues:
        raise UsageError("no venue has this id", venue, closest(venue, desk.region.venues))


@venue_app.command("link", epilog="Example: trek venue link metropool-hengelo --days 30")
def venue_link(
    ctx: typer.Context,
    venue: VenueId,
    days: Annotated[int, typer.Option(help="How long it holds.", min=1, max=400)] = 30,
    data: Data = Path("data"),
    config: Config = None,
    lang: Lang = "nl",
) -> None:
    """Print the link with which a venue says what is wrong, or opts out; send it to the venue alone."""
    from aggregator.petition import load_secret
    from feeds.info import read_info
    from feeds.urls import Urls
    from feeds.venue.link import sign_key

    desk = desk_of(ctx, data, None, config)
    check_venue(desk, venue)
    key = sign_key(venue, clock.now() + timedelta(days=days), load_secret(desk.data))
    info = read_info(desk.region)
    urls = Urls(info.base_url, info.languages[0])
    typer.echo(urls.absolute(urls.wrong(lang if lang in info.languages else urls.main, venue, key)))


@venue_app.command("digest", epilog="Example: trek venue digest metropool-hengelo --lang nl")
def venue_digest(
    ctx: typer.Context,
    venue: VenueId,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    lang: Lang = "nl",
) -> None:
    """Print a venue's past week: what is new or changed, what could be better."""
    from aggregator.store import open_store
    from feeds.card import Voice
    from feeds.info import read_info
    from feeds.urls import Urls
    from feeds.venue.claims import Archive
    from feeds.venue.news import render_digest

    desk = desk_of(ctx, data, database, config)
    check_venue(desk, venue)
    info = read_info(desk.region)
    voice = Voice(info, Urls(info.base_url, info.languages[0]), lang)
    archive = Archive(partial(open_store, desk.database, read_only=True), info)
    typer.echo(render_digest(archive.find(venue, clock.today()), voice).decode(), nl=False)


@venue_app.command("done", epilog="Example: trek venue done 1a2b3c4d")
def venue_done(
    proposal: Annotated[str, typer.Argument(help="The id of a proposal, as trek review shows it.")],
    data: Data = Path("data"),
) -> None:
    """Take a venue's proposal off the review list, whether it was followed or not."""
    from aggregator.petition import drop_petition

    dropped = drop_petition(data.resolve(), proposal)
    typer.echo(f"{dropped.id}: {dropped.venue}: {dropped.title}: off the list")
