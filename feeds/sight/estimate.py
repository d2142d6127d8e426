"""How many events there may be in truth, from how far two kinds of sources overlap: capture-recapture. Pure.

Two lists are "caught": what houses and organisers tell themselves, and what agendas, papers and sellers tell.
Chapman's estimator (D. G. Chapman, 1951) with the variance of G. A. F. Seber (1970), and an interval that
never goes below what was seen (A. Chao, 1987: logarithmic). It holds when the lists know nothing of each
other, every event has the same chance to be in a list, and equal events are recognised.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

LEAST = 7  # in both lists; with fewer the estimator is known to be too low (Seber)
NORMAL = 1.96  # of 95 %


@dataclass(frozen=True, slots=True)
class Estimate:
    """`own` and `others`: how many events each kind of source tells, `both` how many both do.

    `total` is the estimated number, `low` to `high` its 95 % interval; None where the overlap is too
    small to say anything.
    """

    own: int
    others: int
    both: int
    total: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def seen(self) -> int:
        """The events that any source tells."""
        return self.own + self.others - self.both

    @property
    def missed(self) -> float | None:
        """How many are estimated to be in no source."""
        return None if self.total is None else self.total - self.seen


def estimate(own: int, others: int, both: int) -> Estimate:
    """The estimate from two counts and their overlap; ValueError for an overlap that cannot be."""
    if not 0 <= both <= min(own, others):
        raise ValueError(f"{both} in both lists of {own} and {others}")
    if both < LEAST:
        return Estimate(own, others, both)
    total = (own + 1) * (others + 1) / (both + 1) - 1
    variance = (own + 1) * (others + 1) * (own - both) * (others - both) / ((both + 1) ** 2 * (both + 2))
    seen = own + others - both
    missed = total - seen
    if missed <= 0:
        return Estimate(own, others, both, total, seen, seen)
    factor = math.exp(NORMAL * math.sqrt(math.log(1 + variance / missed**2)))
    return Estimate(own, others, both, total, seen + missed / factor, seen + missed * factor)
