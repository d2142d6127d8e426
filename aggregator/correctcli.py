"""Commands of an editor: what is in doubt, how to decide it, what does nothing, which venues are unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator import clock
from aggregator.desk import Desk, desk_of
from aggregator.errors import UsageError
from aggregator.model import State, to_plain
from aggregator.options import Config, Data, Database

if TYPE_CHECKING:
    from aggregator.model import Event
    from aggregator.review import Doubt, Side
    from aggregator.store.protocol import EventReader
    from aggregator.wording import Wording

review_app = typer.Typer()
correct_app = typer.Typer(
    no_args_is_help=True, help="Decide about events: one, two, wrong, hidden, featured."
)
venues_app = typer.Typer(no_args_is_help=True, help="The venues of the region.")

AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON each.")]
Home = Annotated[str | None, typer.Option("--municipality", help="Only of this municipality.")]
Most = Annotated[int, typer.Option(min=1, help="How many.")]
Lang = Annotated[str, typer.Option(help="nl, en or de")]
Reason = Annotated[str, typer.Option(help="Why, for the next person.")]
Role = Annotated[str, typer.Option(help="What you are: redactie, podium, organisator. No name.")]
Until = Annotated[str | None, typer.Option(help="The day from which it no longer holds: 2027-06-01.")]


@contextmanager
def _reader(desk: Desk) -> Iterator[EventReader]:
    from aggregator.store import open_store

    store = open_store(desk.database, read_only=True)
    try:
        yield store
    finally:
        store.close()


def _check_home(desk: Desk, home: str | None) -> None:
    if home is not None and home not in desk.region.municipalities:
        from aggregator.config_entries import closest

        hint = closest(home, desk.region.municipalities) or "see: trek config show municipalities"
        raise UsageError(f"no municipality is called {home}", "--municipality", hint)


@review_app.command("review", epilog="Example: trek review --municipality hengelo --most 10")
def review_command(
    ctx: typer.Context,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    home: Home = None,
    most: Most = 20,
    as_json: AsJson = False,
    lang: Lang = "nl",
) -> None:
    """List what venues ask for, then weak merges and near misses with the lines that decide them."""
    from aggregator.petition import tell_petitions
    from aggregator.review import doubts
    from aggregator.wording import load_wording

    desk = desk_of(ctx, data, database, config)
    _check_home(desk, home)
    with _reader(desk) as store:
        live = (s.listing for s in store.listings() if s.state is not State.WITHDRAWN)
        found = doubts(desk.region, store.events(), live, clock.now(), home)[:most]
    words = load_wording(lang)
    for line in tell_petitions(desk.data, desk.region, home, as_json=as_json):
        typer.echo(line)
    for number, doubt in enumerate(found, 1):
        typer.echo(_json(doubt, words) if as_json else f"{number}. {_text(doubt, words)}")
    if not found and not as_json:
        typer.echo(words("no_doubt"))


def _text(doubt: Doubt, words: Wording) -> str:
    because = words.because(doubt.because)
    lines = [words("weak" if doubt.merged else "miss", because=because, score=f"{doubt.score:.2f}")]
    lines += [f"   {_side(side, words)}" for side in (doubt.a, doubt.b)]
    deeds = ("split", "if_not"), ("merge", "if_same")
    for deed, line in deeds if doubt.merged else reversed(deeds):
        lines.append(f"   {doubt.file}, {words(line)}")
        lines.append(doubt.entry(deed, clock.today(), words("checked")).rstrip())
    return "\n".join([*lines, ""])


def _side(side: Side, words: Wording) -> str:
    return " | ".join(p for p in (side.title, words.when(side.when), side.where, side.url) if p)


def _json(doubt: Doubt, words: Wording) -> str:
    facts = {
        "kind": "merge" if doubt.merged else "miss",
        "score": doubt.score,
        "doubt": round(doubt.doubt, 3),
        "because": words.because(doubt.because),
        "municipality": doubt.municipality,
        "file": doubt.file,
        "a": to_plain(doubt.a),
        "b": to_plain(doubt.b),
        "merge": doubt.entry("merge", clock.today(), words("checked")),
        "split": doubt.entry("split", clock.today(), words("checked")),
    }
    return json.dumps(facts, ensure_ascii=False)


@venues_app.command("unknown", epilog="Example: trek venues unknown --municipality hengelo")
def unknown_command(
    ctx: typer.Context,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
    home: Home = None,
    most: Most = 50,
    as_json: AsJson = False,
) -> None:
    """List names of places that no venue bears, the commonest first, each with an entry to check and add."""
    from aggregator.unknown import unknown_venues

    desk = desk_of(ctx, data, database, config)
    _check_home(desk, home)
    with _reader(desk) as store:
        live = (s.listing for s in store.listings() if s.state is not State.WITHDRAWN)
        found = unknown_venues(desk.region, live, home)
    for one in found[:most]:
        if as_json:
            typer.echo(json.dumps({**to_plain(one), "file": one.file}, ensure_ascii=False))
            continue
        typer.echo(f"{one.count} × {one.name} ({', '.join(one.towns) or 'no place is said'})")
        typer.echo(f"   told by {', '.join(one.sources)}")
        for title, url in one.examples:
            typer.echo(f"   {title} {url}".rstrip())
        if one.alike:
            typer.echo(f"   perhaps another name of {one.alike}: then add it to its aliases")
        typer.echo(f"   {one.file or 'the file of its municipality, which nobody knows'}:\n{one.entry}")
    if not as_json:
        typer.echo(f"{len(found)} unknown names, {sum(u.count for u in found)} listings.")


@correct_app.command("list", epilog="Example: trek correct list --data /var/lib/trek")
def list_command(
    ctx: typer.Context, data: Data = Path("data"), database: Database = None, config: Config = None
) -> None:
    """List the decisions that hold, then those that do nothing (any more), with what to do."""
    from aggregator.correct import load_book
    from aggregator.correct.report import report

    desk = desk_of(ctx, data, database, config)
    book = load_book(desk.region, clock.today())
    for one in book.placed:
        decision = one.decision
        until = f", until {decision.until}" if decision.until else ""
        deeds = " + ".join(decision.kinds)
        typer.echo(f"{one.file}:{one.line}: {deeds}: {decision.text}: {decision.because}{until}")
    with _reader(desk) as store:
        idle = report(book, store.events(hidden=True)) if book.placed or book.ended else []
    for line in idle:
        typer.echo(f"! {line}")
    typer.echo(f"{len(book.placed)} decisions hold; {len(idle)} to look at.")


def find_named(events: Sequence[Event], names: Sequence[str]) -> list[Event]:
    """The event that each name leads to: its UID or a date's, its page, a page of a source, a listing.

    UsageError when a name leads to none or to several.
    """
    from aggregator.correct.entry import keys_of, read_ref

    found = []
    for name in names:
        try:
            keys = set(read_ref(name).keys)
        except ValueError as error:
            raise UsageError(str(error), name) from None
        uids = {value for kind, value in keys if kind == "uid"}
        fit = [e for e in events if keys & set(keys_of(e)) or uids & {o.uid for o in e.occurrences}]
        if len(fit) != 1:
            what = "names no event" if not fit else f"names {len(fit)} events"
            raise UsageError(what, name, "take the UID from the address of its page, or ask trek explain")
        found.append(fit[0])
    return found


def _decide(desk: Desk, events: Sequence[Event], deed: dict[str, Any], facts: dict[str, Any]) -> None:
    """Write the decision in the file of the events' municipality, else in the region's."""
    from aggregator.correct.write import add_entry, render_entry
    from aggregator.region import WHOLE_REGION

    homes = {e.place.municipality or WHOLE_REGION for e in events}
    home = homes.pop() if len(homes) == 1 and homes <= set(desk.region.municipalities) else WHOLE_REGION
    entry = {**deed, "date": clock.today().isoformat(), **{k: v for k, v in facts.items() if v}}
    path = add_entry(desk.region, home, entry)
    typer.echo(f"{path}:\n{render_entry(entry)}It holds from the next trek run or trek publish on.")


@correct_app.command("merge", epilog="Example: trek correct merge UID UID --reason 'Zelfde concert.'")
def merge_command(
    ctx: typer.Context,
    events: Annotated[list[str], typer.Argument(help="UIDs, addresses or listings of two or more events.")],
    reason: Reason,
    role: Role = "redactie",
    until: Until = None,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Decide that these are one event."""
    desk = desk_of(ctx, data, database, config)
    with _reader(desk) as store:
        found = find_named(list(store.events(hidden=True)), events)
    uids = list(dict.fromkeys(e.uid for e in found))
    if len(uids) < 2:
        raise UsageError("these are one event already", " ".join(events), "see: trek explain UID")
    _decide(desk, found, {"merge": uids}, {"role": role, "reason": reason, "until": until})


@correct_app.command("split", epilog="Example: trek correct split UID --reason 'Twee koren.'")
def split_command(
    ctx: typer.Context,
    names: Annotated[list[str], typer.Argument(help="An event of two listings, or the listings to part.")],
    reason: Reason,
    role: Role = "redactie",
    until: Until = None,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Decide that listings are not one event."""
    from aggregator.correct.entry import name_of

    desk = desk_of(ctx, data, database, config)
    with _reader(desk) as store:
        found = find_named(list(store.events(hidden=True)), names)
    listings = [name_of(ref) for ref in found[0].listings] if len(names) == 1 else names
    if len(names) == 1 and len(listings) != 2:
        hint = "name those to part: " + ", ".join(f"'{name}'" for name in listings)
        raise UsageError(f"has {len(listings)} listings", names[0], hint if listings else "nothing to part")
    _decide(desk, found, {"split": listings}, {"role": role, "reason": reason, "until": until})


@correct_app.command(
    "event", epilog="Example: trek correct event UID --field title=Popquiz --reason 'Gebeld.'"
)
def event_command(
    ctx: typer.Context,
    event: Annotated[str, typer.Argument(help="UID, address or listing of the event.")],
    reason: Reason,
    role: Role = "redactie",
    until: Until = None,
    fields: Annotated[list[str] | None, typer.Option("--field", help="FIELD=VALUE; may be repeated.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Leave this field out; may be repeated.")] = None,
    pillars: Annotated[list[str] | None, typer.Option("--set", help="Give it this pillar.")] = None,
    others: Annotated[list[str] | None, typer.Option("--unset", help="Take this pillar away.")] = None,
    hide: Annotated[bool, typer.Option("--hide", help="Keep it out of the calendar.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Show what a rule hides wrongly.")] = False,
    feature: Annotated[bool, typer.Option("--feature", help="First on its municipality's page.")] = False,
    data: Data = Path("data"),
    database: Database = None,
    config: Config = None,
) -> None:
    """Correct fields of an event, hide, show or feature it, give or take pillars."""
    desk = desk_of(ctx, data, database, config)
    with _reader(desk) as store:
        (found,) = find_named(list(store.events(hidden=True)), [event])
    pairs = [field.partition("=") for field in fields or ()]
    if bad := [name for name, mark, _ in pairs if not mark]:
        raise UsageError("is no FIELD=VALUE", bad[0], "write --field title=Popquiz")
    values: dict[str, Any] = {}
    for name, _, value in pairs:
        values[name] = [*values.get(name, ()), value] if name == "times" else value
    deeds = {
        "correct": values,
        "without": without,
        "set": pillars,
        "unset": others,
        "hide": hide,
        "show": show,
        "feature": feature,
    }
    deed = {"about": {"uid": found.uid}, **{key: value for key, value in deeds.items() if value}}
    _decide(desk, [found], deed, {"role": role, "reason": reason, "until": until})
