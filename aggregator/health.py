"""How each source is doing against its own history: what is wrong, since when, and what to do. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
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
    Outcome.FORGOTTEN: "nothing: the next crawl brings its events back",
}
GOOD = (Outcome.OK, Outcome.NOT_MODIFIED)
CHART = 60  # runs
ENOUGH = 3  # runs with entries before a source's usual is known
DROP = 0.3  # of coverage, after which a field is called lost
STALE = timedelta(hours=1)  # beyond two intervals
OF_THE_PAGE = ("", "silent", "fields", "empty")  # causes that a person sees who looks at the page
YEAR, SEASON = timedelta(days=365), timedelta(days=21)


class Silence(StrEnum):
    """A source without entries: `new` is a matter for a person, `quiet` is a programme that ran out."""

    NONE = "none"
    NEW = "newly-silent"
    QUIET = "quiet"


class State(StrEnum):
    """What an operator has to know first."""

    TROUBLED = "troubled"
    QUIET = "quiet"
    NEVER = "never-crawled"
    FINE = "fine"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source: `problem` and `remedy` are empty when it is fine. Times aware UTC, shares 0..1.

    `usual` is the median number of entries, `coverage` the share of entries that say each field and
    `lost` the fields that they used to say. `chart` holds (entries, outcome) of the last runs, oldest
    first; `failing` how many runs in a row went wrong; `since` when that began.
    """

    id: str
    name: str
    municipality: str
    state: State
    verified: bool = False
    cause: str = ""
    problem: str = ""
    remedy: str = ""
    outcome: Outcome | None = None
    items: int = 0
    usual: float = 0.0
    silence: Silence = Silence.NONE
    stale: bool = False
    coverage: Mapping[str, float] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    last_run: datetime | None = None
    last_good: datetime | None = None
    next_due: datetime | None = None
    failing: int = 0
    since: datetime | None = None
    chart: tuple[tuple[int, Outcome], ...] = ()

    @property
    def command(self) -> str:
        """What to type to see it happen."""
        return f"trek crawl --source {self.id}"


def examine(
    region: Region,
    runs: Iterable[Run],
    now: datetime,
    held: Mapping[str, str] = MappingProxyType({}),
    refused: Collection[str] = (),
) -> list[SourceHealth]:
    """The health of every source, the troubled ones first, then by id.

    `runs` are the newest of each source, oldest first; `held` says which sources wait for a person, `refused`
    which of those a person looked at and does not believe.
    """
    by_source: dict[str, list[Run]] = {}
    for run in runs:
        by_source.setdefault(run.source_id, []).append(run)
    found = [
        examine_source(s, by_source.get(s.id, []), now, held.get(s.id), refused=s.id in refused)
        for s in region.sources.values()
    ]
    order = list(State)
    return sorted(found, key=lambda h: (order.index(h.state), h.id))


def examine_source(
    source: Source, runs: Sequence[Run], now: datetime, held: str | None = None, *, refused: bool = False
) -> SourceHealth:
    """One source's health from its runs, oldest first."""
    if not source.enabled or not runs:
        state = State.NEVER if source.enabled else State.DISABLED
        note = (source.note or "") if state is State.DISABLED else ""
        return SourceHealth(source.id, source.name, source.municipality, state, source.verified, problem=note)
    last, speaking = runs[-1], [r for r in runs if r.items]
    due = next_due(source, last, now, runs)
    stale = due is not None and now - due > source.every + STALE
    silence = silence_of(runs)
    lost = lost_fields(runs)
    failing = _failing(runs)
    waits = None if refused else held
    state, cause, problem, remedy = _diagnose(source, last, silence, lost, waits, stale=stale)
    if held and refused and cause in OF_THE_PAGE:
        state, cause, problem, remedy = _refused(source, held)
    return SourceHealth(
        id=source.id,
        name=source.name,
        municipality=source.municipality,
        state=state,
        verified=source.verified,
        cause=cause,
        problem=problem,
        remedy=remedy,
        outcome=last.outcome,
        items=last.items,
        usual=median(r.items for r in speaking) if speaking else 0.0,
        silence=silence,
        stale=stale,
        coverage=coverage_of(last),
        lost=lost,
        last_run=moment_of(last),
        last_good=next((moment_of(r) for r in reversed(runs) if r.outcome in GOOD), None),
        next_due=due,
        failing=failing,
        since=moment_of(runs[-failing]) if failing else None,
        chart=tuple((r.items, r.outcome) for r in runs[-CHART:]),
    )


def _diagnose(
    source: Source, last: Run, silence: Silence, lost: Sequence[str], held: str | None, *, stale: bool
) -> tuple[State, str, str, str]:
    """State, cause, problem and remedy, the gravest first."""
    if held:
        advice = f"look at its page; if that is right: trek hold accept {source.id}"
        return State.TROUBLED, "held", f"waits for a person: {held}", advice
    if silence is Silence.NEW:
        advice = "open the page: if it lists events, renew how it is read (trek try page)"
        return State.TROUBLED, "silent", "lists nothing, and did until now", advice
    if last.outcome not in (*GOOD, Outcome.EMPTY):
        return State.TROUBLED, str(last.outcome), last.detail or str(last.outcome), REMEDIES[last.outcome]
    if lost:
        advice = "the page says it otherwise now; renew how it is read (trek try page)"
        return State.TROUBLED, "fields", f"no longer says: {', '.join(lost)}", advice
    if stale:
        return State.TROUBLED, "stale", "is overdue", "does `trek run` still run?"
    if silence is Silence.QUIET:
        return State.QUIET, "", "lists nothing; its programme ran out", "nothing, unless it lasts"
    if last.outcome is Outcome.EMPTY:
        return State.TROUBLED, "empty", "never listed anything", REMEDIES[Outcome.EMPTY]
    return State.FINE, "", "", ""


def _refused(source: Source, held: str) -> tuple[State, str, str, str]:
    """What is left to say of a page that a person looked at."""
    advice = f"nothing, until its page is right: trek hold accept {source.id}"
    return State.QUIET, "", f"is not believed, as a person decided: {held}", advice


def moment_of(run: Run) -> datetime | None:
    """When a run began, aware; None when its manifest says nothing that can be read."""
    try:
        moment = datetime.fromisoformat(run.started)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def coverage_of(run: Run) -> dict[str, float]:
    """The share of a run's entries that say each field; nothing for a run without entries."""
    if not run.items:
        return {}
    counted = {k.removeprefix("field:"): n for k, n in run.counters.items() if k.startswith("field:")}
    return {name: min(1.0, n / run.items) for name, n in sorted(counted.items())}


def lost_fields(runs: Sequence[Run]) -> tuple[str, ...]:
    """The fields that a source said in its good runs and that its last good run says much less often."""
    counted = [coverage_of(r) for r in runs if r.outcome in GOOD and r.items]
    counted = [c for c in counted if c]
    if len(counted) <= ENOUGH:
        return ()
    last, before = counted[-1], counted[:-1][-CHART:]
    usual = {name: median(c.get(name, 0.0) for c in before) for c in before for name in c}
    return tuple(sorted(n for n, share in usual.items() if share - last.get(n, 0.0) > DROP))


def silence_of(runs: Sequence[Run]) -> Silence:
    """Whether a source fell silent, and whether that is like it.

    A crawl that failed says nothing about it. Quiet is a list that dwindled (its last words were a
    quarter of its usual, or two at most), and one that was empty half of this season a year ago.
    """
    heard = [r for r in runs if r.outcome in (*GOOD, Outcome.EMPTY)]
    if not heard or heard[-1].items:
        return Silence.NONE
    speaking = [r for r in heard if r.items]
    if not speaking:
        return Silence.NONE
    usual, last_words = median(r.items for r in speaking), speaking[-1].items
    if len(speaking) >= ENOUGH and last_words <= max(2, usual / 4):
        return Silence.QUIET
    return Silence.QUIET if _was_silent_a_year_ago(heard) else Silence.NEW


def _was_silent_a_year_ago(heard: Sequence[Run]) -> bool:
    end = moment_of(heard[-1])
    if end is None:
        return False
    then = [r for r in heard if (m := moment_of(r)) and abs(end - YEAR - m) <= SEASON]
    return bool(then) and 2 * sum(r.items == 0 for r in then) >= len(then)


def _failing(runs: Sequence[Run]) -> int:
    """How many runs in a row went wrong, up to the last."""
    count = 0
    for run in reversed(runs):
        if run.outcome in GOOD:
            break
        count += 1
    return count
