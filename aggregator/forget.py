"""Sources that are read no more: what is still shown of them. Their events stay until a person decides.

A source whose file is gone or says `enabled: false` is not crawled, so nothing can say that an event of it
is off. Its events stay, marked as not checked, until `trek forget` withdraws them: through the inbox, as
everything else, so that a rebuilt store has forgotten them too.
"""

from __future__ import annotations

from datetime import datetime

from aggregator.decide import is_over
from aggregator.errors import UsageError
from aggregator.model import Outcome, Run, State
from aggregator.region import Region
from aggregator.store.protocol import EventReader


def lingering(region: Region, store: EventReader, now: datetime) -> dict[str, int]:
    """How many coming listings there are of each source that is read no more; none is left out."""
    found = {}
    for name in sorted(store.last_runs()):
        source = region.sources.get(name)
        if source is None or not source.enabled:
            coming = sum(
                known.state is not State.WITHDRAWN and not is_over(known.listing, now)
                for known in store.listings(name)
            )
            if coming:
                found[name] = coming
    return found


def tell_lingering(found: dict[str, int]) -> list[str]:
    """One line for each such source, with what to do."""
    return [
        f"{name}: read no more, {count} coming event{'s' * (count != 1)} of it still shown as not checked; "
        f"to withdraw: trek forget {name}"
        for name, count in found.items()
    ]


def check_forget(name: str, region: Region, store: EventReader) -> None:
    """UsageError when there is nothing to forget, or when the next crawl would bring it back."""
    if name not in store.last_runs():
        raise UsageError("nothing is known of this source", name, "see: trek status")
    source = region.sources.get(name)
    if source is not None and source.enabled:
        file = f"config/sources/{source.municipality}/{name}.yaml"
        raise UsageError("is still read", name, f"first write `enabled: false` in {file}, or remove it")


def forgotten_run(run_id: str, name: str, now: datetime) -> Run:
    """The run that withdraws a source's coming events; it has no items."""
    moment = now.isoformat()
    return Run(
        run_id, name, moment, moment, Outcome.FORGOTTEN, True, detail="taken out by a person: trek forget"
    )
