"""What a person refused to believe: it stays held, and is not asked about again until it changes.

Nothing that is published depends on it: what waits has no effect, refused or not. So it is one small file
beside the store, and not part of what a rebuilt store is made from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from aggregator.doubt import HELD
from aggregator.errors import StoreError
from aggregator.model import Reject

NAME = "refused.json"
Waiting = dict[str, list[str]]


def waiting(held: Mapping[str, str], rejects: Iterable[Reject]) -> Waiting:
    """What waits for a person, by source: why its run is held, then each date that is."""
    found: Waiting = {source: [reason] for source, reason in held.items()}
    for reject in rejects:
        if reject.reason == HELD:
            found.setdefault(reject.source_id, []).append(f"{reject.title!r} {reject.detail}")
    return dict(sorted(found.items()))


def load_refused(data: Path) -> Waiting:
    """What was refused, by source; nothing where nobody ever refused. StoreError when it cannot be read."""
    path = data / NAME
    try:
        found = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return {str(source): [str(line) for line in lines] for source, lines in found.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise StoreError(
            f"cannot be read: {error}", str(path), "remove it; what waits is told again"
        ) from error


def refuse(data: Path, found: Waiting, sources: Iterable[str]) -> None:
    """Note that what these sources wait for is refused, whole or not at all; of others nothing changes."""
    known = load_refused(data) | {source: found[source] for source in sources}
    desk = data / f".{NAME}.new"
    desk.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")
    desk.replace(data / NAME)


def unanswered(found: Waiting, refused: Waiting) -> Waiting:
    """What still waits for an answer: a reason that was refused in the same words is left out."""
    left = {s: [line for line in lines if line not in refused.get(s, [])] for s, lines in found.items()}
    return {source: lines for source, lines in left.items() if lines}
