"""Whether two places are one and the same to a visitor. Pure."""

from __future__ import annotations

from aggregator.model import Place


def is_elsewhere(old: Place, new: Place) -> bool:
    """Another venue or municipality: a name that is spelled otherwise is the same place."""
    if old.venue and new.venue:
        return old.venue != new.venue
    return differ(old.municipality, new.municipality) or differ(old.name, new.name)


def differ(old: str | None, new: str | None) -> bool:
    """Whether both are known and neither is a longer way to say the other."""
    if not old or not new:
        return False
    one, other = ("".join(c for c in text.casefold() if c.isalnum()) for text in (old, new))
    return one not in other and other not in one
