"""How the sources are doing, in words that say what to do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from aggregator.model import Outcome, Run
from aggregator.region import Region, Source
from aggregator.schedule import next_due

REMEDIES = {
    Outcome.EMPTY: "open the page: does it still list events?",
    Outcome.PAGE_CHANGED: "the page looks different; renew its selectors",
    Outcome.ROBOTS: "the site asks not to be read; ask its owner or disable the source",
    Outcome.BLOCKED: "the site refuses us; ask its owner, do not work around it",
    Outcome.NOT_FOUND: "look for the new address of the agenda",
    Outcome.SERVER_ERROR: "the site is broken; wait, or tell its owner",
    Outcome.DNS: "check the address, or our own network",
    Outcome.TLS: "tell the owner that the certificate is not valid",
    Outcome.UNREACHABLE: "the site does not answer; wait, or check the address",
    Outcome.TOO_LARGE: "name a smaller page or a feed",
    Outcome.REFUSED_ADDRESS: "the address is not public; correct it",
    Outcome.UNREADABLE: "save the page and try it: trek try page FILE --url URL",
    Outcome.CRASHED: "look in crawl.log in the data folder",
}


def report_health(
    region: Region,
    last_runs: Mapping[str, Run],
    now: datetime,
    held: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """One line per source that was ever crawled or should have been, the troubled ones first.

    Stale is a source whose last crawl is more than two intervals ago. `held` says which sources wait
    for a person, and why.
    """
    lines = sorted(
        _held(source.id, held[source.id])
        if source.id in held
        else _line(source, last_runs.get(source.id), now)
        for source in region.sources.values()
    )
    fine = sum(1 for rank, _ in lines if rank == 2)
    never = sum(1 for rank, _ in lines if rank == 1)
    head = f"{len(lines)} sources: {fine} fine, {len(lines) - fine - never} troubled, {never} not crawled yet"
    return "\n".join([head, *(text for _, text in lines)])


def report_held(held: Mapping[str, str]) -> str:
    """The sources that wait for a person, one a line, with what to do."""
    return "\n".join(_held(*one)[1] for one in sorted(held.items())) or "No source waits for a person."


def _held(source_id: str, reason: str) -> tuple[int, str]:
    advice = f"look at its page; if that is right: trek hold accept {source_id}"
    return 0, f"! {source_id}: waits for a person: {reason}; {advice}"


def _line(source: Source, run: Run | None, now: datetime) -> tuple[int, str]:
    if not source.enabled:
        return 2, f"  {source.id}: disabled{f' ({source.note})' if source.note else ''}"
    if run is None:
        return 1, f"- {source.id}: not crawled yet"
    due = next_due(source, run)
    stale = due is not None and now - due > source.every + timedelta(hours=1)
    facts = f"{source.id}: {run.outcome}, {run.items} entries on {run.started[:16].replace('T', ' ')} UTC"
    if run.outcome in (Outcome.OK, Outcome.NOT_MODIFIED) and not stale:
        return 2, f"  {facts}"
    remedy = REMEDIES.get(run.outcome, "it is overdue; does `trek run` still run?")
    return 0, f"! {facts}: {run.detail or 'no detail'}; {remedy}"
